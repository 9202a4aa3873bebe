"""Times of commands: import, build, build again, notebooks, the second start of the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ports import free_port
from benchmarks.table import Measure
from evalkit.editions.store import VARIABLE, Edition
from evalkit.runs.execute import run
from evalkit.serve import HOST

LONGEST = 600  # seconds that a command may take
IMPORT_TARGET, SERVE_TARGET = 0.15, 5.0

Tell = Callable[[str], None]


class BenchmarkError(Exception):
    """Something that should be measured did not work."""


def _timed(words: Sequence[str], editions: Path | None = None) -> float:
    env = dict(os.environ) if editions is None else {**os.environ, VARIABLE: str(editions)}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *words], env=env, capture_output=True, text=True, timeout=LONGEST
    )
    took = time.perf_counter() - began
    if done.returncode:
        raise BenchmarkError(f"{' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return took


def imports(runs: int = 15) -> Measure:
    """Time `import evalkit` in a fresh interpreter, less that of an interpreter alone."""
    pairs = [(_timed(["-c", "import evalkit"]), _timed(["-c", "pass"])) for _ in range(runs)]
    bare = sorted(alone for _, alone in pairs)[runs // 2]
    return Measure("`import evalkit`", [both - bare for both, _ in pairs], target=IMPORT_TARGET)


def builds(folder: Path, tell: Tell, runs: int = 3, again: int = 5) -> Iterator[Measure]:
    """Time `evalkit build` into empty folders, then once more with nothing changed."""
    words = ["-m", "evalkit", "build"]
    first, second = [], []
    for number in range(runs):
        tell(f"build {number + 1} of {runs}")
        first.append(_timed(words, folder / f"editions-{number}"))
    tell("build again")
    second = [_timed(words, folder / "editions-0") for _ in range(again)]
    whole = Measure("build of an edition", first)
    yield whole
    yield Measure("build again, nothing changed", second)
    parts = [value / whole.median for value in second]
    yield Measure("build again, as a share of the build", parts, unit="")


def notebooks(edition: Edition, folder: Path, tell: Tell, runs: int = 3) -> Iterator[Measure]:
    """Time all notebooks of the project, each in a process of its own, then unchanged."""
    first, second = [], []
    count = 0
    for number in range(runs):
        tell(f"notebooks {number + 1} of {runs}")
        out = folder / f"notebooks-{number}"
        first.append(_run(edition, out))
        second += [_run(edition, out) for _ in range(2)]
        count = len(list(out.glob("*.ipynb")))
    yield Measure(f"{count} notebooks, {os.cpu_count()} at once", first)
    yield Measure("notebooks again, nothing changed", second)


def _run(edition: Edition, out: Path) -> float:
    began = time.perf_counter()
    record = run(edition, out=out)
    took = time.perf_counter() - began
    failed = [str(entry) for entry in record.entries if entry.state == "failed"]
    if failed:
        raise BenchmarkError("; ".join(failed))
    return took


def second_start(editions: Path, tell: Tell, runs: int = 5) -> Measure:
    """Time `evalkit serve` with nothing changed until it prints its address."""
    took = []
    for number in range(runs + 1):  # the first one runs the notebooks and is not counted
        tell(f"start of the server {number} of {runs}")
        began = time.perf_counter()
        with _serving(editions) as until_ready:
            took.append(until_ready - began)
    return Measure("`evalkit serve`, nothing changed", took[1:], target=SERVE_TARGET)


@contextmanager
def _serving(editions: Path) -> Iterator[float]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "evalkit", "serve", "--port", str(port)],
        env={**os.environ, VARIABLE: str(editions)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        for line in process.stdout or ():
            if f"http://{HOST}:{port}" in line:
                break
        else:
            raise BenchmarkError("evalkit serve ended before it printed its address")
        yield time.perf_counter()
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
