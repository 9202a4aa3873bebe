"""What categories of an inventory say of something that they do not match: bounds, not values.

A category that holds the thing wanted and more gives an upper bound, one that holds a part of
it a lower bound. A sum of categories is a bound only where none of them leaves it open.
"""

from __future__ import annotations

import pandas as pd

INSIDE = ("exact", "near_exact", "subset")  # nothing of the category lies outside the thing
CLOSED = ("exact", "superset")  # nothing of the thing can lie beside the category
EXACT, LOWER, UPPER, OVERLAP = "exact", "lower", "upper", "overlap"
_STRENGTH = ("exact", "near_exact", "subset", "superset", "overlap")


def of_union(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return one row for each category that is mapped to several things, for all of them together.

    Parameters
    ----------
    rows : DataFrame with columns `by`, coverage, closed
        `by` names a category at a place and time; one row for each thing it is mapped to.
    by : list of str
        What makes a category.

    Returns
    -------
    DataFrame
        The first row of each, with the strongest coverage, and closed where all rows are.

    Examples
    --------
    >>> two = pd.DataFrame({"category": ["1A2", "1A2"], "coverage": ["superset", "overlap"],
    ...                     "closed": [True, False]})
    >>> of_union(two, ["category"])[["coverage", "closed"]].to_numpy().tolist()
    [['superset', False]]
    """
    strength = rows["coverage"].map({name: at for at, name in enumerate(_STRENGTH)})
    closed = rows.groupby(by, sort=False)["closed"].transform("all")
    ordered = rows.assign(closed=closed, strength=strength).sort_values("strength", kind="stable")
    return ordered.drop_duplicates(by).drop(columns="strength").sort_index()


def bounds(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return which rows make which bound of a sum.

    Definition
    ----------
    Lower: the categories inside the thing (exact, near_exact, subset). Upper: all categories
    that hold any of it, where all are `closed`, which says that nothing of the thing lies
    outside them. Exact: where all are exact and closed, one amount in the place of both. Overlap:
    all categories, where they are not closed: no bound, neither above nor below.

    Parameters
    ----------
    rows : DataFrame with columns `by`, coverage, closed
        One row for each category.
    by : list of str
        What makes a sum.

    Returns
    -------
    DataFrame
        The rows, once for each bound that they are part of, with the column bound.

    Examples
    --------
    >>> rows = pd.DataFrame({"of": "x", "coverage": ["exact", "superset"], "closed": True,
    ...                      "kg": [15.0, 126.0]})
    >>> bounds(rows, ["of"]).groupby("bound")["kg"].sum().to_dict()
    {'lower': 15.0, 'upper': 141.0}
    """
    inside = rows["coverage"].isin(INSIDE)
    flags = rows[by].assign(closed=rows["closed"], exact=rows["coverage"] == EXACT, outside=~inside)
    grouped = flags.groupby(by, sort=False)
    closed, exact = grouped["closed"].transform("all"), grouped["exact"].transform("all")
    outside = grouped["outside"].transform("any")
    parts = {
        EXACT: closed & exact,
        LOWER: inside & ~(closed & exact),
        UPPER: closed & ~exact,
        OVERLAP: ~closed & outside,
    }
    return pd.concat([rows[which].assign(bound=name) for name, which in parts.items()])
