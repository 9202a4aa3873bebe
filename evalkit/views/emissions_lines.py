"""Lines of the page on emissions: amounts over years, change since each inventory's first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.reference.texts import text
from evalkit.views import numbers, theme
from evalkit.views.choice import series_title
from evalkit.views.lines import HEIGHT, layout, stroke

if TYPE_CHECKING:
    import plotly.graph_objects as go


def amounts(rows: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw amounts over years in tonnes, a line for each inventory.

    Parameters
    ----------
    rows : DataFrame
        Results of amounts for one place, with values; the period is the year.
    title, note, language : str
        As for `evalkit.views.bars.bars`.

    Returns
    -------
    Figure
        Lines beside each other; a year that an inventory does not give is a gap.
    """
    tonnes = rows.assign(value=rows["value"] / numbers.TONNE)
    figure = _lines(
        tonnes, lambda value: numbers.value(value * numbers.TONNE, "kg", language), language
    )
    figure.update_layout(yaxis={"tickformat": ",~g", "rangemode": "tozero"})
    figure.update_layout(yaxis_title={"text": text("emissions.tonnes", language)})
    theme.caption(figure, title, note, drawn=False, height=HEIGHT, language=language)
    return figure


def changes(rows: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw the change of each inventory since its own first year, a line for each.

    Parameters
    ----------
    rows : DataFrame
        Results of emissions-change for one place, with values.
    title, note, language : str
        As for `evalkit.views.bars.bars`.

    Returns
    -------
    Figure
        Percent since the first year that the legend names; no line starts from another's year.
    """
    figure = _lines(rows, lambda value: numbers.change(value, language), language)
    figure.update_layout(yaxis={"tickformat": "+.0%", "zerolinecolor": theme.MUTED})
    theme.caption(figure, title, note, drawn=False, height=HEIGHT, language=language)
    return figure


def _lines(rows: pd.DataFrame, said: Callable[[float], str], language: str) -> go.Figure:
    import plotly.graph_objects as go

    figure = go.Figure()
    for place, (series, part) in enumerate(rows.groupby("series", sort=True)):
        by_year = part.set_index(part["period"].astype("int64"))["value"]
        years = range(by_year.index.min(), by_year.index.max() + 1)
        values = by_year.reindex(years)
        figure.add_trace(
            go.Scatter(
                x=list(years),
                y=values.tolist(),
                customdata=["" if pd.isna(one) else said(one) for one in values],
                name=series_title(str(series), language),
                mode="lines+markers",
                connectgaps=False,  # what a missing year held is not known
                line=stroke(place),
                marker={"size": 7},
                hovertemplate="%{x}: %{customdata}<extra>%{fullData.name}</extra>",
            )
        )
    figure.update_layout(layout())
    figure.update_layout(xaxis={"nticks": 8, "tickformat": "d"})
    return figure
