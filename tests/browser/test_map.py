"""The world map of the offline folder, from file:// with every outside address blocked."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page

from evalkit.model import Status
from evalkit.reference import entities, outlines
from evalkit.views import map_data, map_svg
from evalkit.views.classes import classes

pytestmark = pytest.mark.browser
STATIC = Path(map_data.__file__).parents[1] / "publish" / "static"
NOTE = "Source: made for this test; latest 3 November 2025."
WITHOUT = [status for status in Status if status != Status.OK]
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Map</title>
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src file:; style-src file:; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="map.css">
<script defer src="outlines.js"></script><script defer src="words.js"></script>
<script defer src="map.js"></script><script defer src="start.js"></script></head>
<body><main><h1>A map</h1><div id="map">{static}</div></main></body></html>"""
START = """window.made = {made};
window.chosen = [];
const box = document.getElementById("map");
window.before = box.querySelector(".evalkit-map-drawing");
box.addEventListener("evalkit:choose", (event) => window.chosen.push(event.detail));
window.map = evalkit.map(box, made[0]);
"""
DIFFERENCES = """() => {
    const drawn = document.querySelector("#map .evalkit-map-drawing");
    // For keys and screen readers, or fitted to the screen:
    const apart = /^(aria-|role$|tabindex$|patternTransform$|r$)/;
    const said = (one) => one.getAttribute("aria-label") ?? one.querySelector("title").textContent;
    const plain = (svg) => [svg, ...svg.querySelectorAll(":not(title)")].map((one) => {
        const told = [...one.attributes].filter((at) => !apart.test(at.name));
        const words = one.dataset.place ? said(one) : "";
        const all = told.map((at) => `${at.name}=${at.value}`).sort();
        return [one.localName, words, ...all].join(" ");
    });
    const [one, other] = [plain(window.before), plain(drawn)];
    const longest = one.length > other.length ? one : other;
    return longest.map((_, i) => [one[i], other[i]]).filter(([a, b]) => a !== b).slice(0, 3);
}"""
DOTS = """[...document.querySelectorAll(".evalkit-map-dot")]
    .map((one) => one.parentNode.dataset.place)"""
MARKS = """[...document.querySelectorAll(".evalkit-map-legend li")].map((one) =>
    one.querySelector("pattern path")?.getAttribute("d")
    || one.querySelector("rect").getAttribute("fill"))"""
TIMES = """() => ["world", "tiles"].map((mode) => {
    map.show(mode);
    const found = [1, 0, 1, 0, 1].map((i) => {
        const start = performance.now();
        map.update(made[i]);
        map.box.getBoundingClientRect();
        return performance.now() - start;
    });
    return found.sort((a, b) => a - b)[2];
})"""


def data(shift: int) -> dict[str, Any]:
    """Every State has a value, a zero or one of the statuses; `shift` moves them along."""
    kinds = [3e5, 2e6, 5e7, 0.0, *WITHOUT]
    states = sorted(entities.states())
    rows = pd.DataFrame(
        {
            "indicator": "gef-grants",
            "entity": states,
            "value": [_value(kinds[(i + shift) % len(kinds)]) for i in range(len(states))],
            "status": [_status(kinds[(i + shift) % len(kinds)]) for i in range(len(states))],
            "low": math.nan,
            "high": math.nan,
            "unit": "USD",
            "series": "",
            "period": "all",
            "basis": "reported",
        }
    )
    title = f"GEF grants for mercury, case {shift}"
    found = classes(rows, "gef-grants", "USD", "en")
    return map_data.map_data(rows, found, title=title, notes=[NOTE])


def _value(kind: float | Status) -> float:
    return math.nan if isinstance(kind, Status) else kind


def _status(kind: float | Status) -> str:
    return str(kind if isinstance(kind, Status) else Status.OK)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("map")
    made, words = [data(0), data(5)], map_data.words()
    for name in ("map.js", "map.css"):
        shutil.copy(STATIC / name, home)
    written = {
        "outlines.js": map_svg.outlines_script(),
        "words.js": map_svg.words_script(words),
        "start.js": START.replace("{made}", json.dumps(made)),
        "index.html": PAGE.replace("{static}", map_svg.figure(made[0], words)),
    }
    for name, text in written.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def opened(visit: Any, folder: Path) -> Page:
    visit.page.goto((folder / "index.html").as_uri())
    visit.page.wait_for_function("window.map")
    return visit.page


