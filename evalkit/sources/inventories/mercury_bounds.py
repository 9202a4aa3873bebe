"""All mercury released since 1510 with its interval, to air, land and water together, Mg a year.

Two lines stand above the heading: the unit, and what the bounds are (an interval of 80 % read
off a printed figure). The central value is the sum of all sectors and media of the series.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.reference import entities
from evalkit.sources.inventories.reading import Reading

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

UNITS = "Units:"
HEADING = ("Year", "Central", "Lower Bound", "Upper Bound")
AMOUNTS = {"kg": "Central", "low": "Lower Bound", "high": "Upper Bound"}
ROUNDED = 0.0006  # scales are printed with three decimals
ABOUT = {
    "publisher": "Streets, Horowitz, Lu and others; Sunderland group, Harvard University",
    "title": "Anthropogenic mercury to air, land and water together, 1510 to 2010, with bounds",
    "note": "bounds: interval of 80 %, read off figure 4 of Streets et al. (2019)",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet states its unit on top and has the heading of bounds below."""
    return sheet.heading[:1] != () and sheet.heading[0].startswith(UNITS) and _start(sheet) >= 0


def read(sheet: Sheet) -> Loaded:
    """Read the table into `emissions`, kg of the world by year, medium ``all``.

    Parameters
    ----------
    sheet : Sheet
        Year, central value, lower and upper bound, and the ratios of bounds to the centre.

    Returns
    -------
    Loaded
        Inventory ``mercury-history-bounds``. A row whose bounds do not enclose the central
        value, or differ from the printed ratios, is set apart.
    """
    start, unit = _start(sheet), sheet.heading[0].removeprefix(UNITS).strip()
    body = replace(
        sheet,
        heading=tuple(cell.strip() for cell in sheet.records[start]),
        records=list(sheet.records)[start + 1 :],
        lines=list(sheet.lines)[start + 1 :],
    )
    reading = Reading(body, "mercury-history-bounds")
    told = unit.removesuffix("/yr")
    frame = pd.DataFrame(
        {name: reading.kilograms(column, told) for name, column in AMOUNTS.items()},
        index=reading.cells.index,
    )
    reading.intervals(frame, "Central")
    _check_scales(reading, frame)
    frame = frame.assign(
        inventory="mercury-history-bounds",
        version="1",
        entity=entities.WORLD,
        year=reading.years("Year"),
        scheme="history",
        category="total",
        medium="all",
        species="total",
        note="interval of 80 %",
    )
    return reading.finish(frame, ABOUT)


def _start(sheet: Sheet) -> int:
    """Return the record that is the heading; -1 where none of the first is."""
    first = list(sheet.records[:4])
    return next((i for i, row in enumerate(first) if tuple(row[:4]) == HEADING), -1)


def _check_scales(reading: Reading, frame: pd.DataFrame) -> None:
    for end, column in (("low", "scale_lower"), ("high", "scale_upper")):
        if column in reading.cells:
            scale, ratio = reading.numbers(column), frame[end] / frame["kg"]
            reading.fail(
                (scale - ratio).abs() > ROUNDED,
                column,
                Reason.CONTRADICTION,
                lambda cell: f"the ratio {cell} is not the one of the bound to the central value",
                "Ask the publisher which is right.",
            )
