"""Publishers' own inventory files against the figures that they, or others, published."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from evalkit.sources.check import check
from evalkit.sources.documents import Document, Kind
from evalkit.sources.inventories import edgar, edgar_workbook
from evalkit.sources.inventories.reading import Reading
from evalkit.sources.loaded import Loaded

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / os.environ.get("EVALKIT_REALDATA", "../shared/data") / "emissions"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real files: there is no {FOLDER}"),
]


def read(name: str, source: str) -> pd.DataFrame:
    loaded: Loaded = check(FOLDER / name)
    assert loaded.source == source
    assert loaded.failures == ()
    control = loaded.control
    assert control["read"] == control["taken"] + control["set_apart"] + control["passed_over"]
    return loaded.tables["emissions"]


def total(rows: pd.DataFrame, year: int, by: str = "entity") -> dict[str, float]:
    return {str(k): v for k, v in rows[rows["year"] == year].groupby(by)["kg"].sum().items()}


def test_national_totals_are_their_sectors_without_memo_items():
    """Reading proves it for every country and year: else nothing would have been taken."""
    rows = read("clrtap/CLRTAP_NFR14_Hg_extract.csv", "clrtap")
    assert len(rows) == 8596
    told = rows[(rows["category"] == "national-total") & (rows["year"] == 2019)]
    found = {row.entity: round(row.kg / 1000, 6) for row in told.itertuples()}
    assert found == {
        "AUT": 0.986372,
        "BGR": 0.781252,
        "CYP": 0.028307,
        "EST": 0.327232,
        "GRC": 1.183117,
        "IRL": 0.327174,
        "ISL": 0.01495,
        "LTU": 0.146996,
        "LUX": 0.099466,
        "LVA": 0.0808,
        "MLT": 0.006507,
    }
    assert set(rows.loc[rows["note"] != "", "category"]) == {
        "1A3ai(ii)",
        "1A3aii(ii)",
        "1A3di(i)",
    }


def test_releases_of_facilities():
    found = total(read("eprtr/EPRTR_air_Hg_extract.tsv", "eprtr"), 2019)
    expected = {"BGR": 1047.0, "GRC": 1029.6, "BEL": 439.5, "AUT": 105.4}
    assert {name: round(found[name], 1) for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "year", "kg"),
    [
        ("TRI_2019_NationalTotals.csv", 2019, 15_993.7),
        ("TRI_chem_release_2019.csv", 2019, 15_993.7),
        ("TRI_chem_release_2011.csv", 2011, 40_656.3),
        ("TRI_chem_release_2000.csv", 2000, 73_133.8),
    ],
)
def test_toxics_release_inventory_to_air(name, year, kg):
    found = total(read(f"tri_nei/{name}", "us-tri"), year, "medium")
    assert found["air"] == pytest.approx(kg, abs=0.05)


@pytest.mark.parametrize(("year", "kg"), [(2011, 43_773.5), (2014, 39_597.5), (2017, 21_419.4)])
def test_point_sources_of_the_national_emissions_inventory(year, kg):
    found = total(read(f"tri_nei/NEI_{year}_NationalTotals.csv", "us-nei"), year)
    assert found["USA"] == pytest.approx(kg, abs=0.05)


def test_the_global_mercury_assessment_by_sector_and_region():
    found = total(read("gma/gma2018_sectors_found_kg.csv", "gma"), 2015, "category")
    assert sum(found.values()) == 2_223_594
    share = {name: round(100 * kg / 2_223_594, 1) for name, kg in found.items()}
    assert share["stationary-combustion-coal"] == 21.3
    assert share["artisanal-small-scale-gold-mining"] == 37.7
    lines = read("gma/gma2018_sectors_air_2015.csv", "gma")
    assert len(lines) == 23
    assert round(lines["kg"].sum()) == 2_223_557
    regions = read("gma/gma2018_regions_air_2015.csv", "gma").set_index("entity")
    assert round(regions["kg"].sum()) == 2_222_890
    asia = regions.loc["GMA-EAST-SOUTHEAST-ASIA", ["kg", "low", "high"]].tolist()
    assert asia == [859e3, 685e3, 1430e3]
    assert set(regions["basis"]) == {"memory"}
    shares = read("gma/gma2013_regional_shares_2010_found.csv", "gma")
    assert round(shares["kg"].sum()) == 1_960_000


def test_bounds_of_five_hundred_years():
    rows = read("history/Streets_2019_500_year_with_bounds.csv", "mercury-history-bounds")
    assert len(rows) == 51
    last = rows[rows["year"] == 2010].iloc[0]
    assert (last["kg"], last["low"], last["high"]) == (9_540_900, 8_331_000, 11_736_000)


def test_world_regions():
    rows = read(
        "streets2019/Seventeen_World_Region_Total_Hg_Emissions_2000-2015.csv", "streets-2019"
    )
    usa = rows[rows["entity"] == "S19-USA"].set_index("year")["kg"]
    assert (usa[2000], usa[2015]) == (127_700, 42_700)
    assert total(rows, 2015)["WLD"] == 2_389_800


def test_history_by_sector():
    rows = read("history/SSP1-26_sector_1510_2300.csv", "mercury-history")
    air = rows[rows["medium"] == "air"]
    found = {name: round(kg / 1000, 2) for name, kg in total(air, 2010, "category").items()}
    assert found == {
        "fossil-fuel-combustion": 704.58,
        "gold-and-silver": 813.91,
        "mercury-production-and-use": 461.57,
        "other-metals": 229.39,
    }
    assert set(rows.loc[rows["year"] > 2010, "note"]) == {"scenario"}
    assert set(rows.loc[rows["year"] <= 2010, "note"]) == {""}


@pytest.fixture(scope="module")
def workbook() -> dict[str, pd.DataFrame]:
    """The three sheets of a workbook of another substance, in the layout that mercury has."""
    document = Document(FOLDER / "edgar" / "EDGAR_OC_1970_2022.xlsx", "x.xlsx", Kind.WORKBOOK)
    found = {}
    for name in ("IPCC 2006", "IPCC 1996", "TOTALS BY COUNTRY"):
        sheet, unit = edgar_workbook.open_sheet(document, name)
        assert unit == "Gg"
        found[name] = edgar.amounts(Reading(sheet, "edgar"), unit)
    return found


def test_each_sheet_of_the_workbook_gives_the_same_world(workbook):
    for frame in workbook.values():
        assert total(frame.assign(all="x"), 2022, "all")["x"] / 1e6 == pytest.approx(
            11_586.184602, abs=1e-6
        )
    totals = workbook["TOTALS BY COUNTRY"]
    for name in ("IPCC 2006", "IPCC 1996"):
        assert not edgar.compare_totals(workbook[name], totals).any()


def test_states_that_the_workbook_holds_in_another_have_no_row(workbook):
    found = set(workbook["TOTALS BY COUNTRY"]["entity"])
    absent = {"AND", "LIE", "MCO", "MHL", "MNE", "NRU", "SMR", "SRB", "SSD", "TUV"}
    assert not absent & found
    assert {"SCG", "SDN", "INT-AVIATION", "INT-SHIPPING"} <= found


def test_the_workbook_of_another_substance_is_refused():
    loaded = check(FOLDER / "edgar" / "EDGAR_OC_1970_2022.xlsx")
    assert loaded.tables == {}
    assert "of OC, not of mercury" in loaded.failures[0].what
