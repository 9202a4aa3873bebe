"""Sums of the bands of a cube over outlines, here or on the workers of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from evalkit.methods.cell_shares import CellShares
from evalkit.methods.grids import Floats, require_same
from evalkit.methods.grids import grid as grid_of

if TYPE_CHECKING:
    import xarray


def zonal_sums(cube: xarray.DataArray, shares: CellShares) -> xarray.DataArray:
    """Return the sums of every band of a cube over each outline.

    Parameters
    ----------
    cube : DataArray with dimensions lat and lon, and any others
        Amounts for each cell. Held by dask it is read band by band, here or on the workers of
        a cluster; a cube larger than memory streams.
    shares : CellShares
        Of the same grid.

    Returns
    -------
    DataArray
        The other dimensions, then ``outline``; as lazy as the cube.

    Raises
    ------
    ValueError
        The cube lies on another grid, or lies another way.
    """
    import xarray as xr

    require_same(grid_of(cube["lat"], cube["lon"]), shares.grid, "the cube and the cell shares")
    cube = cube.transpose(..., "lat", "lon")
    summed = _bands(cube.data, shares=shares) if cube.chunks is None else _lazily(cube, shares)
    kept = {name: one for name, one in cube.coords.items() if not {"lat", "lon"} & {*one.dims}}
    return xr.DataArray(
        summed,
        {**kept, "outline": list(shares.outlines)},
        (*cube.dims[:-2], "outline"),
        name=cube.name,
    )


def _lazily(cube: xarray.DataArray, shares: CellShares) -> Any:
    """Return the sums as a dask array; a band is the smallest piece."""
    import dask

    pieces = cube.chunk({"lat": -1, "lon": -1}).data
    count = len(shares.outlines)
    lead = pieces.ndim - 2
    return pieces.map_blocks(
        _bands,
        shares=dask.delayed(shares, pure=True),  # told to a worker once, and not with each piece
        drop_axis=[lead, lead + 1],
        new_axis=[lead],
        chunks=(*pieces.chunks[:lead], (count,)),
        dtype="float64",
        meta=np.empty((0,) * (lead + 1)),
    )


def _bands(values: npt.NDArray[Any], *, shares: CellShares) -> Floats:
    """Return the sums of bands held in memory, one product for each."""
    lead = values.shape[:-2]
    flat = values.reshape(-1, *values.shape[-2:])
    out = np.empty((len(flat), len(shares.outlines)))
    for i, band in enumerate(flat):  # band by band: one product with all of them is slower
        out[i] = shares.sums(band)
    return out.reshape(*lead, len(shares.outlines))
