"""A workbook to fill in for any tidy table, and the example row that readers pass over.

The heading is the table's own, so that what comes back is read as the table: nothing has to
be mapped. `origin` is left out; the reader adds it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evalkit import tables
from evalkit.errors import EvalkitError, Reason, UnknownNameError
from evalkit.reference import entities
from evalkit.sources.columns import Cells
from evalkit.sources.files import Sheet
from evalkit.tables import Column, Kind, Table

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ABOUT = "about"  # the sheet that explains the columns
EXAMPLE = "EXAMPLE:"  # what the first cell of a row begins with that no reader takes
ROWS = 2_000  # rows that drop-downs reach down to
_TABLE = "Table "
_INLINE = 250  # characters that a list inside a cell's rule may have; 255 by the format
_SAMPLES = {
    Kind.TEXT: "text",
    Kind.CODE: "short-id",
    Kind.ENTITY: "GHA",
    Kind.PLACE: "GHA",
    Kind.DAY: "2023-06-21",
    Kind.YEAR: 2023,
    Kind.COUNT: 12,
    Kind.AMOUNT: 1.5,
    Kind.NUMBER: 1.5,
    Kind.FLAG: "Y",
}
_HOW = {
    Kind.TEXT: "text",
    Kind.CODE: "short word or id, compared exactly",
    Kind.ENTITY: "ISO3 code or name of a State, or a group",
    Kind.PLACE: "ISO3 code or name of a State, or a region",
    Kind.DAY: "day, as 2023-06-21",
    Kind.YEAR: "year",
    Kind.COUNT: "whole number",
    Kind.AMOUNT: "number, not negative",
    Kind.NUMBER: "number",
    Kind.FLAG: "Y or N",
}


def table_named(name: str) -> Table:
    """Return a tidy table by its name, hyphens or underscores alike.

    Raises
    ------
    UnknownNameError
        There is no such table; the message lists them.

    Examples
    --------
    >>> table_named("support-items").name
    'support_items'
    """
    known = tables.catalogue()
    found = known.get(name.replace("-", "_"))
    if found is None:
        raise UnknownNameError(
            f"There is no table {name!r}.",
            reason=Reason.UNKNOWN_NAME,
            remedy=f"Choose one of: {', '.join(one.replace('_', '-') for one in known)}.",
        )
    return found


def register_template(table: Table, path: Path) -> Path:
    """Write the workbook to fill in for a tidy table.

    Parameters
    ----------
    table : Table
        Of `evalkit.tables.catalogue`.
    path : Path
        Where to write it; a file that is there already is kept.

    Returns
    -------
    Path
        The file. Its first sheet bears the table's name and has the heading, with the
        meaning of each column as a note, drop-downs where a cell has choices, and one row of
        example, which readers pass over. The sheet ``about`` explains the columns.

    Raises
    ------
    EvalkitError
        A file of that name is there already: somebody may have filled it in.
    """
    from openpyxl import Workbook

    refuse_present(path)
    columns = [column for column in table.columns if column.name != "origin"]
    book = Workbook()
    sheet = book.active
    sheet.title = table.name[:31]
    sheet.append([column.name for column in columns])
    sheet.append(_example(columns))
    _explain(sheet, columns)
    _about(book, table, columns)
    _choose(book, sheet, columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def refuse_present(path: Path) -> None:
    """Refuse to write where a file is already.

    Raises
    ------
    EvalkitError
        There is one: somebody may have filled it in.
    """
    if path.exists():
        raise EvalkitError(
            f"There is a file {path} already.",
            reason=Reason.WRONG_USE,
            remedy="Choose another name, or move the file away.",
        )


def without_examples(sheet: Sheet) -> tuple[Sheet, int]:
    """Return a sheet without the rows that a template has as examples, and their number."""
    records = sheet.records
    if isinstance(records, Cells):
        examples = records.beginning(EXAMPLE)
    else:
        examples = np.array([record[0].startswith(EXAMPLE) for record in records], dtype=bool)
    if not examples.any():
        return sheet, 0
    kept = (
        records.kept(~examples)
        if isinstance(records, Cells)
        else list(compress(records, ~examples))
    )
    lines = list(compress(sheet.lines, ~examples))
    return replace(sheet, records=kept, lines=lines), int(examples.sum())


def explains(sheet: Sheet) -> bool:
    """Tell whether a sheet is the one of a template that explains its columns."""
    return sheet.title == ABOUT and sheet.heading[0].startswith(_TABLE)


def _choices(column: Column) -> list[str]:
    """Return what a cell may hold; none where anything of its kind may stand."""
    if column.choices:
        return list(column.choices)
    if column.kind is Kind.FLAG:
        return ["Y", "N"]
    if column.links == "parties":
        return sorted(entities.states())
    return [*entities.groups(), *sorted(entities.states())] if column.kind is Kind.ENTITY else []


def _example(columns: list[Column]) -> list[object]:
    cells: list[object] = [
        column.choices[0] if column.choices else _SAMPLES[column.kind] for column in columns
    ]
    return [f"{EXAMPLE} {cells[0]}, remove or leave this row", *cells[1:]]


def _told(column: Column) -> str:
    """Return what a reader of the heading should know of a column."""
    parts = [column.meaning or column.name, _HOW[column.kind]]
    parts += [f"unit: {column.unit}"] if column.unit else []
    parts += [f"an id of the table {column.links}"] if column.links else []
    parts += [f"not before {column.minimum}"] if column.minimum else []
    return "; ".join([*parts, "needed" if column.required else "may be blank"])


def _explain(sheet: Worksheet, columns: list[Column]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        if tables.DTYPES[column.kind] == "str" or column.kind is Kind.DAY:
            # As text, what is typed stays as it is: no day turns into another country's day.
            sheet.column_dimensions[letter].number_format = "@"
        sheet.column_dimensions[letter].width = max(14, len(column.name) + 3)
        head, sample = sheet.cell(1, number), sheet.cell(2, number)
        head.font = Font(bold=column.required)
        head.comment = Comment(_told(column), "evalkit", height=120, width=260)
        sample.font = Font(italic=True, color="808080")
        sample.fill = PatternFill("solid", fgColor="F2F2F2")
    sheet.freeze_panes = "B2"


def _about(book: Workbook, table: Table, columns: list[Column]) -> None:
    about = book.create_sheet(ABOUT)
    about.append([f"{_TABLE}{table.name}: one row is {table.row_is}"])
    about.append([f"The key, unique: {', '.join(table.key)}"])
    about.append([f"A row whose first cell begins with {EXAMPLE} is not read."])
    about.append(["source: an id of the table sources, which has a workbook of its own."])
    about.append([])
    about.append(["column", "what it is", "may be"])
    for column in columns:
        about.append([column.name, _told(column), ", ".join(column.choices)])
    for letter, width in (("A", 26), ("B", 90), ("C", 90)):
        about.column_dimensions[letter].width = width


def _choose(book: Workbook, sheet: Worksheet, columns: list[Column]) -> None:
    """Give cells their drop-downs; long lists stand on a sheet of their own, out of sight."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = book.create_sheet("choices")
    lists.sheet_state = "hidden"
    for number, column in enumerate(columns, 1):
        allowed = _choices(column)
        if not allowed:
            continue
        rule = f'"{",".join(allowed)}"'
        if len(rule) > _INLINE:
            letter = get_column_letter(lists.max_column + 1)
            for line, one in enumerate(allowed, 1):
                lists[f"{letter}{line}"] = one
            rule = f"choices!${letter}$1:${letter}${len(allowed)}"
        validation = DataValidation("list", formula1=rule, allow_blank=not column.required)
        # Names of States are understood as well as codes, so that list only advises.
        validation.errorStyle = "stop" if column.choices else "warning"
        validation.showErrorMessage = True
        validation.error = f"{column.name} may be one of the list."
        validation.add(f"{get_column_letter(number)}3:{get_column_letter(number)}{ROWS}")
        sheet.add_data_validation(validation)
