"""A filled-in review sheet: the readings of forms that a person has confirmed become answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evalkit import tables
from evalkit.errors import EvalkitError, Failure, Reason
from evalkit.fingerprint import sha256
from evalkit.model import Basis
from evalkit.reference.days import OPENED_FOR_SIGNATURE, iso_day
from evalkit.reference.entities import states
from evalkit.reference.reporting_form import Question, questions, spellings, version_of
from evalkit.reference.rows import by
from evalkit.sources.confirmed import as_answer
from evalkit.sources.loaded import Loaded
from evalkit.sources.tidy import ragged

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet

_MARKS = {"form", "question", "confirmed", "corrected_answer", "confirmed_by", "place", "excerpt"}
_HEAD = ("party", "cycle", "received_on", "basis", "form_sha256", "notes")
_REQUIRED = _MARKS | {"answer", "value", "unit", "text"}
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "'")
_AGAIN = "Write the review sheet again: evalkit review."
Row = dict[str, str]


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of a review sheet."""
    return set(sheet.heading) >= _MARKS


@dataclass
class _Report:
    """What the head rows of one form say, and the failures that set all of it apart."""

    head: Row
    line: int
    party: str = ""
    cycle: str = ""
    received_on: str = ""
    basis: str = ""
    failures: list[Failure] = field(default_factory=list)

    @property
    def source(self) -> str:
        return f"national-report-{self.cycle}-{self.party.lower()}"


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
        return Loaded("review-sheet", sheet.shown, {}, tuple(failures), control)
    rows = [dict(zip(sheet.heading, map(plain, r), strict=True)) for r in sheet.records]
    lined = list(zip(rows, sheet.lines, strict=True))
    reports = _reports(lined, sheet)
    body = [(row, line) for row, line in lined if row["question"] not in _HEAD]
    taken, wrong, denied = _taken(body, reports, sheet)
    failures = [*(one for report in reports.values() for one in report.failures), *wrong]
    control = {"read": len(body), "taken": len(taken), "set_apart": len(body) - len(taken)}
    notes = (f"{denied} readings are denied and give no answer",) if denied else ()
    found = _tables(taken, [r for r in reports.values() if not r.failures], sheet)
    told = tuple(sorted(failures, key=lambda one: one.line or 0))
    return Loaded("review-sheet", sheet.shown, found, told, control, notes=notes)


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
            _AGAIN,
        )
        for name in sorted(_REQUIRED - set(sheet.heading))
    ]


# --- head rows --------------------------------------------------------------------------------


def _reports(rows: list[tuple[Row, int]], sheet: Sheet) -> dict[str, _Report]:
    reports: dict[str, _Report] = {}
    for row, line in rows:
        report = reports.setdefault(row["form"], _Report({}, line))
        if row["question"] in _HEAD:
            own = ("basis", "form_sha256")  # told by the program, and not for a person to change
            corrected = "" if row["question"] in own else row["corrected_answer"]
            report.head[row["question"]] = corrected or row["answer"]
    first: dict[str, str] = {}
    for name, report in reports.items():
        _understand(name, report, sheet)
        before = first.setdefault(report.source, name)
        if before != name and not report.failures:
            what = f"{name} and {before} are of the same Party and cycle"
            remedy = "Keep the rows of one of them."
            report.failures.append(
                _failure(sheet, report.line, Reason.DUPLICATE_KEY, what, "form", remedy)
            )
    return reports


def _understand(name: str, report: _Report, sheet: Sheet) -> None:
    head = report.head
    report.party, report.cycle = head.get("party", ""), head.get("cycle", "")
    report.basis = head.get("basis", "")
    day = head.get("received_on", "")
    try:
        report.received_on = iso_day(day)
        early = report.received_on < OPENED_FOR_SIGNATURE
    except EvalkitError:
        early = True
    wrong = {
        "party": report.party not in states(),
        "cycle": report.cycle not in by("cycles.csv", "cycle"),
        "received_on": early,
        "basis": report.basis not in (Basis.REPORTED, Basis.SIMULATED),
        "form_sha256": len(head.get("form_sha256", "")) != 64,
    }
    report.failures = [
        _of_head(name, part, head.get(part, ""), sheet, report.line)
        for part, is_wrong in wrong.items()
        if is_wrong
    ]
    if not wrong["form_sha256"]:
        report.failures += _changed(name, head["form_sha256"], sheet, report.line)


def _of_head(form: str, part: str, found: str, sheet: Sheet, line: int) -> Failure:
    reason = Reason.NOT_ALLOWED if found else Reason.MISSING_VALUE
    told = f"{found!r} and can't be taken" if found else "blank"
    remedy = f"Fill in corrected_answer of the row {part} of {form}."
    remedy = _AGAIN if part in ("basis", "form_sha256") else remedy
    return Failure(reason, f"{part} of {form} is {told}", sheet.shown, line, part, remedy)


