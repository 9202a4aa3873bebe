"""Whom events for capacity-building reached: the share of Parties that took part in one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.indicators.dated_rows import ALL, EVIDENCE, evidence
from evalkit.indicators.events import NONE, held_by
from evalkit.indicators.membership import COUNTED, UNKNOWN, Standing, owed_by
from evalkit.indicators.result import (
    Result,
    Tables,
    finish,
    memberships,
    not_loaded,
    with_table,
)
from evalkit.methods.shares import share
from evalkit.model import Basis, Indicator, Status
from evalkit.reference.entities import groups


def parties_reached(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of Parties that took part in at least one event for capacity-building, or hosted one.

    Definition
    ----------
    Parties named in a list of countries of an event held by the day, or host of one, divided
    by the Parties bound on the day; of the world, the regions, the least developed countries
    and the small island developing States.

    Missing data
    ------------
    A Party that no list names may have taken part in an event that lists none: its status is
    `not_loaded`, and the share runs up to 1; a group of which nobody is named is `not_loaded`
    as well. Parties that exist and are not identified widen
    the interval downwards.

    References
    ----------
    Minamata Convention on Mercury, article 14, paragraph 1.
    """
    held = held_by(tables, as_of)
    if held.events.empty or tables["parties"].empty:
        return not_loaded(indicator, as_of, NONE, parties=tables["parties"], period=ALL)
    bound = owed_by(tables, as_of)
    part = held.took_part.merge(
        held.events[["event", *EVIDENCE]], on="event", suffixes=("", "_event")
    )
    own = part.rename(columns={"basis_event": "x_basis", "source_event": "x_source"})
    lines = pd.concat(
        [
            own[["iso3", *EVIDENCE]],
            own[["iso3", "x_basis", "x_source"]].set_axis(["iso3", *EVIDENCE], axis=1),
        ]
    )
    whole = bool(held.events["whole"].all())
    rows = pd.concat(
        [_each_reached(bound, lines, whole), _groups_reached(tables, bound, lines, whole)],
        ignore_index=True,
    )

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        inside = memberships(tables["parties"])
        members = {*inside.loc[inside["entity"] == entity, "iso3"], entity}
        counted = bound.frame[bound.frame["standing"] == COUNTED]
        mine = counted[counted["iso3"].isin(members)]
        seen = held.took_part[held.took_part["iso3"].isin(mine["iso3"])]["event"]
        events = tables["events"][tables["events"]["event"].isin(seen)]
        named = tables["event_countries"]
        named = named[named["event"].isin(seen) & named["country"].isin(mine["iso3"])]
        parts = {"parties": mine, "events": events, "event_countries": named}
        shown = [with_table(name, one) for name, one in parts.items() if len(one)]
        return pd.concat(shown or [with_table("parties", mine)], ignore_index=True)

    return Result(indicator, finish(indicator, as_of, rows), held.steps, trace)


def _each_reached(bound: Standing, lines: pd.DataFrame, whole: bool) -> pd.DataFrame:
    frame = bound.frame.reset_index(drop=True)
    own = pd.concat([frame[["iso3", *EVIDENCE]], lines])
    rests = evidence(own[own["iso3"].isin(frame["iso3"])], ["iso3"]).reindex(frame["iso3"])
    is_party = (frame["standing"] == COUNTED).to_numpy()
    reached = frame["iso3"].isin(lines["iso3"]).to_numpy()
    value = np.where(reached, 1.0, 0.0 if whole else np.nan)
    silent = np.where(frame["standing"] == UNKNOWN, Status.NOT_LOADED, Status.NOT_PARTY)
    status = np.where(np.isnan(value), Status.NOT_LOADED, Status.OK)
    return pd.DataFrame(
        {
            "entity": frame["iso3"],
            "period": ALL,
            "value": np.where(is_party, value, np.nan),
            "status": np.where(is_party, status, silent),
            "basis": rests["basis"].to_numpy(),
            "source": rests["source"].to_numpy(),
        }
    )


def _groups_reached(
    tables: Tables, bound: Standing, lines: pd.DataFrame, whole: bool
) -> pd.DataFrame:
    frame = bound.frame.reset_index(drop=True)
    inside = memberships(frame).merge(frame.drop(columns="region"), on="iso3")
    counted = inside[inside["standing"] == COUNTED]
    reached = counted[counted["iso3"].isin(lines["iso3"])]
    doubtful = inside[(inside["standing"] == UNKNOWN) & inside["listed_on"].notna()]
    own = pd.concat(
        [
            counted[["entity", *EVIDENCE]],
            reached[["entity", "iso3"]].merge(lines, on="iso3")[["entity", *EVIDENCE]],
        ]
    )
    out = pd.DataFrame({"entity": list(groups())})
    for name, rows in (("n", reached), ("n_due", counted), ("extra", doubtful)):
        out[name] = out["entity"].map(rows.groupby("entity").size()).fillna(0).astype("int64")
    missing = tables["completeness"]
    missing = missing.loc[missing["table"] == "parties", "unidentified"].sum()
    extra = out["extra"] + (int(missing) if bound.open_ended else 0)
    value = share(out["n"], out["n_due"])
    least = share(out["n"], out["n_due"] + extra)
    most = 1.0 if not whole else share(out["n"] + extra, out["n_due"] + extra)
    bounds = pd.Series(~np.isnan(value)) & ((extra > 0) | (not whole))
    out = out.join(evidence(own, ["entity"]), on="entity")
    # Where no list names anybody, nothing is known: that is not "nobody was reached".
    silent = (out["n"] == 0) & (out["n_due"] > 0) & (not whole)
    value, bounds = np.where(silent, np.nan, value), bounds & ~silent
    status = np.where(np.isnan(value), Status.INSUFFICIENT, Status.OK)
    return out.assign(
        period=ALL,
        value=value,
        low=pd.Series(least).where(bounds),
        high=pd.Series(most, index=out.index).where(bounds),
        n_answered=out["n_due"] if whole else out["n"],
        status=np.where(silent, Status.NOT_LOADED, status),
        basis=out["basis"].fillna(str(Basis.DERIVED)),
        source=out["source"].fillna(""),
    ).drop(columns="extra")
