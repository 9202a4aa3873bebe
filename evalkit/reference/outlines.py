"""Outlines of States for maps, and points for those too small to see.

UN Geodata (simplified); areas whose id begins with X are in dispute and belong to nobody.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from evalkit.reference import paths
from evalkit.reference.rows import rows


@dataclass(frozen=True, slots=True)
class Marker:
    """A point that stands for a State too small, or missing, on a world map."""

    entity: str
    longitude: float
    latitude: float


@cache
def world() -> dict[str, Any]:
    """Return the outlines as a GeoJSON FeatureCollection; feature `id` is ISO3 or an X-code."""
    with paths.reference("boundaries/world.geojson").open(encoding="utf-8") as file:
        return dict(json.load(file))


@cache
def ids() -> tuple[str, ...]:
    """Return the ids of all outlines."""
    return tuple(feature["id"] for feature in world()["features"])


@cache
def disputed() -> tuple[str, ...]:
    """Return the ids of the areas in dispute."""
    return tuple(
        feature["id"]
        for feature in world()["features"]
        if feature["properties"]["kind"] == "disputed"
    )


@cache
def markers() -> tuple[Marker, ...]:
    """Return the points of small States."""
    return tuple(
        Marker(r["entity"], float(r["longitude"]), float(r["latitude"]))
        for r in rows("boundaries/markers.csv")
    )
