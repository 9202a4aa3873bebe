"""How fast an export of the project database is read, themed and attributed.

Run as ``python -m benchmarks.exports``: an invented list of 5,892 projects, then of a million,
with rows as long as those of the real one. Each is read in a process of its own, so that its
memory can be told. Seconds are those of the clock; where other programs keep the computer busy,
those of the processor tell more.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from benchmarks.commands import BenchmarkError, Tell
from benchmarks.machine import machine
from benchmarks.table import Measure, markdown
from evalkit.methods.allocation import equal_split
from evalkit.sources.check import check

HEADING = (
    "Title,ID,Countries,Focal Areas,Type,Agencies,GEF Grant,Cofinancing,Status,Approval FY,"
    "Funding Source (indexed field),Non-Grant Instrument (indexed field),"
    "Capacity-building Initiative for Transparency,GEF Period\n"
)
KINDS = ("Full-size Project", "Medium-size Project", "Enabling Activity", "PFD")
PLACES = ("Ghana", "Peru, Regional", "Global", "Cote d'Ivoire, Mali, Togo, Burkina Faso, Benin",
          "China", "Fiji, Samoa, Kiribati")  # fmt: skip
SUBJECTS = ("mercury in gold mining", "wetlands", "POPs and mercury", "forests", "solar power")
AGENCIES = (
    "United Nations Environment Programme",
    "United Nations Development Programme, United Nations Industrial Development Organization",
)
LISTED = 5_892  # rows of the export of October 2023
SIZES = {LISTED: 1.0, 1_000_000: 60.0}  # rows, and the seconds they may take
MEMORY = 2048.0


def write(path: Path, rows: int) -> None:
    """Write an invented list; titles repeat as often as in a list replicated."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADING)
        for i in range(rows):
            file.write(
                f'"Strengthening of what countries can do on {SUBJECTS[i % 5]}, project number '
                f'{i % LISTED}",{i},"{PLACES[i % 6]}",Chemicals and Waste,{KINDS[i % 4]},'
                f'"{AGENCIES[i % 2]}","1,{i % 1000:03d}","{i % 900}",Completed,2019,'
                f"GEF Trust Fund,No,No,GEF - {i % 8 + 1}\n"
            )


def read_and_attribute(path: Path) -> float:
    """Return the seconds that reading, checking, theming and dividing a list take."""
    start = time.perf_counter()
    loaded = check(path)
    projects, places = loaded.tables["projects"], loaded.tables["project_places"]
    amounts = pd.Series(projects["grant_usd"].to_numpy(), index=projects["project"])
    named = places[places["place_kind"] == "country"].rename(columns={"project": "item"})
    equal_split(amounts, named[["item", "place"]])
    return time.perf_counter() - start


def _apart(path: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "benchmarks.exports", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise BenchmarkError(f"exports: {done.stderr.strip()}")
    told: dict[str, float] = json.loads(done.stdout)
    return told


def exports(tell: Tell) -> Iterator[Measure]:
    """Measure reading, checking, theming and dividing lists of both sizes, and the memory."""
    with tempfile.TemporaryDirectory(prefix="evalkit-benchmarks-") as name:
        for rows, target in SIZES.items():
            path = Path(name) / "projects-2023-10-24.csv"
            write(path, rows)
            tell(f"a list of {rows:,} projects")
            found = [_apart(path) for _ in range(3 if rows == LISTED else 1)]
            what = f"{rows:,} projects"
            yield Measure(f"{what}, read to attributed", [one["s"] for one in found], "s", target)
            used = [one["processor"] for one in found]
            yield Measure("the same, seconds of the processor", used)
        yield Measure(f"{what}, peak of memory", [found[0]["peak"]], "MiB", MEMORY)


def _once(path: Path) -> dict[str, float]:
    """Return seconds and peak MiB of one list; imports are paid for by a small one before."""
    with tempfile.TemporaryDirectory(prefix="evalkit-benchmarks-") as name:
        small = Path(name) / path.name
        write(small, 10)
        read_and_attribute(small)
    before = time.process_time()
    seconds = read_and_attribute(path)
    used = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"s": seconds, "processor": used, "peak": peak}


def main() -> int:
    """Print a table, or with a file read that one and print its figures."""
    if len(sys.argv) == 2:
        sys.stdout.write(json.dumps(_once(Path(sys.argv[1]))))
        return 0
    told = exports(lambda what: sys.stderr.write(f"  {what}\n") and None)
    sys.stdout.write(markdown(told, machine()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
