"""What computing an indicator gives: rows, the steps to them, and the way back to sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from evalkit import results
from evalkit.indicators.evidence import Evidence
from evalkit.model import Basis, Indicator, Status, Step
from evalkit.reference.entities import WORLD, groups

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


def not_loaded(
    indicator: Indicator,
    as_of: pd.Timestamp,
    why: str,
    *,
    parties: pd.DataFrame,
    period: str = "",
    series: str = "",
    status: Status = Status.NOT_LOADED,
) -> Result:
    """Return a result that says for every State and group that nothing is loaded, and why.

    `status` may say another reason that holds for all of them.
    """
    rows = _nobody(tuple(everybody(parties)), as_of, period, series, status)
    frame = rows.assign(indicator=indicator.id, unit=indicator.unit)
    return Result(indicator, frame, (Step(why, 0, 0),))


@lru_cache(maxsize=64)
def _nobody(
    everyone: tuple[str, ...], as_of: pd.Timestamp, period: str, series: str, status: Status
) -> pd.DataFrame:
    """Return a results table without a value for anybody, which many indicators share."""
    rows = pd.DataFrame({"entity": everyone}).assign(
        period=period, series=series, status=str(status), basis=str(Basis.MISSING), as_of=as_of
    )
    return results.conform(rows)


def without_values(result: Result) -> Result:
    """Return a result of a day before the Convention: where there was a value, nothing applies."""
    frame = result.frame.copy()
    had = frame["status"] == Status.OK
    frame.loc[had, "status"] = str(Status.NOT_APPLICABLE)
    for column in ("value", "low", "high", "n", "n_answered", "n_due"):
        frame[column] = frame[column].mask(frame["status"].notna())
    step = Step("Leave out all values", len(frame), len(frame), "the Convention was not yet open")
    return replace(result, frame=results.conform(frame), steps=(*result.steps, step))


def everybody(parties: pd.DataFrame) -> list[str]:
    """Return all groups and the States of the table `parties`, the world first."""
    return [*groups(), *parties["iso3"]]


def with_table(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a tidy table for a trace: its name first, then origin, then the rest."""
    rest = [column for column in frame.columns if column != "origin"]
    return frame.assign(table=name)[["table", "origin", *rest]].reset_index(drop=True)


def memberships(parties: pd.DataFrame) -> pd.DataFrame:
    """Return which groups each State is in, as the table `parties` has it.

    Parameters
    ----------
    parties : DataFrame
        The tidy table, with the columns iso3, region, ldc and sids.

    Returns
    -------
    DataFrame with columns iso3, entity
        One row for a State and group: WLD, its region, LDC and SIDS.
    """
    iso3 = parties["iso3"].to_numpy(dtype="object")
    ldc, sids = (iso3[(parties[name] == "Y").to_numpy()] for name in ("ldc", "sids"))
    region = parties["region"].to_numpy(dtype="object")
    fixed = np.repeat(np.array([WORLD, "LDC", "SIDS"], "object"), [len(iso3), len(ldc), len(sids)])
    entity = np.concatenate([fixed[: len(iso3)], region, fixed[len(iso3) :]])
    states = np.concatenate([iso3, iso3, ldc, sids])
    return pd.DataFrame({"iso3": states, "entity": entity}, dtype="str")


def also_rests_on(rows: pd.DataFrame, basis: Basis, source: str) -> pd.DataFrame:
    """Return rows whose evidence has one thing more: its basis where weaker, its source added.

    Examples
    --------
    >>> own = pd.DataFrame({"basis": ["memory", "reported"], "source": ["b", "a c"]})
    >>> also_rests_on(own, Basis.DERIVED, "b").to_numpy().tolist()
    [['memory', 'b'], ['derived', 'a b c']]
    """
    bases = {own: str(Basis.weakest([own, basis])) for own in rows["basis"].unique()}
    added = set(source.split())
    sources = {own: " ".join(sorted({*own.split(), *added})) for own in rows["source"].unique()}
    return rows.assign(basis=rows["basis"].map(bases), source=rows["source"].map(sources))


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
    grouped = rows.groupby(by, sort=True)
    cell, index = grouped.ngroup().to_numpy(), grouped.size().index
    ground = Evidence.of(rows).grouped(cell, np.arange(len(rows)), len(index))
    return pd.DataFrame(ground.columns(), index=index).astype("str")
