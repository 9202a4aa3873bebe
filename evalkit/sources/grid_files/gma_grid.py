"""The grids of the Global Mercury Assessment as GEOS-Chem has them: 0.25 degrees, kg m-2 s-1.

Variables are ``emi_hg_{0,2,p}_{asgm,inds,intw,pg}``: species by group of sectors. Known from the
configuration of GEOS-Chem and its readme; no file was seen. So it is not known which days its
year has (the calendar's are taken: 365 in 2015) nor whether a total is stated in it. The text
files of the authors (DataverseNL, kg a cell and g/km2) were not seen either and are not read.
The group ``pg`` is all burning of fuels, homes included, and not the power plants of Annex D.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evalkit.sources.grid_files.content import finish
from evalkit.sources.grid_files.reading import CALENDAR, GridReading, Layer, Publisher

if TYPE_CHECKING:
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

GROUPS = ("asgm", "inds", "intw", "pg")
SPECIES_OF = {"0": "Hg0", "2": "Hg2", "p": "HgP"}
_VARIABLE = re.compile(rf"emi_hg_([02p])_({'|'.join(GROUPS)})")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
PUBLISHER = Publisher(
    form="gma-grid",
    inventory="gma-grid",
    scheme="gma-groups",
    days=CALENDAR,
    about={
        "publisher": "Steenhuisen and Wilson; GEOS-Chem",
        "title": "Global Mercury Assessment, emissions to air on a grid of 0.25 degrees",
        "address": "doi.org/10.34894/SZ2KOI",
        "note": "as GEOS-Chem has it; days of the calendar; pg is all burning of fuels",
    },
    whole=GROUPS,
)


def recognise(document: Document) -> bool:
    """Tell whether a file holds a species of a group of sectors."""
    return any(_VARIABLE.fullmatch(str(name)) for name in document.grid.data_vars)


def read(document: Document) -> Loaded:
    """Read the grids into `emissions` and `grid_accounts`, kg by State, group and species.

    Returns
    -------
    Loaded
        Total mercury is the sum of the three species, the category total that of all groups.
        The version is the year of the inventory: those of several years are not comparable.
    """
    content = document.grid
    found = [hit for name in content.data_vars if (hit := _VARIABLE.fullmatch(str(name)))]
    layers = [Layer(hit[0], hit[2], SPECIES_OF[hit[1]]) for hit in found]
    reading = GridReading(document, PUBLISHER)
    names = tuple(layer.variable for layer in layers)
    units = {name: str(content[name].attrs.get("units", "")) for name in names}
    unit = reading.same(units, "unit")
    year = None
    if not {"time", "year"} & set(content[names[0]].dims):
        named = {f"the name {one}": one for one in _YEAR.findall(document.path.stem)}
        year = int(reading.same(named, "year") or 0)
    values = reading.bands(names, year)
    if values is not None:
        reading.version = "+".join(str(one) for one in values["year"].to_numpy())
    return finish(reading, values, layers, unit)
