"""What must hold for every indicator of the catalogue, by its method, on worlds made up here.

A new row of the catalogue is covered by its method's invariants; a new method has to declare its
own in `INVARIANTS`, or the first test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from evalkit import testing
from evalkit.indicators import catalogue
from evalkit.indicators.prepared import Prepared
from evalkit.model import Status
from evalkit.reference import entities
from evalkit.results import ANSWERED, CHANGE, ITEMS, PANEL, WILSON
from tests.property.worlds import (
    DAY,
    FACTORS,
    LAST,
    PAST,
    SILENT,
    World,
    scaled,
    shuffled,
    tables_of,
    worlds,
)

ORDER, UNITS, AS_OF = "order", "units", "as of"  # of rows; of masses and money; of a day
OWES, LISTED, BYSTANDER = "owes", "listed", "bystander"  # what one more Party is, that is silent
COUNTS, WHOLE, SECTORS = "counts", "whole", "sectors"  # parts that make the whole
BOUND, STACK, GROWS = "bound", "stack", "grows"  # lower to upper, sectors to total, year to year
CYCLES, PROGRESS = "cycles", "progress"  # time reversed
ALWAYS = {ORDER, UNITS, AS_OF}
NOTIFIED_ONLY = ("action-plan", "action-plan-review")
INVARIANTS: dict[str, set[str]] = {
    "against_reports": {*ALWAYS, BYSTANDER},
    "annex_d_amounts": {*ALWAYS, BYSTANDER, BOUND},
    "annex_d_share": {*ALWAYS, BYSTANDER, BOUND},
    "amount_per": {*ALWAYS, BYSTANDER},
    "asks": {*ALWAYS, BYSTANDER},
    "answer_share": {*ALWAYS, OWES, COUNTS, CYCLES},
    "answer_sum": {*ALWAYS, OWES, COUNTS, CYCLES},
    "cofinancing_ratio": {*ALWAYS, BYSTANDER},
    "communication": {*ALWAYS, BYSTANDER},
    "count_by_day": {*ALWAYS, LISTED, COUNTS},
    "emitted_in_all": {*ALWAYS, BYSTANDER, GROWS},
    "event_participants": {*ALWAYS, BYSTANDER},
    "event_sex_counts": {*ALWAYS, BYSTANDER},
    "events_held": {*ALWAYS, BYSTANDER},
    "experts_asked": {*ALWAYS, BYSTANDER},
    "experts_listed": {*ALWAYS, BYSTANDER},
    "fund_contributions": {*ALWAYS, BYSTANDER},
    "inventories_ranks": {*ALWAYS, BYSTANDER},
    "inventories_ratio": {*ALWAYS, BYSTANDER},
    "inventory_change": {*ALWAYS, BYSTANDER},
    "grid_account": {*ALWAYS, BYSTANDER},
    "inventory_amounts": {*ALWAYS, BYSTANDER, SECTORS},
    "mercury_alone_money": {*ALWAYS, BYSTANDER, WHOLE},
    "money_parts": {*ALWAYS, BYSTANDER, WHOLE},
    "money_series": {*ALWAYS, BYSTANDER},
    "needs_and_experts": {*ALWAYS, BYSTANDER},
    "not_loaded": {AS_OF, BYSTANDER},
    "obligation_clock": {*ALWAYS, LISTED, COUNTS},
    "obligations_met": {*ALWAYS, BYSTANDER, COUNTS},
    "parties_reached": {*ALWAYS, LISTED},
    "programme_money": {*ALWAYS, BYSTANDER},
    "project_money": {*ALWAYS, BYSTANDER, WHOLE},
    "published_share": {*ALWAYS, BYSTANDER},
    "register_count": {*ALWAYS, BYSTANDER, COUNTS},
    "register_share": {*ALWAYS, LISTED, COUNTS},
    "report_completeness": {*ALWAYS, OWES, COUNTS, CYCLES},
    "reporting_rate": {*ALWAYS, OWES, COUNTS, CYCLES},
    "sector_amounts": {*ALWAYS, BYSTANDER, STACK},
    "support_items": {*ALWAYS, BYSTANDER},
    "target_progress": {*ALWAYS, OWES, PROGRESS},
    "timeliness": {*ALWAYS, OWES, COUNTS, CYCLES},
}
KEY = ["series", "entity", "period"]
BOUNDS, NUMBERS = ["value", "low", "high"], ["n", "n_answered", "n_due"]
SAID = [*BOUNDS, *NUMBERS, "status"]
REGIONS = ("AFRICA", "ASIA-PACIFIC", "CEE", "GRULAC", "WEOG")


def test_every_method_declares_what_must_hold_for_it() -> None:
    assert set(INVARIANTS) == set(catalogue.METHODS)
    assert {one.method for one in catalogue.indicators().values()} <= set(INVARIANTS)
    known = {OWES, LISTED, BYSTANDER}
    assert all(len(declared & known) == 1 for declared in INVARIANTS.values())


@cache
def other_worlds(world: World) -> dict[str, Prepared]:
    """Return the tables of a world changed in each way, made once for all indicators."""
    same = tables_of(world)
    return {
        ORDER: shuffled(same),
        UNITS: scaled(same),
        AS_OF: tables_of(world.with_("later")),
        "silent": tables_of(world.with_("silent")),
        "reversed": tables_of(world.reversed()),
    }


def frame_of(name: str, tables: Prepared) -> pd.DataFrame:
    return catalogue.compute(name, tables, as_of=str(DAY)).frame


DRAWN = 3  # worlds


@cache
def drawn() -> tuple[World, ...]:
    """Return worlds that hypothesis draws, always the same ones, the simplest left out."""
    found: list[World] = []

    @settings(
        max_examples=DRAWN + 1,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(worlds())
    def draw(world: World) -> None:
        found.append(world)

    draw()
    return tuple(found[1:])


def worlds_for(name: str) -> tuple[World, ...]:
    """Return all worlds for the indicators of small methods; those of large ones share them."""
    method = catalogue.get(name).method
    alike = [one for one, row in catalogue.indicators().items() if row.method == method]
    return drawn() if len(alike) <= 2 else (drawn()[alike.index(name) % DRAWN],)


@pytest.mark.parametrize("name", catalogue.indicators())
def test_what_must_hold_for_an_indicator_of_its_method(name: str) -> None:
    declared = INVARIANTS[catalogue.get(name).method]
    for world in worlds_for(name):
        before = frame_of(name, tables_of(world))
        for one, needs, check in CHECKS:
            if one in declared:
                after = frame_of(name, other_worlds(world)[needs]) if needs else before
                check(name, before, after, world)


def test_worlds_have_what_the_invariants_speak_of() -> None:
    """Without silence, entries, amounts and changes the test above would be true of nothing."""
    assert len(drawn()) == DRAWN
    for world in drawn():
        told = frame_of("waste-measures", tables_of(world))
        told = told[told["entity"] == "WLD"]
        assert {"", ANSWERED, WILSON, CHANGE, PANEL} == set(told["series"])
        assert (told["n_answered"] < told["n_due"]).all()
        assert (told.loc[told["series"] == CHANGE, "value"].notna()).all()
    for name, indicator in catalogue.indicators().items():
        if indicator.method != "not_loaded":
            found = [frame_of(name, tables_of(world)) for world in worlds_for(name)]
            assert any((one["status"] == Status.OK).any() for one in found), name


# --- order, units, the day ------------------------------------------------------------------------


def _the_same(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    if not before.equals(after):
        testing.assert_results_equal(before, after, relative=1e-12)


def _scaled(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """Values and bounds in kg and US$ are so many times as much; all else is as it was."""
    factor = FACTORS.get(catalogue.get(name).unit, 1.0)
    _the_same(name, before.assign(**before[BOUNDS] * factor), after, world)


# --- a silent Party -------------------------------------------------------------------------------


def _pairs(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return what is said of the same before and after, side by side, the silent one left out."""
    assert set(after["entity"]) - set(before["entity"]) <= {SILENT}
    here, there = before.set_index(KEY)[SAID], after.set_index(KEY)[SAID]
    there = there[there.index.get_level_values("entity") != SILENT]
    assert here.index.isin(there.index).all()
    further = there[~there.index.isin(here.index)]  # a cycle that concerned nobody before
    assert further["value"].isna().all() or (further["value"].fillna(0) == 0).all()
    return here.join(there.add_suffix("_after")).reset_index()


