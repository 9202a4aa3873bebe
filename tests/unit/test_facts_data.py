"""The committed facts say what their publishers printed, and every row says where it is from."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "data" / "facts"
REFERENCE = ROOT / "data" / "reference"
TABLES = (
    "sources",
    "projects",
    "project_places",
    "published",
    "registrations",
    "events",
    "event_countries",
    "emissions",
    "emissions-assessments",
    "emissions-registers",
    "emissions-history",
)
NAMED = ("country", "territory")  # the kinds of place that money is put on


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FACTS / f"{name}.csv", dtype=str, keep_default_na=False)


def number(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column.replace("", None))


def contract(name: str) -> pd.DataFrame:
    rows = pd.read_csv(REFERENCE / "tables.csv", dtype=str, keep_default_na=False)
    return rows[rows["table"] == name.split("-")[0]]


@pytest.fixture(scope="module")
def gef() -> pd.DataFrame:
    projects = table("projects")
    gef = projects[projects["facility"] == "gef"].copy()
    for column in ("grant_usd", "cofinancing_usd"):
        gef[column] = number(gef[column])
    return gef


@pytest.fixture(scope="module")
def on_countries(gef: pd.DataFrame) -> pd.DataFrame:
    """One row per project without programmes and country, with the project's grant."""
    places = table("project_places")
    single = gef.loc[gef["type"] != "programme", ["project", "grant_usd"]]
    return places[places["place_kind"].isin(NAMED)].merge(single, on="project")


@pytest.fixture(scope="module")
def emissions() -> pd.DataFrame:
    frame = table("emissions")
    frame["kg"] = pd.to_numeric(frame["kg"])
    return frame


# --- the contract ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_columns_of_the_contract_and_is_sorted_by_its_key(name: str) -> None:
    rows, frame = contract(name), table(name)
    common = [] if name == "sources" else ["source", "basis"]
    assert list(frame.columns) == [*rows["column"].iloc[1:], *common]
    key = rows["choices"].iloc[0].split("|")
    keys = list(frame[key].itertuples(index=False, name=None))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys), "a key is given twice"


@pytest.mark.parametrize("name", TABLES)
def test_a_cell_is_one_of_its_choices_and_no_required_cell_is_blank(name: str) -> None:
    frame = table(name)
    for row in contract(name).iloc[1:].itertuples():
        values = set(frame[row.column])
        if row.required == "Y":
            assert "" not in values, row.column
        if row.choices:
            assert values - {""} <= set(row.choices.split("|")), row.column
        if row.kind == "day":
            assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", v) for v in values - {""}), row.column
        if row.minimum and row.kind in ("day", "year"):
            assert all(v >= row.minimum for v in values - {""}), row.column
        if row.kind in ("count", "amount", "number", "year"):
            assert (pd.to_numeric(pd.Series(sorted(values - {""}))) >= 0).all(), row.column


@pytest.mark.parametrize("name", [*TABLES[1:], "categories"])
def test_every_row_names_a_source_that_exists_and_a_basis(name: str) -> None:
    frame = table(name) if name != "categories" else pd.read_csv(REFERENCE / "categories.csv")
    assert set(frame["source"]) <= set(table("sources")["source"])
    bases = {"reported", "derived", "estimated", "inferred", "memory", "missing", "simulated"}
    assert set(frame["basis"]) <= bases
    assert "simulated" not in set(frame["basis"])


