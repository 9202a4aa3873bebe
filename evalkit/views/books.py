"""All that the overview can show of one indicator, as plain data with its words: a book.

A page without a kernel can't draw a choice anew, and a picture of each choice would be too much
for a folder. A book holds each sentence, each row and each class once; a look at a choice is a
handful of numbers that point into it. The words are those of the live page, from the same
functions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import choice as choices
from evalkit.views import numbers, page, sentences
from evalkit.views.bars import bar_label, bar_words
from evalkit.views.book_rows import Pool, Row, periods, rows_by_choice, rows_of
from evalkit.views.choice import Choice
from evalkit.views.classes import Class, classes
from evalkit.views.table import counts_text, value_text

if TYPE_CHECKING:
    from evalkit.editions.store import Edition

NOTHING = -1


class Book:
    """The book of one indicator in one language, filled look by look."""

    def __init__(
        self, edition: Edition, indicator: str, sources: pd.DataFrame, language: str
    ) -> None:
        self.edition, self.indicator, self.language = edition, indicator, language
        self.sources = sources
        self.words, self.cells, self.states = Pool(), Pool(), Pool()
        self.classes, self.groups, self.bars = Pool(), Pool(), Pool()
        self.looks: list[list[int]] = []
        self.said: dict[tuple[Any, ...], int] = {}
        self.noted: dict[tuple[Any, ...], int] = {}
        self.order = list(entities.states())

    def fill(self, frame: pd.DataFrame) -> dict[str, Any]:
        """Return the book of results as data that JSON can hold."""
        by_choice = rows_by_choice(frame)
        series, days = choices.series(frame), choices.days(frame)
        found: dict[str, dict[str, list[list[Any]]]] = {}
        for day in days:
            found[day] = {}
            for one in series:
                rows = by_choice.get((one, day), [])
                found[day][one] = [
                    [p, self._period(p), self._look(by_choice, Choice(self.indicator, one, p, day))]
                    for p in periods(rows)
                ]
        return {
            "id": self.indicator,
            "title": text(f"indicator.{self.indicator}.title", self.language),
            "definition": text(f"indicator.{self.indicator}.definition", self.language),
            "series": [[one, choices.series_title(one, self.language)] for one in series],
            "days": [[day, numbers.day(day, self.language)] for day in days],
            "choices": found,
            "looks": self.looks,
            **{
                name: getattr(self, name).things
                for name in ("words", "cells", "states", "classes", "groups", "bars")
            },
        }

    def _word(self, said: str) -> int:
        return self.words.add(said)

    def _period(self, period: str) -> str:
        return choices.period_title(period, self.language) if period else ""

    def _look(self, by_choice: dict[tuple[str, str], list[Row]], chosen: Choice) -> int:
        rows = rows_of(by_choice.get((chosen.series, chosen.as_of), []), chosen.period)
        title = page.marked(sentences.title(chosen, self.language), self.edition, self.language)
        states = [row for row in rows if row.entity in entities.states()]
        kinds = self._classes(states)
        look = [
            self._states(states, kinds) if states else NOTHING,
            self.classes.add([self._class(one) for one in kinds]),
            self.groups.add(self._groups(rows, chosen)),
            self.bars.add(self._bars(by_choice, rows, chosen)),
            self._note(rows),
            self._word(title),
        ]
        self.looks.append(look)
        return len(self.looks) - 1

    def _classes(self, rows: Sequence[Row]) -> list[Class]:
        if not rows:
            return []
        frame = pd.DataFrame(
            {"value": [row.value for row in rows], "status": [row.status for row in rows]}
        )
        return classes(frame, self.indicator, rows[0].unit, self.language)

    def _class(self, one: Class) -> list[Any]:
        return [self._word(one.label), one.colour, one.pattern]

    def _states(self, rows: Sequence[Row], kinds: Sequence[Class]) -> int:
        by_entity = {row.entity: self._cell(row, kinds) for row in rows}
        return self.states.add([by_entity.get(one, NOTHING) for one in self.order])

    def _cell(self, row: Row, kinds: Sequence[Class]) -> int:
        """Return the number of a State's row: class, value in words, counts, basis, period."""
        hits = (i for i, one in enumerate(kinds) if one.holds(row.value, row.status))
        basis = text(f"basis.{row.basis}", self.language)
        period = self._word(self._period(row.period))
        return self.cells.add(
            [next(hits, NOTHING), self._value(row), self._counts(row), self._word(basis), period]
        )

    def _value(self, row: Row) -> int:
        one = row.entity in entities.states()
        key = (row.status, _plain(row.value), _plain(row.low), _plain(row.high), row.unit,
               row.series, one)  # fmt: skip
        if key not in self.said:
            self.said[key] = self._word(value_text(row, self.language))
        return self.said[key]

    def _counts(self, row: Row) -> int:
        return self._word(counts_text(row, self.language))

    def _groups(self, rows: Sequence[Row], chosen: Choice) -> list[list[int]]:
        """Return for each group: the sentence, its counts, whether it is a lower bound."""
        mine = {row.entity: row._asdict() for row in rows if row.entity in entities.groups()}
        found = []
        for group in entities.groups():
            row: Any = mine.get(group)
            at = Choice(chosen.indicator, chosen.series, chosen.period, chosen.as_of, group)
            said = self._word(sentences.headline(row, at, self.language))
            counted = self._word(sentences.counts(row, self.language))
            found.append([said, counted, int(page.is_lower_bound(row))])
        return found

    def _bars(
        self, by_choice: dict[tuple[str, str], list[Row]], rows: Sequence[Row], chosen: Choice
    ) -> list[Any]:
        """Return what is drawn as bars: the key of its title, then each bar."""
        areas = [
            row
            for row in rows
            if row.entity in entities.inventory_regions() and row.status == Status.OK
        ]
        if areas:
            return ["areas", *map(self._bar, _largest_first(areas))]
        sectors = [
            row
            for (series, day), found in by_choice.items()
            if day == chosen.as_of and series.startswith(f"{chosen.series}/")
            for row in found
            if row.entity == entities.WORLD and row.period == chosen.period
        ]
        if sectors:
            drawn = [self._bar(row, by_series=True) for row in _largest_first(sectors)]
            return ["sectors", *drawn]
        order = [one for one in entities.groups() if one != entities.WORLD]
        found = sorted((r for r in rows if r.entity in order), key=lambda r: order.index(r.entity))
        return ["groups", *map(self._bar, found)]

    def _bar(self, row: Row, by_series: bool = False) -> list[Any]:
        label = self._word(bar_label(row, by_series, self.language))
        said = self._word(bar_words(row, self.language, bounds=True))
        return [label, said, *(_plain(v) for v in (row.value, row.low, row.high))]

    def _note(self, rows: Sequence[Row]) -> int:
        shown = [row for row in rows if row.status == Status.OK] or rows
        used = {row.source for row in shown}
        key = (frozenset(used), frozenset(row.basis for row in rows))
        if key not in self.noted:
            frame = pd.DataFrame({"source": sorted(used)})
            bases = pd.DataFrame({"basis": sorted({row.basis for row in rows})})
            said = [sentences.source_note(frame, self.sources, self.language)]
            said += [sentences.basis_note(bases, self.language)] if rows else []
            told = " ".join(one for one in said if one)
            self.noted[key] = self._word(page.marked(told, self.edition, self.language))
        return self.noted[key]


