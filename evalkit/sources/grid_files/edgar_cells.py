"""The EDGAR grids as text: `lat;lon;emission` of each cell that holds something, t a year.

The coordinates are those of the lower left corner, half a cell beside the centres of the NetCDF
form; a file with centres is refused, since moving it would put amounts into other cells. Known
from descriptions (three lines of heading, the last with the columns; t of 0.1 degrees a year); no
file was seen. The unit is read from the heading where it stands in brackets, else it is t. What
the grid is of stands in the name of the file alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.errors import Reason
from evalkit.sources.grid_files.amounts import step_of
from evalkit.sources.grid_files.content import finish
from evalkit.sources.grid_files.edgar_names import PUBLISHER, category_of, named, species_of
from evalkit.sources.grid_files.reading import KEEP, GridReading, Layer

if TYPE_CHECKING:
    import xarray

    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

VARIABLE = "emission"
UNITS = {"tons": "t", "ton": "t", "t/cell": "t", "": "t"}  # EDGAR's tons are metric
_HEADING = re.compile(r"lat(itude)?;lon(gitude)?;[^(\n]*(?:\(([^)]*)\))?.*", re.IGNORECASE)
_FINEST, _COARSEST = 0.05, 1.0  # degrees


def recognise(document: Document) -> bool:
    """Tell whether a text has the heading of cells."""
    return _heading(document) is not None


def read(document: Document) -> Loaded:
    """Read a text of cells into `emissions` and `grid_accounts`, kg by State.

    Returns
    -------
    Loaded
        Cells that are not listed hold nothing, as the publisher says.
    """
    reading, told = GridReading(document, PUBLISHER), named(document.path.stem)
    reading.version = told.version or "unstated"
    substance = reading.same({"the name": told.substance}, "substance")
    species = species_of(substance)
    if substance and not species:
        what = f"The grid is of {substance}, not of mercury"
        reading.fail(Reason.NOT_ALLOWED, what, "Load the grids of Hg, Hg_G, Hg_D or Hg_P.")
    year = reading.same({"the name": told.year}, "year")
    sector = reading.same({"the name": told.sector}, "sector")
    line, unit = _heading(document) or (0, "")
    cells = _cells(reading, line)
    values = None if cells is None or not year else _on_globe(reading, cells, int(year))
    layer = Layer(VARIABLE, category_of(sector), species)
    return finish(reading, values, [layer], UNITS.get(unit, unit))


def _heading(document: Document) -> tuple[int, str] | None:
    """Return the number of the line that names the columns, and the unit in it."""
    with document.path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in zip(range(20), file, strict=False):
            if found := _HEADING.fullmatch(line.strip()):
                return number, (found[3] or "").strip()
    return None


def _cells(reading: GridReading, line: int) -> pd.DataFrame | None:
    names = ["lat", "lon", "amount"]
    try:
        cells = pd.read_csv(
            reading.document.path,
            sep=";",
            skiprows=line + 1,
            header=None,
            names=names,
            usecols=[0, 1, 2],
            dtype="float64",
            encoding="utf-8-sig",
        )
    except (ValueError, UnicodeDecodeError) as error:
        reading.fail(Reason.NOT_A_NUMBER, f"A cell can't be read: {error}", KEEP)
        return None
    if cells.empty or not np.isfinite(cells.to_numpy()).all():
        where = cells.index[~np.isfinite(cells).all(axis=1)]
        told = f"line {where[0] + line + 2}" if len(where) else "the file"
        reading.fail(Reason.MISSING_VALUE, f"A number is missing in {told}", KEEP)
        return None
    return cells


def _on_globe(reading: GridReading, cells: pd.DataFrame, year: int) -> xarray.DataArray | None:
    """Return the cells on a grid of the globe, by the centres of its cells."""
    import xarray as xr

    step = min(step_of(cells["lat"].to_numpy()), step_of(cells["lon"].to_numpy()))
    rows, columns = round(180 / step), round(360 / step)
    west = 0.0 if cells["lon"].max() >= 180 else -180.0
    row = (cells["lat"].to_numpy() + 90) / step
    column = (cells["lon"].to_numpy() - west) / step
    place = _places(reading, row, column, (rows, columns))
    if place is None:
        return None
    values = np.zeros(rows * columns)
    values[place] = cells["amount"].to_numpy()
    axes = {
        "variable": [VARIABLE],
        "year": [year],
        "lat": np.round(-90 + (np.arange(rows) + 0.5) * step, 6),
        "lon": np.round(west + (np.arange(columns) + 0.5) * step, 6),
    }
    return xr.DataArray(values.reshape(1, 1, rows, columns), axes, list(axes))


def _places(
    reading: GridReading, row: np.ndarray, column: np.ndarray, shape: tuple[int, int]
) -> np.ndarray | None:
    """Return the place of each cell in the grid, whose corner has to be a corner of it."""
    off = np.abs(np.stack([row - np.round(row), column - np.round(column)])).max()
    if off > 0.01:
        told = "those of centres, not of corners" if off > 0.4 else "on no regular grid"
        reading.fail(Reason.NOT_ALLOWED, f"The coordinates of cells are {told}", KEEP)
        return None
    down, along = np.round(row).astype("int64"), np.round(column).astype("int64")
    outside = (down < 0) | (down >= shape[0]) | (along < 0) | (along >= shape[1])
    if outside.any():
        reading.fail(Reason.NOT_ALLOWED, "A cell lies outside the globe", KEEP)
        return None
    place = down * shape[1] + along
    if len(np.unique(place)) < len(place):
        reading.fail(Reason.DUPLICATE_KEY, "A cell stands twice", KEEP)
        return None
    return np.asarray(place)
