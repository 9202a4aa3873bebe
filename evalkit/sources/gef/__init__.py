"""The project database export of the Global Environment Facility, every layout since 2020.

Amounts are whole US$ as text with thousands commas, and blank, zero and present are three
different things. "GEF Grant" leaves out preparation grants and fees. "Approval FY" is kept
as published; tested against dated approvals it is a calendar year. The export has no day of
its own: the day comes from a column of the day, from the file's name or from whoever sends it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Failure, Reason
from evalkit.sources.gef import cells, frames
from evalkit.sources.gef.layout import AMOUNTS, BOTH, SMALLEST_WHOLE, columns, is_export
from evalkit.sources.loaded import Loaded
from evalkit.sources.tidy import ragged

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet

_DAY = re.compile(r"(?<!\d)(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)(?!\d)")
_FACETS = {
    "status": "status",
    "period": "replenishment",
    "fund": "fund",
    "type": "type",
    "agencies": "agency",
    "focal_areas": "focal area",
    "places": "country",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of an export, in whatever order."""
    return is_export(sheet.heading)


def read(sheet: Sheet) -> Loaded:
    """Read an export into the tidy tables `projects` and `project_places`.

    Parameters
    ----------
    sheet : Sheet
        The export, split into cells. Its day is that of its column of the day or of the
        file's name (`...2023-10-24...`), else `as_of` of the sheet; without one nothing is
        taken, nor where the two differ.

    Returns
    -------
    Loaded
        Tables of the rows without failure, themed by declared rules, since the export has no
        mark of the Convention. Its notes say whether the list may be filtered; its totals
        have the amounts read, taken and set apart.
    """
    if uneven := structure(sheet):
        count = len(sheet.records)
        control = {"read": count, "taken": 0, "set_apart": count}
        return Loaded("gef", sheet.shown, {}, tuple(uneven), control)
    raw = cells.cells(sheet)
    lines = pd.Series(sheet.lines, index=raw.index)
    told = _day(raw, sheet.path.name)
    day = told if sheet.as_of in ("", told) else "" if told else sheet.as_of
    failures = cells.failures(raw, lines, sheet)
    if not day:
        failures.insert(0, _other_day(sheet, told) if told else _no_day(sheet.shown))
    good = ~lines.isin({failure.line for failure in failures}) & bool(day)
    listing = "part" if _filtered_by(raw) or len(raw) < SMALLEST_WHOLE else "whole"
    rows, of = (raw, lines) if good.all() else (raw[good], lines[good])  # a copy costs memory
    made = {
        "projects": frames.projects(rows, of, sheet, day=day, listing=listing),
        "project_places": frames.places(rows, of, sheet, day=day),
    }
    control = {"read": len(raw), "taken": int(good.sum()), "set_apart": int((~good).sum())}
    said, sums = notes(sheet, raw), _totals(raw, good)
    return Loaded("gef", sheet.shown, made, tuple(failures), control, said, sums)


def structure(sheet: Sheet) -> list[Failure]:
    """Return what is wrong with the form of an export: rows of another width, columns twice."""
    return [*_twice(sheet), *ragged(sheet)]


def _twice(sheet: Sheet) -> list[Failure]:
    """Return a failure for each column that the reader asks for and finds more than once."""
    asked = set(columns(sheet.heading).values())
    return [
        Failure(
            Reason.UNKNOWN_COLUMN,
            f"The column {name!r} is there more than once",
            sheet.shown,
            1,
            name,
            "Remove one of the two columns.",
        )
        for name in sorted(asked)
        if sheet.heading.count(name) > 1
    ]


def _day(raw: pd.DataFrame, name: str) -> str:
    days = [text[:10] for text in raw["as_of"].unique()]
    found = _DAY.search(days[0] if len(days) == 1 and days[0] else name)
    if not found:
        return ""
    day = pd.to_datetime("-".join(found.groups()), format="%Y-%m-%d", errors="coerce")
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"


def _no_day(shown: str) -> Failure:
    return Failure(
        Reason.MISSING_VALUE,
        "The export does not say of which day it is",
        shown,
        remedy="Put the day of the download into the file's name, as projects-2023-10-24.csv, or "
        "give it: --as-of 2023-10-24, in a build the columns file and as_of of its row of sources.",
    )


def _other_day(sheet: Sheet, told: str) -> Failure:
    return Failure(
        Reason.CONTRADICTION,
        f"The export is of {told} by its own telling, and of {sheet.as_of} by that of its sender",
        sheet.shown,
        remedy="Find out which day is right, and correct the other.",
    )


def _filtered_by(raw: pd.DataFrame) -> list[str]:
    """Return what all rows have in common: the list was made with such a filter."""
    if len(raw) < 2:
        return []
    found = []
    for column, told in _FACETS.items():
        common = set.intersection(*({*cell.split(", ")} for cell in raw[column].unique()))
        found += [f"{told} {token!r}" for token in sorted(common - {""})]
    return found


def notes(sheet: Sheet, raw: pd.DataFrame) -> tuple[str, ...]:
    """Return what is not wrong and must be known: a part of the list, blank records, columns.

    Parameters
    ----------
    sheet : Sheet
        The export.
    raw : DataFrame
        Its cells, as `evalkit.sources.gef.cells.cells` gives them.
    """
    facets, count = _filtered_by(raw), len(raw)
    found = []
    if facets:
        told = ", ".join(facets)
        found.append(f"may be part of the portfolio: every row has {told}, as a filter leaves it")
    elif count < SMALLEST_WHOLE:
        least = f"{SMALLEST_WHOLE:,}"
        found.append(f"may be part of the portfolio: {count:,} rows, a whole list has {least}")
    if sheet.blank:
        told = ", ".join(str(line) for line in sheet.blank[:5])
        found.append(f"blank records passed over: {len(sheet.blank)} (line {told})")
    if BOTH in columns(sheet.heading):
        found.append("this layout prints $0 both for zero and for an amount that is not published")
    if "type" not in columns(sheet.heading):
        found.append("this layout has no type: programmes can't be told from projects by it")
    return tuple(found)


def _totals(raw: pd.DataFrame, good: pd.Series) -> dict[str, int]:
    """Return amounts read, taken and set apart, in US$; what is no amount counts as nothing."""
    totals: dict[str, int] = {}
    for name in AMOUNTS:
        amounts = cells.amount(raw[name]).fillna(0)
        parts = (("read", amounts), ("taken", amounts[good]), ("set_apart", amounts[~good]))
        totals |= {f"{name}_{part}": int(some.sum()) for part, some in parts}
    return totals
