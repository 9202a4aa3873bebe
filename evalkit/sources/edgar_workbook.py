"""The workbook of EDGAR: three sheets of the same emissions, which must agree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.errors import Failure, Reason
from evalkit.sources import edgar
from evalkit.sources.files import Sheet
from evalkit.sources.inventories import Reading
from evalkit.sources.loaded import Loaded

if TYPE_CHECKING:
    from evalkit.sources.documents import Document

SECTORS, TOTALS = "IPCC 2006", "TOTALS BY COUNTRY"
UNIT = "Unit:"
DEEPEST = 60  # rows within which the heading must come


def recognise(document: Document) -> bool:
    """Tell whether a workbook has the sheets of EDGAR, by name."""
    from python_calamine import CalamineWorkbook

    names = CalamineWorkbook.from_path(document.path).sheet_names
    return {SECTORS, TOTALS} <= set(names)


def read(document: Document) -> Loaded:
    """Read the sheet of sectors, checked against the sheet of totals.

    Returns
    -------
    Loaded
        As `edgar.read`; nothing is taken where a country's sectors do not add up to its total.
    """
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
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(document.path).get_sheet_by_name(name).to_python()
    start = next((i for i, row in enumerate(rows[:DEEPEST]) if row and row[0] == edgar.FIRST), None)
    if start is None:
        raise document.refusal(f"has no heading that begins with {edgar.FIRST} on its sheet {name}")
    unit = next((str(row[1]).strip() for row in rows[:start] if row[0] == UNIT), "")
    heading = tuple(str(cell).strip() for cell in rows[start])
    records = [[_text(cell) for cell in row] for row in rows[start + 1 :]]
    lines = list(range(start + 2, len(rows) + 1))
    shown = f"{document.shown}#{name}"
    return Sheet(document.path, shown, heading, records, lines, ","), unit


def _text(cell: object) -> str:
    return repr(cell) if isinstance(cell, float) else str(cell)
