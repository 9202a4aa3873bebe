"""Which kind of file somebody sent, told by its first bytes and never by its name.

Delimited text becomes a `Sheet` (`evalkit.sources.files`). Everything else is a `Document`,
for the readers of that kind in `evalkit.sources.check`.
"""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.errors import FileRefusedError, Reason
from evalkit.sources.corrections import Correction, apply, expired
from evalkit.sources.files import Sheet, read_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    import xarray

    from evalkit.reference.questions import Formats
    from evalkit.sources.workbook import Workbook

_HEAD = 4096  # bytes that are looked at
_GRIDS = (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF\r\n\x1a\n")  # how NetCDF begins
_CELLS = re.compile(rb"^lat(itude)?;lon", re.MULTILINE)


class Kind(StrEnum):
    """Kinds of file that have readers of their own."""

    TEXT = "text"  # delimited text, or what is refused as none
    WORKBOOK = "workbook"
    WORD = "word"
    PDF = "pdf"
    PARQUET = "parquet"
    JSON = "json"
    XML = "xml"
    GRID = "grid"  # NetCDF
    CELLS = "cells"  # text with the corner and the amount of each cell


@dataclass(frozen=True)
class Document:
    """A file that is no delimited text.

    Parameters
    ----------
    path : Path
        The file.
    shown : str
        The file's name as messages and `origin` print it.
    kind : Kind
        What its first bytes say it is.
    formats : Formats, optional
        The questions that answers are checked against; those of the project when None.
    corrections : tuple of Correction
        Declared corrections of its sheets; those of other files are passed over.
    as_of : str
        Day that whoever sends the file says it stands for, as 2023-10-24; blank when not told.
    """

    path: Path
    shown: str
    kind: Kind
    formats: Formats | None = None
    corrections: tuple[Correction, ...] = ()
    as_of: str = ""
    made: set[Correction] = field(default_factory=set, compare=False)

    def corrected(self, sheet: Sheet) -> Sheet:
        """Return a sheet of the document with its declared corrections made.

        The name of the sheet in messages, as ``file#Sheet``, is the one that corrections give.

        Raises
        ------
        EvalkitError
            A correction does not find what it expects.
        """
        self.made.update(one for one in self.corrections if one.file == sheet.shown)
        return apply(sheet, self.corrections)

    def refuse_unmade(self) -> None:
        """Refuse the document when a correction of it was not made.

        Raises
        ------
        EvalkitError
            A correction names a sheet that is not there, or that no reader looked at.
        """
        for one in self.corrections:
            if one.file.split("#")[0] == self.shown and one not in self.made:
                raise expired(one, "no such part of the file was read")

    @cached_property
    def json(self) -> Any:
        """The content of a JSON file.

        Raises
        ------
        FileRefusedError
            It is not UTF-8 or breaks off.
        """
        try:
            return json.loads(read_text(self.path, self.shown))
        except (ValueError, RecursionError) as error:
            raise self.refusal(f"can't be read as JSON: {error}") from error

    @cached_property
    def xml(self) -> Element:
        """The root of an XML file; entities of its own and outside references are refused.

        Raises
        ------
        FileRefusedError
            It breaks off, names an encoding that is not known, or declares entities (as a
            "billion laughs" does).
        """
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import ParseError, parse

        read_text(self.path, self.shown)  # absent, empty, too large, not UTF-8
        try:
            root = parse(self.path).getroot()
        except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
            raise self.refusal(f"can't be read as XML: {error or type(error).__name__}") from error
        if root is None:
            raise self.refusal("has no element")
        return root

    @cached_property
    def workbook(self) -> Workbook:
        """The sheets of a workbook.

        Raises
        ------
        FileRefusedError
            As `evalkit.sources.workbook.open_workbook`.
        """
        from evalkit.sources.workbook import open_workbook

        return open_workbook(self.path, self.shown)

    @cached_property
    def grid(self) -> xarray.Dataset:
        """The variables of a NetCDF file, of which nothing is read yet.

        Raises
        ------
        FileRefusedError
            It is damaged, or its axis of time can't be understood.
        """
        import xarray as xr

        try:
            return xr.open_dataset(self.path, engine="netcdf4", cache=False)
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise self.refusal(f"can't be read as NetCDF: {error}") from error

    def refusal(self, why: str, remedy: str = "Export or send it again.") -> FileRefusedError:
        """Return the error that refuses the whole file."""
        return FileRefusedError(
            f"{self.shown} {why}.", reason=Reason.NOT_A_TABLE, where=self.shown, remedy=remedy
        )


def kind_of(path: Path) -> Kind:
    """Return the kind of a file by its content; an absent or odd one counts as text.

    Parameters
    ----------
    path : Path
        The file; only its beginning is read, or the list of members of an archive.

    Returns
    -------
    Kind
        TEXT where nothing else fits, so that the reader of text says what is wrong.
    """
    if not path.is_file():
        return Kind.TEXT
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(path)
    if head.startswith(b"%PDF"):
        return Kind.PDF
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    if head.startswith(_GRIDS):
        return Kind.GRID
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"{", b"[")):
        return Kind.JSON
    if _CELLS.search(text):
        return Kind.CELLS
    page = b"<html" in text or b"<!doctype html" in text
    return Kind.XML if text.startswith(b"<") and not page else Kind.TEXT


def _kind_of_archive(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError):
        return Kind.TEXT
    if any(name.startswith("xl/") for name in names):
        return Kind.WORKBOOK
    return Kind.WORD if any(name.startswith("word/") for name in names) else Kind.TEXT
