"""Outlines of the world as paths of an SVG map, projected once.

Equal Earth in its closed form: B. Šavrič, T. Patterson and B. Jenny (2018), The Equal Earth map
projection, International Journal of Geographical Information Science 33 (3), 454-465.
The map is cut at 169° west, in the Bering Strait: the States of the Pacific lie together.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from typing import Any

from evalkit.reference import entities, outlines, tiles
from evalkit.views import map_rings, theme
from evalkit.views.map_patterns import COLOURS, MARKS
from evalkit.views.map_rings import Point, Ring

CENTRE = 11.0  # degrees east, in the middle of the map
CUT = CENTRE - 180
SOUTH, NORTH = -57.0, 84.0  # without the Antarctic
WIDTH = 10_000  # units of the drawing: four kilometres each at the equator
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2
REACH = math.pi / (_M * _A1)  # of the equator, each way
_SCALE = WIDTH / (2 * REACH)


def equal_earth(longitude: float, latitude: float) -> Point:
    """Return where the Equal Earth projection puts a point, on a sphere of radius 1.

    Parameters
    ----------
    longitude, latitude : float
        Degrees; the longitude is counted from the middle of the map.

    Returns
    -------
    tuple of two floats
        x to the east and y to the north.

    Examples
    --------
    >>> equal_earth(0, 0)
    (0.0, 0.0)
    >>> x, y = equal_earth(180, 90)
    >>> round(x, 6), round(y, 6)
    (1.603589, 1.317363)
    """
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    x = math.radians(longitude) * math.cos(theta) / (_M * slope)
    y = theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
    return x, y


_TOP = equal_earth(0, NORTH)[1]
HEIGHT = math.ceil((_TOP - equal_earth(0, SOUTH)[1]) * _SCALE)


def place(longitude: float, latitude: float) -> tuple[int, int]:
    """Return the whole units of the drawing for a longitude between CUT and CUT + 360.

    Examples
    --------
    >>> place(11, 0)[0], place(CUT, 0)[0], place(CUT + 360, 0)[0]
    (5000, 0, 10000)
    """
    x, y = equal_earth(longitude - CENTRE, latitude)
    return round((x + REACH) * _SCALE), round((_TOP - y) * _SCALE)


def path(rings: list[Ring]) -> str:
    """Return rings in degrees as the path of an SVG, in whole units and small steps.

    A ring that shrinks to nothing is left out, but not the first: no place is without a path.

    Examples
    --------
    >>> path([[(11, 0), (12, 0), (12, 1), (11, 0)]])
    'M5000 2414h28v-38z'
    """
    drawn = [_steps([place(*point) for point in ring]) for ring in rings]
    kept = [one for one in drawn if one]
    if not kept and rings:
        x, y = place(*rings[0][0])
        kept = [f"M{x} {y}h1v1h-1z"]
    return "".join(kept)


def _steps(points: list[tuple[int, int]]) -> str:
    moves = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(points)]
    moves = [move for move in moves if move != (0, 0)]
    if len(moves) < 3:
        return ""
    x, y = points[0]
    return f"M{x} {y}{''.join(map(_step, moves[:-1]))}z"


def _step(move: tuple[int, int]) -> str:
    x, y = move
    if y == 0:
        return f"h{x}"
    return f"l{x} {y}".replace(" -", "-") if x else f"v{y}"


@cache
def paths() -> dict[str, str]:
    """Return the path of each outline by id, but of those wholly beyond the map's south."""
    found = {}
    for feature in outlines.world()["features"]:
        rings = map_rings.cut_at(map_rings.rings(feature["geometry"]), CUT)
        if any(y > SOUTH for ring in rings for _, y in ring):
            found[feature["id"]] = path(rings)
    return found


