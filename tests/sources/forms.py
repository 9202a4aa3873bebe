"""Workbooks that the tests of forms make and fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl


def workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """Write a workbook with the rows of each sheet; text that begins with = stays text."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                cell = sheet.cell(number, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"
    book.save(path)
    return path


def filled(path: Path, answers: Mapping[str, Any], *, received: Any = None) -> Path:
    """Write answers into the cells of a template, and the day of receipt."""
    book = openpyxl.load_workbook(path)
    left = dict(answers)
    for sheet in book:
        for row in sheet.iter_rows(min_row=3, max_col=5):
            if row[0].value in left and sheet.title not in ("evalkit", "lists"):
                given = left.pop(row[0].value)
                answer, remark = given if isinstance(given, tuple) else (given, None)
                row[2].value, row[4].value = answer, remark
                for cell in (row[2], row[4]):
                    if isinstance(cell.value, str):
                        cell.data_type = "s"
    assert not left, f"the template does not ask {list(left)}"
    start = book.worksheets[0]
    for row in start.iter_rows(max_col=3):
        if row[2].value == "received":
            row[1].value = received
    book.save(path)
    return path
