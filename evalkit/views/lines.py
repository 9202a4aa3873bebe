"""Lines over days or years; a gap stays a gap, and a line is never drawn across one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import numbers, theme
from evalkit.views.choice import series_title

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
    lines = [
        (entities.titles()[entity], part.sort_values("as_of"))
        for entity, part in rows.groupby("entity", sort=False)
    ]
    drawn = [(name, part["as_of"].dt.strftime("%Y-%m-%d"), part) for name, part in lines]
    return _figure(drawn, title, note, language, mode="markers")


def over_years(rows: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw values over the years of their period, one line for each series and entity.

    Inventories are lines of their own, side by side, and a year without a value breaks a
    line. Parameters as `over_days`.
    """
    lines = []
    for (series, entity), part in rows.groupby(["series", "entity"], sort=False):
        name = f"{entities.titles()[entity]} · {series_title(series, language)}"
        whole = _every_year(part)
        lines.append((name, whole["year"], whole))
    return _figure(lines, title, note, language, mode="lines+markers")


def _every_year(part: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each year from the first to the last; value NaN where there is none."""
    by_year = part.assign(year=part["period"].astype("int64")).set_index("year")
    years = range(by_year.index.min(), by_year.index.max() + 1)
    whole = by_year.reindex(years)
    return whole.assign(unit=part["unit"].iloc[0]).rename_axis("year").reset_index()


def _figure(
    lines: list[tuple[str, pd.Series, pd.DataFrame]],
    title: str,
    note: str,
    language: str,
    *,
    mode: str,
) -> go.Figure:
    import plotly.graph_objects as go

    figure = go.Figure()
    for i, (name, along, part) in enumerate(lines):
        said = [
            numbers.bounded(r.value, r.low, r.high, r.unit, language) for r in part.itertuples()
        ]
        figure.add_trace(
            go.Scatter(
                x=along.tolist(),
                y=part["value"].tolist(),
                name=name,
                mode=mode,
                connectgaps=False,
                line={
                    "color": HUES[i % len(HUES)],
                    "dash": DASHES[i // len(HUES) % len(DASHES)],
                    "width": 2,
                },
                text=said,
                hovertemplate="%{x}: %{text}<extra>%{fullData.name}</extra>",
            )
        )
    unit = text(f"unit.{lines[0][2]['unit'].iloc[0]}", language) if lines else ""
    figure.update_layout(_layout(unit))
    theme.caption(figure, title, note, drawn=True, height=HEIGHT)
    return figure


def _layout(unit: str) -> dict[str, object]:
    return {
        "font": {"family": theme.FONT, "color": theme.INK, "size": 13},
        "margin": {"l": 92, "r": 16, "t": 8, "b": 24},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "legend": {"orientation": "h", "y": -0.1, "yanchor": "top"},
        "showlegend": True,
        "xaxis": {"showgrid": False, "linecolor": theme.EDGE, "nticks": 12},
        "yaxis": {
            "title": {"text": unit},
            "rangemode": "tozero",
            "gridcolor": "#e6ebee",
            "tickformat": ",.0f",
        },
    }
