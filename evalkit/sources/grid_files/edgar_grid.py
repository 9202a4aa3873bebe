"""The EDGAR grids as NetCDF: one substance, year and sector on 0.1 degrees.

Two forms: fluxes (variable ``fluxes``, kg m-2 s-1) and amounts (``emissions``, Tonnes). GEOS-Chem
renames the variable ``emi_hg_g``, ``emi_hg_d`` or ``emi_hg_p`` and adds an axis of time. Known from
the heading of the file Hg_G of 2003, as somebody printed it, and from a description of an opened
grid of another substance (cell centres, no missing cell, `global_total` equal to the sum); no grid
of mercury was seen. Not known: the days of a year (the calendar's are taken) and whether cells
have the area of a sphere (it is taken) or of an ellipsoid, up to 0.5 % apart. So the sum of fluxes
is compared with `global_total` to within its rounding and 0.5 %, that of amounts to within its
rounding. Grids by month are not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from evalkit.errors import Reason
from evalkit.sources.grid_files.amounts import stated
from evalkit.sources.grid_files.content import finish
from evalkit.sources.grid_files.edgar_names import (
    PUBLISHER,
    Named,
    category_of,
    named,
    species_of,
)
from evalkit.sources.grid_files.reading import KEEP, GridReading, Layer, Stated

if TYPE_CHECKING:
    import xarray

    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

PLAIN = ("fluxes", "emissions")
RENAMED = {"emi_hg_g": "Hg_G", "emi_hg_d": "Hg_D", "emi_hg_p": "Hg_P"}
_RELEASE = re.compile(r"\D*(\d[\d.]*).*")


def recognise(document: Document) -> bool:
    """Tell whether a file has one of the variables of an EDGAR grid."""
    return bool(_variables(document))


def read(document: Document) -> Loaded:
    """Read a grid into `emissions` and `grid_accounts`, kg by State.

    Returns
    -------
    Loaded
        What attributes and the name of the file say has to agree. A difference between
        `global_total` and the sum of the cells stops the load.
    """
    reading, told = GridReading(document, PUBLISHER), named(document.path.stem)
    names = _variables(document)
    content = document.grid
    attributes = [_texts(content[name]) for name in names]
    first = attributes[0]
    reading.version = _version(first, told)
    sector = first.get("long_name") or first.get("description", "")
    sector = reading.same({"the variable": sector, "the name": told.sector}, "sector")
    layers = [
        Layer(name, category_of(sector), _species(reading, name, about, told))
        for name, about in zip(names, attributes, strict=True)
    ]
    unit = reading.same(
        {name: a.get("units", "") for name, a in zip(names, attributes, strict=True)}, "unit"
    )
    values = reading.bands(names, _year(reading, content[names[0]], first, told))
    return finish(reading, values, layers, unit, _stated(reading, attributes, values, unit))


def _variables(document: Document) -> tuple[str, ...]:
    have = [str(name) for name in document.grid.data_vars]
    return tuple(name for name in have if name in PLAIN or name in RENAMED)


def _texts(variable: xarray.DataArray) -> dict[str, str]:
    return {str(name): str(value).strip() for name, value in variable.attrs.items()}


def _version(about: dict[str, str], told: Named) -> str:
    found = _RELEASE.fullmatch(about.get("release", ""))
    return (found[1] if found else told.version) or "unstated"


def _species(reading: GridReading, name: str, about: dict[str, str], told: Named) -> str:
    places = {
        "the variable's name": RENAMED.get(name, ""),
        "the attribute": about.get("substance", ""),
        "the name of the file": told.substance,
    }
    if name in RENAMED and not about.get("substance"):
        del places["the name of the file"]  # one file may hold all three
    substance = reading.same(places, "substance")
    species = species_of(substance)
    if substance and not species:
        reading.fail(
            Reason.NOT_ALLOWED,
            f"The grid is of {substance}, not of mercury",
            "Load the grids of Hg, Hg_G, Hg_D or Hg_P.",
            name,
        )
    return species


def _year(reading: GridReading, variable: Any, about: dict[str, str], told: Named) -> int | None:
    """Return the year of a variable without an axis of time, else None."""
    said = {"the attribute": about.get("year", ""), "the name": told.year}
    if "time" in variable.dims:
        years = {str(year) for year in variable["time"].dt.year.to_numpy()}
        if len(years) == 1:  # a file of several years has no year of its own
            reading.same({"the axis of time": years.pop(), **said}, "year")
        return None
    year = reading.same(said, "year")
    return int(year) if year.isdigit() else None


def _stated(
    reading: GridReading, attributes: list[dict[str, str]], values: Any, unit: str
) -> Stated | None:
    """Return the stated total of one variable and year; of several it says nothing."""
    text = attributes[0].get("global_total", "")
    if not text or len(attributes) > 1 or values is None or values.sizes["year"] > 1:
        return None
    found = stated(text, unit)
    if found is None:
        reading.fail(Reason.NOT_A_NUMBER, f"global_total is {text!r}, which is no amount", KEEP)
    return found
