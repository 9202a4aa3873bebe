"""What is known of inventories beside their amounts: the day of publication, why one is silent.

The table `inventories` has the day of publication and what an inventory covers, the table
`emission_gaps` the reason why a country or a category has no amount.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from evalkit.model import Basis, Status

WITHOUT_STATES = ("past", "scenario")  # what these cover is the world and its large parts
TOTALS = ("total", "national-total")


def published(rows: pd.DataFrame, inventories: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the rows of inventories that were published by a day.

    Parameters
    ----------
    rows : DataFrame with columns inventory, version
        Of the table `emissions` or `emission_gaps`.
    inventories : DataFrame
        The table. Of an inventory that is not in it, or has no day, nothing is known: its rows
        stay.
    day : Timestamp
        The day of evaluation.

    Examples
    --------
    >>> one = pd.DataFrame({"inventory": ["a", "b"], "version": ["1", "1"]})
    >>> known = one.assign(published_on=pd.to_datetime(["2019-03-31", None]))
    >>> published(one, known, pd.Timestamp("2018-12-31"))["inventory"].tolist()
    ['b']
    """
    later = inventories[inventories["published_on"] > day]
    return rows[~_pairs(rows).isin(_pairs(later))]


def of_states(rows: pd.DataFrame, inventories: pd.DataFrame) -> pd.Series:
    """Tell which rows are of an inventory in which a State could stand."""
    without = inventories[inventories["covers"].isin(WITHOUT_STATES)]
    return pd.Series(~_pairs(rows).isin(_pairs(without)), index=rows.index)


def covered(rows: pd.DataFrame, inventories: pd.DataFrame) -> pd.Series:
    """Return what the inventory of each row covers: whole, facilities, past ...

    Parameters
    ----------
    rows : DataFrame with columns inventory, version
        Of the table `emissions`.
    inventories : DataFrame
        The table. A version that is not in it covers what all others of its inventory do; of
        others nothing is known, and the text is blank.

    Examples
    --------
    >>> known = pd.DataFrame({"inventory": ["a", "b", "b"], "version": ["1", "1", "2"],
    ...                       "covers": ["facilities", "whole", "past"]})
    >>> asked = pd.DataFrame({"inventory": ["a", "b", "b", "c"], "version": ["9", "2", "9", "1"]})
    >>> covered(asked, known).tolist()
    ['facilities', 'past', '', '']
    """
    each = inventories.set_index(["inventory", "version"])["covers"]
    of = inventories.groupby("inventory")["covers"].agg(["nunique", "first"])
    alike = of.loc[of["nunique"] == 1, "first"]
    told = pd.Series(each.reindex(_pairs(rows)).to_numpy(), index=rows.index, dtype="str")
    return told.fillna(rows["inventory"].map(alike).astype("str")).fillna("")


def repeating(rows: pd.DataFrame, inventories: pd.DataFrame, place: list[str]) -> pd.Series:
    """Tell which rows repeat another inventory that speaks of the same place and year itself.

    Parameters
    ----------
    rows : DataFrame with columns inventory, version and those of `place`
        Of the table `emissions`.
    inventories : DataFrame
        The table; `repeats` names the other inventory.
    place : list of str
        Columns that say of what and when a row speaks.

    Examples
    --------
    >>> known = pd.DataFrame({"inventory": ["a-grid"], "version": ["1"], "repeats": ["a"]})
    >>> rows = pd.DataFrame({"inventory": ["a", "a-grid", "a-grid"], "version": "1",
    ...                      "entity": ["USA", "USA", "GHA"]})
    >>> repeating(rows, known, ["entity"]).tolist()
    [False, True, False]
    """
    other = inventories.set_index(["inventory", "version"])["repeats"]
    named = pd.Series(other.reindex(_pairs(rows)).to_numpy(), index=rows.index).fillna("")
    key = pd.MultiIndex.from_frame(rows[["inventory", *place]])
    twin = pd.MultiIndex.from_frame(rows[place].assign(inventory=named)[["inventory", *place]])
    return pd.Series((named != "").to_numpy() & twin.isin(key), index=rows.index)


def _pairs(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["inventory", "version"]])


def silent(gaps: pd.DataFrame, rows: pd.DataFrame, medium: str) -> pd.DataFrame:
    """Return why the inventories of some rows are silent, by series, entity and period.

    Parameters
    ----------
    gaps : DataFrame
        The table `emission_gaps`.
    rows : DataFrame with columns inventory, version, whole
        Of the table `emissions`; `whole` is the name of the series.
    medium : str
        Of the amounts that are looked for.

    Returns
    -------
    DataFrame
        The rows of `gaps` of that medium, with the columns series and period.
    """
    mine = gaps[gaps["medium"] == medium].rename_axis("row").reset_index()
    names = rows.drop_duplicates(["inventory", "version"])[["inventory", "version", "whole"]]
    mine = mine.merge(names, on=["inventory", "version"])
    whole = mine["whole"].astype("str")
    series = whole.where(mine["category"].isin(TOTALS), whole + "/" + mine["category"])
    told = mine.assign(series=series, period=mine["year"].astype("str"))
    return told.sort_values(["series", "entity", "period", "scheme", "key"], kind="stable")


def without_value(blank: pd.DataFrame, why: pd.DataFrame) -> pd.DataFrame:
    """Return rows without value with the status and the evidence that the inventory gives.

    Parameters
    ----------
    blank : DataFrame with columns series, entity, period, source
        States that a series does not show.
    why : DataFrame
        As `silent` returns it. What it says of a whole inventory holds for all its series.

    Returns
    -------
    DataFrame
        `blank` with value (missing), status, basis and source.
    """
    out = blank.assign(
        value=np.nan, status=str(Status.NOT_ESTIMATED), basis=str(Basis.ESTIMATED)
    ).reset_index(drop=True)
    for whole in (True, False):  # what is said of the series itself comes last, and counts
        series = out["series"].str.split("/").str[0] if whole else out["series"]
        key = out.assign(series=series)[["series", "entity", "period"]]
        told = why.drop_duplicates(["series", "entity", "period"])
        found = key.merge(told, on=["series", "entity", "period"], how="left")
        hit = found["status"].notna()
        for column in ("status", "basis", "source"):
            out[column] = out[column].mask(hit, found[column])
    return out


def reason(why: pd.DataFrame, series: str, entity: str, period: str) -> Any:
    """Return the rows of `emission_gaps` behind a result without value, by their index there."""
    mine = why[(why["entity"] == entity) & (why["period"] == period)]
    own = mine[mine["series"] == series]
    return (own if len(own) else mine[mine["series"] == series.split("/")[0]])["row"]
