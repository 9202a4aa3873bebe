"""Shares from counts that somebody published, where the answers behind them are not loaded."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.answer_index import answer_index
from evalkit.indicators.owed import Owed, owed
from evalkit.indicators.prepared import Prepared
from evalkit.indicators.published import known_on
from evalkit.indicators.reporting import rests_on_invented
from evalkit.indicators.result import Result, everybody, finish, with_table
from evalkit.methods.shares import bounds, share, wilson
from evalkit.model import Basis, Indicator, Status, Step
from evalkit.reference.entities import WORLD, groups

UNION = "if no Party is counted in two of the published groups"


def from_published(tables: Prepared, as_of: pd.Timestamp, indicator: Indicator) -> Result | None:
    """Return the world's share from published counts of those that do not count.

    The argument `published_without` names series of the table `published`, each a number of
    Parties among those that reported for which the answer is no. What is left of those that
    reported counts, provided that the groups share no Party: so the basis is inferred.

    Parameters
    ----------
    tables : Prepared
        Needs published, answers, submissions, cycles and parties.
    as_of : Timestamp
        A figure counts from the day on which it was surely known.
    indicator : Indicator
        Whose figures.

    Returns
    -------
    Result or None
        Rows for the cycles that have figures and no answers loaded; none where nothing
        stands in, or where reports are simulated.
    """
    named = [one for one in indicator.arguments.get("published_without", "").split("+") if one]
    if not named or rests_on_invented(tables) or tables["cycles"].empty:
        return None
    who = owed(tables, as_of)
    loaded = set(answer_index(tables).reports["cycle"])
    due = who.frame.loc[who.frame["is_due"], "cycle"].unique()
    parts, used = [], []
    for cycle in [one for one in due if one not in loaded]:
        rows = _figures(tables, indicator.id, named, str(cycle), as_of)
        if rows is not None:
            used.append(rows)
            parts += _rows(tables, who, str(cycle), rows)
    if not parts:
        return None
    figures = pd.concat(used)

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        return _trace(tables, who, figures, entity, period)

    steps = (
        Step("Take the published counts of Parties that do not count", len(figures), len(figures)),
        Step("Count the other Parties that reported", len(figures), len(used), UNION),
    )
    frame = finish(indicator, as_of, pd.concat(parts, ignore_index=True))
    return Result(indicator, frame, steps, trace)


def _figures(
    tables: Prepared, indicator: str, named: list[str], cycle: str, as_of: pd.Timestamp
) -> pd.DataFrame | None:
    """Return the latest exact count of each series; none unless all speak of the same reports."""
    rows = tables["published"]
    rows = rows[
        (rows["indicator"] == indicator)
        & rows["series"].isin(named)
        & (rows["entity"] == WORLD)
        & (rows["period"] == cycle)
        & (rows["qualifier"] == "exact")
        & rows["n"].notna()
        & rows["n_due"].notna()
    ]
    rows = rows[known_on(rows) <= as_of].sort_values(["as_of", "source"], kind="stable")
    rows = rows.groupby("series", sort=True).tail(1)
    whole = rows["n_due"].nunique() == 1 and len(rows) == len(named)
    return rows if whole and rows["n"].sum() <= rows["n_due"].iloc[0] else None


def _rows(tables: Prepared, who: Owed, cycle: str, figures: pd.DataFrame) -> list[pd.DataFrame]:
    place = list(who.cycles["cycle"]).index(cycle)
    cell = place * len(groups())  # the world is the first group
    counted = who.frame["counted"].to_numpy()
    n_answered = int(figures["n_due"].iloc[0])
    n = n_answered - int(figures["n"].sum())
    n_due = int(who.count(counted)[cell]) if who.known_due[cell] else None
    if n_due is not None and n_answered > n_due:
        return []
    low, high = bounds(n, n_answered, n_due) if n_due is not None else (0.0, 1.0)
    whole = {"n": n, "n_answered": n_answered, "n_due": n_due}
    first, last = wilson(n, n_answered)
    value = float(share(n, n_answered))
    lines = [
        {"series": "answered", "value": value, "low": float(low), "high": float(high), **whole},
        {"series": "answered-wilson", "value": value, "low": first, "high": last, **whole},
    ]
    if n_due is not None:
        lines.append({"series": "", "value": n / n_due, "low": low, "high": high, **whole})
    world = pd.DataFrame(lines).assign(entity=WORLD, status=str(Status.OK))
    sources = {*figures["source"], *_due_sources(who, cycle)}
    basis = Basis.weakest([str(Basis.INFERRED), *figures["basis"], *_due_bases(who, cycle)])
    world = world.assign(period=cycle, basis=str(basis), source=" ".join(sorted(sources)))
    told = WORLD if n_due is not None else ""
    others = [one for one in everybody(tables["parties"]) if one != told]
    blank = pd.DataFrame({"entity": others}).assign(
        series="", period=cycle, status=str(Status.NOT_LOADED), basis=str(Basis.MISSING)
    )
    return [world, blank]


def _bound(who: Owed, cycle: str) -> pd.DataFrame:
    return who.frame[(who.frame["cycle"] == cycle) & who.frame["counted"]]


def _due_sources(who: Owed, cycle: str) -> set[str]:
    return {one for named in _bound(who, cycle)["source"].unique() for one in named.split()}


def _due_bases(who: Owed, cycle: str) -> list[str]:
    return list(_bound(who, cycle)["basis"].unique())


def _trace(
    tables: Prepared, who: Owed, figures: pd.DataFrame, entity: str, period: str
) -> pd.DataFrame:
    bound = _bound(who, period)["iso3"] if entity == WORLD else []
    parties, cycles = tables["parties"], tables["cycles"]
    shown = figures[(figures["period"] == period) & (figures["entity"] == entity)]
    parts = [
        with_table("published", shown),
        with_table("cycles", cycles[cycles["cycle"] == period]),
        with_table("parties", parties[parties["iso3"].isin(bound)]),
    ]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)
