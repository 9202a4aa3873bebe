"""Rows to take away: CSV and XLSX with their metadata, safe to open in a spreadsheet."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import pandas as pd

from evalkit.reference.texts import text

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

About = Sequence[tuple[str, str]]
Keeper = Callable[[pd.DataFrame, About, str, str], str]
_KEEPER: ContextVar[Keeper | None] = ContextVar("keeper", default=None)


def neutral(cell: object) -> object:
    """Return a text that no spreadsheet takes for a formula; numbers stay numbers.

    Examples
    --------
    >>> neutral("=1+1"), neutral(-3.5), neutral("Ghana")
    ("'=1+1", -3.5, 'Ghana')
    """
    if isinstance(cell, str) and cell.startswith(_ACTIVE):
        return f"'{cell}"
    return cell


def _records(frame: pd.DataFrame) -> list[list[object]]:
    plain = frame.copy()
    for column in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[column]):
            plain[column] = plain[column].dt.strftime("%Y-%m-%d")
    plain = plain.astype("object").where(plain.notna(), None)
    return [[neutral(cell) for cell in record] for record in plain.to_numpy().tolist()]


def as_csv(frame: pd.DataFrame, about: Iterable[tuple[str, str]]) -> bytes:
    """Return rows as UTF-8 CSV, metadata first as lines that begin with #.

    Parameters
    ----------
    frame : DataFrame
        The rows; missing values become blank cells.
    about : iterable of (name, value)
        Metadata: title, day, edition, source, licence.

    Returns
    -------
    bytes
        With a byte-order mark, so that spreadsheets read accents.
    """
    out = io.StringIO(newline="")
    for name, value in about:
        out.write(f"# {name}: {' '.join(str(value).split())}\r\n")
    writer = csv.writer(out)
    writer.writerow(frame.columns)
    writer.writerows(_records(frame))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(frame: pd.DataFrame, about: Iterable[tuple[str, str]]) -> bytes:
    """Return rows as a workbook with the sheets ``data`` and ``about``."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)  # half the time, and no cells kept in memory
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"
    sheet.append(list(frame.columns))
    for record in _records(frame):
        sheet.append(record)
    notes = book.create_sheet("about")
    for name, value in about:
        notes.append([neutral(name), neutral(str(value))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def link(content: bytes, kind: str, file: str, label: str) -> str:
    """Return an HTML link that holds the file itself: it works with no server and no network."""
    data = base64.b64encode(content).decode("ascii")
    return (
        f'<a class="evalkit-download" download="{file}" '
        f'href="data:{kind};base64,{data}">{label}</a>'
    )


def links(rows: pd.DataFrame, about: About, file: str, language: str = "en") -> str:
    """Return links that hold rows as CSV and XLSX with their metadata, as HTML.

    Parameters
    ----------
    rows : DataFrame
        What is taken away.
    about : sequence of (name, value)
        Their metadata.
    file : str
        Name of the files, without its ending.
    language : str
        Language of the labels.
    """
    if (keeper := _KEEPER.get()) is not None:
        return keeper(rows, about, file, language)
    made = ((as_csv, CSV, "csv"), (as_xlsx, XLSX, "xlsx"))
    return " ".join(
        link(write(rows, about), kind, f"{file}.{end}", text(f"download.{end}", language))
        for write, kind, end in made
    )


@contextmanager
def kept(keeper: Keeper) -> Iterator[None]:
    """Let another function say what stands in the place of links, as where a page is recorded.

    There the rows lie as files beside the page and not inside it.
    """
    token = _KEEPER.set(keeper)
    try:
        yield
    finally:
        _KEEPER.reset(token)
