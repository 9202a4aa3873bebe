"""Readers of inventories on made files: each pitfall of the publishers' files, and what is said."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from evalkit.errors import Reason
from evalkit.sources.check import check
from evalkit.sources.loaded import Loaded


def written(folder: Path, name: str, *lines: str) -> Loaded:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    loaded = check(path)
    control = loaded.control
    assert control["read"] == control["taken"] + control["set_apart"] + control["passed_over"]
    return loaded


def amounts(loaded: Loaded, *by: str) -> dict[object, float]:
    """Sums in kg by one column, or by several as tuples."""
    return dict(loaded.tables["emissions"].groupby(list(by))["kg"].sum().items())


def said(loaded: Loaded) -> str:
    return "; ".join(str(failure) for failure in loaded.failures)


# --- the air convention ---------------------------------------------------------------------------

AIR = "Country_Code\tCountry\tPollutant_name\tFormat_name\tSector_code\tYear\tEmissions\tUnit"


def air(
    sector: str, amount: str, *, country: str = "AT\tAustria", unit: str = "Mg", of: str = "Hg"
):
    return f"{country}\t{of}\tNFR 2014-1\t{sector}\t2019\t{amount}\t{unit}"


def test_tabs_totals_memo_items_groups_and_notation_keys(tmp_path):
    loaded = written(
        tmp_path,
        "clrtap.csv",
        AIR,
        air("NATIONAL TOTAL", "0.3"),
        air("1A1a", "0.1"),
        air("2A1", "0.2"),
        air("1A3ai(ii)", "9"),
        air("5C1a", "NE"),
        air("3F", ""),
        air("1A1a", "7", of="Pb"),
        air("NATIONAL TOTAL", "99", country="EU27\tEU27"),
    )
    assert loaded.failures == ()
    assert amounts(loaded, "category") == {
        "national-total": 300.0,
        "1A1a": 100.0,
        "2A1": 200.0,
        "1A3ai(ii)": 9000.0,
    }
    assert loaded.control["without_amount"] == loaded.control["notation_keys"] == 1
    assert loaded.control["other_substances"] == loaded.control["groups_of_countries"] == 1


def test_a_total_that_is_not_its_sectors_stops_the_file(tmp_path):
    loaded = written(
        tmp_path,
        "clrtap.csv",
        AIR,
        air("NATIONAL TOTAL", "0.31"),
        air("1A1a", "0.1"),
        air("2A1", "0.2"),
    )
    assert loaded.tables == {}
    assert loaded.failures[0].reason is Reason.CONTRADICTION
    assert "national total of AUT 2019 is 310 kg, and its sectors add up to 300 kg" in said(loaded)


@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        (air("1A1a", "0.1", unit="Pg"), Reason.NOT_ALLOWED, "the unit 'Pg' is not known"),
        (air("1A1a", "-0.1"), Reason.NEGATIVE, "can't be negative"),
        (air("1A1a", "0,1"), Reason.NOT_A_NUMBER, "no plain number"),
        (air("1A1a", "0.1", country="XX\tAustralasia"), Reason.UNKNOWN_NAME, "Australasia"),
    ],
)
def test_a_bad_cell_sets_its_row_apart_with_the_line(tmp_path, line, reason, words):
    loaded = written(tmp_path, "clrtap.csv", AIR, air("2A1", "0.2"), line)
    assert [failure.reason for failure in loaded.failures] == [reason]
    assert words in said(loaded)
    assert loaded.failures[0].line == 3
    assert loaded.failures[0].remedy
    assert amounts(loaded, "category") == {"2A1": 200.0}


# --- facilities -----------------------------------------------------------------------------------

FACILITIES = (
    "countryName,EPRTRAnnexIMainActivityCode,FacilityInspireID,targetRelease,pollutant,emissions,"
    "reportingYear"
)
MERCURY = "Mercury and compounds (as Hg)"


def test_facilities_are_summed_and_a_sum_is_no_national_total(tmp_path):
    loaded = written(
        tmp_path,
        "releases.csv",
        FACILITIES,
        f"Austria,3(c),A,AIR,{MERCURY},10.5,2019",
        f"Austria,3(c),B,AIR,{MERCURY},20,2019",
        f"Austria,3(c),B,WATER,{MERCURY},1.25,2019",
        "Austria,3(c),B,AIR,Lead,900,2019",
    )
    assert amounts(loaded, "medium") == {"air": 30.5, "water": 1.25}
    note = loaded.tables["emissions"].set_index("medium")["note"]
    assert note["air"] == "facilities: 2, above 10 kg a year; no national total"
    assert note["water"] == "facilities: 1, above 1 kg a year; no national total"


def test_a_facility_given_twice_counts_once(tmp_path):
    row = f"Austria,3(c),A,AIR,{MERCURY},10,2019"
    loaded = written(tmp_path, "releases.csv", FACILITIES, row, row)
    assert amounts(loaded, "entity") == {"AUT": 10.0}
    assert loaded.failures[0].line == 3


# --- the United States ----------------------------------------------------------------------------


def test_mercury_and_its_compounds_are_one_and_pounds_become_kg(tmp_path):
    loaded = written(
        tmp_path,
        "TRI_2019_NationalTotals.csv",
        "Compartment,FlowName,CAS,Unit,FlowAmount",
        "air,Mercury,7439976,Pounds,1000",
        "air,Mercury compounds,N458,Pounds,1000",
        "soil,Mercury,7439976,Pounds,2",
        "air,Lead,7439921,Pounds,5",
    )
    assert amounts(loaded, "medium") == pytest.approx({"air": 907.18474, "land": 0.90718474})


def test_a_table_of_chemicals_has_thousands_commas_and_points_for_nothing(tmp_path):
    loaded = written(
        tmp_path,
        "TRI_chem_release_1995.csv",
        "Chemical,Fugitive Air Emissions,Point Source Air Emissions,Surface Water Discharges,"
        "On-site Land Treatment,Other On-site Land Disposal",
        'MERCURY,"1,000",.,0,.,.',
    )
    rows = loaded.tables["emissions"].set_index("medium")
    assert rows["kg"].to_dict() == pytest.approx({"air": 453.59237, "water": 0.0})
    assert "not comparable" in rows.at["air", "note"]


def test_a_year_that_the_name_does_not_say_is_asked_for(tmp_path):
    loaded = written(tmp_path, "totals.csv", "FlowID,FlowName,FlowAmount[kg]", "1,Mercury,5")
    assert loaded.tables == {}
    assert "Put the year into the file's name" in loaded.failures[0].remedy


# --- world regions and history --------------------------------------------------------------------


def test_a_table_of_regions_must_add_up_within_its_rounding(tmp_path):
    regions = ["Canada,8.3", "USA,42.7"]
    good = written(tmp_path, "table.csv", "World region,2015", *regions, "Global Total,51.1")
    assert amounts(good, "entity") == {"S19-CANADA": 8300.0, "S19-USA": 42700.0, "WLD": 51100.0}
    bad = written(tmp_path, "table.csv", "World region,2015", *regions, "Global Total,52")
    assert bad.tables == {}
    assert "the regions add up to 51000 kg" in said(bad)


def test_years_after_the_inventory_need_the_name_of_their_scenario(tmp_path):
    sectors = ("Fossil-Fuel Combustion", "Gold and Silver Production", "Other Metals Production")
    columns = ",".join(f"Air - {name}" for name in (*sectors, "Mercury Production and Use"))
    rows = (f"Year,{columns}", "-2000.0,0,0,0,0", "2010.0,1,2,3,4", "2050.0,1,1,1,1")
    unnamed = written(tmp_path, "future.csv", *rows)
    assert unnamed.tables == {}
    assert "the file does not say which" in said(unnamed)
    named = written(tmp_path, "SSP1-26_sector.csv", *rows)
    assert amounts(named, "inventory", "year") == {
        ("mercury-ssp1-26", 2010): 10_000.0,
        ("mercury-ssp1-26", 2050): 4_000.0,
    }
    assert named.control["before_the_series"] == 1


# --- EDGAR ----------------------------------------------------------------------------------------


def workbook(
    path: Path,
    *,
    unit: str = "Gg",
    total: float = 3.0,
    older: float = 3.0,
    substance: str = "Hg",
) -> Loaded:
    """Write a workbook as EDGAR does, with its sheets in another order, and check it."""
    made = openpyxl.Workbook()
    made.active.title = "Citations and references"
    sheets = {
        "TOTALS BY COUNTRY": (
            ["IPCC_annex", "C_group_IM24_sh", "Country_code_A3", "Name", "Substance"],
            [["Annex_I", "x", "SCG", "Serbia and Montenegro", substance, total, None]],
        ),
        "IPCC 1996": (
            ["IPCC_annex", "Country_code_A3", "ipcc_code_1996_for_standard_report", "Substance"],
            [["Annex_I", "SCG", "1A1a", substance, older, None]],
        ),
        "IPCC 2006": (
            [
                "IPCC_annex",
                "Country_code_A3",
                "ipcc_code_2006_for_standard_report",
                "Substance",
                "fossil_bio",
            ],
            [
                ["Annex_I", "SCG", "1.A.1.a", substance, "fossil", 1.0, None],
                ["Annex_I", "SCG", "1.A.1.a", substance, "bio", 0.5, None],
                ["Annex_I", "SCG", "2.C", substance, "fossil", 1.5, None],
            ],
        ),
    }
    for name, (heading, rows) in sheets.items():
        sheet = made.create_sheet(name)
        for line in (["Content:", name], ["Unit:", unit], [None]):
            sheet.append(line)
        sheet.append([*heading, "Y_2021", "Y_2022"])
        for row in rows:
            sheet.append(row)
    made.save(path)
    return check(path)


def test_a_workbook_is_read_by_the_names_of_its_sheets(tmp_path):
    loaded = workbook(tmp_path / "EDGAR_v8.1_Hg.xlsx")
    assert loaded.failures == ()
    rows = loaded.tables["emissions"]
    assert rows[["entity", "category", "kg", "version", "scheme"]].to_numpy().tolist() == [
        ["SCG", "1.A.1.a", 1.5e6, "8.1", "EDGAR-IPCC2006"],
        ["SCG", "2.C", 1.5e6, "8.1", "EDGAR-IPCC2006"],
        ["SCG", "total", 3e6, "8.1", "total"],
    ]
    assert set(rows["year"]) == {2021}, "a blank cell is no zero"
    assert rows["origin"].tolist()[1].endswith("#IPCC 2006:7")
    assert rows["origin"].tolist()[2].endswith("#TOTALS BY COUNTRY:5")


def test_countries_without_a_row_are_held_by_another_or_by_none(tmp_path):
    gaps = workbook(tmp_path / "EDGAR_v8.1_Hg.xlsx").tables["emission_gaps"]
    assert set(gaps["status"]) == {"not_estimated"}
    assert set(gaps["year"]) == {2021, 2022}, "the years of the table, blank ones too"
    serbia = gaps[gaps["entity"] == "SRB"].iloc[0]
    assert (serbia["key"], serbia["holder"]) == ("HELD", "SCG")
    assert serbia["origin"].endswith("#TOTALS BY COUNTRY:5"), "the row of the holder"
    # This table has no Sudan, so that nobody holds South Sudan in it.
    sudan = gaps[gaps["entity"] == "SSD"].iloc[0]
    assert (sudan["key"], sudan["holder"]) == ("NONE", "")
    assert sudan["origin"].endswith(":4"), "the heading of the sheet"


SECTORS = (
    "IPCC_annex,Country_code_A3,ipcc_code_2006_for_standard_report,Substance,fossil_bio,Y_2022"
)


def test_a_csv_says_that_its_unit_is_taken_for_granted(tmp_path):
    loaded = written(tmp_path, "v8.1_Hg.csv", f"\ufeff{SECTORS}", "Annex_I,AUT,2.C,Hg,fossil,1e-05")
    assert amounts(loaded, "entity") == {"AUT": 10.0}
    assert "the table does not state its unit and is read as Gg" in loaded.notes


@pytest.mark.parametrize(
    ("lines", "words", "taken"),
    [
        (("AUT,2.C,Hg,fossil,1", "AUT,2.C,Hg,fossil,1"), "AUT stands there already", True),
        (("AUT,2.C,Hg,fossil,1", "QQQ,2.C,Hg,fossil,1"), "'QQQ' is no known country", True),
        (("AUT,2.C,Hg,fossil,1", "AUT,2.D,Hg,fossil,n.a."), "Y_2022 is 'n.a.'", True),
        (
            ("AUT,2.C,Hg,fossil,4", "AUT,2.C,Hg_G,fossil,1", "AUT,2.C,Hg_D,fossil,1",
             "AUT,2.C,Hg_P,fossil,1"),
            "total mercury of AUT 2022 is 4e+06 kg, and its species add up to 3e+06 kg",
            False,
        ),
    ],
)  # fmt: skip
def test_a_table_of_edgar_that_can_mislead_is_told(tmp_path, lines, words, taken):
    loaded = written(tmp_path, "v8.1_Hg.csv", SECTORS, *(f"Annex_I,{line}" for line in lines))
    assert words in said(loaded)
    assert ("emissions" in loaded.tables) is taken


def test_a_notation_key_may_stand_beside_a_blank_amount(tmp_path):
    loaded = written(
        tmp_path,
        "clrtap.csv",
        f"{AIR}\tNotation",
        f"{air('2A1', '0.2')}\t",
        f"{air('3F', '')}\tNO",
        f"{air('5C1a', '')}\tIE",
    )
    gaps = loaded.tables["emission_gaps"].set_index("category")["status"].to_dict()
    assert gaps == {"3F": "not_applicable", "5C1a": "not_estimated"}
    assert amounts(loaded, "category") == {"2A1": 200.0}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "Tg"}, "The unit 'Tg' is not known"),
        ({"unit": ""}, "The unit '' is not known"),
        ({"total": 4.0}, "The sectors of SCG 2021 do not add up to the sheet TOTALS BY COUNTRY"),
        ({"substance": "SO2"}, "of SO2, not of mercury"),
        ({"older": 2.0}, "The sectors of SCG 2021 do not add up to the sheet IPCC 1996"),
    ],
)
def test_a_workbook_that_can_mislead_is_refused(tmp_path, change, words):
    loaded = workbook(tmp_path / "edgar.xlsx", **change)
    assert loaded.tables == {}
    assert words in said(loaded)
    assert loaded.control["taken"] == 0
