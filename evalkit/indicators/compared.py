"""Totals of inventories beside each other: change within one, agreement of several."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from evalkit.indicators.inventories import covered, repeating
from evalkit.indicators.inventory_lines import (
    HERE,
    KEY,
    blank,
    evidence,
    lines_of,
    totals,
    wanted,
)
from evalkit.indicators.prepared import prepared
from evalkit.indicators.result import (
    Result,
    Tables,
    everybody,
    finish,
    not_loaded,
    with_table,
)
from evalkit.methods.side_by_side import change_from, largest_to_smallest, spearman
from evalkit.model import Basis, Indicator, Status, Step
from evalkit.reference.entities import WORLD

ONE = ["whole", *HERE]


def totals_of(
    tables: Tables, as_of: pd.Timestamp, indicator: Indicator, *, once: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one total for each inventory, place and year, and the rows that make them.

    With `once` a grid of an inventory is left out where the inventory itself gives a total.
    """
    names = ("medium", "covers", "without")
    medium, covers, without = (indicator.arguments.get(name, "") for name in names)
    key = ("totals of inventories", medium, covers, without, once, as_of)
    parts = prepared(tables).once(
        (*key[:4], as_of), lambda: _parts(tables, medium, covers, without, as_of)
    )
    return prepared(tables).once(key, lambda: _made(tables, parts, once))


