"""The offline folder, opened from its files: no server, no network."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser

from evalkit.errors import EditionError
from evalkit.publish.folder import RECORD, Published, publish
from evalkit.publish.plan import Plan, plan
from evalkit.reference.texts import languages, text

pytestmark = pytest.mark.browser
PARTIES = ("CIV", "GHA", "PER")
INDICATORS = ("gef-grants", "reporting-rate", "emissions-to-air", "events-held")
LINK = re.compile(r'(?:href|src)="([^"]*)"')
KINDS = (
    "en/index.html",
    "en/indicator/gef-grants.html",
    "en/theme/support.html",
    "en/indicators.html",
    "en/parties.html",
    "en/party/GHA.html",
    "en/group/LDC.html",
    "en/methods.html",
    "en/data.html",
    "en/downloads.html",
    "en/scorecard.html",
)


@pytest.fixture(scope="module")
def held(edition) -> Plan:
    return plan(edition, languages()[:1], PARTIES, INDICATORS, ("scorecard",))


@pytest.fixture(scope="module")
def made(edition, held, tmp_path_factory) -> tuple[Published, Path]:
    """A small folder with its zip, and where its executed dashboards lie."""
    home = tmp_path_factory.mktemp("published")
    return publish(edition, home / "site", held, archive=True, work=home / "work"), home / "work"


@pytest.fixture(scope="module")
def folder(made) -> Path:
    return made[0].folder


def pages(folder: Path) -> list[Path]:
    return [one for one in sorted(folder.rglob("*.html")) if one.parent.name != "quality"]


def test_every_link_of_every_page_leads_to_a_file_of_the_folder(folder):
    files = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}
    lost, outside = [], []
    for path in pages(folder):
        for found in LINK.findall(path.read_text(encoding="utf-8")):
            address = urlsplit(html.unescape(found))
            if address.scheme == "data" or not address.path:
                continue
            if address.scheme or address.netloc:
                outside.append(found)
                continue
            to = (path.parent / unquote(address.path)).resolve()
            if not to.is_file() and not _left_out(to.name, held_here(folder)):
                lost.append(f"{path.relative_to(folder)}: {found}")
    assert outside == []
    assert lost == []
    assert {RECORD, "index.html", "static/plotly.js", "en/party/GHA.html"} <= files


def held_here(folder: Path) -> set[str]:
    return {one.stem for one in (folder / "downloads").glob("*.csv")}


def _left_out(name: str, files: set[str]) -> bool:
    """The small folder has the files of a few indicators; the scorecard names all of them."""
    stem, _, end = name.partition(".")
    return end in ("csv", "xlsx") and stem not in files


def test_every_figure_says_its_source_and_every_map_the_note_on_boundaries(folder):
    wrong = []
    for path in pages(folder):
        content = path.read_text(encoding="utf-8")
        language = path.relative_to(folder).parts[0]
        if "evalkit-explorer" in content:
            notes = re.findall(r'data-place="note">([^<]+)', content)
            if not notes or not all(len(one) > 10 for one in notes):
                wrong.append(f"{path}: no source")
            if html.escape(text("map.un_note", language)) not in content:
                wrong.append(f"{path}: no note on boundaries")
        parts = re.split(r'<div data-part="\d+" data-kind="', content)
        for i, one in enumerate(parts):
            after = "".join(parts[i : i + 3])
            if one.startswith(("figure", "map")) and "evalkit-note" not in after:
                wrong.append(f"{path}: figure without a source")
    assert wrong == []


@pytest.mark.soak
def test_the_same_edition_gives_the_same_bytes(made, edition, held, tmp_path):
    first, work = made
    again = publish(edition, tmp_path / "site", held, archive=True, work=work)
    record = json.loads((again.folder / RECORD).read_text(encoding="utf-8"))
    before = json.loads((first.folder / RECORD).read_text(encoding="utf-8"))
    differ = [one for one in before["files"] if before["files"][one] != record["files"].get(one)]
    assert differ == []
    assert again.archive.read_bytes() == first.archive.read_bytes()
    assert record["languages"] == list(held.languages)


def test_a_folder_of_somebody_else_stays_as_it_is(edition, held, tmp_path):
    (tmp_path / "letters.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(EditionError, match="not published by evalkit"):
        publish(edition, tmp_path, held)
    assert [one.name for one in tmp_path.iterdir()] == ["letters.txt"]


def test_without_a_script_the_first_choice_can_be_read(folder, chromium: Browser):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "en/index.html").as_uri())
    assert "at least" in page.inner_text(".evalkit-headline strong")
    assert page.locator(".evalkit-map-place").count() > 190
    assert page.locator(".evalkit-bars tr").count() == 7
    page.goto((folder / "en/indicator/gef-grants.html").as_uri())
    assert page.is_visible('[data-place="table"] tbody tr >> nth=100')
    context.close()


def test_choices_search_and_parties_in_the_page(folder, new_visit: Callable[..., object]):
    visit = new_visit(viewport={"width": 390, "height": 844})
    page = visit.open((folder / "en/index.html").as_uri())
    before = page.inner_text(".evalkit-headline strong")
    page.select_option("select[name=indicator]", "gef-grants")
    page.wait_for_function(
        "was => document.querySelector('.evalkit-headline strong').textContent !== was", arg=before
    )
    page.select_option("select[name=group]", "LDC")
    title = text("indicator.gef-grants.title")
    assert title in page.inner_text(".evalkit-headline")
    assert "Least developed" in page.inner_text(".evalkit-headline strong")
    assert "indicator=gef-grants" in page.url
    assert "group=LDC" in page.url
    outside = page.locator(".evalkit-map-legend li", has_text=text("map.outside"))
    assert outside.count() == 1
    # The address brings back what was seen.
    said = page.inner_text(".evalkit-headline")
    again = visit.open(page.url)
    again.reload()
    again.wait_for_selector("html[data-evalkit=ready]")
    assert again.inner_text(".evalkit-headline") == said
    # Found without its accents, opened by the keyboard.
    for wanted, path in (("cote d", "party/CIV.html"), ("ghana", "party/GHA.html")):
        again.fill("#evalkit-find", wanted)
        again.wait_for_selector("#evalkit-found a")
        found = again.get_attribute("#evalkit-found a >> nth=0", "href")
        assert found.endswith(path)
    again.keyboard.press("Enter")
    again.wait_for_url("**/party/GHA.html")
    assert again.inner_text("h1") == "Ghana"
    assert visit.errors == []
    assert all(url.startswith(("file://", "data:", "blob:")) for _, url in visit.requests)


def test_pages_have_no_barrier_and_fit_a_phone(folder, new_visit, axe_finds):
    visit = new_visit(viewport={"width": 360, "height": 740})
    wrong = {}
    for kind in KINDS:
        page = visit.open((folder / kind).as_uri())
        found = axe_finds(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if found or wide > 0:
            wrong[kind] = [*found, f"{wide} px too wide"]
    assert wrong == {}
    page.select_option("select[name=group]", "SIDS")
    page.wait_for_selector(".evalkit-recorded[data-redrawn]")
    assert "Small island" in page.inner_text(".evalkit-headline")
    assert visit.errors == []
