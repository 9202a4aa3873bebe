"""Indicators on `evalkit.testing.rich`, against values worked out by hand from its few rows."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from evalkit import testing
from evalkit.indicators import catalogue
from evalkit.indicators.result import also_rests_on, group_evidence
from evalkit.model import Basis
from evalkit.testing import parties, rows, tidy_tables


@pytest.fixture(scope="module")
def data() -> testing.Tables:
    return testing.rich()


def row(
    data: testing.Tables, indicator: str, day: str, entity: str = "WLD", **where: str
) -> pd.Series:
    """The only row of an indicator at a place."""
    frame = catalogue.compute(indicator, data, as_of=day).frame
    for column, wanted in {"entity": entity, **where}.items():
        frame = frame[frame[column] == wanted]
    assert len(frame) == 1, f"{len(frame)} rows"
    return frame.iloc[0]


# --- membership ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "day", "count"),
    [
        ("signatories", "2013-10-09", None),
        ("signatories", "2013-10-10", 7),
        ("signatories", "2013-11-06", 8),
        ("signatories", "2014-09-24", 9),
        ("parties-deposited", "2013-11-05", 0),
        ("parties-deposited", "2013-11-06", 1),
        ("parties-deposited", "2019-12-31", 11),
        ("parties-in-force", "2017-08-15", 0),
        ("parties-in-force", "2017-08-16", 5),
        ("parties-in-force", "2019-12-31", 10),
        ("parties-in-force", "2020-02-28", 10),
        ("parties-in-force", "2020-02-29", 11),
    ],
)
def test_members_on_a_day(
    data: testing.Tables, indicator: str, day: str, count: int | None
) -> None:
    found = row(data, indicator, day)
    assert found["status"] == ("not_applicable" if count is None else "ok")
    assert pd.isna(found["value"]) if count is None else found["value"] == count


@pytest.mark.parametrize(
    ("indicator", "day", "value", "low", "high"),
    [
        ("parties-deposited", "2020-12-31", 11, None, None),  # the two are known to be absent
        ("parties-deposited", "2021-01-01", 11, 11, 13),  # unknown from here
        ("parties-deposited", "2021-06-01", 13, None, None),  # listed
        ("parties-in-force", "2021-08-29", 11, 11, 13),
        ("parties-in-force", "2021-08-30", 13, None, None),  # 90 days after it was listed
        ("parties-in-force", "2021-10-01", 13, 13, None),  # the list is not complete any more
    ],
)
def test_a_party_without_a_day_gives_bounds(
    data: testing.Tables, indicator: str, day: str, value: int, low: int | None, high: int | None
) -> None:
    found = row(data, indicator, day)
    ends = [None if pd.isna(found[end]) else found[end] for end in ("low", "high")]
    assert (found["value"], ends) == (value, [low, high])


def test_what_is_not_known_of_a_state_is_told_as_such(data: testing.Tables) -> None:
    states = {
        day: [row(data, "parties-deposited", day, one)["status"] for one in ("BLZ", "AND", "CHE")]
        for day in ("2020-12-31", "2021-01-01", "2021-06-01", "2021-10-01")
    }
    assert states == {
        "2020-12-31": ["not_party", "not_party", "ok"],
        "2021-01-01": ["not_loaded", "not_party", "ok"],
        "2021-06-01": ["ok", "not_party", "ok"],
        "2021-10-01": ["ok", "not_loaded", "ok"],
    }


def test_a_day_from_memory_shows_on_every_count_it_enters(data: testing.Tables) -> None:
    """Ukraine's days are from memory; it joins between the two days."""
    before, after = (row(data, "parties-in-force", day) for day in ("2020-02-28", "2020-02-29"))
    assert (before["basis"], after["basis"]) == ("reported", "memory")
    assert row(data, "parties-in-force", "2020-02-29", "AFRICA")["basis"] == "reported"


# --- reporting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "entity", "n", "n_due"),
    [
        ("2019-12-31", "WLD", 2, 10),
        ("2020-01-01", "WLD", 3, 10),
        ("2020-03-01", "WLD", 4, 10),
        ("2020-03-01", "WEOG", 1, 3),
        ("2020-03-01", "CEE", 0, 1),  # Ukraine joined after the deadline
        ("2020-03-01", "LDC", 1, 2),
        ("2020-03-01", "SIDS", 1, 3),
    ],
)
def test_reports_received_by_a_day(
    data: testing.Tables, day: str, entity: str, n: int, n_due: int
) -> None:
    found = row(data, "reporting-rate", day, entity, period="2019-short")
    assert (found["status"], found["n"], found["n_due"]) == ("ok", n, n_due)
    assert found["value"] == n / n_due


