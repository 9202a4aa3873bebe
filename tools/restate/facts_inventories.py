"""Restate further inventories, read by evalkit's own readers, as rows of emissions.

Writes emissions-assessments.csv (Global Mercury Assessment with intervals, its regions, the
comparison of years, an inventory made with the Toolkit), emissions-registers.csv (United
States, facilities of the European register by country, sectors of the air convention in some
years) and emissions-history.csv (since 1510 by medium and sector, scenarios to 2300).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
from facts_common import Row, folder, real, write
from facts_emissions import YEARS_OF_SECTORS

from evalkit.sources.check import check

COLUMNS = ["inventory", "version", "entity", "year", "scheme", "category", "medium", "species",
           "kg", "low", "high", "note", "basis"]  # fmt: skip
# Tonnes by year, as a page of CNR prints them from the assessment of 2013.
COMPARISON = {
    "as-published": {1990: 1732, 1995: 2214, 2000: 2190, 2005: 1926},
    "method-2005": {1990: 1967, 1995: 1814, 2000: 1819, 2005: 1921},
    "method-2010": {2010: 1960},
}
COSTA_RICA = {"total": ("input", "7174"), "waste-treatment-and-recycling": ("input", "3086")}


def rows_of(name: str, source: str) -> list[Row]:
    """Return what the reader makes of a real file, as rows of emissions.

    Raises
    ------
    ValueError
        The reader finds something wrong with the file.
    """
    loaded = check(real(f"emissions/{name}"))
    if loaded.failures:
        raise ValueError(f"{name}: {loaded.failures[0]}")
    frame = loaded.tables["emissions"][COLUMNS]
    return [{**text_of(row), "source": source} for row in frame.to_dict("records")]


def text_of(row: dict[str, object]) -> Row:
    """Return a row as its cells are written: amounts with all the digits they have."""
    return {name: cell(value) for name, value in row.items()}


def cell(value: object) -> str:
    """Return a cell as text.

    Examples
    --------
    >>> cell(838000.0), cell(0.1), cell(float("nan")), cell("air")
    ('838000', '0.1', '', 'air')
    """
    if isinstance(value, float):
        if pd.isna(value):
            return ""
        told = format(Decimal(repr(value)), "f")
        return told.rstrip("0").rstrip(".") if "." in told else told
    return str(value)


def assessments() -> Iterator[Row]:
    """Give the tables of the Global Mercury Assessment, and one inventory of a Party."""
    yield from rows_of("gma/gma2018_sectors_air_2015.csv", "gma-2018-background")
    yield from rows_of("gma/gma2018_regions_air_2015.csv", "gma-2018-background")
    yield from rows_of("gma/gma2013_regional_shares_2010_found.csv", "gma-2013-regions")
    common = {"scheme": "comparison", "medium": "air", "species": "total", "basis": "estimated"}
    compared = {**common, "inventory": "gma-2013", "entity": "WLD", "source": "gma-2013-comparison"}
    for version, tonnes in COMPARISON.items():
        for year, amount in tonnes.items():
            amounts = {"category": "total", "year": str(year), "kg": f"{amount}000"}
            yield {**compared, "version": version, **amounts}
    gold = {"category": "gold-mining", "year": "2010", "kg": "727000"}
    yield {**compared, "version": "method-2010", **gold, "note": "part of the total"}
    for category, (medium, kg) in COSTA_RICA.items():
        yield {
            **common,
            "inventory": "unep-toolkit",
            "version": "costa-rica-2008",
            "entity": "CRI",
            "year": "2008",
            "scheme": "UNEP-Toolkit",
            "category": category,
            "medium": medium,
            "kg": kg,
            "source": "toolkit-costa-rica-2008",
            "note": "" if category == "total" else "part of the total; its printed share differs",
        }


def registers() -> Iterator[Row]:
    """Give the registers of the United States, of Europe by country, and sectors of some years."""
    for path in sorted(real("emissions/tri_nei").glob("TRI_chem_release_*.csv")):
        yield from rows_of(f"tri_nei/{path.name}", "us-tri")
    for path in sorted(real("emissions/tri_nei").glob("NEI_*.csv")):
        yield from rows_of(f"tri_nei/{path.name}", "us-nei")
    yield from by_country(rows_of("eprtr/EPRTR_air_Hg_extract.tsv", "eea-eprtr"))
    for row in rows_of("clrtap/CLRTAP_NFR14_Hg_extract.csv", "eea-clrtap"):
        if row["year"] in YEARS_OF_SECTORS and row["category"] != "national-total":
            yield row


def by_country(rows: list[Row]) -> Iterator[Row]:
    """Sum releases of facilities over activities, with the number of them and the threshold."""
    frame = pd.DataFrame(rows)
    told = frame["note"].str.extract(r"facilities: (\d+), (above .*)")
    frame = frame.assign(kg=frame["kg"].astype(float), count=told[0].astype(int), rest=told[1])
    keys = ["entity", "year", "medium"]
    for (entity, year, medium), part in frame.groupby(keys):
        note = f"facilities: {part['count'].sum()}, {part['rest'].iloc[0]}"
        summed = {"kg": cell(float(part["kg"].sum())), "note": note}
        first = part[[*COLUMNS, "source"]].iloc[0].to_dict()
        key = {"entity": entity, "year": year, "medium": medium, "category": "total"}
        yield {**first, **key, **summed}


def history() -> Iterator[Row]:
    """Give the history by medium and sector, its bounds, and two scenarios."""
    for name in ("SSP1-26", "SSP5-85"):
        for row in rows_of(f"history/{name}_sector_1510_2300.csv", "mercury-ssp"):
            if int(row["year"]) > 2010:
                yield row
            elif name == "SSP1-26":  # the past is the same in both
                yield {**row, "inventory": "mercury-history"}
    yield from rows_of("history/Streets_2019_500_year_with_bounds.csv", "mercury-history-bounds")


def main(out: Path) -> None:
    """Write the three files."""
    for name, rows in (
        ("emissions-assessments", assessments()),
        ("emissions-registers", registers()),
        ("emissions-history", history()),
    ):
        write("emissions", list(rows), out, name)


if __name__ == "__main__":
    main(folder(__doc__ or ""))
