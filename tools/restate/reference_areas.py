"""Restate the regions of UN statistics and of Streets et al. (2019) as areas.

Territories, former States and region tokens are rows of data/reference/areas.csv that are
written there by hand; this script keeps them and makes the others anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from facts_common import REFERENCE, Row, read, real, write_plain
from reference_names import sdg_source

COLUMNS = ("entity", "kind", "title", "party", "source", "basis")
RESTATED = {"m49_area", "inventory_region"}
ONE_STATE = {"Canada": "CAN", "USA": "USA", "Japan": "JPN"}
STREETS = "emissions/streets2019/Seventeen_World_Region_Total_Hg_Emissions_2000-2015.csv"


def areas() -> list[Row]:
    """Return all areas, sorted by their id."""
    by_hand = [row for row in read(REFERENCE / "areas.csv") if row["kind"] not in RESTATED]
    return sorted([*by_hand, *_m49(), *_streets()], key=lambda row: row["entity"])


def _m49() -> list[Row]:
    """Return the areas of the SDG series that are neither the world nor a country."""
    rows: dict[str, Row] = {}
    for row in read(real("unsdg/sdg_12_4_1_minamata.csv")):
        if row["area_type"] != "country" and row["m49"] != "1":
            id_ = f"M49-{int(row['m49']):03}"
            rows[id_] = _row(id_, "m49_area", row["area_name"], "", sdg_source(row))
    return list(rows.values())


def _streets() -> Iterator[Row]:
    """Give the world regions of the inventory in the order of its table."""
    for row in read(real(STREETS)):
        region = row["World region"]
        if region != "Global Total":
            id_ = f"S19-{region.upper().replace(' ', '-')}"
            party = ONE_STATE.get(region, "")
            yield _row(id_, "inventory_region", region, party, "streets-2019")


def _row(entity: str, kind: str, title: str, party: str, source: str) -> Row:
    return dict(zip(COLUMNS, (entity, kind, title, party, source, "reported"), strict=True))


def main(out: Path) -> None:
    """Write areas.csv."""
    write_plain(out / "areas.csv", COLUMNS, areas())
