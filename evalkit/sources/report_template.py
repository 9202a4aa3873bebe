"""Writing the workbook in which a Party can fill in its report."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from evalkit.errors import EvalkitError, FileRefusedError, Reason
from evalkit.reference import entities, names, questions, words
from evalkit.reference.questions import Cycle, Formats, Question
from evalkit.sources.report_layout import (
    CHOSEN,
    COLUMNS,
    FIELDS,
    LAYOUT,
    LISTS,
    MARK,
    START_ROW,
    WRITTEN,
    sheet_title,
    wording,
)

INSTRUCTIONS = (
    "how", "how_cells", "how_choices", "how_numbers", "how_days", "how_notes", "gist", "unofficial",
)  # fmt: skip
WIDTHS = {"A": 12, "B": 70, "C": 34, "D": 14, "E": 50}
LINE, ACROSS = 15, 85  # points of a line of text; characters across the first column
GIST = 60  # and across the column of gists


def write_template(
    out: str | Path,
    *,
    cycle: str,
    language: str = "en",
    party: str | None = None,
    formats: Formats | None = None,
) -> Path:
    """Write an empty report of a cycle as a workbook, one sheet for each article.

    Parameters
    ----------
    out : str or Path
        The file; its folder exists, and it does not.
    cycle : str
        A reporting cycle, as ``2025-full``.
    language : str
        Of instructions and labels; the gists of the questions stay in English.
    party : str, optional
        The Party that it is for, by any known name.
    formats : Formats, optional
        The questions and cycles; those of data/reference when left out.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    EvalkitError
        The cycle, its questions, the language or the Party is not known.
    FileRefusedError
        The file is there already, or its folder is not.

    Examples
    --------
    >>> write_template("report.xlsx", cycle="2025-fall")
    Traceback (most recent call last):
    ...
    evalkit.errors.EvalkitError: There is no reporting cycle '2025-fall'. Cycles: ...
    """
    from openpyxl import Workbook

    told = formats or questions.own()
    asked = _asked(cycle, told)
    state = _party(party) if party else ""
    title = wording("title", language)
    path = Path(out)
    _refuse_place(path)
    book = Workbook()
    book.properties.title, book.properties.creator = title, "evalkit"
    lists = _Lists(book, language)
    _start(book.active, told.cycles[cycle], asked, language, state)
    for name, group in groupby(asked, lambda one: sheet_title(one, language)):
        _sheet(book.create_sheet(name), list(group), language, lists)
    _mark(book, told.cycles[cycle], asked, language)
    book.move_sheet(LISTS, offset=len(book.sheetnames))
    book.save(path)
    return path


def _asked(cycle: str, formats: Formats) -> list[Question]:
    if cycle not in formats.cycles:
        raise EvalkitError(
            f"There is no reporting cycle {cycle!r}.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy=f"Cycles: {', '.join(formats.cycles)}.",
        )
    told = formats.cycles[cycle]
    known = formats.questions.get(told.version, {})
    if not known:
        raise EvalkitError(
            f"There is no list of questions for the cycle {cycle!r}.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy="Add its version to data/reference/questions, and name it in cycles.csv.",
        )
    return [one for one in known.values() if told.kind == "full" or one.in_short != "no"]


def _party(name: str) -> str:
    entity = names.resolve(name).entity
    if entity not in entities.states():
        raise names.unknown(name)
    return entity


def _refuse_place(path: Path) -> None:
    if path.suffix.lower() != ".xlsx":
        raise FileRefusedError(
            f"{path} is no name of a workbook.",
            reason=Reason.WRONG_USE,
            remedy="Give a name that ends in .xlsx.",
        )
    if path.exists() or not path.parent.is_dir():
        raise FileRefusedError(
            f"{path} {'is there already' if path.exists() else 'has no folder to lie in'}.",
            reason=Reason.WRONG_USE,
            remedy="Give another name.",
        )


class _Lists:
    """The hidden sheet with the lists that cells are chosen from, each written once."""

    def __init__(self, book: Any, language: str) -> None:
        self.sheet = book.create_sheet(LISTS)
        self.sheet.sheet_state = "veryHidden"
        self.language = language
        self.known: dict[tuple[str, ...], str] = {}

    def range_of(self, choices: tuple[str, ...]) -> str:
        if choices not in self.known:
            column = len(self.known) + 1
            for row, code in enumerate(choices, 1):
                self.sheet.cell(row, column, words.shown(code, self.language))
            letter = self.sheet.cell(1, column).column_letter
            self.known[choices] = f"{LISTS}!${letter}$1:${letter}${len(choices)}"
        return self.known[choices]


def _start(sheet: Any, cycle: Cycle, asked: list[Question], language: str, party: str) -> None:
    """Write the first sheet: instructions, and the fields Party and day of receipt."""
    from openpyxl.styles import Alignment, Font

    sheet.title = wording("sheet_start", language)
    lines = [wording("title", language), *(wording(key, language) for key in INSTRUCTIONS)]
    if any(one.standing == "memory" for one in asked):
        lines.append(wording("memory", language))
    for row, line in enumerate(lines, 1):
        cell = sheet.cell(row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=row in (1, 2), size=14 if row == 1 else 11)
        sheet.row_dimensions[row].height = LINE * (1 + len(line) // ACROSS) + 4
    for row, name in enumerate(FIELDS, START_ROW):
        sheet.cell(row, 1, wording(name, language))
        _open(sheet.cell(row, 2))
        sheet.cell(row, 2).number_format = "yyyy-mm-dd" if name == "received" else "@"
        sheet.cell(row, 3, name).font = Font(color="FFFFFF")
    sheet.cell(START_ROW, 2).value = entities.states().get(party)
    told = ((wording("cycle", language), cycle.id), (wording("version", language), cycle.version))
    for row, pair in enumerate(told, START_ROW + len(FIELDS)):
        for column, text in enumerate(pair, 1):
            sheet.cell(row, column, text)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 100, 40
    sheet.column_dimensions["C"].hidden = True
    sheet.protection.sheet = True
    _printed(sheet)


def _printed(sheet: Any) -> None:
    """Let a sheet be as wide as the paper when it is printed."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _open(cell: Any) -> None:
    """Make a cell one to write into."""
    from openpyxl.styles import Alignment, PatternFill, Protection

    cell.protection = Protection(locked=False)
    cell.fill = PatternFill("solid", fgColor="FFF9DB")
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _sheet(sheet: Any, asked: Iterable[Question], language: str, lists: _Lists) -> None:
    from openpyxl.styles import Font

    sheet.append(list(COLUMNS))
    sheet.row_dimensions[1].hidden = True
    heads = ("col_question", "col_gist", "col_answer", "col_unit", "col_note")
    sheet.append([wording(key, language) for key in heads])
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for row, one in enumerate(asked, 3):
        _row(sheet, row, one, language, lists)
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "C3"
    _printed(sheet)
    sheet.print_title_rows = "2:2"
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False


