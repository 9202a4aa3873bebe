"""Mercury emitted over centuries, which cycles still, and scenarios of what may come."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.inventory_lines import KEY, blank, evidence, lines_of, totals
from evalkit.indicators.result import Result, Tables, finish, not_loaded, with_table
from evalkit.methods.side_by_side import emitted_since
from evalkit.model import Indicator, Status, Step


def emitted_in_all(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Mercury emitted since the first year of a history, to each year; scenarios go on from it.

    Definition
    ----------
    Sum over the years from the first one of the series, of the amounts a year, which change evenly
    between the years that are given. `series` is inventory, or inventory/category; a scenario
    is an inventory of its own, named by its pathway, that repeats the history before it. Years
    after 2010 of a scenario are no estimate of what was emitted.

    Missing data
    ------------
    Nothing is known before the first year, which adds nothing itself. These inventories have no
    amounts by State: States are `not_estimated`.

    References
    ----------
    Streets and others (2019), Atmospheric Environment 201: 417-427.
    """
    lines = lines_of(tables, indicator.arguments["medium"], as_of)
    lines = lines[lines["inventory"].str.startswith(indicator.arguments["inventories"])]
    if lines.empty:
        why = "no history of emissions is loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"])
    whole = totals(lines, tables["sectors"]).assign(series=lambda one: one["whole"])
    parts = lines[lines["sectoral"]]
    parts = parts.assign(series=parts["whole"] + "/" + parts["category"])
    named = pd.concat([whole, parts], ignore_index=True)
    by = ["series", "entity"]
    sums = named.groupby([*KEY, "year"], sort=True)["kg"].sum().reset_index()
    rows = sums.assign(value=emitted_since(sums, by))[[*KEY, "value"]]
    ground = evidence(named, by).reset_index()
    told = rows.merge(ground, on=by).assign(status=str(Status.OK))
    empty = blank(told, tables["parties"])
    steps = (Step("Add up the years, evenly between those given", len(named), len(told)),)

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        same = (named["series"] == series) & (named["entity"] == entity)
        by_then = named["year"] <= int(period or 0)  # nothing is behind the lack of a value
        hit = named.loc[same & by_then, "row"].drop_duplicates()
        return with_table("emissions", tables["emissions"].loc[hit])

    frame = finish(indicator, as_of, pd.concat([told, empty], ignore_index=True))
    return Result(indicator, frame, steps, trace)
