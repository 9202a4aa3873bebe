"""Ways of putting the money of projects on countries, each with the projects that it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from evalkit.indicators.declared import behind_declared, declared_places
from evalkit.indicators.portfolio import CHEMICALS, Portfolio, behind, without_programmes
from evalkit.indicators.result import Tables, group_evidence
from evalkit.methods.allocation import (
    FLOAT_NOISE,
    declared_shares,
    equal_split,
    full_count,
    single_country,
)
from evalkit.reference.entities import UNATTRIBUTED

EQUAL_SPLIT, FULL_COUNT = "equal-split", "full-count"
SINGLE_COUNTRY, DECLARED = "single-country", "declared-shares"
MERCURY_ALONE, WITH_CHEMICALS = "mercury-alone", "with-chemicals"
SERIES = (EQUAL_SPLIT, FULL_COUNT, SINGLE_COUNTRY, DECLARED, MERCURY_ALONE, WITH_CHEMICALS)
REGIONAL_KINDS = ("region", "regional_marker")

Method = Callable[[pd.Series, pd.DataFrame], pd.DataFrame]
_EVIDENCE = ["project", "basis", "source"]


@dataclass(frozen=True)
class Way:
    """One way of putting money on countries.

    Parameters
    ----------
    projects : DataFrame
        Rows of the table `projects` that it counts.
    countries : DataFrame with columns item, place
        Each country that a project is credited to.
    divide : callable
        ``divide(amounts, countries)`` gives item, place and amount, as
        `evalkit.methods.allocation` does.
    places : DataFrame
        Rows of `project_places`, with a column `table`.
    lines : dict of str to str
        Where the amount of a project goes that no country is credited with; what is not in it
        is not attributed.
    partly : DataFrame with columns item, place
        Projects of which a part goes to no country.
    also : tuple of DataFrame
        Further rows that it rests on, with columns item, table and origin.
    """

    projects: pd.DataFrame
    countries: pd.DataFrame
    divide: Method
    places: pd.DataFrame
    lines: dict[str, str] = field(default_factory=dict)
    partly: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"item": [], "place": []}))
    also: tuple[pd.DataFrame, ...] = ()

    def split(self, amounts: pd.Series) -> pd.DataFrame:
        """Return item, place and amount; a place is a country or a line that is none."""
        placed = self.divide(amounts, self.countries)
        nowhere = self._lines(placed["item"])
        return placed.assign(place=placed["place"].mask(placed["place"] == "", nowhere))

    def _lines(self, items: pd.Series) -> pd.Series:
        told = [self.lines.get(item, UNATTRIBUTED) for item in items]
        return pd.Series(told, items.index, "str")

    def with_evidence(self) -> pd.DataFrame:
        """Return the projects with the weakest basis and all sources of them and their places.

        A split rests on every place that a project names.
        """
        mine = self.projects["project"]
        rests = [self.places, *(part.assign(project=part["item"]) for part in self.also)]
        named = [part.loc[part["project"].isin(mine), _EVIDENCE] for part in rests]
        found = group_evidence(pd.concat([self.projects[_EVIDENCE], *named]), ["project"])
        return self.projects.assign(**found.reindex(mine).set_axis(self.projects.index))

    def credited(self) -> pd.DataFrame:
        """Return item and place of all that is credited, the lines that are no country too."""
        some = set(self.countries["item"])
        rest = self.projects.loc[~self.projects["project"].isin(some), "project"]
        nowhere = pd.DataFrame({"item": rest, "place": self._lines(rest)})
        return pd.concat([self.countries, nowhere, self.partly], ignore_index=True)

    def behind(self, projects: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that some of its projects and their places rest on, for a trace."""
        mine = projects["project"]
        further = [part[part["item"].isin(mine)].drop(columns="item") for part in self.also]
        return behind(projects, self.places[self.places["project"].isin(mine)], *further)


def ways(known: Portfolio, tables: Tables, as_of: pd.Timestamp) -> dict[str, Way]:
    """Return each way by its name; one that counts nothing of its own is left out.

    Parameters
    ----------
    known : Portfolio
        The projects.
    tables : mapping of str to DataFrame
        With activities and activity_places, which may declare shares.
    as_of : Timestamp
        What is declared later is not known yet.

    Returns
    -------
    dict of str to Way
        declared-shares is there where an activity declares the shares of a project,
        with-chemicals where projects on mercury among other chemicals are loaded.
    """
    single, every = known.single, without_programmes(known.projects)
    methods: dict[str, tuple[pd.DataFrame, Method]] = {
        EQUAL_SPLIT: (single, equal_split),
        FULL_COUNT: (single, full_count),
        MERCURY_ALONE: (single[single["other_chemicals"] != "Y"], equal_split),
    }
    if (every["theme"] == CHEMICALS).any():
        methods[WITH_CHEMICALS] = (every, equal_split)
    found = {
        name: Way(rows, _of(known.countries, rows), method, known.places)
        for name, (rows, method) in methods.items()
    }
    found[SINGLE_COUNTRY] = _single(known, found[EQUAL_SPLIT].countries)
    if len(shares := declared_places(tables, single["project"], as_of)):
        found[DECLARED] = _declared(known, shares, tables)
    return {name: found[name] for name in SERIES if name in found and len(found[name].projects)}


def _of(countries: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    return countries[countries["item"].isin(projects["project"])]


def _single(known: Portfolio, countries: pd.DataFrame) -> Way:
    """Return the way that credits a country with what names it alone.

    All else is on lines of its own: global, where the project says so, and regional, where it
    names a region or several countries; what names no place at all is not attributed.
    """
    kinds = known.places["place_kind"]
    count = countries.groupby("item")["place"].transform("size")
    regional = {
        *known.places.loc[kinds.isin(REGIONAL_KINDS), "project"],
        *countries.loc[count > 1, "item"],
    }
    worldwide = set(known.places.loc[kinds == "global", "project"])
    lines = {item: "GLOBAL" if item in worldwide else "REGIONAL" for item in regional | worldwide}
    return Way(known.single, countries[count == 1], single_country, known.places, lines)


def _declared(known: Portfolio, shares: pd.DataFrame, tables: Tables) -> Way:
    """Return the way that divides as declared, and evenly where nothing is declared."""
    single = known.single
    named = _of(known.countries, single)
    named = named[~named["item"].isin(shares["item"])]
    told = shares[["item", "place"]]
    sums = shares.groupby("item")["share"].sum()
    partly = pd.DataFrame({"item": sums.index[(1 - sums).abs() > FLOAT_NOISE]}, dtype="str")
    return Way(
        single,
        pd.concat([named, told], ignore_index=True),
        partial(_as_declared, shares=shares[["item", "place", "share"]]),
        known.places,
        partly=partly.assign(place=UNATTRIBUTED),
        also=behind_declared(tables, shares),
    )


def _as_declared(
    amounts: pd.Series, countries: pd.DataFrame, *, shares: pd.DataFrame
) -> pd.DataFrame:
    return declared_shares(amounts, countries, shares)
