"""Make the outlines and markers of the world map from the UN Geodata (simplified), 50m.

Run by hand when the publisher's file changes; what it writes is kept in the repository::

    EVALKIT_REALDATA=../shared/data python tools/make_boundaries.py

The publisher's rings are stitched over the antimeridian as on a sphere. Here they are cut
at ±180° first, because everything after that (simplifying, rounding, areas) is planar.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely import LinearRing, MultiPolygon, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "data" / "reference" / "boundaries"
SOURCE = "un-geodata-50m"

GRID = 0.01  # degrees: two decimals, about 1 km
HALF_TURN = 180.0
DUST = 0.0004  # degrees: one step of the publisher's own grid, what a cut may leave over
ARC = 4.0  # degrees: longest segment, see `drawable`

# How coarsely is drawn what, in degrees, so that the file stays below 350 kB: a pixel of a
# world map 1,500 wide is a quarter of a degree.
EXACT, FINE, ISLET, COARSE, POLAR = 0.0, 0.03, 0.1, 0.2, 1.0
TINY_KM2, SMALL_KM2, ISLET_KM2 = 1_000, 30_000, 500
MARKER_KM2 = 3_000  # below this an outline is a speck on a world map

ADDED = {
    "EUE": (4.35, 50.85, "organisation without an outline; marker at Brussels"),
    "SMR": (12.46, 43.94, "no outline in the file of the United Nations"),
}

Geometries = NDArray[np.object_]


class Parts(NamedTuple):
    """Single polygons of a coverage: whose they are, and how large in km²."""

    entity: NDArray[np.str_]
    shape: Geometries
    km2: NDArray[np.float64]


def cut_ring(ring: LinearRing) -> MultiPolygon:
    """Return the area inside a ring, cut at ±180° and closed over the pole if it holds one.

    Parameters
    ----------
    ring : shapely.LinearRing
        A ring that may jump from one side of the antimeridian to the other.

    Returns
    -------
    shapely.MultiPolygon
        The pieces, each within ±180°. A ring without a jump comes back as it is.
    """
    xy = shapely.get_coordinates(ring)
    step = np.diff(xy[:, 0])
    if (np.abs(step) <= HALF_TURN).all():
        return MultiPolygon([Polygon(xy)])
    turn = np.where(np.abs(step) > HALF_TURN, -360 * np.sign(step), 0)
    xy[1:, 0] += np.cumsum(turn)
    if turn.sum() != 0:  # it goes once round the earth, so it encloses a pole
        pole = np.copysign(90.0, xy[:, 1].mean())
        xy = np.vstack([xy, [xy[-1, 0], pole], [xy[0, 0], pole], xy[0]])
    whole = shapely.make_valid(Polygon(xy), method="structure")
    windows = [(shapely.box(-180 + o, -90, 180 + o, 90), -o) for o in (-360, 0, 360)]
    moved = [translate(shapely.intersection(whole, w), back) for w, back in windows]
    pieces = [p for m in moved for p in shapely.get_parts(m) if isinstance(p, Polygon)]
    return MultiPolygon([p for p in pieces if p.bounds[2] - p.bounds[0] > DUST])


def cut(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry whose rings are all cut at ±180°, holes taken out."""
    pieces = []
    for polygon in shapely.get_parts(geometry):
        inside = [cut_ring(hole) for hole in polygon.interiors]
        outside = shapely.make_valid(cut_ring(polygon.exterior), method="structure")
        pieces.append(shapely.difference(outside, shapely.union_all(inside)) if inside else outside)
    return shapely.union_all(pieces)


def read_parts(path: Path) -> Parts:
    """Return the single polygons of every outline, cut, in the order of the ids."""
    # An id may have several rows. Rings may cross themselves until they are cut.
    frame = gpd.read_file(path, layer="countries", columns=["id"])
    names = np.array(sorted(set(frame["id"])))
    cuts = frame.geometry.map(cut)
    whole = np.array([shapely.union_all(cuts[frame["id"] == name].to_numpy()) for name in names])
    # The cut leaves differences in the last bits; a coverage wants equal points equal.
    whole = shapely.transform(whole, lambda xy: np.round(xy, 6))
    if not shapely.coverage_is_valid(whole):
        raise SystemExit(f"{path.name}: outlines overlap or do not meet; look at it first.")
    shape, of = shapely.get_parts(whole, return_index=True)
    return Parts(names[of], shape, areas(shape))


