"""Lists of the same things as of several days: which row counts on a day, and what changed.

A publisher's *whole* list replaces its earlier ones: what is in it no more is gone. A *part*
of the list (somebody filtered it) replaces only the rows of what it names. Rows of neither
kind stand alone, each for its own item.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

WHOLE = "whole"


def current(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the one row of each item that counts on a day.

    Parameters
    ----------
    rows : DataFrame with columns item, keeper, as_of, listing, source
        Rows of all lists; `keeper` says whose list it is, `listing` is whole, part or blank.
    day : Timestamp
        Lists of a later day are not known yet.

    Returns
    -------
    DataFrame
        Rows of `rows`, at most one for each item, in their order and with their index.

    Examples
    --------
    >>> lists = pd.DataFrame({"item": ["a", "b", "a"], "keeper": "k", "listing": "whole",
    ...     "as_of": pd.to_datetime(["2020-03-08", "2020-03-08", "2023-10-24"]), "source": "s"})
    >>> current(lists, pd.Timestamp("2021-01-01"))["item"].tolist()
    ['a', 'b']
    >>> current(lists, pd.Timestamp("2024-01-01"))["item"].tolist()
    ['a']
    """
    known = rows[rows["as_of"] <= day]
    whole = known[known["listing"] == WHOLE].groupby("keeper")["as_of"].max()
    since = pd.to_datetime(known["keeper"].map(whole.to_dict()))
    held = known[since.isna() | (known["as_of"] >= since)]
    ordered = held.sort_values(["as_of", "source"], kind="stable")
    return held.loc[sorted(ordered.drop_duplicates("item", keep="last").index)]


@dataclass(frozen=True)
class Comparison:
    """What differs between two lists of the same items.

    Parameters
    ----------
    new, gone : tuple of str
        Items of the newer list alone, and of the older alone.
    changed : DataFrame with columns item, column, old, new
        One row for each cell of an item in both that differs; blank against blank is equal,
        and blank is not zero.
    both : int
        Items in both.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: pd.DataFrame
    both: int

    def of(self, column: str) -> pd.DataFrame:
        """Return the changes of one column."""
        return self.changed[self.changed["column"] == column].reset_index(drop=True)

    def moves(self, column: str) -> dict[str, int]:
        """Return how many items went from one value to another, as ``approved → completed``."""
        mine = self.of(column)
        told = mine["old"].replace("", "blank") + " → " + mine["new"].replace("", "blank")
        counts = told.value_counts().sort_index().sort_values(ascending=False, kind="stable")
        return {str(move): int(count) for move, count in counts.items()}


def compare(old: pd.DataFrame, new: pd.DataFrame) -> Comparison:
    """Compare two lists cell by cell.

    Parameters
    ----------
    old, new : DataFrame of str, indexed by item
        The same columns; an item stands once.

    Returns
    -------
    Comparison
        Sorted by item, so that the order of either list does not matter.

    Raises
    ------
    ValueError
        An item stands twice in a list, or the columns differ.

    Examples
    --------
    >>> older = pd.DataFrame({"status": ["approved", "approved"]}, index=["a", "b"])
    >>> newer = pd.DataFrame({"status": ["completed", "approved"]}, index=["a", "c"])
    >>> found = compare(older, newer)
    >>> found.new, found.gone, found.both, found.moves("status")
    (('c',), ('b',), 1, {'approved → completed': 1})
    """
    if not (old.index.is_unique and new.index.is_unique):
        raise ValueError("an item stands twice in a list")
    if list(old.columns) != list(new.columns):
        raise ValueError("the lists have different columns")
    both = old.index.intersection(new.index).sort_values()
    before, after = old.loc[both], new.loc[both]
    parts = [
        pd.DataFrame(
            {"item": both, "column": name, "old": before[name], "new": after[name]}
        ).reset_index(drop=True)[(before[name] != after[name]).to_numpy()]
        for name in old.columns
    ]
    changed = pd.concat(parts, ignore_index=True)
    gone, added = old.index.difference(new.index), new.index.difference(old.index)
    return Comparison(tuple(added), tuple(gone), changed, len(both))
