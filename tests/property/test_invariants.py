"""Invariants of methods and indicators, on data that hypothesis makes up."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from evalkit import results, testing
from evalkit.indicators import catalogue
from evalkit.methods.allocation import equal_split, full_count
from evalkit.methods.clock import add_years, has_fallen_due
from evalkit.methods.shares import rounding_interval, share
from evalkit.model import Basis
from evalkit.reference import entities
from evalkit.reference.names import normal_form
from evalkit.testing import parties, rows, tidy_tables

methods = settings(max_examples=50)
indicators = settings(max_examples=6)

STATES = ("AND", "CHE", "DOM", "GHA", "KIR", "MDA", "NGA", "NPL", "PER", "TUV", "UKR", "USA")
OPEN, FORCE = date(2013, 10, 10), date(2017, 8, 16)


# --- methods --------------------------------------------------------------------------------------

amounts = st.one_of(st.floats(0, 1e12, allow_subnormal=False), st.just(math.nan))


@st.composite
def portfolios(draw: st.DrawFn) -> tuple[pd.Series, pd.DataFrame]:
    """Amounts of items, and the places that each names."""
    items = [f"p{i}" for i in range(draw(st.integers(1, 8)))]
    named = [
        (item, place)
        for item in items
        for place in draw(st.lists(st.sampled_from(STATES), unique=True, max_size=6))
    ]
    values = pd.Series({item: draw(amounts) for item in items}, dtype="float64")
    return values, pd.DataFrame(named, columns=["item", "place"], dtype="str")


@methods
@given(portfolios())
def test_parts_and_unattributed_make_the_whole(portfolio: tuple[pd.Series, pd.DataFrame]) -> None:
    whole, places = portfolio
    split = equal_split(whole, places)
    assert split["amount"].sum() == pytest.approx(whole.sum(), rel=1e-12)
    by_item = split.groupby("item")["share"].sum()
    assert by_item.to_numpy() == pytest.approx(np.ones(len(whole)))
    assert set(by_item.index) == set(whole.index)
    nowhere = set(split.loc[split["place"] == "", "item"])
    assert nowhere == set(whole.index) - set(places["item"])


@methods
@given(portfolios())
def test_full_count_is_never_less_than_equal_split(
    portfolio: tuple[pd.Series, pd.DataFrame],
) -> None:
    both = [m(*portfolio).groupby("place")["amount"].sum() for m in (full_count, equal_split)]
    assert (both[0] >= both[1] * (1 - 1e-12)).all()
    several = portfolio[1].groupby("item").size().max() > 1 if len(portfolio[1]) else False
    if not several:
        pd.testing.assert_series_equal(*both)


@methods
@given(portfolios(), st.sampled_from([0.0, 0.5, 2.0, 1024.0]))
def test_scaling_amounts_scales_each_part(
    portfolio: tuple[pd.Series, pd.DataFrame], factor: float
) -> None:
    whole, places = portfolio
    for method in (equal_split, full_count):
        once, scaled = method(whole, places), method(whole * factor, places)
        pd.testing.assert_series_equal(once["amount"] * factor, scaled["amount"])


@methods
@given(portfolios())
def test_a_place_named_twice_is_an_error(portfolio: tuple[pd.Series, pd.DataFrame]) -> None:
    whole, places = portfolio
    assume(len(places))
    twice = pd.concat([places, places.iloc[:1]], ignore_index=True)
    with pytest.raises(ValueError, match="twice"):
        equal_split(whole, twice)
    stray = pd.concat([places, pd.DataFrame({"item": ["none"], "place": ["GHA"]})])
    with pytest.raises(ValueError, match="none"):
        full_count(whole, stray)


@methods
@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_times_what_was_owed_is_what_counts(n: int, n_due: int) -> None:
    assume(n <= n_due)
    value = float(share(n, n_due))
    assert 0 <= value <= 1
    assert round(value * n_due) == n
    assert math.isnan(float(share(0, 0)))
    with pytest.raises(ValueError, match="more count"):
        share(n_due + 1, n_due)
    with pytest.raises(ValueError, match="negative"):
        share(-n - 1, n_due)


@methods
@given(st.integers(0, 1000), st.integers(1, 1000), st.integers(0, 4))
def test_the_rounding_interval_holds_every_share_that_prints_so(
    n: int, n_due: int, decimals: int
) -> None:
    assume(n <= n_due)
    percent = round(100 * n / n_due, decimals)
    low, high = rounding_interval(percent, decimals)
    assert 0 <= low <= high <= 1
    assert low - 1e-12 <= n / n_due <= high + 1e-12
    assert low - 1e-12 <= percent / 100 <= high + 1e-12
    assert high - low <= 10.0**-decimals / 100 + 1e-12, "no wider than one last digit"


days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@methods
@given(days, st.integers(0, 100))
@example(date(2020, 2, 29), 3)
@example(date(2020, 2, 29), 4)
def test_years_added_and_taken_away_give_the_day_again(day: date, years: int) -> None:
    later = add_years(pd.Series([pd.Timestamp(day)]), years)
    back = add_years(later, -years)[0].date()
    leap = (day.month, day.day) == (2, 29)
    assert back == day or (leap and back == day - timedelta(days=1))
    assert later[0].year == day.year + years
    assert (later[0].month, later[0].day) in {(day.month, day.day), (2, 28)}


@methods
@given(days, days)
def test_a_day_has_come_when_it_is_not_after_the_other(due: date, as_of: date) -> None:
    fallen = has_fallen_due(pd.Series([pd.Timestamp(due), pd.NaT]), pd.Timestamp(as_of))
    assert fallen.tolist() == [due <= as_of, False]


@methods
@given(st.text(max_size=40))
@example("&amp;amp;amp;amp; Co\u0302te d\u2019Ivoire")
@example("\uff06lt;")
def test_the_form_of_a_name_is_its_own_form(name: str) -> None:
    assert normal_form(normal_form(name)) == normal_form(name)


@methods
@given(st.lists(st.sampled_from([str(basis) for basis in Basis]), min_size=1))
def test_the_weakest_basis_is_one_of_them_and_no_other_is_weaker(bases: list[str]) -> None:
    order = [str(basis) for basis in Basis]
    weakest = Basis.weakest(bases)
    assert str(weakest) in bases
    assert order.index(str(weakest)) == max(order.index(one) for one in bases)
    assert Basis.weakest([*bases, weakest]) is weakest


# --- membership -----------------------------------------------------------------------------------


@st.composite
def members(draw: st.DrawFn) -> list[str]:
    """Lines of `parties`: signed, deposited and in force at random, in that order."""
    lines = []
    told = "{}|{}|{}|{}".format
    for iso3 in draw(st.lists(st.sampled_from(STATES), unique=True, min_size=1, max_size=8)):
        signed = draw(st.none() | st.dates(OPEN, date(2014, 10, 9)))
        deposited = draw(st.none() | st.dates(signed or OPEN, date(2024, 1, 1)))
        force = max(deposited + timedelta(days=90), FORCE) if deposited else None
        lines.append(told(iso3, signed or "", deposited or "", force or ""))
    return lines


@pytest.mark.parametrize("indicator", ["signatories", "parties-deposited", "parties-in-force"])
@indicators
@given(members(), st.dates(OPEN, date(2025, 1, 1)), st.dates(OPEN, date(2025, 1, 1)))
def test_membership_never_decreases_with_the_day(
    indicator: str, lines: list[str], one: date, other: date
) -> None:
    data = tidy_tables(parties=parties(*lines))
    early, late = (
        catalogue.compute(indicator, data, as_of=str(day)).frame.set_index("entity")
        for day in sorted([one, other])
    )
    groups = [group for group in entities.groups() if group in early.index]
    assert groups
    assert (early.loc[groups, "value"] <= late.loc[groups, "value"]).all()
    in_early = early.index[early["status"] == "ok"]
    assert (late.loc[in_early, "status"] == "ok").all(), "nobody leaves"


@indicators
@given(members(), st.dates(OPEN, date(2025, 1, 1)))
def test_nobody_is_bound_who_has_not_deposited(lines: list[str], day: date) -> None:
    data = tidy_tables(parties=parties(*lines))
    bound, deposited = (
        catalogue.compute(name, data, as_of=str(day)).frame.set_index("entity")["value"].fillna(0)
        for name in ("parties-in-force", "parties-deposited")
    )
    assert (bound <= deposited).all()


# --- reporting ------------------------------------------------------------------------------------

CYCLE = rows(
    "cycle kind title period_start period_end period_basis due_basis membership_basis",
    "2019-short|short|x|2017-08-16|2018-12-31|derived|derived|derived",
    due_on="2019-12-31",
    membership_on="2019-12-31",
)
PARTIES = [iso3 for iso3 in STATES if iso3 not in ("AND", "NPL")]
BOUND = [f"{iso3}||2017-05-18|2017-08-16" for iso3 in PARTIES]
reports = st.dictionaries(
    st.sampled_from(PARTIES), st.dates(date(2019, 1, 1), date(2021, 12, 31)), min_size=1, max_size=9
)


def rate(lines: list[str], received: dict[str, date], as_of: str) -> pd.DataFrame:
    sent = [f"{party}|2019-short|{day}" for party, day in received.items()]
    data = tidy_tables(
        parties=parties(*lines), cycles=CYCLE, submissions=rows("party cycle submitted_on", *sent)
    )
    return catalogue.compute("reporting-rate", data, as_of=as_of).frame.set_index("entity")


@indicators
@given(reports)
def test_a_silent_party_lowers_the_rate_and_moves_no_reporter(received: dict[str, date]) -> None:
    """One Party more that is bound and says nothing."""
    before = rate(BOUND, received, "2022-01-01")
    after = rate([*BOUND, "AND||2017-05-18|2017-08-16"], received, "2022-01-01")
    reporters = list(received)
    pd.testing.assert_frame_equal(before.loc[reporters], after.loc[reporters])
    assert after.loc["AND", "status"] == "not_reported"
    for group in ("WLD", "WEOG"):
        assert after.loc[group, "n"] == before.loc[group, "n"]
        assert after.loc[group, "n_due"] == before.loc[group, "n_due"] + 1
        least = before.loc[group, "n"] == 0
        lower = after.loc[group, "value"] < before.loc[group, "value"]
        assert lower or least, "the rate did not fall"
    others = [g for g in entities.groups() if g not in entities.groups_of("AND")]
    pd.testing.assert_frame_equal(before.loc[others], after.loc[others])


@indicators
@given(reports)
def test_a_report_of_a_state_that_owes_none_moves_nothing(received: dict[str, date]) -> None:
    data = {"lines": [*BOUND, "NPL|2013-10-10||"], "as_of": "2022-01-01"}
    before = rate(received=received, **data)
    after = rate(received={**received, "NPL": date(2019, 6, 1)}, **data)
    assert after.loc["NPL", "status"] == "not_party"
    values = ["value", "n", "n_answered", "n_due", "status"]
    pd.testing.assert_frame_equal(before[values], after[values])


@indicators
@given(reports, st.dates(date(2019, 12, 31), date(2022, 1, 1)))
def test_once_reports_are_loaded_the_rate_is_counted_on_every_day(
    received: dict[str, date], day: date
) -> None:
    """Also on a day on which none had arrived yet: that is a rate of zero, and no gap."""
    row = rate(BOUND, received, str(day)).loc["WLD"]
    n = sum(sent <= day for sent in received.values())
    assert (row["status"], row["n"], row["n_due"]) == ("ok", n, len(PARTIES))
    assert row["value"] == n / len(PARTIES)


@indicators
@given(reports, st.permutations(BOUND))
def test_the_order_of_parties_does_not_matter(received: dict[str, date], lines: list[str]) -> None:
    one = rate(BOUND, received, "2022-01-01").reset_index()
    other = rate(lines, dict(reversed(received.items())), "2022-01-01").reset_index()
    testing.assert_results_equal(one, other)


# --- money and levels -----------------------------------------------------------------------------


@pytest.mark.parametrize("data", [testing.minimal, testing.rich, testing.hostile])
@pytest.mark.parametrize(
    ("indicator", "table", "columns"),
    [
        ("gef-grants", "projects", ["grant_usd"]),
        ("emissions-to-air", "emissions", ["kg", "low", "high"]),
    ],
)
def test_scaling_units_scales_values_and_leaves_counts(
    data: Callable[[], testing.Tables], indicator: str, table: str, columns: list[str]
) -> None:
    given_ = data()
    once = catalogue.compute(indicator, given_, as_of="2020-12-31").frame
    assert (once["value"] > 0).any()
    bounds = ["value", "low", "high"]
    for factor in (0.5, 1000.0):
        scaled = {**given_, table: given_[table].assign(**given_[table][columns] * factor)}
        again = catalogue.compute(indicator, scaled, as_of="2020-12-31").frame
        expected = once.assign(**once[bounds] * factor)
        testing.assert_results_equal(expected, again, relative=1e-12)


floats = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=25)
@given(values=st.lists(floats, min_size=1, max_size=5))
def test_results_are_read_as_they_were_written(
    values: list[float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """To the last bit, also numbers with many digits."""
    frame = results.conform(
        pd.DataFrame(
            {
                "indicator": "x",
                "entity": [f"E{i}" for i in range(len(values))],
                "value": values,
                "status": "ok",
                "basis": "derived",
                "as_of": "2020-01-01",
            }
        )
    )
    folder = tmp_path_factory.mktemp("results")
    results.write(frame, folder)
    pd.testing.assert_frame_equal(results.read(folder), frame, check_exact=True)
