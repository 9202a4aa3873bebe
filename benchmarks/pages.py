"""Times of the overview page in a headless Chromium, and the memory of its kernel.

Nothing but 127.0.0.1 can be reached: every other name resolves to nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.commands import BenchmarkError, Tell
from benchmarks.ports import free_port
from benchmarks.table import Measure
from evalkit.reference.texts import text
from evalkit.serve import HOST, Server

VARIABLE = "EVALKIT_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {HOST}",
    "--disable-background-networking",
    "--disable-component-update",
)
SIZE = {"width": 1400, "height": 1000}
CHOICE_TARGET = 1.0
# Each of these draws another map than the one before it.
CHOSEN = ("signatories", "gef-grants", "parties-deposited", "gef-cofinancing", "parties-in-force")
PATIENCE = 60_000  # milliseconds until a page or a choice counts as failed
STILL = 300  # milliseconds for which a map must not change to count as drawn

# `drawn` resolves with the time at which the map became what it stayed for STILL milliseconds:
# visible, with outlines, and another than `before`. Times are in ms since the navigation began.
SCRIPT = f"""
(() => {{
  const plot = () => document.querySelector('.js-plotly-plot');
  const outlines = () => [...(plot()?.querySelectorAll('.choroplethlayer path') ?? [])];
  const seen = () => plot()?.checkVisibility({{checkVisibilityCSS: true, checkOpacity: true}});
  const state = () => {{
    const paths = outlines();
    if (!paths.length || !seen()) return '';
    const texts = [...plot().querySelectorAll('text')].map(text => text.textContent);
    return paths.map(path => path.style.fill).concat(texts).join('|');
  }};
  const drawn = before => new Promise((done, failed) => {{
    const began = performance.now();
    let last = before, since = began;
    const look = () => {{
      const now = state(), time = performance.now();
      if (now !== last) [last, since] = [now, time];
      if (last && last !== before && time - since > {STILL}) done(since);
      else if (time - began > {PATIENCE}) failed(new Error('the map was not drawn in time'));
      else setTimeout(look, 20);
    }};
    look();
  }});
  const titled = (one, title) =>  // a chooser's blanks are such as do not break
    [...one.options].findIndex(option => option.text.replace(/\\s/g, ' ') === title);
  const choose = async title => {{
    const choosers = [...document.querySelectorAll('select')];
    const chooser = choosers.find(one => titled(one, title) >= 0);
    const before = state(), began = performance.now();
    chooser.selectedIndex = titled(chooser, title);
    chooser.dispatchEvent(new Event('change', {{bubbles: true}}));
    return await drawn(before) - began;
  }};
  window.evalkitBenchmark = {{drawn, choose, outlines}};
}})()
"""


def chromium() -> str:
    """Return the path of a browser: the one that EVALKIT_CHROMIUM names, else one found.

    Raises
    ------
    BenchmarkError
        There is none.
    """
    named = os.environ.get(VARIABLE)
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    if found is None:
        raise BenchmarkError(f"no Chromium was found: install one, or name it with {VARIABLE}")
    return found


def pages(editions: Path, tell: Tell, runs: int = 5) -> Iterator[Measure]:
    """Measure loading, choosing and memory; one server serves them all.

    Parameters
    ----------
    editions : Path
        Folder of editions.
    tell : callable
        Told what is being done.
    runs : int
        Pages loaded, each in a browser that has nothing cached.
    """
    with Server(editions, port=free_port()) as server, _browser() as browser:
        server.wait_ready()
        tell("first page of the server")
        with _page(browser, server):
            pass  # it pays for what the server reads once
        loads, memory = [], []
        for number in range(runs):
            tell(f"page {number + 1} of {runs}")
            with _page(browser, server) as (_, took):
                loads.append(took)
                memory.append(_newest_kernel(server))
        yield Measure("page load to a drawn map, nothing cached", loads)
        yield Measure("memory of a kernel, unshared, page drawn", memory, unit="MiB")
        tell("choices")
        with _page(browser, server) as (page, _):
            yield from _choices(page)
            used = [_newest_kernel(server)]
        yield Measure("memory of a kernel, unshared, those indicators read", used, unit="MiB")


def _choices(page: Page) -> Iterator[Measure]:
    titles = [text(f"indicator.{name}.title") for name in CHOSEN]
    first = [_choose(page, title) for title in titles]
    again = [_choose(page, title) for title in titles]
    yield Measure("choice to redrawn map, indicator not yet read", first, target=CHOICE_TARGET)
    yield Measure("choice to redrawn map, indicator read before", again, target=CHOICE_TARGET)


def _choose(page: Page, title: str) -> float:
    return float(page.evaluate("title => evalkitBenchmark.choose(title)", title)) / 1000


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _page(browser: Browser, server: Server) -> Iterator[tuple[Page, float]]:
    """Open the overview in a fresh context; gives the page and the seconds until it was drawn."""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    context.add_init_script(SCRIPT)
    try:
        page = context.new_page()
        page.goto(server.page(), wait_until="commit", timeout=PATIENCE)
        yield page, float(page.evaluate("evalkitBenchmark.drawn('')")) / 1000
    finally:
        context.close()


def _newest_kernel(server: Server) -> float:
    """Return the memory in MiB that the kernel started last shares with no other process."""
    if server.process is None:
        raise BenchmarkError("the server has ended")
    found: list[Any] = [
        child
        for child in psutil.Process(server.process.pid).children(recursive=True)
        if "evalkit.viewer" in " ".join(child.cmdline())
    ]
    newest = max(found, key=lambda child: child.create_time())
    return float(newest.memory_full_info().uss) / 2**20
