"""Shares of a project's places as its publisher declares them, from files of activities."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.result import Tables, with_table
from evalkit.methods.allocation import ROUNDING

COUNTRY = "country"  # the vocabulary of places that are no region


def declared_places(tables: Tables, projects: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return what activities known on a day declare about the places of projects.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With activities and activity_places.
    projects : Series of str
        Ids of the projects asked for.
    as_of : Timestamp
        A file of a later day is not known yet, nor is one without a day ever.

    Returns
    -------
    DataFrame
        Rows of `activity_places` that are countries, with item (the project) and share, of
        the latest activity of each project whose percentages can be used: each country has
        one, none is below 0, and they make 100 or less, since a region may have the rest.
        What a publisher gives otherwise is neither rescaled nor guessed.
    """
    activities = tables["activities"]
    known = activities[(activities["as_of"] <= as_of) & activities["project"].isin(projects)]
    known = known.sort_values(["as_of", "activity"], kind="stable")
    places = tables["activity_places"]
    mine = places[(places["vocabulary"] == COUNTRY) & places["activity"].isin(known["activity"])]
    share = mine["percentage"] / 100
    by = mine["activity"]
    fits = (share >= 0).groupby(by).all() & (share.groupby(by).sum() <= 1 + ROUNDING)
    usable = known[known["activity"].isin(fits.index[fits])]
    chosen = usable.drop_duplicates("project", keep="last").set_index("activity")["project"]
    kept = mine["activity"].isin(chosen.index)
    return mine[kept].assign(item=mine.loc[kept, "activity"].map(chosen), share=share[kept])


def behind_declared(tables: Tables, declared: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """Return the activities and places that declared shares rest on, with item, for a trace."""
    own = declared.drop_duplicates("activity").set_index("activity")["item"]
    activities = tables["activities"]
    mine = activities[activities["activity"].isin(own.index)]
    mine = mine.assign(item=mine["activity"].map(own))
    return (
        with_table("activities", mine),
        with_table("activity_places", declared.drop(columns="share")),
    )
