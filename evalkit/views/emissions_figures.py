"""Figures of the page on emissions: stacks of sectors, bounds of Annex D."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.reference.texts import text
from evalkit.views import numbers, theme
from evalkit.views.choice import series_title

if TYPE_CHECKING:
    import plotly.graph_objects as go

BAR, LABEL, LETTER, AROUND = 62, 18, 7.4, 150  # pixels and characters
POINT = 62  # pixels for each point source
ENTRY = 42  # of a figure for each name of a legend that may have a line of its own
UNDER = 76  # pixels under the bars, for ticks and unit
BOUNDS = ("exact", "lower", "upper", "overlap")
SYMBOLS = {
    "exact": "circle",
    "lower": "triangle-right",
    "upper": "triangle-left",
    "overlap": "diamond-open",
}
POINT_SOURCES = (
    "coal-power-plants",
    "coal-industrial-boilers",
    "nonferrous-smelting",
    "waste-incineration",
    "cement-clinker",
    "annex-d",
)
INDEPENDENT = "independent"
# Sectors are no ranks: hues that differ in lightness too, and the name of each in its legend.
SECTORS = {
    "gold-mining": "#b3541e",
    "coal": "#1d2b36",
    "combustion": "#51606c",
    "oil-gas": "#7d8b96",
    "biomass": "#3f6b3a",
    "nonferrous-metals": "#0b5d7a",
    "ferrous-metals": "#5fa5bf",
    "metals": "#2c7f9e",
    "cement": "#b8a98f",
    "chemicals": "#5b4b8a",
    "products": "#a04a5a",
    "waste": "#d9a441",
    "transport": "#9cc7d8",
    "cremation": "#cdb5d6",
    "other": "#d9d9d6",
    "unmapped": "#f1e7d3",
}
MEMO = "memo"  # outside the total of its inventory, so no part of a stack
_FONT = {"family": theme.FONT, "color": theme.INK, "size": 13}


def _wrapped(label: str, width: int = LABEL) -> str:
    return theme.wrapped(html.escape(label), width)


def part_title(name: str, language: str = "en") -> str:
    """Return what a sector, a point source or a category is called, without its inventory."""
    return series_title(f"x/{name}", language).split(": ", 1)[-1]


def sector_stacks(rows: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw one bar for each inventory, its sectors one after the other, in tonnes.

    Parameters
    ----------
    rows : DataFrame
        Results of emissions-by-sector for one place: one year of each inventory.
    title, note, language : str
        As for `evalkit.views.bars.bars`.

    Returns
    -------
    Figure
        Bars side by side: what two inventories call by the same name need not be the same.
        What is outside an inventory's total is not drawn.
    """
    import plotly.graph_objects as go

    parts = rows["series"].str.split("/")
    told = rows.assign(inventory=parts.str[0], sector=parts.str[1])
    told = told[told["sector"] != MEMO]
    told["label"] = [
        _wrapped(f"{series_title(row.inventory, language)}, {row.period}")
        for row in told.itertuples()
    ]
    labels = list(dict.fromkeys(told["label"]))
    figure = go.Figure()
    for sector, colour in SECTORS.items():
        own = told[told["sector"] == sector].set_index("label")
        if own.empty:
            continue
        figure.add_trace(
            go.Bar(
                x=(own["value"] / numbers.TONNE).tolist(),
                y=own.index.tolist(),
                orientation="h",
                name=part_title(sector, language),
                width=0.35,
                customdata=[numbers.value(one, "kg", language) for one in own["value"]],
                hovertemplate="%{y}<br>%{fullData.name}: %{customdata}<extra></extra>",
                marker={"color": colour, "line": {"color": "#ffffff", "width": 1}},
            )
        )
    # plotly gives a legend half of a figure at most: on a phone each name has a line of its own.
    height = max(AROUND + BAR * len(labels), ENTRY * len(figure.data))
    figure.update_layout(_bar_layout(labels, text("emissions.tonnes", language), height))
    theme.caption(figure, title, note, drawn=False, height=height, language=language)
    return figure


def _bar_layout(labels: Sequence[str], unit: str, height: int) -> dict[str, Any]:
    longest = theme.longest(labels)
    return {
        "barmode": "stack",
        "font": _FONT,
        "margin": {"l": round(longest * LETTER) + 14, "r": 16, "t": 4, "b": 8},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "bargap": 0.35,
        "legend": {
            "orientation": "h",
            "y": -UNDER / height,
            "yanchor": "top",
            "traceorder": "normal",
        },
        "showlegend": True,
        "xaxis": {
            "title": {"text": unit, "standoff": 6},
            "rangemode": "tozero",
            "gridcolor": "#e6ebee",
            "tickformat": ",.0f",
            "nticks": 6,
            "fixedrange": True,
        },
        "yaxis": {"autorange": "reversed", "ticksuffix": "  ", "fixedrange": True},
    }


