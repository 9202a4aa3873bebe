"""What indicators from registers share: the day of a row, and results of the world alone."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.result import (
    Result,
    Tables,
    everybody,
    finish,
    group_evidence,
    with_table,
)
from evalkit.model import Basis, Indicator, Status, Step
from evalkit.reference.entities import WORLD
from evalkit.tables import known_on

ALL = "all"
EVIDENCE = ["basis", "source"]
KEY = ["series", "period"]


def with_all(lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines twice: under their own period and under all of them."""
    return pd.concat([lines.assign(period=ALL), lines], ignore_index=True)


def evidence(lines: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the weakest basis and all sources of groups of lines, indexed by `by`."""
    return group_evidence(lines, by)


def of_the_world(world: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return results of the world, and for everybody else that they do not apply.

    Parameters
    ----------
    world : DataFrame
        Columns series, period, status, basis, source, and what a result has.
    parties : DataFrame
        The tidy table.

    Returns
    -------
    DataFrame
        A row for each series, period, group and State.
    """
    others = pd.DataFrame({"entity": [one for one in everybody(parties) if one != WORLD]})
    rest = world[[*KEY, *EVIDENCE]].merge(others, how="cross")
    return pd.concat(
        [world.assign(entity=WORLD), rest.assign(status=str(Status.NOT_APPLICABLE))],
        ignore_index=True,
    )


def counted(lines: pd.DataFrame, amount: str = "") -> pd.DataFrame:
    """Return the number of lines, or the sum of an amount, by series and period.

    Parameters
    ----------
    lines : DataFrame
        Columns series, period, basis, source, and `amount` where given.
    amount : str
        Column to sum; the lines themselves are counted when left out.

    Returns
    -------
    DataFrame
        Columns series, period, value, n, status, basis, source.
    """
    by = lines.groupby(KEY)
    value = by[amount].sum() if amount else by.size()
    out = pd.DataFrame({"value": value.astype("float64"), "n": value.astype("Int64")})
    out = out.join(evidence(lines, KEY)).assign(status=str(Status.OK)).reset_index()
    return out.assign(basis=out["basis"].fillna(str(Basis.DERIVED)))


def articles_of(rows: pd.DataFrame, prefix: str, without: str) -> pd.DataFrame:
    """Return a line for each row and article that it names, `series` told by a prefix.

    Parameters
    ----------
    rows : DataFrame
        Has the column articles: numbers with semicolons between.
    prefix : str
        What the series begins with, before the article.
    without : str
        What stands for the article of a row that names none.
    """
    return split_of(rows, "articles", prefix, without)


def split_of(rows: pd.DataFrame, column: str, prefix: str, without: str) -> pd.DataFrame:
    """Return a line for each row and each part of a cell with semicolons, as `series`."""
    parts = rows.assign(part=rows[column].str.split(";")).explode("part", ignore_index=True)
    parts["part"] = parts["part"].str.strip()
    parts = parts.drop_duplicates(["origin", "part"])
    named = parts["part"].where(parts["part"] != "", without)
    return parts.assign(series=prefix + named).drop(columns="part")


def known(tables: Tables, name: str, as_of: pd.Timestamp, *days: str) -> pd.DataFrame:
    """Return the rows of a register that were of the past on a day."""
    rows = tables[name]
    return rows[known_on(rows, *days) <= as_of]


def taken(tables: Tables, name: str, rows: pd.DataFrame) -> Step:
    """Return the step that takes these rows of a register."""
    return Step(
        f"Take the rows of {name} of the day or earlier",
        len(tables[name]),
        len(rows),
        "a row of a year counts from its end",
    )


def behind(tables: Tables, name: str, origins: pd.Series) -> pd.DataFrame:
    """Return the rows of a register at these origins, for a trace."""
    rows = tables[name]
    return with_table(name, rows[rows["origin"].isin(origins)])


def of_lines(
    tables: Tables,
    name: str,
    lines: pd.DataFrame,
    rows: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    indicator: Indicator,
    amount: str = "",
) -> Result:
    """Return counts of the world from lines with a series and a period."""
    world = counted(lines, amount)
    frame = finish(indicator, as_of, of_the_world(world, tables["parties"]))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        same = (lines["series"] == series) & (lines["period"] == period)
        return behind(tables, name, lines.loc[same, "origin"])

    return Result(indicator, frame, (taken(tables, name, rows),), trace)
