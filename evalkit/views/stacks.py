"""Stacked bars of counts: one colour for each answer, a pattern for each missing one."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.views import theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

ROW = 44  # pixels for each bar
LABEL = 20  # characters of a label's line
LETTER = 7.4  # pixels of a letter, on average
LEGEND = 58  # pixels for the legend under the bars
SEEN = 0.05  # the smallest share of a bar that has room for its count


@dataclass(frozen=True, slots=True)
class Part:
    """One part of every bar: what it is called, its colour, its pattern, its counts."""

    label: str
    colour: str
    counts: tuple[int, ...]
    pattern: str = ""


def stacks(
    labels: Sequence[str],
    parts: Sequence[Part],
    *,
    title: str,
    note: str,
    titled: bool = False,
    language: str = "en",
) -> go.Figure:
    """Draw one bar for each label, as long as 100 % of its States, cut into parts.

    Parameters
    ----------
    labels : sequence of str
        What the bars stand for, from the top.
    parts : sequence of Part
        One count for each label; a part without any is left out.
    title, note : str
        Title, and the source and as-of line.
    titled : bool
        As for `evalkit.views.world_map.world_map`.
    language : str
        Language of the labels.

    Returns
    -------
    Figure
        Horizontal bars; each part shows its count, and its share when pointed at.
    """
    import plotly.graph_objects as go

    names = [theme.wrapped(html.escape(label), LABEL) for label in labels]
    totals = [sum(part.counts[i] for part in parts) for i in range(len(labels))]
    figure = go.Figure()
    for part in parts:
        if any(part.counts):
            figure.add_trace(_trace(part, names, totals))
    longest = theme.longest(names)
    figure.update_layout(_layout(left=round(longest * LETTER) + 14))
    height = 12 + LEGEND + ROW * max(len(labels), 1)
    theme.caption(figure, title, note, drawn=titled, height=height, language=language)
    return figure


def _trace(part: Part, names: list[str], totals: list[int]) -> go.Bar:
    import plotly.graph_objects as go

    shares = [count / of if of else 0 for count, of in zip(part.counts, totals, strict=True)]
    shown = [
        f"{count}" if share >= SEEN else ""
        for count, share in zip(part.counts, shares, strict=True)
    ]
    said = [f"{part.label}: {count} / {of}" for count, of in zip(part.counts, totals, strict=True)]
    return go.Bar(
        x=shares,
        y=names,
        orientation="h",
        name=part.label,
        text=shown,
        customdata=said,
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"color": theme.on(part.colour), "size": 13},
        marker={
            "color": part.colour,
            "line": {"color": "#ffffff", "width": 1},
            "pattern": {"shape": part.pattern, "fgcolor": theme.MUTED, "size": 7, "solidity": 0.2},
        },
        hovertemplate="%{y}<br>%{customdata}<extra></extra>",
    )


def _layout(left: int) -> dict[str, object]:
    return {
        "barmode": "stack",
        "font": {"family": theme.FONT, "color": theme.INK, "size": 13},
        "margin": {"l": left, "r": 16, "t": 4, "b": 8},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "bargap": 0.3,
        "showlegend": True,
        "legend": {"orientation": "h", "y": -0.02, "yanchor": "top", "traceorder": "normal"},
        "xaxis": {"visible": False, "range": [0, 1], "fixedrange": True},
        "yaxis": {"autorange": "reversed", "ticksuffix": "  ", "fixedrange": True},
    }