def areas(shapes: Geometries) -> NDArray[np.float64]:
    """Return the geodesic areas in km²."""
    geod = Geod(ellps="WGS84")
    return np.array([abs(geod.geometry_area_perimeter(s)[0]) / 1e6 for s in shapes])


def totals(parts: Parts) -> dict[str, float]:
    """Return the area of each entity in km²."""
    names = np.unique(parts.entity)
    return {str(n): float(parts.km2[parts.entity == n].sum()) for n in names}


def tolerances(parts: Parts) -> NDArray[np.float64]:
    """Return how coarsely each polygon may be drawn.

    Tiny countries stay as they are, small ones are drawn finely: they are looked at closely.
    Antarctica is coarse: no Party reports on it and its coast is long.
    """
    total = totals(parts)
    whole = np.array([total[str(name)] for name in parts.entity])
    level = np.full(len(parts.shape), COARSE)
    level[parts.km2 < ISLET_KM2] = ISLET
    level[whole < SMALL_KM2] = FINE
    level[whole < TINY_KM2] = EXACT
    level[parts.entity == "ATA"] = POLAR
    return level


def simplify(parts: Parts) -> Parts:
    """Return the polygons simplified, common borders staying common.

    `coverage_simplify` knows one tolerance for all. So it runs once for each level, the
    lines of every polygon are taken from its own level, the finer level deciding where two
    meet, and the polygons are built again from the lines.
    """
    level = tolerances(parts)
    lines, drawn = [], parts.shape.copy()
    done = np.zeros(len(level), dtype=bool)
    for tolerance in np.unique(level):
        coverage = shapely.coverage_simplify(parts.shape, tolerance)
        mine = level == tolerance
        drawn[mine] = coverage[mine]
        finer = shapely.union_all(shapely.boundary(coverage[done]))
        own = shapely.union_all(shapely.boundary(coverage[mine]))
        lines.append(shapely.difference(own, finer))
        done |= mine
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))
    return claim(faces, parts, drawn, level)


def claim(faces: Geometries, parts: Parts, drawn: Geometries, level: NDArray[np.float64]) -> Parts:
    """Return the faces with their owners: the finest polygon that holds a point of the face.

    A face that nobody holds is a lake or a piece of sea and is left out.
    """
    points = shapely.point_on_surface(faces)
    face, part = shapely.STRtree(drawn).query(points, predicate="within")
    order = np.lexsort((part, level[part], face))
    face, first = np.unique(face[order], return_index=True)
    owner = part[order][first]
    return Parts(parts.entity[owner], faces[face], parts.km2[owner])


def cells(shape: BaseGeometry) -> Polygon:
    """Return the cells of the grid that an islet lies in, at least one."""
    low = np.floor(np.array(shape.bounds[:2]) / GRID)
    high = np.maximum(np.floor(np.array(shape.bounds[2:]) / GRID), low + 1)
    return shapely.box(*np.round(np.concatenate([low, high]) * GRID, 2))


def snap(parts: Parts) -> dict[str, BaseGeometry]:
    """Return one outline for each entity, on the grid of two decimals.

    An islet smaller than the grid becomes the cell it lies in, so that no island vanishes;
    the neighbour (Monaco's, in the end) gives the cell up.
    """
    snapped = shapely.set_precision(parts.shape, GRID)
    lost = np.flatnonzero(shapely.is_empty(snapped))
    snapped[lost] = [cells(shape) for shape in parts.shape[lost]]
    names = np.unique(parts.entity)
    whole = [shapely.union_all(snapped[parts.entity == n], grid_size=GRID) for n in names]
    outlines = dict(zip(map(str, names), whole, strict=True))
    for islet, near in shapely.STRtree(whole).query(snapped[lost], predicate="overlaps").T:
        neighbour = str(names[near])
        if neighbour != parts.entity[lost[islet]]:
            cell = snapped[lost[islet]]
            outlines[neighbour] = shapely.difference(outlines[neighbour], cell, grid_size=GRID)
    return outlines