def _changed(form: str, checksum: str, sheet: Sheet, line: int) -> list[Failure]:
    """Return a failure when the form lies beside the sheet and is not the one that was read."""
    at_hand = sheet.path.parent / Path(form).name
    if not at_hand.is_file() or sha256(at_hand) == checksum:
        return []
    told = f"{form} is not the file that the sheet was made from: its checksum differs"
    return [Failure(Reason.CONTRADICTION, told, sheet.shown, line, "form_sha256", _AGAIN)]


# --- rows -------------------------------------------------------------------------------------


def _taken(
    body: list[tuple[Row, int]], reports: dict[str, _Report], sheet: Sheet
) -> tuple[list[dict[str, object]], list[Failure], int]:
    """Return the answers, what is wrong, and how many rows were denied."""
    taken: list[dict[str, object]] = []
    failures: list[Failure] = []
    denied = 0
    seen: dict[tuple[str, str, str], int] = {}
    for row, line in body:
        report = reports[row["form"]]
        said = spellings(("yes", "no")).get(row["confirmed"].casefold().strip(), "")
        denied += said == "no" and not row["corrected_answer"]
        problem = _problem(row, said)
        if problem:
            failures.append(_failure(sheet, line, *problem))
        if said != "yes" or problem or report.failures:
            continue
        key = (report.party, report.cycle, row["question"])
        answer, wrong = _answer(row, report)
        if answer is None:
            failures.append(_failure(sheet, line, Reason.NOT_ALLOWED, *wrong))
        elif key in seen:
            what = f"{row['question']} is confirmed already on line {seen[key]}"
            failures.append(
                _failure(sheet, line, Reason.DUPLICATE_KEY, what, "confirmed", "Deny one of them.")
            )
        else:
            seen[key] = line
            taken.append({**answer, "origin": sheet.origin(line)})
    return taken, failures, denied


def _failure(sheet: Sheet, line: int, reason: Reason, what: str, cell: str, remedy: str) -> Failure:
    return Failure(reason, what, sheet.shown, line, cell, remedy)


def _problem(row: Row, said: str) -> tuple[Reason, str, str, str] | None:
    """Return what keeps a row from being decided, before its answer is looked at."""
    told, asked = row["confirmed"], row["question"]
    if not told:
        what = f"The reading of {asked} is not confirmed"
        return Reason.MISSING_VALUE, what, "confirmed", "Write yes or no into it."
    if not said:
        return Reason.NOT_ALLOWED, f"confirmed is {told!r}", "confirmed", "Write yes or no."
    if said == "no" and row["corrected_answer"]:
        what = f"{asked} is denied, and has a corrected answer"
        return Reason.CONTRADICTION, what, "confirmed", "Write yes, or remove the correction."
    if said == "yes" and not row["confirmed_by"]:
        what = f"Nobody is named who confirmed {asked}"
        return Reason.MISSING_VALUE, what, "confirmed_by", "Write the name of who looked."
    return None


def _answer(row: Row, report: _Report) -> tuple[dict[str, object] | None, tuple[str, str, str]]:
    version = version_of(report.cycle)
    asked: dict[str, Question] = {q.id: q for q in questions(version)}
    question = asked.get(row["question"])
    if question is None or question.answer_type == "heading":
        what = f"The form {version} asks no question {row['question']!r}"
        return None, (what, "question", "Correct the number of the question.")
    found, wrong = as_answer(question, row)
    if found is None:
        remedy = "Write the right answer into corrected_answer, or deny the row."
        return None, (wrong, "corrected_answer", remedy)
    corrected = f"; corrected to {row['corrected_answer']}" if row["corrected_answer"] else ""
    note = f"read from {row['form']}, {row['place']}; confirmed by {row['confirmed_by']}"
    about = {
        "party": report.party,
        "cycle": report.cycle,
        "question": question.id,
        "format_version": version,
        "note": note + corrected,
        "source": report.source,
        "basis": report.basis,
    }
    return {**about, **found}, ("", "", "")


def _tables(
    taken: list[dict[str, object]], reports: list[_Report], sheet: Sheet
) -> dict[str, pd.DataFrame]:
    if not reports:
        return {}
    received = [
        {
            "party": one.party,
            "cycle": one.cycle,
            "submitted_on": pd.Timestamp(date.fromisoformat(one.received_on)),
            "source": one.source,
            "basis": one.basis,
            "origin": sheet.origin(one.line),
        }
        for one in reports
    ]
    sources = [
        {
            "source": one.source,
            "publisher": states()[one.party],
            "title": f"National report, {by('cycles.csv', 'cycle')[one.cycle]['title']}",
            "as_of": pd.Timestamp(date.fromisoformat(one.received_on)),
            "sha256": one.head["form_sha256"],
            "line_rule": "the note of each answer names the place in the form",
        }
        for one in reports
    ]
    answers = pd.DataFrame(taken) if taken else tables.empty("answers")
    return {
        "answers": tables.tidy("answers", answers),
        "submissions": tables.tidy("submissions", pd.DataFrame(received)),
        "sources": tables.tidy("sources", pd.DataFrame(sources)),
    }
