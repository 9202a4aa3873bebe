"""Contributions to the Convention's trust funds, as the latest list of a day has them."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.result import (
    Result,
    Tables,
    everybody,
    finish,
    group_evidence,
    memberships,
    not_loaded,
    with_table,
)
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import WORLD

EVERYBODY = "ALL"  # the contributor of a row that gives the sum alone


def fund_contributions(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Contributions to the General, Special and Specific Trust Fund by year and kind.

    Definition
    ----------
    `series` is fund and kind as published (general/received); `period` the year. Of each the
    latest list known on the day counts: what is unpaid in one may be paid in the next, so
    lists are never added. The published sum goes before the sum over contributors.

    Missing data
    ------------
    Where only the sum was published, States and groups are `not_loaded`; where contributors
    are listed, a State that is not among them is `not_reported`.

    References
    ----------
    Decision MC-1/10 on the trust funds.
    """
    every, parties = tables["contributions"], tables["parties"]
    rows = every[every["as_of"] <= as_of]
    rows = rows.assign(series=rows["fund"] + "/" + rows["kind"], period=rows["year"].astype("str"))
    newest = rows.groupby(["series", "period"])["as_of"].transform("max")
    latest = rows[rows["as_of"] == newest].reset_index(drop=True)
    if latest.empty:
        why = "no list of contributions of that day or an earlier one is loaded"
        return not_loaded(indicator, as_of, why, parties=parties)
    inside = _members(parties)
    parts = [
        _of_list(mine, str(series), str(period), inside)
        for (series, period), mine in latest.groupby(["series", "period"])
    ]
    frame = finish(indicator, as_of, pd.concat(parts, ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        mine = latest[(latest["series"] == series) & (latest["period"] == period)]
        chosen = _behind(mine, inside.get(entity, {entity}), whole=entity == WORLD)
        return with_table("contributions", chosen.drop(columns=["series", "period"]))

    steps = (Step("Take the latest list of each fund, year and kind", len(every), len(latest)),)
    return Result(indicator, frame, steps, trace)


def _members(parties: pd.DataFrame) -> dict[str, set[str]]:
    """Return for each group and State who contributes to its value: itself and its States."""
    members = {entity: {entity} for entity in everybody(parties)}
    for iso3, entity in memberships(parties).itertuples(index=False):
        members.setdefault(entity, {entity}).add(iso3)
    return members


def _behind(mine: pd.DataFrame, members: set[str], *, whole: bool) -> pd.DataFrame:
    """Return the rows that a value rests on: those of its members, or the sum of the world."""
    if whole:
        summed = mine["contributor"] == EVERYBODY
        return mine[summed] if summed.any() else mine
    return mine[mine["contributor"].isin(members)]


def _of_list(
    mine: pd.DataFrame, series: str, period: str, inside: dict[str, set[str]]
) -> pd.DataFrame:
    listed = bool((mine["contributor"] != EVERYBODY).any())
    rests = group_evidence(mine.assign(of=series), ["of"]).loc[series]
    contributors = set(mine["contributor"])
    rows = []
    for entity, members in inside.items():
        given = mine.iloc[:0]  # most States are in no list: no row has to be looked for
        if entity == WORLD or members & contributors:
            given = _behind(mine, members, whole=entity == WORLD)
        amounts = given["amount_usd"]
        count = int(amounts.notna().sum())
        missing = Status.NOT_REPORTED if listed else Status.NOT_LOADED
        rows.append(
            {
                "entity": entity,
                "value": amounts.sum(min_count=1),
                "n": count if listed else None,
                "status": str(Status.OK if count else missing),
            }
        )
    return pd.DataFrame(rows).assign(
        series=series, period=period, basis=rests["basis"], source=rests["source"]
    )
