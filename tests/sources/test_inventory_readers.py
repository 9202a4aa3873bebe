"""Readers of further inventories: layouts, the traps in them, and what is said of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.errors import EvalkitError, Reason
from evalkit.sources.check import check
from evalkit.sources.loaded import Loaded


def written(folder: Path, name: str, *lines: str, encoding: str = "utf-8") -> Loaded:
    path = folder / name
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    loaded = check(path)
    control = loaded.control
    assert control["read"] == control["taken"] + control["set_apart"] + control["passed_over"]
    return loaded


def amounts(loaded: Loaded, *by: str) -> dict[object, float]:
    return dict(loaded.tables["emissions"].groupby(list(by))["kg"].sum().items())


def said(loaded: Loaded) -> str:
    return "; ".join(str(failure) for failure in loaded.failures)


# --- the emission centre's text -------------------------------------------------------------------

COMMENTS = (
    "# Date: 2015-05-12",
    "# Data source: CEIP; licence: CC BY 4.0",
    "# Format: ISO2;YEAR;SECTOR;POLLUTANT;UNIT;NUMBER/FLAG",
)
TEXT = (
    "RO;2008;NATIONAL TOTAL;Hg;Mg;0.3",
    "RO;2008;1 A 1 a;Hg;Mg;0.1",
    "RO;2008;2 A 1;Hg;Mg;2.0E-1",
    "RO;2008;1 A 3 a i (ii);Hg;Mg;9",
    "RO;2008;GRID TOTAL;Hg;Mg;99",
    "RO;2008;FU TOTAL;Hg;Mg;99",
    "RO;2008;UNFCCC TOTAL;Hg;Mg;99",
    "RO;2008;1 A 1 a;PM2.5;Gg;3.07",
)


def test_comments_codes_with_blanks_and_other_totals(tmp_path):
    loaded = written(tmp_path, "webdab.txt", *COMMENTS, *TEXT)
    assert (loaded.source, loaded.failures) == ("webdab", ())
    assert amounts(loaded, "category") == {
        "national-total": 300.0,
        "1A1a": 100.0,
        "2A1": 200.0,
        "1A3ai(ii)": 9000.0,
    }
    rows = loaded.tables["emissions"].set_index("category")
    assert set(rows["version"]) == {"webdab-2015"}
    assert set(rows["entity"]) == {"ROU"}
    assert rows.at["1A1a", "scheme"] == "NFR09"
    assert rows.at["1A3ai(ii)", "note"] == "memo item, no part of the total"
    assert rows.at["1A1a", "origin"].endswith("webdab.txt:5")
    assert loaded.control["totals_for_other_purposes"] == 3
    assert loaded.control["other_substances"] == 1


def test_waste_water_of_the_older_codes_is_in_the_total_and_the_rest_of_them_is_not(tmp_path):
    lines = (
        "RO;2008;NATIONAL TOTAL;Hg;Mg;0.3",
        "RO;2008;1 A 1 a;Hg;Mg;0.1",
        "RO;2008;6 B;Hg;Mg;0.2",
        "RO;2008;7 B;Hg;Mg;5",
    )
    loaded = written(tmp_path, "webdab.txt", *COMMENTS, *lines)
    assert loaded.failures == ()
    notes = loaded.tables["emissions"].set_index("category")["note"]
    assert (notes["6B"], notes["7B"]) == ("", "memo item, no part of the total")


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("NA", "not_applicable"),
        ("NO", "not_applicable"),
        ("NE", "not_estimated"),
        ("IE", "not_estimated"),
        ("C", "not_estimated"),
        ("NR", "not_due"),
    ],
)
def test_a_notation_key_is_a_status_and_never_zero(tmp_path, key, status):
    loaded = written(tmp_path, "webdab.txt", *COMMENTS, *TEXT, f"RO;2008;3 F;Hg;Mg;{key}")
    gap = loaded.tables["emission_gaps"].iloc[0]
    assert (gap["category"], gap["key"], gap["status"]) == ("3F", key, status)
    assert "3F" not in set(loaded.tables["emissions"]["category"])
    assert loaded.control["notation_keys"] == 1


def test_groups_of_sectors_are_a_scheme_of_their_own(tmp_path):
    rows = ("AT;2019;A_PublicPower;Hg;Mg;0.1", "AT;2019;B_Industry;Hg;Mg;0.2",
            "AT;2019;O_AviCruise;Hg;Mg;7", "AT;2019;NATIONAL TOTAL;Hg;Mg;0.3")  # fmt: skip
    loaded = written(tmp_path, "gnfr.txt", *COMMENTS, *rows)
    assert loaded.failures == ()
    assert amounts(loaded, "scheme")["GNFR"] == 7300.0


@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        ("RO;2008;2 A 2;Hg;Pg;1", Reason.NOT_ALLOWED, "the unit 'Pg' is not known"),
        ("RO;2008;2 A 2;Hg;Mg;XX", Reason.NOT_A_NUMBER, "'XX', which is no plain number"),
        ("QQ;2008;2 A 2;Hg;Mg;1", Reason.UNKNOWN_NAME, "QQ"),
        ("RO;2008;2 A 2;Hg;Mg", Reason.NOT_A_TABLE, "5 cells where the heading has 6"),
    ],
)
def test_a_bad_line_is_set_apart(tmp_path, line, reason, words):
    loaded = written(tmp_path, "webdab.txt", *COMMENTS, *TEXT, line)
    assert [failure.reason for failure in loaded.failures] == [reason]
    assert words in said(loaded)
    assert loaded.failures[0].line == len(COMMENTS) + len(TEXT) + 1
    assert amounts(loaded, "entity") == {"ROU": 9600.0}


def test_a_text_whose_total_differs_is_not_taken(tmp_path):
    loaded = written(tmp_path, "webdab.txt", *COMMENTS, *TEXT, "RO;2008;2 B 1;Hg;Mg;0.05")
    assert loaded.tables == {}
    assert "national total of ROU 2008 is 300 kg, and its sectors add up to 350 kg" in said(loaded)


def test_comments_alone_are_refused(tmp_path):
    with pytest.raises(EvalkitError, match="comments and no rows"):
        written(tmp_path, "webdab.txt", *COMMENTS)


# --- the Global Mercury Assessment ----------------------------------------------------------------

SECTORS = "gma_sector,description,tonnes,low,high,provenance"


def test_sectors_with_intervals_say_what_is_from_memory(tmp_path):
    loaded = written(
        tmp_path,
        "gma2018_sectors_air_2015.csv",
        SECTORS,
        "ASGM,Gold,838,675,1000,value found; range background-high",
        "CEM,Cement,233 (117-782),,,found",
        "Total,,1071,,,",
    )
    rows = loaded.tables["emissions"].set_index("category")
    assert rows.loc["CEM", ["kg", "low", "high"]].tolist() == [233e3, 117e3, 782e3]
    assert rows["basis"].to_dict() == {"ASGM": "memory", "CEM": "estimated"}
    assert rows.at["ASGM", "inventory"] == "gma-2018-detail"
    assert any("no file of the publisher was seen" in note for note in loaded.notes)


@pytest.mark.parametrize(
    ("name", "lines", "words"),
    [
        ("sectors_2015.csv", (SECTORS, "ASGM,Gold,1,0,2,x"), "which edition and of which year"),
        ("gma2018_x.csv", (SECTORS, "ASGM,Gold,1,0,2,x"), "which edition and of which year"),
        ("gma2018_2015.csv", (SECTORS, "ASGM,Gold,3,0,2,x"), "3 does not lie between"),
        (
            "gma2018_2015.csv",
            (SECTORS, "ASGM,Gold,3,,,x", "CEM,C,2,,,x", "Total,,6,,,x"),
            "The rows add up to 5,000 kg, and the total is 6,000 kg",
        ),
        (
            "gma2018_found.csv",
            ("sector,kg_2015", "Cement Production,233168"),
            "The rows add up to 233,168 kg, and the total is 2,220,000 kg",
        ),
        ("gma2018_2015.csv", ("sector,kg_2015", "Cooking,1"), "'Cooking' is no sector"),
        (
            "gma2018_2015.csv",
            ("region,tonnes,low,high,share_pct", "South Asia,5,4,6,90", "North Africa,5,4,6,50"),
            "the share 90 is not the part",
        ),
        (
            "gma2013_shares_2010.csv",
            ("region,share_pct", "South Asia,40", "North Africa,50"),
            "The shares add up to 90 %",
        ),
        (
            "gma2013_shares_2010.csv",
            ("region,share_pct", "Atlantis,50", "North Africa,50"),
            "Atlantis",
        ),
    ],
)
def test_a_table_of_the_assessment_that_can_mislead_is_told(tmp_path, name, lines, words):
    assert words in said(written(tmp_path, name, *lines))


def test_shares_alone_become_kg_of_the_printed_total(tmp_path):
    lines = ("region,share_pct", "South Asia,40", "North Africa,60")
    loaded = written(tmp_path, "gma2013_shares_2010.csv", *lines)
    assert amounts(loaded, "entity") == {"GMA-SOUTH-ASIA": 784e3, "GMA-NORTH-AFRICA": 1176e3}
    assert set(loaded.tables["emissions"]["basis"]) == {"derived"}


# --- Canada ---------------------------------------------------------------------------------------

BULK = (
    "Reporting_Year / Année,NPRI_ID / No_INRP,Facility_Name / Installation,NAICS / Code_SCIAN,"
    "CAS_Number / No_CAS,Substance Name (English) / Nom de substance (Anglais),"
    "Group (English) / Groupe (Anglais),Category (English) / Catégorie (Anglais),"
    "Quantity / Quantité,Units / Unités"
)


def release(group: str, amount: str, unit: str = "kg", *, plant: str = "1", cas: str = "NA - 10"):
    return f"2019,{plant},Fonderie Québec,331410,{cas},Mercury,{group},Stack,{amount},{unit}"


def test_windows_text_in_two_languages_units_and_disposals(tmp_path):
    loaded = written(
        tmp_path,
        "npri.csv",
        BULK,
        release("Releases to Air", "1.5"),
        release("Releases to Air", "250", "grams", plant="2"),
        release("Releases to Water Bodies", "0.001", "tonnes"),
        release("Sum of release to all media (<1tonne)", "4", plant="3"),
        release("On-site Disposal", "900"),
        release("Releases to Land", ""),
        release("Releases to Air", "7", "tonnes", cas="7439-92-1"),
        encoding="cp1252",
    )
    assert (loaded.source, loaded.failures) == ("npri", ())
    assert amounts(loaded, "medium") == {"air": 1.75, "water": 1.0, "all": 4.0}
    assert loaded.control["disposals_and_transfers"] == loaded.control["other_substances"] == 1
    assert loaded.control["without_amount"] == 1
    assert "the file is no UTF-8 and was read as Windows-1252" in loaded.notes
    assert "no national total" in loaded.tables["emissions"]["note"].iloc[0]


@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        (release("Releases to Air", "5", "g TEQ", plant="2"), Reason.NOT_ALLOWED, "unit 'g TEQ'"),
        (release("Injected", "5"), Reason.NOT_ALLOWED, "the group 'Injected' is no release"),
        (release("Releases to Air", "1.5"), Reason.DUPLICATE_KEY, "stands there already"),
        (release("Releases to Land", "<5"), Reason.NOT_A_NUMBER, "'<5'"),
    ],
)
def test_a_release_that_can_mislead_is_set_apart(tmp_path, line, reason, words):
    loaded = written(tmp_path, "npri.csv", BULK, release("Releases to Air", "1.5"), line)
    assert [failure.reason for failure in loaded.failures] == [reason]
    assert words in said(loaded)
    assert loaded.failures[0].line == 3
    assert amounts(loaded, "medium") == {"air": 1.5}


def test_another_text_in_windows_1252_is_still_refused(tmp_path):
    with pytest.raises(EvalkitError, match="not UTF-8"):
        written(tmp_path, "other.csv", "a,b", "Québec,1", encoding="cp1252")


AIR = "Region,Source,Sector,Subsector,Year,SOX (t),Hg (kg)"
PLACES = (
    "CA,GRAND TOTAL,,,2020,5,30",
    "CA,Ore,Metals,Zinc,2020,1,10",
    "CA,Ore,Metals,Lead,2020,1,5",
    "CA,Ore,Metals,,2020,1,15",
    "CA,Ore,Cement,,2020,1,15",
    "CA,Ore,Paper,,2020,1,NaN",
    "ON,Ore,Metals,Zinc,2020,1,10",
)


def test_the_country_alone_without_provinces_and_sums(tmp_path):
    loaded = written(tmp_path, "EN_APEI-Can-Prov_Terr.csv", AIR, *PLACES)
    assert loaded.failures == ()
    assert amounts(loaded, "category") == {
        "national-total": 30.0,
        "ore-metals-zinc": 10.0,
        "ore-metals-lead": 5.0,
        "ore-cement": 15.0,
    }
    control = loaded.control
    assert (control["provinces"], control["sums_of_parts"], control["without_amount"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((AIR, *PLACES, "CA,Ore,Glass,,2020,1,1"), "grand total of 2020 is 30 kg"),
        (("Region,Source,Sector,Subsector,Year,SOX (t)", "CA,a,b,c,2020,1"), "no column of merc"),
        ((AIR.replace("(kg)", "(lb)"), PLACES[0]), "the unit 'lb' is not known"),
        (("Source,Sector,SubSector,2020,2019", "a,b,c,1,2"), "neither substance nor unit"),
    ],
)
def test_a_table_of_canada_that_can_mislead_is_refused(tmp_path, lines, words):
    loaded = written(tmp_path, "apei.csv", *lines)
    assert loaded.tables == {}
    assert words in said(loaded)


# --- Australia ------------------------------------------------------------------------------------

FACILITIES = (
    "report_year,facility_id,substance_name,air_point_emission_kg,air_fugitive_emission_kg,"
    "air_total_emission_kg,water_emission_kg,land_emission_kg"
)
NAME = "Mercury & compounds"


def test_a_year_from_july_to_june_stands_under_its_end(tmp_path):
    loaded = written(
        tmp_path,
        "npi.csv",
        FACILITIES,
        f"1998/1999,1,{NAME},1,0.5,1.5,0.25,",
        f"1998/1999,2,{NAME},2,,2,,0",
        "1998/1999,2,Lead & compounds,2,,2,,0",
    )
    assert loaded.failures == ()
    assert amounts(loaded, "medium", "year") == {
        ("air", 1999): 3.5,
        ("water", 1999): 0.25,
        ("land", 1999): 0.0,
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"1998/2001,2,{NAME},1,0,1,0,0", "'1998/2001', which is no reporting year"),
        (f"1999,2,{NAME},1,0,1,0,0", "'1999', which is no reporting year"),
        (f"1999/2000,2,{NAME},1,1,1,0,0", "not the sum of point and fugitive"),
        (f"1998/1999,1,{NAME},1,0,1,0,0", "stands there already for the year"),
        (f'1999/2000,2,{NAME},"1,000",0,,0,0', "no plain number"),
    ],
)
def test_a_row_of_australia_that_can_mislead_is_set_apart(tmp_path, line, words):
    loaded = written(tmp_path, "npi.csv", FACILITIES, f"1998/1999,1,{NAME},1,0.5,1.5,0,0", line)
    assert words in said(loaded)
    assert {failure.line for failure in loaded.failures} == {3}
    assert amounts(loaded, "medium")["air"] == 1.5


# --- five hundred years, with bounds --------------------------------------------------------------

BOUNDS = ("Units: Mg/yr,Unnamed: 1,Unnamed: 2,Unnamed: 3,,", "Bounds: 80% CI,,,,,",
          "Year,Central,Lower Bound,Upper Bound,scale_lower,scale_upper")  # fmt: skip


def test_all_media_together_with_their_interval(tmp_path):
    loaded = written(tmp_path, "bounds.csv", *BOUNDS, "1510,121.74,66,165,0.542,1.355")
    row = loaded.tables["emissions"].iloc[0]
    assert (row["medium"], row["kg"], row["low"], row["high"]) == ("all", 121_740, 66_000, 165_000)
    assert row["origin"].endswith(":4")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1510,121.74,130,165,,", "121.74 does not lie between"),
        ("1510,121.74,66,165,0.9,1.355", "the ratio 0.9"),
    ],
)
def test_bounds_that_do_not_fit_are_set_apart(tmp_path, line, words):
    assert words in said(written(tmp_path, "bounds.csv", *BOUNDS, line))
