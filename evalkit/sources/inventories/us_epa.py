"""National totals of the United States: Toxics Release Inventory and National Emissions Inventory.

The Toxics Release Inventory lists mercury (7439976) and mercury compounds (N458) apart, in
pounds, above reporting thresholds that were lowered in 2000. The file of a year does not say
its year: it is in the file's name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.sources.inventories.reading import POUND, Reading

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

RELEASES = {"Compartment", "FlowName", "CAS", "Unit", "FlowAmount"}
CHEMICALS = {"Chemical", "Fugitive Air Emissions", "Point Source Air Emissions"}
TOTALS = {"FlowName", "FlowAmount[kg]"}
MERCURY = ("mercury", "mercury compounds")
MEDIA = {"air": "air", "water": "water", "soil": "land"}
BY_MEDIUM = {
    "air": ("Fugitive Air Emissions", "Point Source Air Emissions"),
    "water": ("Surface Water Discharges",),
    "land": ("On-site Land Treatment", "Other On-site Land Disposal"),
}
NOTHING = (".", ",", "")  # printed where there is no amount
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)")
BEFORE = 2000  # thresholds were lowered in this year; earlier ones are not comparable
ABOUT_TRI = {
    "publisher": "United States Environmental Protection Agency",
    "title": "Toxics Release Inventory, national totals",
    "note": "facilities above the reporting threshold only; mercury and its compounds together",
}
ABOUT_NEI = {
    "publisher": "United States Environmental Protection Agency",
    "title": "National Emissions Inventory, national totals of point sources",
    "note": "point sources",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of one of the three tables."""
    have = set(sheet.heading)
    return have >= RELEASES or have >= CHEMICALS or have >= TOTALS


def read(sheet: Sheet) -> Loaded:
    """Read mercury and its compounds into `emissions`, kg by medium.

    Parameters
    ----------
    sheet : Sheet
        National totals of one year, which the file's name must say.

    Returns
    -------
    Loaded
        One row for each medium (the inventory of point sources has air alone).
    """
    have = set(sheet.heading)
    national = not (have >= RELEASES or have >= CHEMICALS)
    reading = Reading(sheet, "us-nei" if national else "us-tri")
    name = "Chemical" if have >= CHEMICALS else "FlowName"
    reading.keep(reading.cells[name].str.casefold().isin(MERCURY), "other_substances")
    year = _year(reading)
    if national:
        each = reading.kilograms("FlowAmount[kg]", "kg").to_frame("kg").assign(medium="air")
    elif have >= CHEMICALS:
        each = _of_chemicals(reading)
    else:
        each = _of_releases(reading)
    frame = each.groupby("medium").agg(kg=("kg", "sum")).reset_index()
    frame.index = pd.Index(each.groupby("medium").apply(lambda rows: rows.index[0]).to_numpy())
    early = "before the threshold was lowered in 2000: not comparable with later years"
    frame = frame.assign(
        inventory=reading.form,
        version="1",
        entity="USA",
        year=year,
        scheme="total",
        category="total",
        species="total",
        basis="reported",
        note=early if not national and 0 < year < BEFORE else "",
    )
    return reading.finish(frame, ABOUT_NEI if national else ABOUT_TRI)


def _year(reading: Reading) -> int:
    found = _YEAR.findall(reading.sheet.path.name)
    if len(set(found)) == 1:
        return int(found[0])
    reading.refuse(
        Reason.MISSING_VALUE,
        "The file does not say of which year it is",
        "Put the year into the file's name, as TRI_2019.csv.",
    )
    return 0


def _of_releases(reading: Reading) -> pd.DataFrame:
    cells = reading.cells
    reading.fail(
        ~cells["Unit"].isin(["Pounds", "kg"]),
        "Unit",
        Reason.NOT_ALLOWED,
        lambda unit: f"the unit {unit!r} is not known",
        "The table is in Pounds or in kg.",
    )
    reading.fail(
        ~cells["Compartment"].isin(list(MEDIA)),
        "Compartment",
        Reason.NOT_ALLOWED,
        lambda cell: f"the compartment {cell!r} is not known",
        f"Compartments that are known: {', '.join(MEDIA)}.",
    )
    factor = cells["Unit"].map({"Pounds": POUND, "kg": 1.0})
    kg = reading.kilograms("FlowAmount", "kg") * factor
    return pd.DataFrame({"kg": kg, "medium": cells["Compartment"].map(MEDIA)}).dropna()


def _of_chemicals(reading: Reading) -> pd.DataFrame:
    parts = []
    for medium, columns in BY_MEDIUM.items():
        for column in columns:
            cells = reading.cells[column].str.replace(",", "")
            reading.cells[column] = cells.mask(reading.cells[column].isin(NOTHING), "")
            kg = reading.kilograms(column, "kg") * POUND
            parts.append(pd.DataFrame({"kg": kg, "medium": medium}).dropna())
    return pd.concat(parts)
