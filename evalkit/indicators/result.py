"""What computing an indicator gives: rows, the steps to them, and the way back to sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from evalkit import results
from evalkit.model import Basis, Indicator, Step
from evalkit.reference.entities import groups_of, states

Tables = Mapping[str, pd.DataFrame]
Trace = Callable[[str, str, str], pd.DataFrame]


def _no_rows(series: str, entity: str, period: str) -> pd.DataFrame:
    return pd.DataFrame({"table": [], "origin": []})


@dataclass(frozen=True)
class Result:
    """An indicator as it stood on one day.

    Parameters
    ----------
    indicator : Indicator
        What was computed.
    frame : DataFrame
        A results table (`evalkit.results`).
    steps : tuple of Step
        What was done, with rows in and out.
    trace : callable
        ``trace(series, entity, period)`` gives the rows of tidy tables behind one value:
        columns table, origin, and the columns of that table.
    """

    indicator: Indicator
    frame: pd.DataFrame
    steps: tuple[Step, ...] = ()
    trace: Trace = field(default=_no_rows)


def finish(indicator: Indicator, as_of: pd.Timestamp, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows as a results table, the indicator's id, unit and day filled in."""
    return results.conform(rows.assign(indicator=indicator.id, unit=indicator.unit, as_of=as_of))


def with_table(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a tidy table for a trace: its name first, then origin, then the rest."""
    rest = [column for column in frame.columns if column != "origin"]
    return frame.assign(table=name)[["table", "origin", *rest]].reset_index(drop=True)


def memberships() -> pd.DataFrame:
    """Return which groups each State is in.

    Returns
    -------
    DataFrame with columns iso3, entity
        One row for a State and group: WLD, its region, LDC and SIDS.
    """
    pairs = [(iso3, group) for iso3 in states() for group in groups_of(iso3)]
    return pd.DataFrame(pairs, columns=["iso3", "entity"])


def group_evidence(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return what groups of rows rest on: the weakest basis and all sources.

    Parameters
    ----------
    rows : DataFrame
        Has the columns `by`, basis and source.
    by : list of str
        What makes a group.

    Returns
    -------
    DataFrame with columns basis, source
        Indexed by `by`; sources are distinct ids, sorted, separated by blanks.
    """
    order = [str(basis) for basis in Basis]
    strength = rows["basis"].map({basis: i for i, basis in enumerate(order)})
    weakest = strength.groupby([rows[name] for name in by]).max().map(dict(enumerate(order)))
    pairs = rows[[*by, "source"]].drop_duplicates()
    pairs = pairs.assign(source=pairs["source"].str.split()).explode("source")
    pairs = pairs.dropna().drop_duplicates().sort_values("source", kind="stable")
    sources = pairs.groupby(by)["source"].agg(" ".join)
    return pd.DataFrame({"basis": weakest, "source": sources.reindex(weakest.index).fillna("")})
