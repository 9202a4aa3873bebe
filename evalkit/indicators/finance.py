"""Money of the financial mechanism: committed at approval, never what was paid out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from evalkit.indicators.portfolio import (
    CHEMICALS,
    Portfolio,
    behind,
    portfolio,
    without_programmes,
)
from evalkit.indicators.result import (
    Result,
    Tables,
    finish,
    group_evidence,
    memberships,
    not_loaded,
)
from evalkit.methods.allocation import equal_split, full_count, single_country
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import UNATTRIBUTED, WORLD, groups

ALL, NO_YEAR = "all", "no-year"
WITH_PROGRAMMES = "with-programmes"
FULL_COUNT, SINGLE_COUNTRY = "full-count", "single-country"
REGIONAL_KINDS = ("region", "regional_marker")
MERCURY_ALONE, WITH_CHEMICALS = "mercury-alone", "with-chemicals"
METHODS: dict[str, Callable[[pd.Series, pd.DataFrame], pd.DataFrame]] = {
    "equal-split": equal_split,
    FULL_COUNT: full_count,
    SINGLE_COUNTRY: single_country,
    MERCURY_ALONE: equal_split,
    WITH_CHEMICALS: equal_split,
}


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
    evenly. with-programmes is the world's total with programmes, whose children are rows as
    well. `period` is "all", a replenishment (GEF-7) or an approval year as published. Entity
    UNATTRIBUTED holds what no country is credited with;
    in single-country, GLOBAL and REGIONAL are lines of their own.

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
    rows = {name: _of_series(known, name) for name in METHODS}
    parts = [
        _attributed(rested, known, inside, amount, name)
        for name, found in rows.items()
        # A split rests on every place that a project names.
        if len(rested := found.assign(**_evidence(found, known.places)))
    ]
    whole = _world(known.listed, amount, WITH_PROGRAMMES, [ALL])
    parts += [whole, _on_nobody(whole, parties)]
    frame = finish(indicator, as_of, pd.concat(parts, ignore_index=True))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        chosen = known.listed if series == WITH_PROGRAMMES else rows[series]
        return _trace(known, parties, chosen, (series, entity, period))

    return Result(indicator, frame, _steps(known), trace)


def _of_series(known: Portfolio, series: str) -> pd.DataFrame:
    """Return the projects that a series counts."""
    if series == WITH_CHEMICALS:
        every = without_programmes(known.projects)
        return every if (every["theme"] == CHEMICALS).any() else every.iloc[:0]
    single = known.single
    return single[single["other_chemicals"] != "Y"] if series == MERCURY_ALONE else single


def _steps(known: Portfolio) -> tuple[Step, ...]:
    listed, single = known.listed, known.single
    alone = single[single["other_chemicals"] != "Y"]
    named = known.countries["item"].isin(single["project"])
    return (
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
            of=tuple(METHODS),
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
            of=tuple(METHODS),
        ),
    )


def _evidence(projects: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the weakest basis and all sources of each project and its places."""
    columns = ["project", "basis", "source"]
    named = places[places["project"].isin(projects["project"])]
    found = group_evidence(pd.concat([projects[columns], named[columns]]), ["project"])
    return found.reindex(projects["project"]).set_axis(projects.index)


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
    known: Portfolio,
    inside: pd.DataFrame,
    amount: str,
    series: str,
) -> pd.DataFrame:
    amounts = projects.set_index("project")[amount]
    places = known.countries
    placed = METHODS[series](amounts, places[places["item"].isin(amounts.index)])
    apart = _apart(known, series)
    placed["place"] = [
        place or apart.get(item, UNATTRIBUTED)
        for item, place in zip(placed["item"], placed["place"], strict=True)
    ]
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


def _apart(known: Portfolio, series: str) -> dict[str, str]:
    """Return the line of each project that no single country is credited with.

    Of the series single-country these are global, where the project says so, and regional,
    where it names a region or several countries; all else is not attributed.
    """
    if series != SINGLE_COUNTRY:
        return {}
    kinds = known.places["place_kind"]
    several = known.countries["item"].value_counts()
    regional = {
        *known.places.loc[kinds.isin(REGIONAL_KINDS), "project"],
        *several[several > 1].index,
    }
    worldwide = set(known.places.loc[kinds == "global", "project"])
    return {item: "GLOBAL" if item in worldwide else "REGIONAL" for item in regional | worldwide}


def _credited(known: Portfolio, series: str) -> pd.DataFrame:
    """Return item and place of what a series credits, the lines that are no country included."""
    places = known.countries
    if series == SINGLE_COUNTRY:
        places = places[places.groupby("item")["place"].transform("size") == 1]
    credited = set(places["item"])
    rest = known.projects.loc[~known.projects["project"].isin(credited), ["project"]]
    apart = _apart(known, series)
    lines = [apart.get(item, UNATTRIBUTED) for item in rest["project"]]
    nowhere = pd.DataFrame({"item": rest["project"], "place": pd.Series(lines, rest.index, "str")})
    return pd.concat([places, nowhere], ignore_index=True)


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
    known: Portfolio, parties: pd.DataFrame, projects: pd.DataFrame, key: tuple[str, str, str]
) -> pd.DataFrame:
    series, entity, period = key
    chosen, places = _periods(projects), _credited(known, series)
    rows = projects[projects["project"].isin(chosen.loc[chosen["period"] == period, "item"])]
    if entity == WORLD:
        return behind(rows)
    inside = memberships(parties)
    members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
    rows = rows[rows["project"].isin(places.loc[places["place"].isin(members), "item"])]
    return behind(rows, known.places[known.places["project"].isin(rows["project"])])
