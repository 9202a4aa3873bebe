"""The project database export of the Global Environment Facility, layout of October 2023.

Fourteen columns; amounts are whole US$ as text with thousands commas, and blank, zero and
present are three different things. "GEF Grant" leaves out preparation grants and fees.
"Approval FY" is kept as published; tested against dated approvals it is a calendar year.
The export has no day of its own: the day comes from the file's name or from the caller.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason, UnknownNameError
from evalkit.reference import names
from evalkit.sources.loaded import Loaded

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet

COLUMNS = {
    "Title": "title",
    "ID": "id",
    "Countries": "places",
    "Type": "type",
    "Agencies": "agencies",
    "GEF Grant": "grant_usd",
    "Cofinancing": "cofinancing_usd",
    "Status": "status",
    "Approval FY": "approval_year",
    "Funding Source (indexed field)": "fund",
    "GEF Period": "period",
}
TYPES = {
    "Full-size Project": "full_size",
    "Medium-size Project": "medium_size",
    "Enabling Activity": "enabling_activity",
    "PFD": "programme",
}
STATUSES = {
    "Completed": "completed",
    "Project Approved": "approved",
    "Concept Approved": "concept_approved",
    "Concept Proposed": "concept_proposed",
    "Cancelled": "cancelled",
    "Received by GEF Secretariat": "received",
}
_DAY = re.compile(r"(20\d\d-[01]\d-[0-3]\d)")


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of the export."""
    return set(COLUMNS) <= set(sheet.heading)


def read(sheet: Sheet, *, as_of: str | None = None) -> Loaded:
    """Read the export into the tidy tables `projects` and `project_places`.

    Parameters
    ----------
    sheet : Sheet
        The export, split into cells.
    as_of : str, optional
        Day the export stands for; taken from the file's name (`...2023-10-24...`) when left
        out, and refused when it is not there either.

    Returns
    -------
    Loaded
        Tables of the rows without failure; the theme of a project is `unclassified`, since
        the export has no mark of the Convention.
    """
    raw = pd.DataFrame(sheet.records, columns=list(sheet.heading), dtype="str")
    raw = raw[list(COLUMNS)].rename(columns=COLUMNS).apply(lambda cells: cells.str.strip())
    lines = pd.Series(sheet.lines, index=raw.index)
    day = as_of or next(iter(_DAY.findall(sheet.path.name)), "")
    failures = _failures(raw, lines, sheet.shown, day)
    good = ~lines.isin({failure.line for failure in failures}) & bool(day)
    projects = _projects(raw[good], lines[good], sheet.shown, day)
    places = _places(raw[good], lines[good], sheet.shown)
    control = {"read": len(raw), "taken": int(good.sum()), "set_apart": int((~good).sum())}
    return Loaded(
        "gef",
        sheet.shown,
        {"projects": projects, "project_places": places},
        tuple(failures),
        control,
    )


def _failures(raw: pd.DataFrame, lines: pd.Series, shown: str, day: str) -> list[Failure]:
    found: list[Failure] = []

    def add(wrong: pd.Series, column: str, reason: Reason, what: str, remedy: str) -> None:
        found.extend(
            Failure(reason, f"{what}: {raw.at[i, column]!r}", shown, int(lines[i]), column, remedy)
            for i in raw.index[wrong]
        )

    if not day:
        found.append(
            Failure(
                Reason.MISSING_VALUE,
                "The export does not say of which day it is",
                shown,
                None,
                "",
                "Put the day of the download into the file's name, as projects-2023-10-24.csv.",
            )
        )
    again = "Export the list again."
    add(~raw["id"].str.fullmatch(r"\d+"), "id", Reason.NOT_A_NUMBER, "ID is no number", again)
    add(raw.duplicated("id"), "id", Reason.DUPLICATE_KEY, "ID stands more than once", again)
    for column in ("grant_usd", "cofinancing_usd"):
        odd = ~raw[column].str.fullmatch(r"(\d{1,3}(,\d{3})*|\d+)?")
        add(odd, column, Reason.NOT_A_NUMBER, "The amount is no whole US$", again)
    add(~raw["type"].isin(TYPES), "type", Reason.NOT_ALLOWED, "Type is not known", again)
    known = raw["status"].isin(STATUSES) | (raw["status"] == "")
    add(~known, "status", Reason.NOT_ALLOWED, "Status is not known", again)
    for line, token, remedy in _unknown_places(raw, lines):
        found.append(
            Failure(
                Reason.UNKNOWN_NAME,
                f"{token!r} is no known country or region",
                shown,
                line,
                "Countries",
                remedy,
            )
        )
    return found


def _tokens(raw: pd.DataFrame) -> pd.Series:
    split = raw["places"].str.split(", ").explode().map(html.unescape).str.strip()
    return split[split != ""]


def _unknown_places(raw: pd.DataFrame, lines: pd.Series) -> list[tuple[int, str, str]]:
    tokens = _tokens(raw)
    unknown: dict[str, str] = {}
    for token in tokens.unique():
        try:
            names.resolve(token)
        except UnknownNameError as error:
            unknown[token] = error.remedy
    hits = tokens[tokens.isin(list(unknown))]
    return [(int(lines[i]), token, unknown[token]) for i, token in hits.items()]


def _amount(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells.str.replace(",", ""), errors="coerce").astype("float64")


def _projects(raw: pd.DataFrame, lines: pd.Series, shown: str, day: str) -> pd.DataFrame:
    title = raw["title"].map(html.unescape).str.replace(r"\s+", " ", regex=True).str.strip()
    frame = pd.DataFrame(
        {
            "project": "gef-" + raw["id"],
            "facility": "gef",
            "title": title.str.removeprefix("Project Title: "),
            "type": raw["type"].map(TYPES),
            "theme": "unclassified",
            "rule": "",
            "status": raw["status"].map(STATUSES).fillna(""),
            "approval_year": pd.to_numeric(raw["approval_year"], errors="coerce"),
            "period": raw["period"].str.replace(" - ", "-"),
            "fund": raw["fund"],
            "agencies": raw["agencies"].map(_once),
            "grant_usd": _amount(raw["grant_usd"]),
            "cofinancing_usd": _amount(raw["cofinancing_usd"]),
            "as_of": pd.Timestamp(day) if day else pd.NaT,
            "note": "",
            "source": f"gef-export-{day}",
            "basis": "reported",
            "origin": shown + ":" + lines.astype("str"),
        },
        index=raw.index,
    )
    return tables.tidy("projects", frame)


def _once(agencies: str) -> str:
    return "; ".join(dict.fromkeys(agencies.split(", ")))


def _places(raw: pd.DataFrame, lines: pd.Series, shown: str) -> pd.DataFrame:
    tokens = _tokens(raw)
    resolved = {token: names.resolve(token) for token in tokens.unique()}
    frame = pd.DataFrame(
        {
            "project": "gef-" + raw["id"].reindex(tokens.index),
            "place": tokens.map(lambda token: resolved[token].entity),
            "place_kind": tokens.map(lambda token: resolved[token].kind),
            "as_printed": tokens,
            "source": "gef-export",
            "basis": "reported",
            "origin": shown + ":" + lines.reindex(tokens.index).astype("str"),
        }
    )
    return tables.tidy("project_places", frame.drop_duplicates(["project", "place"]))
