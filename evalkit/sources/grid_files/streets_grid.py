"""The 1 degree grids of Streets et al. (2019): three species, 2000 to 2015, kg m-2 s-1.

Seen: the file itself. Latitudes run from the south, longitudes from 0; the axis of time has the
first day of each year. With a year of 365.25 days and a sphere of 6,371 km the cells give the
totals that the authors printed. Their masks of regions lie the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.sources.grid_files.content import finish
from evalkit.sources.grid_files.reading import SPECIES, TOTAL, GridReading, Layer, Publisher

if TYPE_CHECKING:
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

PUBLISHER = Publisher(
    form="streets-2019-grid",
    inventory="streets-2019-grid",
    scheme="total",
    days=365.25,
    about={
        "publisher": "Streets, Horowitz, Lu, Levin, Thackray and Sunderland",
        "title": "Global anthropogenic mercury emissions, 2000-2015, on a grid of 1 degree",
        "address": "github.com/bgeyman/global_mercury_emissions_2010-2015",
        "licence": "MIT",
        "note": "a year has 365.25 days",
    },
)


def recognise(document: Document) -> bool:
    """Tell whether a file holds the three species over time and names its authors."""
    content = document.grid
    named = "Streets" in str(content.attrs.get("full_reference", ""))
    return named and set(SPECIES) <= set(content.data_vars)


def read(document: Document) -> Loaded:
    """Read the grids into `emissions` and `grid_accounts`, kg by State, species and year.

    Returns
    -------
    Loaded
        Total mercury is the sum of the three species.
    """
    return read_species(GridReading(document, PUBLISHER, "2019"))


def read_species(reading: GridReading) -> Loaded:
    """Read a file whose variables are the three species."""
    content = reading.document.grid
    units = {name: str(content[name].attrs.get("units", "")) for name in SPECIES}
    unit = reading.same(units, "unit")
    layers = [Layer(name, TOTAL, name) for name in SPECIES]
    return finish(reading, reading.bands(SPECIES), layers, unit)