def test_a_source_that_read_a_file_keeps_its_checksum() -> None:
    sources = table("sources")
    assert ((sources["file"] != "") == (sources["sha256"] != "")).all()
    assert sources.loc[sources["sha256"] != "", "sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert (sources.loc[sources["source"] != "memory", "address"] != "").all()


@pytest.mark.parametrize("name", TABLES)
def test_a_file_has_line_feeds_and_no_byte_order_mark(name: str) -> None:
    content = (FACTS / f"{name}.csv").read_bytes()
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\n")
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        widths = {len(row) for row in csv.reader(file)}
    assert len(widths) == 1


# --- projects -------------------------------------------------------------------------------


def test_the_mercury_part_of_the_gef_portfolio(gef: pd.DataFrame) -> None:
    without = gef[gef["type"] != "programme"]
    assert len(gef) == 181
    assert gef["grant_usd"].sum() == 507_954_831
    assert len(without) == 179
    assert without["grant_usd"].sum() == 401_016_305


def test_full_count_over_countries(on_countries: pd.DataFrame) -> None:
    assert on_countries["grant_usd"].sum() == 995_151_187
    assert on_countries["place"].nunique() == 125


def test_equal_split_and_what_no_country_gets_make_the_whole(
    gef: pd.DataFrame, on_countries: pd.DataFrame
) -> None:
    named = on_countries.groupby("project")["place"].transform("size")
    parts = (on_countries["grant_usd"] / named).sum()
    single = gef[gef["type"] != "programme"]
    nowhere = single[~single["project"].isin(on_countries["project"])]
    assert parts == pytest.approx(391_636_029, abs=0.5)
    assert nowhere["grant_usd"].sum() == 9_380_276
    assert set(nowhere["project"]) == {"gef-5409", "gef-10606", "gef-10748"}
    assert parts + nowhere["grant_usd"].sum() == pytest.approx(401_016_305, abs=0.01)


def test_grants_by_replenishment_period(gef: pd.DataFrame) -> None:
    by = gef[gef["type"] != "programme"].groupby("period")["grant_usd"].agg(["sum", "size"])
    millions = {
        period: (round(v, 1), n)
        for period, v, n in zip(by.index, by["sum"] / 1e6, by["size"], strict=True)
    }
    assert millions == {
        "GEF-2": (6.8, 1),
        "GEF-3": (10.3, 1),
        "GEF-5": (28.3, 33),
        "GEF-6": (138.1, 85),
        "GEF-7": (206.4, 56),
        "GEF-8": (11.0, 3),
    }


@pytest.mark.parametrize(
    ("theme", "rows", "grant", "cofinancing", "countries"),
    [
        ("initial_assessment", 73, 26_724_968, 9_424_097, 110),
        ("action_plan", 29, 19_500_000, 1_441_750, 38),
        ("initial_assessment_and_action_plan", 9, 6_600_000, 60_000, 9),
        ("gold_mining", 30, 127_523_770, 560_340_396, 30),
        ("other", 38, 220_667_567, 1_560_114_358, 49),
        ("programme", 2, 106_938_526, 477_498_281, 23),
    ],
)
def test_kinds_of_project(
    gef: pd.DataFrame, theme: str, rows: int, grant: int, cofinancing: int, countries: int
) -> None:
    kind = gef[gef["theme"] == theme]
    places = table("project_places")
    named = places[places["project"].isin(kind["project"]) & places["place_kind"].isin(NAMED)]
    assert len(kind) == rows
    assert kind["grant_usd"].sum() == grant
    assert kind["cofinancing_usd"].sum() == cofinancing
    assert named["place"].nunique() == countries


def test_approval_years_are_as_published_and_blank_where_none_is(gef: pd.DataFrame) -> None:
    single = gef[gef["type"] != "programme"]
    by = (single.groupby("approval_year")["grant_usd"].sum() / 1e6).round(1)
    assert by["2022"] == 110.5
    assert by["2018"] == 51.4
    assert by[""] == 39.6
    assert (single["approval_year"] == "").sum() == 9


def test_a_blank_amount_stays_blank(gef: pd.DataFrame) -> None:
    assert list(gef.loc[gef["grant_usd"].isna(), "project"]) == ["gef-10837"]
    assert gef["cofinancing_usd"].isna().sum() == 58
    blank = gef[gef["cofinancing_usd"].isna()]
    assert (blank["type"] == "enabling_activity").sum() == 57


def test_texts_of_the_export_are_cleaned(gef: pd.DataFrame) -> None:
    assert not gef["title"].str.contains(r"Project Title|&#|&amp;|\s{2}|^\s|\s$").any()
    assert gef["period"].str.fullmatch(r"GEF-\d").all()
    agencies = gef["agencies"].str.split("; ")
    assert all(len(set(names)) == len(names) for names in agencies)
    assert agencies.str.len().max() == 4


def test_doubtful_projects_say_so(gef: pd.DataFrame) -> None:
    doubtful = gef[gef["note"].str.contains("title rule is doubtful")]
    assert set(doubtful["project"]) == {"gef-5846", "gef-9288"}
    assert (doubtful["rule"] == "gold-mining-only").all()


def test_the_specific_international_programme_has_34_projects() -> None:
    projects, places = table("projects"), table("project_places")
    sip = projects[projects["facility"] == "sip"]
    assert sip.groupby("period").size().to_dict() == {
        "SIP-1": 5,
        "SIP-2": 10,
        "SIP-3": 9,
        "SIP-4": 10,
    }
    assert (sip["grant_usd"] == "").all(), "no amount of a project was found"
    missing = set(sip.loc[sip["basis"] == "missing", "project"])
    assert missing == {f"sip-3-unnamed-{n}" for n in (1, 2, 3)}
    assert set(sip.loc[sip["basis"] == "inferred", "project"]) == {"sip-3-jor"}
    assert set(places.loc[places["place"] == "UNKNOWN", "project"]) == missing
    iran = places[places["project"].str.startswith("sip") & (places["place"] == "IRN")]
    assert list(iran["project"]) == ["sip-1-irn", "sip-2-irn", "sip-3-irn"]
    published = table("published")
    rounds = published[published["series"].isin(["sip-1", "sip-2", "sip-3", "sip-4"])]
    assert pd.to_numeric(rounds["n"]).sum() == len(sip)


def test_every_project_has_a_place_and_no_place_is_unknown_but_the_three() -> None:
    projects, places = table("projects"), table("project_places")
    assert set(places["project"]) == set(projects["project"])
    country = places["place_kind"].isin([*NAMED, "legacy"])
    assert places.loc[country, "place"].str.fullmatch("[A-Z]{3}").all()
    tokens = {"GLOBAL", "REGIONAL", "UNKNOWN", "TOKEN-AFRICA"}
    assert set(places.loc[~country, "place"]) == tokens


# --- emissions ------------------------------------------------------------------------------


@pytest.mark.parametrize(("species", "total"), [("total", 2_389_800), ("Hg0", 1_657_344.323)])
def test_streets_2015_equals_its_rows(emissions: pd.DataFrame, species: str, total: float) -> None:
    mine = emissions["inventory"].eq("streets-2019") & emissions["species"].eq(species)
    year = emissions[mine & (emissions["year"] == "2015")].set_index("entity")["kg"]
    assert len(year) == 18
    assert year["WLD"] == total
    assert year.drop("WLD").sum() == pytest.approx(total, abs=200)


def test_streets_gives_seven_years_and_the_printed_totals(emissions: pd.DataFrame) -> None:
    mine = emissions["inventory"].eq("streets-2019") & emissions["species"].eq("total")
    world = emissions[mine & (emissions["entity"] == "WLD")].set_index("year")["kg"] / 1000
    assert world.round(1).to_dict() == {
        "2000": 1964.1,
        "2010": 2188.0,
        "2011": 2300.2,
        "2012": 2330.0,
        "2013": 2337.4,
        "2014": 2360.5,
        "2015": 2389.8,
    }


def test_the_united_states_fell_from_2000_to_2015(emissions: pd.DataFrame) -> None:
    mine = emissions["entity"].eq("S19-USA") & emissions["species"].eq("total")
    usa = emissions[mine].set_index("year")["kg"]
    assert (usa["2000"], usa["2015"]) == (127_700, 42_700)


def test_the_sectors_of_the_global_mercury_assessment(emissions: pd.DataFrame) -> None:
    sectors = emissions[emissions["inventory"] == "gma-2018"].set_index("category")["kg"]
    assert len(sectors) == 13
    assert sectors.sum() == 2_223_594
    assert sectors.idxmax() == "artisanal-small-scale-gold-mining"
    assert sectors.max() / sectors.sum() == pytest.approx(0.38, abs=0.005)  # "almost 38 %"


@pytest.mark.parametrize(
    ("iso3", "megagrams"),
    [
        ("AUT", 0.986372),
        ("BGR", 0.781252),
        ("CYP", 0.028307),
        ("EST", 0.327232),
        ("GRC", 1.183117),
        ("IRL", 0.327174),
        ("ISL", 0.014950),
        ("LTU", 0.146996),
        ("LUX", 0.099466),
        ("LVA", 0.080800),
        ("MLT", 0.006507),
    ],
)
def test_national_totals_of_2019(emissions: pd.DataFrame, iso3: str, megagrams: float) -> None:
    mine = emissions["inventory"].eq("clrtap") & emissions["entity"].eq(iso3)
    years = emissions[mine].set_index("year")["kg"]
    assert len(years) == 30
    assert years["2019"] / 1000 == pytest.approx(megagrams, abs=5e-7)


@pytest.fixture(scope="module")
def inventories(emissions: pd.DataFrame) -> pd.DataFrame:
    """The rows of all files of emissions."""
    others = [table(name) for name in TABLES if name.startswith("emissions-")]
    frame = pd.concat([emissions, *others], ignore_index=True)
    return frame.assign(kg=number(frame["kg"]))


def test_every_category_has_a_title(inventories: pd.DataFrame) -> None:
    titles = pd.read_csv(REFERENCE / "categories.csv")
    used = inventories[inventories["category"] != "total"]
    used = used[used["scheme"] != "history"]  # four sectors that the names of columns tell
    named = set(titles[["scheme", "category"]].itertuples(index=False, name=None))
    assert set(used[["scheme", "category"]].itertuples(index=False, name=None)) <= named


def test_what_facilities_reported_says_its_threshold(inventories: pd.DataFrame) -> None:
    rows = inventories[inventories["inventory"] == "eprtr"]
    assert rows["note"].str.contains("above 10 kg a year; no national total").all()
    kg = rows.set_index(["entity", "year"])["kg"].round(1)
    assert [kg[name, "2019"] for name in ("BGR", "GRC", "BEL", "AUT")] == [
        1047.0,
        1029.6,
        439.5,
        105.4,
    ]


@pytest.mark.parametrize(
    ("inventory", "year", "kg"),
    [
        ("us-tri", "2000", 73_133.8),
        ("us-tri", "2011", 40_656.3),
        ("us-tri", "2019", 15_993.7),
        ("us-nei", "2011", 43_773.5),
        ("us-nei", "2020", 20_241.6),
        ("gma-2018-detail", "2015", 2_223_557.0),
        ("gma-2018-regions", "2015", 2_222_890.0),
        ("gma-2013-regions", "2010", 1_960_000.0),
        ("mercury-history", "2010", 2_209_449.2),
    ],
)
def test_amounts_to_air_of_an_inventory(
    inventories: pd.DataFrame, inventory: str, year: str, kg: float
) -> None:
    rows = inventories[(inventories["inventory"] == inventory) & (inventories["year"] == year)]
    assert rows.loc[rows["medium"] == "air", "kg"].sum() == pytest.approx(kg, abs=0.5)


def test_what_is_from_memory_says_so(inventories: pd.DataFrame) -> None:
    rows = inventories[inventories["inventory"].str.startswith("gma-2018-")]
    assert (rows["low"] != "").all()
    assert set(rows["basis"]) == {"memory"}
    own = inventories[inventories["inventory"].isin(["streets-2019", "gma-2018", "clrtap"])]
    assert set(own["basis"]) == {"estimated"}


def test_bounds_enclose_the_sum_of_the_sectors(inventories: pd.DataFrame) -> None:
    sums = inventories[inventories["inventory"] == "mercury-history"].groupby("year")["kg"].sum()
    bounds = inventories[inventories["inventory"] == "mercury-history-bounds"].set_index("year")
    assert len(bounds) == len(sums) == 51
    assert (bounds["kg"] - sums).abs().max() < 6, "printed with two decimals of a Mg"
    assert (number(bounds["low"]) < sums).all()
    assert (number(bounds["high"]) > sums).all()


@pytest.mark.parametrize("year", ["1990", "2000", "2010", "2015", "2019"])
def test_sectors_of_a_year_are_its_national_total(inventories: pd.DataFrame, year: str) -> None:
    rows = inventories[(inventories["inventory"] == "clrtap") & (inventories["year"] == year)]
    counted = rows[~rows["note"].str.startswith("memo item")]
    whole = counted["category"] == "national-total"
    parts = counted[~whole].groupby("entity")["kg"].sum()
    total = counted[whole].set_index("entity")["kg"]
    assert len(total) == 11
    assert (parts - total).abs().max() < 1e-6


def test_every_inventory_with_amounts_is_described(inventories: pd.DataFrame) -> None:
    known = pd.read_csv(REFERENCE / "inventories.csv", dtype=str)
    listed = set(known[["inventory", "version"]].itertuples(index=False, name=None))
    assert set(inventories[["inventory", "version"]].itertuples(index=False, name=None)) <= listed
    dated = known["published_on"].notna()
    assert set(known.loc[~dated, "basis"]) == {"missing"}
    assert "missing" not in set(known.loc[dated, "basis"])


# --- published figures, registers, events ---------------------------------------------------


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return table("published")


@pytest.mark.parametrize(
    ("indicator", "day", "value", "n", "due"),
    [
        ("reporting-rate", "2020-10-02", 79.8, 91, 114),
        ("focal-points", "2020-11-27", 90.4, 113, 125),
        ("reporting-rate", "2023-02-01", 92, 113, 123),
    ],
)
def test_a_published_rate_is_what_its_counts_give(
    published: pd.DataFrame, indicator: str, day: str, value: float, n: int, due: int
) -> None:
    rows = published[(published["indicator"] == indicator) & (published["as_of"] == day)]
    row = rows.squeeze()
    assert (float(row["value"]), int(row["n"]), int(row["n_due"])) == (value, n, due)
    digits = 1 if "." in row["value"] else 0
    assert round(100 * n / due, digits) == value
    assert row["counts_basis"] == ("reported" if day == "2023-02-01" else "inferred")


def test_a_month_or_year_is_given_by_its_first_day(published: pd.DataFrame) -> None:
    assert published.loc[published["precision"] == "month", "as_of"].str.endswith("-01").all()
    assert published.loc[published["precision"] == "year", "as_of"].str.endswith("-01-01").all()


def test_counts_say_what_they_rest_on(published: pd.DataFrame) -> None:
    counted = (published["n"] != "") | (published["n_due"] != "")
    assert (counted == (published["counts_basis"] != "")).all()
    assert ((published["n"] != "") == (published["n_qualifier"] != "")).all()
    assert set(published.loc[~counted & (published["value"] == ""), "indicator"]) == set()


def test_sdg_12_4_1_has_both_captures_and_a_region_is_the_mean_of_its_countries(
    published: pd.DataFrame,
) -> None:
    sdg = published[published["indicator"] == "sdg-12-4-1"]
    size = sdg.groupby(["source", "period"]).size().to_dict()
    assert size == {
        ("unsd-sdg-2020", "2020"): 111,
        ("unsd-sdg-2026", "2020"): 6,
        ("unsd-sdg-2026", "2025"): 8,
    }
    first = sdg[sdg["source"] == "unsd-sdg-2020"].set_index("entity")["value"].astype(float)
    assert first.drop([e for e in first.index if e.startswith("M49")]).value_counts().to_dict() == {
        66.67: 73,
        33.33: 31,
    }
    western = ["AUT", "BEL", "FRA", "DEU", "LIE", "LUX", "MCO", "NLD", "CHE"]
    assert first[western].mean() == pytest.approx(first["M49-155"], abs=0.01)
    later = sdg[(sdg["source"] == "unsd-sdg-2026") & (sdg["entity"] == "WLD")]
    assert later.set_index("period")["value"].to_dict() == {"2020": "57.14419", "2025": "61.71338"}


def test_what_is_from_memory_is_marked(published: pd.DataFrame) -> None:
    memory = published[published["basis"] == "memory"]
    assert (memory["source"] == "memory").all()
    assert list(memory["value"]) == ["269000000"]


def test_exemptions() -> None:
    rows = table("registrations")
    assert set(rows["register"]) == {"exemption"}
    assert len(rows) == 14
    assert set(rows.loc[rows["basis"] == "inferred", "party"]) == {"CAN"}
    china = rows.loc[rows["party"] == "CHN", "topic"]
    assert sorted(china.str.contains("Macao SAR")) == [False, True]
    assert rows.loc[rows["party"] == "THA", "topic"].str.contains("requested").all()
    assert rows["note"].str.contains("cut after Peru").all()
    assert (rows["dated_on"] == "").all()
    assert set(rows["expires_year"]) == {"2025", ""}


def test_events() -> None:
    events, countries = table("events"), table("event_countries")
    assert len(events) == 20
    assert set(countries["event"]) <= set(events["event"])
    dated = events["started_on"] != ""
    assert (events.loc[dated, "started_on"] <= events.loc[dated, "ended_on"]).all()
    assert (events.loc[dated, "year"] == "").all()
    assert (events.loc[~dated, "year"] != "").all()
    uneven = events.set_index("event").loc["EV020"]
    assert (uneven["participants"], uneven["participants_qualifier"]) == ("40", "close_to")
    assert "almost 40" in uneven["note"]


# --- with the reference data ----------------------------------------------------------------


def test_every_party_country_and_region_is_known_to_the_reference_data() -> None:
    parties = set(pd.read_csv(REFERENCE / "parties.csv", dtype=str, keep_default_na=False)["iso3"])
    names = pd.read_csv(REFERENCE / "names.csv", dtype=str, keep_default_na=False)
    areas = pd.read_csv(REFERENCE / "areas.csv", dtype=str, keep_default_na=False)
    known = parties | set(names["entity"]) | set(areas.iloc[:, 0]) | {"WLD", ""}
    assert set(table("project_places")["place"]) <= known | {"UNKNOWN"}
    assert set(table("registrations")["party"]) <= parties
    for name, column in (
        ("published", "entity"),
        ("emissions", "entity"),
        ("events", "country"),
        ("event_countries", "country"),
    ):
        assert set(table(name)[column]) <= known, name
