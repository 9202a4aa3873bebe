"""Releases of facilities in Canada: the bulk table of the National Pollutant Release Inventory.

The table is Windows-1252 with headings in two languages, all substances and all years in one.
Releases of less than a tonne in all may be given without saying where they went, and disposals
and transfers stand among the releases. Only facilities that pass a threshold report.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.sources.inventories import windows
from evalkit.sources.inventories.reading import Reading

if TYPE_CHECKING:
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

NEEDED = {"npri id", "quantity", "units", "group"}
YEARS = ("reporting year", "reporting period")
CODES = ("cas number", "cas")
MERCURY_CODES = ("NA-10", "7439-97-6")
MERCURY = "mercury (and its compounds)"
MEDIA = {
    "releases to air": "air",
    "releases to water bodies": "water",
    "releases to water": "water",
    "releases to land": "land",
    "sum of release to all media (<1tonne)": "all",
}
NO_RELEASE = ("disposal", "recycling", "treatment", "transfer", "tailings", "waste rock")
ABOUT = {
    "publisher": "Environment and Climate Change Canada",
    "title": "National Pollutant Release Inventory, releases of mercury by facility",
    "note": "facilities that report; a sum is no national total",
}


def recognise(document: Document) -> bool:
    """Tell whether a text has the headings of the bulk table."""
    have = set(windows.heading(document.path))
    return have >= NEEDED and bool(have & set(YEARS)) and bool(have & set(CODES))


def read(document: Document) -> Loaded:
    """Read the releases of mercury into `emissions`, kg by industry, medium and year.

    Parameters
    ----------
    document : Document
        The table, UTF-8 or Windows-1252.

    Returns
    -------
    Loaded
        One row for each industry (NAICS), medium and year; medium ``all`` for releases that
        are given without a medium. Disposals and transfers are passed over and counted.

    Raises
    ------
    FileRefusedError
        As `evalkit.sources.files.read_sheet`.
    """
    sheet, other = windows.opened(document)
    reading = Reading(replace(sheet, heading=_short(sheet.heading)), "npri")
    if other:
        reading.notes.append("the file is no UTF-8 and was read as Windows-1252")
    year = _first(reading, YEARS)
    code = reading.cells[_first(reading, CODES)].str.replace(" ", "")
    name = reading.cells.get("substance name", pd.Series("", index=code.index)).str.casefold()
    reading.keep(code.isin(MERCURY_CODES) | (name == MERCURY), "other_substances")
    group = reading.cells["group"].str.casefold()
    elsewhere = group.str.contains("|".join(NO_RELEASE)) & ~group.isin(list(MEDIA))
    reading.keep(~elsewhere, "disposals_and_transfers")
    reading.keep(reading.cells["quantity"] != "", "without_amount")
    each = _each(reading, year)
    good = each[~reading.findings.bad[each.index]]
    return reading.finish(summed(good, "npri", "NAICS"), ABOUT, facilities=len(good))


def _each(reading: Reading, year: str) -> pd.DataFrame:
    """Return what each row of mercury says; a row given twice and an unknown group are told."""
    cells = reading.cells
    reading.fail(
        ~cells["group"].str.casefold().isin(list(MEDIA)),
        "group",
        Reason.NOT_ALLOWED,
        lambda cell: f"the group {cell!r} is no release to air, water or land, and no disposal",
        "Ask the publisher where these quantities went.",
    )
    key = [year, "npri id", "group", "category", "estimation method"]
    reading.fail(
        cells.duplicated([name for name in key if name in cells]) & ("category" in cells),
        "npri id",
        Reason.DUPLICATE_KEY,
        lambda cell: f"the facility {cell} stands there already for the year and the way out",
        "Remove one of the two rows.",
    )
    industry = next((cells[name] for name in ("naics", "naics code") if name in cells), "total")
    frame = pd.DataFrame(
        {
            "year": reading.years(year),
            "category": industry,
            "medium": cells["group"].str.casefold().map(MEDIA).fillna(""),
            "kg": reading.kilograms("quantity", cells["units"]),
        },
        index=cells.index,
    )
    return frame.assign(entity="CAN", category=frame["category"].replace("", "unstated"))


def summed(each: pd.DataFrame, inventory: str, scheme: str) -> pd.DataFrame:
    """Return releases of facilities summed by country, year, category and medium.

    Parameters
    ----------
    each : DataFrame with columns entity, year, category, medium, kg
        One row for each release; indexed as rows of the sheet.
    inventory, scheme : str
        As in `emissions`.

    Returns
    -------
    DataFrame
        Indexed by the first row of each sum; `note` counts the rows that it is of.
    """
    by = ["entity", "year", "category", "medium"]
    first = each.reset_index(names="row").groupby(by, sort=True)
    sums = first.agg(row=("row", "first"), kg=("kg", "sum"), count=("kg", "size"))
    out = sums.reset_index().set_index("row").rename_axis(None)
    told = "releases: " + out["count"].astype("str") + ", of facilities that report; "
    return out.drop(columns="count").assign(
        inventory=inventory,
        version="1",
        scheme=scheme,
        species="total",
        basis="reported",
        note=told + "no national total",
    )


def _short(heading: tuple[str, ...]) -> tuple[str, ...]:
    """Return short headings; a French half of a pair that has an English one keeps its name."""
    told = [windows.short(cell) for cell in heading]
    return tuple(cell if told.index(cell) == i else heading[i] for i, cell in enumerate(told))


def _first(reading: Reading, names: tuple[str, ...]) -> str:
    return next(name for name in names if name in reading.cells)
