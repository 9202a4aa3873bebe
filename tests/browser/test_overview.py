"""The overview dashboard as a delegate meets it, every outside address blocked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page

from evalkit.reference.rows import rows as reference
from evalkit.serve import Server

pytestmark = pytest.mark.browser

DRAWN = """() => [...document.querySelectorAll('.choroplethlayer path')]
    .filter(path => (path.getAttribute('d') || '').length > 4).length"""
TITLE = ".evalkit-title >> nth=0"


@pytest.fixture(scope="module")
def opened(dashboard_server: Server, new_visit: Any) -> Iterator[Any]:
    """The overview at its default choice, in one visit for the module."""
    visit = new_visit(viewport={"width": 1280, "height": 1000})
    visit.open(dashboard_server.address)
    wait_for_map(visit.page)
    return visit


def wait_for_map(page: Page) -> None:
    """Wait until the map that the title announces is drawn."""
    page.wait_for_function(f"() => ({DRAWN})() >= 190")
    page.wait_for_function(
        """() => {
            const map = document.querySelector('.choroplethlayer')?.closest('.js-plotly-plot');
            const title = document.querySelector('.evalkit-title')?.textContent;
            return map?.layout?.meta?.title === title;
        }"""
    )


def choose(page: Page, label: str, option: str) -> None:
    """Choose in a dropdown and wait until the title of the map tells the new choice."""
    before = page.locator(TITLE).inner_text()
    page.get_by_label(label, exact=True).select_option(label=option)
    page.wait_for_function(
        "([selector, before]) => document.querySelector(selector).innerText !== before",
        arg=[".evalkit-title", before],
    )
    wait_for_map(page)


def colours(page: Page) -> list[str]:
    return page.evaluate(
        """() => [...document.querySelectorAll('.choroplethlayer path')]
            .map(path => getComputedStyle(path).fill)"""
    )


def test_map_draws_the_outlines_and_small_states_as_markers(opened):
    assert opened.page.evaluate(DRAWN) >= 190
    told = opened.page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')]
            .flatMap(one => one.data || []).filter(trace => trace.type === 'scattergeo')
            .flatMap(trace => trace.customdata || [])"""
    )
    assert {"TUV", "NRU", "SMR"} <= set(told)
    points = opened.page.locator(".scatterlayer path.point, .scattergeo path.point").count()
    assert points >= 25


def test_nothing_is_asked_of_another_host(opened):
    opened.assert_no_outside_request()


def test_headline_bars_and_table_say_the_same_number(opened):
    page = opened.page
    choose(page, "As of", "31 December 2020")
    assert "World: 123" in page.locator(".evalkit-headline").inner_text()
    assert "31 December 2020" in page.locator(TITLE).inner_text()
    page.wait_for_function("() => location.search.includes('as_of=2020-12-31')")
    page.locator("summary", has_text="The table behind the map").click()
    counted = page.locator(".evalkit-table td", has_text="Party, Convention in force").count()
    assert counted == 123


def test_a_choice_changes_the_map_and_the_address(opened):
    page = opened.page
    before = colours(page)
    choose(page, "Indicator", "GEF grants for mercury")
    assert colours(page) != before
    page.wait_for_function("() => location.search.includes('indicator=gef-grants')")
    assert "US$ 401.0 million" in page.locator(".evalkit-headline").inner_text()
    assert "up to" in page.locator(".legend").first.text_content()


def test_an_address_brings_back_what_was_seen(dashboard_server, visit):
    state = {"indicator": "reporting-rate", "period": "2019-short", "as_of": "2020-10-02"}
    page = visit.open(dashboard_server.page(**state, party="GHA"))
    wait_for_map(page)
    assert "79.8 %" in page.locator(".evalkit-headline").inner_text()
    assert "Owed by 114, answered by 91, counted 91." in page.inner_text("body")
    assert page.get_by_role("heading", name="Ghana").is_visible()
    assert "GEF GOLD+ in Ghana" in page.inner_text("body")


def test_the_chooser_lists_every_indicator_and_a_theme_its_own(dashboard_server, visit):
    page = visit.open(dashboard_server.address)
    wait_for_map(page)
    listed = page.get_by_label("Indicator", exact=True).locator("option")
    assert listed.count() == len(reference("indicators.csv"))
    assert page.get_by_text("Mercury traded (no value yet)").count() == 1
    page.get_by_label("Theme", exact=True).select_option(
        label="Artisanal and small-scale gold mining"
    )
    page.wait_for_function("() => location.search.includes('theme=gold-mining')")
    wanted = [one for one in reference("indicators.csv") if one["theme"] == "gold-mining"]
    assert listed.count() == len(wanted)
    wait_for_map(page)
    assert "gold mining" in page.locator(TITLE).inner_text()


def test_a_click_on_the_map_opens_the_party(opened):
    page = opened.page
    page.evaluate(
        """() => {
            const map = document.querySelector('.choroplethlayer').closest('.js-plotly-plot');
            const trace = map.data.find(one => one.type === 'choropleth');
            const index = [...trace.locations].indexOf('PER');
            map.emit('plotly_click', {points: [{customdata: 'PER', location: 'PER',
                pointNumber: index, data: trace, fullData: trace}]});
        }"""
    )
    page.get_by_role("heading", name="Peru").wait_for()
    page.wait_for_function("() => location.search.includes('party=PER')")


def saved(page: Page, click: Any) -> bytes:
    with page.expect_download() as waiting:
        click()
    return Path(waiting.value.path()).read_bytes()


def test_rows_can_be_taken_away(dashboard_server, visit):
    state = {"indicator": "gef-grants", "series": "equal-split", "period": "all"}
    page = visit.open(dashboard_server.page(**state))
    wait_for_map(page)
    text = saved(page, page.get_by_text("Rows as CSV").click).decode("utf-8-sig")
    about = [line for line in text.splitlines() if line.startswith("#")]
    assert any("Global Environment Facility" in line for line in about)
    rows = list(csv.DictReader(io.StringIO(text.split("\n", len(about))[-1])))
    named = {row["entity"]: float(row["value"]) for row in rows}
    assert named["SEN"] == pytest.approx(8.03e6, rel=0.2)
    book = saved(page, page.get_by_text("Rows as XLSX").click)
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    assert sheets["data"].max_row == len(rows) + 1
    assert "title" in [cell.value for cell in sheets["about"]["A"]]


def test_a_saved_picture_says_what_it_shows_and_where_it_is_from(dashboard_server, visit):
    page = visit.open(dashboard_server.page(indicator="gef-grants"))
    wait_for_map(page)
    svg = saved(page, page.get_by_role("button", name="SVG").first.click).decode()
    assert "GEF grants for mercury" in svg
    assert "Global Environment Facility" in svg
    assert "do not imply official endorsement" in svg


def test_small_screen_has_no_sideways_scroll(dashboard_server, new_visit):
    visit = new_visit(viewport={"width": 360, "height": 780})
    page = visit.open(dashboard_server.address)
    wait_for_map(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.get_by_label("Indicator", exact=True).is_visible()


def test_choices_can_be_made_with_the_keyboard(dashboard_server, visit):
    page = visit.open(dashboard_server.address)
    wait_for_map(page)
    page.get_by_label("Group", exact=True).focus()
    page.keyboard.type("Least")
    page.wait_for_function("() => location.search.includes('group=LDC')")


def test_an_unknown_choice_in_the_address_falls_back_to_one_that_exists(dashboard_server, visit):
    page = visit.open(dashboard_server.page(indicator="nonsense", party="<script>", as_of="1990"))
    wait_for_map(page)
    assert "Parties in force" in page.locator(TITLE).inner_text()