def book(
    edition: Edition, indicator: str, sources: pd.DataFrame, language: str = "en"
) -> dict[str, Any]:
    """Return the book of one indicator of an edition.

    Parameters
    ----------
    edition : Edition
        Holds results of the indicator.
    indicator : str
        Local id.
    sources : DataFrame
        The table of sources.
    language : str
        Language of the words.

    Returns
    -------
    dict
        ``series``, ``days`` and, by day and series, the periods with the number of their look;
        ``looks`` point into ``states``, ``classes``, ``groups``, ``bars`` and ``words``;
        ``states`` hold for each State, in the order of `evalkit.reference.entities.states`,
        the number of its cell, -1 for none.
    """
    return Book(edition, indicator, sources, language).fill(edition.results_of(indicator))


def books(edition: Edition, language: str, indicators: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the book of each indicator, all of an edition where none is named."""
    sources = edition.table("sources")
    held = indicators or tuple(edition.manifest["results"])
    return {
        "page": "Overview",
        "language": language,
        "books": {name: book(edition, name, sources, language) for name in held},
    }


def _plain(number: float) -> float | None:
    """Return a number as JSON knows it: whole where it is, nothing for one that is missing."""
    if math.isnan(number):
        return None
    return int(number) if number == int(number) else number


def _largest_first(rows: Iterable[Row]) -> list[Row]:
    """Return rows by value, those without one last."""
    return sorted(rows, key=lambda r: (math.isnan(r.value), -r.value if r.value == r.value else 0))
