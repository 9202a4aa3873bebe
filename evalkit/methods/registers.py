"""Counting what registers hold: series and their parts, needs against expertise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Flags = npt.NDArray[np.bool_]


def stands_for(
    event: pd.Series, part_of: pd.Series, is_series: pd.Series, sessions: pd.Series
) -> pd.Series:
    """Return how many events each row stands for, so that a series and its parts count once.

    A row that is no series stands for one event. A series stands for the sessions that it
    has beyond those that are rows of their own; where their number is not told, for one
    event if none of them is a row, else for none.

    Parameters
    ----------
    event : Series of str
        Ids of the rows.
    part_of : Series of str
        Id of the series that a row belongs to; blank for none.
    is_series : Series of bool
        Whether the row stands for several events.
    sessions : Series of Int64
        How many events a series has; missing where not told.

    Returns
    -------
    Series of int64
        Never negative; its sum is the number of events, at least where a size is missing.

    Examples
    --------
    >>> stands_for(
    ...     pd.Series(["season", "first", "other"]), pd.Series(["", "season", ""]),
    ...     pd.Series([True, False, False]), pd.Series([13, None, None], dtype="Int64"),
    ... ).tolist()
    [12, 1, 1]
    """
    parts = part_of[part_of != ""].value_counts().astype("float64").to_dict()
    of_their_own = pd.Series([parts.get(one, 0.0) for one in event], index=event.index)
    told = sessions.astype("float64").fillna(of_their_own.clip(lower=1))
    beyond = (told - of_their_own).clip(lower=0)
    return beyond.where(is_series, 1).astype("int64")


def counted_in_series(event: pd.Series, part_of: pd.Series, amount: pd.Series) -> pd.Series:
    """Tell which rows are inside the amount that their series states, and would count twice.

    Parameters
    ----------
    event, part_of : Series of str
        As for `stands_for`.
    amount : Series of Int64
        What is summed; missing where not told.

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> counted_in_series(
    ...     pd.Series(["season", "first"]), pd.Series(["", "season"]), pd.Series([1700, 150])
    ... ).tolist()
    [False, True]
    """
    return part_of.isin(event[amount.notna()]) & (part_of != "")


def match(needs: pd.DataFrame, experts: pd.DataFrame) -> tuple[Flags, Flags]:
    """Match needs with expertise of the same topic and region.

    A need and an entry of a list of experts match when their topics are equal and their
    regions are, too; a blank region is every region. Entries without experts match nothing.

    Parameters
    ----------
    needs : DataFrame
        Columns topic and region.
    experts : DataFrame
        Columns topic, region and experts (a count).

    Returns
    -------
    tuple of two arrays of bool
        For each need, whether somebody is listed; for each entry, whether somebody needs it.

    Examples
    --------
    >>> needs = pd.DataFrame({"topic": ["waste", "trade"], "region": ["", ""]})
    >>> experts = pd.DataFrame(
    ...     {"topic": ["waste", "cement"], "region": ["Africa", ""], "experts": [4, 1]})
    >>> [found.tolist() for found in match(needs, experts)]
    [[True, False], [True, False]]
    """
    listed = experts["experts"].to_numpy(dtype="float64") > 0
    same_topic = needs["topic"].to_numpy()[:, None] == experts["topic"].to_numpy()[None, :]
    here, there = needs["region"].to_numpy()[:, None], experts["region"].to_numpy()[None, :]
    pairs = same_topic & ((here == there) | (here == "") | (there == "")) & listed
    return pairs.any(axis=1), pairs.any(axis=0)
