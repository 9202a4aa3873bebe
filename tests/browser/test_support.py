"""The page on money as a delegate meets it, every outside address blocked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from evalkit.serve import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(dashboard_server: Server, new_visit: Any) -> Iterator[Any]:
    """The page at its default choice on a telephone, in one visit for the module."""
    visit = new_visit(viewport={"width": 390, "height": 844})
    page = visit.open(dashboard_server.page("support"))
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot').length === 12")
    return visit


def test_figures_are_drawn_on_a_telephone_and_nothing_is_asked_of_another_host(opened):
    page = opened.page
    page.wait_for_function("() => document.querySelectorAll('.choroplethlayer path').length >= 380")
    assert page.locator(".sankey-node").count() > 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("nav a[aria-current=page]").inner_text() == "Money and support"
    opened.assert_no_outside_request()
    assert opened.errors == []


def test_the_switch_changes_sum_ranking_and_address(opened):
    page = opened.page
    ranking = page.locator(".evalkit-table[aria-label^='Two rankings']")
    second = ranking.locator("tbody tr:nth-child(2) td").first
    assert second.inner_text() == "Mexico"
    way = page.get_by_label("Projects of several countries", exact=True)
    way.select_option(label="Projects touching the country, in full")
    page.wait_for_function("() => location.search.includes('attribution=full-count')")
    page.get_by_text("Not a sum:").wait_for()
    assert second.inner_text() == "Senegal"
