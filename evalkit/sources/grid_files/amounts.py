"""From what a grid holds to kg of each cell: units, areas, seconds of a year."""

from __future__ import annotations

import calendar
import re
from typing import TYPE_CHECKING

import numpy as np

from evalkit.methods.grids import Grid, cell_areas, grid, seconds_in_a_year
from evalkit.sources.grid_files.reading import CALENDAR, Stated

if TYPE_CHECKING:
    import xarray

FLUXES = ("kg m-2 s-1", "kg/m2/s", "kg m^-2 s^-1")
AMOUNTS = {"kg": 1.0, "t": 1e3, "Tonnes": 1e3, "tonnes": 1e3, "Mg": 1e3, "Gg": 1e6, "kt": 1e6}
TOTALS = {**AMOUNTS, "Mt": 1e9, "Tg": 1e9}  # units of totals in attributes
FLUX_AGREES = 5e-3  # the publisher may take an ellipsoid, or another number of days
_STATED = re.compile(r"\s*(\d+(?:\.(\d*))?)\s*([A-Za-z]+)\s*")


def globe(values: xarray.DataArray) -> Grid:
    """Return the grid that values lie on, which has to be the whole globe.

    Raises
    ------
    ValueError
        The coordinates are no centres of cells, or cover a part of the globe: a Party outside
        would seem to emit nothing.
    """
    found = grid(values["lat"].to_numpy(), values["lon"].to_numpy())
    (rows, columns), (height, width) = found.shape, found.step
    if round(rows * height, 3) != 180 or round(columns * width, 3) != 360:
        west, south, east, north = found.bounds
        raise ValueError(
            f"the cells cover longitudes {west:g} to {east:g} and latitudes {south:g} to "
            f"{north:g}, and not the globe"
        )
    return found


def kilograms(values: xarray.DataArray, unit: str, of: Grid, days: float) -> xarray.DataArray:
    """Return kg of each cell and year, band by band and only when asked for.

    Parameters
    ----------
    values : DataArray by variable, year, lat and lon
        What the file holds.
    unit : str
        One of `FLUXES` or `AMOUNTS`.
    of : Grid
        Where the values lie.
    days : float
        Days of a year of the publisher; `CALENDAR` for those of each year.
    """
    import xarray as xr

    lazy = values.chunk({"variable": 1, "year": 1, "lat": -1, "lon": -1}).astype("float64")
    if unit in AMOUNTS:
        return lazy * AMOUNTS[unit]
    area = xr.DataArray(cell_areas(of), {"lat": values["lat"]}, ["lat"])
    years = values["year"].to_numpy()
    seconds = [seconds_in_a_year(days_of(int(year), days)) for year in years]
    return lazy * area * xr.DataArray(seconds, {"year": years}, ["year"])


def days_of(year: int, days: float) -> float:
    """Return how many days a publisher gives a year.

    Examples
    --------
    >>> days_of(2000, 365.25), days_of(2000, CALENDAR), days_of(2015, CALENDAR)
    (365.25, 366.0, 365.0)
    """
    return 365.0 + calendar.isleap(year) if days == CALENDAR else days


def stated(text: str, unit: str) -> Stated | None:
    """Return a total as a publisher prints it, as ``1.00kt``; None where it can't be read.

    Parameters
    ----------
    text : str
        The total.
    unit : str
        Unit of the cells: sums of fluxes depend on the area of a cell and the days of a year.

    Examples
    --------
    >>> stated("1.00kt", "Tonnes")
    Stated(kg=1000000.0, slack=5000.0)
    >>> stated("much", "Tonnes") is None
    True
    """
    found = _STATED.fullmatch(text)
    if not found or found[3] not in TOTALS:
        return None
    factor = TOTALS[found[3]]
    kg = float(found[1]) * factor
    rounded = 0.5 * 10.0 ** -len(found[2] or "") * factor
    return Stated(kg, rounded + (FLUX_AGREES * kg if unit in FLUXES else 0.0))


def step_of(axis: np.ndarray) -> float:
    """Return the smallest distance between different values of an axis."""
    return float(np.diff(np.unique(np.round(axis, 6))).min())
