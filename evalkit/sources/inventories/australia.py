"""Releases of facilities in Australia: the table of the National Pollutant Inventory.

A reporting year runs from July to June and is printed as ``1998/1999``; it stands under the
year in which it ends. Air is given as point, fugitive and total, which must add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.sources.inventories.npri import summed
from evalkit.sources.inventories.reading import UNSEEN, Reading, differing

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

YEAR = "report_year"
MEDIA = {
    "air_total_emission_kg": "air",
    "water_emission_kg": "water",
    "land_emission_kg": "land",
}
PARTS = ("air_point_emission_kg", "air_fugitive_emission_kg")
SUBSTANCE, NAME, ID = "substance_id", "mercury & compounds", "55"
INDUSTRY = ("primary_anzsic_class_code", "anzsic_code", "anzsic_class_code")
ABOUT = {
    "publisher": "Government of Australia, National Pollutant Inventory",
    "title": "National Pollutant Inventory, releases of mercury and compounds by facility",
    "note": "facilities that report; years from July to June, under the year of their end",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of the inventory."""
    have = set(sheet.heading)
    named = bool(have & {"substance_name", SUBSTANCE})
    return YEAR in have and named and bool(have & set(MEDIA))


def read(sheet: Sheet) -> Loaded:
    """Read the releases of mercury into `emissions`, kg by industry, medium and year.

    Parameters
    ----------
    sheet : Sheet
        Releases by facility.

    Returns
    -------
    Loaded
        One row for each industry, medium and year. A row whose air total is not the sum of
        point and fugitive, or whose reporting year is not two years that follow, is set apart.
    """
    reading = Reading(sheet, "australia-npi")
    reading.notes.append(UNSEEN)
    cells = reading.cells
    blank = pd.Series("", index=cells.index)
    named = cells.get("substance_name", blank).str.casefold() == NAME
    reading.keep(named | (cells.get(SUBSTANCE, blank) == ID), "other_substances")
    _refuse_twice(reading)
    year = _years(reading)
    industry = next((reading.cells[one] for one in INDUSTRY if one in reading.cells), "total")
    amounts = {
        medium: reading.kilograms(column, "kg")
        for column, medium in MEDIA.items()
        if column in reading.cells
    }
    _check_air(reading, amounts.get("air"))
    each = pd.concat(
        pd.DataFrame({"kg": kg, "year": year, "category": industry}).assign(medium=medium)
        for medium, kg in amounts.items()
    ).dropna(subset="kg")
    each = each.assign(entity="AUS", category=each["category"].replace("", "unstated"))
    good = each[~reading.findings.bad[each.index].to_numpy()]
    frame = summed(good, "australia-npi", "ANZSIC")
    return reading.finish(frame, ABOUT, facilities=len(good))


def _refuse_twice(reading: Reading) -> None:
    key = [YEAR, "facility_id"]
    if "facility_id" in reading.cells:
        reading.fail(
            reading.cells.duplicated(key),
            "facility_id",
            Reason.DUPLICATE_KEY,
            lambda cell: f"the facility {cell} stands there already for the year",
            "Remove one of the two rows.",
        )


def _years(reading: Reading) -> pd.Series:
    """Return the year in which each reporting year ends."""
    halves = reading.cells[YEAR].str.extract(r"^(\d{4})/(\d{4})$")
    first, last = (pd.to_numeric(halves[side]) for side in halves)
    reading.fail(
        ~(last == first + 1),
        YEAR,
        Reason.NOT_A_NUMBER,
        lambda cell: f"{YEAR} is {cell!r}, which is no reporting year as 1998/1999",
        "Write the two years that it touches, with a stroke between them.",
    )
    return last.fillna(0).astype("int64")


def _check_air(reading: Reading, total: pd.Series | None) -> None:
    if total is None or not set(PARTS) <= set(reading.cells):
        return
    parts = [reading.kilograms(column, "kg") for column in PARTS]
    summed_up = parts[0].add(parts[1], fill_value=0)
    reading.fail(
        differing(total, summed_up) & summed_up.notna(),
        "air_total_emission_kg",
        Reason.CONTRADICTION,
        lambda cell: f"the total to air is {cell} kg, and not the sum of point and fugitive",
        "Ask the publisher which is right.",
    )
