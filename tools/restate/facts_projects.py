"""Restate the mercury part of the GEF portfolio and the SIP rounds as projects and places.

Reads gef/gef_export_2023-10-24.csv, gef/mercury_project_ids.csv and
sip/sip_projects.csv; writes projects.csv and project_places.csv.
"""

from __future__ import annotations

import html
import re
from itertools import chain
from pathlib import Path

from facts_common import REFERENCE, Row, folder, notes, plain, read, real, source_at, write
from facts_places import Place, place_of

from evalkit.sources.gef.themes import classify

GEF = "gef-export-2023-10-24"
GEF_DAY = "2023-10-24"
TYPES = {
    "PFD": "programme",
    "Full-size Project": "full_size",
    "Medium-size Project": "medium_size",
    "Enabling Activity": "enabling_activity",
}
THEMES = {
    "MIA": "initial_assessment",
    "NAP": "action_plan",
    "MIA+NAP": "initial_assessment_and_action_plan",
    "ASGM project": "gold_mining",
    "Other project": "other",
    "Programme (PFD)": "programme",
}
STATUSES = {
    "Completed": "completed",
    "Project Approved": "approved",
    "Concept Approved": "concept_approved",
    "Concept Proposed": "concept_proposed",
    "Cancelled": "cancelled",
    "Received by GEF Secretariat": "received",
}
LANGUAGES = {"fr": "French", "en": "English", "": ""}
CUT = " [title cut off in the stored copy]"
NO_AMOUNT = "amount of the project not found"
# A SIP project is "institutional" where its title, English or French, says one of these.
INSTITUTIONAL = {
    "capacity": re.compile("capacit", re.IGNORECASE),
    "institution": re.compile("institution", re.IGNORECASE),
    "framework": re.compile("framework|cadre", re.IGNORECASE),
}


def once(text: str) -> list[str]:
    """Return the parts of a list printed with commas, each once, in their order."""
    return list(dict.fromkeys(part.strip() for part in text.split(", ") if part.strip()))


def title(text: str) -> str:
    """Return a title without HTML entities, surplus blanks and the prefix "Project Title:"."""
    words = " ".join(html.unescape(text).split())
    return re.sub(r"^Project Title:\s*", "", words)


def overrides() -> dict[str, Row]:
    """Return the declared exceptions of each project, by field."""
    found: dict[str, Row] = {}
    for row in read(REFERENCE / "project_overrides.csv"):
        found.setdefault(row["project"], {})[row["field"]] = row["value"]
    return found


def gef_note(row: Row, rule: str) -> str:
    """Return what a reader must know about one row of the GEF export."""
    parts = row["Countries"].split(", ")
    return notes(
        "the title rule is doubtful: it names gold mining, not mercury"
        if rule == "gold-mining-only"
        else "",
        "a programme: its child projects are rows too" if row["Type"] == "PFD" else "",
        "an advanced assessment by its title" if "advanced" in row["Title"].lower() else "",
        "names a country twice" if len(once(row["Countries"])) < len(parts) else "",
    )


def gef_project(row: Row, kind: Row) -> Row:
    """Return one project of the GEF export."""
    said = classify(title(row["Title"]), TYPES[row["Type"]])
    declared = overrides().get(f"gef-{row['ID']}", {})
    return {
        "project": f"gef-{row['ID']}",
        "facility": "gef",
        "title": title(row["Title"]),
        "type": TYPES[row["Type"]],
        "theme": THEMES[kind["derived_kind"]],
        "rule": kind["match_rule"],
        "theme_rule": "override" if "theme" in declared else said.theme_rule,
        "topics": said.topics,
        "other_chemicals": said.other_chemicals,
        "status": STATUSES[row["Status"]],
        "approval_year": row["Approval FY"],
        "period": row["GEF Period"].replace(" ", ""),
        "fund": row["Funding Source (indexed field)"],
        "agencies": "; ".join(once(row["Agencies"])),
        "grant_usd": plain(row["GEF Grant"]),
        "cofinancing_usd": plain(row["Cofinancing"]),
        "as_of": GEF_DAY,
        "listing": "whole",
        "note": gef_note(row, kind["match_rule"]),
        "source": GEF,
        "basis": "reported",
    }


def place_row(project: Row, place: Place, printed: str) -> Row:
    """Return one place of a project, with the project's source and basis."""
    return {
        "project": project["project"],
        "place": place.id,
        "place_kind": place.kind,
        "as_printed": printed,
        "source": project["source"],
        "basis": project["basis"],
    }


def gef() -> tuple[list[Row], list[Row]]:
    """Return projects and places of the GEF export, for the ids of the title rule."""
    kinds = {row["ID"]: row for row in read(real("gef/mercury_project_ids.csv"))}
    projects, places = [], []
    for row in read(real("gef/gef_export_2023-10-24.csv")):
        if row["ID"] not in kinds:
            continue
        project = gef_project(row, kinds[row["ID"]])
        projects.append(project)
        tokens = once(html.unescape(row["Countries"]))
        places += [place_row(project, place_of(token), token) for token in tokens]
    return projects, places


def sip_basis(row: Row) -> str:
    """Return what a row of the SIP rests on: named, inferred to be in the round, or not found."""
    if not row["iso3"]:
        return "missing"
    return "inferred" if "INFERRED" in row["note"] else "reported"


def sip_note(row: Row) -> str:
    """Return the note of a SIP row: language of the title, what was not found."""
    language = LANGUAGES[row["title_language"]]
    asides = [row["note"].replace("ROUND 3 IS INFERRED", "round 3 is inferred")]
    if row["title_as_published"] and "title" not in row["note"]:
        asides.append(f"title in {language}")
    if "amount" not in row["note"]:
        asides.append(NO_AMOUNT)
    return notes(*asides)


def sip_project(row: Row, project: str) -> Row:
    """Return one project of the Specific International Programme."""
    printed = row["title_as_published"]
    rule = "|".join(word for word, pattern in INSTITUTIONAL.items() if pattern.search(printed))
    return {
        "project": project,
        "facility": "sip",
        "title": printed.replace(CUT, " …"),
        "type": "sip_project",
        "theme": "institutional" if rule else "other",
        "rule": rule,
        "status": "approved",
        "approval_year": row["approval_date"][:4],
        "period": f"SIP-{row['round']}",
        "fund": "Specific Trust Fund",
        "as_of": row["approval_date"],
        "note": sip_note(row),
        "source": source_at(row["source"]),
        "basis": sip_basis(row),
    }


def sip() -> tuple[list[Row], list[Row]]:
    """Return projects and places of the SIP, rounds 1 to 4."""
    projects, places = [], []
    unnamed = 0
    for row in read(real("sip/sip_projects.csv")):
        unnamed += not row["iso3"]
        label = row["iso3"].lower() or f"unnamed-{unnamed}"
        project = sip_project(row, f"sip-{row['round']}-{label}")
        place = Place(row["iso3"], "country") if row["iso3"] else Place("UNKNOWN", "unknown")
        projects.append(project)
        places.append(place_row(project, place, row["country"].replace("NOT FOUND", "not found")))
    return projects, places


def main(out: Path) -> None:
    """Write projects.csv and project_places.csv."""
    both = [gef(), sip()]
    write("projects", list(chain(*(projects for projects, _ in both))), out)
    write("project_places", list(chain(*(places for _, places in both))), out)


if __name__ == "__main__":
    main(folder(__doc__ or ""))
