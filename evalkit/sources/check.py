"""Recognising a file by its content and reading it: the door `evalkit.check`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from evalkit.errors import FileRefusedError, Reason, refuse_table
from evalkit.sources import (
    clrtap,
    edgar,
    edgar_workbook,
    eprtr,
    gef,
    mercury_history,
    streets,
    tidy,
    us_epa,
)
from evalkit.sources.corrections import Correction, apply
from evalkit.sources.documents import Document, Kind, kind_of
from evalkit.sources.files import Sheet, read_sheet
from evalkit.sources.loaded import Loaded


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
SHEETS: tuple[SheetForm, ...] = (gef, clrtap, eprtr, us_epa, edgar, streets, mercury_history)
DOCUMENTS: dict[Kind, tuple[DocumentForm, ...]] = {Kind.WORKBOOK: (edgar_workbook,)}


def check(
    path: str | Path, *, shown: str | None = None, corrections: Iterable[Correction] = ()
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

    Returns
    -------
    Loaded
        Which publisher's form it has, its tidy tables, the rows set apart, control counts.

    Raises
    ------
    FileRefusedError
        It is absent, empty, not UTF-8, no table, or of a form that is not known.

    Examples
    --------
    >>> from evalkit.reference import paths
    >>> check(paths.reference("articles.csv"))
    Traceback (most recent call last):
    ...
    evalkit.errors.FileRefusedError: ...articles.csv is of no form that evalkit reads...
    """
    path = Path(path)
    kind = kind_of(path)
    if kind in DOCUMENTS:
        return _of_document(Document(path, shown or str(path), kind))
    sheet = apply(read_sheet(path, shown or str(path)), corrections)
    for form in SHEETS:
        if form.recognise(sheet):
            return form.read(sheet)
    table = tidy.recognise(sheet)
    if table is not None:
        return tidy.read(sheet, table)
    raise _unknown(sheet.shown, f"its heading: {', '.join(sheet.heading[:8])}")


def _of_document(document: Document) -> Loaded:
    for form in DOCUMENTS[document.kind]:
        if form.recognise(document):
            return form.read(document)
    raise _unknown(document.shown, f"a file of the kind {document.kind}")


def _unknown(shown: str, where: str) -> FileRefusedError:
    return FileRefusedError(
        f"{shown} is of no form that evalkit reads.",
        reason=Reason.UNKNOWN_FILE,
        where=where,
        remedy="Compare it with the tables in docs/reference/tables.md.",
    )


def read(path: Path, *, shown: str, corrections: Iterable[Correction] = ()) -> Loaded:
    """Read a file as `check` does, and refuse it as a whole when anything in it is wrong.

    Raises
    ------
    FileRefusedError
        As `check`.
    TableError
        Rows break the rules of the table; all of them are listed.
    """
    loaded = check(path, shown=shown, corrections=corrections)
    if loaded.failures:
        raise refuse_table(loaded.failures)
    return loaded
