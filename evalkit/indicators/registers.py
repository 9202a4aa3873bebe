"""Registers of the Convention: who has an entry, as of a day, and which entries have expired."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.indicators.membership import COUNTED, UNKNOWN, Standing, standing
from evalkit.indicators.published import latest
from evalkit.indicators.reporting import rests_on_invented
from evalkit.indicators.result import (
    Result,
    Tables,
    Trace,
    also_rests_on,
    everybody,
    finish,
    group_evidence,
    memberships,
    not_loaded,
    with_table,
)
from evalkit.methods.shares import bounds, share
from evalkit.model import Basis, Indicator, Status, Step
from evalkit.reference.entities import WORLD, groups

NOTIFICATION = "asgm_notification"
YES, NO, UNSURE = "yes", "no", "unsure"
WANTED = {"all": (True, True), "in_effect": (True, False), "expired": (False, True)}


@dataclass(frozen=True)
class Register:
    """The entries of a register as of a day.

    Parameters
    ----------
    rows : DataFrame
        Entries with `known` (entered by the day, surely), `maybe` (perhaps entered by then) and
        `expired` (True, False, or missing where the day of expiry was not found).
    whole : bool
        Whether the list is known to be complete on the day.
    """

    rows: pd.DataFrame
    whole: bool

    def has(self, parties: pd.Series, state: str = "all") -> pd.Series:
        """Return for each State whether it has an entry of a kind: yes, no or unsure.

        Parameters
        ----------
        parties : Series of str
            ISO3 codes.
        state : str
            all, in_effect or expired.
        """
        rows = self.rows
        live, gone = WANTED[state]
        fits = (rows["expired"] & gone) | (~rows["expired"] & live)
        surely = rows["known"] & fits.fillna(live and gone).astype("bool")
        perhaps = (rows["known"] | rows["maybe"]) & fits.fillna(True).astype("bool")
        sure = parties.isin(rows.loc[surely, "party"])
        may = parties.isin(rows.loc[perhaps, "party"]) | (not self.whole)
        found = np.select([sure, may], [YES, UNSURE], NO)
        return pd.Series(found, index=parties.index)


def register(tables: Tables, name: str, as_of: pd.Timestamp) -> Register:
    """Return a register as of a day.

    An entry without a day of its own counts from the day its source speaks of; where that is
    not known, from the latest day that any source speaks of, since it was read by then. A list
    is whole only where `completeness` says so, under the register's name.
    """
    rows = tables["registrations"]
    rows = rows[rows["register"] == name]
    if rows.empty:
        none = rows.assign(known=False, maybe=False, expired=pd.array([], dtype="boolean"))
        return Register(none, whole=False)
    days = tables["sources"].set_index("source")["as_of"]
    told = rows["source"].str.split().str[0].map(days).astype("datetime64[s]")
    read_on = told.fillna(days.max())
    known_on = rows["dated_on"].fillna(read_on)
    year_end = pd.to_datetime(
        rows["expires_year"].astype("str") + "-12-31", format="%Y-%m-%d", errors="coerce"
    ).astype("datetime64[s]")
    ends = rows["expires_on"].fillna(year_end)
    expired = (ends < as_of).astype("boolean").mask(ends.isna())
    out = rows.assign(
        known=known_on <= as_of,
        maybe=rows["dated_on"].isna() & (known_on > as_of),
        expired=expired,
    )
    limit = tables["completeness"].set_index("table")["complete_to"].get(name)
    return Register(out, whole=limit is not None and as_of <= limit)


def first_day(found: Register, iso3: pd.Series) -> pd.Series:
    """Return the day of each State's first entry; missing where none, or none has a day."""
    known = found.rows[found.rows["known"]]
    if known.empty:
        return pd.Series(pd.NaT, index=iso3.index, dtype="datetime64[s]")
    return iso3.map(known.groupby("party")["dated_on"].min()).astype("datetime64[s]")


