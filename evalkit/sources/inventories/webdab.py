"""National emissions under the air convention as the text that the emission centre writes.

WebDab of CEIP begins with lines of comment and has no heading; the line ``# Format:`` says what
the cells are. Codes are printed with blanks (``1 A 1 a``) or as groups (``A_PublicPower``), and
a notation key may stand for a number. Beside the national total there are totals for other
purposes, which repeat the same emissions. The layout was seen for other substances; that
mercury is in Mg is background knowledge, and any known unit is taken as it stands in the row.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import FileRefusedError, Reason
from evalkit.reference.rows import rows
from evalkit.sources.files import Sheet, read_text
from evalkit.sources.inventories import clrtap
from evalkit.sources.inventories.gaps import KEYS
from evalkit.sources.inventories.reading import Reading

if TYPE_CHECKING:
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

HEADING = ("ISO2", "YEAR", "SECTOR", "POLLUTANT", "UNIT", "NUMBER/FLAG")
OTHER_TOTALS = ("FU TOTAL", "GRID TOTAL", "UNFCCC TOTAL")
MEMO_GROUPS = ("N_Natural", "O_AviCruise", "P_IntShipping", "z_Memo", "T_IntAviCruise")
# In the older NFR waste water is 6B, and what lies outside the total 7B.
MEMO_NFR09 = ("7B", *(code for code in clrtap.MEMO if code != "6B"))
_FORMAT = re.compile(r"^#\s*Format:\s*ISO2;YEAR;SECTOR;POLLUTANT;UNIT;NUMBER", re.IGNORECASE)
_DATED = re.compile(r"^#.*\b(20\d\d)\b")
_HEAD = 8192  # bytes within which the line of the format must stand
ABOUT = {
    "publisher": "Centre on Emission Inventories and Projections (CEIP) of EMEP",
    "title": "WebDab: emissions as reported by Parties, mercury",
    "licence": "CC BY 4.0",
    "note": "the national total is checked against its sectors without memo items",
}


def recognise(document: Document) -> bool:
    """Tell whether a text begins with comments, one of them the format of WebDab."""
    if not document.path.is_file():
        return False
    with document.path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8-sig", "replace")
    comments = [line for line in head.splitlines() if line.startswith("#")]
    return head.startswith("#") and any(map(_FORMAT.match, comments))


def read(document: Document) -> Loaded:
    """Read the rows of mercury into `emissions`, kg to air by sector.

    Parameters
    ----------
    document : Document
        The text.

    Returns
    -------
    Loaded
        As `clrtap.read`, with codes without blanks. Totals for other purposes (fuel used,
        grid, climate convention) are passed over and counted. The version is the year in the
        comments, as ``webdab-2015``.

    Raises
    ------
    FileRefusedError
        No row stands below the comments.
    """
    sheet, version = _opened(document)
    reading = Reading(sheet, "webdab")
    reading.keep(reading.cells["POLLUTANT"] == clrtap.MERCURY, "other_substances")
    reading.keep(~reading.cells["SECTOR"].isin(OTHER_TOTALS), "totals_for_other_purposes")
    reading.keep(~reading.cells["ISO2"].isin(["EU", *clrtap.GROUPS]), "groups_of_countries")
    reading.keep(reading.cells["NUMBER/FLAG"] != "", "without_amount")
    told = reading.cells["NUMBER/FLAG"]
    key = told.where(told.isin(list(KEYS)), "")
    reading.cells["NUMBER/FLAG"] = told.mask(key != "", "")
    code = reading.cells["SECTOR"]
    plain = code.str.replace(" ", "")
    scheme = _schemes(code)
    older = scheme == "NFR09"
    memo = plain.isin(clrtap.MEMO).mask(older, plain.isin(MEMO_NFR09)) | code.isin(MEMO_GROUPS)
    frame = pd.DataFrame(
        {
            "inventory": "clrtap",
            "version": version,
            "entity": reading.places(
                "ISO2", {row["iso2"]: row["iso3"] for row in rows("iso2.csv")}
            ),
            "year": reading.years("YEAR"),
            "scheme": scheme,
            "category": plain.mask(code == clrtap.TOTAL, clrtap.CATEGORY),
            "medium": "air",
            "species": "total",
            "kg": reading.kilograms("NUMBER/FLAG", reading.cells["UNIT"]),
            "note": memo.map({True: clrtap.OF_A_MEMO, False: ""}),
        },
        index=reading.cells.index,
    )
    return clrtap.close(reading, frame, key, ABOUT)


def _schemes(code: pd.Series) -> pd.Series:
    """Return whose categories the codes are: with blanks the older NFR, with a bar the groups."""
    scheme = pd.Series("NFR14", index=code.index)
    scheme = scheme.mask(code.str.contains(" ", regex=False), "NFR09")
    scheme = scheme.mask(code.str.contains("_", regex=False), "GNFR")
    return scheme.mask(code == clrtap.TOTAL, "NFR14")


def _opened(document: Document) -> tuple[Sheet, str]:
    """Return the rows below the comments as a sheet, and the version that the comments tell."""
    text = read_text(document.path, document.shown).splitlines()
    comments = [line for line in text if line.startswith("#")]
    places = [i for i, line in enumerate(text) if line.strip() and not line.startswith("#")]
    if not places:
        raise FileRefusedError(
            f"{document.shown} has comments and no rows.",
            reason=Reason.EMPTY_FILE,
            remedy="Export or send it again.",
        )
    body = io.StringIO("\n".join(text[i] for i in places))
    records = list(csv.reader(body, delimiter=";", quoting=csv.QUOTE_NONE))
    lines = [i + 1 for i in places]
    sheet = Sheet(document.path, document.shown, HEADING, records, lines, ";")
    years = {match[1] for match in map(_DATED.match, comments) if match}
    version = f"webdab-{max(years)}" if years else "webdab"
    return document.corrected(sheet), version
