"""Money of the financial mechanism: committed at approval, never what was paid out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.indicators.attribution import (
    DECLARED,
    FULL_COUNT,
    MERCURY_ALONE,
    SERIES,
    Way,
    ways,
)
from evalkit.indicators.portfolio import Portfolio, behind, portfolio
from evalkit.indicators.result import (
    Result,
    Tables,
    finish,
    group_evidence,
    memberships,
    not_loaded,
)
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import UNATTRIBUTED, WORLD, groups

ALL, NO_YEAR = "all", "no-year"
WITH_PROGRAMMES = "with-programmes"


def project_money(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Sum an amount of projects by Party, group and period, in several ways of attribution.

    Definition
    ----------
    The sum of the amount over projects of the facility that concern mercury by the title
    rule, in the latest list known on the day. `series` is equal-split (an amount divided
    evenly over the countries named), full-count (the whole amount to each; a group counts
    each project once) or single-country (only what names one country alone). mercury-alone
    leaves out titles that name other chemicals; with-chemicals takes in projects on mercury
    among other chemicals whose title does not say so, where such are loaded; both split
    evenly. declared-shares, where an activity file known on the day gives percentages of a
    project's countries, divides by them and is even for all others. with-programmes is the
    world's total with programmes, whose children are rows as well. `period` is "all", a
    replenishment (GEF-7) or an approval year as published. Entity UNATTRIBUTED holds what no
    country is credited with; in single-country, GLOBAL and REGIONAL are lines of their own.

    Missing data
    ------------
    A blank amount counts in `n_due` and not in `n_answered`; zero is a value. Where no
    project has an amount, the status is `not_reported`. Before the day of the list,
    `not_loaded`.

    References
    ----------
    Minamata Convention on Mercury, article 13. GEF project database export.
    """
    amount, parties = indicator.arguments["amount"], tables["parties"]
    known = portfolio(tables, indicator.arguments["facility"], as_of)
    if known.single.empty:
        why = "no list of projects of that day or an earlier one is loaded"
        return not_loaded(indicator, as_of, why, parties=parties, period=ALL, series="equal-split")
    inside = memberships(parties)
    found = ways(known, tables, as_of)
    parts = [_attributed(way, inside, amount, name) for name, way in found.items()]
    whole = _world(known.listed, amount, WITH_PROGRAMMES, [ALL])
    parts += [whole, _on_nobody(whole, parties)]
    frame = finish(indicator, as_of, pd.concat(parts, ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        if series == WITH_PROGRAMMES:
            return _trace_of_world(known.listed, entity, period)
        return _trace(found[series], parties, entity, period)

    return Result(indicator, frame, _steps(known, found), trace)


def _steps(known: Portfolio, found: dict[str, Way]) -> tuple[Step, ...]:
    listed, single = known.listed, known.single
    alone = single[single["other_chemicals"] != "Y"]
    named = known.countries["item"].isin(single["project"])
    split = tuple(name for name in SERIES if name in found)
    steps = [
        Step(
            "Take the facility's projects that concern mercury by the title rule, as the latest "
            "list of the day has them",
            known.read,
            len(listed),
        ),
        Step(
            "Leave out programmes",
            len(listed),
            len(single),
            "their children are rows as well, so they would count twice",
            of=split,
        ),
        Step(
            "Leave out titles that name other chemicals as well",
            len(single),
            len(alone),
            "their amounts are for all of them together",
            of=(MERCURY_ALONE,),
        ),
        Step(
            "Put amounts on the countries named",
            len(single),
            int(known.countries.loc[named, "item"].nunique()),
            "projects that name no country are kept apart as not attributed",
            of=split,
        ),
    ]
    if DECLARED in found:
        steps.append(_declaring(found[DECLARED], len(single)))
    return tuple(steps)


def _declaring(way: Way, projects: int) -> Step:
    """Return the step that says how many projects have shares that somebody declared."""
    return Step(
        "Divide by the percentages of an activity file",
        projects,
        int(pd.concat(way.also)["item"].nunique()),
        "all others are divided evenly",
        of=(DECLARED,),
    )


def _periods(projects: pd.DataFrame) -> pd.DataFrame:
    """Return each project's periods: all, its replenishment, its approval year."""
    year = projects["approval_year"].astype("str").where(projects["approval_year"].notna(), NO_YEAR)
    pairs = [pd.Series(ALL, index=projects.index), projects["period"], year.astype("str")]
    return pd.concat(
        [pd.DataFrame({"item": projects["project"], "period": period}) for period in pairs],
        ignore_index=True,
    ).drop_duplicates(ignore_index=True)


def _attributed(way: Way, inside: pd.DataFrame, amount: str, series: str) -> pd.DataFrame:
    projects = way.with_evidence()
    placed = way.split(projects.set_index("project")[amount])
    periods = _periods(projects)
    about = projects[["project", "basis", "source"]].rename(columns={"project": "item"})
    lines = placed.merge(periods, on="item").merge(about, on="item")
    by_country = lines.assign(entity=lines["place"])
    by_group = lines.merge(inside[inside["entity"] != WORLD], left_on="place", right_on="iso3")
    if series == FULL_COUNT:
        by_group = by_group.drop_duplicates(["item", "entity", "period"])
    summed = _sums(pd.concat([by_country, by_group], ignore_index=True), "amount", series)
    every_period = list(periods["period"].unique())
    whole = group_evidence(about.assign(of=series), ["of"]).loc[series]
    others = [*groups(), *inside["iso3"].unique(), UNATTRIBUTED]
    filled = _with_zeros(summed, others, every_period, whole.rename(series))
    return pd.concat([filled, _world(projects, amount, series, every_period)], ignore_index=True)


def _sums(lines: pd.DataFrame, amount: str, series: str) -> pd.DataFrame:
    by = ["entity", "period"]
    grouped = lines.groupby(by)
    out = pd.DataFrame(
        {"value": grouped[amount].sum(min_count=1), "n_due": grouped["item"].nunique()}
    )
    out = out.join(group_evidence(lines, by))
    with_amount = lines[lines[amount].notna()].groupby(by)["item"].nunique()
    out["n_answered"] = with_amount.reindex(out.index).fillna(0).astype("int64")
    out["n"] = out["n_answered"]
    status = np.where(out["value"].notna(), Status.OK, Status.NOT_REPORTED)
    return out.assign(status=status, series=series).reset_index()


def _with_zeros(
    summed: pd.DataFrame, others: list[str], periods: list[str], evidence: pd.Series
) -> pd.DataFrame:
    """Add a zero, which rests on the whole list, for whoever no project of a period names."""
    named = [entity for entity in others if entity != WORLD]
    grid = pd.MultiIndex.from_product([named, periods], names=["entity", "period"])
    have = pd.MultiIndex.from_frame(summed[["entity", "period"]])
    zero = grid.difference(have).to_frame(index=False)
    zeros = zero.assign(
        value=0.0,
        n=0,
        n_answered=0,
        n_due=0,
        status=str(Status.OK),
        basis=evidence["basis"],
        series=str(evidence.name),
        source=evidence["source"],
    )
    return pd.concat([summed, zeros], ignore_index=True)


def _world(projects: pd.DataFrame, amount: str, series: str, periods: list[str]) -> pd.DataFrame:
    lines = _periods(projects).merge(projects, left_on="item", right_on="project")
    lines = lines.rename(columns={"period_x": "period"})
    lines = lines[lines["period"].isin(periods)].assign(entity=WORLD)
    return _sums(lines, amount, series)


def _on_nobody(whole: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return rows that say that the total with programmes is put on no State and no group."""
    others = [one for one in (*groups(), *parties["iso3"]) if one != WORLD]
    same = whole.iloc[0]
    return pd.DataFrame({"entity": others}).assign(
        series=same["series"],
        period=same["period"],
        status=str(Status.NOT_APPLICABLE),
        basis=same["basis"],
        source=same["source"],
    )


def _of_period(projects: pd.DataFrame, period: str) -> pd.DataFrame:
    chosen = _periods(projects)
    return projects[projects["project"].isin(chosen.loc[chosen["period"] == period, "item"])]


def _trace_of_world(listed: pd.DataFrame, entity: str, period: str) -> pd.DataFrame:
    """Return the rows behind the total with programmes, which is put on nobody."""
    return behind(_of_period(listed, period) if entity == WORLD else listed.iloc[:0])


def _trace(way: Way, parties: pd.DataFrame, entity: str, period: str) -> pd.DataFrame:
    rows, places = _of_period(way.projects, period), way.credited()
    if entity == WORLD:
        return behind(rows)
    inside = memberships(parties)
    members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
    return way.behind(rows[rows["project"].isin(places.loc[places["place"].isin(members), "item"])])