def _parts(
    tables: Tables, medium: str, covers: str, left_out: str, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Take inventories that cover what is asked for, and those of which nothing is known."""
    lines, without = lines_of(tables, medium, as_of), wanted(left_out)
    out = ~covered(lines, tables["inventories"]).isin([*wanted(covers), ""])
    out |= lines["inventory"].isin(without)
    out |= lines["whole"].isin(without)  # one version alone, as inventory@version
    return totals(lines[~out], tables["sectors"])


def _made(tables: Tables, parts: pd.DataFrame, once: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    if once:
        parts = parts[~repeating(parts, tables["inventories"], HERE)]
    keep = {name: (name, "first") for name in ("inventory", "version", "year")}
    return parts.groupby(ONE, sort=True).agg(kg=("kg", "sum"), **keep).reset_index(), parts


def _nothing(tables: Tables, as_of: pd.Timestamp, indicator: Indicator, why: str) -> Result:
    return not_loaded(indicator, as_of, why, parties=tables["parties"])


def _told(rows: pd.DataFrame, behind: pd.DataFrame) -> pd.DataFrame:
    """Return rows with their evidence, and a status that says whether there is a value."""
    status = rows["value"].notna().map({True: str(Status.OK), False: str(Status.INSUFFICIENT)})
    return rows.assign(status=status).merge(evidence(behind, KEY).reset_index(), on=KEY)


def _result(
    tables: Tables,
    as_of: pd.Timestamp,
    indicator: Indicator,
    rows: pd.DataFrame,
    behind: pd.DataFrame,
    steps: tuple[Step, ...],
) -> Result:
    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        same = (behind["entity"] == entity) & (behind["period"] == period)
        hit = behind.loc[same & (behind["series"] == series), "row"].drop_duplicates()
        return with_table("emissions", tables["emissions"].loc[hit])

    return Result(indicator, finish(indicator, as_of, rows), steps, trace)


def inventory_change(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Change of each inventory's total since its own first year, never across versions.

    Definition
    ----------
    Total of the year divided by that of the first year of the same version of the inventory,
    less 1. `series` is inventory/since-YEAR; the first year is that of the inventory, the same
    for all places. Its total is its own, or the sum of its categories but memo items.

    Missing data
    ------------
    `insufficient` where the place has no amount above zero in the first year. Of inventories
    those count that cover all sources (`covers`, as the table `inventories` has it): thresholds
    of registers of facilities change who reports. Left out are as well totals as they were
    first published, since each year's has a method of its own. An inventory of one year has
    no change. States that an inventory says nothing of are `not_estimated`.

    References
    ----------
    Minamata Convention on Mercury, article 8.
    """
    found, parts = totals_of(tables, as_of, indicator)
    years = found.groupby("whole")["year"].transform("nunique")
    found = found[years > 1]
    if found.empty:
        return _nothing(tables, as_of, indicator, "no inventory of two years or more is loaded")
    base = found.groupby("whole")["year"].transform("min")
    series = found["whole"] + "/since-" + base.astype("str")
    changes = [change_from(rows, int(rows["year"].min())) for _, rows in found.groupby("whole")]
    rows = found.assign(series=series, value=pd.concat(changes))[[*KEY, "value", "whole"]]
    first = base[~base.index.duplicated()].astype("str").rename("first")
    keys = rows[[*KEY, "whole"]].assign(first=first)
    behind = keys.merge(parts, on=ONE)
    then = keys.rename(columns={"period": "then", "first": "period"}).merge(parts, on=ONE)
    both = pd.concat([behind, then.assign(period=then["then"])], ignore_index=True)
    told = _told(rows.drop(columns="whole"), both)
    empty = blank(told, tables["parties"])
    steps = (
        Step("Take the total of each inventory, place and year", len(parts), len(found)),
        Step("Divide by that of the inventory's first year, less 1", len(found), len(told)),
    )
    every = pd.concat([told, empty], ignore_index=True)
    return _result(tables, as_of, indicator, every, both, steps)


def inventories_ratio(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """How many times the smallest inventory's total the largest is, by place and year.

    Definition
    ----------
    Largest total over smallest, of all inventories that give one for the place and year; `n`
    counts them. Each version of an inventory counts by itself. A ratio of 1 is full agreement.

    Missing data
    ------------
    `insufficient` with fewer than two inventories, or where the smallest total is zero.
    Registers of facilities are left out: they are no totals. A grid of an inventory counts
    where the inventory itself gives no total: it is no second opinion.

    References
    ----------
    Minamata Convention on Mercury, article 22, paragraph 2.
    """
    found, parts = totals_of(tables, as_of, indicator, once=True)
    ratios = largest_to_smallest(found, HERE)
    if ratios.empty:
        return _nothing(tables, as_of, indicator, "no two inventories give the same place and year")
    rows = ratios.rename(columns={"ratio": "value", "count": "n"}).assign(series="")
    behind = rows[KEY].merge(parts, on=HERE)
    told = _told(rows, behind)
    grid = (
        told[["period"]]
        .drop_duplicates()
        .merge(pd.DataFrame({"entity": everybody(tables["parties"])}), how="cross")
    )
    have = pd.MultiIndex.from_frame(told[HERE])
    empty = grid[~pd.MultiIndex.from_frame(grid[HERE]).isin(have)]
    empty = empty.assign(
        series="", status=str(Status.INSUFFICIENT), basis=str(Basis.ESTIMATED), source=""
    )
    steps = (
        Step("Take the total of each inventory, place and year", len(parts), len(found)),
        Step("Divide the largest by the smallest", len(found), len(told)),
    )
    every = pd.concat([told, empty], ignore_index=True)
    return _result(tables, as_of, indicator, every, behind, steps)


def inventories_ranks(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Whether two inventories put Parties into the same order: Spearman's rank correlation.

    Definition
    ----------
    Over the States with a total in both inventories for the year; `n` counts them. `series`
    names both inventories. 1 is the same order, 0 none, -1 the opposite. Amounts that are
    equal share the mean of their ranks.

    Missing data
    ------------
    `insufficient` with fewer than four States. Registers of facilities are left out, and a grid
    of an inventory where the inventory itself gives a total.

    References
    ----------
    Spearman (1904), American Journal of Psychology 15: 72-101.
    """
    found, parts = totals_of(tables, as_of, indicator, once=True)
    found = found[found["entity"].isin(tables["parties"]["iso3"])]
    pairs = pd.DataFrame(list(_pairs(found)), columns=["series", "period", "value", "n", "states"])
    if pairs.empty:
        return _nothing(tables, as_of, indicator, "no two inventories give the same States a year")
    rows = pairs.drop(columns="states").assign(entity=WORLD)
    members = pairs[["series", "period", "states"]].explode("states")
    members = members.rename(columns={"states": "state"})
    both = members["series"].str.split("/", expand=True)
    sides = [members.assign(whole=both[side]) for side in (0, 1)]
    behind = pd.concat(sides).merge(parts, left_on=["whole", "state", "period"], right_on=ONE)
    behind = behind.assign(entity=WORLD)
    steps = (
        Step("Take the total of each inventory, State and year", len(parts), len(found)),
        Step("Rank the States of each two inventories", len(found), len(rows)),
    )
    told = _told(rows, behind)
    empty = blank(told, tables["parties"], Status.NOT_APPLICABLE)
    every = pd.concat([told, empty], ignore_index=True)
    return _result(tables, as_of, indicator, every, behind, steps)


def _pairs(found: pd.DataFrame) -> Iterator[tuple[str, str, float, int, list[str]]]:
    for period, rows in found.groupby("period", sort=True):
        wide = rows.pivot(index="entity", columns="whole", values="kg")
        for one, other in combinations(sorted(wide.columns), 2):
            both = wide[[one, other]].dropna()
            if len(both):
                told = spearman(both[one], both[other])
                yield f"{one}/{other}", str(period), told, len(both), list(both.index)


def against_reports(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Compare inventories with what the Party itself reported for the year.

    Definition
    ----------
    Total of an inventory divided by the total that the Party reported elsewhere (`own` names
    those inventories: national submissions and Initial Assessments). `series` is
    inventory/own inventory. The form of article 21 asks no amount of emissions: its question 8.3
    asks whether an inventory was made and where it is, which `emission-inventories` counts.

    Missing data
    ------------
    `insufficient` where the Party's own total is zero. A Party without an own inventory of the
    year, or none beside it, is `not_reported`; nothing is taken from another year.

    References
    ----------
    Minamata Convention on Mercury, article 8, paragraph 7; article 21; decision MC-1/8.
    """
    found, parts = totals_of(tables, as_of, indicator)
    found = found[found["entity"].isin(tables["parties"]["iso3"])]
    mine = found["inventory"].isin(wanted(indicator.arguments["own"]))
    pairs = found[~mine].merge(found[mine], on=HERE, suffixes=("", "_own"))
    if pairs.empty:
        return _nothing(
            tables, as_of, indicator, "no Party's own inventory stands beside another of its year"
        )
    ratio = (pairs["kg"] / pairs["kg_own"]).where(pairs["kg_own"] > 0)
    series = pairs["whole"] + "/" + pairs["whole_own"]
    rows = pairs.assign(series=series, value=ratio)
    sides = [rows[KEY].assign(whole=rows[name]) for name in ("whole", "whole_own")]
    behind = pd.concat(sides).merge(parts, on=ONE)
    told = _told(rows[[*KEY, "value"]], behind)
    empty = _without_report(told, tables)
    steps = (
        Step("Take the total of each inventory, State and year", len(parts), len(found)),
        Step("Divide by what the Party reported", len(pairs), len(told)),
    )
    every = pd.concat([told, empty], ignore_index=True)
    return _result(tables, as_of, indicator, every, behind, steps)


def _without_report(told: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return a row for every State and group that has none, in each series and year."""
    everyone = pd.DataFrame({"entity": everybody(tables["parties"])})
    grid = told[["series", "period"]].drop_duplicates().merge(everyone, how="cross")
    have = pd.MultiIndex.from_frame(told[KEY])
    empty = grid[~pd.MultiIndex.from_frame(grid[KEY]).isin(have)]
    group = empty["entity"].isin(everybody(tables["parties"].iloc[:0]))
    status = group.map({True: str(Status.NOT_APPLICABLE), False: str(Status.NOT_REPORTED)})
    return empty.assign(status=status, basis=str(Basis.MISSING), source="")
