"""Facility releases of the European register (E-PRTR), summed by country, activity and year.

Facilities report above a threshold: 10 kg a year to air, 1 kg to water and land. Sums are
therefore no national totals, and every row says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.sources.inventories.reading import Reading

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

MERCURY = ("Mercury and compounds (as Hg)", "HGANDCOMPOUNDS")
# The register's own headings, and those of a much-copied extract.
NAMES = {
    "country": ("countryName", "Country"),
    "activity": ("EPRTRAnnexIMainActivityCode",),
    "facility": ("FacilityInspireID",),
    "pollutant": ("pollutant", "Pollutant"),
    "amount": ("emissions", "Emissions"),
    "year": ("reportingYear", "Year"),
}
MEDIUM = ("targetRelease",)
THRESHOLDS = {"air": 10, "water": 1, "land": 1}  # kg a year
ABOUT = {
    "publisher": "European Environment Agency",
    "title": "European Pollutant Release and Transfer Register, releases of mercury by facility",
    "note": "facilities above the reporting threshold only; a sum is no national total",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of the register."""
    have = set(sheet.heading)
    medium = have & {*MEDIUM, "Air", "Water"}
    return bool(medium) and all(have & set(names) for names in NAMES.values())


def read(sheet: Sheet) -> Loaded:
    """Read the mercury releases into `emissions`, kg by country, activity, medium and year.

    Parameters
    ----------
    sheet : Sheet
        Releases by facility.

    Returns
    -------
    Loaded
        One row for each country, activity, medium and year; `origin` is the first facility's
        line, `note` counts the facilities. A facility given twice for a year is set apart.
    """
    reading = Reading(sheet, "eprtr")
    column = {ours: _column(sheet, names) for ours, names in NAMES.items()}
    reading.keep(reading.cells[column["pollutant"]].isin(MERCURY), "other_substances")
    reading.keep(reading.cells[column["amount"]] != "", "without_amount")
    cells = reading.cells
    each = pd.DataFrame(
        {
            "entity": reading.places(column["country"]),
            "year": reading.years(column["year"]),
            "category": cells[column["activity"]],
            "medium": _medium(cells),
            "kg": reading.kilograms(column["amount"], "kg"),
            "facility": cells[column["facility"]],
        },
        index=cells.index,
    )
    reading.fail(
        ~each["medium"].isin(list(THRESHOLDS)),
        column["amount"],
        Reason.NOT_ALLOWED,
        lambda _: "the release names no medium, or several",
        "Export the table with the target of each release.",
    )
    again = each.duplicated(["facility", "category", "medium", "year"]) & (each["facility"] != "")
    reading.fail(
        again,
        column["facility"],
        Reason.DUPLICATE_KEY,
        lambda cell: f"the facility {cell} stands there already for the year and medium",
        "Remove one of the two rows.",
    )
    good = each[~reading.findings.bad[each.index]]
    return reading.finish(_summed(good), ABOUT, facilities=len(good))


def _column(sheet: Sheet, names: tuple[str, ...]) -> str:
    return next(name for name in names if name in sheet.heading)


def _medium(cells: pd.DataFrame) -> pd.Series:
    if MEDIUM[0] in cells:
        return cells[MEDIUM[0]].str.casefold()
    flags = {name.casefold(): cells[name] == "1" for name in ("Air", "Water") if name in cells}
    told = pd.DataFrame(flags)
    return told.idxmax(axis=1).where(told.sum(axis=1) == 1, "")


def _summed(each: pd.DataFrame) -> pd.DataFrame:
    by = ["entity", "category", "medium", "year"]
    first = (
        each.reset_index()
        .groupby(by, sort=True)
        .agg(first=("index", "first"), kg=("kg", "sum"), facilities=("facility", "size"))
    )
    out = first.reset_index().set_index("first").rename_axis(None)
    least = out["medium"].map(THRESHOLDS).astype("str")
    told = "facilities: " + out["facilities"].astype("str") + ", above " + least + " kg a year"
    return out.drop(columns="facilities").assign(
        inventory="eprtr",
        version="1",
        scheme="E-PRTR",
        species="total",
        basis="reported",
        note=told + "; no national total",
    )
