"""Money of the financial mechanism: committed at approval, never what was paid out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from evalkit.indicators.result import (
    Result,
    Tables,
    finish,
    group_evidence,
    memberships,
    not_loaded,
    with_table,
)
from evalkit.methods.allocation import equal_split, full_count
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import UNATTRIBUTED, WORLD, groups

COUNTRY_KINDS = ("country", "territory", "legacy", "organisation")
ALL, NO_YEAR = "all", "no-year"
WITH_PROGRAMMES = "with-programmes"
METHODS: dict[str, Callable[[pd.Series, pd.DataFrame], pd.DataFrame]] = {
    "equal-split": equal_split,
    "full-count": full_count,
}


def project_money(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Sum an amount of projects by Party, group and period, in two ways of attribution.

    Definition
    ----------
    The sum of the amount over projects of the facility that concern mercury by the title
    rule. `series` is equal-split (an amount divided evenly over the countries named) or
    full-count (the whole amount to each; a group counts each project once); with-programmes
    is the world's total with programmes, whose children are rows as well. `period` is
    "all", a replenishment (GEF-7) or an approval year as published. Entity UNATTRIBUTED
    holds what names no country.

    Missing data
    ------------
    A blank amount counts in `n_due` and not in `n_answered`; zero is a value. Where no
    project has an amount, the status is `not_reported`. Before the day of the list,
    `not_loaded`.

    References
    ----------
    Minamata Convention on Mercury, article 13. GEF project database export.
    """
    facility, amount = indicator.arguments["facility"], indicator.arguments["amount"]
    every, parties = tables["projects"], tables["parties"]
    listed = every[(every["facility"] == facility) & (every["theme"] != "unclassified")]
    projects = listed[listed["type"] != "programme"]
    if projects.empty or as_of < listed["as_of"].max():
        why = "no list of projects of that day or an earlier one is loaded"
        return not_loaded(indicator, as_of, why, parties=parties, period=ALL, series="equal-split")
    places = _countries(tables, projects)
    inside = memberships(parties)
    # A split rests on every place that a project names.
    evidence = _evidence(projects, tables["project_places"])
    projects = projects.assign(basis=evidence["basis"], source=evidence["source"])
    parts = [_attributed(projects, places, inside, amount, name) for name in METHODS]
    whole = _world(listed, amount, WITH_PROGRAMMES, [ALL])
    parts += [whole, _on_nobody(whole, parties)]
    frame = finish(indicator, as_of, pd.concat(parts, ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        rows = listed if series == WITH_PROGRAMMES else projects
        return _trace(tables, rows, places, entity, period)

    return Result(indicator, frame, _steps(every, listed, projects, places), trace)


def _steps(
    every: pd.DataFrame, listed: pd.DataFrame, projects: pd.DataFrame, places: pd.DataFrame
) -> tuple[Step, ...]:
    return (
        Step(
            "Take the facility's projects that concern mercury by the title rule",
            len(every),
            len(listed),
        ),
        Step(
            "Leave out programmes",
            len(listed),
            len(projects),
            "their children are rows as well, so they would count twice",
            of=tuple(METHODS),
        ),
        Step(
            "Put amounts on the countries named",
            len(projects),
            int(places["item"].nunique()),
            "projects that name no country are kept apart as not attributed",
            of=tuple(METHODS),
        ),
    )


def _evidence(projects: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the weakest basis and all sources of each project and its places."""
    columns = ["project", "basis", "source"]
    named = places[places["project"].isin(projects["project"])]
    found = group_evidence(pd.concat([projects[columns], named[columns]]), ["project"])
    return found.reindex(projects["project"]).set_axis(projects.index)


def _countries(tables: Tables, projects: pd.DataFrame) -> pd.DataFrame:
    places = tables["project_places"]
    named = places[
        places["project"].isin(projects["project"]) & places["place_kind"].isin(COUNTRY_KINDS)
    ]
    return named.rename(columns={"project": "item"})[["item", "place"]]


def _periods(projects: pd.DataFrame) -> pd.DataFrame:
    """Return each project's periods: all, its replenishment, its approval year."""
    year = projects["approval_year"].astype("str").where(projects["approval_year"].notna(), NO_YEAR)
    pairs = [pd.Series(ALL, index=projects.index), projects["period"], year.astype("str")]
    return pd.concat(
        [pd.DataFrame({"item": projects["project"], "period": period}) for period in pairs],
        ignore_index=True,
    ).drop_duplicates(ignore_index=True)


def _attributed(
    projects: pd.DataFrame,
    places: pd.DataFrame,
    inside: pd.DataFrame,
    amount: str,
    series: str,
) -> pd.DataFrame:
    amounts = projects.set_index("project")[amount]
    placed = METHODS[series](amounts, places)
    placed["place"] = placed["place"].where(placed["place"] != "", UNATTRIBUTED)
    periods = _periods(projects)
    about = projects[["project", "basis", "source"]].rename(columns={"project": "item"})
    lines = placed.merge(periods, on="item").merge(about, on="item")
    by_country = lines.assign(entity=lines["place"])
    by_group = lines.merge(inside[inside["entity"] != WORLD], left_on="place", right_on="iso3")
    if series == "full-count":
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


def _trace(
    tables: Tables, projects: pd.DataFrame, places: pd.DataFrame, entity: str, period: str
) -> pd.DataFrame:
    chosen = _periods(projects)
    rows = projects[projects["project"].isin(chosen.loc[chosen["period"] == period, "item"])]
    if entity == UNATTRIBUTED:
        rows = rows[~rows["project"].isin(places["item"])]
    elif entity != WORLD:
        inside = memberships(tables["parties"])
        members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
        rows = rows[rows["project"].isin(places.loc[places["place"].isin(members), "item"])]
    if entity == WORLD:
        return with_table("projects", rows)
    named = tables["project_places"]
    named = named[named["project"].isin(rows["project"])]
    both = [with_table("projects", rows), with_table("project_places", named)]
    return pd.concat([part for part in both if len(part)] or both[:1], ignore_index=True)
