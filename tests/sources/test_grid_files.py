"""Grids in the layouts of their publishers, written small: what is taken, and what stops a load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from evalkit.errors import FileRefusedError, Reason
from evalkit.methods.grids import cell_areas, grid
from evalkit.reference import paths
from evalkit.sources.check import check
from evalkit.sources.grid_files import outline_shares
from evalkit.sources.loaded import Loaded

STEP = 10.0
NORTH_UP, FROM_180 = np.arange(85.0, -90, -STEP), np.arange(-175.0, 180, STEP)
GRID = grid(NORTH_UP, FROM_180)
DAY = 86_400.0
NAME = "v8.1_FT2022_TOX_Hg_G_2003_TOTALS_flx.nc"
KEY = ["category", "species", "year"]


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of this module's own for what is kept."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.CACHE, str(folder))
        yield folder


@pytest.fixture(scope="module")
def tonnes() -> np.ndarray:
    """Tonnes of each cell, from the north west: on land, and a little at sea."""
    land = outline_shares.outline_shares(GRID).inside.reshape(GRID.shape) > 0.3
    chance = np.random.default_rng(11).random(GRID.shape)
    return np.where(land, chance, chance * 0.01).astype("float32").astype("float64")


def flux(kg: np.ndarray, days: float) -> np.ndarray:
    """The flux that gives so many kg of each cell."""
    return kg / cell_areas(GRID)[:, None] / (days * DAY)


def array(values: np.ndarray, **attributes: object) -> xr.DataArray:
    return xr.DataArray(
        values, {"lat": NORTH_UP, "lon": FROM_180}, ["lat", "lon"], attrs=attributes
    )


def edgar(values: np.ndarray, **attributes: object) -> xr.DataArray:
    about = {"long_name": "TOTALS", "substance": "Hg_G", "year": "2003", "release": "EDGARv8.1"}
    return array(values, **{"units": "kg m-2 s-1", **about, **attributes})


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Loaded]:
    """Write variables as NetCDF and check the file."""

    def written(name: str, variables: dict[str, xr.DataArray], **attributes: str) -> Loaded:
        xr.Dataset(variables, attrs=attributes).to_netcdf(tmp_path / name)
        return check(tmp_path / name)

    return written


def kg(loaded: Loaded, **where: object) -> dict[str, float]:
    assert loaded.failures == ()
    rows = loaded.tables["emissions"]
    for column, wanted in where.items():
        rows = rows[rows[column] == wanted]
    assert rows["entity"].is_unique
    return dict(zip(rows["entity"], rows["kg"], strict=True))


def parts(loaded: Loaded) -> np.ndarray:
    """Whole, and the sum of its parts less the overlap, of every band."""
    rows = loaded.tables["grid_accounts"].pivot_table("kg", KEY, "part", aggfunc="sum")
    added = rows[["states", "territories", "disputed", "coast", "sea"]].sum(axis=1)
    return np.stack([rows["whole"], added - rows["overlap"]])


def said(loaded: Loaded) -> str:
    assert loaded.tables == {}
    assert all(failure.remedy for failure in loaded.failures)
    return "\n".join(str(failure) for failure in loaded.failures)


# --- EDGAR ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "days"), [("2003", 365), ("2004", 366)])
def test_a_flux_becomes_kg_with_the_area_and_the_days_of_its_year(write, tonnes, year, days):
    values = edgar(flux(tonnes * 1000, days), year=year, global_total=f"{tonnes.sum():.2f}t")
    loaded = write(NAME.replace("2003", year), {"fluxes": values})
    assert kg(loaded)["WLD"] == pytest.approx(tonnes.sum() * 1000, rel=1e-12)
    rows = loaded.tables["emissions"]
    told = {name: set(rows[name]) for name in ("inventory", "version", "species", "basis")}
    assert told == {
        "inventory": {"edgar-grid"},
        "version": {"8.1"},
        "species": {"Hg0"},
        "basis": {"estimated"},
    }
    assert set(rows["year"]) == {int(year)}
    assert rows["origin"].str.contains("#fluxes/").all()
    assert rows["origin"].is_unique


def test_parties_areas_apart_coast_and_sea_are_the_grid(write, tonnes):
    loaded = write(NAME, {"fluxes": edgar(flux(tonnes * 1000, 365))})
    whole, added = parts(loaded)
    np.testing.assert_allclose(added, whole, rtol=1e-12)
    account = loaded.tables["grid_accounts"].set_index(["part", "area"])["kg"]
    assert account["disputed", "XJK"] > 0
    assert account["coast", ""] > 0 < account["sea", ""]
    assert not loaded.tables["emissions"]["entity"].str.startswith("X").any()
    rows = loaded.tables["emissions"]
    named = rows[~rows["entity"].isin(["WLD"])]["kg"].sum()
    assert named <= account[["states", "territories"]].sum() * (1 + 1e-12)
    assert any("areas in dispute" in note for note in loaded.notes)


def test_amounts_of_cells_need_no_area(write, tonnes):
    values = edgar(tonnes, units="Tonnes", global_total=f"{tonnes.sum():.3f}t")
    loaded = write(NAME.replace("flx", "emi"), {"emissions": values})
    assert kg(loaded)["WLD"] == pytest.approx(tonnes.sum() * 1000, rel=1e-12)


def test_the_four_ways_in_which_a_grid_may_lie_give_the_same(write, tonnes):
    values = edgar(tonnes, units="Tonnes")
    turned = values.assign_coords(lon=np.where(FROM_180 < 0, FROM_180 + 360, FROM_180))
    found = [
        kg(write(NAME, {"emissions": way}))
        for way in (values, values[::-1], turned.sortby("lon"), turned.sortby("lon")[::-1])
    ]
    for other in found[1:]:
        assert other == pytest.approx(found[0], rel=1e-9)


def test_a_name_that_geos_chem_gave_and_its_axis_of_time_are_understood(write, tonnes):
    values = edgar(flux(tonnes * 1000, 365)).expand_dims(time=np.array(["2003-01-15"], "M8[ns]"))
    loaded = write(NAME, {"emi_hg_g": values})
    assert kg(loaded)["WLD"] == pytest.approx(tonnes.sum() * 1000, rel=1e-12)
    several = xr.concat([values, values * 2], "time").assign_coords(
        time=np.array(["2003-01-15", "2004-01-15"], "M8[ns]")
    )
    del several.attrs["year"], several.attrs["substance"]
    loaded = write("EDGAR_gold_A.nc", {"emi_hg_g": several, "emi_hg_d": several})
    assert kg(loaded, year=2004, species="Hg2")["WLD"] == pytest.approx(
        2 * 366 / 365 * tonnes.sum() * 1000, rel=1e-12
    )


def test_a_difference_to_the_publishers_total_stops_the_load(write, tonnes):
    stated = f"{tonnes.sum() * 1.02:.2f}t"
    loaded = write(NAME, {"fluxes": edgar(flux(tonnes * 1000, 365), global_total=stated)})
    assert loaded.failures[0].reason is Reason.CONTRADICTION
    assert "the publisher's total is" in said(loaded)
    assert loaded.control["taken"] == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"units": "g m-2 s-1"}, "The unit 'g m-2 s-1' is not known"),
        ({"units": ""}, "does not say its unit"),
        ({"substance": "SO2"}, "the attribute says SO2, the name of the file says Hg_G"),
        ({"year": "2004"}, "the attribute says 2004, the name says 2003"),
        ({"long_name": "ENE"}, "the variable says ENE, the name says TOTALS"),
        ({"global_total": "about a kiloton"}, "which is no amount"),
    ],
)
def test_attributes_that_can_mislead_stop_the_load(write, tonnes, change, words):
    loaded = write(NAME, {"fluxes": edgar(flux(tonnes * 1000, 365), **change)})
    assert words in said(loaded)


def test_another_substance_is_refused_by_its_name(write, tonnes):
    values = edgar(flux(tonnes, 365), substance="CH4")
    loaded = write("v8.0_FT2022_GHG_CH4_2003_TOTALS_flx.nc", {"fluxes": values})
    assert "of CH4, not of mercury" in said(loaded)


def moved(values, **axes):
    return values.assign_coords(**axes)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda v: moved(v, lat=NORTH_UP + 5, lon=FROM_180 - 5), "those of corners"),
        (lambda v: moved(v, lon=FROM_180 + 175), "those of corners"),
        (lambda v: moved(v, lon=(FROM_180 + 360) % 360), "not equally spaced"),
        (lambda v: v[2:], "and not the globe"),
        (lambda v: v[:, 3:20], "and not the globe"),
        (lambda v: v.where(v.lat > -80), "without a number lie inside"),
        (lambda v: v.where(v.lat > 0, -v), "less than nothing"),
        (lambda v: v.expand_dims(height=[0.0, 50.0]), "not year, lat and lon"),
        (
            lambda v: v.expand_dims(time=np.array(["2003-01-01", "2003-02-01"], "M8[ns]")),
            "by month are not read",
        ),
    ],
)
def test_a_grid_that_lies_otherwise_than_it_says_is_refused(write, tonnes, spoil, words):
    loaded = write(NAME, {"fluxes": spoil(edgar(flux(tonnes * 1000, 365)))})
    assert words in said(loaded)


@pytest.mark.parametrize(
    ("spoil", "from_", "to"),
    [
        (lambda v: moved(v, lat=NORTH_UP[::-1]), 70, 120),  # Asia; in the south there is an ocean
        (lambda v: moved(v, lon=FROM_180 + 180), -10, 40),  # Africa and Europe; then the Pacific
        (lambda v: v.roll(lon=18), -10, 40),
        (lambda v: v[::-1, ::-1].assign_coords(v.coords), -10, 40),
    ],
)
def test_a_grid_that_is_turned_without_saying_so_lies_at_sea(write, spoil, from_, to):
    there = np.outer((NORTH_UP > 10) & (NORTH_UP < 50), (from_ < FROM_180) & (to > FROM_180))
    right = edgar(there.astype("float64"), units="Tonnes")
    assert kg(write(NAME, {"emissions": right}))["WLD"] == there.sum() * 1000
    assert "lie at sea: the grid is upside down" in said(write(NAME, {"emissions": spoil(right)}))


def test_a_grid_of_ships_may_lie_at_sea(write, tonnes):
    sea = np.where(tonnes < 0.01, 1.0, 0.0)
    values = edgar(sea, units="Tonnes", long_name="TNR_Ship")
    loaded = write(NAME.replace("TOTALS", "TNR_Ship"), {"emissions": values})
    assert set(loaded.tables["emissions"]["category"]) == {"TNR_Ship"}


def test_a_damaged_file_is_refused_with_its_remedy(write, tonnes, tmp_path):
    write(NAME, {"fluxes": edgar(flux(tonnes * 1000, 365))})
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(FileRefusedError, match="can't be read as NetCDF") as caught:
        check(path)
    assert caught.value.remedy


def test_masks_and_areas_are_of_no_form(write):
    with pytest.raises(FileRefusedError, match="of no form"):
        write("17_region_masks.nc", {"Canada": array(np.ones(GRID.shape), units="mask")})


# --- EDGAR as text --------------------------------------------------------------------------------


def text(tonnes: np.ndarray, shift: float = STEP / 2, unit: str = "") -> str:
    held = [
        f"{latitude - shift:g};{longitude - shift:g};{float(tonnes[i, j])!r}"
        for i, latitude in enumerate(NORTH_UP.tolist())
        for j, longitude in enumerate(FROM_180.tolist())
        if tonnes[i, j] > 0
    ]
    heading = ["EDGARv8.1", "Hg_G 2003 TOTALS", f"lat;lon;emission{unit}"]
    return "\n".join([*heading, *held]) + "\n"


def test_corners_of_cells_give_what_their_centres_give(write, tonnes, tmp_path):
    path = tmp_path / "v8.1_FT2022_TOX_Hg_G_2003_TOTALS.txt"
    path.write_text(text(tonnes))
    corners = kg(check(path))
    centres = kg(write(NAME, {"emissions": edgar(tonnes, units="Tonnes")}))
    assert corners == pytest.approx(centres, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        ("v8.1_TOX_Hg_2003_TOTALS.txt", lambda t: text(t, shift=0), "those of centres"),
        ("v8.1_TOX_Hg_2003_TOTALS.txt", lambda t: text(t, unit="(lb)"), "The unit 'lb'"),
        ("v8.1_TOX_Hg_2003_TOTALS.txt", lambda t: text(t) + "80;-180;1\n", "stands twice"),
        ("v8.1_TOX_Hg_2003_TOTALS.txt", lambda t: text(t) + "80;-170;many\n", "can't be read"),
        ("v8.1_TOX_Hg_2003_TOTALS.txt", lambda t: text(t) + "80;;1\n", "A number is missing"),
        ("v8.1_TOX_Hg_2003_TOTALS.txt", lambda t: text(t) + "90;0;1\n", "outside the globe"),
        ("cells.txt", text, "does not say its substance"),
        ("v8.1_AP_SO2_2003_TOTALS.txt", text, "of SO2, not of mercury"),
    ],
)
def test_a_text_of_cells_that_can_mislead_is_refused(tonnes, tmp_path, name, spoil, words):
    (tmp_path / name).write_text(spoil(tonnes))
    assert words in said(check(tmp_path / name))


# --- cells for maps -------------------------------------------------------------------------------


def cells(loaded: Loaded) -> dict[tuple[float, float], float]:
    rows = loaded.tables["grid_cells"]
    return dict(zip(zip(rows["latitude"], rows["longitude"], strict=True), rows["kg"], strict=True))


def test_cells_add_up_to_the_grid_whichever_way_it_lies(write, tonnes):
    held = tonnes * (tonnes > 0.5)
    about = {"units": "Tonnes", "global_total": f"{held.sum():.3f}t"}
    plain = write(NAME, {"emissions": edgar(held, **about)})
    turned = edgar(held, **about).roll(lon=18)[::-1].assign_coords(lon=FROM_180 + 180)
    assert cells(write(NAME, {"emissions": turned})) == cells(plain)
    assert sum(cells(plain).values()) == pytest.approx(held.sum() * 1000)
    assert len(cells(plain)) == (held > 0).sum(), "a cell without a row holds nothing"
    row = plain.tables["grid_cells"].iloc[0]
    area = cell_areas(GRID)[list(NORTH_UP).index(row["latitude"])]
    assert row["g_per_km2"] == pytest.approx(row["kg"] * 1000 / (area / 1e6), rel=1e-12)


def test_a_grid_of_nothing_has_a_cell_that_says_so(write, tonnes):
    loaded = write(NAME, {"emissions": edgar(tonnes * 0, units="Tonnes")})
    assert list(cells(loaded).values()) == [0]


# --- the Global Mercury Assessment, Streets, WHET -------------------------------------------------


def test_groups_and_species_of_the_assessment_are_added_up(write, tonnes):
    shares = {"asgm": 0.4, "inds": 0.3, "intw": 0.1, "pg": 0.2}
    species = {"0": 0.7, "2": 0.2, "p": 0.1}
    variables = {
        f"emi_hg_{s}_{group}": array(
            flux(tonnes * 1000 * share * part, 365), units="kg m-2 s-1"
        ).expand_dims(time=np.array(["2015-01-01"], "M8[ns]"))
        for group, share in shares.items()
        for s, part in species.items()
    }
    loaded = write("GMA_emissions_Hg.0.25x0.25.2015.nc", variables)
    whole = tonnes.sum() * 1000
    assert kg(loaded, category="total", species="total")["WLD"] == pytest.approx(whole)
    assert kg(loaded, category="asgm", species="total")["WLD"] == pytest.approx(0.4 * whole)
    assert kg(loaded, category="total", species="HgP")["WLD"] == pytest.approx(0.1 * whole)
    assert kg(loaded, category="pg", species="Hg2")["WLD"] == pytest.approx(0.04 * whole)
    np.testing.assert_allclose(*parts(loaded), rtol=1e-12)
    assert loaded.control["bands"] == 12
    kept = loaded.tables["grid_cells"]
    assert set(kept["category"]) == set(kept["species"]) == {"total"}, "of many bands one"
    assert kept["kg"].sum() == pytest.approx(whole)
    rows = loaded.tables["emissions"]
    assert set(rows["version"]) == {"2015"}
    one = rows[(rows["category"] == "asgm") & (rows["species"] == "total")].iloc[0]
    variables = "emi_hg_0_asgm+emi_hg_2_asgm+emi_hg_p_asgm"
    assert one["origin"].endswith(f"#{variables}/{one['entity']}:1")


def test_one_group_alone_is_no_total_and_a_year_is_needed(write, tonnes):
    name, values = "emi_hg_0_asgm", array(flux(tonnes, 365), units="kg m-2 s-1")
    loaded = write("GMA.2015.nc", {name: values})
    assert set(map(tuple, loaded.tables["emissions"][["category", "species"]].to_numpy())) == {
        ("asgm", "Hg0")
    }
    assert "does not say its year" in said(write("GMA.nc", {name: values}))
    assert "the name 2010 says 2010" in said(write("GMA_2010_2015.nc", {name: values}))


@pytest.mark.parametrize(
    ("axis", "about", "inventory"),
    [
        (
            {"time": np.array(["2000-01-01", "2015-01-01"], "M8[ns]")},
            {"full_reference": "D.G. Streets and others. 2019."},
            "streets-2019-grid",
        ),
        ({"year": np.array([1990, 2010])}, {}, "whet-grid"),
    ],
)
def test_three_species_have_a_year_of_365_and_a_quarter_days(write, tonnes, axis, about, inventory):
    values = array(flux(tonnes * 1000, 365.25), units="kg m-2 s-1").expand_dims(axis)
    loaded = write("grid.nc", {name: values for name in ("Hg0", "Hg2", "HgP")}, **about)
    rows = loaded.tables["emissions"]
    assert set(rows["inventory"]) == {inventory}
    last = int(rows["year"].max())
    assert kg(loaded, species="total", year=last)["WLD"] == pytest.approx(3000 * tonnes.sum())
    assert rows.loc[rows["year"] == last, "origin"].str.endswith(":2").all()
    np.testing.assert_allclose(*parts(loaded), rtol=1e-12)


def test_variables_of_different_units_are_not_added(write, tonnes):
    values = array(flux(tonnes, 365.25), units="kg m-2 s-1").expand_dims(year=[1990])
    other = values.assign_attrs(units="g m-2 s-1")
    loaded = write("grid.nc", {"Hg0": values, "Hg2": other, "HgP": values})
    assert "Hg0 says kg m-2 s-1, Hg2 says g m-2 s-1" in said(loaded)


# --- what is kept ---------------------------------------------------------------------------------


def test_shares_are_computed_once_for_a_grid_and_the_outlines(cache, tonnes, monkeypatch):
    made = outline_shares.outline_shares(GRID)
    kept = sorted((cache / outline_shares.FOLDER).glob("*.npz"))
    assert cache / outline_shares.FOLDER / f"{made.key}.npz" in kept

    def never(*_: object, **__: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(outline_shares, "cell_shares", never)
    again = outline_shares.outline_shares(GRID)
    assert again.outlines == made.outlines
    np.testing.assert_array_equal(again.sums(tonnes), made.sums(tonnes))
    monkeypatch.setattr(outline_shares, "version", lambda: "other outlines")
    with pytest.raises(AssertionError, match="computed again"):
        outline_shares.outline_shares(GRID)


@pytest.mark.parametrize("harm", [lambda raw: raw[:5000], lambda raw: raw[:-900] + bytes(900)])
def test_damaged_shares_are_made_again(cache, tonnes, harm):
    made = outline_shares.outline_shares(GRID)
    path = cache / outline_shares.FOLDER / f"{made.key}.npz"
    path.write_bytes(harm(path.read_bytes()))
    again = outline_shares.outline_shares(GRID)
    np.testing.assert_array_equal(again.sums(tonnes), made.sums(tonnes))
    assert outline_shares._read(path, GRID) is not None


def test_where_nothing_can_be_kept_shares_are_computed(tonnes, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(paths.CACHE, str(tmp_path / "file"))
    assert outline_shares.outline_shares(GRID).sums(tonnes).sum() > 0
