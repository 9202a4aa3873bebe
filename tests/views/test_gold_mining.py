"""The page on gold mining: counts that can be made by hand, and nothing filled in."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from evalkit.indicators import catalogue
from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import gold_mining_standing as standing
from evalkit.views.gold_mining import GoldMining

PLAN = "action-plan"


@pytest.fixture(scope="module")
def small(small_edition):
    """Three Parties that notified: one on time, one late, one not due yet; the lists are whole."""
    return small_edition("answered")


@pytest.fixture(scope="module")
def opened(small):
    return GoldMining(small, "party=PER")


@pytest.fixture(scope="module")
def real(edition):
    return GoldMining(edition)


def trace_of(page: GoldMining, name: str) -> dict:
    (output,) = page.outputs[name].outputs
    return output["data"]["application/vnd.plotly.v1+json"]


def test_standing_and_days_are_those_that_can_be_counted_by_hand(opened):
    """Due three years after entry into force or notification, whichever is later."""
    found = opened.standing(PLAN).set_index("party")
    assert found.loc[["GHA", "PER", "NGA"], "state"].tolist() == ["on_time", "late", "not_due"]
    days = found.loc[["GHA", "PER", "NGA"], "due_on"]
    assert days.dt.strftime("%Y-%m-%d").tolist() == ["2020-09-01", "2020-08-16", "2022-01-01"]
    assert f"{found.at['PER', 'entered_on']:%Y-%m-%d}" == "2021-03-01"
    then = catalogue.compute("obligations-met", opened.edition.tables, as_of="2022-06-30").frame
    assert standing.standing(then, PLAN).set_index("party").at["NGA", "state"] == "overdue"
    assert found.at["CHE", "state"] == Status.NOT_APPLICABLE  # a whole list does not name it
    assert found.at["NPL", "state"] == Status.NOT_PARTY
    assert pd.isna(found.at["CHE", "due_on"])


@pytest.mark.parametrize("clause", [PLAN])
def test_the_page_counts_what_the_indicator_counts(opened, clause):
    met = opened.on_day("obligations-met").set_index(["series", "entity"])
    for group in entities.groups():
        several = standing.counts(opened.standing(clause), group)
        row = met.loc[(clause, group)]
        submitted = several.get("on_time", 0) + several.get("late", 0)
        assert submitted == row["n"]
        assert submitted + several.get("overdue", 0) == row["n_answered"] == row["n_due"]
        assert several.get("on_time", 0) == met.loc[(f"{clause}/on-time", group), "n"]


def test_the_clock_and_the_register_agree_on_who_is_due(small):
    for day in ("2020-08-31", "2020-09-01", "2022-06-30"):
        clock = catalogue.compute("obligations", small.tables, as_of=day).frame
        due = clock[(clock["series"] == PLAN) & (clock["entity"] == "WLD")]
        met = catalogue.compute("obligations-met", small.tables, as_of=day).frame
        told = met[(met["series"] == PLAN) & (met["entity"] == "WLD")]
        assert due["n"].tolist() == told["n_due"].tolist()


def test_an_entry_of_a_later_day_is_not_known_yet(small):
    days = [value for _, value in GoldMining(small).choosers["as_of"].options]
    assert len(days) > 1
    before = GoldMining(small, f"as_of={days[-1]}")
    assert before.chosen("as_of") == days[-1]
    found = before.standing(PLAN)
    later = found["entered_on"] > pd.Timestamp(days[-1])
    assert not later.any()
    assert not set(found["state"]) & {"on_time", "late", "overdue"}


def test_each_state_has_its_class_colour_and_words(opened):
    found = opened.standing(PLAN)
    rows, classes = standing.for_map(found, PLAN)
    assert all(sum(one.holds(row.value, row.status) for one in classes) == 1
               for row in rows.itertuples())  # fmt: skip
    assert len({one.colour for one in classes}) == len(classes) == found["state"].nunique()
    assert len({one.pattern for one in classes}) == len(classes)  # never colour alone
    said = rows.set_index("entity").at["PER", "said"]
    assert said.split("<br>") == [
        "Submitted late",
        "Notified on: 16 August 2017",
        "Due on: 16 August 2020",
        "Submitted on: 1 March 2021",
    ]


def test_the_headline_says_the_three_counts_and_who_was_late(opened):
    said = re.sub(r"<[^>]+>", " ", opened.htmls["headline"].value)
    assert "World: 100.0 % of the Parties that owed it" in said
    assert "Owed by 2, answered by 2, counted 2." in said
    assert "Submitted on time: 1; Submitted late: 1; Not due: 1" in said


def test_what_is_not_loaded_says_which_file_would_fill_it(real):
    assert "World: at least 30" in real.htmls["headline"].value
    assert real.outputs["groups"].layout.display == "none"  # bars would all be alike
    found = real.standing(PLAN)
    assert set(found["state"]) == {str(Status.NOT_LOADED)}
    missing = real.htmls["missing"].value
    assert "entries of the register asgm_notification of the Secretariat" in missing
    assert "baseline estimates of national action plans" in missing
    table = real.under["amounts"].value
    assert "837.7 t" in table
    assert table.count("No file loaded that tells") == 2  # use, and emissions for each kg of gold


def test_money_is_that_of_the_results_and_called_committed(real, edition):
    rows = edition.results_of("gef-grants-parts")
    mine = rows[(rows["series"] == "theme/gold_mining") & (rows["period"] == "all")]
    whole = mine.set_index("entity")
    drawn = trace_of(real, "money")["data"][0]
    order = [*entities.groups(), entities.UNATTRIBUTED]
    assert drawn["x"] == whole.loc[order, "value"].tolist()
    assert len(real.projects()) == whole.at["WLD", "n_due"]
    assert real.projects()["grant_usd"].sum() == pytest.approx(whole.at["WLD", "value"])
    said = real.under["money"].value
    assert "Committed at approval: what was paid out is not published" in said
    assert "disburse" not in said


def test_a_party_panel_tells_money_mercury_and_standing(opened, real):
    told = re.sub(r"<[^>]+>", " ", opened.htmls["party"].value)
    assert "Submitted late, Notified on: 16 August 2017" in told
    real_told = GoldMining(real.edition, "party=CHE").htmls["party"].value
    assert text("gold.no_money") in real_told


def test_a_choice_of_the_map_goes_into_the_address(small):
    page = GoldMining(small, "show=review")
    assert "show=review" in page.htmls["address"].value
    page.choosers["show"].value = "notification"
    assert "Notified" in str(trace_of(page, "map")["data"])
    assert "show=notification" in page.htmls["address"].value
