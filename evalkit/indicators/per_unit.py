"""Amounts of inventories divided by something else of the same place and year: persons, gold."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.compared import totals_of
from evalkit.indicators.inventories import covered
from evalkit.indicators.inventory_lines import HERE, KEY, blank, lines_of, wanted
from evalkit.indicators.mapped import CATEGORY, spelled_out
from evalkit.indicators.result import (
    Result,
    Tables,
    Trace,
    everybody,
    finish,
    group_evidence,
    not_loaded,
    with_table,
)
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import WORLD

ONE = ["series", *HERE]
# Table and column of what is divided by; how often the unit of the result goes into a kg.
PER = {"persons": ("population", "persons", 1000.0), "gold": ("gold_produced", "gold_kg", 1.0)}
ENDS = {"low": "kg", "high": "kg", "base_low": "base", "base_high": "base"}
EXACT = ("exact", "near_exact")


def amount_per(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Amounts of each inventory for each person, or for each kg of gold, of the place and year.

    Definition
    ----------
    The total of an inventory that covers all sources, or with `sector` its categories that are
    that sector and nothing more, divided by the persons or the gold of the same place and year.
    `series` is the inventory. The world is the inventory's own world over a row of the world.
    low and high divide the lower end of one by the upper end of the other, where either has
    ends.

    Missing data
    ------------
    Without a table of persons or gold nothing is loaded. `insufficient` where the inventory has
    an amount and the table has no row of the place and year, or zero; nothing is taken from
    another year. States that an inventory says nothing of are `not_estimated`. To other groups
    it is `not_applicable`: a quotient of the few States that are known would pass for theirs.

    References
    ----------
    Minamata Convention on Mercury, articles 7 and 8.
    """
    name, column, factor = PER[indicator.arguments["per"]]
    if tables[name].empty:
        why = f"No file of this kind is loaded. Needed: {indicator.needs}"
        return not_loaded(indicator, as_of, why, parties=tables["parties"])
    parts = _parts(tables, as_of, indicator)
    base = _base(tables[name], column)
    sums = _sums(parts)
    both = sums.merge(base, on=HERE)
    both = both[both["base"] > 0]
    if both.empty:
        why = "no amount of an inventory and no row of the same place and year"
        lacks = Status.INSUFFICIENT
        return not_loaded(indicator, as_of, why, parties=tables["parties"], status=lacks)
    behind = _behind(parts, base)
    told = _told(both, behind, factor)
    rows = pd.concat([told, _lacking(sums, both, parts)], ignore_index=True)
    empty = _blank(rows, tables["parties"])
    frame = finish(indicator, as_of, pd.concat([rows, empty], ignore_index=True))
    steps = (
        Step("Take the amount of each inventory, place and year", len(parts), len(sums)),
        Step(f"Divide by {column} of the same place and year", len(sums), len(told)),
    )
    return Result(indicator, frame, steps, _trace(tables, behind, name))


def _parts(tables: Tables, as_of: pd.Timestamp, indicator: Indicator) -> pd.DataFrame:
    """Return the rows of emissions that make each amount, named by their series."""
    sector = indicator.arguments.get("sector", "")
    if not sector:
        _, rows = totals_of(tables, as_of, indicator)
        return rows.assign(series=rows["whole"])
    lines = lines_of(tables, indicator.arguments["medium"], as_of)
    kept = covered(lines, tables["inventories"]).isin([*wanted(indicator.arguments["covers"]), ""])
    lines = lines[lines["sectoral"] & kept]
    mapping = spelled_out(tables["sectors"], lines)
    mapping = mapping[(mapping["sector"] == sector) & mapping["coverage"].isin(EXACT)]
    return lines.merge(mapping[CATEGORY], on=CATEGORY).assign(series=lambda one: one["whole"])


def _base(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return what is divided by, with its ends where the table has any."""
    ends = {f"base_{end}": rows[end] if end in rows else float("nan") for end in ("low", "high")}
    named = rows.assign(base=rows[column].astype("float64"), period=rows["year"].astype("str"))
    named = named.assign(row=rows.index, **ends)
    return named[[*HERE, "base", "base_low", "base_high", "row", "basis", "source"]]


def _sums(parts: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts, with the sums of their ends where all parts have them."""
    grouped = parts.groupby(ONE, sort=True)
    sums = grouped[["kg", "low", "high"]].sum(min_count=1)
    whole = grouped[["low", "high"]].count().eq(grouped.size(), axis=0)
    sums[["low", "high"]] = sums[["low", "high"]].where(whole)
    return sums.reset_index()


def _behind(parts: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Return the rows behind each quotient, of both tables."""
    above = parts[[*ONE, "row", "basis", "source"]].assign(table="emissions")
    keys = parts[ONE].drop_duplicates()
    below = keys.merge(base[[*HERE, "row", "basis", "source"]], on=HERE).assign(table="")
    return pd.concat([above, below], ignore_index=True)


def _told(both: pd.DataFrame, behind: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Return the quotients of single places."""
    ends = both[[*ENDS]]
    spread = ends.notna().any(axis=1)
    filled = pd.DataFrame({end: both[end].fillna(both[of]) for end, of in ENDS.items()})
    rows = both.assign(
        value=factor * both["kg"] / both["base"],
        low=(factor * filled["low"] / filled["base_high"]).where(spread),
        high=(factor * filled["high"] / filled["base_low"]).where(
            spread & (filled["base_low"] > 0)
        ),
        status=str(Status.OK),
    )
    return _with_evidence(rows, behind)


def _blank(found: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return rows for whomever a series does not speak of; to a group it does not apply."""
    rows = blank(found, parties)
    of_group = rows["entity"].isin(set(everybody(parties.iloc[:0])) - {WORLD})
    return rows.assign(status=rows["status"].mask(of_group, str(Status.NOT_APPLICABLE)))


def _lacking(sums: pd.DataFrame, both: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return rows of amounts that nothing of the same place and year divides."""
    have = pd.MultiIndex.from_frame(both[ONE])
    alone = sums.loc[~pd.MultiIndex.from_frame(sums[ONE]).isin(have), ONE]
    alone = alone[alone["series"].isin(both["series"])]
    return _with_evidence(alone.assign(status=str(Status.INSUFFICIENT)), parts)


def _with_evidence(rows: pd.DataFrame, behind: pd.DataFrame) -> pd.DataFrame:
    kept = [name for name in (*KEY, "value", "low", "high", "status") if name in rows]
    return rows[kept].merge(group_evidence(behind, KEY).reset_index(), on=KEY)


def _trace(tables: Tables, behind: pd.DataFrame, below: str) -> Trace:
    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        """Return the amounts, and what they are divided by."""
        same = (behind["entity"] == entity) & (behind["period"] == period)
        hit = behind[same & (behind["series"] == series)]
        found = []
        for name, mark in (("emissions", "emissions"), (below, "")):
            rows = hit.loc[hit["table"] == mark, "row"].drop_duplicates()
            found.append(with_table(name, tables[name].loc[rows]))
        return pd.concat(found, ignore_index=True)

    return trace
