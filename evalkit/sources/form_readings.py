"""The readings of a filled-in form, each with its place, its confidence and the reason.

Nothing read here counts as an answer: `evalkit review` puts the readings before a person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

import pandas as pd

from evalkit.errors import FileRefusedError, Reason
from evalkit.reference.questions import Question, questions, version_of
from evalkit.sources import form_answers, form_rows
from evalkit.sources.form_answers import Found
from evalkit.sources.form_confidence import confidence
from evalkit.sources.form_head import FARTHEST, Head, head_of, is_marked, labelled
from evalkit.sources.form_rows import NORMAL, Asked, Cell, Row
from evalkit.sources.loaded import READINGS, Loaded

FEWEST = 3  # a document with fewer questions is no reporting form
LONGEST_TEXT = 30_000  # characters; a cell of a workbook holds 32,767
LONGEST_EXCERPT = 500
# Characters that a table can't hold: control characters, halves of a character.
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SHOWN = 10  # places that a note lists


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer as found in one place of a form."""

    question: Question
    found: Found
    excerpt: str
    place: str
    doubts: tuple[str, ...] = ()


def of_rows(
    rows: list[Row], shown: str, source: str, *, on_pages: bool, notes: list[str]
) -> Loaded:
    """Read a form that is given as rows of cells.

    Parameters
    ----------
    rows : list of Row
        The content in its order.
    shown : str
        The file's name in messages.
    source : str
        Name of the form: ``word-form`` or ``pdf-form``.
    on_pages : bool
        Whether rows are the lines of pages, where an answer runs over several.
    notes : list of str
        What the reader of the file has to say.

    Returns
    -------
    Loaded
        As `assemble`.

    Raises
    ------
    FileRefusedError
        Fewer than three questions of the form are found.
    """
    marked = is_marked(cell.text for row in rows[:FARTHEST] for cell in row.cells)
    head = head_of(labelled(rows), shown, simulated=marked)
    version = version_of(head.cycle)
    asked = form_rows.find(rows, version)
    if len({one.question.id for one in asked}) < FEWEST:
        raise no_form(shown)
    readings = []
    used: set[int] = set()
    starts = [one.row for one in asked]
    for place, one in enumerate(asked):
        end = starts[place + 1] if place + 1 < len(starts) else len(rows)
        reading, rows_used = _reading(rows, one, end, on_pages)
        used |= rows_used
        if not reading.found.is_blank and one.question.answer_type != "heading":
            readings.append(reading)
    unread = [
        row.place
        for at, row in enumerate(rows[starts[0] :], start=starts[0])
        if at not in used and not row.is_heading and any(c.text.strip() for c in row.cells)
    ]
    told = [*notes, *_listed("text that stands under no question", unread)]
    return assemble(readings, head, shown, source, told)


def no_form(shown: str) -> FileRefusedError:
    """Return the refusal of a document that is no reporting form."""
    return FileRefusedError(
        f"{shown} holds fewer than {FEWEST} questions of the reporting form.",
        reason=Reason.UNKNOWN_FILE,
        where=shown,
        remedy="Send the filled-in form, with the numbers of its questions or their wording.",
    )


def _listed(what: str, places: list[str]) -> list[str]:
    if not places:
        return []
    rest = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return [f"{what}: {', '.join(places[:SHOWN])}{rest}"]


def _reading(rows: list[Row], one: Asked, end: int, on_pages: bool) -> tuple[Reading, set[int]]:
    """Return what is answered to a question, and the rows that were read for it."""
    own = range(one.row, one.last + 1)
    cell, place, beneath, upto = _region(rows, one, end)
    found = form_answers.read(one.question, cell)
    doubts = [*one.doubts, *(["page_text"] if on_pages else ["beneath"] if beneath else [])]
    if on_pages:
        found = replace(found, text=" ".join(found.text.split()))
    if len(found.text) > LONGEST_TEXT:
        found = replace(found, text=found.text[:LONGEST_TEXT])
        doubts.append("cut")
    excerpt = " ".join(c.text for at in own for c in rows[at].cells[: one.cell + 1])
    excerpt = " ".join(f"{excerpt} → {cell.text}".split())[:LONGEST_EXCERPT]
    reading = Reading(one.question, found, excerpt, place, tuple(doubts))
    return reading, {*own, *range(one.last + 1, upto)}


