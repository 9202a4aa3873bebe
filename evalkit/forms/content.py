"""What stands in the form of the national report, whatever kind of file it is written as.

The adopted form could not be read: numbers and gist of the questions are those of
data/reference/questions, and every form that is written says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError, Reason
from evalkit.model import Basis
from evalkit.reference.entities import titles
from evalkit.reference.questions import Question, questions, version_of
from evalkit.reference.rows import by
from evalkit.reference.words import SIMULATED_MARK, shown

if TYPE_CHECKING:
    import pandas as pd

TITLE = "National report under article 21 of the Minamata Convention on Mercury"
STANDING = (
    "Working form of evalkit. Numbers and gist of the questions are from memory and are not the "
    "wording adopted by the Conference of the Parties."
)
SIMULATED = f"{SIMULATED_MARK} the answers in this form are invented, for teaching and testing."
HOW = (
    "Tick the boxes that apply, or write into the field under the question. Leave a question "
    "blank when there is no answer. Masses are metric tonnes (t)."
)
UNITS = {"t": "t (metric tonnes)", "kg": "kg", "count": "number", "USD": "US$"}
_HINTS = {
    "month": "Year and month, as 2025-06",
    "date": "Day, as 2025-06-30",
    "file": "Web address, or name of the attached file",
}
PARTS = {"A": "Information on the Party", "C": "Challenges", "D": "Comments on the form"}


@dataclass(frozen=True, slots=True)
class Item:
    """A question with what is filled in: ticked choices, an entry, and text beside it."""

    question: Question
    ticked: tuple[str, ...] = ()
    entry: str = ""
    comment: str = ""

    @property
    def has_comment(self) -> bool:
        """Whether the form gives room for text beside the answer."""
        return self.question.answer_type not in ("heading", "text", "file")

    @property
    def options(self) -> tuple[tuple[str, str, bool], ...]:
        """Code, label and tick of each choice."""
        chosen = self.question.choices
        return tuple((code, shown(code, "en"), code in self.ticked) for code in chosen)

    @property
    def hint(self) -> str:
        """What is expected in the field; empty where the question says enough."""
        if self.question.answer_type == "number":
            return f"Amount in {UNITS[self.question.unit]}"
        return _HINTS.get(self.question.answer_type, "")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one Party and cycle; blank where `party` is empty and no item is filled."""

    party: str
    cycle: str
    items: tuple[Item, ...]
    simulated: bool = False

    @property
    def head(self) -> tuple[tuple[str, str], ...]:
        """Name and content of the lines at the top."""
        row = by("cycles.csv", "cycle")[self.cycle]
        return (
            ("Party", titles()[self.party] if self.party else ""),
            ("Reporting cycle", self.cycle),
            ("Reporting period", f"{row['period_start']} to {row['period_end']}"),
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader has to know before the first question."""
        return (STANDING, HOW, *((SIMULATED,) if self.simulated else ()))

    def sections(self) -> Iterator[tuple[str, list[Item]]]:
        """Yield the heading and the items of each part or article."""
        keys = groupby(self.items, key=lambda item: (item.question.part, item.question.article))
        for (part, article), items in keys:
            told = f"ARTICLE {article}" if article else PARTS.get(part, "Other comments").upper()
            yield f"PART {part} · {told}", list(items)


def form(answers: pd.DataFrame, *, party: str = "", cycle: str = "") -> Form:
    """Return the form of one Party and cycle, filled from a table of answers.

    Parameters
    ----------
    answers : DataFrame
        Rows of the table `answers` of one Party and cycle, masses in kg; none for a blank form.
    party, cycle : str, optional
        ISO3 code and cycle; taken from the rows when left out.

    Returns
    -------
    Form
        Every question of the version that the cycle uses.

    Raises
    ------
    EvalkitError
        The rows are of several Parties or cycles, or answer a question the form has not;
        or the cycle is not known.
    """
    found = {(str(p), str(c)) for p, c in zip(answers["party"], answers["cycle"], strict=True)}
    found |= {(party, cycle)} if cycle else set()
    if len(found) != 1:
        raise EvalkitError(
            f"A form is of one Party and one cycle, and {len(found)} are given.",
            reason=Reason.WRONG_USE,
            remedy="Give the answers of one report, or the cycle of a blank form.",
        )
    ((party, cycle),) = found
    _refuse_unknown(party, cycle)
    asked = questions(version_of(cycle))
    given = {str(row.question): row for row in answers.itertuples()}
    _refuse_strays(
        given.keys() - {q.id for q in asked.values() if q.answer_type != "heading"}, cycle
    )
    items = tuple(_item(question, given.get(question.id)) for question in asked.values())
    invented = bool((answers["basis"] == str(Basis.SIMULATED)).any())
    return Form(party, cycle, items, invented)


def _refuse_unknown(party: str, cycle: str) -> None:
    known = (cycle in by("cycles.csv", "cycle"), not party or party in titles())
    if not all(known):
        raise EvalkitError(
            f"The cycle {cycle!r} or the Party {party!r} is not known.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy="Choose a cycle of data/reference/cycles.csv and an ISO3 code.",
        )


def _refuse_strays(strays: set[str], cycle: str) -> None:
    if strays:
        raise EvalkitError(
            f"The form of {cycle} has no question {', '.join(sorted(strays))}.",
            reason=Reason.NOT_ALLOWED,
            remedy="Correct the column question, or choose the cycle that asks it.",
        )


def _item(question: Question, row: object) -> Item:
    if row is None:
        return Item(question)
    kind = question.answer_type
    answer, text = str(getattr(row, "answer", "")), str(getattr(row, "text", ""))
    if question.choices:
        return Item(question, ticked=tuple(filter(None, answer.split("|"))), comment=text)
    if kind == "number":
        value = float(getattr(row, "value", float("nan")))
        entry = "" if value != value else as_asked(value, question.unit)
        return Item(question, entry=entry, comment=text)
    if kind in ("date", "month"):
        return Item(question, entry=answer, comment=text)
    return Item(question, entry=text)


def as_asked(value: float, unit: str) -> str:
    """Return a number as the form asks it: kg become tonnes where it asks for tonnes.

    Three decimals are written as four, since 12.345 might be read as 12,345.

    Examples
    --------
    >>> as_asked(12_500, "t"), as_asked(12_345, "t"), as_asked(3, "count")
    ('12.5', '12.3450', '3')
    """
    number = Decimal(repr(value)) / (1000 if unit == "t" else 1)
    told = f"{number:f}"
    told = told.rstrip("0").rstrip(".") if "." in told else told
    decimals = len(told.partition(".")[2])
    return f"{told}0" if decimals == 3 else told
