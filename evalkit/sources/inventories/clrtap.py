"""National emissions under the air convention, as the European Environment Agency has them.

The table is separated by tabs in spite of its name. "NATIONAL TOTAL" stands among the sectors,
groups of countries among the countries, and memo items are listed with the sectors although
the total leaves them out. The layout was seen in an extract of 13 countries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.sources.inventories.gaps import KEYS
from evalkit.sources.inventories.reading import Reading, differing

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

NEEDED = {"Country_Code", "Country", "Pollutant_name", "Sector_code", "Year", "Emissions", "Unit"}
MERCURY = "Hg"
TOTAL = "NATIONAL TOTAL"
CATEGORY = "national-total"  # of the rows that are one
# Reported beside the total and no part of it.
MEMO = ("1A3ai(ii)", "1A3aii(ii)", "1A3di(i)", "11A", "11B", "11C", "1A5c", "6B")
GROUPS = ("EU27", "EU28", "EU15", "EEA32", "EEA33", "EU27_2020")
OF_A_MEMO = "memo item, no part of the total"
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
        other substances and of groups of countries are passed over and counted. A notation
        key instead of an amount is no zero: it makes a row of `emission_gaps`. Where the total
        is not the sum of its sectors, nothing is taken.
    """
    reading = Reading(sheet, "clrtap")
    reading.keep(reading.cells["Pollutant_name"] == MERCURY, "other_substances")
    reading.keep(~reading.cells["Country_Code"].isin(GROUPS), "groups_of_countries")
    key = _keys(reading.cells)
    reading.keep((reading.cells["Emissions"] != "") | (key != ""), "without_amount")
    cells = reading.cells = reading.cells.assign(
        Emissions=reading.cells["Emissions"].mask(key != "", "")
    )
    sector = cells["Sector_code"]
    versions = cells["VersionId"] if "VersionId" in cells else pd.Series("", index=cells.index)
    frame = pd.DataFrame(
        {
            "inventory": "clrtap",
            "version": versions.where(versions != "", "unstated"),
            "entity": reading.places("Country"),
            "year": reading.years("Year"),
            "scheme": "NFR14",
            "category": sector.where(sector != TOTAL, CATEGORY),
            "medium": "air",
            "species": "total",
            "kg": reading.kilograms("Emissions", cells["Unit"]),
            "note": sector.isin(MEMO).map({True: OF_A_MEMO, False: ""}),
        },
        index=cells.index,
    )
    return close(reading, frame, key[cells.index], ABOUT)


def close(reading: Reading, frame: pd.DataFrame, key: pd.Series, about: dict[str, str]) -> Loaded:
    """Check totals, keep notation keys apart, and return what is read.

    Parameters
    ----------
    reading : Reading
        What `frame` is read from.
    frame : DataFrame
        Rows of `emissions`; the national total is the category ``national-total``, and a
        memo item has the note of one.
    key : Series of str
        Notation key of each row, blank where it has an amount.
    about : dict of str to str
        As `Reading.finish` takes it.
    """
    silent = (key != "") & frame["kg"].isna()
    if silent.any():
        reading.without_amount(key[silent], frame[silent])
    given = frame[~silent]
    _check_totals(reading, given)
    return reading.finish(given, about, notation_keys=int(silent.sum()))


def _keys(cells: pd.DataFrame) -> pd.Series:
    """Return the notation key of each row, which stands for the amount or beside a blank."""
    amount = cells["Emissions"].str.upper()
    beside = cells["Notation"].str.upper() if "Notation" in cells else amount.mask(amount != "", "")
    key = amount.where(amount != "", beside)
    return key.where(key.isin(list(KEYS)), "")


def _check_totals(reading: Reading, frame: pd.DataFrame) -> None:
    """Refuse a file whose national total is not the sum of its sectors, of each scheme it has."""
    by = ["entity", "year", "version"]
    whole = frame["category"] == CATEGORY
    total = frame[whole].groupby(by)["kg"].first()
    counted = frame[~whole & (frame["note"] != OF_A_MEMO)]
    for _, rows in counted.groupby("scheme"):
        summed = rows.groupby(by)["kg"].sum()
        both = total.index.intersection(summed.index)
        reading.refuse_totals(
            differing(total[both], summed[both]),
            lambda key, summed=summed: (  # type: ignore[misc]
                f"the national total of {key[0]} {key[1]} is {total[key]:g} kg, "
                f"and its sectors add up to {summed[key]:g} kg"
            ),
        )
