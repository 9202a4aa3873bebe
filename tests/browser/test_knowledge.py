"""The page on capacity-building as a delegate meets it, every outside address blocked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from evalkit.serve import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(dashboard_server: Server, new_visit: Any) -> Iterator[Any]:
    """The page at its default choice, in one visit for the module."""
    visit = new_visit(viewport={"width": 1280, "height": 1000})
    page = visit.open(dashboard_server.page("knowledge"))
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot').length === 5")
    return visit


def test_figures_are_drawn_and_nothing_is_asked_of_another_host(opened):
    opened.page.wait_for_function(
        "() => document.querySelectorAll('.choroplethlayer path').length >= 190"
    )
    opened.assert_no_outside_request()
    assert opened.errors == []


def test_every_figure_says_its_source_and_day(opened):
    titles = opened.page.locator(".evalkit-title").all_inner_texts()
    assert len(titles) == 7
    assert all("as of" in one for one in titles)
    notes = [one for one in opened.page.locator(".evalkit-note").all_inner_texts()]
    assert sum(one.startswith("Source: ") for one in notes) == 7


def test_needs_stand_beside_experts_without_a_name(opened):
    said = opened.page.inner_text("body")
    assert "5 of 40 experts listed had been asked for advice" in said
    row = opened.page.get_by_role("row", name="Mercury waste").first.inner_text()
    assert "40" in row
    assert "@" not in said


def test_a_choice_changes_the_table_and_the_address(opened):
    page = opened.page
    page.get_by_label("State of asks", exact=True).select_option(label="Done")
    page.wait_for_function("() => location.search.includes('state=done')")
    page.get_by_text("1 ask shown").wait_for()


def test_an_address_brings_back_what_was_seen(dashboard_server, visit):
    page = visit.open(dashboard_server.page("knowledge", group="SIDS", year="2019"))
    chosen = page.get_by_label("Group", exact=True).input_value()
    assert chosen == "Small island developing States"
    assert "2019" in page.locator(".evalkit-headline").inner_text()


def test_small_screen_has_no_sideways_scroll(dashboard_server, new_visit):
    visit = new_visit(viewport={"width": 390, "height": 844})
    page = visit.open(dashboard_server.page("knowledge"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
