"""Which share of each cell of a grid lies inside each outline, and sums of a band by them.

The shares depend on the grid and the outlines alone. They are computed once, kept as a sparse
matrix, and applied to any number of bands: one product for each band.
"""

from __future__ import annotations

import hashlib
import threading
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from evalkit.methods.grids import Floats, Grid

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
        """Pack the shares for a worker: neighbouring cells held whole need next to nothing."""
        matrix = self.matrix
        steps = np.diff(matrix.indices, prepend=np.int32(0))
        packed = [zlib.compress(part.tobytes(), 1) for part in (matrix.data, steps)]
        kept = {name: self.__dict__[name] for name in ("grid", "outlines", "version")}
        return kept | {"packed": packed, "starts": matrix.indptr}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Unpack them; what each process makes for itself is made again."""
        starts, (data, steps) = state.pop("starts"), map(zlib.decompress, state.pop("packed"))
        cells = np.cumsum(np.frombuffer(steps, dtype="int32"), dtype="int32")
        shape = (len(state["outlines"]), state["grid"].shape[0] * state["grid"].shape[1])
        matrix = sparse.csr_array((np.frombuffer(data), cells, starts), shape=shape)
        self.__dict__.update(state | {"matrix": matrix, "_scratch": {}})

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
        rest = csr(data, cells, owner, (len(rows), self.matrix.shape[1]))
        matrix = sparse.vstack([self.matrix, rest], format="csr")  # the numbers keep 32 bits
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
        whole = csr(np.ones(len(full)), block[full], of[full], (outlines, cells // BLOCK))
        return whole, csr(data[alone], column[alone], owner[alone], (outlines, cells))

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


def csr(
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