def _row(sheet: Any, row: int, one: Question, language: str, lists: _Lists) -> None:
    from openpyxl.styles import Alignment, Font

    voluntary = f" ({wording('voluntary', language)})" if one.supplemental else ""
    unit = wording(f"unit_{one.unit}", language) if one.unit else None
    for column, text in enumerate((one.id, f"{one.title}{voluntary}", None, unit), 1):
        cell = sheet.cell(row, column, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=one.answer_type == "heading")
    sheet.row_dimensions[row].height = LINE * (1 + len(one.title + voluntary) // GIST) + 4
    sheet.cell(row, 1).number_format = "@"  # 4.10 is no number
    if one.answer_type == "heading":
        return
    answer = sheet.cell(row, 3)
    _open(answer)
    answer.number_format = "General" if one.answer_type == "number" else "@"
    rule = _rule(one, language, lists)
    sheet.add_data_validation(rule)
    rule.add(answer)
    if one.answer_type not in WRITTEN:
        _open(sheet.cell(row, 5))
        sheet.cell(row, 5).number_format = "@"


def _rule(one: Question, language: str, lists: _Lists) -> Any:
    """Return what a cell takes, and the note that shows when it is chosen."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if one.answer_type in CHOSEN:
        rule = DataValidation(type="list", formula1=lists.range_of(one.choices))
        rule.prompt = wording("ask_choice", language)
    elif one.answer_type == "number":
        kind = "whole" if one.unit == "count" else "decimal"
        rule = DataValidation(type=kind, operator="greaterThanOrEqual", formula1="0")
        rule.prompt = wording("ask_number", language)
    elif one.answer_type == "multi_choice":
        shown = "; ".join(words.shown(code, language) for code in one.choices)
        rule = DataValidation(prompt=wording("ask_several", language, choices=shown)[:255])
    else:
        kind = "date" if one.answer_type in ("date", "month") else one.answer_type
        rule = DataValidation(prompt=wording(f"ask_{kind}", language))
    rule.allow_blank, rule.showInputMessage, rule.showErrorMessage = True, True, True
    rule.promptTitle = one.id
    return rule


def _mark(book: Any, cycle: Cycle, asked: list[Question], language: str) -> None:
    """Write the hidden sheet by which the workbook is recognised."""
    sheet = book.create_sheet(MARK)
    sheet.sheet_state = "veryHidden"
    facts = (
        ("layout", LAYOUT), ("version", cycle.version), ("cycle", cycle.id),
        ("language", language), ("basis", "reported"),
    )  # fmt: skip
    for pair in facts:
        sheet.append(pair)
    for one in asked:
        sheet.append(("question", one.id))
    for row in sheet.iter_rows():
        for cell in row:
            cell.number_format = "@"
