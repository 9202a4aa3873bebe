"""The EDGAR tables by country and sector: a workbook of three sheets, or one of them as CSV.

Sheets are found by name and the heading by its first word, since both have moved. The unit is
read from its own cell, and refused when it is not known. A blank is no zero. Countries that
EDGAR holds inside another have no row: they become `not_estimated` in `emission_gaps`, with the
country that holds them as data/reference/inventory_holders.csv says it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.sources.files import Sheet
from evalkit.sources.inventories.gaps import gap_rows, states_without
from evalkit.sources.inventories.reading import Reading, differing

if TYPE_CHECKING:
    from evalkit.sources.loaded import Loaded

FIRST = "IPCC_annex"
COUNTRY = "Country_code_A3"
SUBSTANCES = {"Hg": "total", "Hg_G": "Hg0", "Hg_D": "Hg2", "Hg_P": "HgP"}
SECTORS = {
    "ipcc_code_2006_for_standard_report": "EDGAR-IPCC2006",
    "ipcc_code_1996_for_standard_report": "EDGAR-IPCC1996",
}
UNITS = ("Gg", "kt", "Mg", "t", "kg")
BUNKERS = {"AIR": "INT-AVIATION", "SEA": "INT-SHIPPING"}
_YEAR = re.compile(r"Y_(\d{4})")
_VERSION = re.compile(r"v?(\d+)[._]?(\d)(?!\d)")
ABOUT = {
    "publisher": "European Commission, Joint Research Centre (EDGAR)",
    "title": "Emissions Database for Global Atmospheric Research, by country and sector",
    "licence": "CC BY 4.0",
    "note": "large-scale burning of biomass is left out",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of an EDGAR table."""
    have = set(sheet.heading)
    return {FIRST, COUNTRY, "Substance"} <= have and any(map(_YEAR.fullmatch, have))


def read(sheet: Sheet, *, unit: str | None = None) -> Loaded:
    """Read a table by sector, or of country totals, into `emissions`, kg by country and year.

    Parameters
    ----------
    sheet : Sheet
        The table.
    unit : str, optional
        Unit of the amounts. A CSV does not say it: left out, it is read as Gg, as the workbooks
        of EDGAR have it, and a note says so.

    Returns
    -------
    Loaded
        One row for each country, sector, origin (fossil or bio are added up), species and
        year with an amount. Another substance than mercury is refused.
    """
    reading = Reading(sheet, "edgar")
    _refuse_other_substances(reading)
    if unit is None:
        unit = "Gg"
        reading.notes.append("the table does not state its unit and is read as Gg")
    if unit not in UNITS:
        reading.refuse(
            Reason.NOT_ALLOWED,
            f"The unit {unit!r} is not known",
            "Ask the publisher which unit this is: a factor of 1,000 can't be seen.",
        )
    _refuse_twice(reading)
    long = amounts(reading, "kg" if reading.refusals else unit)
    _check_species(reading, long)
    by_sector = long.groupby(["entity", "scheme", "category", "species", "year"], sort=True)
    summed = by_sector.agg(kg=("kg", "sum"), first=("row", "first")).reset_index()
    version = version_of(sheet)
    frame = (
        summed.set_index("first")
        .rename_axis(None)
        .assign(inventory="edgar", version=version, medium="air", note="")
    )
    reading.gaps.append(_absent(reading, long, version))
    return reading.finish(frame, ABOUT)


def _refuse_other_substances(reading: Reading) -> None:
    told = reading.cells["Substance"]
    other = told[~told.isin(list(SUBSTANCES)) & ~reading.findings.bad]
    if len(other):
        reading.refuse(
            Reason.NOT_ALLOWED,
            f"The table is of {', '.join(sorted(other.unique())[:3])}, not of mercury",
            "Load the tables of Hg, Hg_G, Hg_D or Hg_P.",
            "Substance",
        )


def _refuse_twice(reading: Reading) -> None:
    """Set apart a row whose country, sector, origin and substance stand there already."""
    names = [COUNTRY, *SECTORS, "fossil_bio", "Substance"]
    key = [name for name in names if name in reading.cells]
    reading.fail(
        reading.cells.duplicated(key),
        COUNTRY,
        Reason.DUPLICATE_KEY,
        lambda cell: f"{cell} stands there already for the sector and the origin of the fuel",
        "Remove one of the two rows.",
    )


def _check_species(reading: Reading, long: pd.DataFrame) -> None:
    """Refuse species that do not add up to total mercury, where all four are there."""
    if not set(SUBSTANCES.values()) <= set(long["species"]):
        return
    sums = long.groupby(["entity", "year", "species"])["kg"].sum().unstack(fill_value=0.0)
    parts = sums[["Hg0", "Hg2", "HgP"]].sum(axis=1)
    reading.refuse_totals(
        differing(sums["total"], parts),
        lambda key: (
            f"total mercury of {key[0]} {key[1]} is {sums.at[key, 'total']:g} kg, "  # type: ignore[index]
            f"and its species add up to {parts[key]:g} kg"
        ),
    )


def _absent(reading: Reading, long: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return for each year the States without a row, and the country that holds each."""
    place = long.drop_duplicates("entity").set_index("entity")["row"]
    absent = states_without(set(place.index), "edgar")
    row = absent["holder"].map(place).fillna(-1).astype("int64")
    years = [int(match[1]) for match in map(_YEAR.fullmatch, reading.cells) if match]
    every = absent.set_axis(row).merge(pd.Series(years, name="year"), how="cross")
    every.index = pd.Index(row.repeat(len(years)))
    about = every.assign(
        inventory="edgar",
        version=version,
        scheme=long["scheme"].iloc[0] if len(long) else "total",
        category="total",
        medium="air",
    )
    return gap_rows(about, about["key"], about["holder"])


def amounts(reading: Reading, unit: str) -> pd.DataFrame:
    """Return the amounts of a table in long form, of whatever substance.

    Returns
    -------
    DataFrame with columns entity, scheme, category, species, year, kg, row
        A blank cell gives no row; `row` is the row of the table.
    """
    cells = reading.cells
    code = next((name for name in SECTORS if name in cells), "")
    place = reading.places(COUNTRY, BUNKERS)
    about = pd.DataFrame(
        {
            "entity": place,
            "scheme": SECTORS.get(code, "total"),
            "category": cells[code] if code else "total",
            "species": cells["Substance"].map(SUBSTANCES).fillna(cells["Substance"]),
            "row": cells.index,
        },
        index=cells.index,
    )
    years = {match[0]: int(match[1]) for match in map(_YEAR.fullmatch, cells) if match}
    long = reading.spread(list(years), unit)
    told = long.assign(year=long["column"].map(years).astype("int64")).drop(columns="column")
    return about.loc[told.index].assign(year=told["year"].to_numpy(), kg=told["kg"].to_numpy())


def compare_totals(sectors: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """Tell for which country and year the sectors do not add up to the sheet of totals.

    Parameters
    ----------
    sectors, totals : DataFrame
        As `amounts` returns them.

    Returns
    -------
    Series of bool, indexed by entity and year
    """
    key = ["entity", "year"]
    one, other = (frame.groupby(key)["kg"].sum() for frame in (totals, sectors))
    index = one.index.union(other.index)
    return differing(one.reindex(index, fill_value=0), other.reindex(index, fill_value=0))


def version_of(sheet: Sheet) -> str:
    """Return the version that the file's name states, as 8.1."""
    found = _VERSION.search(sheet.path.stem)
    return f"{found[1]}.{found[2]}" if found else "unstated"
