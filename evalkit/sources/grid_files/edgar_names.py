"""What the name of an EDGAR grid says: its version, substance, year and sector."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evalkit.sources.grid_files.reading import CALENDAR, TOTAL, Publisher

SUBSTANCES = {"Hg": "total", "Hg_G": "Hg0", "Hg_D": "Hg2", "Hg_P": "HgP"}
TOTALS = "TOTALS"  # the sector of a grid of all sectors
_NAME = re.compile(
    r"(?:(?:EDGAR_)?v?(?P<version>\d[\d.]*)_)?.*(?<![A-Za-z0-9])"
    r"(?P<substance>(?![GDP]_)[A-Z][A-Za-z0-9.]*(?:_[GDP])?)_(?P<year>(?:19|20)\d\d)"
    r"_(?P<sector>\w+?)(?:_(?:flx|emi))?(?:_nc)?"
)
PUBLISHER = Publisher(
    form="edgar-grid",
    inventory="edgar-grid",
    scheme="EDGAR-grid",
    days=CALENDAR,
    about={
        "publisher": "European Commission, Joint Research Centre (EDGAR)",
        "title": "Emissions Database for Global Atmospheric Research, on a grid of 0.1 degrees",
        "address": "https://edgar.jrc.ec.europa.eu/dataset_tox81",
        "licence": "CC BY 4.0",
        "note": "large-scale burning of biomass is left out; days of the calendar; cells as "
        "on a sphere",
    },
)


@dataclass(frozen=True)
class Named:
    """What a name says; blank where it says nothing."""

    version: str = ""
    substance: str = ""
    year: str = ""
    sector: str = ""


def named(stem: str) -> Named:
    """Return what the name of a file says.

    Examples
    --------
    >>> named("v8.1_FT2022_TOX_Hg_G_2003_TOTALS_flx")
    Named(version='8.1', substance='Hg_G', year='2003', sector='TOTALS')
    >>> named("EDGAR_2026_TOX_Hg_2025_TRO_emi")
    Named(version='2026', substance='Hg', year='2025', sector='TRO')
    >>> named("grid")
    Named(version='', substance='', year='', sector='')
    """
    found = _NAME.fullmatch(stem)
    if not found:
        return Named()
    return Named(found["version"] or "", found["substance"], found["year"], found["sector"])


def category_of(sector: str) -> str:
    """Return the category of a sector: its own name, or total."""
    return TOTAL if sector.upper() == TOTALS else sector


def species_of(substance: str) -> str:
    """Return the species of a substance, blank for what is no mercury."""
    return SUBSTANCES.get(substance, "")
