"""Tiles of a map on which every State has the same size, and parts of the world to look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from evalkit.reference.rows import rows


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world, in degrees; `east` may lie beyond 180."""

    west: float
    south: float
    east: float
    north: float


@cache
def tiles() -> dict[str, tuple[int, int]]:
    """Return column and row of the tile of each State, counted from the north-west.

    Examples
    --------
    >>> tiles()["PRT"], tiles()["ESP"]
    ((11, 6), (12, 6))
    """
    return {r["entity"]: (int(r["column"]), int(r["row"])) for r in rows("tiles.csv")}


@cache
def views() -> dict[str, View]:
    """Return the parts of the world that a map can show, by id; regional groups by theirs."""
    return {
        r["view"]: View(*(float(r[side]) for side in ("west", "south", "east", "north")))
        for r in rows("map_views.csv")
    }