def drawable(geometry: BaseGeometry) -> BaseGeometry:
    """Return an outline whose straight borders stay on their parallel when drawn.

    d3-geo joins two points by a great circle: the border along 49° N, one segment of 20
    degrees, would bulge northward. Points in between keep it where it is.
    """
    dense = shapely.segmentize(geometry, ARC)
    on_grid = shapely.transform(dense, lambda xy: np.round(xy, 2))
    # d3-geo fills the side on the right of a ring: exteriors clockwise, or one country
    # covers the globe. Normalised first, so that the order of points is always the same.
    return shapely.orient_polygons(shapely.normalize(on_grid), exterior_cw=True)


def inner_point(name: str, parts: Parts) -> list[float]:
    """Return the point of an entity's largest polygon that is farthest from its edge."""
    mine = parts.entity == name
    largest = parts.shape[mine][parts.km2[mine].argmax()]
    circle = shapely.maximum_inscribed_circle(largest)
    return [round(float(v), 2) for v in shapely.get_coordinates(circle)[0]]


def collection(parts: Parts) -> dict[str, Any]:
    """Return the outlines as a GeoJSON FeatureCollection, sorted by id."""
    outlines = {name: drawable(g) for name, g in snap(simplify(parts)).items()}
    shapes = np.array(list(outlines.values()))
    missing = set(map(str, parts.entity)) - set(outlines)
    if missing or shapely.is_empty(shapes).any() or not shapely.is_valid(shapes).all():
        raise SystemExit(f"outlines lost or broken: {sorted(missing)}")
    if not shapely.coverage_is_valid(shapes):
        raise SystemExit("neighbours no longer share their borders; change the tolerances.")
    features = [
        {
            "type": "Feature",
            "id": name,
            "properties": {
                "kind": "disputed" if name.startswith("X") else "area",
                "at": inner_point(name, parts),
            },
            "geometry": shapely.geometry.mapping(outlines[name]),
        }
        for name in sorted(outlines)
    ]
    return {"type": "FeatureCollection", "features": features}


def markers(parts: Parts, states: set[str]) -> list[dict[str, str]]:
    """Return the rows of markers.csv: States too small to be seen, and those without outline.

    `parts` are the outlines before they were simplified, `states` all that may have a marker.
    """
    rows = {}
    for name, km2 in totals(parts).items():
        if name in states and km2 < MARKER_KM2:
            why = f"area {km2:.0f} km2 in the file, below {MARKER_KM2} km2"
            rows[name] = (*inner_point(name, parts), why, SOURCE, "derived")
    for name, row in ADDED.items():
        if name in set(parts.entity):
            raise SystemExit(f"{name} has an outline now: take it out of ADDED.")
        rows[name] = (*row, "memory", "memory")  # both the source and the basis
    columns = ("longitude", "latitude", "why", "source", "basis")
    return [
        {"entity": name, **{c: str(v) for c, v in zip(columns, rows[name], strict=True)}}
        for name in sorted(rows)
    ]


def write(folder: Path, world: dict[str, Any], rows: list[dict[str, str]]) -> None:
    """Write both files so that the same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(world, separators=(",", ":"), allow_nan=False) + "\n"
    (folder / "world.geojson").write_text(text, encoding="utf-8", newline="\n")
    with (folder / "markers.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(arguments: list[str] | None = None) -> None:
    """Read the publisher's files and write world.geojson and markers.csv."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to")
    out = parser.parse_args(arguments).out
    given = Path(os.environ.get("EVALKIT_REALDATA", ROOT.parent / "shared" / "data"))
    with (given / "parties" / "parties.csv").open(encoding="utf-8-sig", newline="") as stream:
        states = {row["iso3"] for row in csv.DictReader(stream)}
    parts = read_parts(given / "boundaries" / "un_world_50m.topojson")
    world, rows = collection(parts), markers(parts, states)
    write(out, world, rows)
    size = (out / "world.geojson").stat().st_size
    counts = f"{len(world['features'])} outlines, {size:,} bytes; {len(rows)} markers"
    sys.stdout.write(f"{counts}, written to {out}\n")


if __name__ == "__main__":
    main()
