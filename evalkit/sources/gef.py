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
from evalkit.sources.tidy import ragged

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
PRINTED = {ours: theirs for theirs, ours in COLUMNS.items()}
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
    if uneven := ragged(sheet):
        count = len(sheet.records)
        control = {"read": count, "taken": 0, "set_apart": count}
        return Loaded("gef", sheet.shown, {}, tuple(uneven), control)
    raw = pd.DataFrame(sheet.records, columns=list(sheet.heading), dtype="str")
    raw = raw[list(COLUMNS)].rename(columns=COLUMNS).apply(lambda cells: cells.str.strip())
    lines = pd.Series(sheet.lines, index=raw.index)
    day = as_of or next(iter(_DAY.findall(sheet.path.name)), "")
    failures = _failures(raw, lines, sheet.shown, day)
    good = ~lines.isin({failure.line for failure in failures}) & bool(day)
    projects = _projects(raw[good], lines[good], sheet, day)
    places = _places(raw[good], lines[good], sheet, day)
    control = {"read": len(raw), "taken": int(good.sum()), "set_apart": int((~good).sum())}
    return Loaded(
        "gef",
        sheet.shown,
        {"projects": projects, "project_places": places},
        tuple(failures),
        control,
    )


def _failures(raw: pd.DataFrame, lines: pd.Series, shown: str, day: str) -> list[Failure]:
    found = [] if day else [_no_day(shown)]
    for column, reason, what, wrong in _odd_cells(raw):
        found += [
            Failure(
                reason,
                f"{what}: {raw.at[i, column]!r}",
                shown,
                int(lines[i]),
                PRINTED[column],
                "Export the list again.",
            )
            for i in raw.index[wrong]
        ]
    found += [
        Failure(
            Reason.UNKNOWN_NAME,
            f"{token!r} is no known country or region",
            shown,
            line,
            PRINTED["places"],
            remedy,
        )
        for line, token, remedy in _unknown_places(raw, lines)
    ]
    return found


def _no_day(shown: str) -> Failure:
    return Failure(
        Reason.MISSING_VALUE,
        "The export does not say of which day it is",
        shown,
        remedy="Put the day of the download into the file's name, as projects-2023-10-24.csv.",
    )


def _odd_cells(raw: pd.DataFrame) -> list[tuple[str, Reason, str, pd.Series]]:
    """Return column, reason, sentence and which rows, for each way a cell can be odd."""
    amount, year = r"(\d{1,3}(,\d{3})*|\d+)?", r"(\d{4})?"
    known = raw["status"].isin(STATUSES) | (raw["status"] == "")
    odd = [
        ("id", Reason.NOT_A_NUMBER, "ID is no number", ~raw["id"].str.fullmatch(r"\d+")),
        ("id", Reason.DUPLICATE_KEY, "ID stands more than once", raw.duplicated("id")),
    ]
    odd += [
        (name, Reason.NOT_A_NUMBER, "The amount is no whole US$", ~raw[name].str.fullmatch(amount))
        for name in ("grant_usd", "cofinancing_usd")
    ]
    not_year = ~raw["approval_year"].str.fullmatch(year)
    return [
        *odd,
        ("type", Reason.NOT_ALLOWED, "Type is not known", ~raw["type"].isin(TYPES)),
        ("approval_year", Reason.NOT_A_NUMBER, "Approval FY is no year", not_year),
        ("status", Reason.NOT_ALLOWED, "Status is not known", ~known),
    ]


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


def _projects(raw: pd.DataFrame, lines: pd.Series, sheet: Sheet, day: str) -> pd.DataFrame:
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
            "origin": lines.map(sheet.origin),
        },
        index=raw.index,
    )
    return tables.tidy("projects", frame)


def _once(agencies: str) -> str:
    return "; ".join(dict.fromkeys(agencies.split(", ")))


def _places(raw: pd.DataFrame, lines: pd.Series, sheet: Sheet, day: str) -> pd.DataFrame:
    tokens = _tokens(raw)
    resolved = {token: names.resolve(token) for token in tokens.unique()}
    frame = pd.DataFrame(
        {
            "project": "gef-" + raw["id"].reindex(tokens.index),
            "place": tokens.map(lambda token: resolved[token].entity),
            "place_kind": tokens.map(lambda token: resolved[token].kind),
            "as_printed": tokens,
            "source": f"gef-export-{day}",
            "basis": "reported",
            "origin": lines.reindex(tokens.index).map(sheet.origin),
        }
    )
    return tables.tidy("project_places", frame.drop_duplicates(["project", "place"]))
