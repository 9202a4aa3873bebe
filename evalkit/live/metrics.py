"""What an operator can ask: is it well, and how busy is it. Only with the token.

The token stands in EVALKIT_TOKEN or in the file that EVALKIT_TOKEN_FILE names. Without one
the addresses do not exist. It is taken out of the environment, which kernels inherit.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from tornado.web import HTTPError, RequestHandler

TOKEN = "EVALKIT_TOKEN"
TOKEN_FILE = "EVALKIT_TOKEN_FILE"
SECONDS = (0.5, 1, 2, 3, 5, 8, 13, 25, 60)


def take_token() -> str:
    """Return the token and remove it from the environment; blank when there is none."""
    token, file = os.environ.pop(TOKEN, ""), os.environ.pop(TOKEN_FILE, "")
    return token.strip() or (Path(file).read_text(encoding="utf-8").strip() if file else "")


class Metrics:
    """The figures of a server.

    Parameters
    ----------
    live : Live
        The server.
    """

    def __init__(self, live: Any) -> None:
        self.live = live
        own = self.registry = CollectorRegistry()
        self.refused = Counter("evalkit_refused", "Pages refused at the limit", registry=own)
        self.messages_refused = Counter(
            "evalkit_messages_refused", "Messages to kernels that were refused", registry=own
        )
        self._pages = Histogram(
            "evalkit_page_seconds",
            "From the request for a page to its last byte",
            ["dashboard"],
            buckets=SECONDS,
            registry=own,
        )
        self._kernels = Gauge("evalkit_kernels", "Kernels that run", ["kind"], registry=own)
        self._visitors = Gauge("evalkit_visitors", "Open pages", registry=own)
        self._limit = Gauge("evalkit_visitors_limit", "Pages that may be open", registry=own)
        self._memory = Gauge(
            "evalkit_kernel_memory_bytes", "Memory that kernels share with nobody", registry=own
        )
        self._free = Gauge("evalkit_memory_available_bytes", "Memory still free", registry=own)

    def drawn(self, notebook: str, seconds: float) -> None:
        """Count a page that was sent."""
        self._pages.labels(notebook.removesuffix(".ipynb")).observe(seconds)

    def state(self) -> dict[str, int | str]:
        """Return what health says: nothing about visitors, paths or versions."""
        kernels, visiting = self.live.kernel_manager, self.live.visiting
        count = visiting.count(kernels)
        waiting = sum(not visiting.is_visited(each) for each in kernels.list_kernel_ids())
        status = "ok" if count < visiting.limit else "full"
        return {"status": status, "visitors": count, "limit": visiting.limit, "waiting": waiting}

    async def text(self) -> bytes:
        """Return all figures in the form of Prometheus."""
        state, kernels = self.state(), self.live.kernel_manager
        self._visitors.set(int(state["visitors"]))
        self._limit.set(int(state["limit"]))
        self._kernels.labels("waiting").set(int(state["waiting"]))
        self._kernels.labels("visited").set(len(kernels) - int(state["waiting"]))
        ids = kernels.list_kernel_ids()
        processes = [getattr(kernels.get_kernel(each).provisioner, "pid", None) for each in ids]
        self._memory.set(await asyncio.to_thread(_unshared, processes))
        self._free.set(psutil.virtual_memory().available)
        return generate_latest(self.registry)


def _unshared(processes: list[int | None]) -> int:
    found = 0
    for each in filter(None, processes):
        with suppress(psutil.Error):  # it ended meanwhile, or is still being started
            found += psutil.Process(each).memory_full_info().uss
    return found


class _Guarded(RequestHandler):
    """Answers who shows the token, as ``Authorization: Bearer …``."""

    def prepare(self) -> None:
        """Refuse whoever does not."""
        shown = self.request.headers.get("Authorization", "").encode()
        wanted = b"Bearer " + self.settings["live"].operator_token.encode()
        if not hmac.compare_digest(shown, wanted):
            self.set_header("WWW-Authenticate", "Bearer")
            raise HTTPError(401)
        self.set_header("Cache-Control", "no-store")


class Health(_Guarded):
    """Whether the server has room."""

    def get(self) -> None:
        """Say it as JSON."""
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(self.settings["live"].metrics.state()))


class MetricsText(_Guarded):
    """The figures for Prometheus."""

    async def get(self) -> None:
        """Give them as text."""
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.finish(await self.settings["live"].metrics.text())
