"""The kernels behind pages, and those that wait for a reader.

A page that is left asks for the end of its kernel (static/page.js). A browser may drop that
message: a busy page gets half a second for it and is then ended. So the server looks itself,
at the connection that every drawn page holds. What never connected is left to culling.

Voilà keeps a pool for each dashboard: kernels that have begun its page and wait for the query
of a reader. They are started one after another, and only while nobody's page is being drawn;
and when another edition is served, those that have read the former one are replaced.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, cast
from uuid import uuid4

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from traitlets import Float

from evalkit.editions import store
from evalkit.live import capacity

LOOK = 0.05  # seconds between looks whether a kernel of the pool may start


class PageKernels(AsyncMappingKernelManager):
    """Ends a kernel some seconds after its last connection has closed; paces the pool.

    Named in dashboards/voila.json, as are its settings. Voilà derives the manager of a pool
    from it, whose `_pools` holds for each dashboard the tasks that start its kernels.
    """

    linger = Float(
        20.0,
        config=True,
        help="Seconds that a kernel waits for its page to come back, as after a lost network.",
    )
    warming = Float(20.0, config=True, help="Seconds after which the next of the pool may start.")

    def __init__(self, **settings: Any) -> None:
        self.warm: set[str] = set()
        self.closing = False
        self._begun: set[str] = set()  # kernels of the pool on their way to being warm
        self._edition = _served()
        super().__init__(**settings)

    # --- a page is left ------------------------------------------------------------------------

    def notify_disconnect(self, kernel_id: str) -> None:
        """Look again after a while: a page whose network failed for a moment comes back."""
        super().notify_disconnect(kernel_id)
        if self._is_left(kernel_id):
            IOLoop.current().call_later(self.linger, self.end, kernel_id, True)

    def _is_left(self, kernel_id: str) -> bool:
        return kernel_id in self and self._kernel_connections.get(kernel_id, 0) <= 0

    async def end(self, kernel_id: str, if_left: bool = False) -> None:
        """End a kernel, where it has not ended meanwhile by its page or by culling."""
        if kernel_id in self and (not if_left or self._is_left(kernel_id)):
            with suppress(HTTPError):
                await self.shutdown_kernel(kernel_id)

    # --- the pool ------------------------------------------------------------------------------

    async def start_kernel(self, **settings: Any) -> str:  # type: ignore[override]
        """Start a kernel; one of the pool when its turn has come."""
        environment = settings.get("env", {})
        if environment.get("VOILA_PREHEAT") != "True":
            # Of the environment only this begins a pod on another machine: deploy/kubernetes.
            environment["KERNEL_QUERY_STRING"] = environment.get("QUERY_STRING", "")
            return str(await super().start_kernel(**settings))
        most, live = max(1, capacity.cores() // 2), cast("Any", self.parent)
        while len(self._begun) >= most or live.visiting.drawing:
            if self.closing:
                raise RuntimeError("The server ends.")
            await asyncio.sleep(LOOK)
            self._begun -= self._ended()
        kernel = str(uuid4())
        self._begun.add(kernel)
        asyncio.get_running_loop().call_later(self.warming, self._begun.discard, kernel)
        return str(await super().start_kernel(**settings, kernel_id=kernel))

    def _ended(self) -> set[str]:
        """Return the kernels of the pool whose page has come to its end without a reader."""
        tasks = [task for pool in getattr(self, "_pools", {}).values() for task in pool]
        return {task.result()["kernel_id"] for task in tasks if _kernel(task) and _drawn(task)}

    def waits(self, kernel_id: str) -> None:
        """Note that a kernel of the pool has begun its page and waits for its reader."""
        self.warm.add(kernel_id)
        self._begun.discard(kernel_id)

    def order_pool(self, notebook: str) -> int:
        """Put the kernels that are furthest first; return how many have been started.

        One that waits for its turn would keep a reader waiting who gets a fresh one at once.
        """
        pool = getattr(self, "_pools", {}).get(notebook, [])
        pool.sort(key=self._distance)
        return sum(_kernel(task) is not None for task in pool)

    def _distance(self, task: asyncio.Task[Any]) -> int:
        kernel = _kernel(task)
        return 2 if kernel is None else int(kernel not in self.warm)

    def refresh_pool(self) -> None:
        """Replace the kernels that wait with an edition that is no longer the served one."""
        self.warm &= set(self.list_kernel_ids())
        if (edition := _served()) == self._edition:
            return
        self._edition = edition
        for notebook, pool in getattr(self, "_pools", {}).items():
            stale = [task for task in pool if _kernel(task) is not None]
            pool[:] = [task for task in pool if task not in stale]
            for task in stale:
                task.result()["task"].add_done_callback(_forget)
                asyncio.get_running_loop().create_task(self.end(task.result()["kernel_id"]))
            self.fill_if_needed(delay=0, notebook_name=notebook)  # type: ignore[attr-defined]


def _served() -> str:
    """Return which edition is served now; blank before there is one."""
    link = store.root() / store.CURRENT
    return str(link.resolve()) if link.exists() else ""


def _kernel(task: asyncio.Task[Any]) -> str | None:
    """Return the kernel that a task of the pool has started."""
    if not task.done() or task.cancelled() or task.exception():
        return None
    return str(task.result()["kernel_id"])


def _drawn(task: asyncio.Task[Any]) -> bool:
    return bool(task.result()["task"].done())


def _forget(task: asyncio.Task[Any]) -> None:
    """Take the error of a page that nobody will see."""
    if not task.cancelled():
        task.exception()
