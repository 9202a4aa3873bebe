"""The workbook of EDGAR: three sheets of the same emissions, which must agree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.errors import Failure, Reason
from evalkit.sources import edgar
from evalkit.sources.files import Sheet
from evalkit.sources.inventories import Reading
from evalkit.sources.joined import refused
from evalkit.sources.loaded import Loaded

if TYPE_CHECKING:
    from evalkit.sources.documents import Document

SECTORS, TOTALS = "IPCC 2006", "TOTALS BY COUNTRY"
UNIT = "Unit:"
DEEPEST = 60  # rows within which the heading must come


def recognise(document: Document) -> bool:
    """Tell whether a workbook has the sheets of EDGAR, by name."""
    return {SECTORS, TOTALS} <= {page.sheet.title for page in document.workbook.pages}


def read(document: Document) -> Loaded:
    """Read the sheet of sectors, checked against the sheet of totals.

    Returns
    -------
    Loaded
        As `edgar.read`; nothing is taken where a country's sectors do not add up to its total.
    """
    pages = [page for page in document.workbook.pages if page.sheet.title in (SECTORS, TOTALS)]
    if problems := [one for page in pages for one in page.problems]:
        return replace(refused(pages[0].sheet, problems), source="edgar")
    sheet, unit = open_sheet(document, SECTORS)
    loaded = edgar.read(sheet, unit=unit)
    if loaded.failures:
        return loaded
    totals, _ = open_sheet(document, TOTALS)
    both = [edgar.amounts(Reading(one, "edgar"), unit) for one in (sheet, totals)]
    differ = edgar.compare_totals(*both)
    failures = [
        Failure(
            Reason.CONTRADICTION,
            f"The sectors of {entity} {year} do not add up to its total",
            document.shown,
            remedy="Ask the publisher which is right; nothing of the file is taken.",
        )
        for entity, year in differ.index[differ]
    ]
    if not failures:
        return loaded
    none = {**loaded.control, "taken": 0, "set_apart": loaded.control["read"], "passed_over": 0}
    return replace(loaded, tables={}, failures=tuple(failures), control=none)


def open_sheet(document: Document, name: str) -> tuple[Sheet, str]:
    """Return a sheet of the workbook, from its heading on, and the unit it states.

    Raises
    ------
    FileRefusedError
        The sheet has no heading within its first rows.
    """
    page = document.workbook.page(name)
    rows: list[list[str]] = [list(page.sheet.heading), *page.sheet.records] if page else []
    start = next((i for i, row in enumerate(rows[:DEEPEST]) if row and row[0] == edgar.FIRST), None)
    if page is None or start is None:
        raise document.refusal(f"has no heading that begins with {edgar.FIRST} on its sheet {name}")
    unit = next((row[1].strip() for row in rows[:start] if row[0].strip() == UNIT), "")
    below = replace(
        page.sheet,
        heading=tuple(cell.strip() for cell in rows[start]),
        records=rows[start + 1 :],
        lines=page.sheet.lines[start:],
    )
    return document.corrected(below), unit
