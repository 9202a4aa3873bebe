"""The head rows of a review sheet: of which report each form is, and when that was received."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import EvalkitError, Failure, Reason
from evalkit.fingerprint import sha256
from evalkit.model import Basis
from evalkit.reference.days import iso_day
from evalkit.reference.entities import states
from evalkit.sources.received import first_day
from evalkit.sources.source_rows import report_row

if TYPE_CHECKING:
    from evalkit.reference.questions import Formats
    from evalkit.sources.files import Sheet

HEAD = ("party", "cycle", "received_on", "basis", "form_sha256", "notes")
AGAIN = "Write the review sheet again: evalkit review."
_FIXED = ("basis", "form_sha256")  # told by the program, and not for a person to change
_LINE_RULE = "the note of each answer names the place in the form"
Row = dict[str, str]


@dataclass
class Report:
    """What the head rows of one form say, and the failures that set all of it apart.

    `line` is the first of the form's rows.
    """

    form: str
    line: int
    cells: Row = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Party and cycle."""
        return self.cells.get("party", ""), self.cells.get("cycle", "")

    @property
    def source(self) -> pd.DataFrame:
        """The row of `sources` that the report is."""
        return report_row(
            *self.key,
            sha256=self.cells["form_sha256"],
            as_of=self.cells["received_on"],
            file=Path(self.form).name,
            line_rule=_LINE_RULE,
        )


def reports(rows: list[tuple[Row, int]], sheet: Sheet, formats: Formats) -> dict[str, Report]:
    """Return the report of each form that a review sheet names.

    Parameters
    ----------
    rows : list of (dict, int)
        All rows of the sheet with their lines.
    sheet : Sheet
        For messages, and for the folder in which the form is looked for.
    formats : Formats
        The cycles that there are.

    Returns
    -------
    dict of str to Report
        By the form's name. One that names no Party, cycle or day of receipt has failures, as
        has one whose file has changed since, or that is a second one of the same report.
    """
    found: dict[str, Report] = {}
    for row, line in rows:
        report = found.setdefault(row["form"], Report(row["form"], line))
        part = row["question"]
        if part in HEAD:
            corrected = "" if part in _FIXED else row["corrected_answer"]
            report.cells[part] = corrected or row["answer"]
    first: dict[tuple[str, str], str] = {}
    for name, report in found.items():
        report.failures = _wrong(report, sheet, formats) or _changed(report, sheet)
        before = first.setdefault(report.key, name)
        if before != name and not report.failures:
            report.failures = [_second(report, before, sheet)]
    return found


def _wrong(report: Report, sheet: Sheet, formats: Formats) -> list[Failure]:
    party, cycle = report.key
    cells = {part: report.cells.get(part, "") for part in HEAD}
    wrong = {
        "party": party not in states(),
        "cycle": cycle not in formats.cycles,
        "received_on": not _can_be_received(cells["received_on"]),
        "basis": cells["basis"] not in (Basis.REPORTED, Basis.SIMULATED),
        "form_sha256": len(cells["form_sha256"]) != 64,
    }
    return [
        _of_head(report, part, cells[part], sheet) for part, is_wrong in wrong.items() if is_wrong
    ]


def _can_be_received(day: str) -> bool:
    try:
        return iso_day(day) >= first_day()
    except EvalkitError:
        return False


def _of_head(report: Report, part: str, found: str, sheet: Sheet) -> Failure:
    told = f"{found!r} and can't be taken" if found else "blank"
    return Failure(
        Reason.NOT_ALLOWED if found else Reason.MISSING_VALUE,
        f"{part} of {report.form} is {told}",
        sheet.shown,
        report.line,
        part,
        AGAIN if part in _FIXED else f"Fill in corrected_answer of {part} of {report.form}.",
    )


def _changed(report: Report, sheet: Sheet) -> list[Failure]:
    """Return a failure when the form lies beside the sheet and is not the one that was read."""
    at_hand = sheet.path.parent / Path(report.form).name
    if not at_hand.is_file() or sha256(at_hand) == report.cells["form_sha256"]:
        return []
    return [
        Failure(
            Reason.CONTRADICTION,
            f"{report.form} is not the file that the sheet was made from: its checksum differs",
            sheet.shown,
            report.line,
            "form_sha256",
            AGAIN,
        )
    ]


def _second(report: Report, before: str, sheet: Sheet) -> Failure:
    return Failure(
        Reason.DUPLICATE_KEY,
        f"{report.form} and {before} are of the same Party and cycle",
        sheet.shown,
        report.line,
        "form",
        "Keep the rows of one of them.",
    )


def received(found: list[Report], sheet: Sheet) -> pd.DataFrame:
    """Return the rows of `submissions` of reports without a failure."""
    rows = [
        {
            "party": one.cells["party"],
            "cycle": one.cells["cycle"],
            "submitted_on": pd.Timestamp(one.cells["received_on"]),
            "source": one.source["source"].item(),
            "basis": one.cells["basis"],
            "origin": sheet.origin(one.line),
        }
        for one in found
    ]
    return pd.DataFrame(rows)