def register_count(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Count the Parties with an entry in a register of the Convention, by group.

    Definition
    ----------
    Parties with at least one entry by the day: of any kind, in effect, or expired (`state`).
    An exemption of which only the year is known expires at its end. Where no entry is loaded,
    the world's count is the latest that somebody published.

    Missing data
    ------------
    A list that is not known to be whole gives a lower bound, and a Party that is not in it is
    not_loaded. In a whole list that Party is zero.

    References
    ----------
    Minamata Convention on Mercury, articles 3, 6, 7, 8, 17 and 20.
    """
    name, state = indicator.arguments["register"], indicator.arguments.get("state", "all")
    parties = tables["parties"]
    found = register(tables, name, as_of)
    if found.rows.empty:
        return _told_count(tables, as_of, indicator)
    has = found.has(parties["iso3"], state)
    each = _each(parties, found, has)
    inside = memberships(parties).merge(
        pd.DataFrame({"iso3": parties["iso3"], "has": has}), on="iso3"
    )
    yes = _per_group(inside, inside["has"] == YES)
    unsure = _per_group(inside, inside["has"] == UNSURE)
    exact = np.full(len(yes), found.whole) & (unsure == 0)
    value = yes.astype("float64")
    rows = pd.DataFrame(
        {
            "entity": list(groups()),
            "value": value,
            "low": np.where(exact, np.nan, value),
            "high": np.where(exact | (not found.whole), np.nan, value + unsure),
            "n": yes,
            "status": str(Status.OK),
        }
    )
    rows = _with_ground(rows, parties, found)
    frame = finish(indicator, as_of, pd.concat([each, rows], ignore_index=True))
    return Result(indicator, frame, _steps(tables, found, name), _tracer(tables, found))


def register_share(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of the Parties bound on the day that have an entry in a register.

    Definition
    ----------
    Parties with an entry by the day, divided by the Parties bound on it. `n_answered` counts
    those of which it is known whether they have one.

    Missing data
    ------------
    Where the list is not known to be whole, a Party that is not in it is not_loaded, and the
    upper bound counts it. Where it is not known how many were bound, insufficient.

    References
    ----------
    Minamata Convention on Mercury, articles 17 and 20.
    """
    name, parties = indicator.arguments["register"], tables["parties"]
    found = register(tables, name, as_of)
    if found.rows.empty or parties.empty:
        why = f"no entry of the register {name} is loaded"
        return not_loaded(indicator, as_of, why, parties=parties)
    bound = standing(tables, "in_force_on", as_of)
    has = found.has(parties["iso3"])
    counted = bound.frame["standing"].to_numpy() == COUNTED
    each = _each(parties, found, has)
    away = np.where(bound.frame["standing"] == UNKNOWN, Status.NOT_LOADED, Status.NOT_PARTY)
    each["status"] = np.where(counted, each["status"], away)
    each["value"] = each["value"].where(each["status"] == Status.OK)
    each = _also_bound(each, bound.frame)
    rows = _shares(parties, found, has, bound)
    frame = finish(indicator, as_of, pd.concat([each, rows], ignore_index=True))
    trace = _tracer(tables, found, set(parties["iso3"][counted]))
    return Result(indicator, frame, _steps(tables, found, name), trace)


def _also_bound(each: pd.DataFrame, bound: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of States resting on their own days as well: those say who was bound."""
    columns = ["entity", "basis", "source"]
    days = bound.reset_index(drop=True).rename(columns={"iso3": "entity"})[columns]
    both = group_evidence(pd.concat([each[columns], days], ignore_index=True), ["entity"])
    own = both.reindex(each["entity"])
    return each.assign(basis=own["basis"].to_numpy(), source=own["source"].to_numpy())


def _shares(
    parties: pd.DataFrame, found: Register, has: pd.Series, bound: Standing
) -> pd.DataFrame:
    state = bound.frame.reset_index(drop=True)
    inside = memberships(parties).merge(
        state[["iso3", "standing", "listed_on"]].assign(has=has.to_numpy()), on="iso3"
    )
    due = inside["standing"] == COUNTED
    n = _per_group(inside, due & (inside["has"] == YES))
    answered = _per_group(inside, due & (inside["has"] != UNSURE))
    n_due = _per_group(inside, due)
    doubt = _per_group(inside, (inside["standing"] == UNKNOWN) & inside["listed_on"].notna())
    sure = (doubt == 0) & (n_due > 0) & (not bound.open_ended)
    low, high = bounds(n, answered, n_due)
    rows = pd.DataFrame(
        {
            "entity": list(groups()),
            "value": np.where(sure, share(n, n_due), np.nan),
            "low": np.where(sure, low, np.nan),
            "high": np.where(sure, high, np.nan),
            "n": n,
            "n_answered": answered,
            "n_due": pd.Series(n_due).astype("Int64").where(sure).to_numpy(dtype="object"),
            "status": np.where(sure, str(Status.OK), str(Status.INSUFFICIENT)),
        }
    )
    rows = _with_ground(rows, parties, found)
    dated = state[state["standing"] == COUNTED]
    basis = Basis.weakest(list(dated["basis"].unique()))
    sources = " ".join(sorted({one for s in dated["source"].unique() for one in s.split()}))
    return also_rests_on(rows, basis, sources)


def _per_group(inside: pd.DataFrame, counts: pd.Series) -> npt.NDArray[np.int64]:
    found = inside[counts].groupby("entity").size()
    return np.asarray(found.reindex(list(groups()), fill_value=0), dtype="int64")


def _each(parties: pd.DataFrame, found: Register, has: pd.Series) -> pd.DataFrame:
    """Return a row for each State: one, zero in a whole list, else not loaded."""
    own = group_evidence(found.rows, ["party"]).reindex(parties["iso3"])
    every = group_evidence(found.rows.assign(all="all"), ["all"]).iloc[0]
    status = np.where(has == UNSURE, str(Status.NOT_LOADED), str(Status.OK))
    return pd.DataFrame(
        {
            "entity": parties["iso3"].to_numpy(),
            "value": np.select([has == YES, has == NO], [1.0, 0.0], np.nan),
            "status": status,
            "basis": own["basis"].fillna(every["basis"]).to_numpy(),
            "source": own["source"].fillna(every["source"]).to_numpy(),
        }
    )


def _with_ground(rows: pd.DataFrame, parties: pd.DataFrame, found: Register) -> pd.DataFrame:
    """Return rows of groups with what they rest on: their entries, a zero on the whole list."""
    lines = memberships(parties).merge(found.rows, left_on="iso3", right_on="party")
    own = group_evidence(lines, ["entity"]).reindex(rows["entity"])
    every = group_evidence(found.rows.assign(all="all"), ["all"]).iloc[0]
    return rows.assign(
        basis=own["basis"].fillna(every["basis"]).to_numpy(),
        source=own["source"].fillna(every["source"]).to_numpy(),
    )


def _steps(tables: Tables, found: Register, name: str) -> tuple[Step, ...]:
    rows = found.rows
    steps = [
        Step(f"Take the entries of the register {name}", len(tables["registrations"]), len(rows)),
        Step("Keep those entered by the day", len(rows), int(rows["known"].sum())),
    ]
    undated = rows[rows["dated_on"].isna()]
    if len(undated):
        why = "they count from the day of their source, or from the latest day of any source"
        steps.append(Step("Use entries without a day", len(undated), len(undated), why))
    if not found.whole:
        why = "the list is not known to be complete, so counts are lower bounds"
        steps.append(Step("Take the list as not complete", len(rows), len(rows), why))
    return tuple(steps)


def _tracer(tables: Tables, found: Register, bound: set[str] | None = None) -> Trace:
    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        inside = memberships(tables["parties"])
        members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
        members = members if bound is None else members & bound
        rows = found.rows[found.rows["party"].isin(members) & found.rows["known"]]
        entries = with_table("registrations", rows[list(tables["registrations"].columns)])
        if bound is None:
            return entries
        parties = tables["parties"]
        dated = with_table("parties", parties[parties["iso3"].isin(members)])
        return pd.concat([part for part in (entries, dated) if len(part)] or [entries])

    return trace


def _told_count(tables: Tables, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Return the world's count as last published; everybody else is not loaded."""
    name = indicator.arguments["register"]
    why = f"no entry of the register {name} is loaded"
    invented = rests_on_invented(tables)
    row = None if invented else latest(tables, indicator.id, "", as_of)
    if row is None or pd.isna(row["n"]):
        return not_loaded(indicator, as_of, why, parties=tables["parties"])
    world = pd.DataFrame(
        [{"entity": WORLD, "value": float(row["n"]), "low": float(row["n"]), "n": row["n"]}]
    ).assign(status=str(Status.OK), basis=row["basis"], source=row["source"])
    others = [one for one in everybody(tables["parties"]) if one != WORLD]
    blank = pd.DataFrame({"entity": others}).assign(
        status=str(Status.NOT_LOADED), basis=str(Basis.MISSING)
    )
    frame = finish(indicator, as_of, pd.concat([world, blank], ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        hit = tables["published"].loc[[row.name] if entity == WORLD else []]
        return with_table("published", hit)

    steps = (
        Step(why, 0, 0),
        Step("Take the latest published count, a lower bound since", len(tables["published"]), 1),
    )
    return Result(indicator, frame, steps, trace)
