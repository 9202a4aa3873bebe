"""The people who took part in events for capacity-building, and whether records tell their sex."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.indicators.dated_rows import ALL, evidence, of_the_world, with_all
from evalkit.indicators.events import NONE, Held, held_by
from evalkit.indicators.result import Result, Tables, finish, not_loaded, with_table
from evalkit.methods.registers import counted_in_series
from evalkit.methods.shares import share
from evalkit.model import Indicator, Status

HEDGED = ("about", "close_to")  # kept in the register, and no value of an indicator


def _records(held: Held, column: str) -> pd.DataFrame:
    """Return the events of a sum: a part is left out where its series states the amount."""
    rows = held.events
    inside = counted_in_series(rows["event"], rows["part_of"], rows[column])
    return with_all(rows[~inside].assign(amount=rows[column]))


def event_participants(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Sum the people who took part in events for capacity-building, by year.

    Definition
    ----------
    `series` is blank for people, or government, women, men. A session whose season states
    the people of all sessions is inside that number. `n` records enter the sum, of
    `n_answered` that give a number and `n_due` in all.

    Missing data
    ------------
    Most records give no number, so the sum is a least number (`low` equals the value). "More
    than" enters as a least number; "about" and "almost" are left out. Where no record gives
    a number the status is `not_reported`.

    References
    ----------
    Minamata Convention on Mercury, article 14; decision MC-4/10 on gender mainstreaming.
    """
    held = held_by(tables, as_of)
    if held.events.empty:
        return not_loaded(indicator, as_of, NONE, parties=tables["parties"], period=ALL)
    series = {
        "": "participants",
        "government": "participants_government",
        "women": "women",
        "men": "men",
    }
    records = {name: _records(held, column) for name, column in series.items()}
    world = pd.concat([_sum(rows).assign(series=name) for name, rows in records.items()])
    rows = of_the_world(world, tables["parties"])

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        found = records[series]
        used = found[(found["period"] == period) & _usable(found)]["event"]
        return with_table("events", tables["events"][tables["events"]["event"].isin(used)])

    return Result(indicator, finish(indicator, as_of, rows), held.steps, trace)


def _usable(rows: pd.DataFrame) -> pd.Series:
    return rows["amount"].notna() & ~rows["participants_qualifier"].isin(HEDGED)


def _sum(rows: pd.DataFrame) -> pd.DataFrame:
    used = rows[_usable(rows)]
    out = evidence(rows, ["period"]).join(evidence(used, ["period"]).add_suffix("_used"))
    by = rows.groupby("period")
    out["n_due"] = by.size()
    out["n_answered"] = by["amount"].count()
    out["n"] = used.groupby("period").size().reindex(out.index).fillna(0).astype("int64")
    out["value"] = used.groupby("period")["amount"].sum().astype("float64").reindex(out.index)
    hedged = used[used["participants_qualifier"] == "more_than"]["period"]
    least = (out["n"] < out["n_due"]) | out.index.isin(hedged)
    return out.assign(
        low=out["value"].where(least),
        status=np.where(out["value"].notna(), Status.OK, Status.NOT_REPORTED),
        basis=out["basis_used"].fillna(out["basis"]),
        source=out["source_used"].fillna(out["source"]),
    ).reset_index()


def event_sex_counts(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of events for capacity-building whose record counts women and men.

    Definition
    ----------
    Records with a count of women and one of men (`n`), divided by all records (`n_due`);
    `n_answered` gives the number of people at all.

    Missing data
    ------------
    A record without counts is what this measures: it counts in `n_due`.

    References
    ----------
    Decision MC-4/10 on gender mainstreaming, as named in the note for COP-5 on article 14.
    """
    held = held_by(tables, as_of)
    if held.events.empty:
        return not_loaded(indicator, as_of, NONE, parties=tables["parties"], period=ALL)
    lines = with_all(held.events)
    lines["sexes"] = lines["women"].notna() & lines["men"].notna()
    lines["people"] = lines["participants"].notna() | lines["sexes"]
    by = lines.groupby("period")
    out = evidence(lines, ["period"])
    out["n"], out["n_answered"] = by["sexes"].sum(), by["people"].sum()
    out["n_due"] = by.size()
    out["value"] = share(out["n"], out["n_due"])
    world = out.assign(series="", status=str(Status.OK)).reset_index()

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        used = lines.loc[lines["period"] == period, "event"]
        return with_table("events", tables["events"][tables["events"]["event"].isin(used)])

    rows = of_the_world(world, tables["parties"])
    return Result(indicator, finish(indicator, as_of, rows), held.steps, trace)
