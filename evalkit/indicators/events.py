"""Workshops, sessions and meetings that had been held by a day: how many, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.indicators.dated_rows import (
    ALL,
    EVIDENCE,
    KEY,
    evidence,
    split_of,
    with_all,
)
from evalkit.indicators.result import (
    Result,
    Tables,
    everybody,
    finish,
    memberships,
    not_loaded,
    with_table,
)
from evalkit.methods.registers import stands_for
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import WORLD
from evalkit.tables import known_on

NOT_TOLD = "not-told"
NONE = "no event for capacity-building held by that day is loaded"


@dataclass(frozen=True)
class Held:
    """Events for capacity-building that had been held by a day, and who took part.

    Parameters
    ----------
    events : DataFrame
        Rows of `events` with `weight`, how many each stands for; `unsure`, whether that is a
        least number; `period`, the year; `whole`, whether all countries are listed.
    took_part : DataFrame
        Columns event, iso3, basis, source: countries named as taking part, and hosts.
    steps : tuple of Step
        What was left out.
    """

    events: pd.DataFrame
    took_part: pd.DataFrame
    steps: tuple[Step, ...]


def held_by(tables: Tables, as_of: pd.Timestamp) -> Held:
    """Return the events for capacity-building that had been held by a day."""
    every = tables["events"]
    for_capacity = every["purpose"].isin(["", "capacity_building"])
    meant = every[for_capacity & every["standing"].isin(["", "held"])]
    days = known_on(meant, "ended_on", "started_on")
    found = meant[days <= as_of]
    is_series = found["series"] == "Y"
    weight = stands_for(found["event"], found["part_of"], is_series, found["sessions"])
    found = found.assign(
        weight=weight,
        unsure=is_series & found["sessions"].isna(),
        period=found["started_on"].dt.year.astype("Int64").fillna(found["year"]).astype("str"),
        whole=found["countries_listed"] == "all",
    )
    steps = (
        Step(
            "Take events for capacity-building that were held",
            len(every),
            len(meant),
            "others are meetings of bodies and groups, or were only planned",
        ),
        Step("Take those of the day or earlier", len(meant), len(found), "undated ones left out"),
        Step(
            "Count a series by its sessions, less those that are rows of their own",
            len(found),
            int(weight.sum()),
        ),
    )
    return Held(found, _took_part(tables, found), steps)


def _took_part(tables: Tables, found: pd.DataFrame) -> pd.DataFrame:
    """Return who took part or was host; none where the indicator does not ask for countries."""
    columns = ["event", "iso3", *EVIDENCE]
    if "event_countries" not in tables:
        return pd.DataFrame(columns=columns)
    named = tables["event_countries"].rename(columns={"country": "iso3"})
    hosts = found.rename(columns={"country": "iso3"})
    both = pd.concat([named[columns], hosts[columns]], ignore_index=True)
    both = both[both["event"].isin(found["event"])]
    return both[both["iso3"].isin(tables["parties"]["iso3"])].reset_index(drop=True)


def events_held(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Count events for capacity-building, for the world and for whoever took part.

    Definition
    ----------
    Events held by the day. `series` is blank for all, or article/4, modality/online,
    funder/…, kind/…; `period` a year, or "all". A series of sessions counts by their number,
    less those that are rows of their own. A State counts where a list names it as taking
    part or it was the host; a group where one of its States does. An event with several
    articles or funders stands under each, so these do not add up to the whole.

    Missing data
    ------------
    Few events list their countries. A State's count is a least number: `high` adds all
    events that do not tell whether it took part. Who is named nowhere is `not_loaded`, and
    zero only where every event lists all of its countries.

    References
    ----------
    Minamata Convention on Mercury, article 14, paragraphs 1 and 2.
    """
    held = held_by(tables, as_of)
    if held.events.empty:
        return not_loaded(indicator, as_of, NONE, parties=tables["parties"], period=ALL)
    lines = _lines(held.events)
    rows = pd.concat(
        [_whole(lines), _of_those_named(lines, held, tables["parties"])], ignore_index=True
    )

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        inside = lines[(lines["series"] == series) & (lines["period"] == period)]
        return _trace(tables, inside["event"], held, entity)

    return Result(indicator, finish(indicator, as_of, rows), held.steps, trace)


