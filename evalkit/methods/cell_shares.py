"""Which share of each cell of a grid lies inside each outline, and sums of a band by them.

The shares depend on the grid and the outlines alone. They are computed once, kept as a sparse
matrix, and applied to any number of bands: one product for each band.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from evalkit.methods.grids import Floats, Grid, require_same

BLOCK = 8  # cells that are summed together where an outline holds all of them
COAST, SEA, OVERLAP = "coast", "sea", "overlap"
REST = (COAST, SEA, OVERLAP)  # what `CellShares.with_rest` adds to the outlines


@dataclass(frozen=True)
class CellShares:
    """Which share of each cell lies inside each outline.

    Parameters
    ----------
    grid : Grid
        The grid, as its file has it; no reordering of values is needed.
    outlines : tuple of str
        Ids of the outlines, in the order of the rows of `matrix`.
    matrix : sparse matrix, outlines by cells
        Shares from 0 to 1; cells in the order in which a band is stored.
    version : str
        What tells these outlines from others; with the grid it is the key of a cache.
    """

    grid: Grid
    outlines: tuple[str, ...]
    matrix: sparse.csr_array
    version: str = ""
    _scratch: dict[int, Floats] = field(default_factory=dict, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what each process makes for itself: a worker gets the shares alone."""
        kept = ("grid", "outlines", "matrix", "version")
        return {name: self.__dict__[name] for name in kept} | {"_scratch": {}}

    @property
    def key(self) -> str:
        """Sixteen hexadecimal digits of the grid and the version of the outlines."""
        return key(self.grid, self.version)

    @cached_property
    def inside(self) -> Floats:
        """Share of each cell that lies inside any outline, in the order of a band."""
        return np.asarray(self.matrix.sum(axis=0)).ravel()

    def with_rest(self) -> CellShares:
        """Return the shares with three rows more, so that nothing of a band is left over.

        Returns
        -------
        CellShares
            After the outlines ``coast`` (of a cell that outlines cut, what lies outside all of
            them), ``sea`` (cells that no outline touches) and ``overlap`` (what outlines claim
            of a cell beyond the whole of it). The whole of a band is the sum of the outlines,
            the coast and the sea, less the overlap.
        """
        outside = 1.0 - self.inside
        cut = self.inside > 0
        rows = [
            (outside[cells], cells)
            for cells in (np.flatnonzero(cut & (outside > 0)), np.flatnonzero(~cut))
        ]
        twice = np.flatnonzero(outside < 0)
        rows.append((-outside[twice], twice))
        data, cells = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        owner = np.repeat(np.arange(len(rows)), [len(part) for _, part in rows])
        rest = _sparse(data, cells, owner, (len(rows), self.matrix.shape[1]))
        matrix = sparse.vstack([self.matrix, rest], format="csr")
        return CellShares(self.grid, (*self.outlines, *REST), matrix, self.version)

    def sums(self, band: npt.ArrayLike) -> Floats:
        """Return the sum of a band over each outline.

        Parameters
        ----------
        band : array, rows by columns of the grid
            Amounts for each cell, as kg; not fluxes.

        Returns
        -------
        array of float, one for each outline

        Raises
        ------
        ValueError
            The band has another shape, or a cell inside an outline has no number.
        """
        values = self._flat(band)
        whole, rest = self._parts
        blocks = values[: whole.shape[1] * BLOCK].reshape(-1, BLOCK)
        totals = np.asarray((whole @ blocks).sum(axis=1) + rest @ values)
        if not np.isfinite(totals).all():
            names = [self.outlines[i] for i in np.flatnonzero(~np.isfinite(totals))[:5]]
            raise ValueError(f"cells without a number lie inside {', '.join(names)}")
        return totals

    def account(self, band: npt.ArrayLike) -> dict[str, float]:
        """Return where the whole of a band is: in outlines, on coasts, at sea.

        Returns
        -------
        dict of str to float
            ``whole`` is the sum of the band, taken by itself; it equals ``outlines`` plus
            ``coast`` plus ``sea`` less ``overlap``, as `with_rest` has them.
        """
        told = dict(zip(REST, self._whole_globe.sums(band)[-len(REST) :].tolist(), strict=True))
        outlines = float(self.sums(band).sum())
        return {"whole": float(self._flat(band).sum()), "outlines": outlines, **told}

    @cached_property
    def _whole_globe(self) -> CellShares:
        return self.with_rest()

    @cached_property
    def _parts(self) -> tuple[sparse.csr_array, sparse.csr_array]:
        """The matrix as blocks of neighbouring cells held whole, and the other cells.

        A product is as fast as memory can be read. Inside an outline most cells are held
        whole, and there a block needs one number where its cells need sixteen.
        """
        outlines, cells = self.matrix.shape
        data, column = self.matrix.data, self.matrix.indices
        owner = np.repeat(np.arange(outlines), np.diff(self.matrix.indptr))
        held = np.flatnonzero((data == 1.0) & (column < cells // BLOCK * BLOCK))
        block, of = column[held] // BLOCK, owner[held]
        # Cells of a row are in order, so those of one block of one outline stand together.
        first = np.flatnonzero(np.diff(block, prepend=-1) | np.diff(of, prepend=-1))
        size = np.diff(first, append=len(held))
        full = first[size == BLOCK]
        alone = np.ones(len(data), dtype="bool")
        alone[held[np.repeat(size == BLOCK, size)]] = False
        whole = _sparse(np.ones(len(full)), block[full], of[full], (outlines, cells // BLOCK))
        return whole, _sparse(data[alone], column[alone], owner[alone], (outlines, cells))

    def _flat(self, band: npt.ArrayLike) -> Floats:
        values = np.asarray(band)
        if values.shape != self.grid.shape:
            raise ValueError(f"a band of {values.shape} cells on a grid of {self.grid.shape}")
        if values.dtype == np.float64:
            return values.ravel()
        # Filling the same memory again is four times faster than asking for new each time.
        room = self._scratch.setdefault(threading.get_ident(), np.empty(values.size))
        np.copyto(room.reshape(values.shape), values)
        return room


def _sparse(
    data: Floats, column: npt.NDArray[Any], row: npt.NDArray[Any], shape: tuple[int, int]
) -> sparse.csr_array:
    """Return a matrix of entries that are in the order of its rows; 32 bits number the cells."""
    starts = np.r_[0, np.cumsum(np.bincount(row, minlength=shape[0]))]
    return sparse.csr_array((data, column.astype("int32"), starts.astype("int32")), shape=shape)


def key(grid: Grid, version: str) -> str:
    """Return what names the cell shares of a grid and a version of outlines in a cache."""
    digest = hashlib.sha256(version.encode())
    for axis in (grid.latitudes, grid.longitudes):
        digest.update(np.round(axis, 6).tobytes())
    return digest.hexdigest()[:16]


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
    return CellShares(of, tuple(ids), sparse.csr_array(shares))


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
