"""Mercury emitted since 1510, and scenarios to 2300, by sector and by part of the world, Mg a year.

Land and water are one medium in these tables. Rows that stand before 1510 close the series for
a model and are no years of the inventory; the years after 2010 are scenarios, and say so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.sources.inventories.reading import Reading

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

FIRST_YEAR = 1510
LAST_OBSERVED = 2010
MEDIA = {"Air": "air", "LW": "land_water"}
SECTORS = {
    "Fossil-Fuel Combustion": "fossil-fuel-combustion",
    "Gold and Silver Production": "gold-and-silver",
    "Mercury Production and Use": "mercury-production-and-use",
    "Other Metals Production": "other-metals",
}
REGIONS = {
    "Americas": "H4-AMERICAS",
    "Africa and Middle East": "H4-AFRICA-MIDDLE-EAST",
    "Asia and Oceania": "H4-ASIA-OCEANIA",
    "Europe and Former USSR": "H4-EUROPE-FORMER-USSR",
}
_SCENARIO = re.compile(r"SSP\d-\d{2}", re.IGNORECASE)
ABOUT = {
    "publisher": "Streets, Horowitz, Lu and others; Sunderland group, Harvard University",
    "title": "Anthropogenic mercury to air, land and water, 1510 to 2010, and scenarios to 2300",
    "note": "land and water are one medium; years after 2010 are scenarios",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has a year and columns of medium, region and sector."""
    columns = sheet.heading[1:]
    return sheet.heading[:1] == ("Year",) and len(columns) > 3 and all(map(_of_column, columns))


def read(sheet: Sheet) -> Loaded:
    """Read a table into `emissions`, kg by year, medium, and sector or region.

    Parameters
    ----------
    sheet : Sheet
        One row for each year. A name with "SSP1-26" in it is that scenario.

    Returns
    -------
    Loaded
        Inventory ``mercury-history``, or ``mercury-ssp1-26`` for a scenario. A year that is
        not whole or lies before 1510 is passed over and counted.
    """
    reading = Reading(sheet, "mercury-history")
    scenario = _SCENARIO.search(sheet.path.name)
    year = pd.to_numeric(reading.cells["Year"], errors="coerce")
    reading.fail(
        year.isna(),
        "Year",
        Reason.NOT_A_NUMBER,
        lambda cell: f"Year is {cell!r}, which is none",
        "Export the table again.",
    )
    reading.keep((year >= FIRST_YEAR) & (year % 1 == 0) | year.isna(), "before_the_series")
    year = year.reindex(reading.cells.index)
    if not scenario and (year > LAST_OBSERVED).any():
        reading.refuse(
            Reason.MISSING_VALUE,
            f"Years after {LAST_OBSERVED} are a scenario, and the file does not say which",
            "Put the scenario into the file's name, as SSP1-26_sector.csv.",
        )
    long = reading.spread(sheet.heading[1:], "Mg")
    told = {name: _of_column(name) or ("", "", "") for name in sheet.heading[1:]}
    frame = long.assign(year=year.loc[long.index].to_numpy())
    for place, name in enumerate(("medium", "entity", "category")):
        frame[name] = frame["column"].map({column: parts[place] for column, parts in told.items()})
    frame = frame.drop(columns="column").dropna(subset="year")
    later = frame["year"] > LAST_OBSERVED
    frame = frame.assign(
        inventory=f"mercury-{scenario[0].lower()}" if scenario else "mercury-history",
        version="1",
        scheme="history",
        species="total",
        note=later.map({True: "scenario", False: ""}),
    )
    return reading.finish(frame, ABOUT)


def _of_column(name: str) -> tuple[str, str, str] | None:
    """Return medium, entity and category of a column such as "Air - Americas - Other Metals"."""
    medium, *rest = (part.strip() for part in name.split(" - "))
    if medium not in MEDIA or not rest or len(rest) > 2:
        return None
    regions = [REGIONS[part] for part in rest if part in REGIONS]
    sectors = [SECTORS[part] for part in rest if part in SECTORS]
    if len(regions) + len(sectors) != len(rest):
        return None
    return MEDIA[medium], (regions or ["WLD"])[0], (sectors or ["total"])[0]
