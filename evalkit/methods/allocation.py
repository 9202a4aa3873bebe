"""Putting the money of projects that name several places on those places.

Several ways, since each misleads where another does not. *Equal split* divides a project's
amount evenly over the countries it names; what names no country stays unattributed, and
parts plus unattributed equal the whole. *Declared shares* divide it as somebody declared.
*Single country* gives a country what names it alone and leaves all else unattributed. *Full
count* gives every country the whole amount: right for "which projects touch this country",
wrong for a sum over countries.
"""

from __future__ import annotations

import pandas as pd

ROUNDING = 0.001  # percentages are printed with two decimals: three thirds make 99.99
FLOAT_NOISE = 1e-12  # what sums of decimal fractions leave over


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


def single_country(amounts: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    """Give a place the amounts of the items that name it and no other place.

    Parameters and result as `equal_split`; what names several places, or none, is
    unattributed, so that parts plus unattributed equal the whole.

    Examples
    --------
    >>> single_country(pd.Series({"a": 9.0, "b": 4.0}), pd.DataFrame(
    ...     {"item": ["a", "a", "b"], "place": ["X", "Y", "X"]}))[["place", "amount"]].to_numpy()
    array([['X', 4.0],
           ['', 9.0]], dtype=object)
    """
    named = _checked(amounts, places)
    alone = named.groupby("item")["place"].transform("size") == 1
    return equal_split(amounts, named[alone])


def declared_shares(amounts: pd.Series, places: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Divide amounts by declared shares, and evenly where none are declared.

    Parameters
    ----------
    amounts : Series of float, indexed by item
        What is to be divided.
    places : DataFrame with columns item, place
        Places named, for items without declared shares.
    shares : DataFrame with columns item, place, share
        Shares from 0 to 1. Those of an item may sum to less than 1, since a region may have
        the rest: that stays unattributed. They are never rescaled, so that what rounding left
        over, of either sign, is unattributed as well.

    Returns
    -------
    DataFrame with columns item, place, share, amount
        As `equal_split`; parts plus unattributed equal the whole.

    Raises
    ------
    ValueError
        A share is outside 0 to 1, those of an item sum to more than 1, or a place of an item
        stands twice.

    Examples
    --------
    >>> declared_shares(pd.Series({"a": 8.0}), pd.DataFrame({"item": [], "place": []}),
    ...     pd.DataFrame({"item": ["a"], "place": ["X"], "share": [0.75]}))["amount"].tolist()
    [6.0, 2.0]
    """
    declared = shares[shares["item"].isin(amounts.index)]
    _checked(amounts, declared)
    if not declared["share"].between(0, 1).all():
        raise ValueError("a share is not between 0 and 1")
    sums = declared.groupby("item")["share"].sum()
    if (sums > 1 + ROUNDING).any():
        raise ValueError(f"shares sum to more than 1: {sums.idxmax()} has {sums.max():g}")
    rest = 1 - sums
    left = pd.DataFrame({"item": rest.index, "place": "", "share": rest.to_numpy()})
    apart = left[left["share"].abs() > FLOAT_NOISE]
    own = pd.concat([declared[["item", "place", "share"]], apart], ignore_index=True)
    own["amount"] = own["item"].map(amounts).astype("float64") * own["share"]
    others = amounts[~amounts.index.isin(sums.index)]
    if others.empty:
        return own
    even = equal_split(others, places[places["item"].isin(others.index)])
    return pd.concat([own, even], ignore_index=True) if len(own) else even


def _checked(amounts: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    named = places[["item", "place"]].reset_index(drop=True)
    if named.duplicated().any():
        raise ValueError(f"a place is named twice: {named[named.duplicated()].iloc[0].tolist()}")
    stray = set(named["item"]) - set(amounts.index)
    if stray:
        raise ValueError(f"places of items that have no amount: {sorted(stray)[:3]}")
    return named
