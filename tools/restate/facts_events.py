"""Restate workshops, sessions and webinars as events and the countries taking part.

Reads capacity/capacity_events_sample.csv. Some events were found on further pages since
that file was compiled; `FOUND` holds what those pages add. What the five documents that the
project began with tell of further events is in data/facts/events-documents.csv, restated by
hand.
"""

from __future__ import annotations

import re
from pathlib import Path

from facts_common import Row, folder, notes, read, real, source_at, write

KINDS = {"workshop": "workshop", "online session": "online_session", "webinar": "webinar"}
MODALITIES = {"in person": "in_person", "online": "online", "": ""}
INFERRED_DATES = {"EV007", "EV017"}
SEASON_1, SEASON_2 = {"part_of": "EV130"}, {"part_of": "EV141"}
FOUND: dict[str, Row] = {
    "EV001": {
        "dates_printed": "31 October \u2013 1 November 2019",
        "objective": "exchange information on efforts to reduce mercury emission from coal, and "
        "identify opportunities and challenges for international cooperation",
        "partners": "UNEP Global Mercury Partnership",
        "held_with": "meeting of the Global Mercury Partnership on coal",
        "countries_listed": "some",
        "languages": "",
        "documents": "report (English only); presentations",
        "paragraph": "first workshop",
        "note": "countries are those of experts presenting; a joint event of the Secretariat's "
        "project funded by the European Union and UNEP's project under the China Trust Fund",
    },
    "EV002": {
        "dates_printed": "8-10 October 2019",
        "objective": "support countries in their trade-related obligations: ministries of the "
        "environment and customs officers share experiences",
        "partners": "Government of Bolivia",
        "countries_listed": "all",
        "documents": "report (Spanish only)",
        "paragraph": "second workshop",
        "note": "the partner is told in progress-report-2020, chapter 5.1; the project had "
        "500,000 euros from the Global Public Goods and Challenges Programme",
    },
    "EV003": {
        "funders": "European Union",
        "participants_countries": "27",
        "countries_listed": "some",
        "languages": "en; fr; es",
        "note": "19 delegations of the African region, 5 of GRULAC, and India, Iran and Pakistan, "
        "together 27; languages are those of the working groups; the funder is told in "
        "cop5-capacity-note, para. 15",
        "source": "envmed-workshop-2023",
    },
    "EV004": {"part_of": "EV112"},
    "EV005": {"part_of": "EV112"},
    "EV006": {"part_of": "EV112"},
    "EV007": {
        "part_of": "EV111",
        "dates_printed": "26 to 28 November July 2014",
        "funders": "Canada; China; Denmark; France; European Union; Finland; Japan; Netherlands; "
        "Sweden; Norway; Switzerland; United States of America",
        "note": 'source text reads "26 to 28 November July 2014"; posted 13 Nov 2014, so November '
        "taken; funders are those of the programme (inc6-interim-secretariat, para. 12)",
    },
    "EV008": {**SEASON_1, "sittings": "2"},
    "EV009": {**SEASON_1, "sittings": "2"},
    "EV010": SEASON_1,
    "EV011": SEASON_1,
    "EV012": SEASON_2,
    "EV015": {"dates_printed": "31 - 31 Aug 2023"},
    "EV017": {"dates_printed": "29 - 7 May 2024"},
    "EV018": {
        "country": "PHL",
        "year": "2024",
        "note": "back-to-back with the planetGOLD Global Forum of June 2024, day not found; "
        "country inferred from the organisers and the Secretariat's visit of June 2024; "
        "responds to decision MC-5/2",
        "held_with": "planetGOLD Global Forum of June 2024",
        "source": "minamata-trade-workshop-2024",
        "basis": "inferred",
    },
    "EV019": {"funders": "GEF"},
    "EV020": {"funders": "Japan; GEF", "countries_listed": "some"},
}
FOUND_COUNTRIES = {"EV003": ["IND", "IRN", "PAK"]}


def note(row: Row) -> str:
    """Return the note of an event: as compiled, then what the columns cannot hold."""
    people = row["n_participants"]
    funded = re.search(r"\((project .*)\)", row["funders"])
    return notes(
        row["note"].replace("article is the researcher's guess", "").strip("; "),
        f"participants: {people}" if people and not people.isdigit() else "",
        funded.group(1) if funded else "",
    )


def hedged(people: str) -> Row:
    """Return how many took part, and how the source hedged it: "almost 40" is close to 40."""
    if not people:
        return {}
    count = re.search(r"\d+", people)
    qualifier = "exact" if people.isdigit() else "close_to"
    return {"participants": count.group() if count else "", "participants_qualifier": qualifier}


def event(row: Row) -> Row:
    """Return one event."""
    day = len(row["start"]) == len("2020-01-01")
    found = FOUND.get(row["event_id"], {})
    built = {
        "event": row["event_id"],
        "title": row["title"],
        "kind": KINDS[row["type"]],
        "purpose": "capacity_building",
        "standing": "held",
        "started_on": row["start"] if day else "",
        "ended_on": row["end"],
        "year": "" if day else row["start"],
        "modality": MODALITIES[row["modality"]],
        "city": row["city"],
        "country": row["country"],
        "articles": row["articles"],
        "articles_by": "compiler" if row["articles"] else "",
        "organisers": row["organisers"],
        "host": row["host"],
        "funders": row["funders"],
        "participants_government": row["n_government"],
        "participants_countries": row["n_countries"],
        "countries_listed": "none",
        "languages": row["languages"],
        "documents": row["documents"],
        "note": note(row),
        "basis": "inferred" if row["event_id"] in INFERRED_DATES else "reported",
        **hedged(row["n_participants"]),
    }
    if "source" not in found:
        built["source"] = source_at(row["source"])
    return built | found


def countries(row: Row, source: str) -> list[Row]:
    """Return the countries that a source names as taking part in an event."""
    named = re.findall(r"\b[A-Z]{3}\b", row["participant_countries"])
    return [
        {"event": row["event_id"], "country": iso3, "source": source, "basis": "reported"}
        for iso3 in named + FOUND_COUNTRIES.get(row["event_id"], [])
    ]


def main(out: Path) -> None:
    """Write events.csv and event_countries.csv."""
    rows = read(real("capacity/capacity_events_sample.csv"))
    events = [event(row) for row in rows]
    named = [countries(row, built["source"]) for row, built in zip(rows, events, strict=True)]
    write("events", events, out)
    write("event_countries", [country for group in named for country in group], out)


if __name__ == "__main__":
    main(folder(__doc__ or ""))
