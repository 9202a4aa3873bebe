"""Figures of the page on money: by year, and panels of bars that never add up."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.reference import entities
from evalkit.reference.texts import known, text
from evalkit.views import numbers, theme
from evalkit.views.choice import series_title
from evalkit.views.support_rows import NO_YEAR, NOWHERE

if TYPE_CHECKING:
    import plotly.graph_objects as go

YEARS = 340  # height in pixels
HEAD, LINE, BAR, GAP, EDGE = 32, 18, 18, 9, 8  # of a heading, a label's line, a bar; around them
LABEL = 54  # characters of a label's line
REACH = 1.7  # the axis in lengths of the longest bar: the rest is room for words
FURTHER = "further"  # the theme of those too small to be drawn apart
FONT = {"family": theme.FONT, "color": theme.INK, "size": 13}
WHITE = {"paper_bgcolor": "#ffffff", "plot_bgcolor": "#ffffff"}


def by_year(rows: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw amounts by approval year, every year from the first to the last.

    Parameters
    ----------
    rows : DataFrame
        Results in US$ of one series and entity, by year; the period no-year stands apart.
    title, note : str
        Title, and the source and as-of line, for the picture that a reader takes away.
    language : str
        Language of labels.

    Returns
    -------
    Figure
        One bar for each year, in millions of US$; a year without a bar has none.
    """
    import plotly.graph_objects as go

    amounts = rows.dropna(subset="value").set_index("period")["value"] / 1e6
    years = [int(one) for one in amounts.index if one != NO_YEAR]
    span = [str(y) for y in range(min(years), max(years) + 1)] if years else []
    order = [*span, *([NO_YEAR] if NO_YEAR in amounts.index else [])]
    labels = [text("support.no_year", language) if one == NO_YEAR else one for one in order]
    values = [float(amounts.get(one, 0.0)) for one in order]
    figure = go.Figure(
        go.Bar(
            x=labels,
            y=values,
            text=[_millions(value, language) for value in values],
            textposition="outside",
            textangle=0,
            textfont={"size": 11},
            cliponaxis=False,
            marker={"color": [theme.MUTED if one == NO_YEAR else theme.ACCENT for one in order]},
            customdata=[numbers.value(value * 1e6, "USD", language) for value in values],
            hovertemplate="%{x}: %{customdata}<extra></extra>",
        )
    )
    figure.update_layout(_years_layout(text("support.millions", language)))
    theme.caption(figure, title, note, drawn=False, height=YEARS, language=language)
    return figure


def _years_layout(unit: str) -> dict[str, Any]:
    return {
        "font": FONT,
        **WHITE,
        "margin": {"l": 60, "r": 8, "t": 20, "b": 56},
        "bargap": 0.25,
        "uniformtext": {"minsize": 8, "mode": "show"},
        "xaxis": {"type": "category", "fixedrange": True, "tickangle": -60},
        "yaxis": {
            "title": {"text": unit, "font": {"size": 13}},
            "gridcolor": "#e6ebee",
            "fixedrange": True,
            "rangemode": "tozero",
        },
    }


def _millions(value: float, language: str) -> str:
    """Return what stands over the bar of a year; there is no room for more than three digits."""
    form = ".1f" if value < 10 else ",.0f"
    return numbers.plain(value, form, language) if value else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a panel: its label, its length or none, and what is said beside it."""

    label: str
    value: float | None
    said: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A few bars under a heading that says what they mean."""

    heading: str
    bars: tuple[Bar, ...]


def panels(
    parts: Sequence[Panel], *, title: str, note: str, one_scale: bool = True, language: str = "en"
) -> go.Figure:
    """Draw panels of bars beneath one another: things that are compared and never added.

    Parameters
    ----------
    parts : sequence of Panel
        From the top.
    title, note : str
        As for `by_year`.
    one_scale : bool
        All panels are of one unit and scale. Else each is as wide as its own largest bar.
    language : str
        Language of the words.

    Returns
    -------
    Figure
        A bar of no known length is its words alone.
    """
    import plotly.graph_objects as go

    bars, told, total = _laid_out(parts, one_scale=one_scale)
    figure = go.Figure(
        go.Bar(
            x=[one["length"] for one in bars],
            y=[one["at"] for one in bars],
            width=BAR,
            orientation="h",
            text=[one["said"] for one in bars],
            textposition="outside",
            cliponaxis=False,
            marker={"color": theme.ACCENT},
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[0.0] * len(told),
            y=[at for at, _ in told],
            mode="text",
            text=[said for _, said in told],
            textposition="middle right",
            textfont={"size": 12.5},
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    figure.update_layout(_panels_layout(total))
    theme.caption(figure, title, note, drawn=False, height=round(total) + 2 * EDGE,
                  language=language)  # fmt: skip
    return figure


def _panels_layout(height: float) -> dict[str, Any]:
    axis = {"visible": False, "fixedrange": True}
    return {
        "font": FONT,
        **WHITE,
        "margin": {"l": 8, "r": 8, "t": EDGE, "b": EDGE},
        "showlegend": False,
        "xaxis": {**axis, "range": [0, REACH]},
        "yaxis": {**axis, "range": [height, 0]},
    }


def _laid_out(
    parts: Sequence[Panel], *, one_scale: bool
) -> tuple[list[dict[str, Any]], list[tuple[float, str]], float]:
    """Return bars, words with where they stand, and the height of all, in pixels from the top.

    The label of a bar stands above it: beside it a long one would leave a phone no room.
    """
    bars: list[dict[str, Any]] = []
    told: list[tuple[float, str]] = []
    at = 0.0
    for part in parts:
        if part.heading:
            told.append((at + HEAD / 2, f"<b>{html.escape(part.heading)}</b>"))
            at += HEAD
        among = parts if one_scale else (part,)
        largest = max((bar.value or 0.0 for one in among for bar in one.bars), default=0.0)
        for bar in part.bars:
            for line in theme.lines(bar.label, LABEL):
                told.append((at + LINE / 2, html.escape(line)))
                at += LINE
            length = (bar.value or 0.0) / (largest or 1.0)
            said = html.escape(bar.said)
            bars.append({"length": length, "at": at + BAR / 2, "said": said})
            at += BAR + GAP
    return bars, told, at


def node_title(kind: str, name: str, language: str = "en") -> str:
    """Return what a fund, theme or region of the flows is called."""
    if kind == "theme":
        return part_title(f"theme/{name}", language)
    if kind == "region":
        nowhere = name == NOWHERE
        return text("support.no_group", language) if nowhere else entities.titles(language)[name]
    return name


def part_title(series: str, language: str = "en") -> str:
    """Return what a part of a cut is called; several topics or agencies are named together.

    Examples
    --------
    >>> part_title("theme/waste; emissions")
    'Waste, emissions and releases'
    """
    cut, _, part = series.partition("/")
    if part == FURTHER:
        return text("support.further", language)
    names = part.split("; ")
    if cut == "agency" and len(names) > 1:
        return text("support.together", language, names=", ".join(
            known(f"agency.{one}", language) or one for one in names))  # fmt: skip
    first, *rest = (series_title(f"{cut}/{one}", language).split(": ", 1)[-1] for one in names)
    return ", ".join([first, *(name[:1].lower() + name[1:] for name in rest)])
