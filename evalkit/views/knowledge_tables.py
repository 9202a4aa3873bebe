"""Tables of the page on capacity-building: events, asks, needs against expertise, figures."""

from __future__ import annotations

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.tables import known_on
from evalkit.views import numbers
from evalkit.views.knowledge_figures import people
from evalkit.views.table import NUMERIC, html_table


def until(rows: pd.DataFrame, day: str, *columns: str) -> pd.DataFrame:
    """Return the rows of a register that were of the past on a day, as indicators count them."""
    return rows[known_on(rows, *columns) <= pd.Timestamp(day)]


def _headings(language: str, *columns: str) -> list[tuple[str, str]]:
    numeric = ("people", "needs", "experts", "figure")
    return [
        (text(f"column.{name}", language), NUMERIC if name in numeric else "text")
        for name in columns
    ]


def events_table(events: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return events as a table, the latest first: what, when, where, articles, people."""
    when = events["started_on"].dt.strftime("%Y-%m-%d")
    rows = events.assign(when=when.fillna(events["year"].astype("str")))
    rows = rows.sort_values(["when", "event"], ascending=[False, True], kind="stable")
    cells = [
        (
            row.title,
            row.dates_printed or ("" if row.when == "<NA>" else row.when),
            ", ".join(p for p in (row.city, entities.titles(language).get(row.country, "")) if p),
            row.articles,
            row.funders,
            people(row, language),
        )
        for row in rows.itertuples()
    ]
    names = ("event", "when", "where", "articles", "funders", "people")
    return html_table(_headings(language, *names), cells, caption)


def asks_table(asks: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return asks as a table: what, of whom, by when, and what is known of their state."""
    cells = [
        (
            f"{text(f'verb.{row.verb}', language)}: {row.gist}",
            row.addressee_printed or row.addressee,
            row.due_meeting or text("period.no-meeting", language),
            _state(row.state, row.state_on, language),
            f"{row.document}, {row.paragraph}",
            text(f"ask.{row.kind}", language),
        )
        for row in asks.itertuples()
    ]
    names = ("ask", "addressee", "due", "state", "document", "standing")
    return html_table(_headings(language, *names), cells, caption)


def _state(state: str, told_on: pd.Timestamp, language: str) -> str:
    said = text(f"state.{state}", language)
    if pd.isna(told_on):
        return said
    return f"{said} ({text('view.as_of', language, day=numbers.day(told_on, language))})"


def match_table(items: pd.DataFrame, experts: pd.DataFrame, caption: str, language: str) -> str:
    """Return needs beside expertise by topic, from the results of both.

    Parameters
    ----------
    items, experts : DataFrame
        Results of support-items and of experts-listed for the world.
    caption, language : str
        What the table holds; language of its words.
    """
    needs = _by_topic(items, "need-topic/")
    listed = _by_topic(experts, "topic/")
    cells = []
    for topic in sorted({*needs, *listed}):
        wanted, known = needs.get(topic, 0), listed.get(topic, 0)
        key = "met" if wanted and known else "unmet" if wanted else "unused"
        cells.append(
            (
                text(f"topic.{topic}", language),
                numbers.plain(wanted, language=language),
                numbers.plain(known, language=language),
                text(f"match.{key}", language),
            )
        )
    return html_table(_headings(language, "topic", "needs", "experts", "match"), cells, caption)


def _by_topic(rows: pd.DataFrame, prefix: str) -> dict[str, float]:
    found = rows[rows["series"].str.startswith(prefix) & (rows["status"] == Status.OK)]
    topics = found["series"].str.removeprefix(prefix)
    return dict(zip(topics, found["value"], strict=True))


def measure_title(channel: str, measure: str, language: str = "en") -> str:
    """Return what a figure on communication is called: channel and what is counted."""
    named = text(f"series.{channel}", language)
    return f"{named}: {text(f'measure.{measure}', language)}"


def figures_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return all figures of the table `communication`, with their hedges and units."""
    ordered = rows.sort_values(["channel", "measure", "year"])
    cells = [
        (
            measure_title(row.channel, row.measure, language),
            str(row.year),
            text(f"hedge.{row.qualifier}", language, number=round(row.value))
            + ("" if row.unit == "count" else f" {text(f'measured.{row.unit}', language)}"),
            row.note,
        )
        for row in ordered.itertuples()
    ]
    return html_table(_headings(language, "measure", "year_of", "figure", "note"), cells, caption)
