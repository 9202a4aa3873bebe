"""The offline folder: time to publish, sizes of visits, times in the page from `file://`."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.commands import Tell
from benchmarks.pages import ARGUMENTS, PATIENCE, chromium
from benchmarks.table import Measure
from evalkit.editions.store import Edition
from evalkit.publish.folder import Published, publish
from evalkit.publish.plan import FURTHER, plan

RUNS = 5
OVERVIEW, PAGE, CHOICE = 1.5, 1.0, 0.15  # seconds
FIRST_VISIT, FURTHER_PAGE = 2500.0, 250.0  # kB gzipped
WHOLE, ZIP = 600.0, 60.0  # seconds, MB; of six languages
LANGUAGES = 6
PAGES = ("party/GHA.html", "indicator/gef-grants.html", "theme/support.html", "support.html")
CHOSEN = ("gef-grants", "reporting-rate", "emissions-to-air", "obligations", "parties-in-force")


def folder(edition: Edition, home: Path, tell: Tell) -> list[Measure]:
    """Publish an edition in all languages there are, and measure the folder.

    Targets of time and size are those of six languages, in proportion.
    """
    held = plan(edition)
    part = len(held.languages) / LANGUAGES
    tell(f"publish in {len(held.languages)} languages")
    started = time.monotonic()
    made = publish(edition, home / "public", held, archive=True, work=home / "published",
                   progress=tell)  # fmt: skip
    took = time.monotonic() - started
    size = made.archive.stat().st_size / 1e6 if made.archive else 0.0
    said = f"{made.pages} pages, languages: {len(held.languages)}"
    found = [
        Measure(f"publish: {said}", [took], "s", WHOLE * part),
        Measure("publish: zip", [size], "MB", ZIP * part),
    ]
    return [*found, *visits(made, tell)]


def visits(made: Published, tell: Tell) -> list[Measure]:
    """Measure pages of a folder in a browser that reaches no network."""
    tell("pages of the folder")
    home = made.folder / "en"
    with _browser() as browser:
        files, first = _opened(browser, home / "index.html")
        further = [
            _opened(browser, home / name) for name in (*PAGES, *(f"{f}.html" for f in FURTHER))
        ]
        times = [_opened(browser, home / "index.html")[1] for _ in range(RUNS)]
        others = [_opened(browser, home / name)[1] for name in PAGES for _ in range(RUNS)]
        choices = _choices(browser, home / "index.html")
    apart = [sum(_packed(one) for one in there - files) for there, _ in further]
    return [
        Measure("folder: overview interactive", [first, *times], "s", OVERVIEW),
        Measure("folder: another page interactive", others, "s", PAGE),
        Measure("folder: choice to redrawn", choices, "s", CHOICE),
        Measure("folder: first visit, gzipped", [sum(map(_packed, files))], "kB", FIRST_VISIT),
        Measure("folder: a further page, gzipped (plotly apart)", apart, "kB", FURTHER_PAGE),
    ]


def _packed(path: Path) -> float:
    """Return the kB of a file as a web server would send it; plotly counts with a first visit."""
    return 0.0 if path.name == "plotly.js" else len(gzip.compress(path.read_bytes(), 6)) / 1000


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", *ARGUMENTS]
        )
        yield browser
        browser.close()


def _page(browser: Browser) -> tuple[Page, set[Path]]:
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    asked: set[Path] = set()
    page.on("request", lambda request: asked.update(_file(request.url)))
    return page, asked


def _file(address: str) -> list[Path]:
    if not address.startswith("file://"):
        return []
    return [Path(address.removeprefix("file://").split("?")[0].split("#")[0])]


def _opened(browser: Browser, path: Path) -> tuple[set[Path], float]:
    """Return which files a page asked for and the seconds until its choices answer."""
    page, asked = _page(browser)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-evalkit=ready]")
    took = page.evaluate("performance.getEntriesByName('evalkit-ready')[0].startTime") / 1000
    page.context.close()
    return asked, took


def _choices(browser: Browser, path: Path) -> list[float]:
    """Return the seconds from a choice to the page redrawn, its data loaded in it."""
    page, _ = _page(browser)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-evalkit=ready]")
    found = []
    for name in CHOSEN:
        page.evaluate("delete document.querySelector('.evalkit-explorer').dataset.redrawn")
        page.select_option("select[name=indicator]", name)
        page.wait_for_selector(".evalkit-explorer[data-redrawn]")
        told = page.get_attribute(".evalkit-explorer", "data-redrawn")
        found.append(float(told or 0) / 1000)
    page.context.close()
    return found
