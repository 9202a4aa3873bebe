"""Membership: who had signed, deposited or was bound on a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.indicators.prepared import prepared
from evalkit.indicators.published import latest
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
from evalkit.model import Basis, Indicator, Status, Step
from evalkit.reference.entities import WORLD

WAIT = pd.Timedelta(days=90)  # from deposit to entry into force: article 31, paragraph 2
COUNTED, ABSENT, UNKNOWN = "counted", "absent", "unknown"


@dataclass(frozen=True)
class Standing:
    """Each State's standing on a day.

    Parameters
    ----------
    frame : DataFrame
        The table `parties` with `standing` (counted, absent or unknown) and the basis of
        that standing in `basis`.
    open_ended : bool
        Whether Parties are known to exist that the table can't name on that day.
    """

    frame: pd.DataFrame
    open_ended: bool


def standing(tables: Tables, event: str, as_of: pd.Timestamp) -> Standing:
    """Return who had signed, deposited or was bound on a day.

    A State counts when its day has come. A Party whose day was not found counts from the
    day on which a source lists it (bound 90 days later at the latest), is absent up to the
    day on which a published total leaves no room for it, and is unknown between. A State
    without any date is absent as far as the table is known to be complete and unknown after.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Needs `parties` and `completeness`.
    event : str
        Column of `parties`: signed_on, deposited_on or in_force_on.
    as_of : Timestamp
        The day.

    Returns
    -------
    Standing
        One row for each State or organisation, by ISO3; shared by all that ask of the same
        `Prepared`, and not to be changed.
    """
    key = ("standing", event, as_of)
    return prepared(tables).once(key, lambda: _standing(tables, event, as_of))


def _standing(tables: Tables, event: str, as_of: pd.Timestamp) -> Standing:
    parties = tables["parties"].set_index("iso3", drop=False)
    counted = parties[event] <= as_of
    state = pd.Series(np.where(counted, COUNTED, ABSENT), index=parties.index)
    basis = parties["basis"].copy()
    if event == "signed_on":
        # The days of signature were reported, whatever the row says of the other days.
        basis[basis != Basis.SIMULATED] = str(Basis.REPORTED)
        return Standing(parties.assign(standing=state, basis=basis), open_ended=False)
    listed = parties["listed_on"].notna()
    certain_on = parties["listed_on"] + (WAIT if event == "in_force_on" else pd.Timedelta(0))
    state[listed] = UNKNOWN
    state[listed & (parties["absent_until"] >= as_of)] = ABSENT
    state[listed & (certain_on <= as_of)] = COUNTED
    basis[listed & (basis != Basis.SIMULATED)] = str(Basis.INFERRED)
    limit = _complete_to(tables)
    no_date = parties["deposited_on"].isna() & ~listed
    beyond = as_of > limit
    if beyond:
        state[no_date] = UNKNOWN
    return Standing(parties.assign(standing=state, basis=basis), open_ended=bool(beyond))


def within_groups(found: Standing) -> pd.DataFrame:
    """Return a row for each State and group it is in, with its standing and what that rests on."""
    columns = ["iso3", "standing", "listed_on", "basis", "source"]
    frame = found.frame[columns].reset_index(drop=True)
    return memberships(found.frame).merge(frame, on="iso3")


def _complete_to(tables: Tables) -> pd.Timestamp:
    rows = tables["completeness"]
    limit = rows.loc[rows["table"] == "parties", "complete_to"]
    return limit.iloc[0] if len(limit) else pd.Timestamp.max


def owed_by(tables: Tables, day: pd.Timestamp) -> Standing:
    """Return who was bound on the day that decides who owes something."""
    return standing(tables, "in_force_on", day)


def count_by_day(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Count the States for which an event had come by a day, in the world and by group.

    Definition
    ----------
    The number of States and regional economic integration organisations that had signed,
    deposited their instrument, or were bound, on the day.

    Missing data
    ------------
    A State whose day was not found is `not_loaded` where its standing is unknown; a group
    then has `low` equal to the value and `high` with all unknown ones counted, or blank when
    further States may have joined that are not identified. Then a published total that is
    larger than the list stands for the world, plus what the list has of later days.

    References
    ----------
    Minamata Convention on Mercury, articles 29, 30 and 31.
    """
    event = indicator.arguments["event"]
    if tables["parties"].empty:
        return not_loaded(
            indicator, as_of, "no list of Parties is loaded", parties=tables["parties"]
        )
    found = standing(tables, event, as_of)
    each = _each_state(found.frame)
    told, total = _larger_total(tables, found, indicator, as_of)
    groups = _raised(_groups(found), told, total)
    counted = found.frame[found.frame["standing"] == COUNTED]

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        inside = memberships(found.frame)
        members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
        rows = found.frame if entity in found.frame.index else counted
        mine = with_table("parties", rows[rows["iso3"].isin(members)])
        if entity != WORLD or told.empty:
            return mine
        return pd.concat([with_table("published", told), mine], ignore_index=True)

    steps = (
        Step(f"Take the States whose {event} is on or before the day", len(each), len(counted)),
        *_doubts(found),
        *(Step("Take the published total of the world, which is larger", 1, 1) for _ in told.index),
    )
    rows = pd.concat([each, groups], ignore_index=True)
    return Result(indicator, finish(indicator, as_of, rows), steps, trace)


