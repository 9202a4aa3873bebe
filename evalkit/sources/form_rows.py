"""The content of a form as rows of cells, and which row asks which question.

A Word table gives a row for each of its own; a paragraph or a line of a page is a row of one
cell. Both readers of forms meet here; nothing is known of files.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from evalkit.reference.names import normal_form
from evalkit.reference.questions import Question, questions

SAME = 0.6  # closeness of a wording to the gist of a question that its number stands with
ALONE = 0.75  # closeness that is enough without a number
NEAR = 0.55  # closeness that is told as a doubtful finding
CLEAR = 0.1  # by so much the next question has to be less close
LONGEST = 6  # rows that the wording of one question may take on a page
LONGEST_WORDING = 600  # characters that are compared

NORMAL, BOLD, STRUCK, TRACKED = "nbst"
_NUMBER = re.compile(
    r"\s*(?:Q(?:uestion)?\.?\s*)?(\d{1,2}\.\d{1,2}|[A-E]\.\d)((?:\s*[.(]?\s*[a-z]{1,5}\)|\.[a-z]{1,5}\b)*)"
    r"[.:)*]*(?=\s|$)"
)
_PARTS = re.compile(r"[a-z]{1,5}")
_BOX = re.compile(
    r"[\u2610-\u2612\u25a1\u25a0\u25cb\u25c9\u25cf\u2713\u2714]|[\[(]\s*[xX]?\s*[\])]"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with the type of each character: `NORMAL`, `BOLD`, `STRUCK` or `TRACKED`."""

    text: str
    style: str = ""

    def part(self, start: int, end: int | None = None) -> Cell:
        """Return a piece of the cell with its types."""
        return Cell(self.text[start:end], self.style[start:end])


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side and where they stand; `is_heading` ends what is beneath a question."""

    cells: tuple[Cell, ...]
    place: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was found: in which rows and cell, up to where, and the doubts."""

    question: Question
    row: int
    last: int  # the last row of the wording
    cell: int
    end: int  # where in the last row's cell the wording ends
    closeness: float
    doubts: tuple[str, ...]


def number_of(text: str) -> tuple[str, int]:
    """Return the number of a question at the beginning of a text, and where it ends.

    Examples
    --------
    >>> number_of("3.1 (c) Total amount"), number_of("3.1.c. Total"), number_of("In 3.1")
    (('3.1.c', 7), ('3.1.c', 6), ('', 0))
    """
    hit = _NUMBER.match(text)
    if not hit:
        return "", 0
    return ".".join([hit.group(1), *_PARTS.findall(hit.group(2))]), hit.end()


def _words(text: str) -> Counter[str]:
    return Counter(normal_form(text[:LONGEST_WORDING]).split())


@dataclass(frozen=True, slots=True)
class _Gists:
    """The gists of a version by word, so that a row is compared with all of them at once."""

    questions: Mapping[str, Question]
    weights: dict[str, float]  # how much each word tells: rare ones more
    sums: dict[str, float]
    holders: dict[str, list[tuple[str, int]]]  # questions with a word, and how often
    stranger: float  # weight of a word that is in no question


@cache
def _gists(version: str) -> _Gists:
    asked = questions(version)
    counted = {name: _words(q.title) for name, q in asked.items()}
    seen = Counter(word for words in counted.values() for word in words)
    weights = {word: math.log(1 + len(asked) / count) for word, count in seen.items()}
    holders: dict[str, list[tuple[str, int]]] = {}
    for name, words in counted.items():
        for word, count in words.items():
            holders.setdefault(word, []).append((name, count))
    sums = {n: sum(weights[w] * c for w, c in words.items()) for n, words in counted.items()}
    return _Gists(asked, weights, sums, holders, math.log(1 + len(asked)))


def closeness(text: str, version: str) -> dict[str, float]:
    """Return how close a text is to the gist of each question that it has a word of.

    The share of words in common, weighted by how rare they are in the form (Dice's
    coefficient): 1 is equal, 0 has nothing in common.

    Examples
    --------
    >>> closeness("Research, development and monitoring undertaken", "mc-1-8")["19.1"]
    1.0
    """
    found, gists = _words(text), _gists(version)
    own = sum(gists.weights.get(word, gists.stranger) * count for word, count in found.items())
    both: dict[str, float] = {}
    for word, count in found.items():
        for name, there in gists.holders.get(word, ()):
            both[name] = both.get(name, 0.0) + gists.weights[word] * min(count, there)
    return {name: 2 * shared / (own + gists.sums[name]) for name, shared in both.items()}


