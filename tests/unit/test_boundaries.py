"""The outlines and markers of the world map: whole, valid, and drawn the right way round."""

import csv
import json
import math
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import shapely

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
WORLD = REFERENCE / "boundaries" / "world.geojson"
MARKERS = REFERENCE / "boundaries" / "markers.csv"
UN_MEMBERS = 193
NOT_MEMBERS = {"PSE", "EUE"}  # an observer State and an organisation


@cache
def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def features():
    return json.loads(WORLD.read_text(encoding="utf-8"))["features"]


@cache
def outlines():
    return {f["id"]: shapely.geometry.shape(f["geometry"]) for f in features()}


@cache
def markers():
    return {row["entity"]: row for row in rows(MARKERS)}


@cache
def parties():
    return {row["iso3"] for row in rows(REFERENCE / "parties.csv")}


def exteriors(*, without=()):
    for name, outline in outlines().items():
        if name not in without:
            for part in shapely.get_parts(outline):
                yield name, part.exterior


def segments(outline):
    for part in shapely.get_parts(outline):
        for ring in (part.exterior, *part.interiors):
            points = list(ring.coords)
            yield from (frozenset(pair) for pair in pairwise(points))


def kilometres(pair):
    (lon1, lat1), (lon2, lat2) = (map(math.radians, point) for point in pair)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


def shared_km(one, other):
    both = set(segments(outlines()[one])) & set(segments(outlines()[other]))
    return sum(map(kilometres, both))


def test_ids_are_there_once_and_sorted():
    ids = [f["id"] for f in features()]
    assert len(ids) >= 230
    assert ids == sorted(set(ids))


def test_file_is_small_and_in_its_one_form():
    text = WORLD.read_text(encoding="utf-8")
    assert len(text.encode()) < 400_000
    assert text == json.dumps(json.loads(text), separators=(",", ":")) + "\n"


def test_every_outline_is_valid_and_not_empty():
    bad = {
        name: shapely.is_valid_reason(outline)
        for name, outline in outlines().items()
        if not outline.is_valid or outline.is_empty or outline.area == 0
    }
    assert not bad
    assert {outline.geom_type for outline in outlines().values()} == {"Polygon", "MultiPolygon"}


def test_outlines_neither_overlap_nor_leave_gaps_at_borders():
    assert shapely.coverage_is_valid(list(outlines().values()))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ("FRA", "ESP", 200),
        ("CAN", "USA", 6000),
        ("CHE", "LIE", 10),
        ("AND", "FRA", 20),
        ("ZAF", "LSO", 500),
        ("PSE", "ISR", 200),
        ("IND", "XJK", 300),
    ],
)
def test_neighbours_keep_their_common_border(one, other, km):
    assert shared_km(one, other) > km


def test_coordinates_are_on_the_globe_with_two_decimals():
    for outline in outlines().values():
        for longitude, latitude in shapely.get_coordinates(outline):
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90
            assert round(longitude, 2) == longitude
            assert round(latitude, 2) == latitude


def test_exteriors_run_clockwise_and_holes_the_other_way():
    # d3-geo fills the other side else: one country covers the globe.
    for name, ring in exteriors():
        assert not ring.is_ccw, name
    for name, outline in outlines().items():
        for part in shapely.get_parts(outline):
            assert all(hole.is_ccw for hole in part.interiors), name


def test_no_ring_crosses_the_antimeridian():
    for name, ring in exteriors(without={"ATA"}):
        west, _, east, _ = ring.bounds
        assert east - west <= 180, name


def test_russia_and_fiji_reach_both_sides_of_the_antimeridian():
    for name in ("RUS", "FJI"):
        west, _, east, _ = outlines()[name].bounds
        assert (west, east) == (-180, 180), name


def test_antarctica_closes_over_the_pole():
    assert outlines()["ATA"].bounds[:3] == (-180, -90, 180)


def test_no_segment_is_so_long_that_a_great_circle_leaves_its_parallel():
    # Along Antarctica's edge at the pole all points are one.
    for name, outline in outlines().items():
        for pair in segments(outline):
            west, east = sorted(longitude for longitude, _ in pair)
            assert east - west < 4.02, name


def test_ids_with_x_are_disputed_and_no_other():
    kinds = {f["id"]: f["properties"]["kind"] for f in features()}
    disputed = {name for name, kind in kinds.items() if kind == "disputed"}
    assert disputed == {name for name in kinds if name.startswith("X")}
    assert {"XAC", "XAP", "XJK"} <= disputed
    assert set(kinds.values()) == {"area", "disputed"}


def test_inner_points_lie_in_or_at_their_outline():
    # An islet may be no wider than the rounding of the point.
    for f in features():
        point = shapely.Point(f["properties"]["at"])
        assert outlines()[f["id"]].distance(point) < 0.02, f["id"]


def test_every_member_of_the_united_nations_is_on_the_map():
    members = parties() - NOT_MEMBERS
    assert len(members) == UN_MEMBERS
    assert not members - set(outlines()) - set(markers())


def test_every_party_can_be_shown():
    assert not parties() - set(outlines()) - set(markers())


def test_what_has_no_outline_is_known():
    assert parties() - set(outlines()) == {"SMR", "EUE"}


def test_markers_are_parties_each_once_and_sorted():
    names = [row["entity"] for row in rows(MARKERS)]
    assert names == sorted(set(names))
    assert set(names) <= parties()
    assert {"TUV", "NRU", "SMR", "EUE", "MCO", "MHL"} <= set(names)


def test_markers_say_why_and_on_what_they_rest():
    assert list(rows(MARKERS)[0]) == ["entity", "longitude", "latitude", "why", "source", "basis"]
    assert all(row["why"] and row["source"] for row in rows(MARKERS))
    for column in ("source", "basis"):
        assert {n for n, row in markers().items() if row[column] == "memory"} == {"SMR", "EUE"}
    derived = [row for row in rows(MARKERS) if row["basis"] == "derived"]
    assert Counter(row["source"] for row in derived) == {"un-geodata-50m": len(markers()) - 2}


def test_markers_sit_on_their_outline():
    for name, row in markers().items():
        point = shapely.Point(float(row["longitude"]), float(row["latitude"]))
        if name in outlines():
            assert outlines()[name].distance(point) < 0.02, name


def test_places_that_are_known_lie_where_they_should():
    for name, longitude, latitude in [
        ("NZL", 174.5, -39.0),
        ("RUS", -175.0, 66.5),
        ("FJI", 178.0, -17.8),
        ("ATA", 0.0, -89.0),
        ("ATA", -90.0, -80.0),
        ("ITA", 12.46, 43.94),
        ("LSO", 28.2, -29.5),
    ]:
        found = [n for n, o in outlines().items() if o.contains(shapely.Point(longitude, latitude))]
        assert found == [name]