def test_why_a_party_has_no_report(data: testing.Tables) -> None:
    states = {
        entity: row(data, "reporting-rate", "2020-01-01", entity, period="2019-short")["status"]
        for entity in ("GHA", "KIR", "UKR", "AND")
    }
    assert states == {"GHA": "ok", "KIR": "not_reported", "UKR": "not_party", "AND": "not_party"}
    early = row(data, "reporting-rate", "2019-12-30", "KIR", period="2019-short")
    assert early["status"] == "not_due"
    later = row(data, "reporting-rate", "2021-12-30", "GHA", period="2021-full")
    assert later["status"] == "not_due"


def test_a_published_count_before_the_deadline_is_no_rate(data: testing.Tables) -> None:
    found = row(data, "reporting-rate", "2021-12-30", period="2021-full")
    assert (found["status"], found["n"], found["n_due"]) == ("not_due", 4, 11)


def test_a_published_percentage_has_the_bounds_of_its_rounding(data: testing.Tables) -> None:
    """The hedged figure (more than 90) of the day before is left out."""
    found = row(data, "reporting-rate", "2022-06-01", period="2021-full")
    assert (found["status"], found["value"]) == ("ok", pytest.approx(0.82))
    assert (found["low"], found["high"]) == (pytest.approx(0.815), pytest.approx(0.825))
    assert pd.isna(found["n"])
    assert found["n_due"] == 11
    of_a_group = row(data, "reporting-rate", "2022-06-01", "WEOG", period="2021-full")
    assert (of_a_group["status"], of_a_group["n_due"]) == ("not_loaded", 3)


def test_who_owes_is_not_known_while_a_partys_standing_is_not(data: testing.Tables) -> None:
    """On 31 December 2022 the list of Parties is open-ended."""
    for entity in ("WLD", "AFRICA"):
        found = row(data, "reporting-rate", "2024-01-01", entity, period="2023-short")
        assert pd.isna(found["n_due"])
    one = parties("BLZ|||", listed_on="2021-06-01", absent_until="2017-12-31")
    bound = parties("DOM|||2017-08-16", "CHE|||2017-08-16")
    doubtful = tidy_tables(
        parties=[*one, *bound],
        cycles=rows(
            "cycle kind title period_start period_end period_basis due_basis membership_basis",
            "2019-short|short|x|2017-08-16|2018-12-31|derived|derived|derived",
            due_on="2019-12-31",
            membership_on="2019-12-31",
        ),
        submissions=rows("party cycle submitted_on", "CHE|2019-short|2019-11-01"),
    )
    world = row(doubtful, "reporting-rate", "2020-01-01")
    assert (world["status"], world["n"]) == ("insufficient", 1)
    assert pd.isna(world["n_due"])
    west = row(doubtful, "reporting-rate", "2020-01-01", "WEOG")
    assert (west["status"], west["n"], west["n_due"]) == ("ok", 1, 1)
    caribbean = row(doubtful, "reporting-rate", "2020-01-01", "GRULAC")
    assert caribbean["status"] == "insufficient"


def test_focal_points_are_known_from_the_end_of_their_month(data: testing.Tables) -> None:
    before, after = (row(data, "focal-points", day) for day in ("2021-06-29", "2021-06-30"))
    assert (before["value"], before["period"]) == (pytest.approx(0.904), "2020-11-27")
    assert (after["value"], after["n"], after["n_due"]) == (10 / 11, 10, 11)
    assert after["period"] == "2021-06"
    assert row(data, "focal-points", "2020-11-26")["status"] == "not_loaded"


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ("|7|0", "insufficient"),  # more than owed it
        ("250||", "insufficient"),  # no percentage
        ("-3||", "insufficient"),
        ("|7|", "insufficient"),  # nothing to divide by
        ("0||", "ok"),
        ("100||", "ok"),
        ("|0|7", "ok"),
    ],
)
def test_a_published_figure_that_can_not_be_is_no_value(cells: str, status: str) -> None:
    told = rows(
        "indicator as_of value n n_due",
        f"focal-points|2020-11-27|{cells}",
        **{"entity": "WLD", "precision": "day", "qualifier": "exact", "unit": "percent"},
    )
    found = row(tidy_tables(published=told), "focal-points", "2021-01-01")
    assert found["status"] == status


