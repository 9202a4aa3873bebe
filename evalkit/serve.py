"""Serve the dashboards: Voilà in a process of its own, watched, and ended with all its kernels.

Settings that never change lie in dashboards/voila.json, the page around a dashboard in
dashboards/template (its index.html.j2 says how it is found). Run as a program, this module
is the process that becomes Voilà.
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
from evalkit.reference import paths

HOST = "127.0.0.1"
PORT = 8866
FIRST = "overview"  # the dashboard that the bare address leads to, and the one kept warm
PATIENCE = 60.0  # seconds until the server answers
GRACE = 10.0  # seconds that it gets to end its kernels
LAST_LINES = 12
_PROBE = "/voila/templates/evalkit/static/evalkit.css"  # starts no kernel, needs our template


def serve(
    edition_root: Path,
    *,
    port: int = PORT,
    ready: Callable[[str], None] = lambda address: None,
    preheat: bool = False,
) -> int:
    """Serve the dashboards until a signal says to stop.

    Parameters
    ----------
    edition_root : Path
        The folder of editions.
    port : int
        Port, on this computer only.
    ready : callable
        Called with the address when the server answers.
    preheat : bool
        Keep one kernel waiting with the overview begun (see `query_string`).

    Returns
    -------
    int
        0 when stopped by a signal.

    Raises
    ------
    EvalkitError
        The port is in use, the dashboards are missing, or the server ended by itself.
    """
    with suppress(_Stopped), _stoppable(), Server(edition_root, port=port, preheat=preheat) as one:
        one.wait_ready()
        ready(one.address)
        one.wait()
    return 0


class Server:
    """Voilà as a child of this process; a context manager that ends it and its kernels.

    Starting it and waiting for it are two steps, so that other work fits in between.

    Parameters
    ----------
    edition_root, port, preheat
        As for `serve`.
    dashboards : Path, optional
        Folder of notebooks to serve; the project's own when left out.
    options : sequence of str
        Further words for Voilà's command line.
    """

    process: subprocess.Popen[bytes]

    def __init__(
        self,
        edition_root: Path,
        *,
        port: int = PORT,
        preheat: bool = False,
        dashboards: Path | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self.edition_root = Path(edition_root).resolve()
        self.port = port
        self.preheat = preheat
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
        query = f"?{urlencode(state)}" if state else ""
        return f"{self.address}/voila/render/{quote(name)}.ipynb{query}"

    def start(self) -> None:
        """Start the server, which answers a little later; refuse a port that is in use."""
        check_port(self.port)
        if next(self.dashboards.glob("*.ipynb"), None) is None:
            raise EvalkitError(
                "There is no dashboard to serve.",
                reason=Reason.MISSING_FILE,
                where=str(self.dashboards),
                remedy="Install evalkit again.",
            )
        with self._open_log() as log:
            # In a session of its own: Ctrl-C in a terminal reaches us alone, and we end it in
            # order. It ends by itself when its standard input does, which is when we are gone.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "evalkit.serve", *self._words()],
                cwd=self.dashboards,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self, patience: float = PATIENCE) -> None:
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
        self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()  # its kernels notice within a second and end
            self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def _words(self) -> list[str]:
        words = [
            str(self.dashboards),
            f"--port={self.port}",
            # Ours alone: settings of the person's own Jupyter would change what delegates see.
            f"--Voila.config_file_paths={paths.dashboards()}",
        ]
        if self.preheat:
            pools = {f"{FIRST}.ipynb": {"pool_size": 1}, "default": {"pool_size": 0}}
            words += [
                "--VoilaConfiguration.preheat_kernel=True",
                f"--VoilaKernelManager.kernel_pools_config={json.dumps(pools)}",
                # The waiting cell may wait for hours; no limit for one cell only can be set.
                "--VoilaExecutor.timeout=-1",
            ]
        return [*words, *self.options]

    def _environment(self) -> dict[str, str]:
        template = str(paths.dashboards() / "template")
        others = [path for path in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if path]
        return {
            **os.environ,
            VARIABLE: str(self.edition_root),
            "JUPYTER_PATH": os.pathsep.join([template, *others]),
            # Not the kernels and extensions of the person's home, which may be of another Python.
            "JUPYTER_PREFER_ENV_PATH": "1",
        }

    def _open_log(self) -> IO[bytes]:
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            return self.log.open("wb")
        except OSError:  # editions on a medium that can't be written
            self.log = Path(tempfile.gettempdir()) / f"evalkit-{os.getpid()}-{self.log.name}"
            return self.log.open("wb")

    def _failure(self, what: str) -> EvalkitError:
        said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        last = [f"  {line}\n" for line in said if line.strip()][-LAST_LINES:]
        return EvalkitError(
            "".join([f"{what} Its last lines:\n", *last]) if last else what,
            reason=Reason.NOTEBOOK_FAILED,
            where=str(self.log),
            remedy="Mend what they name and start again.",
        )


def check_port(port: int) -> None:
    """Refuse a port that is in use, not allowed or no port at all."""
    if not 0 < port < 65536:
        raise EvalkitError(
            f"{port} is not a port.",
            reason=Reason.WRONG_USE,
            remedy=f"Choose one up to 65535: make serve PORT={PORT}",
        )
    if not _is_free(port):
        other = next((each for each in range(8870, 8900) if each != port and _is_free(each)), 8900)
        raise EvalkitError(
            f"Port {port} of this computer is in use or not allowed.",
            reason=Reason.PORT_BUSY,
            remedy=f"Choose another: make serve PORT={other}",
        )


def _is_free(port: int) -> bool:
    with socket.socket() as one, suppress(OSError):
        one.settimeout(1)
        one.connect((HOST, port))
        return False  # somebody listens, if on all addresses at once
    with socket.socket() as one, suppress(OSError):
        # As the server will do: connections that only just ended don't count.
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((HOST, port))
        return True
    return False


def _answers(port: int) -> bool:
    with closing(HTTPConnection(HOST, port, timeout=5)) as connection:
        try:
            connection.request("GET", _PROBE)
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
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

    before = {each: signal.signal(each, stop) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler or signal.SIG_DFL)


def query_string() -> str:
    """Return the query of the address that this kernel's page was asked for.

    As ``party=GHA&lang=fr``; empty outside Voilà. A preheated kernel is begun before anybody
    asks: there it waits, so call it after the imports and before what depends on the page's
    state. `voila.utils.wait_for_request` does the same and takes seconds to import.
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


def _become_voila(words: Sequence[str]) -> None:
    def end_with_parent() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_with_parent, daemon=True).start()
    # jsonschema would use it to check international addresses; nothing here has one, and
    # building its grammar takes as long as the rest of the start.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from voila.app import Voila

    Voila.launch_instance(list(words))


if __name__ == "__main__":
    _become_voila(sys.argv[1:])
