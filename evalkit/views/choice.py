"""What can be chosen in a results table, and the rows of a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities, names
from evalkit.reference.rows import by
from evalkit.reference.texts import ENGLISH, catalogue, text
from evalkit.reference.titles import title as titled
from evalkit.views import numbers


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of what to look at; blank series or period means the only one."""

    indicator: str
    series: str
    period: str
    as_of: str
    group: str = entities.WORLD


def days(rows: pd.DataFrame) -> list[str]:
    """Return the days that results hold, the latest first."""
    return [f"{day:%Y-%m-%d}" for day in sorted(rows["as_of"].unique(), reverse=True)]


def series(rows: pd.DataFrame) -> list[str]:
    """Return the series of results, those that say most first and parts of a whole last.

    A series with a value for the world comes before one without, and among those the one
    that speaks of more entities.
    """
    with_value = rows[rows["status"] == Status.OK]
    about = with_value.groupby("series")["entity"].agg(["nunique", set])
    count = about["nunique"].to_dict()
    world = {name for name, found in about["set"].items() if entities.WORLD in found}
    return sorted(
        rows["series"].unique(),
        key=lambda name: (name.count("/"), name not in world, -count.get(name, 0), name),
    )


def periods(rows: pd.DataFrame, chosen_series: str, as_of: str) -> list[str]:
    """Return the periods one can choose: none for clocks, whose period is each due day."""
    inside = rows[(rows["series"] == chosen_series) & (rows["as_of"] == as_of)]
    if (inside["indicator"] == "obligations").any():
        return [""]
    with_value = inside[inside["status"] == Status.OK]
    found = sorted((with_value if len(with_value) else inside)["period"].unique(), key=order)
    return list(found)


def order(period: str) -> tuple[int, str]:
    """Return the place of a period among others: all of them, names, years from the latest."""
    if period == "all":
        return (0, "")
    if period[:1].isdigit():  # years and cycles, the latest first
        inverse = "".join(chr(126 - ord(c)) for c in period)
        return (2, inverse)
    return (1, period)


def rows_of(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Return the rows of a choice, one for each entity."""
    same = (rows["series"] == choice.series) & (rows["as_of"] == choice.as_of)
    if choice.indicator != "obligations":
        same &= (rows["period"] == choice.period) | _whole_row(rows, choice)
    return rows[same]


def _whole_row(rows: pd.DataFrame, choice: Choice) -> pd.Series:
    """Rows without a period stand for entities whose period is not known."""
    named = rows.loc[
        (rows["series"] == choice.series)
        & (rows["as_of"] == choice.as_of)
        & (rows["period"] == choice.period),
        "entity",
    ]
    return (rows["period"] == "") & ~rows["entity"].isin(named)


def of_states(rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the rows of the States of a group."""
    return rows[rows["entity"].isin(entities.members(group))]


def of_groups(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the groups, the world left out, in their usual order."""
    order = [group for group in entities.groups() if group != entities.WORLD]
    found = rows[rows["entity"].isin(order)]
    return found.sort_values("entity", key=lambda ids: ids.map(order.index))


def of_areas(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of inventory regions, the largest first."""
    found = rows[rows["entity"].isin(entities.inventory_regions()) & (rows["status"] == Status.OK)]
    return found.sort_values("value", ascending=False, kind="stable")


def of_sectors(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Return the world's rows of the sectors of an inventory, the largest first."""
    same = (
        rows["series"].str.startswith(f"{choice.series}/")
        & (rows["entity"] == entities.WORLD)
        & (rows["period"] == choice.period)
        & (rows["as_of"] == choice.as_of)
    )
    return rows[same].sort_values("value", ascending=False, kind="stable")


def indicator_title(name: str, held: Mapping[str, object], language: str = "en") -> str:
    """Return what an indicator is called in a chooser, with a word where none of it has a value.

    `held` is what the manifest of the edition tells of its results.
    """
    title = text(f"indicator.{name}.title", language)
    return title if held.get("values", 1) else text("choose.no_value", language, title=title)


def series_title(name: str, language: str = "en") -> str:
    """Return what a series is called: its text, a clause, a category of an inventory."""
    if not name:
        return text("series.only", language)
    if (key := f"series.{name}") in catalogue(language):
        return text(key, language)
    if name.startswith("report-"):
        cycle = titled("cycle", name.removeprefix("report-"), language)
        return text("series.report", language, cycle=cycle)
    if (clause := by("clauses.csv", "clause").get(name)) is not None:
        said = titled("clause", name, language)
        return text("series.clause", language, article=clause["article"], title=said)
    inventory, *parts = name.split("/")
    titles = [_part_title(part, language) for part in parts]
    return ": ".join([series_title(inventory, language), *titles]) if parts else inventory


def _part_title(part: str, language: str) -> str:
    """Return what a part of a series is called: a sector, a bound, a category of an inventory."""
    if (key := f"series.{part}") in catalogue(language):
        return text(key, language)
    if part.startswith("since-"):
        return text("series.since", language, year=part.removeprefix("since-"))
    if row := by("categories.csv", "category").get(part):
        return titled("category", f"{row['scheme']}.{part}", language)
    # Who pays for an event is named in words, and may be a State.
    place = names.find(part) if language != ENGLISH else None
    return entities.titles(language).get(place.entity, part) if place else part


def period_title(period: str, language: str = "en") -> str:
    """Return what a period is called."""
    if (key := f"period.{period}") in catalogue(language):
        return text(key, language)
    if cycle := titled("cycle", period, language):
        return cycle
    if len(period) == 10 and period[4] == "-":
        return numbers.day(period, language)
    return period
