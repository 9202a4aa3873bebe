"""Computing cell shares: from outlines with exactextract, or from the masks of a publisher."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from evalkit.methods.cell_shares import CellShares, csr
from evalkit.methods.grids import Floats, Grid, require_same


def cell_shares(outlines: Any, grid: Grid, *, ids: Sequence[str], version: str = "") -> CellShares:
    """Compute which share of each cell lies inside each outline, with exactextract.

    Parameters
    ----------
    outlines : sequence of geometries
        Polygons in degrees, cut at 180 degrees; as a GeoSeries or a list of shapely shapes.
    grid : Grid
        The cells.
    ids : sequence of str
        Ids of the outlines, in their order.
    version : str
        Names this set of outlines.

    Returns
    -------
    CellShares

    Raises
    ------
    ValueError
        Not as many ids as outlines, or an id twice.

    References
    ----------
    Baston, D.: exactextract, the fraction of each cell that is covered by a polygon.

    Examples
    --------
    >>> from shapely import box
    >>> from evalkit.methods.grids import grid
    >>> cells = grid([-45, 45], [45, 135, 225, 315])
    >>> shares = cell_shares([box(-180, -90, -45, 90)], cells, ids=["west"])
    >>> shares.sums([[1, 1, 1, 1], [0, 0, 0, 8]]).tolist()
    [5.5]
    """
    geometries = list(outlines)
    if len(geometries) != len(ids) or len(set(ids)) != len(ids):
        raise ValueError("give one id for each outline, and none twice")
    rows, columns = grid.shape
    found = _covered(geometries, grid)
    # exactextract counts cells from the north west; the file may lie another way.
    order = grid.rows_from_north[:, None] * columns + grid.columns_from_west[None, :]
    # 32 bits are enough for the cells of any grid here, and halve what a product reads.
    stored = order.ravel()[np.concatenate([cells for cells, _ in found])].astype("int32")
    shares = np.concatenate([covered for _, covered in found])
    starts = np.r_[0, np.cumsum([len(cells) for cells, _ in found])].astype("int32")
    matrix = sparse.csr_array((shares, stored, starts), shape=(len(ids), rows * columns))
    matrix.sort_indices()
    return CellShares(grid, tuple(ids), matrix, version)


def of_arrays(
    grid: Grid,
    outlines: tuple[str, ...],
    data: Floats,
    indices: npt.NDArray[np.int32],
    indptr: npt.NDArray[np.int32],
    *,
    version: str,
) -> CellShares:
    """Return cell shares from the three arrays of their matrix, as they were kept."""
    shape = (len(outlines), grid.shape[0] * grid.shape[1])
    return CellShares(grid, outlines, sparse.csr_array((data, indices, indptr), shape), version)


def mask_shares(masks: npt.ArrayLike, grid: Grid, of: Grid, *, ids: Sequence[str]) -> CellShares:
    """Return the shares that masks of a publisher give, on the grid of the values.

    Parameters
    ----------
    masks : array, regions by rows by columns
        Share of each cell that belongs to a region, 0 to 1.
    grid : Grid
        Grid of the masks.
    of : Grid
        Grid of the values they are for; the same, in the same order.
    ids : sequence of str
        Ids of the regions.

    Returns
    -------
    CellShares
        Regions may overlap, as the publisher has them; `account` tells by how much.

    Raises
    ------
    ValueError
        The grids differ or lie different ways (`evalkit.methods.grids.reordered` cures the
        latter), or a share is not from 0 to 1.
    """
    require_same(grid, of, "the masks and the values")
    shares = np.asarray(masks, dtype="float64").reshape(len(ids), -1)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("masks hold shares from 0 to 1, and none may be missing")
    row, cell = np.nonzero(shares)
    return CellShares(of, tuple(ids), csr(shares[row, cell], cell, row, shares.shape))


def _covered(geometries: list[Any], grid: Grid) -> list[tuple[npt.NDArray[np.int64], Floats]]:
    from exactextract import exact_extract
    from exactextract.raster import NumPyRasterSource

    west, south, east, north = grid.bounds
    blank = np.zeros(grid.shape)
    raster = NumPyRasterSource(blank, xmin=west, ymin=south, xmax=east, ymax=north)
    features = [
        {"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__}
        for shape in geometries
    ]
    found = exact_extract(raster, features, ["cell_id", "coverage"])
    return [
        (
            np.asarray(one["properties"]["cell_id"], dtype="int64"),
            np.asarray(one["properties"]["coverage"], dtype="float64"),
        )
        for one in found
    ]
