"""Pages of national reports as a delegate meets them, on invented reports, outside blocked."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest

from evalkit.serve import Server

pytestmark = pytest.mark.browser

PAGES = ("overview", "reporting", "scorecard", "party")
SHEETS = 4  # of A4, at most, for what is loaded about one Party


@pytest.fixture(scope="module")
def reports_server(
    reports_root: Path, new_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    server = Server(reports_root, port=new_port())
    server.log = tmp_path_factory.mktemp("logs") / "serve.log"
    with server:
        server.wait_ready()
        yield server


@pytest.mark.parametrize("name", PAGES)
def test_a_page_becomes_ready_asks_nobody_else_and_fits_a_phone(reports_server, new_visit, name):
    visit = new_visit(viewport={"width": 390, "height": 844})
    page = visit.open(reports_server.page(name, party="GHA"))
    visit.assert_no_outside_request()
    assert page.locator(".evalkit-error").count() == 0
    assert "SIMULATED" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_bar_of_dashboards_leads_on_and_keeps_the_party(reports_server, visit):
    page = visit.open(reports_server.page("party", party="PER", as_of="2020-12-31"))
    page.wait_for_function("() => location.search.includes('as_of=2020-12-31')")
    bar = page.get_by_role("navigation", name="Dashboards")
    assert bar.locator("[aria-current=page]").inner_text() == "One Party"
    bar.get_by_role("link", name="National reports").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reporting.ipynb?*")
    assert "party=PER" in page.url
    assert "as_of=2020-12-31" in page.url


def test_a_question_of_the_tree_redraws_the_answers(reports_server, visit):
    page = visit.open(reports_server.page("reporting", cycle="2025-full", compare="2021-full"))
    page.locator("summary", has_text="Article 12").click()
    page.get_by_role("button", name="12.1").click()
    page.wait_for_function("() => location.search.includes('question=12.1')")
    page.locator(".evalkit-headline strong", has_text="12.1").wait_for()
    assert page.locator(".js-plotly-plot .barlayer").count() == 3  # who reported, and two cycles


def test_words_are_found_and_markup_is_shown_as_text(reports_server, visit):
    page = visit.open(reports_server.page("reporting", cycle="2025-full", question="4.1.y"))
    title = page.title()
    page.get_by_label("Find words in the texts").fill("ELEMENTAIRE")
    page.keyboard.press("Enter")
    page.locator("mark", has_text="élémentaire").first.wait_for()
    found = page.locator(".evalkit-texts li")
    assert found.count() == 1
    assert "<script>" in found.inner_text()
    assert "answers.csv:" in found.inner_text()
    assert page.title() == title


def test_an_indicator_of_the_scorecard_opens_its_sheet(reports_server, visit):
    page = visit.open(reports_server.page("scorecard"))
    page.get_by_role("button", name="GEF grants for mercury", exact=True).click()
    page.get_by_role("heading", name="GEF grants for mercury", level=3, exact=True).wait_for()
    page.wait_for_function("() => location.search.includes('indicator=gef-grants')")
    assert "evalkit explain gef-grants" in page.inner_text("main")


def test_what_is_loaded_about_a_party_prints_on_four_sheets(reports_server, visit):
    page = visit.open(reports_server.page("party", party="GHA"))
    page.emulate_media(media="print")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = "".join(sheet.extract_text() for sheet in printed.pages)
    assert len(printed.pages) <= SHEETS
    assert "Ghana" in text
    assert "What is doubtful here" in text
    assert "19.1" in text  # the last question
    assert "?party=" not in text
