"""Why a result differs between two editions: the rows behind it, its method, the days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from evalkit import tables
from evalkit.editions.row_changes import keys
from evalkit.editions.store import Edition
from evalkit.indicators import catalogue
from evalkit.indicators.prepared import Prepared, prepared
from evalkit.indicators.result import Result
from evalkit.reference.entities import WORLD, groups
from evalkit.tables import Kind
from evalkit.views.changes import KEY

Row = tuple[str, str]  # a tidy table and the key of one of its rows
NOISE = 1e-9  # a relative difference that sums in another order can make


@dataclass
class Side:
    """An edition on one day, its indicators computed again when their evidence is asked for."""

    edition: Edition
    day: str
    tables: Prepared
    made: dict[tuple[str, str], Result] = field(default_factory=dict)

    @classmethod
    def of(cls, edition: Edition) -> Side:
        """Return an edition on its own day; a table that an earlier version had not is empty."""
        held = edition.manifest["tables"]
        found = {
            name: edition.table(name) if name in held else tables.empty(name)
            for name in tables.catalogue()
        }
        return cls(edition, edition.as_of, prepared(found))

    def result(self, indicator: str, day: str = "") -> Result:
        """Return an indicator with its trace, on the edition's own day or an earlier one."""
        key = (indicator, day or self.day)
        if key not in self.made:
            self.made[key] = catalogue.compute(indicator, self.tables, as_of=key[1])
        return self.made[key]

    def behind(self, value: Any) -> set[Row]:
        """Return the rows of tidy tables behind a result, which this edition has."""
        trace = self.result(value.indicator).trace(value.series, value.entity, value.period)
        found: set[Row] = set()
        for name, rows in trace.groupby("table"):
            found |= {(str(name), key) for key in keys(str(name), rows)}
        return found


@dataclass
class Causes:
    """What can lie behind differences of two editions.

    Parameters
    ----------
    old, new : Side
        The editions.
    rows : DataFrame
        Cells that differ, as `row_changes` gives them.
    methods : set of str
        Indicators whose method has another version.
    """

    old: Side
    new: Side
    rows: pd.DataFrame
    methods: set[str]

    def __post_init__(self) -> None:
        pairs = zip(self.rows["table"], self.rows["key"], strict=True)
        self.places: dict[Row, list[int]] = {}
        for place, row in zip(self.rows.index, pairs, strict=True):
            self.places.setdefault(row, []).append(int(place))

    def of(self, value: Any) -> tuple[list[str], list[int]]:
        """Return the causes of one result's difference, and the cells behind it.

        Parameters
        ----------
        value : named tuple
            A row of `Changes.values`.

        Returns
        -------
        list of str
            Members of `evalkit.views.changes.CAUSES`, never none.
        list of int
            Rows of `rows`, by their index.
        """
        one = set() if pd.isna(value.status_old) else self.old.behind(value)
        other = set() if pd.isna(value.status_new) else self.new.behind(value)
        cells = sorted(
            place
            for row in one | other
            for place in self.places.get(row, ())
            if self._matters(place, value.indicator)
        )
        corrected = (self.rows.loc[cells, "correction"] != "").to_numpy()
        found = {
            "correction": bool(corrected.any()),
            "row": bool((~corrected).any()),
            "method": value.indicator in self.methods,
            "time": self.old.day != self.new.day and self._of_time(value, one, other),
            "denominator": not _same(value.n_due_old, value.n_due_new),
        }
        causes = [name for name, holds in found.items() if holds]
        return causes or ["other"], cells

    def _matters(self, place: int, indicator: str) -> bool:
        """Tell whether a cell can move an indicator: not if that sums another amount of the row."""
        amount = catalogue.get(indicator).arguments.get("amount", "")
        table, column = self.rows.at[place, "table"], self.rows.at[place, "column"]
        amounts = {c.name for c in tables.catalogue()[table].columns if c.kind is Kind.AMOUNT}
        return not (amount in amounts and column in amounts - {amount})

    def _of_time(self, value: Any, one: set[Row], other: set[Row]) -> bool:
        """Tell whether a row that both editions hold alike counts in one of them alone."""
        if any(row not in self.places for row in one ^ other):
            return True
        frame = self.new.result(value.indicator, self.old.day).frame
        mine = np.logical_and.reduce([frame[name] == getattr(value, name) for name in KEY[1:]])
        earlier = frame[mine]
        if earlier.empty or value.kind == "new":
            return bool(earlier.empty and value.kind == "new")
        then = earlier.iloc[0]
        return bool(then["status"] == value.status_old and _same(then["value"], value.value_old))


def first(values: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the results whose causes are followed: of the world, of groups, then of States.

    Within each of these every indicator has its first result followed before any its second.
    """
    known = groups()
    rank = [0 if one == WORLD else 1 if one in known else 2 for one in values["entity"]]
    ranked = values.assign(rank=rank)
    ranked["turn"] = ranked.groupby(["rank", "indicator"]).cumcount()
    return ranked.sort_values(["rank", "turn"], kind="stable").head(most)


def followed(causes: Causes, values: pd.DataFrame) -> Iterator[tuple[int, list[str], list[int]]]:
    """Follow some results to their causes; gives index, causes and cells of each."""
    for value in values.itertuples():
        names, cells = causes.of(value)
        yield int(value.Index), names, cells


def at_least(values: Iterable[Any], causes: Causes, needs: dict[str, set[str]]) -> list[str]:
    """Return the causes that can be told without following a result to its rows."""
    changed = set(causes.rows["table"])
    told = []
    for value in values:
        found = ["method"] if value.indicator in causes.methods else []
        found += ["row"] if needs.get(value.indicator, set()) & changed else []
        found += ["time"] if causes.old.day != causes.new.day else []
        told.append(" ".join(found or ["other"]))
    return told


def _same(one: Any, other: Any) -> bool:
    if pd.isna(one) or pd.isna(other):
        return bool(pd.isna(one) and pd.isna(other))
    return bool(abs(one - other) <= NOISE * max(abs(one), abs(other)))
