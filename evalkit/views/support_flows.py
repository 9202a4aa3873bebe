"""The figure of flows: money from fund to theme to region."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.reference.texts import text
from evalkit.views import numbers, theme
from evalkit.views.support_figures import FONT, FURTHER, WHITE, node_title

if TYPE_CHECKING:
    import plotly.graph_objects as go

FLOWS, EDGE = 560, 8  # heights in pixels: of the figure, of its edge
PAD = 16  # pixels between nodes
SMALL = 0.02  # part of all money: themes that have less are drawn as one
REGION_COLOURS = ("#0b5d7a", "#b3541e", "#5b4b8a", "#3f6b3a", "#7a5c00", "#8a949b", "#51606c")
LINK = "rgba(120,134,144,0.35)"
WIDTHS = (12, 24, 22)  # characters of a line of a fund, theme and region
PLACES = (0.001, 0.3, 0.999)  # of the three columns, from the left


def sankey(found: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw money from fund to theme to region.

    Parameters
    ----------
    found : DataFrame
        From `evalkit.views.support_rows.flows`.
    title, note, language : str
        As for `by_year`.

    Returns
    -------
    Figure
        What no country is credited with ends in a node of its own, so that all of it is drawn.
    """
    import plotly.graph_objects as go

    drawn = _without_small(found)
    columns = [
        drawn.groupby(column)["value"].sum().sort_values(ascending=False, kind="stable")
        for column in ("fund", "theme", "entity")
    ]
    nodes = [(i, str(one)) for i, column in enumerate(columns) for one in column.index]
    place = {node: i for i, node in enumerate(nodes)}
    hues = dict(zip(columns[2].index, REGION_COLOURS, strict=False))
    links = [
        (place[0, fund], place[1, about], value, LINK)
        for (fund, about), value in drawn.groupby(["fund", "theme"])["value"].sum().items()
    ]
    links += [
        (place[1, about], place[2, end], value, _faint(hues[end]))
        for (about, end), value in drawn.groupby(["theme", "entity"])["value"].sum().items()
    ]
    node = {
        "label": [_short(column, one, language) for column, one in nodes],
        "color": [hues.get(one, theme.MUTED) for _, one in nodes],
        "x": [PLACES[column] for column, _ in nodes],
        "y": [y for column in columns for y in _heights(column, columns)],
        "pad": PAD,
        "thickness": 14,
        "line": {"width": 0},
        "customdata": [
            numbers.value(float(column[one]), "USD", language)
            for column in columns
            for one in column.index
        ],
        "hovertemplate": "%{label}: %{customdata}<extra></extra>",
    }
    textfont = {"size": 12, "color": theme.INK}
    figure = go.Figure(
        go.Sankey(arrangement="fixed", node=node, link=_link(links, language), textfont=textfont)
    )
    figure.update_layout(font=FONT, **WHITE, margin={"l": 4, "r": 4, "t": EDGE, "b": 2 * EDGE})
    theme.caption(figure, title, note, drawn=False, height=FLOWS, language=language)
    return figure


def _link(links: Sequence[tuple[int, int, float, str]], language: str) -> dict[str, Any]:
    """Return links from place to place, with their amount and colour, as plotly takes them."""
    arrow = "%{source.label} → %{target.label}: %{customdata}<extra></extra>"
    columns = zip(*links, strict=True) if links else ((), (), (), ())
    said = [numbers.value(float(value), "USD", language) for _, _, value, _ in links]
    named = zip(("source", "target", "value", "color"), columns, strict=True)
    return {**{name: list(column) for name, column in named}, "customdata": said,
            "hovertemplate": arrow}  # fmt: skip


def _without_small(found: pd.DataFrame) -> pd.DataFrame:
    """Return flows in which themes too small to be drawn apart are one: the table has each."""
    share = found.groupby("theme")["value"].transform("sum") / found["value"].sum()
    small = share < SMALL
    return found.assign(theme=found["theme"].mask(small & (small.sum() > 1), FURTHER))


def _heights(column: pd.Series, columns: Sequence[pd.Series]) -> list[float]:
    """Return where the middle of each node of a column is, from 0 at the top to 1."""
    room = FLOWS - 3 * EDGE
    most = max(len(one) for one in columns)
    scale = (room - PAD * (most - 1)) / column.sum()
    gap = (room - scale * column.sum()) / (len(column) - 1) if len(column) > 1 else 0.0
    ends = (column * scale + gap).cumsum() - gap
    middles = (ends - column * scale / 2) / room
    return [min(0.999, max(0.001, float(one))) for one in middles]


def _short(column: int, name: str, language: str) -> str:
    """Return the label of a node, short and in lines: on a phone there is little room."""
    if column == 2:
        name = text(f"flow.{name}", language)
    elif column == 1:
        name = node_title("theme", name, language)
    return theme.wrapped(html.escape(name), WIDTHS[column])


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.42)"
