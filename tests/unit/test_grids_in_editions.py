"""A grid among the inputs of a build: kg by State, the account of the rest, the way back to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import evalkit
from evalkit import testing
from evalkit.editions.links import Finding, SetApart
from evalkit.editions.store import Edition
from evalkit.errors import EvalkitError, Failure, Reason
from evalkit.reference import outlines, paths
from evalkit.views.emissions import Emissions

FIGURE = "application/vnd.plotly.v1+json"
NAME = "v8.1_FT2022_TOX_Hg_2015_TOTALS_emi.nc"
LATITUDES, LONGITUDES = np.arange(-85.0, 90, 10), np.arange(-175.0, 180, 10)
ASIA = np.outer((LATITUDES > 10) & (LATITUDES < 50), (LONGITUDES > 70) & (LONGITUDES < 120))


BAD = NAME.replace("2015", "2014")


def write(path: Path, year: str = "2015", total: str = "12t") -> Path:
    """Write a grid of 0.5 t in each of 20 cells of Asia, and of 2 t in a cell of Ghana."""
    tonnes = np.where(ASIA, 0.5, 0.0)
    tonnes[9, 17] = 2.0  # latitudes 0 to 10, longitudes -10 to 0
    about = {"units": "Tonnes", "long_name": "TOTALS", "substance": "Hg", "year": year}
    axes = {"lat": LATITUDES, "lon": LONGITUDES}
    values = xr.DataArray(tonnes, axes, list(axes), attrs={**about, "global_total": total})
    values.to_dataset(name="emissions").to_netcdf(path)
    return path


def people(home: Path) -> Path:
    """Write the people of Ghana, with where the number comes from."""
    about = "source,publisher,title,as_of\ninvented-people,Invented,People,2015-12-31\n"
    (home / "sources.csv").write_text(about, encoding="utf-8")
    row = "GHA,2015,20000000,invented-people,estimated"
    lines = f"entity,year,persons,source,basis\n{row}\n"
    (home / "population.csv").write_text(lines, encoding="utf-8")
    return home / "population.csv"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return testing.write_data(tmp_path_factory.mktemp("data"), testing.minimal())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Edition:
    home = tmp_path_factory.mktemp("gridded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.CACHE, str(home / "cache"))
        files = [
            write(home / NAME),
            write(home / BAD, "2014", "13t"),
            people(home),
            home / "sources.csv",
        ]
        return evalkit.build(files, home / "editions" / "current", data=data, set_apart=True)


def test_the_parts_of_a_grid_stand_in_the_edition(built):
    rows = built.table("emissions")
    rows = rows[rows["inventory"] == "edgar-grid"].set_index("entity")
    assert set(rows["basis"]) == {"estimated"}
    assert rows.at["WLD", "kg"] == 12_000
    assert 0 < rows.at["GHA", "kg"] < 2_000
    assert rows.at["PER", "kg"] == 0, "a State whose cells hold nothing emits nothing"
    account = built.table("grid_accounts").groupby("part")["kg"].sum()
    named = account[["states", "territories", "disputed", "coast", "sea"]].sum()
    assert named - account["overlap"] == pytest.approx(account["whole"], rel=1e-12)
    assert account["whole"] == 12_000
    assert account["disputed"] > 0, "areas in dispute are nobody's"


def test_a_number_of_a_grid_leads_to_its_file_and_band(built):
    asked = {"series": "edgar-grid", "period": "2015"}
    told = built.indicator("emissions-to-air").explain(entity="GHA", **asked)
    kg = built.table("emissions").set_index(["inventory", "entity"]).at[("edgar-grid", "GHA"), "kg"]
    assert told.rows["value"].tolist() == [kg]
    assert told.evidence["origin"].tolist() == [f"incoming/{NAME}#emissions/GHA:1"]
    assert told.sources["publisher"].str.contains("EDGAR").all()
    assert "basis: estimated" in str(told)


def test_the_account_is_explained_part_by_part(built):
    asked = {"entity": "WLD", "period": "2015"}
    told = built.indicator("gridded-emissions").explain(series="edgar-grid", **asked)
    assert told.rows["value"].tolist() == [12_000]
    parts = {"whole", "states", "territories", "disputed", "coast", "sea", "overlap"}
    assert set(told.evidence["part"]) == parts
    one = built.indicator("gridded-emissions").explain(series="edgar-grid/coast", **asked)
    assert one.evidence["part"].tolist() == ["coast"]
    assert one.evidence["kg"].tolist() == one.rows["value"].tolist()


def test_the_map_shows_the_cells_of_the_grid_and_zero_apart(built):
    page = Emissions(built, "drawn=cells")
    page.head()
    (output,) = page.outputs["map"].outputs
    heat, lines, hatching, *_ = output["data"][FIGURE]["data"]
    rows = built.table("grid_cells")
    assert rows["kg"].sum() == 12_000
    assert (len(heat["z"]), len(heat["z"][0])) == (18, 36)
    assert sum(one > 0 for row in heat["z"] for one in row) == len(rows) == 21
    assert "2.0 t in the cell" in heat["text"][9][17], "latitudes 0 to 10, longitudes -10 to 0"
    assert heat["text"][0][0] == "Zero"
    legend = [one["name"] for one in output["data"][FIGURE]["data"] if one.get("name")]
    assert legend[0] == "Zero"
    assert len(legend) == max(map(max, heat["z"])) + 1, "a class for every colour"
    assert lines["x"].count(None) > len(outlines.ids()) > 200
    assert hatching["x"], "areas in dispute are hatched"
    title = page.over["map"].value
    assert "in grams per square kilometre: EDGAR, grid, 2015 · as of" in title
    said = page.under["map"].value
    assert "All cells together hold 12.0 t" in said
    assert "do not imply official endorsement" in said
    assert "EDGAR" in said
    assert "<td" in said, "a table says the same in words"


def test_people_loaded_beside_a_grid_give_grams_for_each_person(built):
    asked = {"series": "edgar-grid", "period": "2015"}
    told = built.indicator("emissions-per-person").explain(entity="GHA", **asked)
    kg = built.table("emissions").set_index(["inventory", "entity"]).at[("edgar-grid", "GHA"), "kg"]
    assert told.rows["value"].tolist() == [1000 * kg / 20_000_000]
    assert "g for each person" in str(told)
    origins = told.evidence["origin"].tolist()
    assert origins == [f"incoming/{NAME}#emissions/GHA:1", "incoming/population.csv:2"]
    page = Emissions(built, "party=GHA")
    assert "Grams emitted to air for each person" in page.under["per_person"].value
    assert page.under["per_person"].value.count("EDGAR, grid") == 1


def test_a_reader_goes_from_parties_to_cells_and_back(built):
    page = Emissions(built)
    assert page.chosen("drawn") == "states"
    assert "Where the whole" in page.under["grids"].value
    assert "Cells of the coast, outside all outlines" in page.under["grids"].value
    page.choosers["drawn"].value = "cells"
    assert "drawn=cells" in page.htmls["address"].value
    assert page.chosen("mapped") == "edgar-grid"
    assert "by cell" in page.over["map"].value
    page.choosers["drawn"].value = "states"
    assert "by cell" not in page.over["map"].value


def test_a_grid_whose_total_differs_is_set_apart_or_stops_the_build(built, data, tmp_path):
    assert built.manifest["set_apart"] == 1
    assert set(built.table("grid_accounts")["year"]) == {2015}
    bad = write(tmp_path / BAD, "2014", "13t")
    with pytest.raises(EvalkitError, match="the publisher's total is 13,000 kg"):
        evalkit.build([bad], tmp_path / "editions" / "current", data=data)


def test_rows_of_a_variable_or_a_sheet_are_set_apart_with_their_file():
    rows = pd.DataFrame({"kg": [1.0, 2.0], "origin": ["incoming/a.nc#v/GHA:1", "data/e.csv:2"]})
    failure = Failure(Reason.DUPLICATE_KEY, "GHA stands twice", "incoming/a.nc#v/GHA", 1)
    finding = Finding("emissions", rows.index[:1], [failure])
    apart = SetApart({"incoming/a.nc"})
    assert apart.take(rows, lambda _: finding)["kg"].tolist() == [2.0]
    assert apart.failures == [failure]
    left_out = apart.left_out("emissions", "incoming/a.nc")
    assert left_out["kg"].tolist() == [1.0], "the counts of the file add up"
    with pytest.raises(EvalkitError, match="stands twice"):
        SetApart({"incoming/b.nc"}).take(rows, lambda _: finding)
