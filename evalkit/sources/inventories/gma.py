"""Tables of the Global Mercury Assessment: sectors, regions and shares of one year.

The tables are figures of a printed report, and bear no year and no edition inside: both stand
in the file's name, as ``gma2018_sectors_air_2015.csv``. Amounts of 2010 in the assessment of
2013 and of 2015 in that of 2018 were made with different methods; each edition is therefore an
inventory of its own. The layout is that of compiled tables; no file of the publisher was seen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Reason
from evalkit.model import Basis
from evalkit.reference import entities
from evalkit.reference.rows import rows
from evalkit.sources.inventories.reading import UNSEEN, Reading

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

# What the assessment prints for the world, kg, and the rounding of the print.
PUBLISHED = {("gma-2018", 2015): (2_220_000.0, 5_000.0), ("gma-2013", 2010): (1_960_000.0, 5_000.0)}
TOTAL = "Total"
_NAME = re.compile(r"gma[-_ ]?(20\d\d)(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_IN_KG = re.compile(r"kg_(\d{4})")
_RANGE = r"^\s*([\d.]+)\s*\(\s*([\d.]+)\s*[-\u2013]\s*([\d.]+)\s*\)\s*$"
ABOUT = {
    "publisher": "United Nations Environment Programme",
    "title": "Global Mercury Assessment, emissions to air",
    "note": "editions differ in method and are not compared",
}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet is one of sectors, regions or shares of the assessment."""
    have = set(sheet.heading)
    in_kg = any(map(_IN_KG.fullmatch, sheet.heading)) and "sector" in have
    of_sectors = {"gma_sector", "tonnes"} <= have
    return in_kg or of_sectors or ("region" in have and bool(have & {"tonnes", "share_pct"}))


def read(sheet: Sheet) -> Loaded:
    """Read a table into `emissions`, kg to air by sector or region.

    Parameters
    ----------
    sheet : Sheet
        Columns sector and kg_YEAR; or gma_sector, tonnes, low and high; or region, tonnes, low,
        high and share_pct; or region and share_pct. ``838 (675-1000)`` in one cell is an amount
        with its interval. `provenance` with the word background makes a row one from memory.

    Returns
    -------
    Loaded
        Inventory ``gma-2018`` for the sectors in kg, ``gma-2018-detail`` for those with
        intervals, ``gma-2018-regions`` for regions. Shares alone are turned into kg with the
        printed total of the edition and have the basis derived. Nothing is taken where the
        rows differ from the printed total, or shares from the amounts, by more than rounding.
    """
    reading = Reading(sheet, "gma")
    reading.notes.append(UNSEEN)
    edition, year = _told(reading)
    whole = f"gma-{edition}"
    if "gma_sector" in sheet.heading or "tonnes" in sheet.heading:
        frame = _with_intervals(reading, whole)
    elif "sector" in sheet.heading:
        frame = _in_kilograms(reading, whole)
    else:
        frame = _from_shares(reading, whole, year)
    frame = frame.assign(version=edition, year=year, medium="air", species="total")
    frame["basis"] = frame["basis"].where(~_from_memory(reading), str(Basis.MEMORY))
    _check_total(reading, frame, whole, year)
    given = frame[frame["kg"].notna() & (frame["category"] != TOTAL) & (frame["entity"] != TOTAL)]
    return reading.finish(given, ABOUT)


def _told(reading: Reading) -> tuple[str, int]:
    """Return the edition and the year of the amounts, from the heading and the file's name."""
    name = reading.sheet.path.stem
    edition = _NAME.search(name)
    in_heading = [m[1] for m in map(_IN_KG.fullmatch, reading.sheet.heading) if m]
    others = _YEAR.findall(_NAME.sub(" ", name).replace("_", " "))
    years = set(in_heading or others)
    if edition and len(years) == 1:
        return edition[1], int(years.pop())
    reading.refuse(
        Reason.MISSING_VALUE,
        "The file does not say of which edition and of which year it is",
        "Put both into the file's name, as gma2018_sectors_air_2015.csv.",
    )
    return edition[1] if edition else "unstated", 0


def _from_memory(reading: Reading) -> pd.Series:
    cells = reading.cells
    told = cells.get("provenance", pd.Series("", index=cells.index))
    return told.str.contains("background", case=False)


def _in_kilograms(reading: Reading, whole: str) -> pd.DataFrame:
    """Return the sectors that are printed in kg."""
    scheme = f"{whole}-sectors"
    known = {row["title"]: row["category"] for row in rows("categories.csv")}
    title = reading.cells["sector"]
    reading.fail(
        ~title.isin([*known, TOTAL]),
        "sector",
        Reason.UNKNOWN_NAME,
        lambda cell: f"{cell!r} is no sector of the assessment",
        "Compare it with data/reference/categories.csv.",
    )
    column = next(name for name in reading.cells if _IN_KG.fullmatch(name))
    return pd.DataFrame(
        {
            "inventory": whole,
            "entity": entities.WORLD,
            "scheme": scheme,
            "category": title.map(known).fillna(title),
            "kg": reading.kilograms(column, "kg"),
            "basis": str(Basis.ESTIMATED),
        },
        index=reading.cells.index,
    )


