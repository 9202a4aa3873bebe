"""A room of visitors: many pages at once, those that wait, memory of each, and plain files.

The visitors are pages of one headless Chromium, so it takes its part of the processor as well;
in a room that part is done by the visitors' own computers.
"""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import Browser, async_playwright

from benchmarks.commands import BenchmarkError, Tell
from benchmarks.pages import ARGUMENTS, PATIENCE, SIZE, chromium
from benchmarks.ports import free_port
from benchmarks.table import Measure
from benchmarks.webserver import nginx
from evalkit.serve import HOST, Server, Settings

VISITORS = 20
READERS, READ = 500, 5
FILES, LINES = 60, 64  # files of the stand-in folder; connections open at once
RUNS = 5
READY = "html[data-evalkit=ready]"


def live(editions: Path, tell: Tell, offline: Path | None = None) -> Iterator[Measure]:
    """Measure the server of many visitors.

    Parameters
    ----------
    editions : Path
        Folder of editions.
    tell : callable
        Told what is being done.
    offline : Path, optional
        An offline folder; one of invented files of the same size when left out.
    """
    yield from asyncio.run(_single(editions, tell))
    yield from asyncio.run(_many(editions, tell))
    with tempfile.TemporaryDirectory(prefix="evalkit-readers-") as name:
        tell(f"{READERS} readers of files")
        yield from _readers(offline or _stand_in(Path(name) / "offline"), Path(name))


# --- pages with a kernel --------------------------------------------------------------------------


async def _single(editions: Path, tell: Tell) -> list[Measure]:
    """One visitor after another, cold and from the pool."""
    found = []
    for pool, what, target in ((0, "cold", 5.0), (1, "kernel of the pool", 2.0)):
        tell(f"one visitor, {what}")
        soon = ["--PageKernels.linger=1"]  # so that no kernel of the visitor before is left
        settings = Settings(pool=pool)
        with Server(editions, port=free_port(), settings=settings, options=soon) as server:
            server.wait_ready()
            async with async_playwright() as playwright:
                browser = await _launch(playwright)
                await _visit(browser, server)  # it pays for what the server reads once
                took = []
                for _ in range(RUNS):
                    _wait_for_pool(server, pool)
                    took.append(await _visit(browser, server))
                await browser.close()
        found.append(Measure(f"page interactive, {what}", took, target=target))
    return found


async def _many(editions: Path, tell: Tell) -> list[Measure]:
    """All at once, then one too many."""
    tell(f"{VISITORS} visitors at once")
    settings = Settings(visitors=VISITORS, pool=1)
    with Server(editions, port=free_port(), settings=settings) as server:
        server.wait_ready()
        _wait_for_pool(server, 1)
        async with async_playwright() as playwright:
            browser = await _launch(playwright)
            took = await asyncio.gather(*(_visit(browser, server, True) for _ in range(VISITORS)))
            memory = _unshared(server, VISITORS)
            began = time.perf_counter()
            status = _status(server)
            refused = time.perf_counter() - began
            await browser.close()
    if status != 503:
        raise BenchmarkError(f"the visitor beyond the limit got {status}, not 503")
    late = sorted(took)[int(0.95 * VISITORS) - 1]
    return [
        Measure(f"{VISITORS} visitors at once, page interactive", took),
        Measure(f"{VISITORS} visitors at once, 95th percentile", [late], target=25.0),
        Measure("a visitor beyond the limit is told", [refused]),
        Measure("memory of a visitor, unshared, page drawn", memory, unit="MiB", target=90.0),
    ]


async def _launch(playwright: Any) -> Browser:
    browser: Browser = await playwright.chromium.launch(
        executable_path=chromium(), args=[*ARGUMENTS, "--no-sandbox"]
    )
    return browser


async def _visit(browser: Browser, server: Server, stay: bool = False) -> float:
    """Open the overview as a new visitor; the seconds until it says that it is ready."""
    context = await browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    page = await context.new_page()
    began = time.perf_counter()
    await page.goto(server.page(), wait_until="commit", timeout=4 * PATIENCE)
    await page.wait_for_selector(READY, timeout=4 * PATIENCE)
    took = time.perf_counter() - began
    if not stay:
        await context.close()
    return took


