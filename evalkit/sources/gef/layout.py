"""Which columns an export of the project database has, whatever its year, and what they mean.

The layout changed more than once: ten columns in January 2020, nine in March 2020 with both
amounts in one cell, fourteen in 2023. Columns are found by their heading alone: their order
does not matter, and columns that nobody asks for are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Headings as printed in the exports of 2020 and 2023, reduced to their letters.
MEANINGS = {
    "title": "title",
    "id": "id",
    "countries": "places",
    "focalareas": "focal_areas",
    "type": "type",
    "agencies": "agencies",
    "implementingagencies": "agencies",
    "gefgrant": "grant_usd",
    "grant": "grant_usd",
    "cofinancing": "cofinancing_usd",
    "grantandcofinancing": "both_amounts",
    "status": "status",
    "approvalfy": "approval_year",
    "fundsource": "fund",
    "fundingsource": "fund",
    "fundingsourceindexedfield": "fund",
    "period": "period",
    "gefperiod": "period",
    "asofdate": "as_of",
}
NEEDED = ("id", "title", "places", "agencies", "status", "fund", "period")
OPTIONAL = ("focal_areas", "type", "approval_year", "as_of")
AMOUNTS = ("grant_usd", "cofinancing_usd")
BOTH = "both_amounts"

TYPES = {
    "Full-size Project": "full_size",
    "Medium-size Project": "medium_size",
    "Enabling Activity": "enabling_activity",
    "PFD": "programme",
}
TYPE_ABSENT = "not_published"  # the layouts of 2020 have no type at all
STATUSES = {
    "Completed": "completed",
    "Project Approved": "approved",
    "Concept Approved": "concept_approved",
    "Concept Proposed": "concept_proposed",
    "Cancelled": "cancelled",
    "Received by GEF Secretariat": "received",
    "Suspended": "suspended",
}
# Two funds had other names in 2020.
FUNDS = {
    "Capacity-building Initiative for Transparency": "CBIT Trust Fund",
    "Nagoya Protocol Implementation Fund": "NPIF",
}
# Rows of the smallest whole export that was seen, of January 2020; the list only grows.
SMALLEST_WHOLE = 4_952

AMOUNT = r"(?:\$?(?:\d{1,3}(?:,\d{3})*|\d+)(?:\.00?)?)?"
TWO_AMOUNTS = re.compile(rf"(?P<grant>{AMOUNT})  (?P<cofinancing>{AMOUNT})")


def meaning(heading: str) -> str:
    """Return what a column is for, or nothing where no reader asks for it.

    Examples
    --------
    >>> meaning("Funding Source (indexed field)"), meaning("Fund Source"), meaning("Colour")
    ('fund', 'fund', '')
    """
    return MEANINGS.get(re.sub(r"[^a-z]", "", heading.casefold()), "")


def columns(headings: Iterable[str]) -> dict[str, str]:
    """Return the heading of each meaning; of a meaning printed twice, the first.

    Examples
    --------
    >>> columns(["ID", "Grant and Cofinancing", "Note"])
    {'id': 'ID', 'both_amounts': 'Grant and Cofinancing'}
    """
    found: dict[str, str] = {}
    for heading in headings:
        if (what := meaning(heading)) and what not in found:
            found[what] = heading
    return found


def is_export(headings: Iterable[str]) -> bool:
    """Tell whether headings are those of an export: all that is needed, and the amounts."""
    found = columns(headings)
    amounts = BOTH in found or set(AMOUNTS) <= set(found)
    return amounts and set(NEEDED) <= set(found)
