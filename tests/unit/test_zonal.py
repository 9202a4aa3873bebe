"""Sums over outlines: closed forms, four ways in which a grid may lie, and one account."""

from __future__ import annotations

import weakref

import dask
import dask.array
import numpy as np
import pytest
import xarray as xr
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box
from shapely.geometry import shape

from evalkit.methods.cell_coverage import cell_shares, mask_shares
from evalkit.methods.cell_shares import key
from evalkit.methods.grids import (
    EARTH_RADIUS,
    cell_areas,
    grid,
    reordered,
    require_same,
    seconds_in_a_year,
)
from evalkit.methods.zonal import zonal_sums
from evalkit.reference import outlines

NORTH_UP, SOUTH_UP = np.arange(85.0, -90, -10), np.arange(-85.0, 90, 10)
FROM_180, FROM_0 = np.arange(-175.0, 180, 10), np.arange(5.0, 360, 10)
WAYS = [
    pytest.param(latitudes, longitudes, id=f"{up}, {start}")
    for latitudes, up in ((NORTH_UP, "from north"), (SOUTH_UP, "from south"))
    for longitudes, start in ((FROM_180, "from -180"), (FROM_0, "from 0"))
]
SHAPES = {
    "whole cells": box(-180, 80, -150, 90),
    "half a cell": box(0, 0, 5, 10),
    "an island": Point(33.3, -45.3).buffer(2.5),
    "at the edge": box(170, -10, 180, 10),
}


def shares_of(latitudes, longitudes, shapes=SHAPES):
    return cell_shares(shapes.values(), grid(latitudes, longitudes), ids=list(shapes))


@pytest.mark.parametrize(("latitudes", "longitudes"), WAYS)
def test_sums_are_those_of_the_cells_whatever_the_order_of_the_file(latitudes, longitudes):
    """The value of a cell is its longitude: an error of order gives another number."""
    wrapped = np.where(longitudes >= 180, longitudes - 360, longitudes)
    band = np.broadcast_to(wrapped, (18, 36)) + 1000.0 * latitudes[:, None]
    sums = dict(zip(SHAPES, shares_of(latitudes, longitudes).sums(band), strict=True))
    assert sums["whole cells"] == 3 * 85_000 - 175 - 165 - 155
    assert sums["half a cell"] == 0.5 * (5_000 + 5)
    assert sums["at the edge"] == 2 * 175 + 5_000 - 5_000
    assert sums["an island"] == pytest.approx((-45_000 + 35) * np.pi * 2.5**2 / 100, rel=0.01)


@pytest.mark.parametrize(("latitudes", "longitudes"), WAYS)
def test_shares_reproduce_exactextract_to_the_last_bits(latitudes, longitudes):
    made = grid(latitudes, longitudes)
    band = np.random.default_rng(3).random(made.shape)
    north_up = reordered(band, made, grid(NORTH_UP, FROM_180))
    raster = NumPyRasterSource(north_up, xmin=-180, ymin=-90, xmax=180, ymax=90)
    world = [
        {"type": "Feature", "properties": {}, "geometry": f["geometry"]}
        for f in outlines.world()["features"]
    ]
    theirs = [one["properties"]["sum"] for one in exact_extract(raster, world, ["sum"])]
    shapes = [shape(feature["geometry"]) for feature in world]
    ours = cell_shares(shapes, made, ids=[str(i) for i in range(len(shapes))]).sums(band)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize("kind", ["float64", "float32", "int32"])
def test_outlines_coast_and_sea_make_the_whole(kind):
    shares = shares_of(SOUTH_UP, FROM_0)
    band = (np.random.default_rng(5).random((18, 36)) * 100).astype(kind)
    told = shares.account(band)
    assert told["overlap"] == 0
    assert told["coast"] > 0 < told["sea"]
    parts = told["outlines"] + told["coast"] + told["sea"]
    assert parts == pytest.approx(told["whole"], rel=1e-12)
    assert told["whole"] == pytest.approx(band.astype("float64").sum(), rel=1e-12)


def test_overlapping_outlines_are_counted_twice_and_said_so():
    twice = {"one": box(0, 0, 10, 10), "again": box(5, 0, 15, 10)}
    told = shares_of(NORTH_UP, FROM_180, twice).account(np.ones((18, 36)))
    assert told["overlap"] == pytest.approx(0.5)
    parts = told["outlines"] + told["coast"] + told["sea"] - told["overlap"]
    assert parts == pytest.approx(told["whole"])


def test_a_cell_without_a_number_is_not_taken_for_zero():
    band = np.ones((18, 36))
    band[0, 0] = np.nan
    with pytest.raises(ValueError, match="lie inside whole cells"):
        shares_of(NORTH_UP, FROM_180).sums(band)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e6))
def test_sums_scale_with_the_unit_and_add_over_bands(seed, factor):
    shares = shares_of(NORTH_UP, FROM_180)
    one, other = np.random.default_rng(seed).random((2, 18, 36))
    np.testing.assert_allclose(shares.sums(one * factor), shares.sums(one) * factor, rtol=1e-9)
    np.testing.assert_allclose(
        shares.sums(one + other), shares.sums(one) + shares.sums(other), rtol=1e-9
    )


def test_the_key_tells_grids_and_outlines_apart():
    ways = [grid(*way.values) for way in WAYS]
    keys = {key(each, version) for each in ways for version in ("1", "2")}
    assert len(keys) == 8
    assert key(grid(NORTH_UP.astype("float32"), FROM_180), "1") in keys
    fine = np.arange(-89.95, 90, 0.1), np.arange(0.05, 360, 0.1)
    single = grid(*(axis.astype("float32") for axis in fine))
    assert key(single, "1") == key(grid(*fine), "1")
    assert single.bounds == (-180, -90, 180, 90), "what 32 bits lose moves no edge"


