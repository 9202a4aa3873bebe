"""Inventories beside each other: change within one, ratio and ranks across several.

Two inventories, or two versions of one, differ in method. What they differ by is no change of
the world, so nothing here subtracts one from another.
"""

from __future__ import annotations

import pandas as pd

LEAST = 4  # Parties that a rank correlation needs


def change_from(rows: pd.DataFrame, base: int) -> pd.Series:
    """Return how far each amount is from that of the base year, as a fraction of it.

    Parameters
    ----------
    rows : DataFrame with columns inventory, version, entity, year, kg
        Amounts of one version of one inventory; one row for an entity and year.
    base : int
        The year that all are held against.

    Returns
    -------
    Series of float
        In the index of `rows`: -0.4 is 40 per cent less. NaN where the entity has no amount in
        the base year, or none above zero.

    Raises
    ------
    ValueError
        The rows are of several inventories or versions.

    Examples
    --------
    >>> rows = pd.DataFrame({"inventory": "clrtap", "version": "2", "entity": "AUT",
    ...                      "year": [1990, 2019], "kg": [2000.0, 1000.0]})
    >>> change_from(rows, 1990).tolist()
    [0.0, -0.5]
    >>> change_from(rows.assign(version=["1", "2"]), 1990)
    Traceback (most recent call last):
    ...
    ValueError: amounts of clrtap 1, clrtap 2 are never subtracted: ...
    """
    names = rows[["inventory", "version"]].drop_duplicates()
    told = sorted((names["inventory"] + " " + names["version"]).tolist())
    if len(told) > 1:
        raise ValueError(
            f"amounts of {', '.join(told)} are never subtracted: they differ in method; "
            "take a change within one version of one inventory"
        )
    then = rows[(rows["year"] == base) & (rows["kg"] > 0)].set_index("entity")["kg"]
    return rows["kg"] / rows["entity"].map(then) - 1


def largest_to_smallest(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return how many times the smallest amount the largest is.

    Parameters
    ----------
    rows : DataFrame with columns `by`, kg
        One row for each inventory at a place and year.
    by : list of str
        Place and year.

    Returns
    -------
    DataFrame with columns `by`, ratio, count
        Only where two inventories or more give an amount; NaN where the smallest is zero.

    Examples
    --------
    >>> rows = pd.DataFrame({"entity": ["USA", "USA", "CAN"], "kg": [40.0, 50.0, 8.0]})
    >>> largest_to_smallest(rows, ["entity"]).to_numpy().tolist()
    [['USA', 1.25, 2]]
    """
    found = rows.groupby(by, sort=True)["kg"].agg(["max", "min", "size"]).reset_index()
    several = found[found["size"] > 1]
    ratio = (several["max"] / several["min"]).where(several["min"] > 0)
    return several[by].assign(ratio=ratio, count=several["size"]).reset_index(drop=True)


def spearman(one: pd.Series, other: pd.Series) -> float:
    """Return Spearman's rank correlation of amounts that stand in pairs.

    Equal amounts share the mean of their ranks. NaN with fewer than four pairs, or where all
    amounts of one side are equal.

    References
    ----------
    Spearman (1904), American Journal of Psychology 15: 72-101.

    Examples
    --------
    >>> spearman(pd.Series([1.0, 2.0, 3.0, 4.0]), pd.Series([10.0, 20.0, 40.0, 30.0]))
    0.8
    """
    if len(one) < LEAST or one.nunique() < 2 or other.nunique() < 2:
        return float("nan")
    x, y = one.rank() - (len(one) + 1) / 2, other.rank() - (len(other) + 1) / 2
    return float((x * y).sum() / ((x * x).sum() * (y * y).sum()) ** 0.5)


def emitted_since(rows: pd.DataFrame, by: list[str]) -> pd.Series:
    """Return the amount of each series from its first year to each of its years.

    Definition
    ----------
    Between two years of a series the amount a year is taken to change evenly, so each step adds
    the mean of both ends times the years between them. The first year itself adds nothing.

    Parameters
    ----------
    rows : DataFrame with columns `by`, year, kg
        Amounts a year, at any distance of years.
    by : list of str
        What makes a series.

    Returns
    -------
    Series of float
        kg, in the index of `rows`.

    Examples
    --------
    >>> rows = pd.DataFrame({"of": "x", "year": [1850, 1860, 1862], "kg": [1.0, 3.0, 3.0]})
    >>> emitted_since(rows, ["of"]).tolist()
    [0.0, 20.0, 26.0]
    """
    ordered = rows.sort_values([*by, "year"], kind="stable")
    before = ordered.groupby(by, sort=False)[["year", "kg"]].shift()
    step = (ordered["kg"] + before["kg"]) / 2 * (ordered["year"] - before["year"])
    filled = ordered.assign(step=step.astype("float64").fillna(0.0))
    return filled.groupby(by, sort=False)["step"].cumsum().reindex(rows.index)
