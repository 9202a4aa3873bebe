"""The process that becomes the server: Voilà with its list of addresses cut to what pages need.

Voilà builds the list; here every handler is kept, replaced by a narrower one, or left out. One
that a later Voilà brings is left out until somebody has looked at it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from jupyterlab_server.themes_handler import ThemesHandler
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import StaticFileHandler
from traitlets import Float, Integer, Unicode
from voila.app import Voila
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import (
    AllowListFileHandler,
    MultiStaticFileHandler,
    TemplateStaticFileHandler,
)
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from evalkit.live import capacity, handlers, messages, metrics
from evalkit.live.visitors import Visitors

OFFLINE = "offline"
BODY = 64 * 1024  # bytes of a request's body; a page sends some hundred when it is left
LOOK = 2000  # milliseconds between looks whether another edition is served

KEPT = (AllowListFileHandler, FileFindHandler, MultiStaticFileHandler, ThemesHandler)
REPLACED = {
    KernelHandler: handlers.KernelState,
    RequestInfoSocketHandler: handlers.QueryForKernel,
    TemplateStaticFileHandler: handlers.TemplateFiles,
    TornadoVoilaHandler: handlers.PageHandler,
    TornadoVoilaTreeHandler: handlers.FrontDoor,
    VoilaKernelWebsocketHandler: handlers.WidgetChannel,
    VoilaShutdownKernelHandler: handlers.KernelEnd,
}


class Live(Voila):
    """Voilà for readers: a limit of pages, a paced pool, kernels that run no one's code."""

    limit = Integer(0, config=True, help="Pages that may be open at once; 0: as memory allows.")
    page_timeout = Float(90.0, config=True, help="Seconds after which a page is given up.")
    offline = Unicode("", config=True, help="Folder of `evalkit publish`, served as /offline/.")

    def init_settings(self) -> dict[str, Any]:
        """Add our own parts, and the limit of a message."""
        limit = self.limit or capacity.pages(capacity.memory(), capacity.cores())
        self.operator_token = metrics.take_token()
        self.visiting = Visitors(limit)
        self.metrics = metrics.Metrics(self)
        return {
            **super().init_settings(),
            "live": self,
            "websocket_max_message_size": messages.LARGEST,
        }

    @property
    def offline_address(self) -> str:
        """Where the offline folder is read; blank where none is published."""
        return url_path_join(self.base_url, OFFLINE, "index.html") if self.offline else ""

    def init_handlers(self) -> list[Any]:
        """Return the addresses that exist."""
        found = [narrowed for each in super().init_handlers() if (narrowed := _narrowed(each))]
        if self.operator_token:
            found += [
                (url_path_join(self.server_url, "/evalkit/health"), metrics.Health),
                (url_path_join(self.server_url, "/evalkit/metrics"), metrics.MetricsText),
            ]
        if self.offline:
            where = {"path": self.offline, "default_filename": "index.html"}
            address = url_path_join(self.server_url, f"/{OFFLINE}/(.*)")
            found.append((address, StaticFileHandler, where))
        return found

    def listen(self) -> None:
        """Serve until a signal comes; a port that is taken is an error at once."""
        self.app.listen(self.port, self.ip, max_body_size=BODY, xheaders=True)
        self.ioloop = IOLoop.current()
        PeriodicCallback(self.kernel_manager.refresh_pool, LOOK).start()
        try:
            self.ioloop.start()
        finally:
            self.kernel_manager.closing = True
            self.stop()


def _narrowed(handler: Sequence[Any]) -> tuple[Any, ...] | None:
    address, kind, *settings = handler
    if kind in KEPT:
        return (address, kind, *settings)
    return (address, REPLACED[kind], *settings) if kind in REPLACED else None


def main(words: Sequence[str]) -> None:
    """Become the server, until standard input ends, which is when our parent is gone."""

    def end_with_parent() -> None:
        os.read(0, 1)  # not sys.stdin: its lock would be in the way at the end
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_with_parent, daemon=True).start()
    Live.launch_instance(list(words))