def _lines(events: pd.DataFrame) -> pd.DataFrame:
    parts = [
        split_of(events, column, f"{name}/", NOT_TOLD).assign(period=ALL)
        for name, column in (
            ("article", "articles"),
            ("modality", "modality"),
            ("funder", "funders"),
            ("kind", "kind"),
        )
    ]
    lines = pd.concat([with_all(events.assign(series="")), *parts], ignore_index=True)
    return lines[[*KEY, "event", "weight", "unsure", "whole", *EVIDENCE]]


def _whole(lines: pd.DataFrame) -> pd.DataFrame:
    by = lines.groupby(KEY)
    count = by["weight"].sum()
    out = evidence(lines, KEY).assign(value=count.astype("float64"))
    out["low"] = out["value"].where(by["unsure"].any())
    out = out.assign(n=count, entity=WORLD, status=str(Status.OK))
    return out.reset_index()


def _of_those_named(lines: pd.DataFrame, held: Held, parties: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of States and groups, with how far they are known."""
    inside = memberships(parties)
    inside = pd.concat(
        [inside[inside["entity"] != WORLD], parties[["iso3"]].assign(entity=parties["iso3"])]
    )
    part = held.took_part.merge(inside, on="iso3")
    lines_of = lines[lines["weight"] > 0]  # a series whose parts are rows is none of its own
    both = lines_of.drop(columns=EVIDENCE).merge(part, on="event")
    both = pd.concat([both, lines_of.merge(part[["event", "entity"]], on="event")])
    by = [*KEY, "entity"]
    once = both.drop_duplicates([*by, "event"])
    named = once.groupby(by).size().rename("n")
    partly = once[~once["whole"]].groupby(by).size().rename("partly")
    found = evidence(both, by).join(named).join(partly)
    others = [one for one in everybody(parties) if one != WORLD]
    totals = lines.groupby(KEY).agg(n_due=("weight", "sum"), unsure=("unsure", "any"))
    totals["whole"] = (
        lines["weight"].where(lines["whole"], 0).groupby([lines[k] for k in KEY]).sum()
    )
    grid = totals.reset_index().merge(pd.DataFrame({"entity": others}), how="cross")
    every = evidence(lines, KEY).add_prefix("all_")
    grid = grid.merge(found.reset_index(), on=by, how="left").merge(every, on=KEY)
    return _bounded(grid)


def _bounded(grid: pd.DataFrame) -> pd.DataFrame:
    n = grid["n"].fillna(0)
    answered = grid["whole"] + grid["partly"].fillna(0)
    known = (answered == grid["n_due"]) & ~grid["unsure"]
    told = (n > 0) | known
    open_to = (n + grid["n_due"] - answered).where(~grid["unsure"])
    return grid.assign(
        value=n.where(told),
        low=n.where(told & ~known),
        high=open_to.where(told & ~known),
        n=n.where(told),
        n_answered=answered.where(told),
        status=np.where(told, Status.OK, Status.NOT_LOADED),
        basis=grid["basis"].fillna(grid["all_basis"]),
        source=grid["source"].fillna(grid["all_source"]),
    ).drop(columns=["all_basis", "all_source", "whole", "unsure", "partly"])


def _trace(tables: Tables, events: pd.Series, held: Held, entity: str) -> pd.DataFrame:
    listed, named = tables["events"], tables["event_countries"]
    rows = listed[listed["event"].isin(events)]
    if entity == WORLD:
        return with_table("events", rows)
    inside = memberships(tables["parties"])
    members = {*inside.loc[inside["entity"] == entity, "iso3"], entity}
    part = held.took_part[held.took_part["iso3"].isin(members)]
    rows = rows[rows["event"].isin(part["event"])]
    named = named[named["event"].isin(rows["event"]) & named["country"].isin(members)]
    parts = [with_table("events", rows), with_table("event_countries", named)]
    return pd.concat([one for one in parts if len(one)] or parts[:1], ignore_index=True)
