"""Needs, what was asked, and communication: counts from the registers of article 14."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.dated_rows import (
    ALL,
    EVIDENCE,
    articles_of,
    behind,
    counted,
    evidence,
    known,
    of_lines,
    of_the_world,
    taken,
    with_all,
)
from evalkit.indicators.result import (
    Result,
    Tables,
    everybody,
    finish,
    memberships,
    not_loaded,
)
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import WORLD

NO_ARTICLE, NO_MEETING = "none", "no-meeting"
HEDGED = ("about", "close_to")  # kept in the register, and no value of an indicator


def support_items(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Count needs, initiatives and challenges that documents and reports tell of.

    Definition
    ----------
    Coded entries of the register up to the day. `series` is need, initiative or challenge,
    each whole, by article (need-article/7) and by topic (need-topic/waste). An entry with
    several articles stands under each. A Party counts what was coded of it, a group what
    was coded of its Parties.

    Missing data
    ------------
    Who is named by no entry is `not_loaded`: it may well have needs that nobody has coded.

    References
    ----------
    Minamata Convention on Mercury, article 14, paragraph 4.
    """
    rows = known(tables, "support_items", as_of, "dated_on")
    if rows.empty:
        why = "no coded needs, initiatives or challenges of that day are loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"], period=ALL)
    lines = pd.concat(
        [
            rows.assign(series=rows["kind"]),
            articles_of(rows.assign(articles=rows["articles"]), "", NO_ARTICLE).assign(
                series=lambda one: one["kind"] + "-article/" + one["series"]
            ),
            rows.assign(series=rows["kind"] + "-topic/" + rows["topic"]),
        ],
        ignore_index=True,
    ).assign(period=ALL)
    inside = memberships(tables["parties"])
    own = tables["parties"][["iso3"]].assign(entity=tables["parties"]["iso3"])
    inside = pd.concat([inside[inside["entity"] != WORLD], own])
    named = lines.merge(inside, left_on="party", right_on="iso3")
    frame = finish(indicator, as_of, _of_everybody(lines, named, tables["parties"]))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        found = lines if entity == WORLD else named[named["entity"] == entity]
        return behind(tables, "support_items", found.loc[found["series"] == series, "origin"])

    return Result(indicator, frame, (taken(tables, "support_items", rows),), trace)


def _of_everybody(lines: pd.DataFrame, named: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    world = counted(lines).assign(entity=WORLD)
    by = ["series", "period", "entity"]
    found = named.groupby(by).size().rename("n").to_frame().join(evidence(named, by)).reset_index()
    found = found.assign(value=found["n"].astype("float64"), status=str(Status.OK))
    others = pd.DataFrame({"entity": [one for one in everybody(parties) if one != WORLD]})
    grid = world[["series", "period", *EVIDENCE]].merge(others, how="cross")
    silent = grid.merge(found[by], on=by, how="left", indicator=True)
    silent = silent[silent["_merge"] == "left_only"].drop(columns="_merge")
    return pd.concat(
        [world, found, silent.assign(status=str(Status.NOT_LOADED))], ignore_index=True
    )


def asks(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Count what decisions, their drafts and the committee ask for, by state and due meeting.

    Definition
    ----------
    One operative ask is one row. `series` is the kind (decision, resolution, draft_decision,
    recommendation), whole and by state (decision-state/open); `period` is the meeting by
    which it is due, "no-meeting", or "all". A draft binds nobody and is never added to what
    was decided.

    Missing data
    ------------
    A state counts from the day that its source speaks of; before it, and where nobody tells,
    the state is unknown.

    References
    ----------
    Minamata Convention on Mercury, articles 14, 15 and 23; documents as named in each row.
    """
    rows = known(tables, "asks", as_of, "dated_on")
    if rows.empty:
        why = "no decisions or recommendations of that day are loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"], period=ALL)
    state = rows["state"].where(rows["state_on"] <= as_of, "unknown")
    rows = rows.assign(period=rows["due_meeting"].where(rows["due_meeting"] != "", NO_MEETING))
    lines = with_all(
        pd.concat(
            [
                rows.assign(series=rows["kind"]),
                rows.assign(series=rows["kind"] + "-state/" + state),
            ],
            ignore_index=True,
        )
    )
    return of_lines(tables, "asks", lines, rows, as_of=as_of, indicator=indicator)


def communication(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Give figures on communication and knowledge as published, by year.

    Definition
    ----------
    `series` is the channel and what is counted (website/users), `period` the year. Counts
    only: hours and percentages are in the table `communication`.

    Missing data
    ------------
    "More than" is a least number. A figure that was published as "about" is no value here.

    References
    ----------
    Minamata Convention on Mercury, articles 17 and 18.
    """
    every = known(tables, "communication", as_of)
    rows = every[(every["unit"] == "count") & ~every["qualifier"].isin(HEDGED)]
    if rows.empty:
        why = "no figures on communication of that day are loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"], period=ALL)
    lines = rows.assign(
        series=rows["channel"] + "/" + rows["measure"], period=rows["year"].astype("str")
    )
    least = lines["value"].where(lines["qualifier"] == "more_than")
    world = lines.assign(low=least, status=str(Status.OK))
    world = world[["series", "period", "value", "low", "status", *EVIDENCE]]
    frame = finish(indicator, as_of, of_the_world(world, tables["parties"]))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        same = (lines["series"] == series) & (lines["period"] == period)
        return behind(tables, "communication", lines.loc[same, "origin"])

    steps = (
        taken(tables, "communication", every),
        Step("Leave out hours, percentages and figures given as about", len(every), len(rows)),
    )
    return Result(indicator, frame, steps, trace)
