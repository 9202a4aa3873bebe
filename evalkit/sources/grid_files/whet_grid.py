"""The WHET grids of 1990, 2000 and 2010: three species on 1 degree, kg m-2 s-1.

Seen: the compiled file, which has the three years as an axis, no title and no reference. It lies
as the grids of Streets et al. do. The number of days of its year is not stated: 365.25 is that
of the group that compiled it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.sources.grid_files.reading import SPECIES, GridReading, Publisher
from evalkit.sources.grid_files.streets_grid import read_species

if TYPE_CHECKING:
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

PUBLISHER = Publisher(
    form="whet-grid",
    inventory="whet-grid",
    scheme="total",
    days=365.25,
    about={
        "publisher": "Biogeochemistry of Global Contaminants Group (as compiled)",
        "title": "WHET: mercury emissions of 1990, 2000 and 2010 on a grid of 1 degree",
        "address": "github.com/bgeyman/global_mercury_emissions_2010-2015",
        "licence": "MIT",
        "note": "a year has 365.25 days; the file names no author",
    },
)


def recognise(document: Document) -> bool:
    """Tell whether a file holds the three species by year, and nothing else."""
    content = document.grid
    return set(content.data_vars) == set(SPECIES) and "year" in content.dims


def read(document: Document) -> Loaded:
    """Read the grids into `emissions` and `grid_accounts`, kg by State, species and year."""
    return read_species(GridReading(document, PUBLISHER))
