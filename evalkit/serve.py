"""Serve the dashboards: Voilà in a process of its own, watched, and ended with all its kernels.

Settings that never change lie in dashboards/voila.json, the page around a dashboard in
dashboards/template (its index.html.j2 says how it is found). The process is `evalkit.live`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote, urlencode

from evalkit.editions.store import VARIABLE
from evalkit.errors import EvalkitError, Reason
from evalkit.live.settings import HOST, Settings
from evalkit.reference import paths

PORT = 8866
FIRST = "overview"  # the dashboard that the bare address leads to
GRACE = 10.0  # seconds that the server gets to end its kernels
_PROBE = "/voila/templates/evalkit/static/evalkit.css"  # starts no kernel, needs our template


def serve(
    edition_root: Path,
    *,
    port: int = PORT,
    ready: Callable[[str], None] = lambda address: None,
    settings: Settings | None = None,
) -> int:
    """Serve the dashboards until a signal says to stop.

    Parameters
    ----------
    edition_root : Path
        The folder of editions.
    port : int
        Port, on this computer only; an error when it is in use.
    ready : callable
        Called with the address when the server answers.
    settings : Settings, optional
        Limits, pool and folder.

    Returns
    -------
    int
        0; a server that ends by itself is an error, with its last lines.
    """
    server = Server(edition_root, port=port, settings=settings)
    with suppress(_Stopped), _stoppable(), server:
        server.wait_ready()
        ready(server.address)
        server.wait()
    return 0


class Server:
    """Voilà as a child of this process; a context manager that ends it and its kernels.

    Parameters
    ----------
    edition_root, port, settings
        As for `serve`.
    dashboards : Path, optional
        Folder of notebooks to serve instead of the project's own.
    options : sequence of str
        Further words for Voilà's command line.
    """

    process: subprocess.Popen[bytes]

    def __init__(
        self,
        edition_root: Path,
        *,
        port: int = PORT,
        settings: Settings | None = None,
        dashboards: Path | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self.edition_root = Path(edition_root).resolve()
        self.port = port
        self.settings = settings or Settings()
        self.dashboards = (dashboards or paths.dashboards()).resolve()
        self.options = tuple(options)
        self.log = self.edition_root / ".logs" / f"serve-{port}.log"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """What to type into a browser."""
        return f"http://{HOST}:{self.port}"

    def page(self, name: str = FIRST, **state: str) -> str:
        """Return the address of a dashboard, with the state of the page in its query."""
        return f"{self.address}/voila/render/{quote(name)}.ipynb?{urlencode(state)}".rstrip("?")

    def start(self) -> None:
        """Start the server, which answers a little later; refuse a port that is in use."""
        check_port(self.port)
        with self._open_log() as log:
            # In a session of its own: Ctrl-C in a terminal reaches us alone, and we end it in
            # order. It ends by itself when its standard input does, which is when we are gone.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "evalkit.live", *self._words()],
                cwd=self.dashboards,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self, patience: float = 60.0) -> None:
        """Wait until the server answers; an error with its last lines if it does not."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise self._failure("The server of the dashboards ended while it was starting.")
            if _answers(self.port):
                return
            time.sleep(0.03)
        raise self._failure(f"The server of the dashboards gave no answer in {patience:.0f} s.")

    def wait(self) -> None:
        """Wait for the end of the server, which is an error: it should be stopped."""
        self.process.wait()
        raise self._failure("The server of the dashboards ended by itself.")

    def stop(self) -> None:
        """End the server and its kernels; does nothing when it has ended."""
        with self.process as process:
            process.terminate()
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()  # its kernels notice within a second and end

    def _words(self) -> list[str]:
        # Our settings alone: those of the person's own Jupyter would change what delegates see.
        settings = f"--Voila.config_file_paths={paths.dashboards()}"
        chosen = self.settings
        words = [str(self.dashboards), f"--port={self.port}", settings]
        words += [f"--Voila.ip={chosen.listen}", f"--Live.limit={chosen.visitors}"]
        if chosen.offline:
            words.append(f"--Live.offline={chosen.offline.resolve()}")
        if chosen.pool:
            # The cell that waits may wait for hours, and there is no limit of time for the
            # others alone; Live.page_timeout begins when the reader comes.
            words += ["--preheat_kernel=True", f"--pool_size={chosen.pool}"]
            words.append("--VoilaExecutor.timeout=-1")
        return [*words, *self.options]

    def _environment(self) -> dict[str, str]:
        folders = [str(paths.dashboards() / "template"), os.environ.get("JUPYTER_PATH", "")]
        return {
            **os.environ,
            VARIABLE: str(self.edition_root),
            "JUPYTER_PATH": os.pathsep.join(filter(None, folders)),
            "JUPYTER_PREFER_ENV_PATH": "1",  # kernels in the home may be of another Python
        }

    def _open_log(self) -> IO[bytes]:
        with suppress(OSError):
            self.log.parent.mkdir(parents=True, exist_ok=True)
            return self.log.open("wb")
        self.log = Path(tempfile.mkdtemp(prefix="evalkit-")) / self.log.name  # a read-only medium
        return self.log.open("wb")

    def _failure(self, what: str) -> EvalkitError:
        said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        last = [f"  {line}\n" for line in said if line.strip()][-12:]
        return EvalkitError(
            "".join([f"{what} Its last lines:\n", *last]) if last else what,
            reason=Reason.SERVER_FAILED,
            where=str(self.log),
            remedy="Mend what they name and start again.",
        )


