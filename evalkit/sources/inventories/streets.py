"""The tables of Streets et al. (2019): mercury to air by 17 world regions, Mg a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.reference import entities
from evalkit.sources.inventories.reading import Reading

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

HEADING = "World region"
TOTAL = "Global Total"
ROUNDED = 0.05  # Mg: each figure is printed with one decimal
ABOUT = {
    "publisher": "Streets, Horowitz, Lu, Levin, Thackray and Sunderland",
    "title": "Global and regional trends in mercury emissions and concentrations, 2010-2015",
    "note": "Atmospheric Environment, 2019; 17 world regions",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet is a table of world regions by year."""
    years = sheet.heading[1:]
    return sheet.heading[:1] == (HEADING,) and len(years) > 0 and all(y.isdigit() for y in years)


def read(sheet: Sheet) -> Loaded:
    """Read a table into `emissions`, kg by region and year.

    Parameters
    ----------
    sheet : Sheet
        One row for each region, one column for each year. A name with "Hg0" in it is the
        table of elemental mercury; the content does not say.

    Returns
    -------
    Loaded
        The published total is checked against the regions, within what rounding allows.
    """
    reading = Reading(sheet, "streets-2019")
    known = {title: name for name, title in entities.areas().items() if name.startswith("S19-")}
    place = reading.places(HEADING, {**known, TOTAL: entities.WORLD})
    species = "Hg0" if "hg0" in sheet.path.name.lower() else "total"
    long = reading.spread(sheet.heading[1:], "Mg")
    year = long["column"].astype("int64")
    frame = pd.DataFrame({"entity": place.loc[long.index], "year": year, "kg": long["kg"]})
    _check_totals(reading, frame)
    frame = frame.assign(
        inventory="streets-2019",
        version="2019",
        scheme="streets-2019-regions",
        category="total",
        medium="air",
        species=species,
    )
    return reading.finish(frame, ABOUT)


def _check_totals(reading: Reading, frame: pd.DataFrame) -> None:
    world = frame["entity"] == entities.WORLD
    total = frame[world].set_index("year")["kg"]
    regions = frame[~world].groupby("year")["kg"]
    summed, slack = regions.sum(), (regions.size() + 1) * ROUNDED * 1000
    both = total.index.intersection(summed.index)
    differ = (total[both] - summed[both]).abs() > slack[both]
    reading.refuse_totals(
        differ,
        lambda year: (
            f"the world's total of {year} is {total[year]:g} kg, "
            f"and the regions add up to {summed[year]:g} kg"
        ),
    )
