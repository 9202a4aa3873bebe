"""Recognising a file by its content and reading it: the door `evalkit.check`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from evalkit.errors import Failure, FileRefusedError, Reason, refuse_table
from evalkit.reference.days import iso_day
from evalkit.sources import (
    gef,
    iati,
    informea,
    inventories,
    pdf_form,
    registers,
    report_workbook,
    reports,
    review_sheet,
    template,
    tidy,
    truth,
    unsdg,
    unsdg_table,
    untc,
    wide,
    word_form,
)
from evalkit.sources.corrections import Correction
from evalkit.sources.documents import Document, Kind, kind_of
from evalkit.sources.files import Sheet, read_sheet
from evalkit.sources.grid_files import (
    edgar_cells,
    edgar_grid,
    gma_grid,
    streets_grid,
    whet_grid,
)
from evalkit.sources.joined import joined, refused
from evalkit.sources.loaded import Loaded
from evalkit.sources.parquet import open_parquet

if TYPE_CHECKING:
    from evalkit.reference.questions import Formats


class SheetForm(Protocol):
    """A module that reads one publisher's delimited text."""

    def recognise(self, sheet: Sheet) -> bool:
        """Tell by the content whether the sheet has this form."""

    def read(self, sheet: Sheet) -> Loaded:
        """Read it into tidy tables; what is wrong is collected, with lines."""


class DocumentForm(Protocol):
    """A module that reads one publisher's files of another kind."""

    def recognise(self, document: Document) -> bool:
        """Tell by the content whether the document has this form."""

    def read(self, document: Document) -> Loaded:
        """Read it into tidy tables; what is wrong is collected, with places."""


# The first that recognises a file reads it; the project's own tidy tables come last.
SHEETS: tuple[SheetForm, ...] = (
    gef,
    *inventories.SHEETS,
    truth,
    unsdg_table,
    review_sheet,
    wide,
    reports,
    registers,
)
DOCUMENTS: dict[Kind, tuple[DocumentForm, ...]] = {
    Kind.TEXT: inventories.TEXTS,
    Kind.WORKBOOK: (report_workbook, *inventories.WORKBOOKS),
    Kind.JSON: (unsdg, informea),
    Kind.XML: (untc, iati),
    Kind.WORD: (word_form,),
    Kind.PDF: (pdf_form,),
    Kind.GRID: (edgar_grid, gma_grid, streets_grid, whet_grid),
    Kind.CELLS: (edgar_cells,),
}


def check(
    path: str | Path,
    *,
    shown: str | None = None,
    corrections: Iterable[Correction] = (),
    formats: Formats | None = None,
    as_of: str = "",
) -> Loaded:
    """Read a file, whatever its name, and say what is in it and what is wrong with it.

    Parameters
    ----------
    path : str or Path
        The file.
    shown : str, optional
        Its name in messages and in `origin`; the path as given when left out.
    corrections : iterable of Correction, optional
        Declared corrections; those of other files are passed over.
    formats : Formats, optional
        The questions and cycles that answers are checked against; those of the project's own
        data when left out.
    as_of : str, optional
        The day that the file stands for, as 2023-10-24, where it does not say so itself: that
        of the download of a list of projects.

    Returns
    -------
    Loaded
        Which publisher's form it has, its tidy tables, the rows set apart, control counts.

    Raises
    ------
    FileRefusedError
        It is absent, empty, not UTF-8, no table, or of a form that is not known.
    EvalkitError
        `as_of` is no day.

    Examples
    --------
    >>> from evalkit.reference import paths
    >>> check(paths.reference("articles.csv"))
    Traceback (most recent call last):
    ...
    evalkit.errors.FileRefusedError: ...articles.csv is of no form that evalkit reads...
    """
    path = Path(path)
    day, asked = iso_day(as_of) if as_of else "", tuple(corrections)
    document = Document(path, shown or str(path), kind_of(path), formats, asked, day)
    loaded = _read(document)
    document.refuse_unmade()
    return loaded


def _read(document: Document) -> Loaded:
    """Read a file by the first form that recognises it, or refuse it."""
    for form in DOCUMENTS.get(document.kind, ()):
        if form.recognise(document):
            return form.read(document)
    if document.kind is Kind.WORKBOOK:
        return _of_workbook(document)
    if document.kind is Kind.PARQUET:
        sheet = open_parquet(document.path, document.shown)
    elif document.kind is not Kind.TEXT:
        raise _unknown(document.shown, f"a file of the kind {document.kind}")
    else:
        sheet = read_sheet(document.path, document.shown)
    found = _of_sheet(sheet, document)
    if found is None:
        raise _unknown(sheet.shown, f"its heading: {', '.join(sheet.heading[:8])}")
    return found


def _of_sheet(sheet: Sheet, document: Document) -> Loaded | None:
    """Read a sheet by the first form that recognises it."""
    sheet = replace(sheet, formats=document.formats, as_of=document.as_of)
    sheet = document.corrected(sheet)
    for form in SHEETS:
        if form.recognise(sheet):
            return form.read(sheet)
    table = tidy.recognise(sheet)
    return None if table is None else tidy.read(sheet, table)


def _of_workbook(document: Document) -> Loaded:
    """Read every visible sheet that holds a table; one of no known form is refused."""
    found, unknown = [], []
    for page in document.workbook.pages:
        if page.hidden or len(page.sheet.heading) < 2 or not page.sheet.records:
            continue  # hidden, empty, or a column of remarks
        if template.explains(page.sheet):
            continue
        if page.problems:
            found.append(refused(page.sheet, page.problems))
        elif one := _of_sheet(page.sheet, document):
            found.append(one)
        else:
            unknown.append(page.sheet)
    if not any(one.source for one in found) and unknown:
        sheet = unknown[0]
        raise _unknown(sheet.shown, f"its heading: {', '.join(sheet.heading[:8])}")
    if not found:
        raise document.refusal("has no sheet with a heading and rows")
    found += [refused(sheet, (_no_form(sheet),)) for sheet in unknown]
    return joined(found, document.shown, document.workbook.notes)


def _no_form(sheet: Sheet) -> Failure:
    return Failure(
        Reason.UNKNOWN_FILE,
        f"The sheet {sheet.title} is of no form that evalkit reads",
        sheet.shown,
        None,
        "",
        "Remove or hide it if it holds no data, else compare it with docs/reference/tables.md.",
    )


def _unknown(shown: str, where: str) -> FileRefusedError:
    return FileRefusedError(
        f"{shown} is of no form that evalkit reads.",
        reason=Reason.UNKNOWN_FILE,
        where=where,
        remedy="Compare it with the tables in docs/reference/tables.md.",
    )


def read(
    path: Path,
    *,
    shown: str,
    corrections: Iterable[Correction] = (),
    formats: Formats | None = None,
    as_of: str = "",
) -> Loaded:
    """Read a file as `check` does, and refuse it as a whole when anything in it is wrong.

    Raises
    ------
    FileRefusedError
        As `check`.
    TableError
        Rows break the rules of the table; all of them are listed.
    """
    loaded = check(path, shown=shown, corrections=corrections, formats=formats, as_of=as_of)
    if loaded.readings is not None:
        raise FileRefusedError(
            f"{shown} is a filled-in form: what is read from it counts once a person confirmed it.",
            reason=Reason.WRONG_USE,
            where=shown,
            remedy="Run evalkit review, confirm the readings, and build the review sheet.",
        )
    if loaded.failures:
        raise refuse_table(loaded.failures)
    return loaded
