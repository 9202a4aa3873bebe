"""A filled-in review sheet: the readings of forms that a person has confirmed become answers.

What is confirmed is checked as all answers are (`evalkit.sources.answers.take`); only the
decision of the person is read here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Failure, Reason
from evalkit.reference import questions, words
from evalkit.sources import answers, form_values, received
from evalkit.sources.loaded import Loaded
from evalkit.sources.review_head import AGAIN, HEAD, Report, Row, reports
from evalkit.sources.review_head import received as received_rows
from evalkit.sources.tidy import ragged

if TYPE_CHECKING:
    from evalkit.reference.questions import Formats
    from evalkit.sources.files import Sheet

FORM = "review-sheet"
_MARKS = {"form", "question", "confirmed", "corrected_answer", "confirmed_by", "place", "excerpt"}
_TOLD = ("answer", "value", "unit", "text")
_REQUIRED = _MARKS | set(_TOLD)
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "'")
_CORRECT = "Write the right answer into corrected_answer, or deny the row."


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of a review sheet."""
    return set(sheet.heading) >= _MARKS


def read(sheet: Sheet) -> Loaded:
    """Read the confirmed rows of a review sheet as answers.

    Parameters
    ----------
    sheet : Sheet
        The review sheet, from a workbook or a CSV.

    Returns
    -------
    Loaded
        Tables `answers` (the rows confirmed with yes, by somebody named), `submissions` and
        `sources`. A row that is neither confirmed nor denied is a failure; one denied is set
        apart without one. A form whose head rows lack the day of receipt, or whose file has
        changed since, gives nothing.
    """
    failures = _missing_columns(sheet) or ragged(sheet)
    count = len(sheet.records)
    if failures:
        control = {"read": count, "taken": 0, "set_apart": count}
        return Loaded(FORM, sheet.shown, {}, tuple(failures), control)
    formats = sheet.formats or questions.own()
    rows = [dict(zip(sheet.heading, map(plain, r), strict=True)) for r in sheet.records]
    lined = list(zip(rows, sheet.lines, strict=True))
    found = reports(lined, sheet, formats)
    body = [(row, line) for row, line in lined if row["question"] not in HEAD]
    failures = [one for report in found.values() for one in report.failures]
    undecided = {line: problem for row, line in body if (problem := _problem(row))}
    for line, (cell, reason, what, remedy) in undecided.items():
        failures.append(Failure(reason, what, sheet.shown, line, cell, remedy))
    confirmed = [
        (row, line, found[row["form"]])
        for row, line in body
        if _decision(row) == "yes" and line not in undecided and not found[row["form"]].failures
    ]
    taken = _taken(confirmed, sheet, formats)
    return _loaded(
        taken, body, [one for one in found.values() if not one.failures], failures, sheet
    )


def plain(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from computing it.

    Examples
    --------
    >>> plain("'=1+1"), plain("''quoted'"), plain("Ghana")
    ('=1+1', "'quoted'", 'Ghana')
    """
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_ACTIVE) else text


def _missing_columns(sheet: Sheet) -> list[Failure]:
    return [
        Failure(
            Reason.MISSING_COLUMN,
            f"The column {name} of the review sheet is missing",
            sheet.shown,
            1,
            name,
            AGAIN,
        )
        for name in sorted(_REQUIRED - set(sheet.heading))
    ]


def _loaded(
    taken: answers.Taken,
    body: list[tuple[Row, int]],
    good: list[Report],
    failures: list[Failure],
    sheet: Sheet,
) -> Loaded:
    apart = len(body) - taken.control["read"]
    denied = sum(_decision(row) == "no" and not row["corrected_answer"] for row, _ in body)
    made = received.loaded(
        FORM,
        sheet.shown,
        taken,
        received=received_rows(good, sheet),
        sources=[report.source for report in good],
        failures=failures,
        refused=apart,
        notes=[f"{denied} readings are denied and give no answer"] if denied else [],
    )
    return made if good else replace(made, tables={})


# --- rows -------------------------------------------------------------------------------------


def _decision(row: Row) -> str:
    """Return yes, no, or blank where it is neither."""
    return words.choice(row["confirmed"], ("yes", "no"))


def _problem(row: Row) -> tuple[str, Reason, str, str] | None:
    """Return what keeps a row from being decided, before its answer is looked at."""
    told, said, asked = row["confirmed"], _decision(row), row["question"]
    denied, confirmed = said == "no", said == "yes"
    if not told:
        return (
            "confirmed",
            Reason.MISSING_VALUE,
            f"The reading of {asked} is not confirmed",
            "Write yes or no into it.",
        )
    if not said:
        return ("confirmed", Reason.NOT_ALLOWED, f"confirmed is {told!r}", "Write yes or no.")
    if denied and row["corrected_answer"]:
        return (
            "confirmed",
            Reason.CONTRADICTION,
            f"{asked} is denied, and has a corrected answer",
            "Write yes, or remove the correction.",
        )
    if confirmed and not row["confirmed_by"]:
        return (
            "confirmed_by",
            Reason.MISSING_VALUE,
            f"Nobody is named who confirmed {asked}",
            "Write the name of who looked.",
        )
    if confirmed and row["value"] and not (row["unit"] or row["corrected_answer"]):
        return ("corrected_answer", Reason.MISSING_VALUE, f"{asked} has no unit", _CORRECT)
    return None


def _taken(
    confirmed: list[tuple[Row, int, Report]], sheet: Sheet, formats: Formats
) -> answers.Taken:
    """Check the confirmed rows as answers; failures name the cell that a person fills in."""
    raw = pd.DataFrame(
        [_raw(row, line, report, sheet, formats) for row, line, report in confirmed],
        columns=[*answers.RAW, "line", "origin"],
    )
    taken = answers.take(raw, sheet.shown, formats=formats)
    return replace(taken, failures=tuple(map(_to_correct, taken.failures)))


def _raw(row: Row, line: int, report: Report, sheet: Sheet, formats: Formats) -> dict[str, object]:
    party, cycle = report.key
    note = f"read from {row['form']}, {row['place']}; confirmed by {row['confirmed_by']}"
    corrected = f"; corrected to {row['corrected_answer']}" if row["corrected_answer"] else ""
    return {
        "party": party,
        "cycle": cycle,
        "question": row["question"],
        "format_version": "",
        **_told(row, cycle, formats),
        "note": note + corrected,
        "source": report.source["source"].item(),
        "basis": report.cells["basis"],
        "line": line,
        "origin": sheet.origin(line),
    }


def _told(row: Row, cycle: str, formats: Formats) -> Row:
    """Return what is answered: what was read, or what the person wrote in its place."""
    told = row["corrected_answer"]
    if not told:
        return {name: row[name] for name in _TOLD}
    version = formats.cycles[cycle].version
    one = formats.questions.get(version, {}).get(formats.find(version, row["question"]))
    kind = one.answer_type if one else ""
    if kind in answers.DATED:
        day = form_values.day(told)
        told = told if day.rest or set(day.doubts) - {"day_in_words"} else day.told
    text = "" if kind in answers.WRITTEN else row["text"]
    return {"answer": told, "value": "", "unit": "", "text": text}


def _to_correct(failure: Failure) -> Failure:
    """Return a failure of an answer with the cell and remedy that a review sheet has for it."""
    if failure.reason is Reason.DUPLICATE_KEY:
        return replace(failure, cell="confirmed", remedy="Deny one of them.")
    if failure.cell in _TOLD:
        return replace(failure, cell="corrected_answer", remedy=_CORRECT)
    return failure
