"""Workbooks (xlsx, xlsm) as sheets of text, cell by cell what a CSV file would hold.

Macros are never run and are left out of what is read. A formula is read as the value stored
with it, and refused where none is stored. Merged cells are refused: it is not clear for which
row or column their value holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from evalkit.errors import Failure, Reason
from evalkit.sources.files import Sheet
from evalkit.sources.office import copied, parts, refusal

CELLS = 10_000_000  # of a sheet, from A1 to its last cell
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/[^/]+\.xml|xl/_rels/[^/]+\.rels"
    r"|xl/worksheets/[^/]+\.xml"
)
_LETTERS = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,9})\d+\s*["'][^>]*(?<!/)>""")
_ROWS = re.compile(rb"""\br\s*=\s*["']\s*[A-Za-z]*0*(\d{1,19})\s*["'][^>]*(?<!/)>""")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)(?<!/)>(.*?)</(?:\w+:)?c\s*>", re.DOTALL)
_REF = re.compile(rb"""\br\s*=\s*["']([^"']{1,12})["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>[^<]")
_SHOWN = 20  # odd cells of a kind that a message lists


@dataclass(frozen=True)
class Page:
    """A sheet of a workbook.

    Parameters
    ----------
    sheet : Sheet
        Its cells as text; without records where there is no table.
    hidden : bool
        Whether the workbook hides it.
    problems : tuple of Failure
        What makes its cells unsure: merged cells, formulas without a value, errors.
    """

    sheet: Sheet
    hidden: bool
    problems: tuple[Failure, ...]


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook, in its order, and what was left out of it."""

    pages: tuple[Page, ...]
    notes: tuple[str, ...] = ()

    def page(self, title: str) -> Page | None:
        """Return the sheet of a title, or None."""
        return next((page for page in self.pages if page.sheet.title == title), None)


class _Guard:
    """Turn what the reader of workbooks raises, its panics included, into a refusal."""

    def __init__(self, shown: str) -> None:
        self.shown = shown

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        panicked = kind is not None and kind.__name__ == "PanicException"
        # OverflowError and ValueError: a date beyond the calendar.
        if panicked or isinstance(error, _reader_errors()):
            why = str(error).splitlines()[0][:200] if str(error) else "it is damaged"
            raise refusal(self.shown, f"can't be read as a workbook: {why}") from error


def _reader_errors() -> tuple[type[Exception], ...]:
    import python_calamine as calamine

    return (calamine.CalamineError, OSError, ValueError, OverflowError, TypeError, IndexError)


def open_workbook(path: Path, shown: str) -> Workbook:
    """Read the sheets of a workbook.

    Parameters
    ----------
    path : Path
        An xlsx or xlsm file, whatever its name.
    shown : str
        Its name in messages and in `origin`.

    Returns
    -------
    Workbook
        Numbers with up to 15 digits and no trailing zeros, days as 2020-12-31, TRUE and FALSE.

    Raises
    ------
    FileRefusedError
        It is locked, damaged, binary (xlsb), or larger than any table is.
    """
    macros: list[str] = []
    found = parts(path, shown, partial(_wanted, macros))
    if "xl/workbook.xml" not in found:
        remedy = "Save it as a workbook of the kind xlsx."
        raise refusal(shown, "is a binary workbook (xlsb) or has no list of sheets", remedy)
    sheets = {name: xml for name, xml in found.items() if name.startswith("xl/worksheets/")}
    for xml in sheets.values():
        _refuse_too_wide(xml, shown)
    with _Guard(shown):
        pages = tuple(_pages(path, shown, found))
    notes = [f"{shown} holds macros; they were left out"] if macros else []
    notes += [
        f"the hidden sheet {page.sheet.title} was passed over"
        for page in pages
        if page.hidden and len(page.sheet.records)
    ]
    if any(_FORMULA.search(xml) for xml in sheets.values()):
        notes.append("formulas were read as the values stored with them")
    return Workbook(pages, tuple(notes))


def _wanted(macros: list[str], name: str) -> bool:
    if name.lower().endswith("vbaproject.bin"):
        macros.append(name)
    return _PARTS.fullmatch(name) is not None


def _refuse_too_wide(xml: bytes, shown: str) -> None:
    """Refuse a sheet whose cells span more than can be held, before the span is laid out."""
    letters = set(_LETTERS.findall(xml))
    rows = set(_ROWS.findall(xml))
    width = max((_column(one) for one in letters), default=1)
    if width * max((int(one) for one in rows), default=1) > CELLS:
        raise refusal(
            shown,
            f"has a sheet that spans more than {CELLS:,} cells",
            "Delete stray cells far below or beside the table, or send the table as CSV.",
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _pages(path: Path, shown: str, found: dict[str, bytes]) -> Iterator[Page]:
    import python_calamine as calamine

    book = calamine.CalamineWorkbook.from_filelike(copied(found))
    xmls = _xml_of_sheets(found)
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        own = book.get_sheet_by_name(meta.name)
        rows = own.to_python(skip_empty_area=False) if own.height else []
        sheet = _sheet(path, f"{shown}#{meta.name}", meta.name, rows)
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        first = sheet.lines[0] - 1 if len(sheet.lines) else 0
        problems = [
            *_merged(own.merged_cell_ranges or [], first, sheet.shown),
            *_odd_cells(xmls.get(meta.name, b""), sheet.shown),
        ]
        yield Page(sheet, hidden, tuple(problems))


def _xml_of_sheets(found: dict[str, bytes]) -> dict[str, bytes]:
    """Return the XML of each sheet by its title."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        links = fromstring(found.get("xl/_rels/workbook.xml.rels", b"<r/>"))
        book = fromstring(found["xl/workbook.xml"])
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(f"its list of sheets is no XML: {error}") from error
    targets = {one.get("Id"): str(one.get("Target")).removeprefix("/xl/") for one in links}
    named = {}
    for one in book.iter():
        ids = [value for name, value in one.attrib.items() if name.endswith("}id")]
        if one.tag.endswith("}sheet") and ids:
            named[str(one.get("name"))] = found.get(f"xl/{targets.get(ids[0])}", b"")
    return named


def _sheet(path: Path, shown: str, title: str, rows: list[list[Any]]) -> Sheet:
    """Return the cells as text; a heading is the first row with anything in it."""
    cells = [[_text(cell) for cell in row] for row in rows]
    full = [(line, row) for line, row in enumerate(cells, 1) if any(c.strip() for c in row)]
    if not full:
        return Sheet(path, shown, (), [], [], ",", title=title)
    kept = [i for i, column in enumerate(zip(*(r for _, r in full), strict=True)) if any(column)]
    heading = tuple(full[0][1][i].strip() for i in kept)
    records = [[row[i] for i in kept] for _, row in full[1:]]
    return Sheet(path, shown, heading, records, [line for line, _ in full[1:]], ",", title=title)


def _text(cell: Any) -> str:
    """Return a cell as a CSV file would hold it.

    Examples
    --------
    >>> [_text(c) for c in (3.0, 12.500000000000002, 1e-7, True, date(2020, 12, 31), "a ")]
    ['3', '12.5', '0.0000001', 'TRUE', '2020-12-31', 'a ']
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return format(Decimal(f"{cell:.15g}"), "f") if abs(cell) < 1e300 else str(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    return str(cell) if isinstance(cell, date | time | timedelta) else ""


def _merged(ranges: list[Any], first: int, shown: str) -> Iterator[Failure]:
    for (top, left), (bottom, right) in ranges[:_SHOWN]:
        if bottom + 1 >= first and (top, left) != (bottom, right):
            yield Failure(
                Reason.NOT_A_TABLE,
                f"Cells {_name(top, left)}:{_name(bottom, right)} are merged",
                shown,
                top + 1,
                "",
                "Split them, and write the value into each cell for which it holds.",
            )


def _name(row: int, column: int) -> str:
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _odd_cells(xml: bytes, shown: str) -> Iterator[Failure]:
    """Give cells that hold an error, or a formula of which no value is stored."""
    if not _FORMULA.search(xml) and not re.search(rb"""\bt\s*=\s*["']e["']""", xml):
        return
    for told, body in _CELL.findall(xml):
        kind = _TYPE.search(told)
        ref = _REF.search(told)
        is_error = kind is not None and kind[1] == b"e"
        is_text = kind is not None and kind[1] == b"str"
        if not is_error and (is_text or not _FORMULA.search(body) or _VALUE.search(body)):
            continue
        name = ref[1].decode("ascii", "replace") if ref else "a cell"
        digits = re.sub(r"\D", "", name)[:9]
        yield Failure(
            Reason.NOT_ALLOWED,
            f"{name} holds {'an error' if is_error else 'a formula without a stored value'}",
            shown,
            int(digits) if digits else None,
            name,
            "Write the value itself into the cell, or calculate and save the workbook again.",
        )
