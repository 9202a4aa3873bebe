"""Bars of a choice: by group, by region of an inventory, or by sector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.results import measure, whole
from evalkit.views import numbers, theme
from evalkit.views.choice import series_title

if TYPE_CHECKING:
    import plotly.graph_objects as go

ROW = 46  # pixels for each bar
LINE = 18  # for each line of a label
LABEL = 26  # characters of a label's line
LETTER = 7.4  # pixels of a letter, on average
ROOM = 0.45  # beside the longest bar, as a part of its length
SHORT = (16, 1.1)  # characters of a label's line, and room, where words are long


def bars(
    rows: pd.DataFrame,
    *,
    title: str,
    note: str,
    by_series: bool = False,
    titled: bool = True,
    bounds: bool = True,
    long_words: bool = False,
    language: str = "en",
) -> go.Figure:
    """Draw one bar for each row; a row without value says why in its place.

    Parameters
    ----------
    rows : DataFrame
        Results in the order in which they are drawn from the top.
    title, note : str
        Title, and the source and as-of line under the bars.
    by_series : bool
        Label rows by their series (a sector) and not by their entity.
    titled : bool
        As for `evalkit.views.world_map.world_map`.
    bounds : bool
        Show bounds, as lines and in words; else the page tells them elsewhere, and counts
        stand on a line of their own.
    long_words : bool
        Words are long, as of money: short labels leave them room on a phone.
    language : str
        Language of labels.

    Returns
    -------
    Figure
        Horizontal bars with the value, bounds and counts in words.
    """
    import plotly.graph_objects as go

    label, room = SHORT if long_words else (LABEL, ROOM)
    labels = [
        theme.wrapped(bar_label(row, by_series, language), label) for row in rows.itertuples()
    ]
    said = [bar_words(row, language, bounds=bounds) for row in rows.itertuples()]
    figure = go.Figure(_trace(rows, labels, said, bounds=bounds))
    longest = theme.longest(labels)
    figure.update_layout(_layout(rows, left=round(longest * LETTER) + 16, room=room))
    row = max([ROW, *(LINE * (one.count("<br>") + 1) for one in labels)])
    theme.caption(figure, title, note, drawn=titled, height=24 + row * max(len(rows), 1),
                  language=language)  # fmt: skip
    return figure


def _trace(rows: pd.DataFrame, labels: list[str], said: list[str], *, bounds: bool) -> go.Bar:
    import plotly.graph_objects as go

    return go.Bar(
        x=rows["value"].fillna(0).tolist(),
        y=labels,
        orientation="h",
        text=said,
        # A bar of no length would have its words inside it, white on white.
        textposition=["auto" if value > 0 else "outside" for value in rows["value"]],
        insidetextanchor="end",
        insidetextfont={"color": "#ffffff"},
        cliponaxis=False,
        marker={"color": theme.ACCENT},
        error_x=_bounds(rows) if bounds else None,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )


def bar_label(row: Any, by_series: bool, language: str) -> str:
    """Return what a bar is called: its entity, or its sector."""
    if by_series:
        return series_title(row.series, language).split(": ", 1)[-1]
    return entities.titles(language)[row.entity]


def bar_words(row: Any, language: str, *, bounds: bool) -> str:
    """Return what stands at a bar: its value, bounds and counts, or why there is none."""
    if row.status != "ok":
        return text(f"status.{row.status}", language)
    measured = measure(row.unit, row.series)
    if bounds or pd.isna(row.high):
        shown = numbers.bounded(row.value, row.low, row.high, measured, language)
    else:
        shown = numbers.value(row.value, measured, language)
    of = getattr(row, whole(row.unit, row.series))
    if row.unit == "share" and pd.notna(row.n) and pd.notna(of):
        counts = text("number.of", language, n=row.n, n_due=of)
        shown += f" {counts}" if bounds else f"<br>{counts}"
    return shown


def _bounds(rows: pd.DataFrame) -> dict[str, object] | None:
    both = rows["low"].notna() & rows["high"].notna()
    if not both.any():
        return None
    return {
        "type": "data",
        "symmetric": False,
        "array": (rows["high"] - rows["value"]).where(both).tolist(),
        "arrayminus": (rows["value"] - rows["low"]).where(both).tolist(),
        "color": theme.INK,
        "thickness": 1.2,
    }


def _layout(rows: pd.DataFrame, left: int, room: float) -> dict[str, object]:
    known = rows["value"].dropna()
    largest, least = max([0.0, *known]), min([0.0, *known])
    reach = (largest - least) or 1.0
    return {
        "font": {"family": theme.FONT, "color": theme.INK, "size": 13},
        "margin": {"l": left, "r": 16, "t": 4, "b": 8},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "bargap": 0.35,
        "xaxis": {
            "visible": False,
            "range": [(1 + room) * least, largest + room * reach],
            "fixedrange": True,
        },
        "yaxis": {
            "autorange": "reversed",
            "ticksuffix": "  ",
            "fixedrange": True,
        },
    }
