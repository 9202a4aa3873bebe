"""Figures of the page on capacity-building: events on a timeline, one figure over the years."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.reference import entities
from evalkit.reference.texts import plural, text
from evalkit.views import numbers, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

LINE, AROUND, YEARS = 64, 130, 320  # heights in pixels: of a kind, of what is around, of bars
KINDS = ("workshop", "training", "online_session", "webinar", "meeting")
_FONT = {"family": theme.FONT, "color": theme.INK, "size": 13}


def timeline(events: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw events on the day on which they began, a line for each kind.

    Parameters
    ----------
    events : DataFrame
        Rows of the table `events`. One of which only the year is known is drawn in the
        middle of it as an open mark; one without a year is left out.
    title, note : str
        Title, and the source and as-of line, for the picture that a reader takes away.
    language : str
        Language of labels.

    Returns
    -------
    Figure
        Filled marks for known days, open ones for years.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    kinds = [kind for kind in KINDS if (events["kind"] == kind).any()]
    labels = {kind: text(f"event.{kind}", language) for kind in kinds}
    dated = events["started_on"].notna()
    by_year = events["year"].astype("str").where(events["year"].notna())
    days = events["started_on"].dt.strftime("%Y-%m-%d").where(dated, by_year + "-07-01")
    drawn = events.assign(day=days, known=dated).dropna(subset="day")
    for known, symbol, key in ((True, "circle", "event.day"), (False, "circle-open", "event.year")):
        rows = drawn[drawn["known"] == known]
        figure.add_trace(
            go.Scatter(
                x=rows["day"].tolist(),
                y=[labels[kind] for kind in rows["kind"]],
                mode="markers",
                name=text(key, language),
                text=[_told(row, language) for row in rows.itertuples()],
                hovertemplate="%{text}<extra></extra>",
                marker={"symbol": symbol, "size": 13, "color": theme.ACCENT, "opacity": 0.8},
            )
        )
    order = [labels[kind] for kind in reversed(kinds)]
    figure.update_layout(_by_kind(order))
    theme.caption(figure, title, note, drawn=False, height=AROUND + LINE * len(kinds),
                  language=language)  # fmt: skip
    return figure


def _by_kind(order: list[str]) -> dict[str, Any]:
    return {
        "font": _FONT,
        "margin": {"l": 112, "r": 16, "t": 8, "b": 60},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "legend": {"orientation": "h", "y": -0.16, "yanchor": "top"},
        "xaxis": {
            "type": "date",
            "gridcolor": "#e6ebee",
            "linecolor": theme.EDGE,
            "nticks": 8,
            "tickformat": "%Y-%m",  # no names of months: plotly has English ones only
        },
        "yaxis": {"categoryorder": "array", "categoryarray": order, "gridcolor": "#e6ebee"},
    }


def _told(row: Any, language: str) -> str:
    lines = theme.lines(html.escape(row.title), 56)
    place = ", ".join(
        part for part in (row.city, entities.titles(language).get(row.country, "")) if part
    )
    when = row.dates_printed or (
        numbers.day(row.started_on, language) if row.known else str(row.year)
    )
    lines += [html.escape(part) for part in (place, when) if part]
    if pd.notna(row.sessions):
        lines.append(plural("event.sessions", row.sessions, language, count=row.sessions))
    if pd.notna(row.participants):
        lines.append(f"{text('column.people', language)}: {people(row, language)}")
    return "<br>".join(["<b>" + lines[0] + "</b>", *lines[1:]])


def people(row: Any, language: str = "en") -> str:
    """Return how many took part, as the source hedged it."""
    if pd.isna(row.participants):
        return ""
    qualifier = row.participants_qualifier or "exact"
    return text(f"hedge.{qualifier}", language, number=int(row.participants))


def over_years(rows: pd.DataFrame, *, title: str, note: str, language: str = "en") -> go.Figure:
    """Draw one published figure as a bar for each year that it was published for.

    Parameters
    ----------
    rows : DataFrame
        Results of one series of the indicator communication.
    title, note, language : str
        As for `timeline`.
    """
    import plotly.graph_objects as go

    ordered = rows.sort_values("period")
    said = [numbers.bounded(r.value, r.low, r.high, r.unit, language) for r in ordered.itertuples()]
    figure = go.Figure(
        go.Bar(
            x=ordered["period"].tolist(),
            y=ordered["value"].tolist(),
            text=said,
            textposition="outside",
            cliponaxis=False,
            width=0.4,
            marker={"color": theme.ACCENT},
            hovertemplate="%{x}: %{text}<extra></extra>",
        )
    )
    figure.update_layout(
        font=_FONT,
        margin={"l": 72, "r": 16, "t": 28, "b": 36},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        xaxis={"type": "category", "fixedrange": True},
        yaxis={"rangemode": "tozero", "gridcolor": "#e6ebee", "fixedrange": True},
    )
    theme.caption(figure, title, note, drawn=False, height=YEARS, language=language)
    return figure