def _unmoved(pairs: pd.DataFrame, columns: list[str], why: str) -> None:
    for column in columns:
        one, other = pairs[column], pairs[f"{column}_after"]
        same = (one == other).fillna(False) | (one.isna() & other.isna())
        assert same.all(), f"{why}: {column}\n{pairs[~same].to_string()}"


def _moves_no_other(
    name: str, before: pd.DataFrame, after: pd.DataFrame, world: World
) -> pd.DataFrame:
    """No other State's row moves, and no group's that the silent one is not in; return the rest."""
    pairs = _pairs(before, after)
    touched = pairs["entity"].isin(entities.groups_of(SILENT))
    _unmoved(pairs[~touched], SAID, f"{name}: one that has nothing to do with it")
    return pairs[touched]


def _bystander(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """Whoever is in no list and no report is in no count either."""
    _unmoved(_moves_no_other(name, before, after, world), SAID, name)


def _owes(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """One more owes an answer and gives none: coverage falls, and nothing that was said moves."""
    pairs = _moves_no_other(name, before, after, world)
    own = after[(after["entity"] == SILENT) & (after["series"] == "")]
    assert set(own["status"]) == {"not_reported"}
    pairs = pairs[pairs["n_due"].isna() | (pairs["n_due"] > 0)]  # asked of somebody before
    _unmoved(pairs, ["n", "n_answered", "status"], name)
    counted = pairs["n_due"].notna()
    assert (pairs["n_due"][counted] + 1 == pairs["n_due_after"][counted]).all()
    due = (pairs["series"] == "") & (catalogue.get(name).unit == "share")
    _unmoved(pairs[~due], ["value"], name)
    ok = pairs[due & (pairs["status"] == Status.OK)]
    assert (
        (ok["value_after"] < ok["value"]) | (ok["value"] == ok["value_after"]) & (ok["n"] == 0)
    ).all()
    bounded = pairs[(due | (pairs["series"] == ANSWERED)) & pairs["high"].notna()]
    assert ((bounded["high_after"] > bounded["high"]) | (bounded["high"] == 1)).all()
    assert ((bounded["low_after"] < bounded["low"]) | (bounded["low"] == 0)).all()
    _unmoved(pairs[pairs["series"] == WILSON], BOUNDS, name)
    wider = pairs[(pairs["series"] == CHANGE) & pairs["value"].notna()]
    assert (wider["low_after"] <= wider["low"]).all()
    assert (wider["high_after"] >= wider["high"]).all()


def _listed(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """One more is bound, which a count of those bound says, and a list of who did something not."""
    pairs = _moves_no_other(name, before, after, world)
    share = catalogue.get(name).unit == "share"
    signed = name == "signatories"
    grows = "n_due" if "n_due" in pairs and pairs["n_due"].notna().any() else "n"
    more = (pairs[f"{grows}_after"] - pairs[grows]).dropna()
    notified = (tables_of(world)["registrations"]["register"] == "asgm_notification").any()
    # In a whole list of notifications, who did not notify does not owe an action plan.
    hangs = pairs.loc[more.index, "series"].isin(NOTIFIED_ONLY) & notified
    assert (more[~hangs] == 1).all(), f"{name}: {grows} grows by the Party"
    assert (more[hangs] == 0).all(), f"{name}: {grows} does not grow without a notification"
    assert share or signed or (pairs["value_after"].fillna(0) >= pairs["value"].fillna(0)).all()
    if share:
        _unmoved(pairs, ["n"], name)
        assert ((pairs["value_after"] < pairs["value"]) | (pairs["n"] == 0)).all()


# --- parts and the whole --------------------------------------------------------------------------


def _counts(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """The five regions make the world, and the States' own values what a group counts."""
    amounts = catalogue.get(name).unit in ("kg", "count", "Parties")
    columns = [*NUMBERS, *(["value"] if amounts else [])]
    by = ["series", "period"]
    world_ = before[before["entity"] == "WLD"].set_index(by)[columns]
    regions = before[before["entity"].isin(REGIONS)]
    added = regions.groupby(by)[columns].sum()
    for column in columns:
        known = world_[column].dropna().astype("float64")
        parts = added[column].reindex(known.index).astype("float64")
        pd.testing.assert_series_equal(known, parts, check_names=False, rtol=1e-12, obj=name)
    said = before[(before["status"] == Status.OK) & before["entity"].isin(entities.states())]
    of_states = said.groupby(by)["value"].sum()
    what = "value" if amounts else "n"
    of_all = before[(before["entity"] == "WLD") & before[what].notna()]
    of_all = of_all[~of_all["series"].isin([ANSWERED, WILSON, CHANGE, PANEL, ITEMS])]
    if catalogue.get(name).method == "obligation_clock":  # periods are each State's own due day
        by, of_states = ["series"], said.groupby("series")["value"].sum()
    whole = of_all.set_index(by if len(by) > 1 else "series")[what].astype("float64")
    parts = of_states.reindex(whole.index).fillna(0.0)
    pd.testing.assert_series_equal(whole, parts, check_names=False, rtol=1e-12, obj=name)


def _whole(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """Divided evenly, the countries' parts and what none gets make the whole, as its cuts do."""
    even = (before["series"] == "equal-split") | before["series"].str.contains("/")
    split, by = before[even & (before["status"] == Status.OK)], ["series", "period"]
    parts = split[~split["entity"].isin(entities.groups())].groupby(by)["value"].sum()
    whole = split[split["entity"] == "WLD"].set_index(by)["value"]
    assert len(whole)
    pd.testing.assert_series_equal(parts.reindex(whole.index), whole, check_names=False, rtol=1e-12)


def _sectors(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """The sectors of an inventory make its total, and chosen sectors the sum of theirs."""
    given_ = tables_of(world)["emissions"]
    chosen = catalogue.get(name).arguments.get("categories", "").split("+")
    medium = given_["medium"] == catalogue.get(name).arguments["medium"]
    rows = given_[medium & (given_["inventory"] == "delta") & (given_["category"] != "total")]
    expected = rows.loc[rows["category"].isin(chosen) | (chosen == [""]), "kg"].sum()
    found = before[(before["entity"] == "WLD") & (before["status"] == Status.OK)]
    of_delta = found[found["series"] == "delta"]["value"]
    sectors = found[found["series"].str.startswith("delta/")]["value"].sum()
    assert of_delta.tolist() == [expected]
    assert sectors == pytest.approx(expected, rel=1e-12)


def _bound(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """A lower bound is at most the upper one of the same thing, and nothing exact has either."""
    rows = before[(before["status"] == Status.OK) & ~before["series"].str.endswith("/independent")]
    of, bound = (rows["series"].str.rpartition("/")[part] for part in (0, 2))
    wide = rows.assign(of=of, bound=bound).pivot(
        index=["of", "entity", "period"], columns="bound", values="value"
    )
    both = wide[wide["lower"].notna() & wide["upper"].notna()]
    assert len(both)
    assert (both["lower"] <= both["upper"] * (1 + 1e-12)).all()
    if "exact" in wide:
        assert wide.loc[wide["exact"].notna(), ["lower", "upper"]].isna().all(axis=None)


def _stack(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """The sectors of an inventory make the total that it gives, and their shares make one."""
    found = before[(before["entity"] == "WLD") & before["series"].str.startswith("delta/")]
    given_ = tables_of(world)["emissions"]
    whole = given_["category"].eq("total") & given_["medium"].eq("air")
    total = given_.loc[whole & (given_["inventory"] == "delta"), "kg"].sum()
    share = catalogue.get(name).arguments.get("give") == "share"
    assert found["value"].sum() == pytest.approx(1 if share else total, rel=1e-12)


def _grows(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """What was emitted since a first year never falls."""
    rows = before[before["status"] == Status.OK].sort_values("period")
    assert len(rows)
    assert (rows.groupby(["series", "entity"])["value"].diff().fillna(0) >= 0).all()


# --- time reversed --------------------------------------------------------------------------------


def _turned(frame: pd.DataFrame) -> pd.DataFrame:
    other = {PAST: LAST, LAST: PAST}
    return frame.assign(period=frame["period"].map(lambda one: other.get(one, one)))


def _changes_turn(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """Each cycle has what the other had, and a change its opposite."""
    moved = before["series"].isin([CHANGE, PANEL])
    testing.assert_results_equal(
        before[~moved], _turned(after[~after["series"].isin([CHANGE, PANEL])])
    )
    one = before[moved].set_index(KEY)[BOUNDS]
    other = after[after["series"].isin([CHANGE, PANEL])].set_index(KEY)[BOUNDS]
    opposite = -other.reindex(one.index).rename(columns={"low": "high", "high": "low"})[BOUNDS]
    pd.testing.assert_frame_equal(one, opposite, rtol=1e-12, atol=1e-15, obj=name)


def _progress_turns(name: str, before: pd.DataFrame, after: pd.DataFrame, world: World) -> None:
    """What came nearer to the target goes away from it."""
    both = before.merge(after, on=KEY, suffixes=("", "_after"))
    both = both[(both["series"] == "") & both["value"].notna() & both["value_after"].notna()]
    gone = both["value"].map(_sign)
    assert (gone == -both["value_after"].map(_sign)).all()


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


Check = Callable[[str, pd.DataFrame, pd.DataFrame, World], None]
CHECKS: tuple[tuple[str, str, Check], ...] = (
    (ORDER, ORDER, _the_same),
    (UNITS, UNITS, _scaled),
    (AS_OF, AS_OF, _the_same),
    (OWES, "silent", _owes),
    (LISTED, "silent", _listed),
    (BYSTANDER, "silent", _bystander),
    (COUNTS, "", _counts),
    (WHOLE, "", _whole),
    (SECTORS, "", _sectors),
    (BOUND, "", _bound),
    (STACK, "", _stack),
    (GROWS, "", _grows),
    (CYCLES, "reversed", _changes_turn),
    (PROGRESS, "reversed", _progress_turns),
)
