"""The workbook in which a Party gives the inventory of its Minamata Initial Assessment.

The rows are the source categories of the Toolkit, the columns its inputs and six ways out, as
`evalkit.sources.inventories.toolkit` reads them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.reference import entities
from evalkit.reference.rows import rows
from evalkit.sources.inventories.toolkit import FACTOR, SCHEME, WRITTEN
from evalkit.sources.template import refuse_present

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "inventory"
WAYS_OUT = (
    "Air",
    "Water",
    "Land",
    "(By-)products and impurities",
    "General waste",
    "Sector specific waste treatment/disposal",
)
HEADING = (
    "Code",
    "Source category",
    "Source present? (Y/N/?)",
    "Activity rate",
    "Activity unit",
    "Input factor (g Hg per unit)",
    "Mercury input (kg Hg/y)",
    *(f"{way} (kg Hg/y)" for way in WAYS_OUT),
    *(f"{FACTOR.capitalize()}{way}" for way in WAYS_OUT),
)
_HELP = (
    "Fill in country, year and level, then one row for each source. Leave blank what is not known: "
    "a blank is no zero. Y: the source is there; N: it is not; ?: nobody knows. The factors are of "
    "level 2, and add up to 1. The row Total is checked against the others."
)


def write_template(path: Path, party: str | None = None) -> Path:
    """Write the workbook of an inventory, not filled in.

    Parameters
    ----------
    path : Path
        Where to write it; a file that is there already is kept.
    party : str, optional
        ISO3 or name of the Party that it is for.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    EvalkitError
        A file of that name is there already.
    UnknownNameError
        The Party is not known.
    """
    from openpyxl import Workbook

    from evalkit.reference import names

    country = entities.states()[names.resolve(party).entity] if party else ""
    refuse_present(path)
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(["Mercury inventory", _HELP])
    above = (
        ("Country", country),
        ("Year", ""),
        ("Level", ""),
        ("Unit", "kg Hg/y"),
        ("Written by", WRITTEN),
    )
    for pair in above:
        sheet.append(list(pair))
    sheet.append([])
    sheet.append(list(HEADING))
    of_scheme = [row for row in rows("categories.csv") if row["scheme"] == SCHEME]
    listed = [row for row in of_scheme if row["category"][0].isdigit()]
    for row in sorted(listed, key=lambda one: [int(part) for part in one["category"].split(".")]):
        sheet.append([row["category"], row["title"]])
    sheet.append(["Total"])
    _dress(sheet)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _dress(sheet: Worksheet) -> None:
    """Keep codes as text, let presence be chosen, and keep the heading in sight."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    top = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == HEADING[0])
    for number, name in enumerate(HEADING, 1):
        sheet.cell(top, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = min(40, max(10, len(name)))
    for row in range(top + 1, sheet.max_row + 1):
        sheet.cell(row, 1).number_format = "@"
    choose = DataValidation("list", formula1='"Y,N,?"', allow_blank=True)
    choose.add(f"C{top + 1}:C{sheet.max_row - 1}")
    sheet.add_data_validation(choose)
    sheet.freeze_panes = sheet.cell(top + 1, 3)
