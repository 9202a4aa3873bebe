"""Figures as somebody published them: the latest one up to a day, and what it says."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.prepared import prepared
from evalkit.indicators.result import (
    Result,
    Tables,
    everybody,
    finish,
    with_table,
)
from evalkit.methods.shares import rounding_interval, share
from evalkit.model import Basis, Indicator, Status, Step
from evalkit.reference.entities import WORLD


def latest(tables: Tables, indicator: str, period: str, as_of: pd.Timestamp) -> pd.Series | None:
    """Return the latest figure for the world up to a day; hedged ones never, stated ones first."""
    rows = prepared(tables).once("published-of-the-world", lambda: _of_the_world(tables))
    mine = rows.get((indicator, period))
    if mine is None:
        return None
    known = mine[mine["known_on"] <= as_of]
    return None if known.empty else known.iloc[-1]


def _of_the_world(tables: Tables) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the figures that can stand for the world, by indicator and period, the best last."""
    rows = tables["published"]
    rows = rows[
        (rows["series"] == "")
        & (rows["entity"] == WORLD)
        & (rows["qualifier"] == "exact")
        & (rows["n_qualifier"].isin(["", "exact"]))
        & (rows["n"].notna() | rows["value"].notna())
    ]
    rows = rows.assign(known_on=known_on(rows), stated=rows["basis"] == Basis.REPORTED)
    ordered = rows.sort_values(["stated", "known_on", "source", "origin"])
    groups = ordered.groupby(["indicator", "period"])
    return {(str(indicator), str(period)): mine for (indicator, period), mine in groups}


def known_on(rows: pd.DataFrame) -> pd.Series:
    """Return the day by which a figure was surely known: the end of its month or year."""
    days = rows["as_of"]
    month_ends = days + pd.offsets.MonthEnd(0)
    year_ends = days + pd.offsets.YearEnd(0)
    known = days.where(rows["precision"] != "month", month_ends)
    return known.where(rows["precision"] != "year", year_ends).astype("datetime64[s]")


def _day_told(row: pd.Series) -> str:
    """Return the day a figure speaks of, no more exactly than it was published."""
    form = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[row["precision"]]
    return str(row["as_of"].strftime(form))


def told_share(row: pd.Series, n_due: object) -> dict[str, object]:
    """Return a published figure as a result: from its counts, else from its percentage.

    Parameters
    ----------
    row : Series
        A row of the table `published`.
    n_due : int or missing
        How many owed it.

    Returns
    -------
    dict of str to object
        Cells of a results row; `insufficient` where neither gives a share from 0 to 1.
    """
    out: dict[str, object] = {"status": str(Status.OK), "source": row["source"], "n_due": n_due}
    if pd.notna(row["n"]) and pd.notna(n_due):
        n, whole = int(row["n"]), int(str(n_due))
        bases = [str(row["basis"]), str(row["counts_basis"] or Basis.REPORTED)]
        out["basis"] = str(Basis.weakest(bases))
        if n <= whole and whole > 0:
            return out | {"value": float(share(n, whole)), "n": n, "n_answered": n}
    elif pd.notna(row["value"]) and 0 <= row["value"] <= 100:
        percent = float(row["value"])
        low, high = rounding_interval(percent, _decimals(percent))
        basis = str(row["basis"])
        return out | {"value": percent / 100, "low": low, "high": high, "basis": basis}
    impossible = {"status": str(Status.INSUFFICIENT), "n": row["n"], "n_due": pd.NA}
    return {"basis": str(row["basis"])} | out | impossible


def _decimals(percent: float) -> int:
    return len(f"{percent:.6f}".rstrip("0").split(".")[1])


def published_share(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share that somebody published, with the counts as far as they were published.

    Definition
    ----------
    The latest published figure on or before the day; `period` is the day it speaks of. Where
    counts were published or fit it, the value is their quotient.

    Missing data
    ------------
    Before the first published figure, and for groups and Parties, `not_loaded`: no list of
    the single entries is loaded.

    References
    ----------
    Minamata Convention on Mercury, article 17, paragraph 4.
    """
    name = indicator.arguments["indicator"]
    row = latest(tables, name, "", as_of)
    rows = tables["published"]
    world: dict[str, object]
    if row is None:
        world = {"entity": WORLD, "status": str(Status.NOT_LOADED), "basis": str(Basis.MISSING)}
    else:
        world = {"entity": WORLD, "period": _day_told(row), **told_share(row, row["n_due"])}
    others = [entity for entity in everybody(tables["parties"]) if entity != WORLD]
    blank = pd.DataFrame({"entity": others}).assign(
        status=str(Status.NOT_LOADED), basis=str(Basis.MISSING)
    )
    frame = finish(indicator, as_of, pd.concat([pd.DataFrame([world]), blank], ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        same = (rows["indicator"] == name) & (rows["entity"] == entity)
        return with_table("published", rows[same & (known_on(rows) <= as_of)])

    taken = 0 if row is None else 1
    steps = (Step("Take the latest published figure up to the day", len(rows), taken),)
    return Result(indicator, frame, steps, trace)
