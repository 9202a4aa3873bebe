"""Emissions on grids: where the whole of each grid lies, nothing of it left over."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.result import (
    Result,
    Tables,
    finish,
    group_evidence,
    not_loaded,
    with_table,
)
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import WORLD

TOTAL, WHOLE = "total", "whole"


def grid_account(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Amounts of each grid: the whole, and in which part of the globe they lie.

    Definition
    ----------
    `series` is the inventory for the whole of its grid, inventory/part for a part: ``states``,
    ``territories``, ``disputed`` (areas in dispute, which belong to nobody), ``coast`` (of cells
    that outlines cut, what lies outside all of them: given to no Party), ``sea`` and ``overlap``
    (what outlines claim twice). The whole is the sum of the parts less the overlap. Category and
    species stand between the two where they are not total. Of an inventory with several versions
    each stands as inventory@version; `period` is the year.

    Missing data
    ------------
    Without a grid nothing is loaded. A grid without a category or species has no such series.

    References
    ----------
    Minamata Convention on Mercury, article 8.
    """
    rows = tables["grid_accounts"]
    if rows.empty:
        why = "no grid of emissions is loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"])
    named = rows.assign(
        series=_series(rows),
        of=_series(rows.assign(part=WHOLE)),
        period=rows["year"].astype("str"),
    )
    key = ["series", "period"]
    summed = named.groupby(key)["kg"].sum().rename("value").to_frame()
    found = summed.join(group_evidence(named, key)).reset_index()
    frame = finish(indicator, as_of, found.assign(entity=WORLD, status=str(Status.OK)))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        """Return the rows of the value and, for a whole, of its parts."""
        inside = (named["period"] == period) & (entity == WORLD)
        mine = named["series"] == series
        if (named.loc[mine, "part"] == WHOLE).any():
            mine = mine | (named["of"] == series)
        return with_table("grid_accounts", rows[inside & mine])

    steps = (Step("Take the account of each grid as it stands", len(rows), len(found)),)
    return Result(indicator, frame, steps, trace)


def _series(rows: pd.DataFrame) -> pd.Series:
    """Return inventory, category, species and part, what is total or whole left out."""
    versions = rows.groupby("inventory")["version"].transform("nunique")
    name = rows["inventory"].astype("str")
    name = name.where(versions == 1, name + "@" + rows["version"])
    for column, unsaid in (("category", TOTAL), ("species", TOTAL), ("part", WHOLE)):
        name = name.where(rows[column] == unsaid, name + "/" + rows[column])
    return name
