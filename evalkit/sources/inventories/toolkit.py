"""What comes out of UNEP's Mercury Inventory Toolkit: the input of each source, and six ways out.

The columns of the ways out and their order are those of the Toolkit; the sheet around them is
the one that `evalkit template initial-assessment` writes, since no spreadsheet of the Toolkit
was seen. Country, year and unit stand above the table. Level 1 has input and outputs; level 2
has the factors of distribution as well, which add up to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.reference.names import normal_form
from evalkit.sources.inventories.reading import UNSEEN, Reading
from evalkit.sources.inventories.toolkit_checks import check
from evalkit.sources.joined import refused

if TYPE_CHECKING:
    from evalkit.sources.documents import Document
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded
    from evalkit.sources.workbook import Page

SCHEME = "UNEP-Toolkit"
# The ways out in the Toolkit's order, and how their headings are spelt, in `normal_form`.
PATHWAYS = {
    "air": ("air",),
    "water": ("water",),
    "land": ("land",),
    "product": ("by products and impurities", "products", "product", "by products"),
    "waste": ("general waste",),
    "treatment": (
        "sector specific waste treatment disposal",
        "sector specific treatment disposal",
        "sector specific waste treatment",
    ),
}
COLUMNS = {
    "code": ("code", "category", "c"),
    "source": ("source category", "source", "title"),
    "present": ("source present y n", "source present", "present y n"),
    "activity": ("activity rate",),
    "factor": ("input factor g hg per unit", "input factor"),
    "input": ("mercury input", "calculated mercury input", "hg input"),
    **PATHWAYS,
}
ABOVE = {"country": ("country", "party"), "year": ("year",), "level": ("level",),
         "unit": ("unit",), "written": ("written by",)}  # fmt: skip
FACTOR = "factor "  # before the way out, in the heading of a factor of distribution
WRITTEN = "evalkit template initial-assessment"
DEEPEST = 60  # rows within which the heading must come
_CODE = r"^(5(?:\.\d{1,2}){1,3})(?:\s|$)"
_UNITS = {"kg hg y": "kg", "kg hg year": "kg", "kg": "kg", "t hg y": "t", "t": "t", "g": "g"}
ABOUT = {
    "publisher": "Party, with the Mercury Inventory Toolkit of UNEP",
    "title": "Mercury inventory of a Minamata Initial Assessment",
    "note": "inputs and outputs by source category of the Toolkit",
}


@dataclass(frozen=True)
class _Found:
    """The table on a page: its sheet from the heading on, and what stands above."""

    sheet: Sheet
    above: dict[str, str]


def recognise(document: Document) -> bool:
    """Tell whether a workbook has a visible sheet with the six ways out as headings."""
    return _page(document) is not None


def read(document: Document) -> Loaded:
    """Read inputs and outputs into `emissions`, kg by source category and way out.

    Parameters
    ----------
    document : Document
        The workbook.

    Returns
    -------
    Loaded
        Media ``input``, then air, water, land, product, waste, treatment; version ``level-1``
        or ``level-2``. A source that is absent (N) or not known (?) makes a row of
        `emission_gaps`; a blank is no amount. Nothing is taken where totals differ from their
        rows, or the country, year, level or unit is not told.
    """
    page = _page(document)
    if page is None:  # recognise said otherwise
        raise document.refusal("has no sheet with the six ways out of the Toolkit")
    if page.problems:
        return replace(refused(page.sheet, page.problems), source="unep-toolkit")
    found = _found(page)
    reading = Reading(document.corrected(found.sheet), "unep-toolkit")
    if found.above.get("written") != WRITTEN:
        reading.notes.append(UNSEEN)
    unit = _UNITS.get(normal_form(found.above.get("unit", "")), "")
    about = _about(reading, found.above, unit)
    code = reading.cells["code"]
    total = code.str.casefold() == "total"
    reading.keep((code != "") & ~_blank(reading.cells), "not_filled_in")
    amounts = _amounts(reading, unit or "kg")
    total = total[reading.cells.index]
    _refuse_unknown(reading, total)
    check(reading, amounts, total)
    present = reading.cells.get("present", pd.Series("", index=total.index)).str.upper()
    _gaps(reading, present[~total], about)
    frame = _long(reading, amounts[~total], about)
    title = f"{ABOUT['title']}, {about['entity']} {about['year']}"
    return reading.finish(frame, {**ABOUT, "title": title})


def _page(document: Document) -> Page | None:
    """Return the first visible page that has a heading with the six ways out."""
    pages = (page for page in document.workbook.pages if not page.hidden)
    return next((page for page in pages if _heading(page.sheet) is not None), None)


def _heading(sheet: Sheet) -> int | None:
    """Return which row is the heading, 0 being the first; None where none is."""
    rows = [list(sheet.heading), *list(sheet.records[:DEEPEST])]
    for place, row in enumerate(rows):
        short = {cell.strip().casefold().split(" (")[0] for cell in row}
        if short >= {"air", "water", "land"} and set(map(_column, row)) >= {"code", *PATHWAYS}:
            return place
    return None


def _column(cell: str) -> str:
    """Return what a heading is the heading of; the heading itself where it is none of these."""
    told = normal_form(cell.split("(kg")[0].replace("(By-)", "by-").replace("(by-)", "by-"))
    if told.startswith(FACTOR):
        return FACTOR + _column(told.removeprefix(FACTOR))
    return next((name for name, spelt in COLUMNS.items() if told in spelt), cell.strip())


def _found(page: Page) -> _Found:
    sheet, start = page.sheet, _heading(page.sheet) or 0
    rows = [list(sheet.heading), *sheet.records]
    above = {}
    for row in rows[:start]:
        label = normal_form(row[0]) if row else ""
        for name, spelt in ABOVE.items():
            if label in spelt and len(row) > 1:
                above[name] = row[1].strip()
    heading = tuple(map(_column, rows[start]))
    below = replace(sheet, heading=heading, records=rows[start + 1 :], lines=sheet.lines[start:])
    return _Found(below, above)


def _about(reading: Reading, above: dict[str, str], unit: str) -> dict[str, object]:
    """Return inventory, version, entity and year; what is not told refuses the file."""
    from evalkit.reference import entities, names

    year, level = above.get("year", ""), above.get("level", "")
    party = names.find(above.get("country", ""))
    entity = party.entity if party and party.entity in entities.states() else ""
    wanted = {
        "country": (bool(entity), "Country, with the name or ISO3 code of a Party"),
        "year": (year.isdigit() and len(year) == 4, "Year, as 2016"),
        "level": (level in ("1", "2"), "Level, 1 or 2"),
        "unit": (bool(unit), "Unit, as kg Hg/y"),
    }
    for name, (good, what) in wanted.items():
        if not good:
            told = f"is {above[name]!r}" if above.get(name) else "is not told"
            reading.refuse(
                Reason.MISSING_VALUE,
                f"The {name} of the inventory {told}",
                f"Write it above the table: {what}.",
                name,
            )
    return {
        "inventory": "unep-toolkit",
        "version": f"level-{level}",
        "entity": entity,
        "year": int(year) if year.isdigit() else 0,
        "scheme": SCHEME,
        "species": "total",
    }


def _blank(cells: pd.DataFrame) -> pd.Series:
    """Tell which rows nobody has filled in: neither presence nor any amount."""
    asked = [name for name in ("present", "input", *PATHWAYS) if name in cells]
    return (cells[asked] == "").all(axis=1)


def _amounts(reading: Reading, unit: str) -> pd.DataFrame:
    names = [name for name in ("input", *PATHWAYS) if name in reading.cells]
    amounts = {name: reading.kilograms(name, unit) for name in names}
    return pd.DataFrame(amounts, index=reading.cells.index).reindex(columns=["input", *PATHWAYS])


def _refuse_unknown(reading: Reading, total: pd.Series) -> None:
    code = reading.cells["code"]
    reading.fail(
        ~total & ~code.str.match(_CODE),
        "code",
        Reason.NOT_ALLOWED,
        lambda cell: f"{cell!r} is no source category of the Toolkit",
        "Write its number, as 5.1.1, at the beginning.",
    )
    reading.fail(
        code.str.extract(_CODE)[0].duplicated() & ~total & code.str.match(_CODE),
        "code",
        Reason.DUPLICATE_KEY,
        lambda cell: f"the source category {cell} stands there already",
        "Remove one of the two rows, or add them up.",
    )


def _gaps(reading: Reading, present: pd.Series, about: dict[str, object]) -> None:
    """Keep sources that are absent or not known, as the two keys that say so."""
    key = present.map({"N": "NO", "?": "NE"}).dropna()
    category = reading.cells["code"].str.extract(_CODE)[0].fillna("")[key.index]
    frame = pd.DataFrame({"category": category}).assign(**about, medium="input")
    reading.without_amount(key.astype("str"), frame)


def _long(reading: Reading, amounts: pd.DataFrame, about: dict[str, object]) -> pd.DataFrame:
    """Return one row for each amount that is given."""
    code = reading.cells["code"].str.extract(_CODE)[0]
    parts = [
        pd.DataFrame({"kg": amounts[name], "category": code[amounts.index]}).assign(medium=name)
        for name in amounts
    ]
    frame = pd.concat(parts).dropna(subset="kg")
    return frame.assign(**about, basis="reported")
