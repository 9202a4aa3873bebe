"""Inventories side by side: what each tells of a place, and why it may tell nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference.texts import text
from evalkit.views.choice import series_title
from evalkit.views.table import NUMERIC, html_table, value_text


def inventory_of(rows: pd.DataFrame) -> pd.Series:
    """Return the inventory that each result is of: the first part of its series."""
    return rows["series"].str.split("/").str[0]


def inventories(rows: pd.DataFrame) -> list[str]:
    """Return the inventories of results, each with its version where there are several."""
    return sorted(set(inventory_of(rows)) - {""}, key=lambda name: (name.split("@")[0], name))


def latest(rows: pd.DataFrame, entity: str) -> pd.DataFrame:
    """Return the latest value of each inventory for a place, or the reason why it has none.

    Parameters
    ----------
    rows : DataFrame
        Results of amounts by inventory, of one day.
    entity : str
        Party, group or inventory region.

    Returns
    -------
    DataFrame
        One row for each inventory, in the order of `inventories`. A place that an inventory
        does not show at all is not there: nothing tells that it was looked for.
    """
    mine = rows[(rows["entity"] == entity) & ~rows["series"].str.contains("/")]
    own = mine[mine["status"] == Status.OK]
    bare = mine[~mine["series"].isin(own["series"])]
    last = pd.concat([own, bare]).sort_values(["series", "period"], kind="stable")
    return last.groupby("series", sort=False).tail(1).reset_index(drop=True)


def in_year(rows: pd.DataFrame, entity: str, year: str) -> pd.DataFrame:
    """Return what each inventory tells of a place in a year, or the reason why it tells nothing.

    No other year stands in for it: an inventory that does not give the year is `not_estimated`
    for it, as one is that does not show the place.

    Parameters
    ----------
    rows : DataFrame
        Results of amounts by inventory, of one day.
    entity : str
        Party, group or inventory region.
    year : str
        As the period of the results has it.
    """
    whole = rows[~rows["series"].str.contains("/") & (rows["series"] != "")]
    mine = whole[(whole["entity"] == entity) & (whole["period"] == year)]
    others = whole[~whole["series"].isin(mine["series"])].drop_duplicates("series")
    absent = others.assign(
        entity=entity,
        period=year,
        value=float("nan"),
        low=float("nan"),
        high=float("nan"),
        status=str(Status.NOT_ESTIMATED),
    )
    found = pd.concat([mine, absent], ignore_index=True)
    return found.sort_values("series", kind="stable").reset_index(drop=True)


def side_by_side(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return results of several inventories as a table: inventory, year, amount or reason, basis.

    Parameters
    ----------
    rows : DataFrame
        Results in the order in which they are shown; nothing is added up or averaged.
    caption, language : str
        What the table holds; language of its words.
    """
    names = ("what", "value", "inventory", "year_of", "basis")
    kinds = ("text", "text", "text", NUMERIC, "text")
    headings = [
        (text(f"inventories.{name}", language), kind)
        for name, kind in zip(names, kinds, strict=True)
    ]
    cells = [_cells(row, language) for row in rows.itertuples()]
    return html_table(headings, cells, caption)


def _cells(row: Any, language: str) -> Sequence[str]:
    named = series_title(row.series, language) if row.series else text("inventories.none", language)
    return (
        text(f"indicator.{row.indicator}.title", language),
        value_text(row, language),
        named,
        row.period,
        text(f"basis.{row.basis}", language),
    )
