"""Results as light rows, and numbers that stand for things: what books are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from evalkit.model import Status
from evalkit.views import choice as choices

DUE_DAYS = "obligations"  # each State has a due day of its own in the place of a period


class Row(NamedTuple):
    """One result, light enough to be made for all of an indicator."""

    series: str
    entity: str
    period: str
    value: float
    low: float
    high: float
    unit: str
    n: int | None
    n_answered: int | None
    n_due: int | None
    status: str
    basis: str
    as_of: str
    source: str
    indicator: str


class Pool:
    """Things by number, each kept once."""

    def __init__(self) -> None:
        self.things: list[Any] = []
        self._places: dict[Hashable, int] = {}

    def add(self, thing: Any) -> int:
        """Return the number of a thing (lists count by what they hold)."""
        key = _key(thing)
        if key not in self._places:
            self._places[key] = len(self.things)
            self.things.append(thing)
        return self._places[key]


def _key(thing: Any) -> Hashable:
    return tuple(map(_key, thing)) if isinstance(thing, list) else thing


def rows_by_choice(frame: pd.DataFrame) -> dict[tuple[str, str], list[Row]]:
    """Return the rows of an indicator by series and day.

    Parameters
    ----------
    frame : DataFrame
        A results table of one indicator.
    """
    plain = frame.assign(as_of=frame["as_of"].dt.strftime("%Y-%m-%d"))
    for name in ("n", "n_answered", "n_due"):
        plain[name] = plain[name].astype("object").where(plain[name].notna(), None)
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    columns = (plain[name].tolist() for name in Row._fields)
    for values in zip(*columns, strict=True):
        row = Row(*values)
        found[row.series, row.as_of].append(row)
    return found


def periods(rows: Sequence[Row]) -> list[str]:
    """Return the periods one can choose among the rows of one series and day."""
    if not rows or rows[0].indicator == DUE_DAYS:
        return [""]
    with_value = {row.period for row in rows if row.status == Status.OK}
    return sorted(with_value or {row.period for row in rows}, key=choices.order)


def rows_of(rows: Sequence[Row], period: str) -> list[Row]:
    """Return the rows of a period, one for each entity; see `evalkit.views.choice.rows_of`."""
    if rows and rows[0].indicator == DUE_DAYS:
        return list(rows)
    named = {row.entity for row in rows if row.period == period}
    return [
        row
        for row in rows
        if row.period == period or (row.period == "" and row.entity not in named)
    ]
