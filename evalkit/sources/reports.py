"""Simple lists of the national reports received: Party, cycle and day of receipt.

Whoever keeps the list chooses the headings; several plausible ones are known. Nothing else
of the sheet is read. evalkit's own table `submissions` also has `source` and `basis`, and is
read as that table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import Reason
from evalkit.reference.names import normal_form
from evalkit.sources.cycles import REMEDY, cycle_of, first_days, known
from evalkit.sources.days import iso_days
from evalkit.sources.entries import UNSTATED, Entries, Origin, load, nothing, of_sheet
from evalkit.sources.tidy import ragged

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

FORM = "reports-list"
TITLE = "List of national reports received"
HEADINGS = {
    "party": ("party", "parties", "country", "state", "party name", "country name", "iso3", "iso"),
    "cycle": (
        "cycle",
        "reporting cycle",
        "report type",
        "type of report",
        "reporting period",
        "report",
        "national report",
        "title",
    ),
    "submitted_on": (
        "submitted on",
        "submitted",
        "submission",
        "submission date",
        "date of submission",
        "date submitted",
        "received on",
        "received",
        "date received",
        "date of receipt",
        "day of receipt",
    ),
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has a Party, a cycle and a day of receipt, and is no tidy table."""
    return not {"source", "basis"} & set(sheet.heading) and columns(sheet, HEADINGS) is not None


def columns(sheet: Sheet, wanted: dict[str, tuple[str, ...]]) -> dict[str, str] | None:
    """Return the heading for each name, the first that is known; None where one is absent.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    wanted : dict of str to tuple of str
        Known headings of each name, in small letters without punctuation, the best first.
    """
    have = {normal_form(text.replace("_", " ")): text for text in reversed(sheet.heading)}
    found = {}
    for name, headings in wanted.items():
        hit = next((heading for heading in headings if heading in have), None)
        if hit is None:
            return None
        found[name] = have[hit]
    return found


def read(sheet: Sheet) -> Loaded:
    """Read the list into the tidy table `submissions`.

    Parameters
    ----------
    sheet : Sheet
        The list, split into cells.

    Returns
    -------
    Loaded
        Entries whose Party, cycle and day are each one; the others are set apart.
    """
    if uneven := ragged(sheet):
        return nothing(sheet.shown, FORM, uneven, len(sheet.records))
    text, findings, origins = of_sheet(sheet, columns(sheet, HEADINGS) or {})
    entries = Entries("submissions", text, findings, origins)
    return submissions(entries, Origin(FORM, UNSTATED, TITLE), sheet.path, stated=True)


def submissions(entries: Entries, origin: Origin, path: Path, *, stated: bool) -> Loaded:
    """Return the entries of a list of reports as the table `submissions`.

    Parameters
    ----------
    entries : Entries
        With `party`, `cycle` (an id, a period or a title) and `submitted_on` as printed.
    origin : Origin
        Who published the list.
    path : Path
        The file.
    stated : bool
        Whether `cycle` is what the list says of the cycle, and not a title that may tell it.
    """
    text, findings = entries.text, entries.findings
    told = text["cycle"].map(
        {cell: cycle_of(cell, stated=stated) for cell in text["cycle"].unique()}
    )
    findings.add(
        told == "",
        text["cycle"],
        "cycle",
        Reason.NOT_ALLOWED,
        lambda cell: f"{cell!r} does not say of which one cycle the report is",
        f"{REMEDY} Cycles: {', '.join(known())}.",
    )
    days = iso_days(text["submitted_on"])
    too_early = (told != "") & (days < told.map(first_days())) & days.str.match(r"\d{4}-")
    findings.add(
        too_early,
        days,
        "submitted_on",
        Reason.CONTRADICTION,
        lambda day: f"submitted_on is {day}, before the period of the report's cycle begins",
        "Correct the day or the cycle.",
    )
    entries.text = text.assign(cycle=told, submitted_on=days)
    return load(entries, origin, path)
