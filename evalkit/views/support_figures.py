"""Figures of the page on money: by year, panels of bars that never add up, flows."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import theme
from evalkit.views.choice import series_title
from evalkit.views.support_rows import NO_YEAR, NOWHERE

if TYPE_CHECKING:
    import plotly.graph_objects as go

YEARS, ROW, FLOWS = 340, 34, 520  # heights in pixels: of the years, of a bar, of the flows
LABEL, LETTER = 22, 7.4  # characters of a label's line; pixels of a letter, on average
REGION_COLOURS = ("#0b5d7a", "#b3541e", "#5b4b8a", "#3f6b3a", "#7a5c00", "#8a949b", "#51606c")
_FONT = {"family": theme.FONT, "color": theme.INK, "size": 13}
_WHITE = {"paper_bgcolor": "#ffffff", "plot_bgcolor": "#ffffff"}


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
            text=[f"{value:,.1f}" if value else "" for value in values],
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            marker={"color": [theme.MUTED if one == NO_YEAR else theme.ACCENT for one in order]},
            hovertemplate="%{x}: US$ %{y:,.2f} M<extra></extra>",
        )
    )
    figure.update_layout(
        font=_FONT,
        **_WHITE,
        margin={"l": 56, "r": 8, "t": 20, "b": 56},
        bargap=0.25,
        uniformtext={"minsize": 8, "mode": "show"},
        xaxis={"type": "category", "fixedrange": True, "tickangle": -60},
        yaxis={
            "title": {"text": text("support.millions", language)},
            "gridcolor": "#e6ebee",
            "fixedrange": True,
            "rangemode": "tozero",
        },
    )
    theme.caption(figure, title, note, drawn=False, height=YEARS)
    return figure


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


def panels(parts: Sequence[Panel], *, title: str, note: str, one_scale: bool = True) -> go.Figure:
    """Draw panels of bars beneath one another: things that are compared and never added.

    Parameters
    ----------
    parts : sequence of Panel
        From the top.
    title, note : str
        As for `by_year`.
    one_scale : bool
        All panels are of one unit and scale. Else each is as wide as its own largest bar.

    Returns
    -------
    Figure
        A bar of no known length is its words alone.
    """
    import plotly.graph_objects as go

    lines = [line for part in parts for line in _lines(part, parts, one_scale=one_scale)]
    labels = ["<br>".join(textwrap.wrap(html.escape(one["label"]), LABEL)) for one in lines]
    bars = [i for i, one in enumerate(lines) if not one["heading"]]
    figure = go.Figure(
        go.Bar(
            x=[lines[i]["length"] for i in bars],
            y=bars,
            orientation="h",
            text=[lines[i]["said"] for i in bars],
            textposition="outside",
            textfont={"size": 12.5},
            cliponaxis=False,
            marker={"color": theme.ACCENT},
            hoverinfo="skip",
        )
    )
    heads = [i for i, one in enumerate(lines) if one["heading"]]
    figure.add_trace(
        go.Scatter(
            x=[0.0] * len(heads),
            y=heads,
            mode="text",
            text=[f"<b>{html.escape(lines[i]['heading'])}</b>" for i in heads],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    figure.update_layout(_panel_layout(labels))
    theme.caption(figure, title, note, drawn=False, height=28 + ROW * max(len(lines), 1))
    return figure


def _lines(part: Panel, parts: Sequence[Panel], *, one_scale: bool) -> list[dict[str, Any]]:
    of = parts if one_scale else (part,)
    largest = max((bar.value or 0.0 for one in of for bar in one.bars), default=0.0) or 1.0
    head = {"label": "", "length": 0.0, "said": "", "heading": part.heading}
    bars = [
        {
            "label": bar.label,
            "length": (bar.value or 0.0) / largest,
            "said": html.escape(bar.said),
            "heading": "",
        }
        for bar in part.bars
    ]
    return [head, *bars] if part.heading else bars


def _panel_layout(labels: Sequence[str]) -> dict[str, Any]:
    longest = max((len(line) for one in labels for line in one.split("<br>")), default=0)
    return {
        "font": _FONT,
        **_WHITE,
        "margin": {"l": round(longest * LETTER) + 14, "r": 8, "t": 4, "b": 8},
        "bargap": 0.3,
        "showlegend": False,
        "xaxis": {"visible": False, "range": [0, 2.1], "fixedrange": True},
        "yaxis": {
            "tickmode": "array",
            "tickvals": list(range(len(labels))),
            "ticktext": [f"{one}  " for one in labels],
            "range": [len(labels) - 0.4, -0.6],
            "fixedrange": True,
            "zeroline": False,
            "showgrid": False,
        },
    }


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

    first = found.groupby(["fund", "theme"], as_index=False)["value"].sum()
    second = found.groupby(["theme", "entity"], as_index=False)["value"].sum()
    ends = list(dict.fromkeys(found.sort_values("entity")["entity"]))
    nodes = [("fund", one) for one in dict.fromkeys(found["fund"])]
    nodes += [("theme", one) for one in dict.fromkeys(found["theme"])]
    nodes += [("region", one) for one in ends]
    place = {node: i for i, node in enumerate(nodes)}
    hues = dict(zip(ends, REGION_COLOURS, strict=False))
    links = [(("fund", r.fund), ("theme", r.theme), r.value, "#b9c4cb") for r in first.itertuples()]
    links += [
        (("theme", r.theme), ("region", r.entity), r.value, hues[r.entity])
        for r in second.itertuples()
    ]
    names = [node_title(kind, one, language) for kind, one in nodes]
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": ["<br>".join(textwrap.wrap(name, 30)) for name in names],
                "color": [hues.get(one, theme.MUTED) for _, one in nodes],
                "pad": 14,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}: US$ %{value:,.0f}<extra></extra>",
            },
            link={
                "source": [place[one] for one, _, _, _ in links],
                "target": [place[other] for _, other, _, _ in links],
                "value": [value for _, _, value, _ in links],
                "color": [_faint(hue) for _, _, _, hue in links],
                "hovertemplate": "%{source.label} → %{target.label}: US$ %{value:,.0f}"
                "<extra></extra>",
            },
            textfont={"size": 12, "color": theme.INK, "shadow": "none"},
        )
    )
    figure.update_layout(font=_FONT, **_WHITE, margin={"l": 4, "r": 4, "t": 8, "b": 8})
    theme.caption(figure, title, note, drawn=False, height=FLOWS)
    return figure


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.42)"


def node_title(kind: str, name: str, language: str = "en") -> str:
    """Return what a fund, theme or region of the flows is called."""
    if kind == "theme":
        return part_title(f"theme/{name}", language)
    if kind == "region":
        nowhere = name == NOWHERE
        return text("support.no_group", language) if nowhere else entities.titles()[name]
    return name


def part_title(series: str, language: str = "en") -> str:
    """Return what a part of a cut is called; several topics or agencies are named together."""
    cut, _, part = series.partition("/")
    names = [series_title(f"{cut}/{one}", language).split(": ", 1)[-1] for one in part.split("; ")]
    first, *rest = names
    return ", ".join([first, *(name[:1].lower() + name[1:] for name in rest)]
                     if cut == "theme" else names)  # fmt: skip
