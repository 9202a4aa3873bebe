"""The workbook of EDGAR: three sheets of the same emissions, which must agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.errors import Failure, Reason
from evalkit.sources.files import Sheet
from evalkit.sources.inventories import edgar
from evalkit.sources.inventories.reading import Reading
from evalkit.sources.joined import joined, refused
from evalkit.sources.loaded import Loaded

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.sources.documents import Document

SECTORS, OLDER, TOTALS = "IPCC 2006", "IPCC 1996", "TOTALS BY COUNTRY"
UNIT = "Unit:"
DEEPEST = 60  # rows within which the heading must come


def recognise(document: Document) -> bool:
    """Tell whether a workbook has the sheets of EDGAR, by name."""
    return {SECTORS, TOTALS} <= {page.sheet.title for page in document.workbook.pages}


def read(document: Document) -> Loaded:
    """Read the sheet of sectors, checked against the other two.

    Returns
    -------
    Loaded
        As `edgar.read`, with the totals of countries as category ``total``, and only these say
        which countries are held in others. Nothing is taken where a country's sectors do not
        add up to what the other sheets say.
    """
    here = {page.sheet.title for page in document.workbook.pages}
    wanted = [name for name in (SECTORS, OLDER, TOTALS) if name in here]
    pages = [page for page in document.workbook.pages if page.sheet.title in wanted]
    if problems := [one for page in pages for one in page.problems]:
        return replace(refused(pages[0].sheet, problems), source="edgar")
    sheet, unit = open_sheet(document, SECTORS)
    loaded = edgar.read(sheet, unit=unit)
    if not loaded.tables:
        return loaded
    sectors = loaded.tables["emissions"]
    others = {name: open_sheet(document, name) for name in wanted[1:]}
    failures = [
        failure
        for name, (other, stated) in others.items()
        for failure in _differences(sectors, other, name, (unit, stated))
    ]
    if failures:
        none = {**loaded.control, "taken": 0, "set_apart": loaded.control["read"]}
        control = {**none, "passed_over": 0}
        return replace(loaded, tables={}, failures=(*loaded.failures, *failures), control=control)
    kept = {name: rows for name, rows in loaded.tables.items() if name != "emission_gaps"}
    totals = edgar.read(others[TOTALS][0], unit=unit)
    return joined([replace(loaded, tables=kept), totals], document.shown)


def _differences(
    sectors: pd.DataFrame, sheet: Sheet, name: str, units: tuple[str, str]
) -> Iterator[Failure]:
    """Tell where another sheet of the same emissions differs from the sectors that were read."""
    unit, stated = units
    remedy = "Ask the publisher which is right; nothing of the file is taken."
    if stated != unit:
        what = f"The sheet {name} is in {stated!r}, and {SECTORS} in {unit!r}"
        yield Failure(Reason.CONTRADICTION, what, sheet.shown, remedy=remedy)
        return
    differ = edgar.compare_totals(sectors, edgar.amounts(Reading(sheet, "edgar"), unit))
    for entity, year in differ.index[differ]:
        what = f"The sectors of {entity} {year} do not add up to the sheet {name}"
        yield Failure(Reason.CONTRADICTION, what, sheet.shown, remedy=remedy)


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