def _region(rows: list[Row], one: Asked, end: int) -> tuple[Cell, str, bool, int]:
    """Return where the answer stands: its text and place, whether beneath, the row after it."""
    row = rows[one.last]
    beside = row.cells[one.cell + 1 :] if one.last == one.row else ()
    if any(cell.text.strip() for cell in beside):
        first = next(n for n, cell in enumerate(beside) if cell.text.strip())
        place = f"{row.place}, cell {one.cell + 2 + first}"
        return _joined(list(beside)), place, False, one.last + 1
    rest = Cell("") if beside else row.cells[one.cell].part(one.end)
    stop = next((at for at in range(one.last + 1, end) if rows[at].is_heading), end)
    below = [cell for at in range(one.last + 1, stop) for cell in rows[at].cells]
    if not rest.text.strip():
        answered = next((at for at in range(one.last + 1, stop) if _has_text(rows[at])), one.last)
        return _joined(below), rows[answered].place, bool(below), stop
    return _joined([rest, *below]), row.place, False, stop


def _has_text(row: Row) -> bool:
    return any(cell.text.strip() for cell in row.cells)


def _joined(cells: list[Cell]) -> Cell:
    text = "\n".join(cell.text for cell in cells)
    return Cell(text, NORMAL.join(cell.style.ljust(len(cell.text), NORMAL) for cell in cells))


def assemble(
    readings: list[Reading], head: Head, shown: str, source: str, notes: list[str]
) -> Loaded:
    """Return the readings of a form as `Loaded`: no table, one row for each reading.

    Parameters
    ----------
    readings : list of Reading
        What was found, in the order of the file.
    head : Head
        Party and cycle.
    shown, source : str
        The file's name and the name of its form.
    notes : list of str
        What the reader has to say; the questions without a reading are added.

    Returns
    -------
    Loaded
        `readings` has the columns `READINGS`; all of them are counted as set apart.
    """
    kept = _once(readings)
    frame = pd.DataFrame([_row(one, head) for one in kept], columns=list(READINGS))
    kinds = {"value": "float64", "confidence": "float64"}
    frame = frame.astype({name: kinds.get(name, "str") for name in READINGS})
    have = {one.question.id for one in kept}
    without = [
        question.id
        for question in questions(version_of(head.cycle)).values()
        if question.answer_type != "heading" and question.id not in have
    ]
    control = {"read": len(kept), "taken": 0, "set_apart": len(kept), "not_found": len(without)}
    told = (*notes, *([f"questions without a reading: {', '.join(without)}"] if without else []))
    return Loaded(source, shown, {}, head.failures, control, told, readings=frame)


def _once(readings: list[Reading]) -> list[Reading]:
    """Drop repeats of the same answer; mark answers to one question that differ."""
    groups: dict[str, list[Reading]] = defaultdict(list)
    for one in readings:
        same = [other.found == one.found for other in groups[one.question.id]]
        if not any(same):
            groups[one.question.id].append(one)
    return [
        replace(one, doubts=(*one.doubts, "twice")) if len(group) > 1 else one
        for group in groups.values()
        for one in group
    ]


def _row(one: Reading, head: Head) -> tuple[object, ...]:
    sure, why = confidence([*one.doubts, *one.found.doubts])
    found = one.found
    value = float(found.value) if found.value else float("nan")
    told = (one.question.id, found.answer, value, found.unit, _ODD.sub("\ufffd", found.text))
    return (
        *told,
        _ODD.sub("\ufffd", one.excerpt),
        one.place,
        sure,
        why,
        head.party,
        head.cycle,
        head.basis,
    )
