"""National emissions under the air convention, as the European Environment Agency has them.

The table is separated by tabs in spite of its name. "NATIONAL TOTAL" stands among the sectors,
groups of countries among the countries, and memo items are listed with the sectors although
the total leaves them out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.sources.inventories import Reading, differing

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

NEEDED = {"Country_Code", "Country", "Pollutant_name", "Sector_code", "Year", "Emissions", "Unit"}
MERCURY = "Hg"
TOTAL = "NATIONAL TOTAL"
# Reported beside the total and no part of it.
MEMO = ("1A3ai(ii)", "1A3aii(ii)", "1A3di(i)", "11A", "11B", "11C", "1A5c", "6B")
GROUPS = ("EU27", "EU28", "EU15", "EEA32", "EEA33", "EU27_2020")
NOT_GIVEN = ("NE", "NO", "NA", "IE", "C", "NR")  # notation keys of the reporting guidelines
ABOUT = {
    "publisher": "European Environment Agency",
    "title": "National emissions reported to the Convention on Long-range Transboundary Air "
    "Pollution, mercury",
    "note": "the national total is checked against its sectors without memo items",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of the table."""
    return set(sheet.heading) >= NEEDED


def read(sheet: Sheet) -> Loaded:
    """Read the mercury rows into `emissions`, kg to air by NFR sector.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    Loaded
        Sectors, memo items and the national total (category ``national-total``). Rows of
        other substances and of groups of countries are passed over and counted; a notation
        key instead of an amount gives no row, since it is no zero. Where the total is not
        the sum of its sectors, nothing is taken.
    """
    reading = Reading(sheet, "clrtap")
    reading.keep(reading.cells["Pollutant_name"] == MERCURY, "other_substances")
    reading.keep(~reading.cells["Country_Code"].isin(GROUPS), "groups_of_countries")
    amount = reading.cells["Emissions"]
    reading.keep(~amount.isin(["", *NOT_GIVEN]), "without_amount")
    cells = reading.cells
    sector = cells["Sector_code"]
    versions = cells["VersionId"] if "VersionId" in cells else pd.Series("", index=cells.index)
    frame = pd.DataFrame(
        {
            "inventory": "clrtap",
            "version": versions.where(versions != "", "unstated"),
            "entity": reading.places("Country"),
            "year": reading.years("Year"),
            "scheme": "NFR14",
            "category": sector.where(sector != TOTAL, "national-total"),
            "medium": "air",
            "species": "total",
            "kg": reading.kilograms("Emissions", cells["Unit"]),
            "note": sector.isin(MEMO).map({True: "memo item, no part of the total", False: ""}),
        },
        index=cells.index,
    )
    _check_totals(reading, frame, sector)
    return reading.finish(frame, ABOUT)


def _check_totals(reading: Reading, frame: pd.DataFrame, sector: pd.Series) -> None:
    by = ["entity", "year", "version"]
    total = frame[sector == TOTAL].set_index(by)["kg"]
    summed = frame[(sector != TOTAL) & ~sector.isin(MEMO)].groupby(by)["kg"].sum()
    both = total.index.intersection(summed.index)
    differ = differing(total[both], summed[both])
    reading.refuse_totals(
        differ,
        lambda key: (
            f"the national total of {key[0]} {key[1]} is {total[key]:g} kg, "  # type: ignore[index]
            f"and its sectors add up to {summed[key]:g} kg"
        ),
    )
