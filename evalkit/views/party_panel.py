"""The panel of one Party: membership, reports, obligations, projects, emissions."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.model import Basis, Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.reference.titles import title
from evalkit.views import numbers
from evalkit.views.choice import period_title, series_title
from evalkit.views.table import NUMERIC, html_table

if TYPE_CHECKING:
    from collections.abc import Mapping

UNCLASSIFIED = "unclassified"  # theme of what no rule about titles knows
MOST = 12  # rows shown of a long list; the rest is counted


@dataclass(frozen=True)
class PartyData:
    """What the panel shows: tidy tables and results by name, read once for all Parties."""

    tables: Mapping[str, pd.DataFrame]
    results: Mapping[str, pd.DataFrame]


def party_panel(data: PartyData, iso3: str, as_of: str, language: str = "en") -> str:
    """Return the panel of a Party or State as HTML.

    Parameters
    ----------
    data : PartyData
        Tables parties, projects, project_places; results of obligations, emissions-to-air,
        gef-grants, reporting-rate.
    iso3 : str
        The State.
    as_of : str
        The day; obligations are those of the nearest stored day, which is this one.
    language : str
        Language of the texts.

    Returns
    -------
    str
        Sections with a heading each; every text of a file is escaped.
    """
    parties = data.tables["parties"].set_index("iso3")
    party = parties.loc[iso3]
    sections = [
        ("membership", membership(party, as_of, language)),
        ("reports", obligations(data, iso3, as_of, language, reports=True)),
        ("obligations", obligations(data, iso3, as_of, language, reports=False)),
        ("projects", projects(data, iso3, language)),
        ("emissions", emissions(data, iso3, language)),
    ]
    groups = ", ".join(
        entities.groups(language)[g] for g in entities.groups_of(iso3) if g != entities.WORLD
    )
    named = title("place", iso3, language, given=party["name"])
    head = f"<h3>{html.escape(named)}</h3><p>{html.escape(groups)}</p>"
    body = "".join(
        f"<section><h4>{html.escape(text(f'party.{key}', language))}</h4>{content}</section>"
        for key, content in sections
    )
    return f'<div class="evalkit-party">{head}{body}</div>'


def membership(party: pd.Series, as_of: str, language: str) -> str:
    """Return when a State signed, ratified and was bound, with what is doubtful, as HTML."""
    said = []
    for event in ("signed_on", "deposited_on", "in_force_on"):
        if pd.notna(party[event]):
            when = numbers.day(party[event], language)
        elif event != "signed_on" and party["basis"] == Basis.MISSING:
            when = text("basis.missing", language)
        else:
            when = text("party.none", language)
        said.append((text(f"party.{event}", language), when))
    items = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>"
        for name, value in said
    )
    notes = []
    if party["basis"] in (Basis.MEMORY, Basis.MISSING, Basis.INFERRED):
        notes.append(text("view.basis", language, basis=text(f"basis.{party['basis']}", language)))
    if party["note"]:
        notes.append(str(party["note"]))
    told = "".join(f'<p class="evalkit-note">{html.escape(note)}</p>' for note in notes)
    return f"<dl>{items}</dl>{told}"


def obligations(data: PartyData, iso3: str, as_of: str, language: str, *, reports: bool) -> str:
    """Return the due days of a State, of its reports or of the other clauses, as HTML."""
    rows = data.results["obligations"]
    rows = rows[(rows["entity"] == iso3) & (rows["as_of"] == as_of)]
    rows = rows[rows["series"].str.startswith("report-") == reports]
    if (rows["status"] == Status.NOT_PARTY).all():
        return _paragraph(text("party.not_bound", language))
    undated = rows["period"] == ""
    rows = rows.assign(undated=undated).sort_values(["undated", "period", "series"])
    headings = [
        (text("column.what", language), "text"),
        (text("column.due", language), "day"),
        (text("column.state", language), "text"),
    ]
    cells = [
        (
            series_title(row.series, language),
            numbers.day(row.period, language) if row.period else "",
            text(f"clock.{row.status}", language),
        )
        for row in rows.itertuples()
    ]
    note = _paragraph(text("party.clock_note", language), "evalkit-note")
    return html_table(headings, cells, text("party.clock", language)) + note


def projects_of(data: PartyData, iso3: str) -> pd.DataFrame:
    """Return the financed projects on mercury that name a State, rows of the table projects.

    A publisher's whole list has thousands of others, which no rule about titles knows.
    """
    places, listed = data.tables["project_places"], data.tables["projects"]
    named = listed["project"].isin(places.loc[places["place"] == iso3, "project"])
    return listed[named & (listed["theme"] != UNCLASSIFIED)]


def projects(data: PartyData, iso3: str, language: str) -> str:
    """Return the financed projects that name a State, as HTML."""
    rows = projects_of(data, iso3)
    if rows.empty:
        return _paragraph(text("party.no_projects", language))
    rows = rows.sort_values(["approval_year", "project"], ascending=[False, True], kind="stable")
    headings = [
        (text("column.project", language), "text"),
        (text("column.year", language), "text"),
        (text("column.status", language), "text"),
        (text("column.grant", language), NUMERIC),
    ]
    cells = [
        (
            _title(row, language),
            "" if pd.isna(row.approval_year) else str(row.approval_year),
            text(f"project.{row.status}", language) if row.status else "",
            numbers.exact(row.grant_usd, "USD", language) or text("party.no_amount", language),
        )
        for row in rows.head(MOST).itertuples()
    ]
    more = len(rows) - MOST
    tail = _paragraph(text("party.more", language, count=more)) if more > 0 else ""
    note = _paragraph(text("party.money_note", language), "evalkit-note")
    return html_table(headings, cells, text("party.projects", language)) + tail + note


def _title(row: Any, language: str) -> str:
    title = f"{row.title or text('party.untitled', language)} ({row.project})"
    if row.type != "programme":
        return title
    return f"{title} · {text('party.programme', language)}"


def emissions(data: PartyData, iso3: str, language: str) -> str:
    """Return what inventories tell of a State, first and latest year, as HTML."""
    rows = data.results["emissions-to-air"]
    rows = rows[(rows["entity"] == iso3) & (rows["status"] == Status.OK)]
    rows = rows[~rows["series"].str.contains("/")]
    if rows.empty:
        return _paragraph(text("party.no_emissions", language))
    latest = rows.sort_values("period").groupby("series").tail(1)
    first = rows.sort_values("period").groupby("series").head(1).set_index("series")
    headings = [
        (text("column.inventory", language), "text"),
        (text("column.first", language), NUMERIC),
        (text("column.latest", language), NUMERIC),
    ]
    cells = [
        (
            series_title(row.series, language),
            _amount(first.loc[row.series], language),
            _amount(pd.Series(row._asdict()), language),
        )
        for row in latest.itertuples(index=False)
    ]
    return html_table(headings, cells, text("party.emissions", language))


def _amount(row: pd.Series, language: str) -> str:
    year = period_title(str(row["period"]), language)
    return f"{numbers.value(float(row['value']), 'kg', language)} ({year})"


def _paragraph(said: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{html.escape(said)}</p>"
