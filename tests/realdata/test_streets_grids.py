"""The grids of Streets et al. (2019) against the table that the authors published."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from evalkit.methods.cell_coverage import mask_shares
from evalkit.methods.grids import cell_areas, grid, reordered, seconds_in_a_year
from evalkit.methods.zonal import zonal_sums
from evalkit.reference import paths
from evalkit.sources.check import check
from evalkit.sources.loaded import Loaded

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / os.environ.get("EVALKIT_REALDATA", "../shared/data") / "emissions" / "streets2019"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real files: there is no {FOLDER}"),
]
SECONDS = seconds_in_a_year(365.25)  # the authors count so


@pytest.fixture(scope="module")
def amounts() -> xr.Dataset:
    """Mg of each cell, by year and species."""
    fluxes = xr.open_dataset(FOLDER / "Streets_2019_Anthro_Hg_Emissions.nc")
    area = xr.open_dataset(FOLDER / "area_1x1.nc")["area"]
    made = fluxes.astype("float64") * area * SECONDS / 1000
    return made.assign_coords(time=fluxes["time"].dt.year)


@pytest.fixture(scope="module")
def masks() -> xr.DataArray:
    return xr.open_dataset(FOLDER / "17_region_masks.nc").to_dataarray("region").fillna(0)


@pytest.mark.parametrize(("year", "published"), [(2000, 1304.96), (2010, 1508.35), (2015, 1657.34)])
def test_elemental_mercury_of_the_world(amounts, year, published):
    assert float(amounts["Hg0"].sel(time=year).sum()) == pytest.approx(published, abs=0.005)


def test_all_species_of_the_world(amounts):
    total = amounts.sel(time=2015).to_dataarray().sum()
    assert float(total) == pytest.approx(2389.6, abs=0.05)


def test_area_of_a_cell_is_that_of_the_authors(amounts):
    theirs = xr.open_dataset(FOLDER / "area_1x1.nc")["area"]
    ours = cell_areas(grid(theirs["lat"], theirs["lon"]))
    np.testing.assert_allclose(np.broadcast_to(ours[:, None], (180, 360)), theirs, rtol=0.01)


def test_regions_are_those_of_the_table_once_masks_are_aligned(amounts, masks):
    values, of_masks = grid(amounts["lat"], amounts["lon"]), grid(masks["lat"], masks["lon"])
    names = [str(name) for name in masks["region"].values]
    turned = reordered(masks.to_numpy(), of_masks, values)
    shares = mask_shares(turned, values, values, ids=names)
    year = amounts.sel(time=2015).to_dataarray("species").sum("species")
    told = zonal_sums(year, shares).to_series()
    expected = {"Canada": 8.3, "USA": 42.7, "South America": 275.8, "East Asia": 1012.3}
    assert {name: round(told[name], 1) for name in expected} == expected
    account = shares.account(year.to_numpy())
    assert account["overlap"] > 1, "the authors' masks of Europe and the former USSR overlap"
    parts = account["outlines"] + account["coast"] + account["sea"] - account["overlap"]
    assert parts == pytest.approx(account["whole"], rel=1e-12)


def test_masks_as_they_come_are_refused(amounts, masks):
    values, of_masks = grid(amounts["lat"], amounts["lon"]), grid(masks["lat"], masks["lon"])
    with pytest.raises(ValueError, match="south to north"):
        mask_shares(masks.to_numpy(), of_masks, values, ids=list(map(str, range(17))))


def test_masks_laid_as_they_come_would_have_looked_right(amounts, masks):
    """What the refusal is for: South America would have 713.9 Mg instead of 275.8."""
    year = amounts.sel(time=2015).to_dataarray("species").sum("species").to_numpy()
    wrong = float((year * masks.sel(region="South America").to_numpy()).sum())
    assert wrong == pytest.approx(713.9, abs=0.05)


# --- as files among others ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Loaded]:
    """Both files, through the door by which every file comes."""
    names = {"streets": "Streets_2019_Anthro_Hg_Emissions.nc", "whet": "WHET_compiled_1x1_final.nc"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.CACHE, str(tmp_path_factory.mktemp("cache")))
        return {key: check(FOLDER / name) for key, name in names.items()}


def told(loaded: Loaded, entity: str, species: str, year: int) -> float:
    rows = loaded.tables["emissions"].set_index(["entity", "species", "year"])
    return float(rows.at[(entity, species, year), "kg"]) / 1000


@pytest.mark.parametrize(
    ("file", "species", "year", "published"),
    [
        ("streets", "Hg0", 2000, 1304.96),
        ("streets", "Hg0", 2010, 1508.35),
        ("streets", "Hg0", 2015, 1657.34),
        ("streets", "total", 2015, 2389.60),
        ("whet", "Hg0", 1990, 2148.3),
        ("whet", "Hg2", 2000, 476.1),
        ("whet", "HgP", 2010, 209.6),
    ],
)
def test_the_readers_give_the_published_totals(read, file, species, year, published):
    assert told(read[file], "WLD", species, year) == pytest.approx(published, abs=0.05)


def test_states_areas_apart_coast_and_sea_are_the_grid(read):
    for loaded in read.values():
        assert loaded.failures == ()
        by = ["species", "year"]
        rows = loaded.tables["grid_accounts"].pivot_table("kg", by, "part", aggfunc="sum")
        parts = rows[["states", "territories", "disputed", "coast", "sea"]].sum(axis=1)
        np.testing.assert_allclose(parts - rows["overlap"], rows["whole"], rtol=1e-12)
        assert (rows["sea"] < 0.01 * rows["whole"]).all()


def test_a_state_by_its_outline_is_that_of_the_region_within_its_coast(read):
    """Canada and the United States are regions of the table; cells of the coast are divided."""
    for entity, published in (("CAN", 8.3), ("USA", 42.7)):
        assert 0.85 * published < told(read["streets"], entity, "total", 2015) < published * 1.02


def test_the_cells_of_a_map_are_the_published_total(read):
    rows = read["streets"].tables["grid_cells"]
    rows = rows[rows["year"] == 2015]
    assert set(rows["species"]) == {"total"}
    assert rows["kg"].sum() / 1000 == pytest.approx(2389.6, abs=0.05)
    assert set(rows["height"]) == set(rows["width"]) == {2.0}
