"""The addresses that change something or give something: one page, and the kernel behind it.

Each narrows a handler of Voilà or Jupyter: a kernel answers its own visitor only, and only to
what `messages` lets pass.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable
from time import monotonic
from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.ioloop import IOLoop
from tornado.web import HTTPError, authenticated
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from evalkit.live import messages
from evalkit.live.refusal import refusal
from evalkit.live.visitors import Page

COOKIE = "evalkit_visitor"
RETRY = 60  # seconds after which a refused visitor may try again
_VISITOR = re.compile(r"[\w-]{32}")
_DASHBOARD = re.compile(r"[A-Za-z0-9][\w-]*\.ipynb")
_STATIC = re.compile(r"[a-z]+/static/.+")


class FrontDoor(TornadoVoilaTreeHandler):
    """The bare address, which leads to the first page; no other folder is listed."""

    async def get(self, path: str = "") -> None:
        """Show the list of the dashboards."""
        if path.strip("/"):
            raise HTTPError(404)
        await super().get("")


class PageHandler(TornadoVoilaHandler):
    """A dashboard, as long as there is room for one more."""

    page: Page | None = None

    @property
    def kernel_manager(self) -> Any:
        """The manager of kernels; while a page is drawn, one that notes which kernel draws it."""
        kernels = super().kernel_manager
        return kernels if self.page is None else _Noting(kernels, self.page)

    @authenticated
    async def get(self, path: str | None = None) -> None:
        """Draw the page, or say that there is no room."""
        live, name = self.settings["live"], path or ""
        if not _DASHBOARD.fullmatch(name) or not self.contents_manager.file_exists(name):
            raise HTTPError(404)
        kernels, visitor = self.kernel_manager, self._visitor()
        kernels.refresh_pool()
        if not live.visiting.admits(visitor, kernels):
            live.metrics.refused.inc()
            self.set_status(503)
            self.set_header("Retry-After", str(RETRY))
            self.set_header("Cache-Control", "no-store")
            self.finish(refusal(self, live.offline_address))
            return
        await self._draw(name, visitor)

    async def _draw(self, name: str, visitor: str) -> None:
        live, began = self.settings["live"], monotonic()
        with live.visiting.page(visitor) as self.page:
            limit = IOLoop.current().call_later(live.page_timeout, self._late)
            try:
                await super().get(name)
            finally:
                IOLoop.current().remove_timeout(limit)
        live.metrics.drawn(name, monotonic() - began)

    async def _late(self) -> None:
        """End the kernel of a page that takes too long; Voilà then ends the page with a card."""
        if self.page and self.page.kernel:
            await self.kernel_manager.end(self.page.kernel)

    def _visitor(self) -> str:
        """Return who asks, by a cookie that is set where there is none."""
        known = self.get_cookie(COOKIE) or ""
        visitor = known if _VISITOR.fullmatch(known) else secrets.token_urlsafe(24)
        if visitor != known:
            self.set_cookie(
                COOKIE,
                visitor,
                path=self.base_url,
                httponly=True,
                samesite="Lax",
                secure=self.request.protocol == "https",
            )
        return visitor


class _Noting:
    """The manager of kernels for one page: the same, and the page learns which kernel it got."""

    def __init__(self, kernels: Any, page: Page) -> None:
        self._kernels, self._page = kernels, page

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernels, name)

    def get_pool_size(self, notebook: str) -> int:
        """Return how many kernels of the pool have been started, the furthest ones first."""
        return int(self._kernels.order_pool(notebook))

    async def start_kernel(self, **settings: Any) -> str:
        kernel = str(await self._kernels.start_kernel(**settings))
        self._page.has(kernel)
        return kernel

    async def get_rendered_notebook(self, **settings: Any) -> tuple[Any, Any, str]:
        task, cache, kernel = await self._kernels.get_rendered_notebook(**settings)
        self._page.has(kernel)
        return task, cache, kernel


class _OwnKernel:
    """What concerns one kernel: for the visitor whose page it draws, absent for all others."""

    async def prepare(self, *words: Any, **settings: Any) -> None:
        """Refuse whoever does not own the kernel that the address names."""
        waited = super().prepare(*words, **settings)  # type: ignore[misc]
        if isinstance(waited, Awaitable):
            await waited
        kernel = (*self.path_args, *self.path_kwargs.values())[0]  # type: ignore[attr-defined]
        visitor = self.get_cookie(COOKIE)  # type: ignore[attr-defined]
        if not self.settings["live"].visiting.owns(visitor, kernel):  # type: ignore[attr-defined]
            raise HTTPError(404)


class KernelState(_OwnKernel, KernelHandler):
    """Whether the kernel of one's page still runs."""

    SUPPORTED_METHODS = ("GET",)


class KernelEnd(_OwnKernel, VoilaShutdownKernelHandler):
    """The end of the kernel of one's page, which the page asks for when it is left."""

    SUPPORTED_METHODS = ("POST",)


class WidgetChannel(_OwnKernel, VoilaKernelWebsocketHandler):
    """The connection of a page with its kernel, for messages of widgets alone."""

    async def pre_get(self) -> None:
        """Refuse the older forms of the protocol, which are not checked here."""
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if messages.PROTOCOL not in [each.strip() for each in offered.split(",")]:
            raise HTTPError(400)
        await super().pre_get()

    def on_message(self, ws_message: str | bytes) -> None:
        """Hand on what passes the check; what does not is dropped, counted and logged."""
        try:
            message = messages.checked(ws_message)
        except messages.Refused as why:
            self.settings["live"].metrics.messages_refused.inc()
            self.log.warning("A message to a kernel was refused: %s", why)
        else:
            super().on_message(message)


class QueryForKernel(RequestInfoSocketHandler):
    """Where a kernel of the pool waits for the query of its reader; no page comes here.

    A kernel sends neither an origin nor the cookie of a visitor, a browser does.
    """

    def prepare(self) -> None:
        """Refuse all but kernels that run."""
        kernels = self.settings["kernel_manager"]
        from_browser = "Origin" in self.request.headers or self.get_cookie(COOKIE)
        if from_browser or self.path_kwargs["kernel_id"] not in kernels:
            raise HTTPError(404)

    def open(self, kernel_id: str) -> None:
        """Hand over what is known, and note that the kernel is ready for a reader."""
        super().open(kernel_id)
        self.settings["kernel_manager"].waits(kernel_id)


class TemplateFiles(TemplateStaticFileHandler):
    """Files of a page's template."""

    def prepare(self) -> None:
        """Refuse addresses that can't name a file of a template."""
        if not _STATIC.fullmatch(self.path_args[0]) or ".." in self.path_args[0]:
            raise HTTPError(404)