@cache
def dots() -> dict[str, list[tuple[int, int]]]:
    """Return where the markers of small States lie; two for one on both sides of the map."""
    geometries = {one["id"]: one["geometry"] for one in outlines.world()["features"]}
    found = {}
    for marker in outlines.markers():
        at = (marker.longitude, marker.latitude)
        geometry = geometries.get(marker.entity)
        more = map_rings.other_side(map_rings.rings(geometry), at, CUT) if geometry else []
        found[marker.entity] = [place(*map_rings.shifted(one, CUT)) for one in (at, *more)]
    return found


@cache
def anchors() -> dict[str, tuple[int, int]]:
    """Return the point of each place that stands for it; of two markers the eastern one."""
    found = {
        one["id"]: place(*map_rings.shifted(tuple(one["properties"]["at"]), CUT))
        for one in outlines.world()["features"]
        if one["id"] in paths()
    }
    return found | {entity: max(two) for entity, two in dots().items()}


@cache
def sphere() -> str:
    """Return the path around the map: the sea."""
    latitudes = [SOUTH + (NORTH - SOUTH) * i / 36 for i in range(37)]
    west = [(CUT, latitude) for latitude in reversed(latitudes)]
    east = [(CUT + 360, latitude) for latitude in latitudes]
    return path([[*west, *east, west[0]]])


@cache
def boxes() -> dict[str, tuple[int, int, int, int]]:
    """Return x, y, width and height of each part of the world on the map."""
    found = {}
    for name, view in tiles.views().items():
        sides = [view.south + (view.north - view.south) * i / 8 for i in range(9)]
        corners = [place(x, y) for x in (view.west, view.east) for y in sides]
        xs, ys = zip(*corners, strict=True)
        found[name] = (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    return found


@cache
def tile_boxes() -> dict[str, tuple[int, int, int, int]]:
    """Return column, row, columns and rows that hold the tiles of each part of the world."""
    found = {}
    for name, box in boxes().items():
        inside = entities.members(name) if name in entities.regions() else _inside(box)
        columns, rows = zip(*(tiles.tiles()[one] for one in inside), strict=True)
        found[name] = (
            min(columns),
            min(rows),
            max(columns) - min(columns) + 1,
            max(rows) - min(rows) + 1,
        )
    return found


def _inside(box: tuple[int, int, int, int]) -> list[str]:
    left, top, width, height = box
    return [
        one
        for one, (x, y) in anchors().items()
        if one in entities.states() and left <= x <= left + width and top <= y <= top + height
    ]


def drawing() -> dict[str, Any]:
    """Return all that the page's script needs to draw maps, as plain data.

    Returns
    -------
    dict
        size; sphere; areas, which are nobody's, and disputed among them; places, the States;
        points, anchors; boxes of parts of the world; tiles, grid and tileBoxes; marks of
        patterns; colours and font.
    """
    states = entities.states()
    columns, rows = zip(*tiles.tiles().values(), strict=True)
    return {
        "size": [WIDTH, HEIGHT],
        "sphere": sphere(),
        "areas": {one: d for one, d in paths().items() if one not in states},
        "disputed": list(outlines.disputed()),
        "places": {one: paths().get(one, "") for one in order()},
        "points": {one: [list(at) for at in found] for one, found in dots().items()},
        "anchors": {one: list(anchors()[one]) for one in order()},
        "boxes": {one: list(box) for one, box in boxes().items()},
        "tiles": {one: list(at) for one, at in tiles.tiles().items()},
        "grid": [max(columns) + 1, max(rows) + 1],
        "tileBoxes": {one: list(box) for one, box in tile_boxes().items()},
        "marks": {one: list(mark) for one, mark in MARKS.items()},
        "colours": COLOURS,
        "font": theme.FONT,
    }


@cache
def order() -> tuple[str, ...]:
    """Return all States in the order in which they are drawn: those with markers on top."""
    small = {marker.entity for marker in outlines.markers()}
    return tuple(sorted(entities.states(), key=lambda one: (one in small, one)))
