"""Rows of emission inventories as indicators take them: named, with regions that are one State."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.indicators.inventories import TOTALS, published
from evalkit.indicators.prepared import prepared
from evalkit.indicators.result import Tables, everybody, group_evidence, memberships
from evalkit.model import Basis, Status
from evalkit.reference.entities import WORLD

MEMO = "memo"
STATE = "state"
PLACE = ["whole", "entity", "period"]
HERE = ["entity", "period"]
KEY = ["series", *HERE]  # of a result


def lines_of(tables: Tables, medium: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the amounts of total mercury to a medium, each with the name of its inventory.

    An inventory counts from the day it was published.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Has emissions, inventories and areas.
    medium : str
        As air.
    as_of : Timestamp
        The day of evaluation.

    Returns
    -------
    DataFrame
        Columns of `emissions`, and whole (`whole_names`), period (the year as text), row (its
        index in `emissions`) and sectoral (no total). A region that is one State stands there
        as that State too.
    """
    key = ("lines of inventories", medium, as_of)
    return prepared(tables).once(key, lambda: _lines(tables, medium, as_of))


def _lines(tables: Tables, medium: str, as_of: pd.Timestamp) -> pd.DataFrame:
    rows = published(tables["emissions"], tables["inventories"], as_of)
    rows = rows[(rows["medium"] == medium) & (rows["species"] == "total")]
    named = rows.assign(
        whole=whole_names(rows),
        period=rows["year"].astype("str"),
        row=rows.index,
        sectoral=~rows["category"].isin(TOTALS),
    )
    named["series"] = named["whole"] + "/" + named["category"]
    also = as_states(named, tables["areas"])
    return pd.concat([named, also], ignore_index=True).drop(columns="series")


def whole_names(rows: pd.DataFrame) -> pd.Series:
    """Return the inventory of each row, with its version where several are loaded."""
    versions = rows.groupby("inventory")["version"].transform("nunique")
    return rows["inventory"].where(versions == 1, rows["inventory"] + "@" + rows["version"])


def as_states(named: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return rows of regions that are one State as rows of that State, unless it has its own."""
    single = areas.set_index("entity")["party"]
    also = named.assign(entity=named["entity"].map(single).astype("str").fillna(""))
    own = pd.MultiIndex.from_frame(also[KEY]).isin(pd.MultiIndex.from_frame(named[KEY]))
    return also[(also["entity"] != "") & ~own]


def totals(lines: pd.DataFrame, sectors: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that make the total of each inventory, place and year.

    The inventory's own total where it gives one; else all its categories but those outside its
    total (memo items).
    """
    own = pd.MultiIndex.from_frame(lines.loc[~lines["sectoral"], PLACE])
    told = pd.MultiIndex.from_frame(lines[PLACE]).isin(own)
    outside = sectors[sectors["sector"] == MEMO]
    memo = _of_categories(lines).isin(_of_categories(outside))
    return lines[~lines["sectoral"] | (~told & ~memo)]


def _of_categories(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["scheme", "category"]])


def with_groups(lines: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return lines, and those of States again for each group that they are in.

    The world is left to inventories that give it.

    Returns
    -------
    DataFrame
        With n_answered and n_due for rows of groups: States with a row in the inventory and
        year, and States in the group.
    """
    members = memberships(parties[parties["kind"] == STATE])  # an organisation has no own soil
    members = members[members["entity"] != WORLD].rename(columns={"entity": "group"})
    due = members.groupby("group").size()
    of_states = lines.merge(members, left_on="entity", right_on="iso3")
    by = ["whole", "period", "group"]
    answered = of_states.groupby(by)["iso3"].nunique().rename("n_answered").reset_index()
    grouped = of_states.merge(answered, on=by).assign(n_due=lambda one: one["group"].map(due))
    grouped = grouped.assign(entity=grouped["group"]).drop(columns=["group", "iso3"])
    return pd.concat([lines, grouped], ignore_index=True)


def summed(parts: pd.DataFrame) -> pd.DataFrame:
    """Return rows of results, each the sum of the parts of a series, entity and period.

    The ends of the interval are added where all parts have one: a rank correlation of 1.
    """
    grouped = parts.groupby(KEY, sort=True)
    found = grouped[["kg", "low", "high"]].sum(min_count=1)
    ends = grouped[["low", "high"]].count().eq(grouped.size(), axis=0)
    found[["low", "high"]] = found[["low", "high"]].where(ends)
    found = found.rename(columns={"kg": "value"})
    if "n_answered" in parts:
        found[["n_answered", "n_due"]] = grouped[["n_answered", "n_due"]].first()
        found["n"] = found["n_answered"]
    return found.join(evidence(parts, KEY)).reset_index().assign(status=str(Status.OK))


def evidence(parts: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return what sums rest on: their rows, and the rows of the mapping they went through."""
    own = parts[[*by, "basis", "source"]]
    if "map_basis" in parts:
        names = {"map_basis": "basis", "map_source": "source"}
        mapped = parts.loc[parts["map_basis"].notna(), [*by, *names]].rename(columns=names)
        own = pd.concat([own, mapped], ignore_index=True)
    return group_evidence(own, by)


def blank(
    found: pd.DataFrame, parties: pd.DataFrame, status: Status = Status.NOT_ESTIMATED
) -> pd.DataFrame:
    """Return a row for whomever a series says nothing of in one of its periods.

    Such a row has no period: it stands for every period in which the series has no other row
    of the State or group.
    """
    periods = found.groupby("series")["period"].nunique()
    source = group_evidence(found, ["series"])["source"]
    everyone = pd.DataFrame({"entity": everybody(parties)})
    grid = periods.rename("periods").reset_index().merge(everyone, how="cross")
    said = found.groupby(["series", "entity"])["period"].nunique().rename("said")
    grid = grid.merge(said.reset_index(), on=["series", "entity"], how="left")
    frame = grid[grid["said"].fillna(0) < grid["periods"]].drop(columns=["periods", "said"])
    return frame.assign(
        period="",
        value=np.nan,
        status=str(status),
        basis=str(Basis.ESTIMATED),
        source=frame["series"].map(source),
    )


def wanted(argument: str) -> list[str]:
    """Return the names in an argument of the catalogue, as ``eprtr+us-tri+mercury-*``."""
    return [name for name in argument.split("+") if name]
