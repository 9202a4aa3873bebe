"""What results say of inventories beside amounts: the day of publication, and why one is silent."""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit import testing
from evalkit.indicators import catalogue
from evalkit.reference import entities
from evalkit.reference.rows import rows as reference
from evalkit.sources.inventories.gaps import KEYS, holders, states_without
from evalkit.testing import parties, rows, tidy_tables
from evalkit.testing_rows import emissions

DAY = "2026-10-01"


def data(**more: object) -> testing.Tables:
    """An inventory of a former State and another country, one of the past, one of the world."""
    given = {
        "parties": parties("SRB|||", "CHE|||", "TUV|||"),
        "emissions": [
            *emissions("e|SCG|2015|total|total|7||", "e|CHE|2015|total|total|2||"),
            *emissions("e|CHE|2015|1A|total|2||", "e|SCG|2015|1A|total|3||"),
            *emissions("past|WLD|1510|total|total|5||", "world|WLD|2015|total|total|9||"),
        ],
        "emission_gaps": rows(
            "entity category key status holder",
            "SRB|total|HELD|not_estimated|SCG",
            "TUV|total|NONE|not_estimated|",
            "TUV|1A|NO|not_applicable|",
            inventory="e",
            version="1",
            year=2015,
            scheme="invented",
            medium="air",
        ),
        "inventories": rows(
            "inventory published_on covers",
            "e|2019-03-31|whole",
            "past|2013-01-31|past",
            version="1",
            title="Invented",
        ),
    }
    return tidy_tables(**{**given, **more})


def air(day: str = DAY) -> pd.DataFrame:
    return catalogue.compute("emissions-to-air", data(), as_of=day).frame


def status(entity: str) -> dict[str, str]:
    mine = air()[(air()["entity"] == entity) & (air()["series"] != "past")]
    return dict(zip(mine["series"], mine["status"], strict=True))


def test_a_state_inside_another_is_not_estimated_and_the_trace_names_the_holder() -> None:
    assert status("SRB") == {k: "not_estimated" for k in ("e", "e/1A", "world")}
    behind = catalogue.compute("emissions-to-air", data(), as_of=DAY).trace("e", "SRB", "2015")
    assert behind[["table", "key", "holder"]].to_numpy().tolist() == [
        ["emission_gaps", "HELD", "SCG"]
    ]
    assert behind["origin"].tolist() == ["data/facts/emission_gaps.csv:2"]


def test_a_notation_key_of_a_category_counts_before_that_of_the_whole() -> None:
    assert status("TUV") == {
        "e": "not_estimated",
        "e/1A": "not_applicable",
        "world": "not_estimated",
    }
    assert status("CHE") == {"e": "ok", "e/1A": "ok", "world": "not_estimated"}


def test_a_history_knows_no_states_and_says_so_once() -> None:
    past = air()[air()["series"] == "past"].set_index("entity")
    assert past.loc["WLD", ["period", "value"]].tolist() == ["1510", 5]
    states = past.drop(index="WLD")
    assert sorted(states.index) == ["CHE", "SRB", "TUV"]
    assert set(states["period"]) == {""}
    assert set(states["status"]) == {"not_estimated"}


@pytest.mark.parametrize(
    ("day", "series"),
    [
        ("2013-06-30", {"past", "world"}),
        ("2019-03-30", {"past", "world"}),
        ("2019-03-31", {"past", "world", "e", "e/1A"}),
    ],
)
def test_an_inventory_counts_from_the_day_it_was_published(day: str, series: set[str]) -> None:
    """One of which no day is known counts always."""
    assert set(air(day)["series"]) == series


def test_before_any_inventory_was_published_nothing_is_loaded() -> None:
    only = data(emissions=emissions("e|CHE|2015|total|total|2||"))
    frame = catalogue.compute("emissions-to-air", only, as_of="2018-12-31").frame
    assert set(frame["status"]) == {"not_loaded"}


# --- what holds whom ------------------------------------------------------------------------------


def test_every_key_has_a_status_without_value() -> None:
    assert set(KEYS) == {"NE", "IE", "C", "NO", "NA", "NR", "HELD", "NONE"}
    assert not any(status.has_value for status, _ in KEYS.values())


def test_the_states_that_edgar_has_no_row_for() -> None:
    held = holders("edgar")
    assert {name for name, holder in held.items() if holder == "SCG"} == {"SRB", "MNE"}
    assert held["SSD"] == "SDN"
    assert {"AND", "LIE", "MCO", "MHL", "NRU", "SMR", "TUV"} <= set(held)
    known = entities.titles()
    for row in reference("inventory_holders.csv"):
        assert row["entity"] in entities.states()
        assert row["holder"] in {*known, ""}
        assert row["basis"] in {"reported", "derived", "inferred"}


def test_nobody_is_held_by_a_country_that_has_no_row_itself() -> None:
    absent = states_without({"CHE", "FRA"}, "edgar").set_index("entity")
    assert absent.loc["LIE"].tolist() == ["HELD", "CHE"]
    assert absent.loc["AND"].tolist() == ["NONE", ""], "Spain has no row here"
    assert "CHE" not in absent.index
    assert len(absent) == len(entities.states()) - 2
