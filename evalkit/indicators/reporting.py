"""Reporting and focal points: shares of Parties due, from reports received or published."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evalkit.indicators.membership import COUNTED, UNKNOWN, Standing, owed_by
from evalkit.indicators.result import (
    Result,
    Tables,
    finish,
    group_evidence,
    memberships,
    with_table,
)
from evalkit.methods.shares import rounding_interval, share
from evalkit.model import Basis, Indicator, Status, Step
from evalkit.reference.entities import WORLD


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
    the world were published, groups and Parties are `not_loaded`.

    References
    ----------
    Minamata Convention on Mercury, article 21; decision MC-1/8.
    """
    rows = []
    steps: list[Step] = []
    for cycle in tables["cycles"].itertuples():
        owed = owed_by(tables, cycle.membership_on)
        received = _received(tables, cycle.cycle, as_of)
        steps.append(
            Step(
                f"Take the Parties bound on {cycle.membership_on:%Y-%m-%d} for {cycle.cycle}",
                len(owed.frame),
                int((owed.frame["standing"] == COUNTED).sum()),
            )
        )
        if as_of < cycle.membership_on:
            rows.append(_not_yet(owed, cycle.cycle))
        elif received.empty:
            rows.append(_from_published(tables, owed, cycle, as_of))
        else:
            rows.append(_from_submissions(owed, received, cycle, as_of))
    frame = finish(indicator, as_of, pd.concat(rows, ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        return _trace(tables, entity, period, as_of)

    return Result(indicator, frame, tuple(steps), trace)


def _received(tables: Tables, cycle: str, as_of: pd.Timestamp) -> pd.DataFrame:
    rows = tables["submissions"]
    return rows[(rows["cycle"] == cycle) & (rows["submitted_on"] <= as_of)]


def _due_counts(owed: Standing) -> pd.DataFrame:
    frame = owed.frame[owed.frame["standing"] == COUNTED].reset_index(drop=True)
    inside = memberships().merge(frame, on="iso3")
    counted = inside.groupby("entity").size().astype("Int64")
    if owed.open_ended:  # where the list of Parties is not complete, how many owed is not known
        counted[:] = pd.NA
    return group_evidence(inside, ["entity"]).assign(n_due=counted).reset_index()


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
    groups = _due_counts(owed)[["entity"]].assign(
        period=cycle, status=str(Status.NOT_DUE), basis=str(Basis.DERIVED), source=""
    )
    return pd.concat([each, groups], ignore_index=True)


def _from_submissions(
    owed: Standing, received: pd.DataFrame, cycle: Any, as_of: pd.Timestamp
) -> pd.DataFrame:
    is_due = as_of >= cycle.due_on
    each = _each_party(owed, cycle.cycle, Status.NOT_REPORTED if is_due else Status.NOT_DUE)
    reported = each["entity"].isin(received["party"])
    each.loc[reported, ["status", "value"]] = [str(Status.OK), 1.0]
    inside = memberships().merge(received, left_on="iso3", right_on="party")
    bound = owed.frame.index[owed.frame["standing"] == COUNTED]
    counts = inside[inside["iso3"].isin(bound)].groupby("entity").size()
    groups = _due_counts(owed)
    groups["n"] = groups["entity"].map(counts).fillna(0).astype("Int64")
    return pd.concat([each, _shares(groups, cycle.cycle, is_due)], ignore_index=True)


def _shares(groups: pd.DataFrame, cycle: str, is_due: bool) -> pd.DataFrame:
    value = pd.Series(
        share(groups["n"].astype("float64"), groups["n_due"].astype("float64")), index=groups.index
    )
    known = np.where(value.notna(), Status.OK, Status.INSUFFICIENT)
    return groups.assign(
        period=cycle,
        n_answered=groups["n"],
        value=value if is_due else np.nan,
        status=known if is_due else str(Status.NOT_DUE),
    )


def _latest(tables: Tables, indicator: str, period: str, as_of: pd.Timestamp) -> pd.Series | None:
    """Return the latest published row up to a day; hedged ones are left out, stated ones win."""
    rows = tables["published"]
    rows = rows.assign(known_on=_known_on(rows))
    rows = rows[
        (rows["indicator"] == indicator)
        & (rows["entity"] == WORLD)
        & (rows["period"] == period)
        & (rows["known_on"] <= as_of)
        & (rows["qualifier"] != "more_than")
        & (rows["n_qualifier"].isin(["", "exact"]))
        & (rows["n"].notna() | rows["value"].notna())
    ]
    stated = rows.assign(stated=rows["basis"] == Basis.REPORTED)
    return None if rows.empty else stated.sort_values(["stated", "known_on"]).iloc[-1]


def _known_on(rows: pd.DataFrame) -> pd.Series:
    """Return the day by which a figure was surely known: the end of its month or year."""
    days = rows["as_of"]
    month_ends = days + pd.offsets.MonthEnd(0)
    year_ends = days + pd.offsets.YearEnd(0)
    known = days.where(rows["precision"] != "month", month_ends)
    return known.where(rows["precision"] != "year", year_ends).astype("datetime64[s]")


def _day_told(row: pd.Series) -> str:
    """Return the day a figure speaks of, no more exactly than it was published."""
    form = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[row["precision"]]
    return str(row["as_of"].strftime(form))


def _from_published(
    tables: Tables, owed: Standing, cycle: Any, as_of: pd.Timestamp
) -> pd.DataFrame:
    name, due_on = cycle.cycle, cycle.due_on
    each = _each_party(owed, name, Status.NOT_LOADED)
    groups = _due_counts(owed).assign(period=name, status=str(Status.NOT_LOADED))
    row = _latest(tables, "reporting-rate", name, as_of)
    world = groups["entity"] == WORLD
    if row is not None:
        due = groups.loc[world, "n_due"].iloc[0]
        published = _published_share(row, due if pd.isna(row["n_due"]) else row["n_due"])
        weakest = Basis.weakest([str(published["basis"]), groups.loc[world, "basis"].iloc[0]])
        published["basis"] = str(weakest)
        if as_of < due_on:
            published |= {"value": np.nan, "low": np.nan, "high": np.nan}
            published["status"] = str(Status.NOT_DUE)
        line = pd.DataFrame([published | {"entity": WORLD, "period": name}])
        groups = pd.concat([groups[~world], line], ignore_index=True)
    elif as_of < due_on:
        groups["status"] = str(Status.NOT_DUE)
    return pd.concat([each, groups], ignore_index=True)


def _published_share(row: pd.Series, n_due: object) -> dict[str, object]:
    out: dict[str, object] = {"status": str(Status.OK), "source": row["source"], "n_due": n_due}
    bases = [str(row["basis"]), str(row["counts_basis"] or Basis.REPORTED)]
    if pd.notna(row["n"]) and pd.notna(n_due):
        n = int(row["n"])
        return out | {
            "value": float(share(n, float(str(n_due)))),
            "n": n,
            "n_answered": n,
            "basis": str(Basis.weakest(bases)),
        }
    if pd.isna(row["value"]):
        return out | {"status": str(Status.INSUFFICIENT), "n": row["n"], "basis": row["basis"]}
    low, high = rounding_interval(float(row["value"]), _decimals(float(row["value"])))
    return out | {
        "value": float(row["value"]) / 100,
        "low": low,
        "high": high,
        "basis": str(row["basis"]),
    }


def _decimals(percent: float) -> int:
    return len(f"{percent:.6f}".rstrip("0").split(".")[1])


def published_share(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share that somebody published, with the counts as far as they were published.

    Definition
    ----------
    The latest published figure on or before the day; `period` is the day it speaks of. Where
    counts were published or fit it, the value is their quotient.

    Missing data
    ------------
    Before the first published figure, and for groups and Parties, `not_loaded`: no list of
    the single entries is loaded.

    References
    ----------
    Minamata Convention on Mercury, article 17, paragraph 4.
    """
    name = indicator.arguments["indicator"]
    row = _latest(tables, name, "", as_of)
    rows = tables["published"]
    world: dict[str, object]
    if row is None:
        world = {"entity": WORLD, "status": str(Status.NOT_LOADED), "basis": str(Basis.MISSING)}
    else:
        world = {"entity": WORLD, "period": _day_told(row), **_published_share(row, row["n_due"])}
    inside = memberships()
    others = pd.concat([inside["iso3"], inside["entity"]]).drop_duplicates()
    blank = pd.DataFrame({"entity": others[others != WORLD]}).assign(
        status=str(Status.NOT_LOADED), basis=str(Basis.MISSING)
    )
    frame = finish(indicator, as_of, pd.concat([pd.DataFrame([world]), blank], ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        same = (rows["indicator"] == name) & (rows["entity"] == entity)
        return with_table("published", rows[same & (_known_on(rows) <= as_of)])

    taken = 0 if row is None else 1
    steps = (Step("Take the latest published figure up to the day", len(rows), taken),)
    return Result(indicator, frame, steps, trace)


def _trace(tables: Tables, entity: str, period: str, as_of: pd.Timestamp) -> pd.DataFrame:
    cycles = tables["cycles"]
    cycle = cycles[cycles["cycle"] == period]
    if cycle.empty:
        return pd.DataFrame({"table": [], "origin": []})
    owed = owed_by(tables, cycle["membership_on"].iloc[0]).frame
    inside = memberships()
    members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
    bound = owed[(owed["standing"] == COUNTED) & owed["iso3"].isin(members)]
    published = tables["published"]
    same = (published["indicator"] == "reporting-rate") & (published["period"] == period)
    known = _known_on(published) <= as_of
    shown = published[same & known & (published["entity"] == entity)]
    received = _received(tables, period, as_of)
    parts = [
        with_table("cycles", cycle),
        with_table("published", shown),
        with_table("submissions", received[received["party"].isin(members)]),
        with_table("parties", bound),
    ]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)