def test_of_two_figures_of_a_day_the_same_one_is_taken_in_any_order() -> None:
    told = rows(
        "source value",
        "a|50",
        "b|60",
        **{
            "indicator": "focal-points",
            "as_of": "2020-11-27",
            "entity": "WLD",
            "precision": "day",
            "qualifier": "exact",
            "unit": "percent",
        },
    )
    named = rows("source publisher title", "a|x|x", "b|x|x")
    one, other = (
        tidy_tables(published=order, sources=named)["published"] for order in (told, told[::-1])
    )
    values = [
        row({**testing.empty(), "published": frame}, "focal-points", "2021-01-01")["value"]
        for frame in (one, other.iloc[::-1].reset_index(drop=True))
    ]
    assert values == [0.6, 0.6]


# --- the clock ----------------------------------------------------------------------------------


def test_what_has_fallen_due(data: testing.Tables) -> None:
    found = row(data, "obligations", "2020-12-31", series="inventory-emissions")
    assert (found["value"], found["n_answered"], found["n_due"]) == (9, 11, 11)
    later = row(data, "obligations", "2020-12-31", series="existing-sources")
    assert (later["status"], later["value"], later["n_due"]) == ("ok", 0, 11)
    report = row(data, "obligations", "2020-12-31", series="report-2019-short")
    assert (report["value"], report["n_due"]) == (10, 10), "Ukraine did not owe it"


def test_due_days_and_why_there_is_none(data: testing.Tables) -> None:
    def told(entity: str, series: str) -> tuple[str, str]:
        found = row(data, "obligations", "2020-12-31", entity, series=series)
        return found["status"], found["period"]

    assert told("GHA", "inventory-emissions") == ("ok", "2019-08-16")
    assert told("TUV", "inventory-emissions") == ("not_due", "2021-09-05")
    assert told("UKR", "inventory-emissions") == ("not_due", "2022-02-28")  # of 29 February
    assert told("NPL", "inventory-emissions") == ("not_party", "")
    assert told("GHA", "action-plan") == ("not_loaded", "")
    assert told("GHA", "national-plan-emissions") == ("not_loaded", "2021-08-16")
    assert told("UKR", "report-2019-short") == ("not_applicable", "")
    assert told("UKR", "report-2021-full") == ("not_due", "2021-12-31")


# --- money --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "entity", "period", "value", "projects"),
    [
        ("with-programmes", "WLD", "all", 3800, 5),
        ("equal-split", "WLD", "all", 2400, 4),
        ("full-count", "WLD", "all", 2400, 4),
        ("equal-split", "GHA", "all", 800, 2),
        ("full-count", "GHA", "all", 1900, 2),
        ("equal-split", "AFRICA", "all", 1100, 2),
        ("full-count", "AFRICA", "all", 1900, 2),  # a group counts a project once
        ("equal-split", "LDC", "all", 300, 1),
        ("equal-split", "UNATTRIBUTED", "all", 500, 1),
        ("equal-split", "UNATTRIBUTED", "GEF-6", 0, 0),
        ("equal-split", "WLD", "GEF-7", 1400, 3),
        ("equal-split", "WLD", "2019", 1400, 2),
        ("equal-split", "AND", "no-year", 0, 1),  # zero was published
        ("equal-split", "USA", "all", 0, 0),  # no project names it
    ],
)
def test_grants(
    data: testing.Tables, series: str, entity: str, period: str, value: float, projects: int
) -> None:
    found = row(data, "gef-grants", "2020-12-31", entity, series=series, period=period)
    assert found["status"] == "ok"
    assert found["value"] == pytest.approx(value, abs=1e-9)
    assert (found["n"], found["n_answered"], found["n_due"]) == (projects, projects, projects)


def test_a_blank_amount_is_not_zero(data: testing.Tables) -> None:
    world = row(data, "gef-cofinancing", "2020-12-31", series="equal-split", period="all")
    assert (world["value"], world["n"], world["n_due"]) == (7000, 3, 4)
    kiribati = row(data, "gef-cofinancing", "2020-12-31", "KIR", series="equal-split", period="all")
    assert (kiribati["status"], kiribati["n"], kiribati["n_due"]) == ("not_reported", 0, 1)


