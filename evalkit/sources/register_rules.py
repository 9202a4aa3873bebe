"""What must hold between the cells of a row: registers on capacity-building, people, gold.

The tidy reader checks each cell by itself; here stand the rules that join two of them. A row
that breaks one is set apart like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from evalkit.errors import Reason
from evalkit.reference.entities import WORLD, states
from evalkit.reference.rows import by
from evalkit.sources.convert import Findings

FEWEST = 1_000  # people of a State, the Holy See apart
LARGE = {
    "WLD": 2e9,
    "CHN": 5e8,
    "IND": 3e8,
}  # who had more people than this in every year from 1950
MOST_GOLD = 5_000_000  # kg that all mines of the world produce in a year, large ones too
_MAIL = r"\S+@\S+\.\S+"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the rows that break it, what is wrong with them, and what to do."""

    wrong: pd.Series
    column: str
    what: str
    remedy: str


def add_failures(name: str, frame: pd.DataFrame, findings: Findings) -> None:
    """Record a failure for each row of a register whose cells do not fit one another.

    Parameters
    ----------
    name : str
        Name of the tidy table; tables that are no register are passed over.
    frame : DataFrame
        Its rows, converted; columns that the file lacks may be absent.
    findings : Findings
        Receives the failures.
    """
    if name not in _RULES:
        return
    whole = _Cells(frame)
    for rule in _RULES[name](whole):
        cells = whole.words(rule.column)
        found = rule.what
        findings.add(
            rule.wrong.fillna(False).astype("bool"),
            cells,
            rule.column,
            Reason.CONTRADICTION,
            lambda cell, found=found: found.format(cell),  # type: ignore[misc]
            rule.remedy,
        )


class _Cells:
    """The columns of a frame, blank where the file has none of them."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def words(self, column: str) -> pd.Series:
        """Return a column as text; missing cells are blank."""
        if column not in self.frame:
            return pd.Series("", index=self.frame.index, dtype="str")
        found = self.frame[column]
        return found.astype("str").where(found.notna(), "").astype("str")

    def number(self, column: str) -> pd.Series:
        """Return a column of numbers; missing cells are NaN."""
        if column not in self.frame:
            return pd.Series(float("nan"), index=self.frame.index)
        return self.frame[column].astype("float64")

    def day(self, column: str) -> pd.Series:
        """Return a column of days; missing cells are NaT."""
        if column not in self.frame:
            return pd.Series(pd.NaT, index=self.frame.index, dtype="datetime64[s]")
        return self.frame[column]


def _articles(cells: _Cells) -> Rule:
    """Let articles be numbers of articles, separated by semicolons."""
    known = set(by("articles.csv", "article"))
    named = cells.words("articles")
    parts = named.str.split(";").map(lambda found: {one.strip() for one in found})
    return Rule(
        (named != "") & parts.map(lambda found: not found <= known),
        "articles",
        "articles is {!r}, which is no list of articles",
        "Write numbers of articles with semicolons between, as: 4; 11.",
    )


def _people(cells: _Cells) -> Iterator[Rule]:
    """Let no part of the participants be more than all; a hedged number binds nothing."""
    people = cells.number("participants")
    exact = cells.words("participants_qualifier").isin(["", "exact"])
    for part in ("participants_government", "women", "men"):
        yield Rule(
            exact & (cells.number(part) > people),
            part,
            f"{part} is {{}}, more than participants",
            "Correct one of the two counts.",
        )
    yield Rule(
        exact & (cells.number("women") + cells.number("men") > people),
        "women",
        "women is {}, and with men more than participants",
        "Correct one of the three counts.",
    )


def _events(cells: _Cells) -> Iterator[Rule]:
    yield Rule(
        cells.day("ended_on") < cells.day("started_on"),
        "ended_on",
        "ended_on is {}, before started_on",
        "Correct one of the two days.",
    )
    yield Rule(
        cells.day("started_on").notna() & cells.number("year").notna(),
        "year",
        "year is {} beside a day",
        "Leave year blank where the day is known.",
    )
    yield Rule(
        (cells.words("part_of") != "") & (cells.words("part_of") == cells.words("event")),
        "part_of",
        "part_of is {!r}, the event itself",
        "Name the series, or leave it blank.",
    )
    yield Rule(
        (cells.words("sessions") != "") & (cells.words("series") != "Y"),
        "sessions",
        "sessions is {} for what is no series",
        "Write Y in series, or leave sessions blank.",
    )
    yield from _people(cells)
    yield _articles(cells)
    yield Rule(
        (cells.words("articles") != "") & (cells.words("articles_by") == ""),
        "articles_by",
        "articles_by is blank although articles are given",
        "Say who assigned the articles: organiser, document or compiler.",
    )


def _expertise(cells: _Cells) -> Iterator[Rule]:
    yield Rule(
        cells.number("requested") > cells.number("experts"),
        "requested",
        "requested is {}, more than experts",
        "Correct one of the two counts.",
    )
    for column in ("list", "region", "paragraph", "note"):
        yield Rule(
            cells.words(column).str.contains(_MAIL),
            column,
            f"{column} has an address of a person",
            "Leave persons out: the register holds counts only.",
        )


def _asks(cells: _Cells) -> Iterator[Rule]:
    told = cells.words("state") != "unknown"
    for column in ("state_source", "state_on"):
        yield Rule(
            told & (cells.words(column) == ""),
            column,
            f"{column} is blank although the state is told",
            "Say who tells the state and of which day, or write unknown.",
        )
    yield _articles(cells)


def _support_items(cells: _Cells) -> Iterator[Rule]:
    yield _articles(cells)


def _places(cells: _Cells) -> Rule:
    """Let a place be a State or the world: other groups have no value of their own."""
    place = cells.words("entity")
    return Rule(
        ~place.isin([*states(), WORLD]),
        "entity",
        "entity is {!r}, neither a State nor WLD",
        "Give each State by itself, and the world as WLD.",
    )


def _population(cells: _Cells) -> Iterator[Rule]:
    yield _places(cells)
    few = (cells.number("persons") < FEWEST) & (cells.words("entity") != "VAT")
    yield Rule(
        few,
        "persons",
        f"persons is {{}}, and no State has fewer than {FEWEST:,} people",
        "Give people, not thousands of them.",
    )
    least = cells.words("entity").map(LARGE)
    yield Rule(
        (cells.number("persons") < least) & (cells.number("year") >= 1950),
        "persons",
        "persons is {}, far too few for the place",
        "Give people, not thousands of them.",
    )


def _gold_produced(cells: _Cells) -> Iterator[Rule]:
    yield _places(cells)
    gold = cells.number("gold_kg")
    yield Rule(
        (cells.number("low") > gold) | (cells.number("high") < gold),
        "gold_kg",
        "gold_kg is {}, not between low and high",
        "Correct the amount or its ends.",
    )
    yield Rule(
        gold > MOST_GOLD,
        "gold_kg",
        f"gold_kg is {{}}, and the whole world mines less than {MOST_GOLD:,} kg a year",
        "Give kg of gold; a troy ounce has 0.0311 kg.",
    )


_RULES: dict[str, Callable[[_Cells], Iterator[Rule]]] = {
    "asks": _asks,
    "events": _events,
    "expertise": _expertise,
    "gold_produced": _gold_produced,
    "population": _population,
    "support_items": _support_items,
}
