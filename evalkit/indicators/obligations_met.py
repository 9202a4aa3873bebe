"""Obligations met: what fell due for each Party, held against a register."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evalkit.indicators.membership import COUNTED, UNKNOWN, Standing, standing
from evalkit.indicators.registers import NOTIFICATION, Register, first_day, register
from evalkit.indicators.result import (
    Result,
    Tables,
    finish,
    group_evidence,
    memberships,
    not_loaded,
    with_table,
)
from evalkit.methods.clock import add_years, has_fallen_due
from evalkit.methods.shares import bounds, share
from evalkit.model import Basis, Indicator, Status, Step

ON_TIME = "on-time"


def obligations_met(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of Parties for which an obligation has fallen due that met it, by clause.

    Definition
    ----------
    `clauses` pairs a clause with the register that shows it met. Where it hangs on a
    notification, it falls due its years after entry into force or after the notification,
    whichever is later, and for Parties in the register of notifications only. Series: the
    clause, whether an entry is there by the day; clause/on-time, whether it was there by the
    due day. A clause that repeats is held against its first due day.

    Missing data
    ------------
    `not_due` before the due day, also where the entry is there already (an early one counts as
    met once it is due); `not_applicable` for a Party that a whole list of notifications does not
    name. Where a list is not known to be whole, a Party without an entry is `not_loaded`,
    counts as not answered, and may have met the obligation: the upper bound counts it.

    References
    ----------
    Minamata Convention on Mercury, article 7, paragraph 3, and article 31.
    """
    pairs = [one.split(":") for one in indicator.arguments["clauses"].split("+")]
    rules = tables["clauses"].set_index("clause", drop=False)
    usable = [(rules.loc[c], r) for c, r in pairs if c in rules.index]
    parties = tables["parties"]
    notified = register(tables, NOTIFICATION, as_of)
    if parties.empty or not usable or notified.rows.empty:
        why = "no notifications of small-scale gold mining, or no obligations, are loaded"
        return not_loaded(indicator, as_of, why, parties=parties)
    bound = standing(tables, "in_force_on", as_of)
    parts = [
        _clause(bound, clause, notified, register(tables, name, as_of), as_of)
        for clause, name in usable
    ]
    each = pd.concat(parts, ignore_index=True)
    rows = pd.concat([each, _groups(each, parties, bound)], ignore_index=True)
    frame = finish(indicator, as_of, rows[[c for c in rows.columns if c not in _OWN]])
    names = {str(clause["clause"]): name for clause, name in usable}

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        return _trace(tables, bound, names, series, entity, as_of)

    steps = (
        Step("Take the Parties bound on the day", len(parties), int(_bound(bound).sum())),
        Step("Take the notifications", len(tables["registrations"]), len(notified.rows)),
        Step("Hold due days against entries", len(each), int((each["status"] == "ok").sum())),
    )
    return Result(indicator, frame, steps, trace)


_OWN = ("fallen", "sure", "iso3")


def _bound(found: Standing) -> pd.Series:
    return found.frame["standing"] == COUNTED


def _clause(
    bound: Standing, clause: Any, notified: Register, met: Register, as_of: pd.Timestamp
) -> pd.DataFrame:
    frame = bound.frame.reset_index(drop=True)
    counted = frame["standing"] == COUNTED
    iso3 = frame["iso3"]
    told = first_day(notified, iso3)
    years = int(clause["years"])
    due = add_years(pd.concat([frame["in_force_on"], told], axis=1).max(axis=1), years)
    has = notified.has(iso3)
    fallen = counted & (has == "yes") & told.notna() & has_fallen_due(due, as_of)
    done = met.has(iso3)
    entered = first_day(met, iso3)
    ground = _ground(frame, clause, notified, met)
    parts = []
    for series in ("", f"/{ON_TIME}"):
        late = entered > due if series else pd.Series(False, index=iso3.index)
        dated = entered.notna() if series else pd.Series(True, index=iso3.index)
        yes = (done == "yes") & dated & ~late
        no = (done == "no") | ((done == "yes") & late)
        if series and met.whole:  # nothing entered by a due day that has come is not on time
            no |= done == "no"
        choices = [
            frame["standing"] == UNKNOWN,
            ~counted,
            has == "no",
            (has == "unsure") | told.isna(),
            ~fallen,
            yes | no,
        ]
        names = ("not_loaded", "not_party", "not_applicable", "not_loaded", "not_due", "ok")
        status = np.select(choices, names, str(Status.NOT_LOADED))
        value = np.where(status == "ok", np.where(yes, 1.0, 0.0), np.nan)
        rows = {"entity": iso3, "iso3": iso3, "series": f"{clause['clause']}{series}"}
        rows |= {"value": value, "status": status, "fallen": fallen, "sure": status == "ok"}
        parts.append(pd.DataFrame(rows).assign(**ground))
    return pd.concat(parts, ignore_index=True)


def _ground(
    frame: pd.DataFrame, clause: Any, notified: Register, met: Register
) -> dict[str, list[str]]:
    own = frame[["iso3", "basis", "source"]]
    entries = pd.concat([notified.rows, met.rows]).rename(columns={"party": "iso3"})
    rule = own.assign(basis=clause["basis"], source=clause["source"])
    every = pd.concat([own, rule, entries[["iso3", "basis", "source"]]], ignore_index=True)
    found = group_evidence(every, ["iso3"]).reindex(frame["iso3"])
    return {"basis": list(found["basis"]), "source": list(found["source"])}


def _groups(each: pd.DataFrame, parties: pd.DataFrame, bound: Standing) -> pd.DataFrame:
    inside = memberships(parties)
    lines = inside.merge(each.drop(columns="entity"), on="iso3")
    lines = lines[lines["status"].isin(["ok", "not_due", "not_loaded"])]
    lines["met"] = lines["sure"] & (lines["value"] == 1)
    by = ["entity", "series"]
    counts = lines.groupby(by).agg(
        n=("met", "sum"), n_answered=("sure", "sum"), n_due=("fallen", "sum")
    )
    grid = pd.MultiIndex.from_product(
        [inside["entity"].unique(), each["series"].unique()], names=by
    )
    counts = counts.reindex(grid, fill_value=0)
    told = counts["n_due"] > 0
    low, high = bounds(counts["n"], counts["n_answered"], counts["n_due"])
    ground = group_evidence(lines, by).reindex(grid)
    out = counts.assign(
        value=np.where(told, share(counts["n"], counts["n_due"]), np.nan),
        low=np.where(told, low, np.nan),
        high=np.where(told, high, np.nan),
        status=np.where(told, str(Status.OK), str(Status.NOT_DUE)),
        basis=ground["basis"].fillna(str(Basis.DERIVED)),
        source=ground["source"].fillna(""),
    )
    return out.reset_index()


def _trace(
    tables: Tables,
    bound: Standing,
    names: dict[str, str],
    series: str,
    entity: str,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    clause = series.split("/", maxsplit=1)[0]
    inside = memberships(tables["parties"])
    members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
    members &= set(bound.frame.loc[_bound(bound), "iso3"])
    parts = [with_table("clauses", tables["clauses"][tables["clauses"]["clause"] == clause])]
    for name in (NOTIFICATION, names.get(clause, "")):
        rows = register(tables, name, as_of).rows
        rows = rows[rows["known"] & rows["party"].isin(members)]
        parts.append(with_table("registrations", rows[list(tables["registrations"].columns)]))
    parties = tables["parties"]
    notified = parts[1]["party"]
    parts.append(with_table("parties", parties[parties["iso3"].isin(notified)]))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)
