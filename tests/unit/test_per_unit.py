"""Emissions for each person and each kg of gold: closed forms, no year borrowed, files refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.indicators import catalogue
from evalkit.indicators.prepared import Prepared, prepared
from evalkit.sources.check import check
from evalkit.sources.template import register_template, table_named
from evalkit.testing import parties, tidy_tables
from evalkit.testing_inventories import MAPPED
from evalkit.testing_rows import Row, areas, emissions, rows

DAY = "2026-06-30"
GOLD = "artisanal-small-scale-gold-mining"
PEOPLE = ("CHE|2015|8000000", "GHA|2015|28000000", "GHA|2019|30000000", "MLI|2015|18000000")


def tables_of(*lines: str, scheme: str = "invented", **more: list[Row]) -> Prepared:
    bound = "2013-10-10|2016-01-01|2017-08-16"
    people = parties(*(f"{one}|{bound}" for one in ("CHE", "GHA", "MLI")))
    given = emissions(*lines, scheme=scheme)
    return prepared(tidy_tables(parties=people, emissions=given, areas=areas(), **MAPPED, **more))


def found(tables: Prepared, indicator: str, **where: str) -> dict[tuple[str, str], float]:
    frame = catalogue.compute(indicator, tables, as_of=DAY).frame
    kept = frame[frame["status"] == where.get("status", "ok")].set_index(["entity", "period"])
    return kept["value"].to_dict()


@pytest.fixture(scope="module")
def persons() -> Prepared:
    lines = ("a|CHE|2015|total|total|400||", "a|GHA|2015|total|total|5600|2800|11200",
             "a|GHA|2018|total|total|1||", "a|WLD|2015|total|total|7000||")  # fmt: skip
    return tables_of(*lines, population=rows("entity year persons", *PEOPLE))


def test_grams_for_each_person_of_the_same_year(persons: Prepared) -> None:
    told = found(persons, "emissions-per-person")
    assert told["CHE", "2015"] == 0.05
    assert told["GHA", "2015"] == 0.2
    assert set(told) == {("CHE", "2015"), ("GHA", "2015")}
    groups = found(persons, "emissions-per-person", status="not_applicable")
    assert ("AFRICA", "") in groups, "Ghana's would pass for that of Africa"
    assert ("WLD", "2015") not in told, "people of all Parties are not those of the world"
    lacking = found(persons, "emissions-per-person", status="insufficient")
    assert set(lacking) == {("GHA", "2018"), ("WLD", "2015")}, "2019 does not stand in for 2018"
    assert ("MLI", "") in found(persons, "emissions-per-person", status="not_estimated")
    frame = catalogue.compute("emissions-per-person", persons, as_of=DAY).frame
    row = frame[(frame["entity"] == "GHA") & (frame["period"] == "2015")].iloc[0]
    assert (row["low"], row["high"], row["unit"]) == (0.1, 0.4, "g/person")


def test_a_quotient_leads_to_both_of_its_parts(persons: Prepared) -> None:
    told = catalogue.compute("emissions-per-person", persons, as_of=DAY)
    assert told.trace("a", "GHA", "2015")["table"].tolist() == ["emissions", "population"]


def test_mercury_for_each_kg_of_gold_with_the_widest_ends() -> None:
    lines = (f"a|GHA|2015|{GOLD}|total|300|200|600", "a|GHA|2015|cement|total|50||",
             f"a|MLI|2015|{GOLD}|total|40||", f"a|CHE|2015|{GOLD}|total|0||")  # fmt: skip
    gold = rows("entity year gold_kg low high", "GHA|2015|200|100|400", "MLI|2015|20||",
                "CHE|2015|0||")  # fmt: skip
    tables = tables_of(*lines, gold_produced=gold)
    told = found(tables, "asgm-emissions-per-gold")
    assert told == {("GHA", "2015"): 1.5, ("MLI", "2015"): 2}
    frame = catalogue.compute("asgm-emissions-per-gold", tables, as_of=DAY).frame
    row = frame[(frame["entity"] == "GHA") & (frame["period"] == "2015")].iloc[0]
    assert (row["low"], row["high"]) == (0.5, 6)
    none = found(tables, "asgm-emissions-per-gold", status="insufficient")
    assert ("CHE", "2015") in none, "nothing divided by nothing is no amount"


def test_a_sector_that_holds_other_gold_too_is_left_out() -> None:
    gold = rows("entity year gold_kg", "WLD|2015|20")
    mixed = tables_of("h|WLD|2015|gold-and-silver|total|40||", scheme="history", gold_produced=gold)
    assert found(mixed, "asgm-emissions-per-gold") == {}


def test_without_the_file_it_says_which_one(persons: Prepared) -> None:
    told = catalogue.compute("asgm-emissions-per-gold", persons, as_of=DAY)
    assert set(told.frame["status"]) == {"not_loaded"}
    assert "evalkit template gold-produced" in told.steps[0].what


# --- the files ------------------------------------------------------------------------------------


def test_a_template_comes_back_as_the_table(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = register_template(table_named("gold-produced"), tmp_path / "gold_produced.xlsx")
    book = load_workbook(path)
    heading = [cell.value for cell in book["gold_produced"][1]]
    told = {"entity": "Ghana", "year": 2016, "gold_kg": 45000.5, "low": 40000, "high": 50000,
            "source": "plan-ghana", "basis": "reported"}  # fmt: skip
    book["gold_produced"].append([told.get(name) for name in heading])
    book.save(path)
    loaded = check(path)
    assert loaded.failures == ()
    row = loaded.tables["gold_produced"].iloc[0]
    assert (row["entity"], row["year"], row["gold_kg"]) == ("GHA", 2016, 45000.5)


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("population", "GHA,2015,28206.7,s,reported", "28206.7"),
        ("population", "CHN,2015,1393715,s,reported", "far too few for the place"),
        ("population", "TUV,2015,11,s,reported", "Give people, not thousands"),
        ("population", "GHA,2015,0,s,reported", "0"),
        ("population", "AFRICA,2015,1200000000,s,reported", "neither a State nor WLD"),
        ("population", "Guinee Libre,2015,12000000,s,reported", "Guinee Libre"),
        ("gold_produced", "GHA,2016,45000000000,s,reported", "a troy ounce"),
        ("gold_produced", "GHA,2016,-5,s,reported", "-5"),
    ],
)
def test_what_can_mislead_is_refused(tmp_path: Path, name: str, line: str, words: str) -> None:
    amount = {"population": "persons", "gold_produced": "gold_kg"}[name]
    path = tmp_path / f"{name}.csv"
    path.write_text(f"entity,year,{amount},source,basis\n{line}\n", encoding="utf-8")
    loaded = check(path)
    assert loaded.tables[name].empty
    told = [f"{failure} {failure.remedy}" for failure in loaded.failures]
    assert told
    assert words in told[0]


def test_gold_lies_between_its_ends(tmp_path: Path) -> None:
    path = tmp_path / "gold_produced.csv"
    path.write_text("entity,year,gold_kg,low,high,source,basis\nGHA,2016,9,10,20,s,reported\n")
    assert "not between low and high" in str(check(path).failures[0])
