"""The words of the house: errors, tables, results, methods, and the comparison for tests."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from evalkit import results, tables, testing
from evalkit.errors import EvalkitError, Failure, Reason, TableError, refuse_table
from evalkit.indicators import catalogue
from evalkit.methods.shares import rounding_interval, share
from evalkit.model import Basis, Status
from evalkit.reference import entities
from evalkit.reference.rows import rows


def result(**cells: object) -> pd.DataFrame:
    """One row of the results table."""
    row = {
        "indicator": "x",
        "entity": "WLD",
        "value": 1.0,
        "status": "ok",
        "basis": "derived",
        "as_of": "2020-01-01",
    }
    return pd.DataFrame([{**row, **cells}])


# --- errors -------------------------------------------------------------------------------------


def failure(line: int) -> Failure:
    return Failure(Reason.NEGATIVE, f"kg is -{line}", "a.csv", line, "kg", "Correct it.")


def test_an_error_shows_ten_failures_and_counts_the_rest() -> None:
    error = refuse_table([failure(line) for line in range(2, 15)])
    assert isinstance(error, TableError)
    lines = str(error).splitlines()
    assert lines[0] == "13 rows or cells are refused. In a.csv. Correct it."
    assert lines[1] == "  - kg is -2 (a.csv, line 2, column kg)"
    assert lines[-1] == "  - and 3 more"
    assert len(lines) == 12
    assert len(error.as_dict()["failures"]) == 13


def test_ten_failures_are_shown_without_a_count_of_none() -> None:
    assert "more" not in str(refuse_table([failure(line) for line in range(2, 12)]))


def test_a_failure_says_where_as_far_as_it_is_known() -> None:
    assert Failure(Reason.NEGATIVE, "x", "a.csv", 0).where == "a.csv, line 0"
    assert Failure(Reason.NEGATIVE, "x", cell="kg").where == "column kg"
    assert str(Failure(Reason.NEGATIVE, "x")) == "x"


# --- model --------------------------------------------------------------------------------------


def test_only_ok_has_a_value() -> None:
    assert [status for status in Status if status.has_value] == [Status.OK]


def test_bases_go_from_strong_to_weak_and_invented_is_weakest() -> None:
    first, *_, last = Basis
    assert (first, last) == (Basis.REPORTED, Basis.SIMULATED)
    assert Basis.weakest([]) is Basis.DERIVED


def test_an_indicator_can_not_be_changed() -> None:
    indicator = catalogue.get("gef-grants")
    assert indicator.arguments == {"amount": "grant_usd", "facility": "gef"}
    with pytest.raises(FrozenInstanceError):
        indicator.unit = "EUR"


def test_every_indicator_names_what_exists() -> None:
    themes = {row["theme"] for row in rows("themes.csv")}
    articles = {row["article"] for row in rows("articles.csv")}
    questions = {row["question"] for row in rows("evaluation_questions.csv")}
    for indicator in catalogue.indicators().values():
        assert indicator.method in catalogue.METHODS
        assert set(indicator.tables) <= set(tables.catalogue())
        assert indicator.theme in themes
        assert indicator.article in articles
        assert indicator.question in questions
        assert indicator.standing in ("treaty", "reconstructed")
        assert indicator.official_code == "", "no official list could be read yet"


# --- entities -----------------------------------------------------------------------------------


def test_every_state_is_in_the_world_and_in_one_region() -> None:
    for iso3 in entities.states():
        groups = entities.groups_of(iso3)
        assert groups[0] == "WLD"
        assert len(set(groups) & set(entities.regions())) == 1
    assert sum(len(entities.members(region)) for region in entities.regions()) == 195
    assert len(entities.members("WLD")) == 195
    assert set(entities.members("LDC")) <= set(entities.states())


def test_no_two_kinds_of_entity_share_an_id() -> None:
    kinds = [set(entities.groups()), set(entities.states()), set(entities.areas())]
    assert sum(map(len, kinds)) == len(set.union(*kinds))


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", tables.catalogue())
def test_an_empty_table_is_a_table(name: str) -> None:
    frame = tables.empty(name)
    assert tuple(frame.columns) == tables.catalogue()[name].names
    tables.check(name, frame)
    pd.testing.assert_frame_equal(tables.tidy(name, frame), frame)


@pytest.mark.parametrize("data", [testing.minimal, testing.rich, testing.hostile])
def test_a_tidy_table_is_left_as_it_is_whatever_the_order(data) -> None:
    for name, frame in data().items():
        shuffled = frame.sample(frac=1, random_state=3)
        pd.testing.assert_frame_equal(tables.tidy(name, shuffled), frame)


BROKEN = {
    "a key twice": (lambda f: pd.concat([f, f.iloc[:1]], ignore_index=True), "uniqueness"),
    "a choice not there": (lambda f: f.assign(status="lost"), "may be: completed"),
    "a negative amount": (lambda f: f.assign(grant_usd=-1.0), "minimum"),
    "a day too early": (lambda f: f.assign(as_of=pd.Timestamp("2000-01-01")), "before 2013-10-10"),
    "a blank": (lambda f: f.assign(type=""), "blank"),
    "a missing day": (lambda f: f.assign(as_of=pd.NaT), "null"),
    "another dtype": (lambda f: f.assign(grant_usd="1"), "grant_usd"),
    "a column less": (lambda f: f.drop(columns="basis"), "basis"),
    "a column more": (lambda f: f.assign(colour="blue"), "colour"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_table_that_breaks_its_rules_is_refused(kind: str) -> None:
    change, said = BROKEN[kind]
    frame = testing.minimal()["projects"].astype({"as_of": "datetime64[s]"})
    broken = change(frame)
    if kind in ("a missing day", "a day too early"):
        broken["as_of"] = broken["as_of"].astype("datetime64[s]")
    with pytest.raises(TableError, match=said) as caught:
        tables.check("projects", broken)
    assert caught.value.remedy


# --- results ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"value": np.nan}, "status ok without a value"),
        ({"status": "not_due"}, "a value although the status is not ok"),
        ({"status": "lost"}, "an unknown status"),
        ({"basis": "rumour"}, "an unknown basis"),
        ({"low": 1.5}, "outside its bounds"),
        ({"high": 0.5}, "outside its bounds"),
        ({"n_answered": 3, "n_due": 2}, "more that answered than owed"),
        ({"n": 3, "n_answered": 2, "n_due": 5}, "more that count than answered"),
    ],
)
def test_a_result_that_contradicts_itself_is_refused(cells: dict[str, object], said: str) -> None:
    with pytest.raises(EvalkitError, match=said) as caught:
        results.conform(result(**cells))
    assert caught.value.reason is Reason.CONTRADICTION
    assert "indicator x, entity WLD" in str(caught.value)


def test_a_key_twice_is_refused() -> None:
    with pytest.raises(EvalkitError, match="2 results have the same key twice"):
        results.conform(pd.concat([result(), result(value=2.0)]))


def test_results_are_sorted_and_complete() -> None:
    frame = results.conform(pd.concat([result(entity="PER"), result(entity="GHA")]))
    assert frame["entity"].tolist() == ["GHA", "PER"]
    assert tuple(frame.columns) == results.COLUMNS
    assert frame["series"].tolist() == ["", ""]
    assert frame["n"].isna().all()


# --- methods ------------------------------------------------------------------------------------


def test_shares_closed_forms() -> None:
    assert float(share(91, 114)) == 91 / 114
    assert share([1, 2], 4).tolist() == [0.25, 0.5]
    assert np.isnan(share(np.nan, 4))
    assert np.isnan(share(1, np.nan))
    assert float(share(0, 7)) == 0


def test_rounding_closed_forms() -> None:
    assert rounding_interval(79.8, 1) == (pytest.approx(0.7975), pytest.approx(0.7985))
    assert rounding_interval(0, 0) == (0, pytest.approx(0.005))
    assert rounding_interval(100, 0) == (pytest.approx(0.995), 1)


# --- the comparison for tests -------------------------------------------------------------------


def test_equal_results_are_equal_in_any_order() -> None:
    one = pd.concat([result(), result(entity="GHA", value=np.nan, status="not_due")])
    testing.assert_results_equal(one, one.iloc[::-1])


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (result(value=2.0), "x, WLD, 2020-01-01: value is 1.0 on the left and 2.0 on the right"),
        (result(n=1), "n is <NA> on the left and 1 on the right"),
        (result(entity="GHA"), "x, WLD, 2020-01-01: on the left alone"),
        (result(value=np.nan, status="not_due"), "status is ok on the left and not_due"),
        (result(source="a"), "source is  on the left and a on the right"),
    ],
)
def test_a_difference_is_told(other: pd.DataFrame, said: str) -> None:
    with pytest.raises(AssertionError) as caught:
        testing.assert_results_equal(result(), other)
    assert said in str(caught.value)


def test_numbers_may_differ_as_far_as_allowed_and_not_further() -> None:
    testing.assert_results_equal(result(), result(value=1 + 1e-13), relative=1e-12)
    with pytest.raises(AssertionError):
        testing.assert_results_equal(result(), result(value=1 + 1e-11), relative=1e-12)
    with pytest.raises(AssertionError):
        testing.assert_results_equal(result(), result(value=1 + 1e-13))


def test_many_differences_are_counted() -> None:
    many = pd.concat([result(entity=f"E{i:02d}") for i in range(25)])
    with pytest.raises(AssertionError, match="and 15 more") as caught:
        testing.assert_results_equal(many, many.assign(value=2.0))
    assert str(caught.value).startswith("25 differences:")


def test_invented_rows_are_refused_as_any_others() -> None:
    with pytest.raises(TableError):
        testing.tidy_tables(projects=[{"project": "x"}])
    with pytest.raises(KeyError):
        testing.tidy_tables(parties=testing.parties("XXX|||"))
