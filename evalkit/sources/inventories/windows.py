"""Opening tables of publishers that write Windows-1252: Canada's."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import FileRefusedError, Reason
from evalkit.sources.files import Sheet, read_sheet

if TYPE_CHECKING:
    from evalkit.sources.documents import Document

ENCODING = "cp1252"
_HEAD = 8192  # bytes of which the first line is the heading


def heading(path: Path) -> tuple[str, ...]:
    """Return the first line of a text cut at commas, in short names; nothing where it is none.

    A bilingual heading such as ``NPRI_ID / No_INRP`` is told by its English half.
    """
    if not path.is_file():
        return ()
    with path.open("rb") as file:
        first = file.read(_HEAD).split(b"\n", 1)[0]
    return tuple(short(cell) for cell in first.decode(ENCODING, "replace").split(","))


@lru_cache(maxsize=256)
def short(cell: str) -> str:
    """Return the English half of a bilingual heading, in small letters without underscores.

    Examples
    --------
    >>> short("Reporting_Year / Année"), short("Substance Name (English) / Nom (Anglais)")
    ('reporting year', 'substance name')
    """
    text = cell.removeprefix("\ufeff").removeprefix("ï»¿").strip().strip('"').split(" / ")[0]
    text = re.sub(r"\(english\)", "", text.replace("_", " "), flags=re.IGNORECASE)
    return " ".join(text.casefold().split())


def opened(document: Document) -> tuple[Sheet, bool]:
    """Return a text as a sheet with short headings, and whether it was no UTF-8.

    Raises
    ------
    FileRefusedError
        As `evalkit.sources.files.read_sheet`.
    """
    other = False
    try:
        sheet = read_sheet(document.path, document.shown)
    except FileRefusedError as error:
        if error.reason is not Reason.WRONG_ENCODING:
            raise
        sheet, other = read_sheet(document.path, document.shown, ENCODING), True
    return document.corrected(sheet), other