# --- grids ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latitudes", "longitudes", "said"),
    [
        (np.arange(-90, 90, 10), FROM_180, "those of corners"),
        (NORTH_UP, np.arange(-180, 180, 10), "those of corners"),
        (NORTH_UP, np.arange(0, 360, 10), "those of corners"),
        (np.arange(-90, 91, 10), FROM_180, "those of corners"),
        ([0, 10, 30], FROM_180, "not equally spaced"),
        ([0, np.nan], FROM_180, "none missing"),
        ([5], FROM_180, "at least two"),
        ([85, 95], FROM_180, "outside the globe"),
        (NORTH_UP, np.arange(5, 370, 10), "outside the globe|span"),
        (NORTH_UP, np.arange(155, 205, 10), "cross the edge"),
    ],
)
def test_coordinates_that_are_no_centres_are_refused(latitudes, longitudes, said):
    with pytest.raises(ValueError, match=said):
        grid(latitudes, longitudes)


def test_cells_of_the_globe_have_its_area():
    areas = cell_areas(grid(NORTH_UP, FROM_0))
    assert 36 * areas.sum() == pytest.approx(4 * np.pi * EARTH_RADIUS**2)
    assert areas[0] == pytest.approx(areas[-1])
    assert areas.argmax() in (8, 9)


def test_a_year_is_as_long_as_the_publisher_says():
    assert seconds_in_a_year(365.25) / seconds_in_a_year(365) == pytest.approx(1.000685, abs=1e-6)
    with pytest.raises(ValueError, match="360 to 366"):
        seconds_in_a_year(12)


def test_masks_that_lie_another_way_are_refused_and_can_be_turned():
    values, masks = grid(SOUTH_UP, FROM_0), grid(NORTH_UP, FROM_180)
    with pytest.raises(ValueError, match=r"south to north.*longitudes from 0") as caught:
        require_same(masks, values, "the masks and the values")
    assert "same order first" in str(caught.value)
    eastern = np.broadcast_to((FROM_180 > 0).astype("float64"), (1, 18, 36))
    with pytest.raises(ValueError, match="the masks and the values"):
        mask_shares(eastern, masks, values, ids=["east"])
    turned = reordered(eastern, masks, values)
    longitude = np.broadcast_to(FROM_0, (18, 36))
    east = mask_shares(turned, values, values, ids=["east"]).sums(longitude)
    assert east.tolist() == [18 * FROM_0[FROM_0 < 180].sum()]


def test_other_cells_are_not_regridded_in_silence():
    with pytest.raises(ValueError, match="same cells"):
        reordered(np.ones((18, 36)), grid(NORTH_UP, FROM_180), grid(NORTH_UP[::2], FROM_180))


# --- cubes ------------------------------------------------------------------------------------


def cube(chunks=None):
    values = np.random.default_rng(9).random((3, 2, 18, 36)).astype("float32")
    coordinates = {"year": [2000, 2010, 2015], "sector": ["a", "b"], "lat": SOUTH_UP, "lon": FROM_0}
    made = xr.DataArray(values, coordinates, ["year", "sector", "lat", "lon"])
    return made.chunk(chunks) if chunks else made


def test_a_cube_is_summed_band_by_band():
    shares = shares_of(SOUTH_UP, FROM_0)
    summed = zonal_sums(cube(), shares)
    assert summed.dims == ("year", "sector", "outline")
    band = cube().sel(year=2010, sector="b")
    np.testing.assert_array_equal(summed.sel(year=2010, sector="b"), shares.sums(band))


@pytest.mark.parametrize("chunks", [{"year": 1}, {"lat": 5, "lon": 7}, {"year": 2, "sector": 1}])
def test_pieces_of_a_cube_give_the_same_to_the_last_bit(chunks):
    shares = shares_of(SOUTH_UP, FROM_0)
    lazy = zonal_sums(cube(chunks), shares)
    assert lazy.chunks is not None
    np.testing.assert_array_equal(lazy.compute(), zonal_sums(cube(), shares))


def test_a_cube_streams_band_by_band():
    alive, most = set(), []

    def one(block_info):
        number = block_info[None]["chunk-location"][0]
        made = np.full((1, 18, 36), float(number))
        alive.add(number)
        most.append(len(alive))
        weakref.finalize(made, alive.discard, number)
        return made

    chunks = ((1,) * 40, (18,), (36,))
    values = dask.array.map_blocks(one, chunks=chunks, dtype="float64", meta=np.empty((0, 0, 0)))
    axes = {"year": np.arange(40), "lat": SOUTH_UP, "lon": FROM_0}
    shares = shares_of(SOUTH_UP, FROM_0)
    with dask.config.set(scheduler="synchronous"):
        summed = zonal_sums(xr.DataArray(values, axes, list(axes)), shares).compute()
    assert len(most) == 40
    assert max(most) <= 3, "bands are held no longer than they are needed"
    np.testing.assert_allclose(summed[7], 7 * summed[1])


@pytest.mark.slow
def test_a_cluster_gives_the_same_to_the_last_bit():
    from dask.distributed import Client, LocalCluster

    shares = shares_of(SOUTH_UP, FROM_0)
    settings_ = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(host="127.0.0.1", **settings_) as cluster, Client(cluster):
        told = zonal_sums(cube({"year": 1}), shares).compute()
    np.testing.assert_array_equal(told, zonal_sums(cube(), shares))


def test_a_cube_that_lies_another_way_is_refused():
    with pytest.raises(ValueError, match="the cube and the cell shares"):
        zonal_sums(cube(), shares_of(NORTH_UP, FROM_180))
