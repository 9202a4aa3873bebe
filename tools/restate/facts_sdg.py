"""Restate the values of SDG indicator 12.4.1 (Minamata Convention) in published.csv.

Reads unsdg/sdg_12_4_1_minamata.csv. The other rows of published.csv are restated by hand
from pages and documents; they are kept as they stand.
"""

from __future__ import annotations

from pathlib import Path

from facts_common import FACTS, Row, folder, read, real, write

INDICATOR = "sdg-12-4-1"
EDITIONS = {
    "open-numbers/ddf--unstats": ("unsd-sdg-2020", "2020-05-17"),
    "Qamil-Mirza/SSPI-Backend": ("unsd-sdg-2026", "2026-10-01"),
}
NATURES = {"C": "", "N": "nature as published: N, non-relevant"}


def entity(row: Row) -> str:
    """Return ISO3, or WLD for the world, or M49-xxx for a region of the UN."""
    if row["iso3"]:
        return row["iso3"]
    return "WLD" if row["m49"] == "1" else f"M49-{int(row['m49']):03d}"


def value(row: Row) -> Row:
    """Return one published value."""
    source, day = next(ids for carrier, ids in EDITIONS.items() if carrier in row["source"])
    return {
        "indicator": INDICATOR,
        "entity": entity(row),
        "period": row["year"],
        "as_of": day,
        "precision": "day",
        "value": row["value_percent"],
        "qualifier": "exact",
        "unit": "percent",
        "note": NATURES[row["nature"]],
        "source": source,
        "basis": "reported",
    }


def main(out: Path) -> None:
    """Write published.csv: the rows by hand as committed, the SDG values anew."""
    by_hand = [r for r in read(FACTS / "published.csv") if r["indicator"] != INDICATOR]
    values = [value(row) for row in read(real("unsdg/sdg_12_4_1_minamata.csv"))]
    write("published", by_hand + values, out)


if __name__ == "__main__":
    main(folder(__doc__ or ""))
