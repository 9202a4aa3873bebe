"""The pages on gold mining and on emissions as a delegate meets them, the network blocked."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def drawn(page, count: int) -> None:
    page.wait_for_function(
        f"() => [...document.querySelectorAll('.js-plotly-plot')]"
        f".filter((one) => one.offsetParent).length === {count}"
    )


def test_gold_mining_on_a_phone_says_what_is_not_loaded(dashboard_server, new_visit):
    visit = new_visit(viewport={"width": 390, "height": 844})
    page = visit.open(dashboard_server.page("gold-mining", show="money", party="GHA"))
    drawn(page, 3)  # the map of money, sectors, bars of money; no bars of a register not loaded
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("link", name="Gold mining").get_attribute("aria-current") == "page"
    said = page.inner_text("body")
    assert "World: at least 30" in said
    assert "Committed at approval" in said
    page.get_by_label("Shown on the map", exact=True).select_option(label="National action plans")
    page.wait_for_function("() => location.search.includes('show=plan')")
    visit.assert_no_outside_request()
    assert visit.errors == []


def test_emissions_draw_bounds_and_follow_the_party(dashboard_server, new_visit):
    visit = new_visit(viewport={"width": 1280, "height": 1000})
    page = visit.open(dashboard_server.page("emissions"))
    drawn(page, 6)
    said = page.inner_text("body")
    assert "≤ 473.8 t" in said
    assert "World: 2,223.6 t of mercury" in said
    page.get_by_label("Party or State", exact=True).select_option(label="Austria")
    page.wait_for_function("() => location.search.includes('party=AUT')")
    page.get_by_text("National totals under the air convention (CLRTAP), 2019: 986.4 kg").wait_for()
    page.get_by_text("No categories of this inventory, place and year are mapped").wait_for()
    visit.assert_no_outside_request()
    assert visit.errors == []
