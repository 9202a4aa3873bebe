"""Outlines of States for maps, and points for those too small to see.

UN Geodata (simplified); areas whose id begins with X are in dispute and belong to nobody.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
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


@cache
def hatching(step: float = 0.8) -> tuple[list[float | None], list[float | None]]:
    """Return diagonal lines that fill the areas in dispute, for maps without fill patterns.

    Parameters
    ----------
    step : float
        Distance between two lines, in degrees.

    Returns
    -------
    tuple of two lists
        Longitudes and latitudes of the ends of each line; None between two lines.
    """
    longitudes: list[float | None] = []
    latitudes: list[float | None] = []
    for feature in world()["features"]:
        if feature["id"] in disputed():
            for (x0, y0), (x1, y1) in _diagonals(_rings(feature["geometry"]), step):
                longitudes += [x0, x1, None]
                latitudes += [y0, y1, None]
    return longitudes, latitudes


@cache
def lines() -> tuple[list[float | None], list[float | None]]:
    """Return all outlines as lines, for maps that are drawn on plain axes of degrees.

    Returns
    -------
    tuple of two lists
        Longitudes and latitudes of the points of each outline; None between two lines.
    """
    longitudes: list[float | None] = []
    latitudes: list[float | None] = []
    for feature in world()["features"]:
        for ring in _rings(feature["geometry"]):
            longitudes += [*(x for x, _ in ring), None]
            latitudes += [*(y for _, y in ring), None]
    return longitudes, latitudes


Point = tuple[float, float]


def _rings(geometry: dict[str, Any]) -> list[list[Point]]:
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [ring for polygon in polygons for ring in polygon]


def _diagonals(rings: list[list[Point]], step: float) -> list[tuple[Point, Point]]:
    """Return the pieces inside the rings of the lines on which latitude - longitude is fixed."""
    offsets = [y - x for ring in rings for x, y in ring]
    first, last = int(min(offsets) // step) + 1, int(max(offsets) // step)
    lines = []
    for count in range(first, last + 1):
        hits = sorted(_crossings(rings, count * step))
        lines += list(zip(hits[::2], hits[1::2], strict=False))
    return lines


def _crossings(rings: list[list[Point]], offset: float) -> list[Point]:
    found = []
    for ring in rings:
        for (x0, y0), (x1, y1) in pairwise(ring):
            before, after = y0 - x0 - offset, y1 - x1 - offset
            if (before < 0) != (after < 0):
                part = before / (before - after)
                found.append((x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
    return found
