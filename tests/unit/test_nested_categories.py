"""The older format of the air convention and Canada's tables, mapped to Annex D and to sectors."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from evalkit.editions.gaps import unmapped
from evalkit.indicators import catalogue
from evalkit.indicators.mapped import spelled_out
from evalkit.indicators.prepared import Prepared, prepared
from evalkit.reference.rows import rows as reference
from evalkit.testing import parties, tidy_tables
from evalkit.testing_rows import areas, emissions

DAY = "2026-06-30"
UTILITIES, ORE = "electric-power-generation-utilities", "ore-and-mineral-industries"


def tables_of(scheme: str, inventory: str, amounts: dict[str, float]) -> Prepared:
    mapping = {
        name: [{**row, "source": "invented"} for row in reference(f"{name}.csv")]
        for name in ("annex_d", "sectors")
    }
    people = parties("CAN|2013-10-10|2016-01-01|2017-08-16")
    lines = [f"{inventory}|CAN|2019|{name}|total|{kg}||" for name, kg in amounts.items()]
    given = emissions(*lines, scheme=scheme)
    return prepared(tidy_tables(parties=people, emissions=given, areas=areas(), **mapping))


def values(tables: Prepared, indicator: str) -> dict[str, float]:
    frame = catalogue.compute(indicator, tables, as_of=DAY).frame
    rows = frame[(frame["entity"] == "CAN") & (frame["status"] == "ok")].set_index("series")
    return {name.partition("/")[2]: value for name, value in rows["value"].items()}


@pytest.mark.parametrize(
    ("scheme", "categories", "sources"),
    [
        ("NFR09", 123, {"coal-industrial-boilers": 7, "nonferrous-smelting": 6,
                        "waste-incineration": 4, "cement-clinker": 3, "coal-power-plants": 1}),
        ("APEI", 28, {"coal-industrial-boilers": 11, "nonferrous-smelting": 2,
                      "waste-incineration": 2, "cement-clinker": 1, "coal-power-plants": 1}),
        ("NAICS", 41, {"coal-industrial-boilers": 4, "nonferrous-smelting": 3,
                       "waste-incineration": 3, "cement-clinker": 1, "coal-power-plants": 1}),
    ],
)  # fmt: skip
def test_so_many_categories_are_mapped(scheme, categories, sources):
    rows = [row for row in reference("annex_d.csv") if row["scheme"] == scheme]
    assert len({row["category"] for row in rows}) == categories
    assert Counter(row["point_source"] for row in rows if row["point_source"] != "none") == sources
    assert {row["basis"] for row in rows} == {"inferred"}
    assert all(row["reason"] for row in rows)


def test_the_older_format_has_bounds_and_its_waste_water_is_in_the_total():
    amounts = {"1A1a": 30, "1A2fi": 20, "1A3bi": 1, "2A1": 5, "2C5b": 4, "2C5e": 2, "6B": 3,
               "6Cc": 7, "7B": 50, "national-total": 72}  # fmt: skip
    tables = tables_of("NFR09", "clrtap", amounts)
    assert unmapped(dict(tables)).empty
    found = values(tables, "annex-d-by-source")
    assert found["coal-power-plants/upper"] == 30
    assert found["cement-clinker/upper"] == 25
    assert found["waste-incineration/lower"] == 7
    assert found["waste-incineration/upper"] == 37
    assert found["annex-d/upper"] == 68
    sectors = values(tables, "emissions-by-sector")
    assert sectors.pop("memo") == 50
    assert sum(sectors.values()) == 72


def test_a_subsector_of_canada_takes_the_row_of_its_sector():
    amounts = {
        f"{UTILITIES}-coal-coal": 10,
        f"{UTILITIES}-natural-gas": 1,
        f"{ORE}-cement-and-concrete-industry-cement-manufacture": 6,
        f"{ORE}-non-ferrous-refining-and-smelting-industry-primary": 4,
        "manufacturing-bakeries": 2,
        "fires-prescribed-burning-prescribed-burning": 3,
        "national-total": 26,
    }
    tables = tables_of("APEI", "apei", amounts)
    assert unmapped(dict(tables)).empty
    found = values(tables, "annex-d-by-source")
    assert found["coal-power-plants/exact"] == 10
    assert found["cement-clinker/upper"] == 6
    assert found["nonferrous-smelting/upper"] == 4
    assert found["coal-industrial-boilers/upper"] == 12
    sectors = values(tables, "emissions-by-sector")
    assert sectors["biomass"] == 3, "the longest name counts, and not that of all fires"
    assert sum(sectors.values()) == 26
    told = catalogue.compute("annex-d-by-source", tables, as_of=DAY)
    behind = told.trace("apei/cement-clinker/upper", "CAN", "2019")
    assert set(behind["table"]) == {"emissions", "annex_d"}
    assert behind["category"].str.endswith("cement-and-concrete-industry").sum() == 1


def test_an_industry_takes_the_row_of_the_longest_code_and_bounds_nothing_from_above():
    amounts = {"331410": 9, "332999": 1, "325189": 2, "327310": 8, "221112": 5, "unstated": 4}
    tables = tables_of("NAICS", "npri", amounts)
    assert unmapped(dict(tables))["found"].tolist() == ["unstated"]
    found = values(tables, "annex-d-by-source")
    assert found["nonferrous-smelting/overlap"] == 9
    assert found["cement-clinker/lower"] == 8
    assert not [name for name in found if name.endswith(("/upper", "/exact"))]


def test_codes_of_other_schemes_stand_for_themselves_alone():
    mapping = pd.DataFrame({"scheme": ["NFR14", "APEI"], "category": ["1A2", "fires"]})
    asked = pd.DataFrame({"scheme": ["NFR14", "APEI"], "category": ["1A2a", "firestone"]})
    assert spelled_out(mapping, asked)["category"].tolist() == ["1A2", "fires"]