def _each_state(frame: pd.DataFrame) -> pd.DataFrame:
    counted = frame["standing"] == COUNTED
    none = np.where(frame["standing"] == UNKNOWN, Status.NOT_LOADED, Status.NOT_PARTY)
    return pd.DataFrame(
        {
            "entity": frame["iso3"].to_numpy(),
            "value": np.where(counted, 1.0, np.nan),
            "status": np.where(counted, Status.OK, none),
            "basis": frame["basis"].to_numpy(),
            "source": frame["source"].to_numpy(),
        }
    )


def _groups(found: Standing) -> pd.DataFrame:
    inside = within_groups(found)
    inside["counted"] = inside["standing"] == COUNTED
    inside["unknown"] = (inside["standing"] == UNKNOWN) & inside["listed_on"].notna()
    sums = inside.groupby("entity")[["counted", "unknown"]].sum().astype("int64")
    rows = sums.join(group_evidence(inside[inside["counted"]], ["entity"])).reset_index()
    doubtful = (rows["unknown"] > 0) | found.open_ended
    value = rows["counted"].astype("float64")
    high = value + rows["unknown"] if not found.open_ended else np.nan
    return rows.assign(
        value=value,
        low=value.where(doubtful),
        high=pd.Series(high, index=rows.index).where(doubtful),
        n=rows["counted"],
        n_answered=pd.NA,
        status=str(Status.OK),
        basis=rows["basis"].fillna(str(Basis.REPORTED)),
        source=rows["source"].fillna(""),
    )[["entity", "value", "low", "high", "n", "status", "basis", "source"]]


def _larger_total(
    tables: Tables, found: Standing, indicator: Indicator, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, float]:
    """Return the published total that exceeds an incomplete list, and the world's count by it.

    The row is that of `published`, none where no total is larger; to the count is added what
    the list itself has of later days.
    """
    none = (pd.DataFrame(), 0.0)
    if not found.open_ended or "published" not in tables:
        return none
    row = latest(tables, indicator.id, "", as_of)
    if row is None or pd.isna(row["value"]):
        return none
    when = found.frame[indicator.arguments["event"]]
    total = row["value"] + ((when > row["as_of"]) & (when <= as_of)).sum()
    counted = (found.frame["standing"] == COUNTED).sum()
    return (tables["published"].loc[[row.name]], float(total)) if total > counted else none


def _raised(groups: pd.DataFrame, told: pd.DataFrame, total: float) -> pd.DataFrame:
    """Return the rows of groups with the world's count raised to a larger published total."""
    if told.empty:
        return groups
    row, world = told.iloc[0], groups["entity"] == WORLD
    rested = also_rests_on(groups[world], Basis(row["basis"]), str(row["source"]))
    raised = rested.assign(value=total, low=total, n=int(total))
    return pd.concat([groups[~world], raised], ignore_index=True)


def _doubts(found: Standing) -> tuple[Step, ...]:
    frame = found.frame
    counted = frame[frame["standing"] == COUNTED]
    steps = []
    memory = counted[counted["basis"] == Basis.MEMORY]
    if len(memory):
        names = ", ".join(memory["iso3"])
        reason = f"dates from memory, not checked against the depositary: {names}"
        steps.append(Step("Count dates from memory", len(memory), len(memory), reason))
    unknown = frame[(frame["standing"] == UNKNOWN) & frame["listed_on"].notna()]
    if len(unknown):
        reason = f"day not found, so unknown on this day: {', '.join(unknown['iso3'])}"
        steps.append(Step("Leave out Parties whose day was not found", len(unknown), 0, reason))
    if found.open_ended:
        reason = "the list of Parties is not complete on this day, so the count is a lower bound"
        steps.append(Step("Give the count as a lower bound", len(counted), len(counted), reason))
    return tuple(steps)
