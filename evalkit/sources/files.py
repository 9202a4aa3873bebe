"""Opening a file that somebody sends: is it there, is it text, is it a table at all."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import FileRefusedError, Reason
from evalkit.sources import columns
from evalkit.sources.columns import Cells

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.reference.questions import Formats

LARGEST = 512 * 1024 * 1024  # bytes; nothing that evalkit reads comes near it
BY_COLUMNS = 1024 * 1024  # bytes from which on a text is read as columns
_HTML = ("<!doctype html", "<html", "<head", "<?xml version")
_OTHER_FORMS = {
    b"PK\x03\x04": "an archive or a workbook (zip, ods)",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"\xd0\xcf\x11\xe0": "an old workbook (xls)",
    b"%PDF": "a PDF document",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A delimited text file or a sheet of a workbook, split; nothing is converted yet.

    Parameters
    ----------
    path : Path
        The file.
    shown : str
        The file's name as messages and `origin` print it.
    heading : tuple of str
        Column headings, blanks stripped.
    records : sequence of list of str
        Cells of each record.
    lines : sequence of int
        Line of the file on which each record starts, or row of the sheet.
    delimiter : str
        The character between cells.
    corrected : dict of int to str
        Lines with a declared correction, and the file that declares it.
    title : str
        Name of the sheet in its workbook; blank for a text file.
    formats : Formats, optional
        The questions that answers are checked against; those of the project when None.
    blank : tuple of int
        Lines of records that have cells and nothing in any of them; they are passed over.
    as_of : str
        Day that whoever sends the file says it stands for, as 2023-10-24; blank when not told.
    """

    path: Path
    shown: str
    heading: tuple[str, ...]
    records: Sequence[list[str]]
    lines: Sequence[int]
    delimiter: str
    corrected: Mapping[int, str] = field(default_factory=dict)
    title: str = ""
    formats: Formats | None = None
    blank: tuple[int, ...] = ()
    as_of: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What the table may be called after: the sheet and the file, without ending."""
        return (self.title, self.path.stem) if self.title else (self.path.stem,)

    def frame(self) -> pd.DataFrame:
        """Return the cells as columns of text, rows numbered from 0; the sheet is not ragged."""
        import pandas as pd

        if isinstance(self.records, Cells):
            return self.records.frame(self.heading)
        return pd.DataFrame(list(self.records), columns=list(self.heading), dtype="str")

    def origins(self, lines: pd.Series) -> pd.Series:
        """Return `origin` of several lines, as a column."""
        told = f"{self.shown}:" + lines.astype("str")
        if not self.corrected:
            return told.astype("str")
        return told.where(~lines.isin(list(self.corrected)), lines.map(self.origin)).astype("str")

    def origin(self, line: int) -> str:
        """Return what `origin` says of a line: file, line, and a correction where one was made."""
        told = f"{self.shown}:{line}"
        return f"{told} corrected by {self.corrected[line]}" if line in self.corrected else told


def read_text(path: Path, shown: str) -> str:
    """Return the text of a UTF-8 file, a byte-order mark removed.

    Raises
    ------
    FileRefusedError
        The file is absent, empty, too large, or not UTF-8; says at which line.
    """
    return _decoded(_read_bytes(path, shown), shown)


def _read_bytes(path: Path, shown: str) -> bytes:
    if not path.is_file():
        raise FileRefusedError(
            f"There is no file {shown}.",
            reason=Reason.MISSING_FILE,
            remedy="Check the name and the folder.",
        )
    if path.stat().st_size > LARGEST:
        raise FileRefusedError(
            f"{shown} is larger than {LARGEST // 1024**2} MiB.",
            reason=Reason.NOT_A_TABLE,
            remedy="Send the table alone.",
        )
    raw = path.read_bytes()
    if not raw.strip():
        raise FileRefusedError(
            f"{shown} is empty.", reason=Reason.EMPTY_FILE, remedy="Export or send it again."
        )
    _refuse_other_forms(raw, shown)
    return raw


def _decoded(raw: bytes, shown: str, encoding: str = "utf-8-sig") -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        told = encoding.removesuffix("-sig").upper()
        raise FileRefusedError(
            f"{shown} is not {told} text: line {line} has a byte that can't be read.",
            reason=Reason.WRONG_ENCODING,
            where=f"{shown}, line {line}",
            remedy='Save it again as "CSV UTF-8".',
        ) from error


_LOCKED = "EncryptedPackage".encode("utf-16-le")


def _refuse_other_forms(raw: bytes, shown: str) -> None:
    if raw.startswith(b"\xd0\xcf\x11\xe0") and _LOCKED in raw:
        raise FileRefusedError(
            f"{shown} is a workbook or a document locked with a password.",
            reason=Reason.NOT_A_TABLE,
            remedy="Save it without a password, and send it again.",
        )
    if raw.startswith(b"PK") and not zipfile.is_zipfile(io.BytesIO(raw)):
        raise FileRefusedError(
            f"{shown} is a workbook, a document or an archive that breaks off.",
            reason=Reason.NOT_A_TABLE,
            remedy="The file is damaged: save or send it again.",
        )
    for start, form in _OTHER_FORMS.items():
        if raw.startswith(start):
            raise FileRefusedError(
                f"{shown} is {form} under the name of a table.",
                reason=Reason.NOT_A_TABLE,
                remedy='Open it, and save the table in it as "CSV UTF-8".',
            )
    if b"\0" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise FileRefusedError(
            f"{shown} has a byte of zero, which no text has.",
            reason=Reason.NOT_A_TABLE,
            where=f"{shown}, line {line}",
            remedy="The file is damaged: export or send it again.",
        )


def read_sheet(path: Path, shown: str, encoding: str = "utf-8") -> Sheet:
    """Read a CSV file into headings and cells, keeping the line of each record.

    Parameters
    ----------
    path : Path
        The file.
    shown : str
        Its name in messages.
    encoding : str
        Another one than UTF-8 only where a publisher is known to write it.

    Raises
    ------
    FileRefusedError
        As `read_text`; also when the content is a web page, or has no rows.
    """
    raw = _read_bytes(path, shown)
    if encoding != "utf-8":
        raw = _decoded(raw, shown, encoding).encode()
    if len(raw) >= BY_COLUMNS and (fast := _by_columns(raw)):
        told, lines = _delimiter_of(raw), fast.lines.tolist()
        return Sheet(path, shown, fast.heading, fast.cells, lines, told, blank=fast.blank)
    text = _decoded(raw, shown)
    _refuse_web_page(text, shown)
    delimiter = _delimiter(text)
    # Strict: a quote that is never closed would swallow the rest of the file.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    heading: tuple[str, ...] = ()
    records, lines, blank = [], [], []
    before = 0
    try:
        for record in reader:
            first, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in record):
                blank += [first] if len(record) > 1 else []
                continue
            if not heading:
                heading = tuple(cell.strip() for cell in record)
            else:
                records.append(record)
                lines.append(first)
    except csv.Error as error:
        raise FileRefusedError(
            f"{shown} breaks off as a table: {error}.",
            reason=Reason.NOT_A_TABLE,
            where=f"{shown}, line {reader.line_num}",
            remedy="Export or send it again.",
        ) from error
    if not records:
        raise _no_rows(shown)
    return Sheet(path, shown, heading, records, lines, delimiter, blank=tuple(blank))


def _refuse_web_page(text: str, shown: str) -> None:
    if text.lstrip()[:200].casefold().startswith(_HTML):
        raise FileRefusedError(
            f"{shown} is a web page saved under the name of a table.",
            reason=Reason.NOT_A_TABLE,
            remedy="Open the address in a browser, wait for the download, and save that file.",
        )


def _no_rows(shown: str) -> FileRefusedError:
    return FileRefusedError(
        f"{shown} has a heading and no rows.",
        reason=Reason.EMPTY_FILE,
        remedy="Export or send it again.",
    )


def _by_columns(raw: bytes) -> columns.Columns | None:
    if raw.lstrip()[:1] == b"<":  # a web page, told by the reader of records
        return None
    return columns.read(raw.removeprefix(b"\xef\xbb\xbf"), _delimiter_of(raw))


def _delimiter_of(raw: bytes) -> str:
    return _delimiter(raw[: raw.find(b"\n") + 1].decode("utf-8", "replace"))


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)
