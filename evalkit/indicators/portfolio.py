"""The projects of a facility as a list of the day has them, with the places they name."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from evalkit.indicators.result import Tables
from evalkit.methods.vintages import current

UNCLASSIFIED, CHEMICALS = "unclassified", "chemicals"
TYPE_ABSENT = "not_published"
COUNTRY_KINDS = ("country", "territory", "legacy", "organisation")


@dataclass(frozen=True)
class Portfolio:
    """What is known on a day of the projects of a facility that concern mercury.

    Parameters
    ----------
    read : int
        Rows of all lists and facilities.
    projects : DataFrame
        Rows of the table `projects` and a column `table`, which says where a row lies;
        programmes and projects on mercury among other chemicals are in it.
    places : DataFrame
        Their rows of `project_places`, with `table` likewise.
    """

    read: int
    projects: pd.DataFrame
    places: pd.DataFrame

    @property
    def listed(self) -> pd.DataFrame:
        """Projects whose title concerns mercury, programmes included."""
        return self.projects[self.projects["theme"] != CHEMICALS]

    @property
    def single(self) -> pd.DataFrame:
        """Those without programmes, whose children are rows as well."""
        return without_programmes(self.listed)

    @property
    def countries(self) -> pd.DataFrame:
        """Columns item and place: each country that a project names."""
        named = self.places[self.places["place_kind"].isin(COUNTRY_KINDS)]
        return named.rename(columns={"project": "item"})[["item", "place"]]


def without_programmes(projects: pd.DataFrame) -> pd.DataFrame:
    """Return projects that are no programme."""
    return projects[projects["type"] != "programme"]


def portfolio(tables: Tables, facility: str, as_of: pd.Timestamp) -> Portfolio:
    """Return the portfolio of a facility as the latest lists up to a day have it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With projects, project_places, project_vintages and project_vintage_places.
    facility : str
        Whose projects, as ``gef``.
    as_of : Timestamp
        Lists of a later day are not known yet. But the type of a project, which layouts of
        2020 left out and which does not change, is taken from any list that has it.
    """
    every = _joined(tables, "projects", "project_vintages")
    every = every[every["facility"] == facility]
    renamed = every.rename(columns={"project": "item", "facility": "keeper"})
    now = every.loc[current(renamed, as_of).index]
    now = now[now["theme"] != UNCLASSIFIED]
    now = now.assign(type=_types(now, every))
    named = _joined(tables, "project_places", "project_vintage_places")
    rows = {name: now[now["table"] == name] for name in ("projects", "project_vintages")}
    first = (named["table"] == "project_places") & named["project"].isin(
        rows["projects"]["project"]
    )
    pairs = pd.MultiIndex.from_frame(rows["project_vintages"][["project", "source"]])
    other = pd.MultiIndex.from_frame(named[["project", "source"]]).isin(pairs)
    places = named[first | ((named["table"] == "project_vintage_places") & other)]
    read = len(tables["projects"]) + len(tables["project_vintages"])
    return Portfolio(read, now.reset_index(drop=True), places.reset_index(drop=True))


def _joined(tables: Tables, now: str, others: str) -> pd.DataFrame:
    frames = [tables[name].assign(table=name) for name in (now, others)]
    kept = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(kept, ignore_index=True)


def _types(now: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    known = every[every["type"] != TYPE_ABSENT].sort_values("as_of", kind="stable")
    by_project = dict(zip(known["project"], known["type"], strict=True))  # the latest stays
    pairs = zip(now["project"], now["type"], strict=True)
    types = [by_project.get(item, kind) if kind == TYPE_ABSENT else kind for item, kind in pairs]
    return pd.Series(types, now.index, "str")


def behind(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return rows of several tables for a trace: table and origin first."""
    kept = [part for part in parts if len(part)] or list(parts[:1])
    joined = pd.concat(kept, ignore_index=True)
    rest = [column for column in joined.columns if column not in ("table", "origin")]
    return joined[["table", "origin", *rest]]