def _status(server: Server) -> int:
    connection = HTTPConnection(HOST, server.port, timeout=60)
    connection.request("GET", "/voila/render/overview.ipynb")
    status = connection.getresponse().status
    connection.close()
    return status


def _kernels(server: Server) -> list[psutil.Process]:
    found = []
    for each in psutil.Process(server.process.pid).children(recursive=True):
        with suppress(psutil.Error):
            if "evalkit.viewer" in " ".join(each.cmdline()):
                found.append(each)
    return found


def _wait_for_pool(server: Server, pool: int) -> None:
    """Wait until the kernels of the pool are there, no other is, and none works."""
    wanted = pool * len(list(server.dashboards.glob("*.ipynb")))
    end = time.monotonic() + 180
    while time.monotonic() < end:
        before = _worked(server)
        time.sleep(1)
        after = _worked(server)
        still = all(after.get(each, 0) - took < 0.03 for each, took in before.items())
        if len(after) == wanted and before.keys() == after.keys() and still:
            return
    raise BenchmarkError("the pool was not filled in time")


def _worked(server: Server) -> dict[int, float]:
    """Return the processor seconds of each kernel."""
    found = {}
    for each in _kernels(server):
        with suppress(psutil.Error):  # it ended while we looked
            found[each.pid] = each.cpu_times().user
    return found


def _unshared(server: Server, visitors: int) -> list[float]:
    """Memory that the kernels of visitors share with nobody: those of the pool have less."""
    found = [each.memory_full_info().uss / 2**20 for each in _kernels(server)]
    return sorted(found)[-visitors:]


# --- files -------------------------------------------------------------------------------


@dataclass
class _Tally:
    took: list[float] = field(default_factory=list)
    errors: int = 0


def _readers(offline: Path, folder: Path) -> Iterator[Measure]:
    pages = [path.relative_to(offline).as_posix() for path in sorted(offline.rglob("*.html"))]
    with nginx(free_port(), offline, folder) as front:
        began = time.perf_counter()
        tally = asyncio.run(_read_all(front.port, pages))
        whole = time.perf_counter() - began
    if tally.errors:
        raise BenchmarkError(f"{tally.errors} of {READERS * READ} readings failed")
    yield Measure(f"{READERS} readers of {READ} pages each, nginx with TLS", [whole], target=60.0)
    yield Measure("one such page", tally.took)


async def _read_all(port: int, pages: list[str]) -> _Tally:
    tally, lines = _Tally(), asyncio.Semaphore(LINES)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE

    async def reader(number: int) -> None:
        chosen = random.Random(number).choices(pages, k=READ)
        async with lines:
            try:
                await _read(port, chosen, trusting, tally)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                tally.errors += 1

    await asyncio.gather(*(reader(number) for number in range(READERS)))
    return tally


async def _read(port: int, pages: list[str], trusting: ssl.SSLContext, tally: _Tally) -> None:
    """One reader: five pages over one connection, compressed."""
    source, sink = await asyncio.open_connection(HOST, port, ssl=trusting)
    for page in pages:
        began = time.perf_counter()
        head = f"GET /offline/{page} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n\r\n"
        sink.write(head.encode())
        answer = (await source.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if not answer.startswith("http/1.1 200"):
            raise ValueError(answer[:40])
        await _body(source, answer)
        tally.took.append(time.perf_counter() - began)
    sink.close()


async def _body(source: asyncio.StreamReader, answer: str) -> None:
    if "transfer-encoding: chunked" in answer:
        while size := int(await source.readline(), 16):
            await source.readexactly(size + 2)
        await source.readexactly(2)
    else:
        length = answer.split("content-length:")[1].split("\r\n")[0]
        await source.readexactly(int(length))


def _stand_in(folder: Path) -> Path:
    """Write pages as large as those of an offline folder: some 200 kB of text and figures."""
    folder.mkdir(parents=True)
    chance = random.Random(1)
    for number in range(FILES):
        figures = json.dumps([round(chance.gauss(0, 1e4), 2) for _ in range(20_000)])
        text = f"<!doctype html><title>{number}</title><script>var z={figures}</script>"
        (folder / f"page-{number}.html").write_text(text, encoding="utf-8")
    return folder
