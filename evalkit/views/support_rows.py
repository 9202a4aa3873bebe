"""What the page on money picks out of results: ways of attribution, rankings, parts, needs."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities

ALL, NO_YEAR = "all", "no-year"
EVEN, FULL = "equal-split", "full-count"
ATTRIBUTIONS = (EVEN, FULL, "single-country")
DECLARED = "declared"  # how the names of series of declared shares begin
APART = (entities.UNATTRIBUTED, "GLOBAL", "REGIONAL")  # lines that are no country
NOWHERE = "NONE"  # named countries of no regional group, in rows of flows
KEY = ["series", "period"]


def attributions(rows: pd.DataFrame) -> list[str]:
    """Return the ways of attribution that results hold, the default one first.

    Declared shares are among them where a series of them was computed.
    """
    there = set(rows["series"].unique())
    declared = sorted(name for name in there if name.startswith(DECLARED))
    return [name for name in (*ATTRIBUTIONS, *declared) if name in there] or [EVEN]


def compared(chosen: str) -> str:
    """Return the way of attribution that a chosen one is set beside."""
    return FULL if chosen == EVEN else EVEN


def cell(rows: pd.DataFrame, series: str, entity: str, period: str) -> pd.Series | None:
    """Return the one result of series, entity and period; None where there is none."""
    same = (rows["series"] == series) & (rows["entity"] == entity) & (rows["period"] == period)
    found = rows[same]
    return found.iloc[0] if len(found) else None


def of_series(rows: pd.DataFrame, series: str, period: str) -> pd.DataFrame:
    """Return the results of one series and period."""
    return rows[(rows["series"] == series) & (rows["period"] == period)]


@dataclass(frozen=True, slots=True)
class Whole:
    """What is put on countries, what is kept apart, and the money there is, in US$."""

    parts: float
    apart: float
    whole: float

    @property
    def adds_up(self) -> bool:
        """Whether parts and what is kept apart make the whole, to the rounding of a float."""
        return abs(self.parts + self.apart - self.whole) <= 1e-9 * max(1.0, abs(self.whole))


def whole(rows: pd.DataFrame) -> Whole | None:
    """Return parts, what is apart and the whole of results of one series and period.

    None where the world has no value.
    """
    ok = rows[rows["status"] == Status.OK]
    world = ok.loc[ok["entity"] == entities.WORLD, "value"]
    if world.empty:
        return None
    apart = ok["entity"].isin(APART)
    parts = ok[~apart & ~ok["entity"].isin(entities.groups())]
    return Whole(parts["value"].sum(), ok.loc[apart, "value"].sum(), float(world.iloc[0]))


def ranking(rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the States of a group that have an amount, with their places, the largest first.

    Parameters
    ----------
    rows : DataFrame
        Results of one series and period.
    group : str
        Whose States are ranked.

    Returns
    -------
    DataFrame with columns entity, value, place
        Equal amounts share a place; those of one stand in the order of names.
    """
    inside = rows["entity"].isin(entities.members(group)) & (rows["value"] > 0)
    found = rows.loc[inside, ["entity", "value"]]
    found = found.assign(
        place=found["value"].round(2).rank(method="min", ascending=False).astype("int64"),
        name=found["entity"].map(entities.titles()),
    )
    return found.sort_values(["place", "name"]).drop(columns="name").reset_index(drop=True)


def beside(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return two rankings side by side and how far each State moves from one to the other.

    Returns
    -------
    DataFrame with columns entity, value_one, place_one, value_other, place_other, moves
        `moves` is places gained in the other one, missing where a State is in one alone.
    """
    joined = one.merge(other, on="entity", how="outer", suffixes=("_one", "_other"))
    places = joined[["place_one", "place_other"]].astype("Int64")
    joined = joined.assign(**places, moves=places["place_one"] - places["place_other"])
    return joined.sort_values(["place_one", "place_other", "entity"]).reset_index(drop=True)


def parts_of(rows: pd.DataFrame, cut: str, entity: str, period: str) -> pd.DataFrame:
    """Return what an entity has of each part of a cut, the largest first, nothing left out."""
    same = (rows["entity"] == entity) & (rows["period"] == period)
    found = rows[same & rows["series"].str.startswith(f"{cut}/") & (rows["n_due"] != 0)]
    return found.sort_values(["value", "series"], ascending=[False, True], na_position="last")


def flows(rows: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return fund, theme, region and amount of all flows of a period, which make the whole.

    Regions are the five groups; UNATTRIBUTED names no country, `NOWHERE` has what is put on
    countries of no group.
    """
    found = rows[rows["series"].str.startswith("flow/") & (rows["period"] == period)]
    found = found[found["status"] == Status.OK]
    ends = [*entities.regions(), entities.UNATTRIBUTED]
    told = found.loc[found["entity"].isin(ends), ["series", "entity", "value"]]
    world = found[found["entity"] == entities.WORLD].set_index("series")["value"]
    rest = (world - told.groupby("series")["value"].sum()).dropna()
    left = rest[rest > 0.005].rename("value").reset_index().assign(entity=NOWHERE)
    every = pd.concat([told[told["value"] > 0], left], ignore_index=True)
    named = every["series"].str.split("/", n=2, expand=True).reindex(columns=range(3))
    out = every.assign(fund=named[1].astype("str"), theme=named[2].astype("str"))
    out["entity"] = pd.Categorical(out["entity"], [*ends, NOWHERE])
    out = out.sort_values(["fund", "theme", "entity"]).astype({"entity": "str"})
    return out[["fund", "theme", "entity", "value"]].reset_index(drop=True)


def fallen_due(obligations: pd.DataFrame, day: str) -> pd.Series:
    """Return how many dated duties had fallen due on a day, by State or group.

    Of a group it is the sum over its Parties. Duties whose day rests on an entry that is not
    loaded, as that of an Action Plan on its notification, are in no count.

    Parameters
    ----------
    obligations : DataFrame
        Results of the indicator obligations.
    day : str
        The day.
    """
    rows = obligations[(obligations["as_of"] == day) & (obligations["status"] == Status.OK)]
    due = rows["n"].mask(rows["entity"].isin(entities.states()), 1).astype("int64")
    return due.groupby(rows["entity"]).sum()


def latest(rows: pd.DataFrame, series: str, entity: str) -> pd.Series | None:
    """Return the latest result with a value of an entity, else one that says why there is none."""
    mine = rows[(rows["series"] == series) & (rows["entity"] == entity)]
    mine = mine.assign(known=mine["status"] == Status.OK).sort_values(["known", "period"])
    return mine.iloc[-1] if len(mine) else None
