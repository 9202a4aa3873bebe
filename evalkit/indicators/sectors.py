"""Amounts of inventories by the common sectors that their categories are mapped to."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.inventory_lines import (
    MEMO,
    PLACE,
    blank,
    evidence,
    lines_of,
    summed,
    with_groups,
)
from evalkit.indicators.mapped import CATEGORY, spelled_out
from evalkit.indicators.result import Result, Tables, Trace, finish, not_loaded, with_table
from evalkit.model import Indicator, Status, Step

UNMAPPED = "unmapped"


def sector_amounts(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Amounts of each inventory by common sector, which make its total.

    Definition
    ----------
    The categories that the table `sectors` maps to the sector, added up. `series` is
    inventory/sector. Each category is in one sector, so that a stack of sectors is the
    total; what lies outside the total by the inventory's own rules is in ``memo``. With
    `give=share` the amount is divided by the sum of all sectors but memo. What an inventory
    does not tell apart stays together, as ``combustion`` or ``metals``: the same name need not
    hold the same sources in two inventories.

    Missing data
    ------------
    A category that is not mapped is in the sector ``unmapped``. Of a group n_answered of its
    n_due States are in the sum. States and groups that an inventory says nothing of are
    `not_estimated`, without a period.

    References
    ----------
    Global Mercury Assessment 2018, sectors; this project's own correspondence of categories.
    """
    lines = lines_of(tables, indicator.arguments["medium"], as_of)
    lines = lines[lines["sectoral"]]
    if lines.empty or tables["sectors"].empty:
        why = "no inventory by category is loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"])
    share = indicator.arguments.get("give") == "share"
    named = _named(tables, lines)
    sums = summed(named)
    rows = _shares(named, sums) if share else sums
    empty = blank(rows, tables["parties"])
    frame = finish(indicator, as_of, pd.concat([rows, empty], ignore_index=True))
    unmapped = sorted(named.loc[named["sector"] == UNMAPPED, "category"].unique())
    steps = (
        Step("Map the categories to sectors", len(lines), len(named), ", ".join(unmapped)),
        Step("Add up the categories of each sector", len(named), len(sums)),
        *([Step("Divide by the sum of the sectors", len(sums), len(rows))] if share else []),
    )
    return Result(indicator, frame, steps, _trace(tables, named, share))


def _named(tables: Tables, lines: pd.DataFrame) -> pd.DataFrame:
    mapping = tables["sectors"]
    mapping = mapping.assign(map_row=mapping.index)[
        [*CATEGORY, "sector", "map_row", "basis", "source"]
    ].rename(columns={"basis": "map_basis", "source": "map_source"})
    grouped = with_groups(lines, tables["parties"])
    merged = grouped.merge(spelled_out(mapping, lines), on=CATEGORY, how="left")
    sector = merged["sector"].fillna(UNMAPPED)
    return merged.assign(sector=sector, series=merged["whole"] + "/" + sector)


def _shares(named: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """Return amounts divided by the sum of the sectors of their inventory, place and year."""
    inside = named[named["sector"] != MEMO]
    whole = evidence(inside, PLACE).join(inside.groupby(PLACE)["kg"].sum().rename("total"))
    own = sums[~sums["series"].str.endswith(f"/{MEMO}")]
    own = own.assign(whole=own["series"].str.partition("/")[0]).drop(columns=["basis", "source"])
    rows = own.merge(whole.reset_index(), on=PLACE)
    ratio = (rows["value"] / rows["total"]).where(rows["total"] > 0)
    status = ratio.notna().map({True: str(Status.OK), False: str(Status.INSUFFICIENT)})
    told = rows.assign(value=ratio, low=float("nan"), high=float("nan"), status=status)
    return told.drop(columns=["whole", "total"])


def _trace(tables: Tables, named: pd.DataFrame, share: bool) -> Trace:
    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        hit = named[(named["entity"] == entity) & (named["period"] == period)]
        if share:  # all sectors are behind it
            hit = hit[(hit["whole"] == series.partition("/")[0]) & (hit["sector"] != MEMO)]
        else:
            hit = hit[hit["series"] == series]
        amounts = tables["emissions"].loc[hit["row"].drop_duplicates()]
        mapped = tables["sectors"].loc[hit["map_row"].dropna().drop_duplicates().astype("int64")]
        return pd.concat(
            [with_table("emissions", amounts), with_table("sectors", mapped)], ignore_index=True
        )

    return trace
