"""Values over the days of an edition, and what all figures of lines look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import numbers, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 400
DASHES = ("solid", "dash", "dot", "dashdot")
HUES = (theme.ACCENT, "#b3541e", "#5b4b8a", "#3f6b3a", "#7a5c00", "#1d2b36")


def over_days(rows: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw values of one indicator on the days of an edition, one colour for each entity.

    Parameters
    ----------
    rows : DataFrame
        A results table of one series.
    title, note : str
        Title, and the source and as-of line under the figure.
    language : str
        Language of labels.

    Returns
    -------
    Figure
        Points without a line: between two days of the edition nothing was computed.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for place, (entity, found) in enumerate(rows.groupby("entity", sort=False)):
        part = found.sort_values("as_of")
        said = [
            numbers.bounded(r.value, r.low, r.high, r.unit, language) for r in part.itertuples()
        ]
        figure.add_trace(
            go.Scatter(
                x=part["as_of"].dt.strftime("%Y-%m-%d").tolist(),
                y=part["value"].tolist(),
                name=entities.titles(language)[str(entity)],
                mode="markers",
                line=stroke(place),
                text=said,
                customdata=[numbers.day(one, language) for one in part["as_of"]],
                hovertemplate="%{customdata}: %{text}<extra>%{fullData.name}</extra>",
            )
        )
    unit = text(f"unit.{rows['unit'].iloc[0]}", language) if len(rows) else ""
    figure.update_layout(layout())
    figure.update_layout(
        xaxis={"nticks": 12, "tickformat": "%Y-%m"},
        yaxis={"title": {"text": unit}, "rangemode": "tozero", "tickformat": ",.0f"},
    )
    theme.caption(figure, title, note, drawn=True, height=HEIGHT, language=language)
    return figure


def stroke(place: int) -> dict[str, Any]:
    """Return colour and dashes of the line at a place: no two alike before all hues are used."""
    dash = DASHES[place // len(HUES) % len(DASHES)]
    return {"color": HUES[place % len(HUES)], "dash": dash, "width": 2}


def layout() -> dict[str, Any]:
    """Return how a figure of lines is laid out, without its axes' units."""
    return {
        "font": {"family": theme.FONT, "color": theme.INK, "size": 13},
        "margin": {"l": 92, "r": 16, "t": 8, "b": 24},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "legend": {"orientation": "h", "y": -0.1, "yanchor": "top"},
        "showlegend": True,
        "xaxis": {"showgrid": False, "linecolor": theme.EDGE},
        "yaxis": {"gridcolor": "#e6ebee"},
    }
