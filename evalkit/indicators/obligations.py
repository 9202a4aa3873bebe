"""The obligation clock: what fell due for each Party, and what falls due next."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from evalkit.indicators.membership import COUNTED, UNKNOWN, owed_by, standing
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
from evalkit.methods.clock import add_years, has_fallen_due
from evalkit.model import Basis, Indicator, Status, Step

Ground = Callable[[Basis, str], pd.DataFrame]  # what States rest on with a rule, by its own
REPORT = "report-"  # series of the national reports: report-2019-short ...
IF_NOTIFIED = "if_notified"


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
    parts = [_clause(bound, ground, clause, as_of, notified) for clause in clauses.itertuples()]
    cycles = tables["cycles"].itertuples()
    parts += [_report(tables, bound, ground, cycle, as_of) for cycle in cycles]
    each = pd.concat(parts, ignore_index=True)
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


def _frame(
    bound: pd.DataFrame, series: str, due: pd.Series, status: pd.Series, ground: pd.DataFrame
) -> pd.DataFrame:
    """Return a row for each State, which rests on its own dates and on the rule's text."""
    place, days = pd.factorize(due)
    told = np.array([*(f"{day:%Y-%m-%d}" for day in days), ""], dtype="object")
    return pd.DataFrame(
        {
            "entity": bound["iso3"],
            "series": series,
            "period": told[place],  # a missing day has the place -1
            "status": status,
            "basis": ground["basis"],
            "source": ground["source"],
            "value": np.where(status == Status.OK, 1.0, np.nan),
        }
    )


def _no_days(days: pd.Series) -> pd.Series:
    return pd.Series(pd.NaT, index=days.index, dtype="datetime64[s]")


def _entries(
    notified: Register, rules: pd.DataFrame, parties: pd.Series, like: pd.DataFrame
) -> pd.DataFrame:
    """Return the notifications by which clauses fell due for some Parties."""
    rows = notified.rows
    hangs = (rules["condition"] == IF_NOTIFIED).any()
    return rows.loc[rows["known"] & rows["party"].isin(parties) & hangs, list(like.columns)]


def _notified_clause(
    bound: pd.DataFrame, ground: Ground, clause: Any, as_of: pd.Timestamp, notified: Register
) -> pd.DataFrame:
    """Return the rows of a clause that hangs on a notification, of which some are loaded."""
    has, told = notified.has(bound["iso3"]), first_day(notified, bound["iso3"])
    days = pd.concat([bound["in_force_on"], told], axis=1)
    due = add_years(days.max(axis=1).where(_bound(bound) & told.notna()), int(clause.years))
    due = due.where(bound["in_force_on"].notna())
    status = _status(bound, has_fallen_due(due, as_of))
    status[_bound(bound) & due.isna()] = str(Status.NOT_LOADED)
    status[_bound(bound) & (has == "no")] = str(Status.NOT_APPLICABLE)
    rows = _frame(bound, clause.clause, due, status, ground(Basis(clause.basis), clause.source))
    known = notified.rows[notified.rows["known"]].rename(columns={"party": "entity"})
    columns = ["entity", "basis", "source"]
    every = pd.concat([rows[columns], known[columns]], ignore_index=True)
    both = group_evidence(every, ["entity"]).reindex(rows["entity"])
    return rows.assign(basis=both["basis"].to_numpy(), source=both["source"].to_numpy())


def _clause(
    bound: pd.DataFrame, ground: Ground, clause: Any, as_of: pd.Timestamp, notified: Register
) -> pd.DataFrame:
    if clause.condition == IF_NOTIFIED and len(notified.rows):
        return _notified_clause(bound, ground, clause, as_of, notified)
    due = bound["in_force_on"].where(_bound(bound))
    conditional = clause.condition != "always" or clause.anchor != "entry_into_force"
    if clause.anchor == "entry_into_force" or clause.condition == IF_NOTIFIED:
        due = add_years(due, int(clause.years))
    else:
        due = _no_days(due)
    status = _status(bound, has_fallen_due(due, as_of))
    dateless = _bound(bound) & (due.isna() | conditional)
    status[dateless] = str(Status.NOT_LOADED)
    if clause.anchor != "entry_into_force":
        due = _no_days(due)
    rule = ground(Basis(clause.basis), clause.source)
    return _frame(bound, clause.clause, due, status, rule)


def _status(bound: pd.DataFrame, fallen: pd.Series) -> pd.Series:
    choices = [bound["standing"] == UNKNOWN, ~_bound(bound), fallen]
    names = [str(Status.NOT_LOADED), str(Status.NOT_PARTY), str(Status.OK)]
    return pd.Series(np.select(choices, names, str(Status.NOT_DUE)), index=bound.index)


def _report(
    tables: Tables, bound: pd.DataFrame, ground: Ground, cycle: Any, as_of: pd.Timestamp
) -> pd.DataFrame:
    owed = owed_by(tables, min(cycle.membership_on, as_of)).frame
    decided = as_of >= cycle.membership_on
    due = pd.Series(cycle.due_on, index=bound.index).where(_bound(bound))
    status = _status(bound, has_fallen_due(due, as_of))
    if decided:
        joined_later = _bound(bound) & (owed["standing"] == "absent")
        status[joined_later] = str(Status.NOT_APPLICABLE)
        status[_bound(bound) & (owed["standing"] == UNKNOWN)] = str(Status.NOT_LOADED)
    due = due.where(~status.isin([Status.NOT_APPLICABLE, Status.NOT_LOADED]))
    days = Basis.weakest([cycle.due_basis, cycle.membership_basis])
    rule = Basis.SIMULATED if cycle.basis == Basis.SIMULATED else days
    return _frame(bound, f"{REPORT}{cycle.cycle}", due, status, ground(rule, str(cycle.source)))


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
