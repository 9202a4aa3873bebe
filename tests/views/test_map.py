"""The map that the page draws itself: projection, outlines, tiles, classes, words."""

import gzip
import json
import math
import re
from itertools import combinations, pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import EvalkitError
from evalkit.model import Status
from evalkit.reference import entities, outlines, tiles
from evalkit.reference.texts import text
from evalkit.views import map_data, map_paths, map_rings, map_svg, theme
from evalkit.views.classes import Class, classes
from evalkit.views.map_patterns import MARKS
from evalkit.views.world_map import world_map

KILOMETRES = 6371.0072 / map_paths._SCALE  # of one unit of the drawing, on a sphere of equal area
longitudes = st.floats(-180, 180)
latitudes = st.floats(-89, 89)


# --- the projection -----------------------------------------------------------------------------


def test_the_projection_gives_the_points_that_others_give():
    """The example of the manual of PROJ, and the height of a pole that its source states."""
    assert map_paths.equal_earth(122, 47) == pytest.approx((1.55, 0.89), abs=0.005)
    assert map_paths.equal_earth(0, 90)[1] == pytest.approx(1.3173627591574, abs=1e-12)
    assert map_paths.equal_earth(180, 0)[0] == pytest.approx(map_paths.REACH, abs=1e-12)


@given(longitudes, latitudes)
def test_areas_are_equal_everywhere(longitude, latitude):
    """The stretch of a small square is the cosine of its latitude: that of the sphere."""
    step = 1e-4
    east = map_paths.equal_earth(longitude + step, latitude)[0]
    west = map_paths.equal_earth(longitude - step, latitude)[0]
    north = map_paths.equal_earth(longitude, latitude + step)[1]
    south = map_paths.equal_earth(longitude, latitude - step)[1]
    stretch = (east - west) * (north - south) / math.radians(2 * step) ** 2
    assert stretch == pytest.approx(math.cos(math.radians(latitude)), rel=1e-4, abs=1e-6)


@given(longitudes, latitudes)
def test_the_projection_is_symmetric(longitude, latitude):
    x, y = map_paths.equal_earth(longitude, latitude)
    assert map_paths.equal_earth(-longitude, latitude) == pytest.approx((-x, y))
    assert map_paths.equal_earth(longitude, -latitude) == pytest.approx((x, -y))


@given(st.floats(-57, 84))
def test_the_two_edges_are_the_same_meridian(latitude):
    west, east = map_paths.place(map_paths.CUT, latitude), map_paths.place(191, latitude)
    assert west[0] + east[0] == pytest.approx(map_paths.WIDTH, abs=1)
    assert west[1] == east[1]


# --- outlines -----------------------------------------------------------------------------------


def corners(path):
    """The rings of a path as points, from its steps."""
    for ring in path.split("M")[1:]:
        x, y = map(int, re.match(r"(\d+) (\d+)", ring).groups())
        points = [(x, y)]
        for kind, numbers in re.findall(r"([hvl])([-\d ]+)", ring):
            steps = [int(one) for one in re.findall(r"-?\d+", numbers)]
            x += 0 if kind == "v" else steps[0]
            y += 0 if kind == "h" else steps[-1]
            points.append((x, y))
        yield points


def area(path):
    rings = [[*points, points[0]] for points in corners(path)]
    sums = [sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2 for ring in rings]
    return abs(sum(sums)) * KILOMETRES**2


@pytest.mark.parametrize(
    ("state", "square_kilometres"),  # surface areas, Demographic Yearbook of the United Nations
    [("BRA", 8_515_767), ("AUS", 7_692_060), ("DZA", 2_381_741), ("RUS", 17_098_246)],
)
def test_a_state_is_as_large_as_it_is(state, square_kilometres):
    assert area(map_paths.paths()[state]) == pytest.approx(square_kilometres, rel=0.03)


def test_every_outline_lies_on_the_map_but_the_antarctic():
    assert set(outlines.ids()) - set(map_paths.paths()) == {"ATA"}
    for name, path in map_paths.paths().items():
        points = [point for ring in corners(path) for point in ring]
        assert points, name
        assert min(x for x, _ in points) >= 0, name
        assert max(x for x, _ in points) <= map_paths.WIDTH + 30, name  # an island at the cut
        assert min(y for _, y in points) >= 0, name
    drawn = {one for one in map_paths.paths() if one in entities.states()}
    assert set(entities.states()) - drawn == {"EUE", "SMR"}
    assert {*drawn, *map_paths.dots()} == set(entities.states())