def test_before_the_day_of_the_list_no_money_is_loaded(data: testing.Tables) -> None:
    assert row(data, "gef-grants", "2019-06-29", "GHA")["status"] == "not_loaded"
    days = catalogue.compute("gef-grants", data, as_of="2019-06-30").frame
    assert "not_loaded" not in set(days["status"])


def test_programmes_alone_give_no_amount_of_projects() -> None:
    made = testing.minimal()
    made["projects"] = made["projects"].assign(type="programme")
    frame = catalogue.compute("gef-grants", made, as_of="2020-12-31").frame
    assert set(frame["status"]) == {"not_loaded"}


def test_a_period_called_as_its_year_counts_a_project_once() -> None:
    made = testing.minimal()
    for period in ("2018", "all"):
        odd = {**made, "projects": made["projects"].assign(period=period)}
        found = row(odd, "gef-grants", "2020-12-31", series="equal-split", period=period)
        assert (found["value"], found["n_due"]) == (1000, 1)


# --- emissions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "entity", "period", "value"),
    [
        ("alpha", "WLD", "2015", 50),
        ("alpha", "S19-USA", "2015", 10),
        ("alpha", "USA", "2015", 10),  # the region is this State
        ("beta", "WLD", "2015", 58),  # the sum of its two sectors; water is left out
        ("beta/cement", "WLD", "2015", 20),
        ("gamma", "CHE", "2015", 0.75),
        ("gamma/Hg0", "CHE", "2015", 0.5),
        ("gamma", "KIR", "2015", 0),
    ],
)
def test_emissions(
    data: testing.Tables, series: str, entity: str, period: str, value: float
) -> None:
    found = row(data, "emissions-to-air", "2026-10-01", entity, series=series, period=period)
    assert (found["status"], found["value"]) == ("ok", value)


def test_an_inventory_is_never_filled_from_another(data: testing.Tables) -> None:
    frame = catalogue.compute("emissions-to-air", data, as_of="2026-10-01").frame
    switzerland = frame[frame["entity"] == "CHE"].set_index(["series", "period"])["status"]
    assert switzerland.to_dict() == {
        ("alpha", "2010"): "not_estimated",
        ("alpha", "2015"): "not_estimated",
        ("beta", "2015"): "not_estimated",  # it speaks of the world alone
        ("beta/cement", "2015"): "not_estimated",
        ("beta/gold-mining", "2015"): "not_estimated",
        ("gamma", "2015"): "ok",
        ("gamma/Hg0", "2015"): "ok",
    }
    beta = frame[frame["series"] == "beta"]
    assert set(beta.loc[beta["status"] == "ok", "entity"]) == {"WLD"}


def test_the_sectors_are_behind_a_sum_and_the_total_behind_a_total(data: testing.Tables) -> None:
    result = catalogue.compute("emissions-to-air", data, as_of="2026-10-01")
    behind = result.trace("beta", "WLD", "2015")
    assert sorted(behind["category"]) == ["cement", "gold-mining"]
    assert result.trace("alpha", "WLD", "2015")["kg"].tolist() == [50]
    region = result.trace("alpha", "USA", "2015")
    assert region["entity"].tolist() == ["S19-USA"], "the row as it stands in the file"


def test_two_versions_of_an_inventory_stand_apart() -> None:
    frame = catalogue.compute("emissions-to-air", testing.hostile(), as_of="2026-10-01").frame
    world = frame[(frame["entity"] == "WLD") & (frame["period"] == "9999")]
    assert world.set_index("series")["value"].to_dict() == {"alpha@1": 1e-9, "alpha@2": 1}
    assert "alpha" not in set(frame["series"])


# --- evidence -----------------------------------------------------------------------------------


def test_a_group_of_rows_rests_on_the_weakest_and_names_all_sources() -> None:
    told = pd.DataFrame(
        {
            "who": ["x", "x", "y"],
            "basis": ["reported", "memory", "derived"],
            "source": ["b a", "c", "b"],
        }
    )
    found = group_evidence(told, ["who"])
    assert found.loc["x"].tolist() == ["memory", "a b c"]
    assert found.loc["y"].tolist() == ["derived", "b"]
    more = also_rests_on(told, Basis.INFERRED, "d")
    assert more["basis"].tolist() == ["inferred", "memory", "inferred"]
    assert more["source"].tolist() == ["a b d", "c d", "b d"]


def test_a_number_that_is_missing_is_no_zero(data: testing.Tables) -> None:
    found = row(data, "gef-cofinancing", "2020-12-31", "KIR", series="full-count", period="all")
    assert math.isnan(found["value"])
