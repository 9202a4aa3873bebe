"""A browser that reaches this machine only, pages that record what they ask for, servers."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from evalkit.serve import Server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PATIENCE = 60_000  # milliseconds: a busy machine of two cores is slow, a broken page is for ever


class Visit:
    """One page and all that it asked for.

    ``requests`` holds (method, url) of every request, ``errors`` what the console said.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.requests: list[tuple[str, str]] = []
        self.errors: list[str] = []
        context.on("request", lambda request: self.requests.append((request.method, request.url)))
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, address: str, state: str = "ready") -> Page:
        """Go to a dashboard and wait until it says that it is ready (or failed)."""
        self.page.goto(address)
        self.page.wait_for_selector("html[data-evalkit]:not([data-evalkit=loading])")
        assert self.page.get_attribute("html", "data-evalkit") == state, self.errors
        return self.page

    def assert_no_outside_request(self) -> None:
        """Fail with the addresses when anything was asked from another host."""
        hosts = {url: urlsplit(url).hostname for _, url in self.requests}
        outside = [url for url, host in hosts.items() if host not in (None, "127.0.0.1")]
        assert outside == []
        # Refused by the page's own policy before it became a request: a defect as well.
        assert [error for error in self.errors if "Content Security Policy" in error] == []


def browser_program() -> str | None:
    """Path of the browser: EVALKIT_CHROMIUM, one on the PATH, else Playwright's own."""
    named = os.environ.get("EVALKIT_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="session")
def new_port() -> Callable[[], int]:
    """Return ports that nobody uses now, one for each call."""
    return _free_port


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def new_visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open visits, as `new_visit(viewport={"width": 390, "height": 844})`; closed at the end."""
    contexts: list[BrowserContext] = []

    def opened(**settings: Any) -> Visit:
        contexts.append(chromium.new_context(**settings))
        return Visit(contexts[-1])

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    context = chromium.new_context()
    yield Visit(context)
    context.close()


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


@pytest.fixture
def assert_no_outside_request(visit: Visit) -> Callable[[], None]:
    return visit.assert_no_outside_request


@pytest.fixture(scope="session")
def dashboard_server(
    edition_root: Path,
    new_port: Callable[[], int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """Serve the project's own dashboards on the editions that `edition_root` gives."""
    server = Server(edition_root, port=new_port())
    server.log = tmp_path_factory.mktemp("logs") / "serve.log"  # the editions are only read
    with server:
        server.wait_ready()
        yield server


@pytest.fixture(scope="session")
def axe_finds() -> Callable[[Page], list[str]]:
    """Return what axe-core calls a violation on a page: rule and first element of each."""
    axe = Axe()

    def found(page: Page) -> list[str]:
        page.evaluate(axe.axe_script)  # as a debugger would: the page's own policy stays
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        options = {
            "runOnly": {"type": "tag", "values": tags},
            "resultTypes": ["violations"],
            "preload": False,  # it would ask for the style sheets once more, and be refused
        }
        told = page.evaluate("options => axe.run(options)", options)
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in told["violations"]]

    return found
