"""Putting the money of projects that name several places on those places.

Two ways, since each misleads where the other does not. *Equal split* divides a project's
amount evenly over the countries it names; what names no country stays unattributed, and
parts plus unattributed equal the whole. *Full count* gives every country the whole amount:
right for "which projects touch this country", wrong for a sum over countries.
"""

from __future__ import annotations

import pandas as pd


def equal_split(amounts: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    """Divide each amount evenly over the places it names.

    Parameters
    ----------
    amounts : Series of float, indexed by item
        What is to be divided. NaN stays NaN for each place.
    places : DataFrame with columns item, place
        One row for each place an item names; items without a row are unattributed.

    Returns
    -------
    DataFrame with columns item, place, share, amount
        `share` sums to 1 for each item; place is "" for what no place can be credited with.

    Raises
    ------
    ValueError
        An item names the same place twice, or a place names an item that has no amount row.

    Examples
    --------
    >>> split = equal_split(pd.Series({"a": 9.0, "b": 5.0}),
    ...     pd.DataFrame({"item": ["a", "a", "a"], "place": ["X", "Y", "Z"]}))
    >>> split["amount"].tolist()
    [3.0, 3.0, 3.0, 5.0]
    """
    named = _checked(amounts, places)
    count = named.groupby("item")["place"].transform("size")
    split = named.assign(share=1.0 / count)
    alone = amounts.index.difference(pd.Index(named["item"].unique()))
    rest = pd.DataFrame({"item": alone, "place": "", "share": 1.0})
    out = pd.concat([split, rest], ignore_index=True)
    return out.assign(amount=out["item"].map(amounts) * out["share"])


def full_count(amounts: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    """Give each place the whole amount of every item that names it.

    Parameters and result as `equal_split`; `share` is 1 on every row, so that the sum over
    places is larger than the whole and must never be shown as one.

    Examples
    --------
    >>> full_count(pd.Series({"a": 9.0}),
    ...     pd.DataFrame({"item": ["a", "a"], "place": ["X", "Y"]}))["amount"].tolist()
    [9.0, 9.0]
    """
    named = _checked(amounts, places)
    alone = amounts.index.difference(pd.Index(named["item"].unique()))
    rest = pd.DataFrame({"item": alone, "place": ""})
    out = pd.concat([named, rest], ignore_index=True).assign(share=1.0)
    return out.assign(amount=out["item"].map(amounts))


def _checked(amounts: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    named = places[["item", "place"]].reset_index(drop=True)
    if named.duplicated().any():
        raise ValueError(f"a place is named twice: {named[named.duplicated()].iloc[0].tolist()}")
    stray = set(named["item"]) - set(amounts.index)
    if stray:
        raise ValueError(f"places of items that have no amount: {sorted(stray)[:3]}")
    return named