def _with_intervals(reading: Reading, whole: str) -> pd.DataFrame:
    """Return sectors or regions in tonnes, with the interval of each."""
    _split_ranges(reading)
    by_sector = "gma_sector" in reading.cells
    columns = {"kg": "tonnes", "low": "low", "high": "high"}
    amounts = {
        name: reading.kilograms(column, "t")
        for name, column in columns.items()
        if column in reading.cells
    }
    frame = pd.DataFrame(amounts, index=reading.cells.index).reindex(columns=list(columns))
    reading.intervals(frame, "tonnes")
    if not by_sector:
        _check_shares(reading, frame["kg"])
    told = reading.cells.get("provenance", "")
    return frame.assign(
        inventory=f"{whole}-{'detail' if by_sector else 'regions'}",
        entity=entities.WORLD if by_sector else _regions(reading),
        scheme=whole.replace("gma-", "GMA") if by_sector else "total",
        category=reading.cells["gma_sector"] if by_sector else "total",
        basis=str(Basis.ESTIMATED),
        note=told,
    )


def _split_ranges(reading: Reading) -> None:
    """Divide cells such as ``838 (675-1000)`` into the amount and its two ends."""
    parts = reading.cells["tonnes"].str.extract(_RANGE)
    printed = parts[0].notna()
    if printed.any():
        cells = reading.cells
        blank = pd.Series("", index=cells.index)
        reading.cells = cells.assign(
            tonnes=parts[0].where(printed, cells["tonnes"]),
            low=parts[1].where(printed, cells.get("low", blank)),
            high=parts[2].where(printed, cells.get("high", blank)),
        )


def _from_shares(reading: Reading, whole: str, year: int) -> pd.DataFrame:
    """Return regions of which the shares of the printed total alone are known."""
    share = reading.numbers("share_pct")
    slack = 0.05 * (len(share) + 1)
    if abs(share.sum() - 100) > slack:
        reading.refuse(
            Reason.CONTRADICTION,
            f"The shares add up to {share.sum():g} %, not to 100",
            "Ask the publisher which is right; nothing of the file is taken.",
            "share_pct",
        )
    total, _ = PUBLISHED.get((whole, year), (float("nan"), 0.0))
    if pd.isna(total):
        reading.refuse(
            Reason.MISSING_VALUE,
            f"The total of {whole} {year}, of which these are shares, is not known",
            "Load a table with amounts.",
            "share_pct",
        )
    return pd.DataFrame(
        {
            "inventory": f"{whole}-regions",
            "entity": _regions(reading),
            "scheme": "total",
            "category": "total",
            "kg": (share * total / 100).round(6),
            "basis": str(Basis.DERIVED),
            "note": share.map(lambda one: f"{one:g} % of the printed total of {total / 1e6:g} kt"),
        },
        index=reading.cells.index,
    )


def _regions(reading: Reading) -> pd.Series:
    known = {title: name for name, title in entities.areas().items() if name.startswith("GMA-")}
    total = reading.cells["region"] == TOTAL
    place = reading.places("region", known | {TOTAL: entities.WORLD})
    return place.mask(total, TOTAL)


def _check_shares(reading: Reading, kg: pd.Series) -> None:
    """Refuse a row whose printed share is not its part of the sum, within rounding."""
    if "share_pct" not in reading.cells:
        return
    share, part = reading.numbers("share_pct"), 100 * kg / kg.sum()
    reading.fail(
        (share - part).abs() > 0.1,
        "share_pct",
        Reason.CONTRADICTION,
        lambda cell: f"the share {cell} is not the part that the amount has of the sum",
        "Ask the publisher which of the two is right.",
    )


def _check_total(reading: Reading, frame: pd.DataFrame, whole: str, year: int) -> None:
    """Refuse a table that does not add up to its total row, or to the total of the report."""
    last = (frame["category"] == TOTAL) | (frame["entity"] == TOTAL)
    summed, told = frame["kg"][~last].sum(), frame["kg"][last]
    expected, slack = PUBLISHED.get((whole, year), (float("nan"), 0.0))
    if len(told):
        expected, slack = told.iloc[0], 0.001 * told.iloc[0]
    if abs(summed - expected) > slack and not reading.findings.bad.any():
        reading.refuse(
            Reason.CONTRADICTION,
            f"The rows add up to {summed:,.0f} kg, and the total is {expected:,.0f} kg",
            "Ask the publisher which is right; nothing of the file is taken.",
        )