def check_port(port: int) -> None:
    """Refuse a port that is in use, not allowed or no port at all."""
    if not _is_free(port):
        other = next((each for each in range(8870, 8900) if each != port and _is_free(each)), 8900)
        raise EvalkitError(
            f"Port {port} of this computer is in use or not allowed.",
            reason=Reason.PORT_BUSY,
            remedy=f"Choose another: make serve PORT={other}",
        )


def _is_free(port: int) -> bool:
    with socket.socket() as one, suppress(OSError, OverflowError):
        one.settimeout(1)
        one.connect((HOST, port))
        return False  # somebody listens, be it on all addresses at once
    with socket.socket() as one, suppress(OSError, OverflowError):
        # As the server will do: connections that only just ended don't count.
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((HOST, port))
        return port > 0
    return False


def _answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    with closing(connection), suppress(OSError, HTTPException):
        connection.request("GET", _PROBE)
        return connection.getresponse().status == 200
    return False


class _Stopped(BaseException):
    """A signal asked for the end; not an Exception, so that nothing on the way catches it."""


@contextmanager
def _stoppable() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets signals
        return
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: object) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)  # the end takes a moment: once is enough
        raise _Stopped

    before = [signal.signal(each, stop) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


def query_string() -> str:
    """Return the query of the address that this kernel's page was asked for.

    As ``party=GHA&lang=fr``; empty outside Voilà. A preheated kernel waits here until somebody
    comes, so call it after the imports and before what depends on the page's state.
    `voila.utils.wait_for_request` does the same and takes seconds to import.
    """
    if os.environ.get("VOILA_PREHEAT") == "True" and "QUERY_STRING" not in os.environ:
        thread = threading.Thread(target=_receive_request, daemon=True)
        thread.start()  # the kernel's own thread has an event loop that is running
        thread.join()
    return os.environ.get("QUERY_STRING", "")


def _receive_request() -> None:
    import asyncio

    from tornado.websocket import websocket_connect

    async def receive() -> None:
        port, kernel = os.environ["VOILA_APP_PORT"], os.environ["VOILA_KERNEL_ID"]
        connection = await websocket_connect(f"ws://{HOST}:{port}/voila/query/{kernel}")
        request = await connection.read_message()
        connection.close()
        os.environ.update(json.loads(request or "{}"))

    asyncio.run(receive())
