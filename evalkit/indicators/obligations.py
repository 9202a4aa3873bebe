"""The obligation clock: what fell due for each Party, and what falls due next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.indicators.membership import ABSENT, COUNTED, UNKNOWN, owed_by, standing
from evalkit.indicators.registers import NOTIFICATION, Register, first_day, register
from evalkit.indicators.result import (
    Result,
    Tables,
    also_rests_on,
    finish,
    group_evidence,
    memberships,
    not_loaded,
    with_table,
)
from evalkit.methods.clock import add_years
from evalkit.model import Basis, Indicator, Status, Step

Days = npt.NDArray[np.datetime64]
Words = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]
Ground = Callable[[Basis, str], pd.DataFrame]  # what States rest on with a rule, by its own
REPORT = "report-"  # series of the national reports: report-2019-short ...
IF_NOTIFIED = "if_notified"
NO_DAY = np.datetime64("NaT", "s")


def obligation_clock(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Tell for each Party and clause on which day it falls due, and whether it has.

    Definition
    ----------
    Due day = entry into force for the Party plus the years of the clause; where the clause
    hangs on the notification of small-scale gold mining, that day or the day of notification,
    whichever is later, plus its years. National reports fall due on the deadline of their
    cycle for the Parties bound on the day that decides who owed them. `series` is the clause
    or report, `period` the due day. A Party's value is 1 once the day has come; a group's
    value is the number of its Parties for which it has.

    Missing data
    ------------
    `not_due` before the day; `not_party` when not bound; `not_applicable` for a report that
    the Party did not owe, and for a clause on notification where a whole register does not
    name the Party; `not_loaded` for clauses that hold only on a condition whose register is
    not loaded, and for Parties whose entry into force, or notification, was not found.
    Whether an obligation was met is not told here.

    References
    ----------
    Minamata Convention on Mercury (text of 2013), articles 3, 5, 6, 7, 8, 9, 21 and 31.
    """
    clauses = tables["clauses"]
    if tables["parties"].empty or (clauses.empty and tables["cycles"].empty):
        why = "no obligations or no Parties are loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"])
    found = standing(tables, "in_force_on", as_of)
    bound = found.frame
    ground = cache(partial(also_rests_on, bound[["basis", "source"]]))
    notified = register(tables, NOTIFICATION, as_of)
    who = _Bound.of(bound, as_of)
    told = [_clause(who, ground, clause, notified) for clause in clauses.itertuples()]
    cycles = tables["cycles"].itertuples()
    told += [_report(tables, who, ground, cycle) for cycle in cycles]
    each = _frame(who, told)
    groups = _groups(each, bound)
    if found.open_ended:
        groups["low"] = groups["value"]
    frame = finish(indicator, as_of, pd.concat([each, groups], ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        inside = memberships(bound)
        members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
        parties = bound[(bound["standing"] == COUNTED) & bound["iso3"].isin(members)]
        rules = clauses[clauses["clause"] == series]
        cycles = tables["cycles"]
        due = cycles[REPORT + cycles["cycle"] == series]
        entries = _entries(notified, rules, parties["iso3"], tables["registrations"])
        named = [("clauses", rules), ("cycles", due), ("parties", parties)]
        named += [("registrations", entries)]
        return pd.concat([with_table(n, rows) for n, rows in named if len(rows)], ignore_index=True)

    steps = (
        Step("Take the Parties bound on the day", len(bound), int(_bound(bound).sum())),
        Step("Count the years of each clause from entry into force", len(clauses), len(clauses)),
    )
    return Result(indicator, frame, steps, trace)


def _bound(frame: pd.DataFrame) -> pd.Series:
    return frame["standing"] == COUNTED


@dataclass(frozen=True)
class _Bound:
    """The States as columns: who they are, whether bound, and since when."""

    iso3: pd.Series
    yes: Bools
    unknown: Bools
    since: pd.Series
    as_of: pd.Timestamp

    @classmethod
    def of(cls, bound: pd.DataFrame, as_of: pd.Timestamp) -> _Bound:
        standing = bound["standing"].to_numpy()
        since = bound["in_force_on"]
        return cls(bound["iso3"], standing == COUNTED, standing == UNKNOWN, since, as_of)

    def status(self, due: Days) -> Words:
        """Return what holds of an obligation with these due days, where nothing else is known."""
        choices = [self.unknown, ~self.yes, due <= self.as_of.to_datetime64()]
        names = [str(Status.NOT_LOADED), str(Status.NOT_PARTY), str(Status.OK)]
        return np.select(choices, names, str(Status.NOT_DUE)).astype("object")

    def years_on(self, since: pd.Series, years: int) -> Days:
        """Return for who is bound the day so many years later; missing for all others."""
        return np.where(self.yes, add_years(since, years).to_numpy("datetime64[s]"), NO_DAY)


@dataclass(frozen=True)
class _Told:
    """What one clause or report says of every State."""

    series: str
    due: Days
    status: Words
    basis: Words
    source: Words

    @classmethod
    def on(cls, series: str, due: Days, status: Words, ground: pd.DataFrame) -> _Told:
        basis, source = (ground[name].to_numpy("object") for name in ("basis", "source"))
        return cls(series, due, status, basis, source)


def _frame(who: _Bound, told: list[_Told]) -> pd.DataFrame:
    """Return a row for each State and rule, which rests on its own dates and the rule's text."""
    place, days = pd.factorize(np.concatenate([one.due for one in told]))
    words = np.array([*np.datetime_as_string(days, unit="D"), ""], dtype="object")
    status = np.concatenate([one.status for one in told])
    states = len(who.iso3)
    return pd.DataFrame(
        {
            "entity": np.tile(who.iso3.to_numpy("object"), len(told)),
            "series": np.repeat(np.array([one.series for one in told], "object"), states),
            "period": words[place],  # a missing day has the place -1
            "status": status,
            "basis": np.concatenate([one.basis for one in told]),
            "source": np.concatenate([one.source for one in told]),
            "value": np.where(status == Status.OK, 1.0, np.nan),
        }
    ).astype({name: "str" for name in ("entity", "series", "period", "status", "basis", "source")})


def _entries(
    notified: Register, rules: pd.DataFrame, parties: pd.Series, like: pd.DataFrame
) -> pd.DataFrame:
    """Return the notifications by which clauses fell due for some Parties."""
    rows = notified.rows
    hangs = (rules["condition"] == IF_NOTIFIED).any()
    return rows.loc[rows["known"] & rows["party"].isin(parties) & hangs, list(like.columns)]


def _notified_clause(who: _Bound, ground: Ground, clause: Any, notified: Register) -> _Told:
    """Return a clause that hangs on a notification, of which some are loaded."""
    has, told = notified.has(who.iso3).to_numpy(), first_day(notified, who.iso3)
    later = pd.concat([who.since, told], axis=1).max(axis=1)
    due = who.years_on(later.where(told.notna() & who.since.notna()), int(clause.years))
    status = who.status(due)
    status[who.yes & np.isnat(due)] = str(Status.NOT_LOADED)
    status[who.yes & (has == "no")] = str(Status.NOT_APPLICABLE)
    rests = ground(Basis(clause.basis), clause.source).rename_axis("entity").reset_index()
    known = notified.rows[notified.rows["known"]].rename(columns={"party": "entity"})
    columns = ["entity", "basis", "source"]
    every = pd.concat([rests[columns], known[columns]], ignore_index=True)
    both = group_evidence(every, ["entity"]).reindex(who.iso3)
    return _Told.on(clause.clause, due, status, both)


def _clause(who: _Bound, ground: Ground, clause: Any, notified: Register) -> _Told:
    if clause.condition == IF_NOTIFIED and len(notified.rows):
        return _notified_clause(who, ground, clause, notified)
    from_entry = clause.anchor == "entry_into_force"
    due: Days = np.full(len(who.yes), NO_DAY)
    if from_entry or clause.condition == IF_NOTIFIED:
        due = who.years_on(who.since, int(clause.years))
    status = who.status(due)
    conditional = clause.condition != "always" or not from_entry
    status[who.yes & (np.isnat(due) | conditional)] = str(Status.NOT_LOADED)
    if not from_entry:
        due = np.full(len(who.yes), NO_DAY)
    return _Told.on(clause.clause, due, status, ground(Basis(clause.basis), clause.source))


def _report(tables: Tables, who: _Bound, ground: Ground, cycle: Any) -> _Told:
    owed = owed_by(tables, min(cycle.membership_on, who.as_of)).frame["standing"].to_numpy()
    due = np.where(who.yes, cycle.due_on.to_datetime64(), NO_DAY)
    status = who.status(due)
    if who.as_of >= cycle.membership_on:
        status[who.yes & (owed == ABSENT)] = str(Status.NOT_APPLICABLE)
        status[who.yes & (owed == UNKNOWN)] = str(Status.NOT_LOADED)
    without = (status == Status.NOT_APPLICABLE) | (status == Status.NOT_LOADED)
    days = Basis.weakest([cycle.due_basis, cycle.membership_basis])
    rule = Basis.SIMULATED if cycle.basis == Basis.SIMULATED else days
    rests = ground(rule, str(cycle.source))
    return _Told.on(f"{REPORT}{cycle.cycle}", np.where(without, NO_DAY, due), status, rests)


def _groups(each: pd.DataFrame, bound: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each group with a Party bound; who did not owe it is not counted."""
    rows = each.rename(columns={"entity": "iso3"})[["iso3", "series", "status", "basis", "source"]]
    rows = rows[rows["iso3"].isin(bound.index[_bound(bound)])]
    inside = memberships(bound).merge(rows, on="iso3")
    inside["fallen"] = inside["status"] == Status.OK
    inside["known"] = inside["status"].isin([Status.OK, Status.NOT_DUE])
    inside["owes"] = inside["status"] != Status.NOT_APPLICABLE
    by = ["entity", "series"]
    counts = inside.groupby(by).agg(
        n=("fallen", "sum"), n_answered=("known", "sum"), n_due=("owes", "sum")
    )
    out = counts.join(group_evidence(inside, by)).reset_index()
    loaded = out["n_answered"] > 0
    none = np.where(out["n_due"] > 0, Status.NOT_LOADED, Status.NOT_APPLICABLE)
    return out.assign(
        value=out["n"].astype("float64").where(loaded),
        n=out["n"].where(loaded),
        status=np.where(loaded, Status.OK, none),
    )
