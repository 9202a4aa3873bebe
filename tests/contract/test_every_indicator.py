"""What holds for every indicator, whatever the data: run on all canonical data."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest

from evalkit import results, testing
from evalkit.errors import EvalkitError, Reason
from evalkit.indicators import catalogue
from evalkit.indicators.prepared import Prepared, prepared
from evalkit.indicators.result import Result
from evalkit.model import Basis, Status
from evalkit.reference import entities

DATA = {
    "minimal": testing.minimal,
    "rich": testing.rich,
    "answered": testing.answered,
    "empty": testing.empty,
    "hostile": testing.hostile,
}
DAYS = ("2017-08-16", "2020-12-31", "9999-12-31")
INDICATORS = tuple(catalogue.indicators())
COMPUTED = tuple(n for n in INDICATORS if catalogue.get(n).method != "not_loaded")
OF_ALL = ("", "action-plan", "action-plan-review")  # series of a share of the Parties due
OK = str(Status.OK)

every_indicator = pytest.mark.parametrize("indicator", INDICATORS)
every_data = pytest.mark.parametrize("data", DATA)
with_rows = pytest.mark.parametrize("data", [name for name in DATA if name != "empty"])
with_all = pytest.mark.parametrize("data", ["rich", "answered"])  # what has rows of all kinds
every_method = pytest.mark.parametrize("indicator", COMPUTED)


@cache
def tables(data: str) -> Prepared:
    """The canonical tables, made once; no test may change them, and one checks that.

    What indicators need of them is shared, as in a build; that it changes nothing is checked by
    `test_only_the_tables_it_names_are_used_and_none_is_changed`, which shares nothing.
    """
    return prepared(DATA[data]())


@cache
def computed(data: str, indicator: str, day: str) -> Result:
    return catalogue.compute(indicator, tables(data), as_of=day)


@cache
def results_of(data: str, indicator: str) -> tuple[Result, ...]:
    return tuple(computed(data, indicator, day) for day in days_of(indicator))


def days_of(indicator: str) -> tuple[str, ...]:
    """The days on which it is looked at; the first one only where an edition has results of it.

    Of the others the early days are those of `test_what_came_later_does_not_matter`.
    """
    return DAYS if catalogue.for_every_day(indicator) else DAYS[1:]


def ok_rows(result: Result) -> pd.DataFrame:
    return result.frame[result.frame["status"] == OK]


def of_groups(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["entity"].isin(entities.groups())]


def some(rows: pd.DataFrame, count: int = 6) -> pd.DataFrame:
    """A few rows spread over all of them, those that count something first."""
    something, nothing = rows[rows["value"] > 0], rows[~(rows["value"] > 0)]
    parts = [part.iloc[:: len(part) // count + 1] for part in (something, nothing)]
    return pd.concat(parts)


# --- the form of a result ---------------------------------------------------------------------


@every_data
@every_indicator
def test_a_result_is_a_results_table_already(data: str, indicator: str) -> None:
    for result in results_of(data, indicator):
        pd.testing.assert_frame_equal(results.conform(result.frame), result.frame)
        assert dict(result.frame.dtypes.astype(str)) == results.DTYPES
        assert set(result.frame["indicator"]) == {indicator}
        assert set(result.frame["unit"]) == {catalogue.get(indicator).unit}


@every_data
@every_indicator
def test_a_row_speaks_of_the_day_asked_for_and_of_somebody_known(data: str, indicator: str) -> None:
    for day in days_of(indicator):
        frame = computed(data, indicator, day).frame
        assert set(frame["as_of"]) == {pd.Timestamp(day)}
        assert set(frame["entity"]) <= set(entities.titles()) | {"UNKNOWN"}


@every_data
@every_indicator
def test_no_value_says_why(data: str, indicator: str) -> None:
    for result in results_of(data, indicator):
        assert len(result.frame), "not even a row that says why"
        assert set(result.frame["status"]) <= {str(status) for status in Status}
        pd.testing.assert_series_equal(
            result.frame["value"].notna(), result.frame["status"] == OK, check_names=False
        )
        assert result.steps, "nothing is told of how it was computed"
        assert all(step.what and step.rows_in >= 0 <= step.rows_out for step in result.steps)


@every_indicator
def test_without_any_table_everything_is_not_loaded(indicator: str) -> None:
    for result in results_of("empty", indicator):
        assert set(result.frame["status"]) == {"not_loaded"}
        assert set(entities.groups()) == set(result.frame["entity"])  # no Parties are loaded


@with_rows
@every_indicator
def test_every_source_of_a_result_is_a_row_of_the_sources(data: str, indicator: str) -> None:
    known = set(tables(data)["sources"]["source"])
    for result in results_of(data, indicator):
        used = {one for several in result.frame["source"] for one in several.split()}
        assert used <= known
        assert (ok_rows(result)["source"] != "").all() or indicator in _COUNTS


_COUNTS = ("signatories", "parties-deposited", "parties-in-force")  # none counted: no source


# --- shares and counts ------------------------------------------------------------------------


@every_data
@pytest.mark.parametrize(
    "indicator", [name for name in INDICATORS if catalogue.get(name).unit == "share"]
)
def test_a_share_states_its_counts_or_how_far_it_is_known(data: str, indicator: str) -> None:
    for result in results_of(data, indicator):
        rows = of_groups(ok_rows(result))
        changes = rows["series"].str.startswith("change")
        assert rows.loc[changes, "value"].between(-1, 1).all()
        rows = rows[~changes]
        every = rows[rows["series"].str.startswith("answered")]
        assert (every["value"] == every["n"] / every["n_answered"]).all()
        assert (every["low"] <= every["value"]).all()
        assert (every["value"] <= every["high"]).all()
        assert rows["value"].between(0, 1).all()
        rows = rows[rows["series"].str.removesuffix("/on-time").isin(OF_ALL)]
        counted = rows[rows["n"].notna()]
        assert (counted["n"] <= counted["n_answered"]).all()
        assert (counted["n_answered"] <= counted["n_due"]).all()
        assert (counted["value"] == counted["n"] / counted["n_due"]).all()
        rest = rows[rows["n"].isna()]
        assert (rest["low"] <= rest["value"]).all()
        assert (rest["value"] <= rest["high"]).all()
        assert rows["value"].between(0, 1).all()


@with_rows
@pytest.mark.parametrize("indicator", _COUNTS)
def test_a_group_counts_the_states_in_it_that_count(data: str, indicator: str) -> None:
    for result in results_of(data, indicator):
        states = ok_rows(result).loc[lambda rows: rows["entity"].isin(entities.states()), "entity"]
        for row in of_groups(ok_rows(result)).itertuples():
            inside = sum(row.entity in entities.groups_of(iso3) for iso3 in states)
            assert (row.value, row.n) == (inside, inside), row.entity


@with_rows
def test_a_rate_counts_the_parties_that_have_a_one(data: str) -> None:
    for result in results_of(data, "reporting-rate"):
        ones = ok_rows(result).loc[lambda rows: rows["entity"].isin(entities.states())]
        assert (ones["value"] == 1).all()
        for row in of_groups(result.frame).dropna(subset="n").itertuples():
            if "published" in set(result.trace("", row.entity, row.period)["table"]):
                continue  # counted by somebody else
            reported = ones.loc[ones["period"] == row.period, "entity"]
            assert row.n == sum(row.entity in entities.groups_of(iso3) for iso3 in reported)


@with_rows
@pytest.mark.parametrize("indicator", ["gef-grants", "gef-cofinancing"])
def test_parts_and_what_is_not_attributed_make_the_whole(data: str, indicator: str) -> None:
    for result in results_of(data, indicator):
        frame = ok_rows(result)
        frame = frame[frame["series"] == "equal-split"]
        parts = frame[~frame["entity"].isin(entities.groups())].groupby("period")["value"].sum()
        whole = frame[frame["entity"] == "WLD"].set_index("period")["value"]
        pd.testing.assert_series_equal(
            parts.reindex(whole.index), whole, check_names=False, rtol=1e-12
        )


@with_rows
@pytest.mark.parametrize("indicator", ["gef-grants", "gef-cofinancing"])
def test_full_count_is_never_less_than_equal_split(data: str, indicator: str) -> None:
    for result in results_of(data, indicator):
        frame = ok_rows(result).set_index(["series", "entity", "period"])["value"]
        if "full-count" in frame.index:
            full, split = frame["full-count"], frame["equal-split"]
            assert (full.reindex(split.index) >= split * (1 - 1e-12)).all()


_OF_GROUPS = ("answered", "answered-wilson", "change", "change-panel", "expected")

# --- who has a row ----------------------------------------------------------------------------


def promised(data: str, indicator: str) -> set[str]:
    """Whom an indicator speaks of in each of its series and periods."""
    states = set(tables(data)["parties"]["iso3"])
    groups = {
        "count_by_day": {group for iso3 in states for group in entities.groups_of(iso3)},
        "obligation_clock": set(),  # groups only where a Party is bound
    }
    return states | groups.get(catalogue.get(indicator).method, set(entities.groups()))


OF_INVENTORIES = {
    "amount_per",
    "grid_account",
    "inventory_amounts",
    "annex_d_amounts",
    "annex_d_share",
    "sector_amounts",
    "inventory_change",
    "inventories_ranks",
    "emitted_in_all",
}


@with_rows
@pytest.mark.parametrize(
    "indicator", [n for n in INDICATORS if catalogue.get(n).method not in OF_INVENTORIES]
)
def test_every_state_and_group_has_a_row_in_each_period(data: str, indicator: str) -> None:
    # A due day or the day of a figure is told in the period, so there it differs by entity.
    one_each = indicator in ("obligations", "focal-points")
    of_groups_only = ["with-programmes", *_OF_GROUPS]
    for result in results_of(data, indicator):
        frame = result.frame[~result.frame["series"].isin(of_groups_only)]
        parts = frame.groupby(["series"] if one_each else ["series", "period"])
        assert len(parts)
        for name, rows in parts:
            assert promised(data, indicator) <= set(rows["entity"]), name


@with_rows
def test_an_inventory_by_place_has_a_row_for_every_state(data: str) -> None:
    frame = computed(data, "emissions-to-air", "9999-12-31").frame
    totals = frame[~frame["series"].str.contains("/")]
    assert "WLD" in set(totals["entity"])
    for name, rows in totals.groupby(["series", "period"]):
        by_place = set(rows["entity"]) != {"WLD"}
        states = set(tables(data)["parties"]["iso3"]) if by_place else set()
        assert states <= set(rows["entity"]), name


@pytest.mark.parametrize("data", ["rich", "answered"])
@pytest.mark.parametrize(
    "indicator",
    ["annex-d-by-source", "annex-d-share", "asgm-emissions-per-gold", "emissions-by-sector",
     "emissions-change", "emissions-per-person"],
)  # fmt: skip
def test_every_state_and_group_is_spoken_of_in_each_series_and_year(
    data: str, indicator: str
) -> None:
    frame = computed(data, indicator, "9999-12-31").frame
    everyone = set(tables(data)["parties"]["iso3"]) | set(entities.groups())
    for name, of_one in frame.groupby("series"):
        without = set(of_one.loc[of_one["period"] == "", "entity"])
        for period, rows in of_one[of_one["period"] != ""].groupby("period"):
            assert everyone <= set(rows["entity"]) | without, f"{name} {period}"


@with_rows
def test_the_clock_has_one_row_for_each_state_and_duty(data: str) -> None:
    given = tables(data)
    duties = {*given["clauses"]["clause"], *("report-" + given["cycles"]["cycle"])}
    for result in results_of(data, "obligations"):
        rows = result.frame[result.frame["entity"].isin(entities.states())]
        assert not rows.duplicated(["series", "entity"]).any()
        assert len(rows) == len(duties) * len(given["parties"])
        for row in of_groups(ok_rows(result)).itertuples():
            assert row.n <= row.n_answered <= row.n_due


# --- what may not matter, and what must ---------------------------------------------------------


@cache
def shuffled(data: str) -> Prepared:
    return prepared(
        {
            name: frame.sample(frac=1, random_state=7).reset_index(drop=True)
            for name, frame in tables(data).items()
        }
    )


@with_all
@every_method
def test_the_order_of_rows_does_not_matter(data: str, indicator: str) -> None:
    again = catalogue.compute(indicator, shuffled(data), as_of="2020-12-31").frame
    straight = computed(data, indicator, "2020-12-31").frame
    testing.assert_results_equal(straight, again, relative=1e-12)


@with_all
@every_method
def test_only_the_tables_it_names_are_used_and_none_is_changed(data: str, indicator: str) -> None:
    given = {name: tables(data)[name].copy() for name in catalogue.get(indicator).tables}
    result = catalogue.compute(indicator, given, as_of="2020-12-31")
    for row in some(result.frame, 2).itertuples():
        result.trace(row.series, row.entity, row.period)
    testing.assert_results_equal(computed(data, indicator, "2020-12-31").frame, result.frame)
    for name, frame in given.items():
        pd.testing.assert_frame_equal(frame, tables(data)[name])


@cache
def known_by(data: str, day: str) -> Prepared:
    """The tables as they were on a day: without each date, report, entry and figure after it."""
    known = dict(tables(data))
    events = ["signed_on", "deposited_on", "in_force_on"]
    dates = known["parties"][events]
    known["parties"] = known["parties"].assign(**dates.where(dates <= day))
    for table, column in (("submissions", "submitted_on"), ("published", "as_of")):
        known[table] = known[table][known[table][column] <= day]
    if data in (
        "answered",
        "rich",
    ):  # a register or list with nothing left in it would be not loaded
        later = known["registrations"]["dated_on"] > day
        far = pd.Timestamp("2100-01-01")
        moved = known["registrations"]["dated_on"].mask(later, far)
        known["registrations"] = known["registrations"].assign(dated_on=moved)
        known["submissions"] = tables(data)["submissions"].assign(
            submitted_on=tables(data)["submissions"]["submitted_on"].where(
                tables(data)["submissions"]["submitted_on"] <= day, far
            )
        )
    held = known["events"]["started_on"].isna() | (known["events"]["started_on"] <= day)
    known["events"] = known["events"][held]
    return prepared(known)


@with_all
@pytest.mark.parametrize(
    "indicator", [n for n in COMPUTED if catalogue.get(n).method != "project_money"]
)
@pytest.mark.parametrize("day", ["2017-08-16", "2020-12-31"])
def test_what_came_later_does_not_matter(data: str, indicator: str, day: str) -> None:
    again = catalogue.compute(indicator, known_by(data, day), as_of=day).frame
    testing.assert_results_equal(computed(data, indicator, day).frame, again)


@with_rows
@every_indicator
def test_before_the_convention_there_is_no_value(data: str, indicator: str) -> None:
    frame = computed(data, indicator, "2013-10-09").frame
    assert OK not in set(frame["status"])
    assert frame[["value", "low", "high", "n"]].isna().all(axis=None)


@pytest.mark.parametrize("day", ["", "2020", "2020-02-30", "31/12/2020", "yesterday", "20201231"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(EvalkitError, match="2020-12-31") as caught:
        catalogue.compute("signatories", tables("minimal"), as_of=day)
    assert caught.value.reason is Reason.NOT_A_DAY


def test_an_indicator_that_is_none_lists_the_nearest() -> None:
    with pytest.raises(EvalkitError, match="gef-grants") as caught:
        catalogue.compute("gef-grant", tables("minimal"), as_of="2020-12-31")
    assert caught.value.reason is Reason.UNKNOWN_INDICATOR


# --- back to the rows ---------------------------------------------------------------------------


@with_rows
@every_indicator
def test_a_value_can_be_followed_to_rows_of_its_tables(data: str, indicator: str) -> None:
    given = tables(data)
    for result in results_of(data, indicator):
        for row in some(ok_rows(result), 3).itertuples():
            behind = result.trace(row.series, row.entity, row.period)
            assert list(behind.columns[:2]) == ["table", "origin"]
            assert len(behind) or row.value == 0, f"nothing is behind {row}"
            for table, rows in behind.groupby("table"):
                assert table in catalogue.get(indicator).tables
                assert set(rows["origin"]) <= set(given[str(table)]["origin"])


@cache
def with_invented(name: str) -> Prepared:
    """The tables, all reported but for one, which is invented."""
    given = tables("answered")
    marked = {
        table: frame.assign(basis=str(Basis.SIMULATED if table == name else Basis.REPORTED))
        for table, frame in given.items()
        if table != "sources"
    }
    return prepared({**marked, "sources": given["sources"]})


@every_method
def test_a_result_is_not_stronger_than_an_invented_row_behind_it(indicator: str) -> None:
    """Mark one table as invented: what does not say that it rests on a row of it, does not."""
    touched = 0
    for name in catalogue.get(indicator).tables:
        result = catalogue.compute(indicator, with_invented(name), as_of="2026-12-31")
        rows = ok_rows(result)
        marked = rows["basis"] == Basis.SIMULATED
        for row in some(rows[~marked], 3).itertuples():
            assert not rests_on_invented(result, row), f"{name} behind {row}"
        touched += any(rests_on_invented(result, row) for row in some(rows[marked], 3).itertuples())
    assert touched, "no row was followed to an invented one"


def rests_on_invented(result: Result, row: Any) -> bool:
    """Whether an invented row of a table is behind a value."""
    behind = result.trace(row.series, row.entity, row.period)
    return "basis" in behind and bool((behind["basis"] == Basis.SIMULATED).any())