def test_what_was_cut_at_180_degrees_is_whole():
    geometries = {one["id"]: one["geometry"] for one in outlines.world()["features"]}
    for state in ("RUS", "FJI"):
        given_rings = map_rings.rings(geometries[state])
        joined = map_rings.cut_at(given_rings, map_paths.CUT)
        assert len(joined) < len(given_rings)
        largest = max(joined, key=len)
        edges = pairwise(largest)
        assert [one for one in edges if one[0] != one[1] and one[0][0] == one[1][0] == 180.0] == []
    east = max(x for ring in corners(map_paths.paths()["RUS"]) for x, _ in ring)
    land = max(corners(map_paths.paths()["RUS"]), key=len)
    assert max(x for x, _ in land) == east  # Chukotka belongs to the mainland
    fiji = [x for ring in corners(map_paths.paths()["FJI"]) for x, _ in ring]
    assert max(fiji) - min(fiji) < 200


def test_a_small_state_has_a_marker_and_one_on_both_sides_has_two():
    points = map_paths.dots()
    assert set(points) == {marker.entity for marker in outlines.markers()}
    assert [one for one, found in points.items() if len(found) == 2] == ["KIR"]
    (line, _), (gilbert, _) = points["KIR"]
    assert line < 500
    assert gilbert > 9_000


def test_the_outlines_are_light_and_always_the_same():
    script = map_svg.outlines_script()
    assert script == map_svg.outlines_script()
    assert script.startswith("window.evalkitOutlines = {")
    assert len(gzip.compress(script.encode(), mtime=0)) < 150_000
    assert "</" not in script


# --- parts of the world, tiles --------------------------------------------------------------------


@pytest.mark.parametrize("group", entities.regions())
def test_a_regional_group_is_in_its_part_of_the_world(group):
    left, top, width, height = map_paths.boxes()[group]
    column, row, columns, rows = map_paths.tile_boxes()[group]
    for state in entities.members(group):
        x, y = map_paths.anchors()[state]
        assert left <= x <= left + width, state
        assert top <= y <= top + height, state
        at = tiles.tiles()[state]
        assert column <= at[0] < column + columns, state
        assert row <= at[1] < row + rows, state


def test_every_part_of_the_world_has_a_name():
    assert set(map_data.PARTS) == set(tiles.views())


def test_every_state_has_one_tile_of_its_own():
    assert set(tiles.tiles()) == set(entities.states())
    assert len(set(tiles.tiles().values())) == len(tiles.tiles()) == 195


def test_tiles_lie_as_the_states_do():
    """Of two States of a group far apart on the map, the western has the western tile."""
    tile = tiles.tiles()
    seen, wrong = 0, []
    for group in entities.regions():
        for one, other in combinations(entities.members(group), 2):
            for axis, far in ((0, 500), (1, 300)):
                apart = map_paths.anchors()[one][axis] - map_paths.anchors()[other][axis]
                if abs(apart) > far:
                    seen += 1
                    steps = tile[one][axis] - tile[other][axis]
                    wrong += [(one, other)] if steps * apart < 0 else []
    assert seen > 3_000
    assert len(wrong) / seen < 0.02, wrong


@pytest.mark.parametrize(
    "pair",
    ["PRT ESP", "GHA TGO", "NOR SWE", "COL VEN", "CHN PRK", "ZAF LSO", "IND BGD", "FRA BEL"],
)
def test_tiles_of_neighbours_touch(pair):
    (x, y), (x1, y1) = (tiles.tiles()[one] for one in pair.split())
    assert max(abs(x - x1), abs(y - y1)) == 1


# --- what is shown --------------------------------------------------------------------------------


