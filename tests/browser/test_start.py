"""`evalkit serve` from nothing: edition built, notebooks run, address and summary printed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def started(port: int, editions: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "evalkit", "serve", "--port", str(port)],
        env={**os.environ, "EVALKIT_EDITIONS": str(editions)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> list[str]:
    """Return the lines printed until the server says how to stop it."""
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("Stop with"):
            break
    return lines


def test_serve_prints_the_address_and_what_was_loaded(tmp_path, new_port):
    port = new_port()
    process = started(port, tmp_path)
    try:
        lines = told(process)
        at = lines.index(f"Dashboards: http://127.0.0.1:{port}")
        summary = lines[at + 1 : -1]
        assert len(summary) == 5
        assert "195 States and organisations" in summary[1]
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/")
        assert connection.getresponse().status in (200, 302)
        edition = (tmp_path / "current").resolve()
        assert sorted(p.name for p in (edition / "notebooks").glob("*.ipynb")) == [
            "00-tour.ipynb",
            "emissions.ipynb",
            "finance.ipynb",
            "gold-mining.ipynb",
            "indicator-sheet.ipynb",
            "party-profile.ipynb",
            "reporting.ipynb",
            "support.ipynb",
        ]
        connection.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_busy_port_is_one_sentence_with_the_remedy(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = started(taken.getsockname()[1], tmp_path)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "PORT=" in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "current").exists()
