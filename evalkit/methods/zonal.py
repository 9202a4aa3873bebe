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
    if cube.chunks is not None:
        cube = cube.chunk({"lat": -1, "lon": -1})  # a band is the smallest piece
    summed = xr.apply_ufunc(
        _bands,
        cube,
        kwargs={"shares": shares},
        input_core_dims=[["lat", "lon"]],
        output_core_dims=[["outline"]],
        dask="parallelized",
        output_dtypes=["float64"],
        dask_gufunc_kwargs={"output_sizes": {"outline": len(shares.outlines)}},
    )
    named: xarray.DataArray = summed.assign_coords(outline=list(shares.outlines))
    return named


def _bands(values: npt.NDArray[Any], *, shares: CellShares) -> Floats:
    lead = values.shape[:-2]
    flat = values.reshape(-1, *values.shape[-2:])
    out = np.empty((len(flat), len(shares.outlines)))
    for i, band in enumerate(flat):  # band by band: one product with all of them is slower
        out[i] = shares.sums(band)
    return out.reshape(*lead, len(shares.outlines))
