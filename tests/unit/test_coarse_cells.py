"""Larger cells of a grid: nothing is lost, no cell is divided, none lies on both sides of 180."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from evalkit.methods.coarse_cells import cells_together, coarsened
from evalkit.methods.grids import grid

LATITUDES, FROM_180 = np.arange(-89.5, 90), np.arange(-179.5, 180)


@pytest.mark.parametrize(
    ("step", "together"), [(0.1, 20), (0.25, 8), (0.5, 4), (1.0, 2), (2.0, 1), (2.5, 1), (10, 1)]
)
def test_cells_of_every_grid_become_two_degrees_or_stay(step, together):
    of = grid(np.arange(-90 + step / 2, 90, step), np.arange(step / 2, 360, step))
    assert cells_together(of) == (together, together)


def test_larger_cells_leave_none_over_and_do_not_cross_the_edge():
    seven = grid(LATITUDES, np.arange(360 / 7 / 2, 360, 360 / 7))
    assert cells_together(seven, 150) == (90, 1), "two of seven leave one over"
    odd = grid(LATITUDES, np.arange(-178.5, 181))  # begins one cell beside the edge
    assert cells_together(odd) == (2, 1)


def test_larger_cells_hold_what_the_smaller_ones_do():
    values = np.random.default_rng(5).random((2, 180, 360))
    cube = xr.DataArray(values, {"lat": LATITUDES, "lon": FROM_180}, ["band", "lat", "lon"])
    for one in (cube, cube.chunk({"band": 1})):
        larger = coarsened(one, (2, 2)).compute()
        assert larger.shape == (2, 90, 180)
        np.testing.assert_allclose(larger.sum(["lat", "lon"]), values.sum(axis=(1, 2)))
        corner = larger.sel(lat=-89, lon=-179)
        np.testing.assert_allclose(corner, values[:, :2, :2].sum(axis=(1, 2)))


def test_a_missing_cell_is_not_taken_for_nothing():
    cube = xr.DataArray(np.ones((2, 4)), {"lat": [-45, 45], "lon": [-135, -45, 45, 135]},
                        ["lat", "lon"])  # fmt: skip
    cube[0, 0] = np.nan
    assert coarsened(cube, (2, 2)).isnull().to_numpy().tolist() == [[True, False]]
