"""Money seen from other sides: ratios, programmes, envelopes and funds, which never add up.

An envelope, a pledge, a commitment and a sum of projects are four different things, each with
its own day. They stand side by side as series of their own, and no row adds two of them.
"""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.finance import ALL
from evalkit.indicators.portfolio import Portfolio, behind, portfolio, without_programmes
from evalkit.indicators.published import known_on
from evalkit.indicators.result import (
    Result,
    Tables,
    everybody,
    finish,
    group_evidence,
    not_loaded,
    with_table,
)
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import WORLD

RATIO_OF = {
    "full-and-medium": ("full_size", "medium_size"),
    "full-size": ("full_size",),
    "medium-size": ("medium_size",),
    "enabling-activities": ("enabling_activity",),
}
PROJECTS = "projects"
GRANT, COFINANCING = "grant_usd", "cofinancing_usd"


def _and_nobody_else(worlds: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the world and, for every State and group, that it does not apply to them."""
    others = pd.DataFrame({"entity": [one for one in everybody(parties) if one != WORLD]})
    keys = worlds[["series", "period", "basis", "source"]].drop_duplicates(["series", "period"])
    nobody = keys.merge(others, how="cross").assign(status=str(Status.NOT_APPLICABLE))
    return pd.concat([worlds.assign(entity=WORLD), nobody], ignore_index=True)


def _nothing(tables: Tables, as_of: pd.Timestamp, indicator: Indicator, what: str) -> Result:
    why = f"no {what} of that day or an earlier one is loaded"
    return not_loaded(indicator, as_of, why, parties=tables["parties"])


def cofinancing_ratio(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Co-financing for each US$ of grant, as one sum divided by another.

    Definition
    ----------
    Sum of co-financing over sum of grants, over projects that publish both; never a mean of
    ratios. `series` is the type of project. Co-financing is required of full and medium size
    projects and optional for enabling activities, so that these stand apart. `period` is
    "all" or a replenishment.

    Missing data
    ------------
    `n` counts projects with both amounts, `n_due` all of the type. Without any, or where the
    grants are nothing, `insufficient`.

    References
    ----------
    GEF policy on co-financing. GEF project database export.
    """
    known = portfolio(tables, indicator.arguments["facility"], as_of)
    rows = known.single
    if rows.empty:
        return _nothing(tables, as_of, indicator, "list of projects")
    worlds = [
        _ratio(of_period, series, period)
        for series in RATIO_OF
        for period in (ALL, *sorted(set(rows["period"]) - {"", ALL}))
        if len(of_period := _of_type(rows, series, period))
    ]
    if not worlds:
        return _nothing(tables, as_of, indicator, "project with a type")
    filled = _and_nobody_else(pd.DataFrame(worlds), tables["parties"])

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        return behind(_of_type(rows, series, period)) if entity == WORLD else behind(rows.iloc[:0])

    both = rows[GRANT].notna() & rows[COFINANCING].notna()
    steps = (
        Step("Take projects on mercury, no programmes", known.read, len(rows)),
        Step("Take those with both amounts", len(rows), int(both.sum()), "a ratio needs both"),
    )
    return Result(indicator, finish(indicator, as_of, filled), steps, trace)


def _of_type(rows: pd.DataFrame, series: str, period: str) -> pd.DataFrame:
    mine = rows[rows["type"].isin(RATIO_OF[series])]
    return mine if period == ALL else mine[mine["period"] == period]


def _ratio(rows: pd.DataFrame, series: str, period: str) -> dict[str, object]:
    both = rows[rows[GRANT].notna() & rows[COFINANCING].notna()]
    grants = both[GRANT].sum()
    rests = group_evidence(rows.assign(of=series), ["of"]).loc[series]
    out = {
        "series": series,
        "period": period,
        "n": len(both),
        "n_answered": len(both),
        "n_due": len(rows),
        "basis": rests["basis"],
        "source": rests["source"],
    }
    if grants > 0:
        return out | {"value": both[COFINANCING].sum() / grants, "status": str(Status.OK)}
    return out | {"status": str(Status.INSUFFICIENT)}


def programme_money(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Grant of each programme, of the projects declared as its children, and the difference.

    Definition
    ----------
    `period` is the programme; `series` is programme, children, or difference (programme less
    children). The two hold the same money twice and are never added. No column of the list
    links them: the table `programme_children` declares it, with its basis.

    Missing data
    ------------
    `n` counts children with an amount, `n_due` those declared. A programme or children not in
    the list of the day: `not_loaded`.

    References
    ----------
    GEF project database export.
    """
    known = portfolio(tables, indicator.arguments["facility"], as_of)
    declared = tables["programme_children"]
    found = declared[declared["programme"].isin(known.projects["project"])]
    if found.empty:
        return _nothing(tables, as_of, indicator, "list with a declared programme")
    worlds = [
        row
        for programme, children in found.groupby("programme")
        for row in _programme(known.projects, str(programme), children)
    ]
    filled = _and_nobody_else(pd.DataFrame(worlds), tables["parties"])

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        links = found[found["programme"] == period] if entity == WORLD else found.iloc[:0]
        wanted = {"programme": {period}, "children": set(links["child"])}
        ids = wanted.get(series, set().union(*wanted.values()))
        rows = known.projects[known.projects["project"].isin(ids) & bool(len(links))]
        return behind(rows, with_table("programme_children", links))

    steps = (Step("Take programmes with declared children", len(declared), len(found)),)
    return Result(indicator, finish(indicator, as_of, filled), steps, trace)


def _programme(
    projects: pd.DataFrame, programme: str, children: pd.DataFrame
) -> list[dict[str, object]]:
    whole = projects[projects["project"] == programme]
    parts = projects[projects["project"].isin(children["child"])]
    columns = ["basis", "source"]
    rests = pd.concat([whole[columns], parts[columns], children[columns]]).assign(of=programme)
    evidence = group_evidence(rests, ["of"]).loc[programme]
    grant, sums = whole[GRANT].sum(min_count=1), parts[GRANT].sum(min_count=1)
    counts = {"n": int(parts[GRANT].notna().sum()), "n_due": len(children)}
    of_children = {**counts, "n_answered": counts["n"]}
    nothing: dict[str, int] = {}
    values = (("programme", grant, nothing), ("children", sums, of_children))
    rows = [*values, ("difference", grant - sums, of_children)]
    return [
        {
            "series": series,
            "period": programme,
            "value": value,
            "status": str(Status.OK if pd.notna(value) else Status.NOT_LOADED),
            "basis": evidence["basis"],
            "source": evidence["source"],
            **told,
        }
        for series, value, told in rows
    ]


def money_series(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Envelope, pledge, commitment and sum of projects, each by itself.

    Definition
    ----------
    For each `series` (allocated, pledged, approved, committed ... as published) and `period`
    the latest published figure known on the day. Where the argument `facility` is given,
    the series projects holds the sum of grants of its projects by replenishment, without
    programmes. The series mean different things, with different days: they never add up.

    Missing data
    ------------
    A figure that hedges ("over 3 million") is a lower bound: `low` is the value, `high` is
    open. One whose amount was not found, or was told only as about or close to a round one,
    is `not_reported`, with the count of projects.

    References
    ----------
    Minamata Convention on Mercury, article 13.
    """
    name = indicator.arguments["indicator"]
    every = tables["published"]
    rows = every[(every["indicator"] == name) & (every["entity"] == WORLD)]
    rows = rows.assign(known_on=known_on(rows))
    rows = rows[rows["known_on"] <= as_of].sort_values(["known_on", "source", "origin"])
    latest = rows.drop_duplicates(["series", "period"], keep="last")
    worlds = [_told(row) for _, row in latest.iterrows()]
    known = portfolio(tables, facility, as_of) if (facility := _facility(indicator)) else None
    worlds += _sums(known) if known else []
    if not worlds:
        return _nothing(tables, as_of, indicator, "figure")
    filled = _and_nobody_else(pd.DataFrame(worlds), tables["parties"])

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        if series == PROJECTS and known and entity == WORLD:
            return behind(known.single[known.single["period"] == period])
        same = (latest["series"] == series) & (latest["period"] == period)
        rows = latest[same & (entity == WORLD)].drop(columns="known_on")
        return with_table("published", rows)

    steps = (Step("Take the latest published figure of each series", len(every), len(latest)),)
    return Result(indicator, finish(indicator, as_of, filled), steps, trace)


def _facility(indicator: Indicator) -> str:
    return indicator.arguments.get("facility", "")


def _told(row: pd.Series) -> dict[str, object]:
    known = pd.notna(row["value"]) and row["qualifier"] in ("exact", "more_than")
    return {
        "series": row["series"],
        "period": row["period"],
        "value": row["value"] if known else None,
        "low": row["value"] if known and row["qualifier"] == "more_than" else None,
        "n": row["n"],
        "status": str(Status.OK if known else Status.NOT_REPORTED),
        "basis": row["basis"],
        "source": row["source"],
    }


def _sums(known: Portfolio) -> list[dict[str, object]]:
    rows = without_programmes(known.listed)
    found = []
    for period, mine in rows[rows["period"] != ""].groupby("period"):
        rests = group_evidence(mine.assign(of=PROJECTS), ["of"]).loc[PROJECTS]
        value, n = mine[GRANT].sum(min_count=1), int(mine[GRANT].notna().sum())
        found.append(
            {
                "series": PROJECTS,
                "period": period,
                "value": value,
                "n": n,
                "n_answered": n,
                "n_due": len(mine),
                "status": str(Status.OK if n else Status.NOT_REPORTED),
                "basis": rests["basis"],
                "source": rests["source"],
            }
        )
    return found
