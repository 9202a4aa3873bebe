"""Emissions: every inventory beside the others, never averaged, never differenced."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.inventories import (
    TOTALS,
    of_states,
    published,
    reason,
    silent,
    without_value,
)
from evalkit.indicators.inventory_lines import as_states, whole_names
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


def inventory_amounts(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Amounts of each inventory by Party or region, sector and year, side by side.

    Definition
    ----------
    The amount that the inventory gives for the medium, total mercury unless the series says
    otherwise. `series` is inventory, inventory/category or inventory/species; `period` the
    year. Of an inventory with several versions each stands as inventory@version. An inventory
    without a world row gets one where its categories are a whole: their sum. With `categories`
    only those are taken, from inventories that give every one of them. An inventory counts from
    the day it was published; one of which no day is known counts always.

    Missing data
    ------------
    A State without a row in an inventory is `not_estimated` for each of its years: it may
    be held inside a region or another country, which the trace tells, or the inventory's own
    notation key gives another status. So is the world in an inventory of some States. Histories
    and scenarios know no States, which is told once, without a period. Nothing is filled from
    another inventory or year.

    References
    ----------
    Minamata Convention on Mercury, articles 7 and 8.
    """
    rows = published(tables["emissions"], tables["inventories"], as_of)
    rows = rows[rows["medium"] == indicator.arguments["medium"]]
    rows = _of_categories(rows, indicator.arguments.get("categories", ""))
    if rows.empty:
        why = "no inventory that gives these amounts is loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"])
    named = rows.assign(whole=whole_names(rows), period=rows["year"].astype("str"), row=rows.index)
    named = named.assign(series=_series(named), sectoral=~named["category"].isin(TOTALS))
    also = as_states(named, tables["areas"])
    lines = pd.concat([named, also], ignore_index=True)
    whole = _world_sums(lines)
    found = pd.concat([_as_results(lines), whole], ignore_index=True)
    why = silent(tables["emission_gaps"], named, indicator.arguments["medium"])
    shown = set(lines.loc[of_states(lines, tables["inventories"]), "whole"])
    blank = without_value(_blank(found, shown, tables["parties"]), why)
    frame = finish(indicator, as_of, pd.concat([found, blank], ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        gaps = reason(why, series, entity, period)
        inside = lines[(lines["period"] == period) & (lines["entity"] == entity)]
        parts = (inside["whole"] == series) & inside["sectoral"] & (inside["species"] == "total")
        given = inside["series"] == series
        hit = inside[given | parts & (entity == WORLD) & (not given.any())]
        if len(gaps) and hit.empty:
            return with_table("emission_gaps", tables["emission_gaps"].loc[gaps])
        return with_table("emissions", rows.loc[hit["row"]])  # as they stand in the file

    steps = (
        Step("Take the amounts to the medium as they stand", len(tables["emissions"]), len(rows)),
        Step("Show a region that is one State as that State too", len(also), len(also)),
        Step("Sum the sectors of inventories without a total", _summed(lines, whole), len(whole)),
        Step("Mark States that an inventory does not show", 0, len(blank)),
    )
    return Result(indicator, frame, steps, trace)


def _of_categories(rows: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """Return the rows of some categories, where an inventory gives all of them for a year."""
    if not wanted:
        return rows
    names = wanted.split("+")
    rows = rows[rows["category"].isin(names) & (rows["species"] == "total")]
    by = ["inventory", "version", "entity", "year"]
    count = rows.groupby(by)["category"].transform("nunique")
    return rows[count == len(names)]


def _series(rows: pd.DataFrame) -> pd.Series:
    name = rows["whole"].astype("str")
    sector = ~rows["category"].isin(TOTALS)
    name = name.where(~sector, name + "/" + rows["category"])
    return name.where(rows["species"] == "total", name + "/" + rows["species"])


def _as_results(lines: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series": lines["series"],
            "entity": lines["entity"],
            "period": lines["period"],
            "value": lines["kg"],
            "low": lines["low"],
            "high": lines["high"],
            "status": str(Status.OK),
            "basis": lines["basis"],
            "source": lines["source"],
        }
    )


def _world_sums(lines: pd.DataFrame) -> pd.DataFrame:
    """Sum the categories of an inventory that gives the world by category and no total."""
    world = lines[(lines["entity"] == WORLD) & (lines["species"] == "total")]
    has_total = world.loc[~world["sectoral"], "whole"].unique()
    parts = world[~world["whole"].isin(has_total)].drop(columns="series")
    parts = parts.rename(columns={"whole": "series"})
    by = ["series", "period"]
    sums = parts.groupby(by)["kg"].sum().rename("value").to_frame()
    out = sums.join(group_evidence(parts, by)).reset_index()
    return out.assign(entity=WORLD, status=str(Status.OK))


def _summed(lines: pd.DataFrame, sums: pd.DataFrame) -> int:
    """Return how many rows went into the sums."""
    return int((lines["whole"].isin(sums["series"]) & lines["sectoral"]).sum())


def _blank(found: pd.DataFrame, shown: set[str], parties: pd.DataFrame) -> pd.DataFrame:
    """Return rows for the States, and the world, that a series lacks in its years.

    Of an inventory that knows no States it is said once, without a period.
    """
    knows = found["series"].str.split("/").str[0].isin(shown)
    pairs = found.assign(period=found["period"].where(knows, ""))[["series", "period"]]
    everyone = pd.DataFrame({"entity": [WORLD, *parties["iso3"]]}, dtype="str")
    grid = pairs.drop_duplicates().merge(everyone, how="cross")
    grid = grid[(grid["period"] != "") | (grid["entity"] != WORLD)]
    key = ["series", "entity", "period"]
    have = pd.MultiIndex.from_frame(found[key])
    frame = grid[~pd.MultiIndex.from_frame(grid[key]).isin(have)]
    source = group_evidence(found, ["series"])["source"]
    return frame.assign(source=frame["series"].map(source))
