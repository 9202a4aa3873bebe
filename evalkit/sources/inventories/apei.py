"""Canada's air pollutant emissions by source, sector and subsector, all substances beside.

The unit of a substance stands in its heading, as ``Hg (kg)``. Rows of the whole country (region
CA) stand among those of provinces, totals among their parts, years run backwards, and nothing
is printed as ``NaN``. The columns were seen for other substances; that mercury has a column of
its own in kg is background knowledge, and its unit is read from the heading.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.sources.inventories import windows
from evalkit.sources.inventories.clrtap import CATEGORY
from evalkit.sources.inventories.reading import UNSEEN, Reading, differing
from evalkit.sources.source_rows import source_id

if TYPE_CHECKING:
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

PLACED = {"region", "source", "sector", "subsector", "year"}
QUERIED = {"source", "sector", "subsector"}
COUNTRY, GRAND_TOTAL = "CA", "GRAND TOTAL"
_MERCURY = re.compile(r"hg \((\w+)\)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOTHING = ("", "NaN", "nan", "-", "x")
ABOUT = {
    "publisher": "Environment and Climate Change Canada",
    "title": "Canada's Air Pollutant Emissions Inventory, mercury",
    "note": "region CA; the grand total is checked against its parts",
}


def recognise(document: Document) -> bool:
    """Tell whether a text has the headings of the table, or of an answer to a query of it."""
    have = windows.heading(document.path)
    queried = set(have) >= QUERIED and any(map(_YEAR.fullmatch, have))
    return set(have) >= PLACED or queried


def read(document: Document) -> Loaded:
    """Read the amounts of mercury of the whole country into `emissions`, kg to air.

    Parameters
    ----------
    document : Document
        The table of regions, sources, sectors, subsectors and years.

    Returns
    -------
    Loaded
        One row for each subsector and year, and the grand total as ``national-total``. Provinces
        and sums of sources or sectors are passed over and counted. Nothing is taken where the
        grand total is not the sum of the subsectors, or no column is of mercury.

    Raises
    ------
    FileRefusedError
        As `evalkit.sources.files.read_sheet`.
    """
    sheet, _ = windows.opened(document)
    reading = Reading(replace(sheet, heading=tuple(map(windows.short, sheet.heading))), "apei")
    reading.notes.append(UNSEEN)
    column = next((name for name in reading.cells if _MERCURY.fullmatch(name)), "")
    if not column or "region" not in reading.cells:
        _refuse_without_mercury(reading)
        return reading.finish(pd.DataFrame(), ABOUT)
    reading.keep(reading.cells["region"].str.upper() == COUNTRY, "provinces")
    reading.keep(~reading.cells[column].isin(_NOTHING), "without_amount")
    whole = reading.cells["source"].str.upper() == GRAND_TOTAL
    reading.keep(whole | ~_sums(reading.cells), "sums_of_parts")
    whole = whole[reading.cells.index]
    unit = column.partition("(")[2].rstrip(")")
    frame = pd.DataFrame(
        {
            "inventory": "apei",
            "version": "1",
            "entity": "CAN",
            "year": reading.years("year"),
            "scheme": "APEI",
            "category": _categories(reading.cells).mask(whole, CATEGORY),
            "medium": "air",
            "species": "total",
            "kg": reading.kilograms(column, unit),
        },
        index=reading.cells.index,
    )
    _check_totals(reading, frame)
    return reading.finish(frame, ABOUT)


def _refuse_without_mercury(reading: Reading) -> None:
    queried = "region" not in reading.cells
    reading.refuse(
        Reason.MISSING_COLUMN,
        "The answer to a query says neither substance nor unit"
        if queried
        else "The table has no column of mercury, as Hg (kg)",
        "Load the table EN_APEI-Can-Prov_Terr.csv with the column of mercury.",
    )


def _sums(cells: pd.DataFrame) -> pd.Series:
    """Tell which rows sum up others: a blank sector or subsector where others have one."""
    totals = cells["sector"].str.upper().isin(["", "TOTAL"])
    blank = cells["subsector"].str.upper().isin(["", "TOTAL"])
    several = (~blank).groupby([cells["source"], cells["sector"], cells["year"]]).transform("any")
    return totals | (blank & several)


def _categories(cells: pd.DataFrame) -> pd.Series:
    parts = cells[["source", "sector", "subsector"]].drop_duplicates()
    named = {tuple(row): source_id(*row) for row in parts.itertuples(index=False, name=None)}
    told = zip(cells["source"], cells["sector"], cells["subsector"], strict=True)
    return pd.Series([named[one] for one in told], index=cells.index, dtype="str")


def _check_totals(reading: Reading, frame: pd.DataFrame) -> None:
    whole = frame["category"] == CATEGORY
    total = frame[whole].groupby("year")["kg"].first()
    parts = frame[~whole].groupby("year")["kg"].sum()
    both = total.index.intersection(parts.index)
    reading.refuse_totals(
        differing(total[both], parts[both]),
        lambda year: (
            f"the grand total of {year} is {total[year]:g} kg, and its parts "
            f"add up to {parts[year]:g} kg"
        ),
    )