def point_sources(rows: pd.DataFrame) -> pd.DataFrame:
    """Return results of annex-d-by-source with their point source and bound, in order.

    Parameters
    ----------
    rows : DataFrame
        Results of one inventory, place and year.

    Returns
    -------
    DataFrame
        With the columns point_source and bound; the interval of independent amounts is left
        to the table of the figure's rows.
    """
    parts = rows["series"].str.split("/")
    told = rows.assign(point_source=parts.str[1], bound=parts.str[2])
    independent = told["series"].str.endswith(f"/{INDEPENDENT}")
    told = told[told["point_source"].notna() & ~independent]
    order = {name: place for place, name in enumerate(POINT_SOURCES)}
    bounds = {name: place for place, name in enumerate(BOUNDS)}
    told = told.assign(
        place=told["point_source"].map(order), second=told["bound"].map(bounds)
    ).sort_values(["place", "second"], kind="stable")
    return told.drop(columns=["place", "second"])


def bound_text(row: Any, language: str = "en") -> str:
    """Return an amount with what kind of bound it is: at least, at most, exact, no bound."""
    shown = numbers.value(row.value, "kg", language)
    return text(f"emissions.bound.{row.bound}", language, amount=shown)


def _short(row: Any, language: str) -> str:
    shown = numbers.value(row.value, "kg", language)
    return text(f"emissions.short.{row.bound}", language, amount=shown)


def annex_d_bounds(rows: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw the point sources of Annex D, each bound with a mark that says which side is open.

    Parameters
    ----------
    rows : DataFrame
        From `point_sources`.
    title, note, language : str
        As for `evalkit.views.bars.bars`.

    Returns
    -------
    Figure
        A triangle points to where the true amount may lie: right of a lower bound, left of an
        upper one; both are joined by a line. A disc is exact; an open diamond bounds nothing.
    """
    import plotly.graph_objects as go

    labels = {one: _wrapped(part_title(one, language)) for one in rows["point_source"].unique()}
    figure = go.Figure()
    for name, label in labels.items():
        ends = rows[(rows["point_source"] == name) & rows["bound"].isin(["lower", "upper"])]
        if len(ends) > 1:
            figure.add_trace(
                go.Scatter(
                    x=(ends["value"] / numbers.TONNE).tolist(),
                    y=[label] * len(ends),
                    mode="lines",
                    line={"color": theme.ACCENT, "width": 3},
                    hoverinfo="skip",
                    showlegend=False,
                )
            )
    for bound in BOUNDS:
        own = rows[rows["bound"] == bound]
        if len(own):
            figure.add_trace(_marks(own, bound, labels, language))
    height = AROUND + POINT * len(labels)
    order = list(labels.values())
    figure.update_layout(_bar_layout(order, text("emissions.tonnes", language), height))
    figure.update_layout(yaxis={"categoryorder": "array", "categoryarray": order})
    theme.caption(figure, title, note, drawn=False, height=height, language=language)
    return figure


def _marks(own: pd.DataFrame, bound: str, labels: dict[str, str], language: str) -> go.Scatter:
    import plotly.graph_objects as go

    return go.Scatter(
        x=(own["value"] / numbers.TONNE).tolist(),
        y=[labels[name] for name in own["point_source"]],
        mode="markers+text",
        text=[_short(row, language) for row in own.itertuples()],
        # What is joined by a line is written above and below it, so that words never meet.
        textposition="bottom center" if bound == "lower" else "top center",
        textfont={"size": 12},
        cliponaxis=False,
        name=text(f"emissions.mark.{bound}", language),
        marker={
            "symbol": SYMBOLS[bound],
            "size": 15,
            "color": theme.ACCENT if bound != "overlap" else theme.MUTED,
            "line": {"width": 1.5, "color": theme.INK},
        },
        error_x=_interval(own),
        customdata=[bound_text(row, language) for row in own.itertuples()],
        hovertemplate="%{y}<br>%{customdata}<extra></extra>",
    )


def _interval(own: pd.DataFrame) -> dict[str, object] | None:
    """Return the interval of the inventory itself as thin lines; None where it gives none."""
    both = own["low"].notna() & own["high"].notna()
    if not both.any():
        return None
    ends = own.assign(up=own["high"] - own["value"], down=own["value"] - own["low"])
    return {
        "type": "data",
        "symmetric": False,
        "array": (ends["up"] / numbers.TONNE).where(both, 0).tolist(),
        "arrayminus": (ends["down"] / numbers.TONNE).where(both, 0).tolist(),
        "thickness": 1,
        "color": theme.MUTED,
    }
