"""How fast an export of the project database is read, themed and attributed.

Run as ``python -m benchmarks.exports``: an invented list of 5,892 projects, then of a million.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from benchmarks.machine import machine
from benchmarks.table import Measure, markdown
from evalkit.methods.allocation import equal_split
from evalkit.sources.check import check

HEADING = (
    "Title,ID,Countries,Focal Areas,Type,Agencies,GEF Grant,Cofinancing,Status,Approval FY,"
    "Fund Source,GEF Period\n"
)
KINDS = ("Full-size Project", "Medium-size Project", "Enabling Activity", "PFD")
PLACES = ("Ghana", "Peru, Regional", "Global", "Cote d'Ivoire, Mali, Togo", "China", "Fiji, Samoa")
SUBJECTS = ("mercury in gold mining", "wetlands", "POPs and mercury", "forests", "solar power")
SIZES = {5_892: 1.0, 1_000_000: 60.0}  # rows, and the seconds they may take


def write(path: Path, rows: int) -> None:
    """Write an invented list; titles repeat as often as in a list replicated."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADING)
        for i in range(rows):
            file.write(
                f'"Project on {SUBJECTS[i % 5]}, number {i % 5892}",{i},"{PLACES[i % 6]}",'
                f'X,{KINDS[i % 4]},UNDP,"1,{i % 1000:03d}","{i % 900}",Completed,2019,'
                f"GEF Trust Fund,GEF - {i % 8 + 1}\n"
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


def main() -> int:
    """Print a table of times, and the memory that it took at most."""
    found = []
    with tempfile.TemporaryDirectory(prefix="evalkit-benchmarks-") as name:
        for rows, target in SIZES.items():
            path = Path(name) / "projects-2023-10-24.csv"
            write(path, rows)
            runs = 3 if rows < 100_000 else 1
            seconds = [read_and_attribute(path) for _ in range(runs)]
            found.append(Measure(f"{rows:,} projects, read to attributed", seconds, "s", target))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found.append(Measure("memory at most", [peak], "MiB", 2048))
    sys.stdout.write(markdown(found, machine()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