def find(rows: list[Row], version: str) -> list[Asked]:
    """Return the questions of a version that the rows ask, in the order of the rows.

    Numbers come first: of several rows with the same number those whose wording is that of
    the question count, and the others are taken as text. Then questions whose number is
    nowhere are sought by their wording.
    """
    numbered = [one for at in range(len(rows)) if (one := _by_number(rows, at, version))]
    sure = {one.question.id for one in numbered if not one.doubts}
    kept = [one for one in numbered if not one.doubts or one.question.id not in sure]
    taken = {row for one in kept for row in range(one.row, one.last + 1)}
    missing = questions(version).keys() - {one.question.id for one in kept}
    worded = [
        one
        for at in range(len(rows))
        if missing and at not in taken and (one := _by_wording(rows, at, version, missing))
    ]
    best: dict[str, Asked] = {}
    for one in worded:
        before = best.get(one.question.id)
        if before is None or one.closeness > before.closeness:
            best[one.question.id] = one
    return sorted([*kept, *best.values()], key=lambda one: one.row)


def _first(row: Row) -> int:
    return next((at for at, cell in enumerate(row.cells) if cell.text.strip()), -1)


def _by_number(rows: list[Row], at: int, version: str) -> Asked | None:
    first = _first(rows[at])
    if first < 0 or rows[at].is_heading:
        return None
    number, end = number_of(rows[at].cells[first].text)
    question = _gists(version).questions.get(number)
    if question is None:
        return None
    alone = not rows[at].cells[first].text[end:].strip()
    beside = alone and first + 1 < len(rows[at].cells)
    cell, start = (first + 1, 0) if beside else (first, end)
    last, stop, close = _extent(rows, at, cell, start, question, version)
    doubts = () if close >= SAME else ("number_alone",)
    return Asked(question, at, last, cell, stop, close, doubts)


def _by_wording(rows: list[Row], at: int, version: str, missing: set[str]) -> Asked | None:
    """Find the question that the first cells of a row word, among those still missing."""
    first = _first(rows[at])
    if first < 0 or rows[at].is_heading:
        return None
    text = _wording(rows[at].cells[first].text)
    if len(text) < 8:
        return None
    scores = sorted(((close, name) for name, close in closeness(text, version).items()))
    close, name = scores[-1] if scores else (0.0, "")
    second = scores[-2][0] if len(scores) > 1 else 0.0
    if name not in missing or close < NEAR:
        return None
    question = _gists(version).questions[name]
    last, stop, close = _extent(rows, at, first, 0, question, version)
    doubt = "wording_alone" if close >= ALONE else "wording_near"
    doubt = doubt if close - second >= CLEAR else "wording_unclear"
    return Asked(question, at, last, first, stop, close, (doubt,))


def _wording(text: str) -> str:
    """Return what stands before the first line break or box."""
    line = text.split("\n", 1)[0]
    box = _BOX.search(line)
    return line[: box.start()] if box else line


def _extent(
    rows: list[Row], at: int, cell: int, start: int, question: Question, version: str
) -> tuple[int, int, float]:
    """Return where the wording ends: the row, the place in its cell, and how close it is.

    On a page a wording runs over several lines: lines are added as long as they bring it
    nearer to the gist of the question.
    """
    head = rows[at].cells[cell].text
    told = _wording(head[start:])
    last, stop, close = at, start + len(told), closeness(told, version).get(question.id, 0.0)
    if len(rows[at].cells) > 1 or stop < len(head):
        return last, stop, close
    joined = told
    for further in range(at + 1, min(at + LONGEST, len(rows))):
        row = rows[further]
        if len(row.cells) > 1 or row.is_heading or number_of(row.cells[0].text)[0]:
            break
        piece = _wording(row.cells[0].text)
        joined = f"{joined} {piece}"
        nearer = closeness(joined, version).get(question.id, 0.0)
        if nearer <= close:
            break
        last, stop, close = further, len(piece), nearer
        if stop < len(row.cells[0].text):
            break
    return last, stop, close
