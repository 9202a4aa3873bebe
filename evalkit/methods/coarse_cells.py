"""Larger cells of a grid: sums of whole cells, so that a band can be shown and kept small.

No cell is divided, so that the larger cells add up to what the smaller ones do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.methods.grids import REGULAR, Grid

if TYPE_CHECKING:
    import xarray

COARSE = 2.0  # degrees: small enough to tell a region, and a few thousand cells on land


def cells_together(of: Grid, size: float = COARSE) -> tuple[int, int]:
    """Return how many rows and columns of a grid of the globe make a cell of at most that size.

    Parameters
    ----------
    of : Grid
        Cells of the whole globe.
    size : float
        The largest height and width, degrees.

    Returns
    -------
    tuple of int
        Rows and columns; 1 where the grid's own cells are that large, or where larger ones
        would leave cells over or lie on both sides of the longitude of 180.

    Examples
    --------
    >>> from evalkit.methods.grids import grid
    >>> cells_together(grid(np.arange(-89.5, 90), np.arange(0.5, 360)))
    (2, 2)
    >>> cells_together(grid([-45, 45], [45, 135, 225, 315]))
    (1, 1)
    """
    (rows, columns), (height, width) = of.shape, of.step
    start = float(of.longitudes[0]) - width / 2 + 180  # from the longitude of -180
    down = _largest(rows, height, size, 0.0)
    return down, _largest(columns, width, size, start / width)


def _largest(count: int, step: float, size: float, offset: float) -> int:
    """Return the largest number of cells in a row that leaves none over."""
    most = int(size / step + REGULAR)
    fitting = (one for one in range(most, 1, -1) if _fits(count, offset, one))
    return next(fitting, 1)


def _fits(count: int, offset: float, together: int) -> bool:
    over = offset / together
    return count % together == 0 and abs(over - round(over)) < REGULAR


def coarsened(cube: xarray.DataArray, together: tuple[int, int]) -> xarray.DataArray:
    """Return the sums of so many rows and columns of cells, as lazy as the cube.

    Parameters
    ----------
    cube : DataArray with dimensions lat and lon, and any others
        Amounts for each cell. A missing one makes the larger cell missing.
    together : tuple of int
        From `cells_together`.

    Returns
    -------
    DataArray
        Dimensions as before; lat and lon are the centres of the larger cells.

    Examples
    --------
    >>> import xarray as xr
    >>> small = xr.DataArray([[1, 2, 3, 4], [5, 6, 7, 8]],
    ...                      {"lat": [-45, 45], "lon": [45, 135, 225, 315]}, ["lat", "lon"])
    >>> coarsened(small, (2, 2)).values.tolist(), coarsened(small, (1, 2)).lon.values.tolist()
    ([[14, 22]], [90.0, 270.0])
    """
    rows, columns = together
    if together == (1, 1):
        return cube
    return cube.coarsen(lat=rows, lon=columns).reduce(np.sum)
