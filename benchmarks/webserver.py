"""nginx with the project's own example, adapted in those lines that say so."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.commands import BenchmarkError
from benchmarks.ports import free_port
from evalkit.serve import HOST

EXAMPLE = Path(__file__).parents[1] / "deploy" / "nginx"
VARIABLE = "EVALKIT_NGINX"
PLACES = ("nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx")
MARK = "# yours"
MAIN = """\
daemon off;
worker_processes auto;
worker_rlimit_nofile 8192;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
{user}
events {{ worker_connections 2048; }}
http {{
    types {{
        text/html html; text/css css; application/javascript js; application/json json;
        image/svg+xml svg; image/png png; text/csv csv; font/woff2 woff2; application/zip zip;
    }}
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/evalkit.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    """One that runs: its two ports, and the processes."""

    plain: int
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """Where it answers with TLS."""
        return f"https://{HOST}:{self.port}"


def program() -> str:
    """Return the path of nginx.

    Raises
    ------
    BenchmarkError
        There is none.
    """
    named = os.environ.get(VARIABLE)
    found = next(filter(None, map(shutil.which, [named] if named else PLACES)), None)
    if found is None:
        raise BenchmarkError(f"no nginx was found: install it, or name one with {VARIABLE}")
    return found


def adapted(live: int, offline: Path, folder: Path, plain: int, port: int) -> str:
    """Return the example with every line changed that is marked so, and no other."""
    rules = {
        r"server 127\.0\.0\.1:8866;": f"server {HOST}:{live};",
        r"listen 80;": f"listen {HOST}:{plain};",
        r"listen 443 ": f"listen {HOST}:{port} ",
        r"server_name \S+;": f"server_name {HOST};",
        r"/etc/ssl/evalkit/": f"{folder}/",
        r"/srv/evalkit/offline/": f"{offline}/",
        r"/etc/nginx/evalkit/": f"{EXAMPLE}/",
    }
    lines = []
    for line in (EXAMPLE / "evalkit.conf").read_text(encoding="utf-8").splitlines():
        changed = line
        if line.endswith(MARK):
            for old, new in rules.items():
                changed = re.sub(old, new, changed)
            if changed == line:
                raise BenchmarkError(f"nothing is known of {line.strip()!r}")
        lines.append(changed)
    return "\n".join(lines)


@contextmanager
def nginx(live: int, offline: Path, folder: Path) -> Iterator[Nginx]:
    """Run nginx in front of a server.

    Parameters
    ----------
    live : int
        Port of the server of the dashboards.
    offline : Path
        The offline folder.
    folder : Path
        Where it may write.
    """
    plain, port = free_port(), free_port()
    _certificate(folder)
    (folder / "evalkit.conf").write_text(adapted(live, offline, folder, plain, port))
    user = "user root;" if os.geteuid() == 0 else ""  # else its processes may not read the folder
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder, user=user))
    words = [program(), "-p", str(folder), "-c", str(main), "-e", str(folder / "error.log")]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port, process, folder)
            yield Nginx(plain, port, process)
        finally:
            process.terminate()


def _certificate(folder: Path) -> None:
    """Make a certificate for this computer that is good for a day."""
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=IP:{HOST}"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
    words = ["openssl", "req", "-x509", *kind, *names, *files]
    subprocess.run(words, check=True, capture_output=True)


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    said = (folder / "error.log").read_text() if (folder / "error.log").exists() else ""
    raise BenchmarkError(f"nginx did not start: {said[-500:]}")
