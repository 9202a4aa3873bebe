"""The review sheet: what was read from forms, put before a person who says yes or no.

A workbook or CSV of one sheet. First the head rows of each form (Party, cycle, day of receipt,
checksum), then one row for each reading, the least certain first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.errors import EvalkitError, Reason
from evalkit.forms import packed
from evalkit.reference.questions import questions, version_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "form",
    "party",
    "cycle",
    "question",
    "wording",
    "answer",
    "value",
    "unit",
    "text",
    "confidence",
    "level",
    "why",
    "excerpt",
    "place",
    "confirmed",
    "corrected_answer",
    "confirmed_by",
)
BELOW, ABOVE = "below threshold", "at or above threshold"
HEAD = {
    "party": "Party; correct it in corrected_answer",
    "cycle": "Reporting cycle; correct it in corrected_answer",
    "received_on": "FILL IN in corrected_answer: day on which the report was received (2025-11-03)",
    "basis": "What the answers rest on: reported, or simulated where the form says so",
    "form_sha256": "Checksum of the form that was read; leave it",
    "notes": "What else to know, as the questions without a reading",
}
_WIDTHS = (18, 7, 11, 9, 38, 18, 10, 7, 34, 11, 14, 34, 44, 22, 11, 20, 20)
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "'")
_LOW, _HEAD_FILL, _TOP_FILL = "FCE4B6", "E8EEF4", "1F3B57"
_ASK_FILL = "FFFF99"


@dataclass(frozen=True)
class ReadForm:
    """A form that was read: its name, checksum and readings (columns of `Loaded.readings`)."""

    name: str
    sha256: str
    party: str
    cycle: str
    basis: str
    readings: pd.DataFrame
    notes: str = ""


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `plain` gives it back.

    Unlike a file that is only looked at, this one is read again: an apostrophe at the
    beginning is doubled as well, so that nothing is lost.

    Examples
    --------
    >>> neutral("=1+1"), neutral("'quoted'"), neutral("Ghana")
    ("'=1+1", "''quoted'", 'Ghana')
    """
    return f"'{text}" if text.startswith(_ACTIVE) else text


def write_review(
    forms: Sequence[ReadForm],
    path: Path,
    *,
    threshold: float = 0.9,
    accept_above: float | None = None,
) -> None:
    """Write the review sheet of one or several forms, as .xlsx or .csv by the name of `path`.

    Parameters
    ----------
    forms : sequence of ReadForm
        What was read.
    path : Path
        The file to write.
    threshold : float
        Readings less certain are marked by colour and by word.
    accept_above : float, optional
        Readings at least so certain are filled in as confirmed, and the row says that no
        person did it. Nothing is filled in when left out.

    Raises
    ------
    EvalkitError
        A level lies outside 0 to 1, two forms have the same name, or the file's name ends
        in something else.
    """
    _refuse_levels(threshold, accept_above)
    _refuse_names([form.name for form in forms], path)
    head = [record for form in forms for record in _head(form)]
    body = [record for form in forms for record in _body(form, threshold, accept_above)]
    body.sort(key=lambda record: float(str(record["confidence"])))  # stable: order of the form
    if path.suffix.lower() == ".csv":
        _write_csv([*head, *body], path)
    else:
        _write_workbook(head, body, path)


def _refuse_levels(threshold: float, accept_above: float | None) -> None:
    for name, level in (("threshold", threshold), ("accept-above", accept_above)):
        if level is not None and not 0 < level <= 1:
            raise EvalkitError(
                f"--{name} is {level}, and is a confidence between 0 and 1.",
                reason=Reason.WRONG_USE,
                remedy="Give a number as 0.9.",
            )
    if accept_above is not None and accept_above < threshold:
        raise EvalkitError(
            f"--accept-above {accept_above} is below the threshold {threshold}.",
            reason=Reason.WRONG_USE,
            remedy="Give a number at or above the threshold.",
        )


def _refuse_names(names: list[str], path: Path) -> None:
    again = sorted({name for name in names if names.count(name) > 1})
    if again:
        raise EvalkitError(
            f"Two forms are called {again[0]}.",
            reason=Reason.DUPLICATE_KEY,
            remedy="Rename one of them.",
        )
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise EvalkitError(
            f"A review sheet is a workbook or a CSV, and {path.name} is neither.",
            reason=Reason.WRONG_USE,
            remedy="Give a name that ends in .xlsx or .csv.",
        )


def _head(form: ReadForm) -> Iterable[dict[str, object]]:
    known = {
        "party": form.party,
        "cycle": form.cycle,
        "received_on": "",
        "basis": form.basis,
        "form_sha256": form.sha256,
        "notes": form.notes,
    }
    for name, wording in HEAD.items():
        yield {"form": form.name, "question": name, "wording": wording, "answer": known[name]}


def _body(
    form: ReadForm, threshold: float, accept_above: float | None
) -> Iterable[dict[str, object]]:
    asked = questions(version_of(form.cycle))
    for row in form.readings.itertuples():
        sure = float(row.confidence)
        taken = accept_above is not None and sure >= accept_above
        rule = f"no person: confidence {sure} is {accept_above} or more (--accept-above)"
        yield {
            "form": form.name,
            "party": form.party,
            "cycle": form.cycle,
            "question": row.question,
            "wording": asked[str(row.question)].title,
            "answer": row.answer,
            "value": "" if row.value != row.value else f"{row.value!r}".removesuffix(".0"),
            "unit": row.unit,
            "text": row.text,
            "confidence": f"{sure:.2f}",
            "level": BELOW if sure < threshold else ABOVE,
            "why": row.why,
            "excerpt": row.excerpt,
            "place": row.place,
            "confirmed": "yes" if taken else "",
            "confirmed_by": rule if taken else "",
        }


def _cells(record: dict[str, object]) -> list[str]:
    return [neutral(str(record.get(column, ""))) for column in COLUMNS]


def _write_csv(records: list[dict[str, object]], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_cells(record) for record in records)


def _write_workbook(
    head: list[dict[str, object]], body: list[dict[str, object]], path: Path
) -> None:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = "review"
    sheet.append(COLUMNS)
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_TOP_FILL)
    for at, record in enumerate([*head, *body], start=2):
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("\ufffd", text) for text in _cells(record)])
        for cell in sheet[at]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        _colour(sheet[at], record, PatternFill)
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    last = len(head) + len(body) + 1
    allowed = DataValidation(type="list", formula1='"yes,no"', allow_blank=True)
    sheet.add_data_validation(allowed)
    column = get_column_letter(COLUMNS.index("confirmed") + 1)
    allowed.add(f"{column}{len(head) + 2}:{column}{max(last, len(head) + 2)}")
    sheet.freeze_panes = "E2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{last}"
    made = io.BytesIO()
    book.save(made)
    packed.save(made, path)


def _colour(cells: Any, record: dict[str, object], fill: Any) -> None:
    if record.get("level") == BELOW:
        for cell in cells:
            cell.fill = fill("solid", fgColor=_LOW)
    elif record["question"] in HEAD:
        for cell in cells:
            cell.fill = fill("solid", fgColor=_HEAD_FILL)
    if record["question"] == "received_on":
        cells[COLUMNS.index("corrected_answer")].fill = fill("solid", fgColor=_ASK_FILL)