def rows(states, status=Status.OK, value=2e6):
    return pd.DataFrame(
        {
            "indicator": "gef-grants",
            "entity": list(states),
            "value": value if status == Status.OK else math.nan,
            "low": math.nan,
            "high": math.nan,
            "unit": "USD",
            "series": "",
            "period": "all",
            "status": str(status),
            "basis": "reported",
        }
    )


def shown(given_rows, found=None):
    found = found or classes(given_rows, "gef-grants", "USD", "en")
    return map_data.map_data(given_rows, found, title="Grants", notes=["Source: a test."])


def told(data, place):
    return [data["lines"][i] for i in data["places"][place][1:]]


def test_each_place_is_in_one_class_and_says_what_the_live_map_says():
    states = sorted(entities.states())
    mixed = pd.concat(
        [rows(states[:60]), rows(states[60:90], value=0.0), rows(states[90:], Status.NOT_LOADED)]
    )
    data = shown(mixed)
    assert set(data["places"]) == set(states)
    assert sum(one["count"] for one in data["classes"]) == 195
    assert told(data, states[0]) == ["US$ 2.0 million", text("map.basis", basis="reported")]
    assert told(data, states[-1])[0] == text("status.not_loaded")
    assert data["classes"][data["places"][states[-1]][0]]["label"] == text("status.not_loaded")
    figure = world_map(mixed, classes(mixed, "gef-grants", "USD", "en"), title="t", note="n")
    live = dict(zip(figure.data[0].locations, figure.data[0].text, strict=True))
    assert live["GHA"].split("<br>")[1:] == told(data, "GHA")
    assert figure.layout.meta["map"]["places"] == data["places"]  # for pages without plotly
    assert json.loads(json.dumps(data)) == data
    assert len(json.dumps(data)) < 6_000


def test_a_state_outside_the_group_says_so():
    data = shown(rows(entities.members("AFRICA")))
    assert told(data, "FRA") == [text("map.outside")]
    last = data["classes"][-1]
    assert (last["label"], last["count"]) == (text("map.outside"), 195 - 54)
    assert data["places"]["FRA"][0] == len(data["classes"]) - 1


def test_a_row_in_no_class_is_refused():
    with pytest.raises(EvalkitError, match="2 rows fall into no class of the map: FRA, GHA"):
        shown(rows(["GHA", "FRA"]), [Class("up to 1", "#ffffff", 0, 1)])


def test_no_status_is_told_by_colour_alone():
    assert set(theme.MAP_PATTERNS) == set(Status) - {Status.OK}
    used = [*theme.MAP_PATTERNS.values(), theme.ZERO_PATTERN, theme.DISPUTED_PATTERN]
    assert len(set(used)) == len(used)
    assert set(used) == set(MARKS)
    assert theme.STATUS_PATTERNS.items() <= theme.MAP_PATTERNS.items()  # as bars have them


def test_words_are_shown_as_they_are_and_never_run():
    hostile = "<b>Overdue</b><br>1 &lt; 2 <script>alert(1)</script>"
    given_rows = rows(entities.states()).assign(said=hostile)
    data = shown(given_rows)
    data["title"] = '"><script>alert(2)</script>'
    assert told(data, "GHA")[:2] == ["Overdue", "1 < 2 <script>alert(1)</script>"]
    page = map_svg.figure(data, map_data.words())
    assert "<script" not in page
    assert page.count('data-place="') == page.count("<title>") == 195


def test_a_map_without_a_script_has_its_legend_and_the_note_on_boundaries():
    words = map_data.words()
    page = map_svg.figure(shown(rows(entities.members("AFRICA"))), words)
    assert "Source: a test." in page
    assert "do not imply official endorsement or acceptance by the United Nations" in page
    assert "(54)" in page
    assert "(141)" in page
    assert words["nobody"].replace("'", "&#x27;") in page
    assert len(set(re.findall(r' id="([^"]+)"', page))) == page.count(' id="')


@pytest.mark.parametrize("name", ["words_script", "outlines_script"])
def test_a_script_is_data_alone(name):
    arguments = (map_data.words(),) if name == "words_script" else ()
    script = getattr(map_svg, name)(*arguments)
    assert re.fullmatch(r"window\.\w+ = (\{.*\});\n", script, re.DOTALL)
    assert json.loads(script.split(" = ", 1)[1].rstrip(";\n"))
