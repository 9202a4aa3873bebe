"""The EDGAR tables by country and sector: a workbook of three sheets, or one of them as CSV.

Sheets are found by name and the heading by its first word, since both have moved. The unit is
read from its own cell, and refused when it is not known. A blank is no zero. Countries that
EDGAR holds inside another have no row; data/reference/inventory_holders.csv says where they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Failure, Reason
from evalkit.reference.rows import by
from evalkit.sources.files import Sheet
from evalkit.sources.inventories import Reading, differing

if TYPE_CHECKING:
    from evalkit.sources.loaded import Loaded

FIRST = "IPCC_annex"
COUNTRY = "Country_code_A3"
SUBSTANCES = {"Hg": "total", "Hg_G": "Hg0", "Hg_D": "Hg2", "Hg_P": "HgP"}
SECTORS = {
    "ipcc_code_2006_for_standard_report": "EDGAR-IPCC2006",
    "ipcc_code_1996_for_standard_report": "EDGAR-IPCC1996",
}
BUNKERS = {"AIR": "INT-AVIATION", "SEA": "INT-SHIPPING"}
_YEAR = re.compile(r"Y_(\d{4})")
_VERSION = re.compile(r"v?(\d+)[._]?(\d)(?!\d)")
ABOUT = {
    "publisher": "European Commission, Joint Research Centre (EDGAR)",
    "title": "Emissions Database for Global Atmospheric Research, by country and sector",
    "licence": "CC BY 4.0",
    "note": "large-scale burning of biomass is left out",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of an EDGAR table."""
    have = set(sheet.heading)
    return {FIRST, COUNTRY, "Substance"} <= have and any(map(_YEAR.fullmatch, have))


def read(sheet: Sheet, *, unit: str = "Gg") -> Loaded:
    """Read a table by sector, or of country totals, into `emissions`, kg by country and year.

    Parameters
    ----------
    sheet : Sheet
        The table.
    unit : str
        Unit of the amounts. A CSV does not say it; the workbooks of EDGAR have Gg.

    Returns
    -------
    Loaded
        One row for each country, sector, origin (fossil or bio are added up), species and
        year with an amount. Another substance than mercury is refused.
    """
    reading = Reading(sheet, "edgar")
    other = ~reading.cells["Substance"].isin(list(SUBSTANCES))
    if other.any():
        told = ", ".join(sorted(reading.cells.loc[other, "Substance"].unique())[:3])
        reading.failures.append(
            Failure(
                Reason.NOT_ALLOWED,
                f"The table is of {told}, not of mercury",
                sheet.shown,
                remedy="Load the tables of Hg, Hg_G, Hg_D or Hg_P.",
            )
        )
    if unit not in ("Gg", "kt", "Mg", "t", "kg"):
        reading.failures.append(
            Failure(
                Reason.NOT_ALLOWED,
                f"The unit {unit!r} is not known",
                sheet.shown,
                remedy="Ask the publisher which unit this is: a factor of 1,000 can't be seen.",
            )
        )
    long = amounts(reading, unit if not reading.failures else "kg")
    by_sector = long.groupby(["entity", "scheme", "category", "species", "year"], sort=True)
    summed = by_sector.agg(kg=("kg", "sum"), first=("row", "first")).reset_index()
    frame = (
        summed.set_index("first")
        .rename_axis(None)
        .assign(inventory="edgar", version=_version(sheet), medium="air", note="")
    )
    return reading.finish(frame, ABOUT)


def amounts(reading: Reading, unit: str) -> pd.DataFrame:
    """Return the amounts of a table in long form, of whatever substance.

    Returns
    -------
    DataFrame with columns entity, scheme, category, species, year, kg, row
        A blank cell gives no row; `row` is the row of the table.
    """
    cells = reading.cells
    code = next((name for name in SECTORS if name in cells), "")
    known = {code: code for code in by("areas.csv", "entity")} | BUNKERS
    place = reading.places(COUNTRY, known)
    about = pd.DataFrame(
        {
            "entity": place,
            "scheme": SECTORS.get(code, "total"),
            "category": cells[code] if code else "total",
            "species": cells["Substance"].map(SUBSTANCES).fillna(cells["Substance"]),
            "row": cells.index,
        },
        index=cells.index,
    )
    parts = []
    for column in cells.columns:
        if match := _YEAR.fullmatch(column):
            kg = reading.kilograms(column, unit)
            parts.append(about.assign(year=int(match[1]), kg=kg)[kg.notna()])
    return pd.concat(parts)


def compare_totals(sectors: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """Tell for which country and year the sectors do not add up to the sheet of totals.

    Parameters
    ----------
    sectors, totals : DataFrame
        As `amounts` returns them.

    Returns
    -------
    Series of bool, indexed by entity and year
    """
    key = ["entity", "year"]
    one, other = (frame.groupby(key)["kg"].sum() for frame in (totals, sectors))
    index = one.index.union(other.index)
    return differing(one.reindex(index, fill_value=0), other.reindex(index, fill_value=0))


def _version(sheet: Sheet) -> str:
    found = _VERSION.search(sheet.path.stem)
    return f"{found[1]}.{found[2]}" if found else "unstated"
