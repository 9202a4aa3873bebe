"""Reporting: the share of Parties due that reported, from reports received or published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from evalkit.indicators.membership import COUNTED, UNKNOWN, Standing, owed_by, within_groups
from evalkit.indicators.published import known_on, latest, told_share
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
from evalkit.methods.shares import share
from evalkit.model import Basis, Indicator, Status, Step
from evalkit.reference.entities import WORLD, groups


def reporting_rate(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of Parties due whose national report had been received by a day, by cycle.

    Definition
    ----------
    Reports received by the day, divided by the Parties bound on the day that decides who
    owed the report of the cycle (`membership_on`). Counted from `submissions` where reports
    of the cycle are loaded, else taken from the latest published count or percentage.

    Missing data
    ------------
    Before the deadline the status is `not_due`, with the counts. Where only a percentage was
    published, the counts stay blank and the bounds are its rounding. Where only counts for
    the world were published, groups and Parties are `not_loaded`. A figure published before
    the deadline is a lower bound after it. So is a share from `submissions` that hold fewer
    reports than were published by the day; a Party that is not among them is `not_loaded`.

    References
    ----------
    Minamata Convention on Mercury, article 21; decision MC-1/8.
    """
    if tables["cycles"].empty or tables["parties"].empty:
        return not_loaded(
            indicator,
            as_of,
            "no reporting cycles or no Parties are loaded",
            parties=tables["parties"],
        )
    rows = []
    invented = rests_on_invented(tables)
    steps = [*(_left_out(tables) if invented else ())]
    for cycle in tables["cycles"].itertuples():
        received = received_by(tables, cycle.cycle, as_of)
        owed = owed_report(tables, cycle, received)
        told = None if invented else latest(tables, "reporting-rate", cycle.cycle, as_of)
        if as_of < cycle.membership_on:
            rows.append(_not_yet(owed, cycle.cycle))
            decided = (
                f"{cycle.cycle}: who owes the report is decided on {cycle.membership_on:%Y-%m-%d}"
            )
            steps.append(Step(decided, 0, 0, of=(cycle.cycle,)))
            continue
        steps.append(
            Step(
                f"Take the Parties bound on {cycle.membership_on:%Y-%m-%d} for {cycle.cycle}",
                len(owed.frame),
                int((owed.frame["standing"] == COUNTED).sum()),
                of=(cycle.cycle,),
            )
        )
        if not (tables["submissions"]["cycle"] == cycle.cycle).any():
            rows.append(_from_published(told, owed, cycle, as_of))
        else:
            rows.append(_from_submissions(owed, received, cycle, as_of, told))
    frame = finish(indicator, as_of, pd.concat(rows, ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        return _trace(tables, entity, period, as_of)

    return Result(indicator, frame, tuple(steps), trace)


def _left_out(tables: Tables) -> tuple[Step, ...]:
    why = "reports are simulated, and figures of real reporting may not be mixed with them"
    return (Step("Leave out published figures of reporting", len(tables["published"]), 0, why),)


def rests_on_invented(tables: Tables) -> bool:
    """Tell whether reports or answers are simulated: no published figure may stand by them."""
    named = [tables[name] for name in ("submissions", "answers") if name in tables]
    return any((rows["basis"] == Basis.SIMULATED).any() for rows in named)


def is_partial(received: pd.DataFrame, told: pd.Series | None) -> bool:
    """Tell whether fewer reports are in the list than were published to have come."""
    return told is not None and pd.notna(told["n"]) and len(received) < told["n"]


def received_by(tables: Tables, cycle: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the reports of a cycle that had been received by a day."""
    rows = tables["submissions"]
    return rows[(rows["cycle"] == cycle) & (rows["submitted_on"] <= as_of)]


def owed_report(tables: Tables, cycle: Any, received: pd.DataFrame) -> Standing:
    """Return who owed the report; a row rests on dates, on the day chosen, and on the report."""
    found = owed_by(tables, cycle.membership_on)
    invented = cycle.basis == Basis.SIMULATED
    day = Basis.SIMULATED if invented else Basis(cycle.membership_basis)
    frame = also_rests_on(found.frame, day, cycle.source)
    if len(received):
        columns = ["iso3", "basis", "source"]
        reports = received.rename(columns={"party": "iso3"})[columns]
        own = frame.reset_index(drop=True)[columns]
        both = group_evidence(pd.concat([own, reports]), ["iso3"]).reindex(frame.index)
        frame = frame.assign(basis=both["basis"], source=both["source"])
    return replace(found, frame=frame)


def _due_counts(owed: Standing) -> pd.DataFrame:
    """Return a row for each group: how many owed the report, blank where that is not known."""
    inside = within_groups(owed)
    bound = inside[inside["standing"] == COUNTED]
    evidence = group_evidence(bound, ["entity"]).reindex(groups())
    counted = bound.groupby("entity").size().reindex(evidence.index, fill_value=0).astype("Int64")
    doubtful = inside[(inside["standing"] == UNKNOWN) & inside["listed_on"].notna()]
    counted[owed.open_ended | counted.index.isin(doubtful["entity"])] = pd.NA
    evidence["basis"] = evidence["basis"].fillna(str(Basis.DERIVED))
    return evidence.assign(n_due=counted).rename_axis("entity").reset_index()


def _each_party(owed: Standing, cycle: str, status: Status) -> pd.DataFrame:
    """Return a row for each State: `status` where it owed the report, else why it did not."""
    frame = owed.frame
    none = np.where(frame["standing"] == UNKNOWN, Status.NOT_LOADED, Status.NOT_PARTY)
    return pd.DataFrame(
        {
            "entity": frame["iso3"].to_numpy(),
            "period": cycle,
            "status": np.where(frame["standing"] == COUNTED, status, none),
            "basis": frame["basis"].to_numpy(),
            "source": frame["source"].to_numpy(),
        }
    )


def _not_yet(owed: Standing, cycle: str) -> pd.DataFrame:
    each = _each_party(owed, cycle, Status.NOT_DUE)
    each["status"] = str(Status.NOT_DUE)
    due = pd.DataFrame({"entity": list(groups())}).assign(
        period=cycle, status=str(Status.NOT_DUE), basis=str(Basis.DERIVED), source=""
    )
    return pd.concat([each, due], ignore_index=True)


def _from_submissions(
    owed: Standing, received: pd.DataFrame, cycle: Any, as_of: pd.Timestamp, told: Any
) -> pd.DataFrame:
    is_due = as_of >= cycle.due_on
    # Fewer reports in the list than were published: whoever is not in it may have reported.
    partial = is_partial(received, told)
    silent = Status.NOT_LOADED if partial else Status.NOT_REPORTED
    each = _each_party(owed, cycle.cycle, silent if is_due else Status.NOT_DUE)
    # Whoever reported without owing it, as a State that is no Party, counts nowhere.
    bound = owed.frame.index[owed.frame["standing"] == COUNTED]
    taken = received[received["party"].isin(bound)]
    reported = each["entity"].isin(taken["party"])
    each.loc[reported, ["status", "value"]] = [str(Status.OK), 1.0]
    inside = memberships(owed.frame).merge(taken, left_on="iso3", right_on="party")
    counts = inside.groupby("entity").size()
    due = _due_counts(owed)
    due["n"] = due["entity"].map(counts).fillna(0).astype("Int64")
    shares = _shares(due, cycle.cycle, is_due)
    if partial:
        shares["low"] = shares["value"]
    return pd.concat([each, shares], ignore_index=True)


def _shares(due: pd.DataFrame, cycle: str, is_due: bool) -> pd.DataFrame:
    value = pd.Series(
        share(due["n"].astype("float64"), due["n_due"].astype("float64")), index=due.index
    )
    known = np.where(value.notna(), Status.OK, Status.INSUFFICIENT)
    return due.assign(
        period=cycle,
        n_answered=due["n"],
        value=value if is_due else np.nan,
        status=known if is_due else str(Status.NOT_DUE),
    )


def _from_published(
    row: pd.Series | None, owed: Standing, cycle: Any, as_of: pd.Timestamp
) -> pd.DataFrame:
    name, due_on = cycle.cycle, cycle.due_on
    without = Status.NOT_DUE if as_of < due_on else Status.NOT_LOADED
    each = _each_party(owed, name, without)
    due = _due_counts(owed).assign(period=name, status=str(without))
    world = due["entity"] == WORLD
    if row is not None:
        n_due = due.loc[world, "n_due"].iloc[0]
        published = told_share(row, n_due if pd.isna(row["n_due"]) else row["n_due"])
        weakest = Basis.weakest([str(published["basis"]), due.loc[world, "basis"].iloc[0]])
        published["basis"] = str(weakest)
        if known_on(row.to_frame().T).iloc[0] < due_on:  # more may have come by the deadline
            published |= {"low": published.get("low", published.get("value")), "high": np.nan}
        if as_of < due_on:
            published |= {"value": np.nan, "low": np.nan, "high": np.nan}
            published["status"] = str(Status.NOT_DUE)
        line = pd.DataFrame([published | {"entity": WORLD, "period": name}])
        due = pd.concat([due[~world], line], ignore_index=True)
    return pd.concat([each, due], ignore_index=True)


def _trace(tables: Tables, entity: str, period: str, as_of: pd.Timestamp) -> pd.DataFrame:
    cycles = tables["cycles"]
    cycle = cycles[cycles["cycle"] == period]
    if cycle.empty:
        return pd.DataFrame({"table": [], "origin": []})
    if as_of < cycle["membership_on"].iloc[0]:  # who will owe it is not decided yet
        return with_table("cycles", cycle)
    owed = owed_by(tables, cycle["membership_on"].iloc[0]).frame
    inside = memberships(tables["parties"])
    members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
    bound = owed[(owed["standing"] == COUNTED) & owed["iso3"].isin(members)]
    published = tables["published"]
    same = (published["indicator"] == "reporting-rate") & (published["period"] == period)
    known = known_on(published) <= as_of
    known &= not rests_on_invented(tables)
    shown = published[same & known & (published["entity"] == entity)]
    received = received_by(tables, period, as_of)
    parts = [
        with_table("cycles", cycle),
        with_table("published", shown),
        with_table("submissions", received[received["party"].isin(members)]),
        with_table("parties", bound),
    ]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)
