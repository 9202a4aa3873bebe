"""What is known not to be whole is a lower bound, and nobody is called silent by it."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from evalkit import tables as tidy
from evalkit.indicators.catalogue import compute


def world(frame, period=""):
    rows = frame[(frame["entity"] == "WLD") & (frame["period"] == period)]
    assert len(rows) == 1
    return rows.iloc[0]


def received(parties, cycle="2019-short", day="2019-12-20"):
    """A list of reports received, as a data manager would load it."""
    frame = pd.DataFrame(
        {
            "party": parties,
            "cycle": cycle,
            "submitted_on": pd.Timestamp(day),
            "source": "progress-report-2020",
            "basis": "reported",
            "origin": [f"incoming/reports.csv:{i + 2}" for i in range(len(parties))],
        }
    )
    return tidy.tidy("submissions", frame)


@pytest.fixture(scope="module")
def loaded(edition):
    return edition.tables


def bound(loaded, day):
    found = compute("parties-in-force", loaded, as_of=day).frame
    states = set(loaded["parties"]["iso3"])
    return sorted(found.loc[(found["status"] == "ok") & found["entity"].isin(states), "entity"])


def test_a_count_from_before_the_deadline_is_a_lower_bound_after_it(loaded):
    row = world(compute("reporting-rate", loaded, as_of="2021-12-31").frame, "2021-full")
    assert row["value"] == pytest.approx(8 / 123)
    assert row["low"] == row["value"]
    assert math.isnan(row["high"])


def test_a_list_shorter_than_what_was_published_is_a_lower_bound(loaded):
    owed = bound(loaded, "2019-12-31")
    some = {**loaded, "submissions": received(owed[:10])}
    frame = compute("reporting-rate", some, as_of="2020-10-02").frame
    row = world(frame, "2019-short")
    assert (row["n"], row["n_due"]) == (10, 114)
    assert row["low"] == row["value"]
    assert math.isnan(row["high"])
    of_cycle = frame[frame["period"] == "2019-short"].set_index("entity")
    assert of_cycle.loc[owed[0], "status"] == "ok"
    assert of_cycle.loc[owed[50], "status"] == "not_loaded"


def test_a_whole_list_is_exact_and_tells_who_is_silent(loaded):
    owed = bound(loaded, "2019-12-31")
    whole = {**loaded, "submissions": received(owed[:91])}
    frame = compute("reporting-rate", whole, as_of="2020-10-02").frame
    row = world(frame, "2019-short")
    assert row["value"] == pytest.approx(91 / 114)
    assert math.isnan(row["low"])
    of_cycle = frame[frame["period"] == "2019-short"].set_index("entity")
    assert of_cycle.loc[owed[100], "status"] == "not_reported"


def test_a_published_total_larger_than_the_list_stands_for_the_world(loaded):
    row = world(compute("parties-deposited", loaded, as_of="2025-10-27").frame)
    assert row["value"] == 153  # published on that day
    assert row["low"] == 153
    assert math.isnan(row["high"])
    assert "unog-2025-10-27" in row["source"]
    later = world(compute("parties-deposited", loaded, as_of="2026-10-01").frame)
    assert later["value"] == 154  # and Trinidad and Tobago, 26 June 2026


def test_groups_are_those_of_the_table_and_not_of_the_package(loaded):
    moved = loaded["parties"].copy()
    moved.loc[moved["iso3"] == "GHA", ["region", "ldc"]] = ["GRULAC", "Y"]
    before = compute("parties-in-force", loaded, as_of="2020-12-31").frame.set_index("entity")
    after = compute("parties-in-force", {**loaded, "parties": moved}, as_of="2020-12-31").frame
    after = after.set_index("entity")
    change = (after["value"] - before["value"]).loc[["AFRICA", "GRULAC", "LDC", "WLD"]]
    assert change.tolist() == [-1, 1, 1, 0]


def test_an_explanation_tells_the_steps_of_its_own_value_and_of_no_later_day(edition):
    told = edition.indicator("reporting-rate").explain(as_of="2020-10-02", period="2019-short")
    assert [step.rows_out for step in told.steps] == [114]
    later = edition.indicator("reporting-rate").explain(as_of="2020-10-02", period="2025-full")
    assert [step.rows_out for step in later.steps] == [0]
    assert "decided on 2024-12-31" in later.steps[0].what
    assert set(later.evidence["table"]) == {"cycles"}


def test_the_total_with_programmes_is_not_told_as_if_they_were_left_out(edition):
    grants = edition.indicator("gef-grants")
    whole = grants.explain(series="with-programmes")
    assert not any("programmes" in step.what for step in whole.steps)
    assert any("programmes" in step.what for step in grants.explain(period="all").steps)
