"""Restate workshops, sessions and webinars as events and the countries taking part.

Reads capacity/capacity_events_sample.csv. Two events were found on further pages since
that file was compiled; `FOUND` holds what those pages add.
"""

from __future__ import annotations

import re
from pathlib import Path

from facts_common import Row, folder, notes, read, real, source_at, write

KINDS = {"workshop": "workshop", "online session": "online_session", "webinar": "webinar"}
MODALITIES = {"in person": "in_person", "online": "online", "": ""}
INFERRED_DATES = {"EV007", "EV017"}
ASSIGNED = "articles assigned in compiling, not by the organiser"
FOUND: dict[str, Row] = {
    "EV003": {
        "funders": "European Commission",
        "participants_countries": "27",
        "languages": "en; fr; es",
        "note": "19 delegations of the African region, 5 of GRULAC, and India, Iran and Pakistan, "
        "together 27; languages are those of the working groups",
        "source": "envmed-workshop-2023",
    },
    "EV018": {
        "country": "PHL",
        "year": "2024",
        "note": "back-to-back with the planetGOLD Global Forum of June 2024, day not found; "
        "country inferred from the organisers and the Secretariat's visit of June 2024; "
        "responds to decision MC-5/2",
        "source": "minamata-trade-workshop-2024",
        "basis": "inferred",
    },
}
FOUND_COUNTRIES = {"EV003": ["IND", "IRN", "PAK"]}


def note(row: Row) -> str:
    """Return the note of an event: as compiled, then what the columns cannot hold."""
    people = row["n_participants"]
    aside = re.search(r"\((.*)\)", row["participant_countries"])
    return notes(
        row["note"].replace("article is the researcher's guess", "").strip("; "),
        f"participants: {people}" if people and not people.isdigit() else "",
        f"countries are those of {aside.group(1)}" if aside else "",
        ASSIGNED if row["articles"] else "",
    )


def event(row: Row) -> Row:
    """Return one event."""
    people = row["n_participants"]
    day = len(row["start"]) == len("2020-01-01")
    found = dict(FOUND.get(row["event_id"], {}))
    if "note" in found:
        found["note"] = notes(found["note"], ASSIGNED)
    built = {
        "event": row["event_id"],
        "title": row["title"],
        "kind": KINDS[row["type"]],
        "started_on": row["start"] if day else "",
        "ended_on": row["end"],
        "year": "" if day else row["start"],
        "modality": MODALITIES[row["modality"]],
        "city": row["city"],
        "country": row["country"],
        "articles": row["articles"],
        "organisers": row["organisers"],
        "host": row["host"],
        "funders": row["funders"],
        "participants": people if people.isdigit() else "",
        "participants_government": row["n_government"],
        "participants_countries": row["n_countries"],
        "languages": row["languages"],
        "documents": row["documents"],
        "note": note(row),
        "basis": "inferred" if row["event_id"] in INFERRED_DATES else "reported",
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
