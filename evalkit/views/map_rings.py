"""Rings of outlines before they are drawn: where the map is cut, and what is whole again."""

from __future__ import annotations

from typing import Any

Point = tuple[float, float]
Ring = list[Point]
_SEAM = 180.0  # where the outlines come cut


def rings(geometry: dict[str, Any]) -> list[Ring]:
    """Return all rings of a Polygon or MultiPolygon, holes among them."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [[(x, y) for x, y in ring] for polygon in polygons for ring in polygon]


def shifted(point: Point, cut: float) -> Point:
    """Return a point west of the cut as it lies beyond 180° east.

    Examples
    --------
    >>> shifted((-175, -21), -169), shifted((-157, 1), -169)
    ((185, -21), (-157, 1))
    """
    x, y = point
    return (x + 360, y) if x < cut else point


def cut_at(given: list[Ring], cut: float) -> list[Ring]:
    """Return rings for a map that is cut at a meridian west of America.

    A ring lies on the side where its middle is; what was cut at 180° is joined again.

    Parameters
    ----------
    given : list of rings
        Closed, in degrees, cut at 180°.
    cut : float
        The meridian, between -180 and -160.
    """
    moved = []
    for ring in given:
        xs = [x for x, _ in ring]
        whole = (min(xs) + max(xs)) / 2 < cut
        moved.append([(x + 360, y) for x, y in ring] if whole else ring)
    return _joined(moved)


def _joined(given: list[Ring]) -> list[Ring]:
    """Join each ring that ends at the seam from the east with its other half."""
    west = [ring for ring in given if _touches(ring) and max(x for x, _ in ring) <= _SEAM]
    east = [ring for ring in given if _touches(ring) and min(x for x, _ in ring) >= _SEAM]
    found = [ring for ring in given if ring not in west and ring not in east]
    for ring in west:
        half = next((one for one in east if _overlap(_on_seam(ring), _on_seam(one))), None)
        if half is None:
            found.append(ring)
            continue
        east.remove(half)
        joined = _open(ring) + _open(half)
        found.append([*joined, joined[0]])
    return found + east


def _on_seam(ring: Ring) -> list[float]:
    return [y for x, y in ring if x == _SEAM]


def _touches(ring: Ring) -> bool:
    return len(set(_on_seam(ring))) > 1


def _overlap(one: list[float], other: list[float]) -> bool:
    return max(min(one), min(other)) < min(max(one), max(other))


def _open(ring: Ring) -> list[Point]:
    """Return the points of a ring from where it leaves the seam to where it comes back."""
    points = ring[:-1]
    for i, (x, _) in enumerate(points):
        after = points[(i + 1) % len(points)]
        if x == _SEAM and after[0] != _SEAM:
            turned = points[i:] + points[:i]
            inner = [at for at in turned if at[0] != _SEAM]
            last = next(at for at in reversed(turned) if at[0] == _SEAM)
            return [turned[0], *inner, last if last != turned[0] else turned[0]]
    return points


def other_side(given: list[Ring], at: Point, cut: float) -> list[Point]:
    """Return the middle of the largest ring across the cut from a point, if there is one.

    Examples
    --------
    >>> ring = [(172, 1), (174, 1), (174, 3), (172, 3), (172, 1)]
    >>> other_side([ring], (-157.6, 1.8), -169), other_side([ring], (172, 1), -169)
    ([(173.0, 2.0)], [])
    """
    is_east = shifted(at, cut)[0] > 0
    across = []
    for ring in given:
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        if (shifted(middle, cut)[0] > 0) != is_east:
            across.append(((max(xs) - min(xs)) * (max(ys) - min(ys)), middle))
    return [max(across)[1]] if across else []