def said(page: Page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label') || ''")


def test_the_map_is_for_everybody(
    visit: Any, folder: Path, axe_finds: Callable[[Page], list[str]], capsys: Any
) -> None:
    page = opened(visit, folder)
    # Without a script it is the same drawing.
    assert page.evaluate(DIFFERENCES) == []

    # All places by keyboard: one stop of the Tab key, then arrows by name, letters, Enter.
    page.keyboard.press("Tab")
    while not said(page):
        page.keyboard.press("Tab")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "option":
            break
    assert said(page).startswith("Afghanistan. ")
    seen = set()
    for _ in entities.states():
        seen.add(page.evaluate("document.activeElement.dataset.place"))
        page.keyboard.press("ArrowRight")
    assert seen == set(entities.states())
    page.keyboard.press("t")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("g")
    name = said(page).split(". ")[0]
    assert name.startswith("G")
    tip = page.locator(".evalkit-map-tip")
    assert tip.inner_text().startswith(name)
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    page.keyboard.press("Enter")
    assert [one["name"] for one in page.evaluate("chosen")] == [name]

    # A marker for each small State; each class of the legend has its own colour and pattern.
    dots = page.evaluate(DOTS)
    small = {marker.entity for marker in outlines.markers()}
    assert set(dots) == small
    assert len(small) == 29  # 22 vanish at one to 110 million; the EU, and small ones at ours
    marks = page.evaluate(MARKS)
    assert len(set(marks)) == len(marks) == len(page.evaluate("made[0].classes")) + 1

    for act in ("", "map.show('tiles')", "map.look('AFRICA')"):
        page.evaluate(act or "0")
        assert axe_finds(page) == []
    assert visit.errors == []
    visit.assert_no_outside_request()
    times = page.evaluate(TIMES)
    with capsys.disabled():
        print(f"\nredrawn in {times[0]:.1f} ms (world), {times[1]:.1f} ms (tiles)")


def test_a_picture_says_all_by_itself(visit: Any, folder: Path) -> None:
    page = opened(visit, folder)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save the map as SVG").click()
    text = Path(taken.value.path()).read_text(encoding="utf-8")
    drawn = page.evaluate(
        """text => {
          const found = new DOMParser().parseFromString(text, "image/svg+xml");
          const all = [...found.querySelectorAll("text")].map((one) => one.textContent);
          return { said: all.join(" "), shapes: found.querySelectorAll("[data-place]").length,
                   broken: found.querySelectorAll("parsererror").length };
        }""",
        text,
    )
    told = page.evaluate("made[0]")
    assert drawn["broken"] == 0
    assert drawn["shapes"] == len(entities.states())
    for part in (told["title"], NOTE, map_data.words()["boundaries"], map_data.words()["nobody"]):
        assert part in drawn["said"]
    for one in told["classes"]:
        assert f"{one['label']} ({one['counted']})" in drawn["said"]
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save the map as PNG").click()
    assert taken.value.suggested_filename == "gef-grants-for-mercury-case-0.png"
    assert Path(taken.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert visit.errors == []


def test_two_maps_are_compared_on_a_phone(
    new_visit: Callable[..., Any], folder: Path, axe_finds: Callable[[Page], list[str]]
) -> None:
    visit = new_visit(viewport={"width": 360, "height": 740})
    page = opened(visit, folder)
    page.evaluate("map.update(made[0], made[1])")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.evaluate("map.look('CARIBBEAN')")
    page.locator("[data-place=DOM]").first.hover()
    tip = page.locator(".evalkit-map-tip").inner_text().split("\n")
    assert tip[0] == "Dominican Republic"
    assert [line for line in tip if line.startswith("GEF grants")] == [
        "GEF grants for mercury, case 0",
        "GEF grants for mercury, case 5",
    ]
    assert page.evaluate(
        "[...document.querySelectorAll('.evalkit-map-pointed')].every(one => one.getAttribute('d'))"
    )
    page.locator(".evalkit-map-tip").hover()  # words can be pointed at and stay
    page.wait_for_timeout(400)
    assert page.locator(".evalkit-map-tip").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".evalkit-map-tip").is_hidden()
    counts = page.locator(".evalkit-map-count").all_inner_texts()
    assert all(count.count("|") == 1 for count in counts)
    page.locator("[data-place=DOM]").first.click()
    page.get_by_role("button", name="Zoom in").click()
    part = page.get_by_label("Part of the world")
    assert part.evaluate("one => one.selectedIndex") == -1  # no part with a name
    assert page.evaluate("chosen.map((one) => one.place)") == ["DOM"]
    assert axe_finds(page) == []
    page.evaluate("map.update(made[1])")
    assert page.locator(".evalkit-map-pane").count() == 1
    assert page.locator("[data-place=DOM]").get_attribute("aria-selected") == "true"
    assert visit.errors == []
