"""Reading and checking many answers: `python -m benchmarks.reading` prints one table.

Each size is read in a process of its own, so that its memory can be told.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.machine import machine
from benchmarks.table import Measure, markdown
from evalkit.reference import entities
from evalkit.reference.questions import Formats, formats

PARTIES = 195  # as many States and organisations as data/reference knows
CYCLES, ITEMS = 10, 308  # 600,600 answers
READ_TARGET, MEMORY_TARGET, DOUBLING_TARGET = 5.0, 900.0, 2.2
KINDS = {"yes_no": "yes|no", "number": "", "text": "", "month": "", "choice": "yes|no|unknown"}


def invented(items: int) -> Formats:
    """Return a format of many questions and ten cycles, as nothing real is."""
    kinds = list(KINDS.items())
    asked = [
        {
            "question": f"4.{n}", "version": "invented", "position": n, "part": "B",
            "in_short": "yes", "answer_type": kinds[n % 5][0], "choices": kinds[n % 5][1],
            "unit": "t" if kinds[n % 5][0] == "number" else "", "title": "Invented",
            "supplemental": "N", "standing": "memory",
        }
        for n in range(items)
    ]  # fmt: skip
    cycles = [
        {"cycle": f"cycle-{n}", "kind": "full", "format_version": "invented"} for n in range(CYCLES)
    ]
    return formats(asked, cycles)


def write(path: Path, items: int) -> int:
    """Write invented answers of all Parties to all questions in all cycles; return how many."""
    given = ('{q},no,,,', '{q},,{n}.25,t,', '{q},,,,"Measures, and more, of {n}"', '{q},2025-06,,,',
             '{q},unknown,,,not counted')  # fmt: skip
    rows = [f"{given[n % 5].format(q=f'4.{n}', n=n)},invented,simulated\n" for n in range(items)]
    with path.open("w", encoding="utf-8") as file:
        file.write("party,cycle,format_version,question,answer,value,unit,text,source,basis\n")
        for party in list(entities.states())[:PARTIES]:
            for cycle in range(CYCLES):
                head = f"{party},cycle-{cycle},invented,"
                file.write(head + head.join(rows))
    return PARTIES * CYCLES * items


def read(path: Path, items: int) -> dict[str, float]:
    """Read and check the answers; return rows, seconds and the most memory held, in MiB."""
    from evalkit.sources.check import check

    asked = invented(items)
    check(path.with_name("small.csv"), formats=asked)  # imports and tables are paid for once
    began = time.perf_counter()
    found = check(path, formats=asked)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": found.control["taken"], "seconds": took, "memory": peak}


def measure(runs: int = 3, items: int = ITEMS) -> list[Measure]:
    """Return time, speed and memory of reading, and what half as many rows cost."""
    with tempfile.TemporaryDirectory(prefix="evalkit-benchmarks-") as name:
        folder = Path(name)
        small = folder / "small.csv"
        write(small, 5)
        told = {}
        for count in (items // 2, items):
            path = folder / f"answers-{count}.csv"
            write(path, count)
            told[count] = [_apart(path, count) for _ in range(runs)]
    whole, half = told[items], told[items // 2]
    rows = int(whole[0]["rows"])
    seconds = [one["seconds"] for one in whole]
    twice = median(seconds) / median(one["seconds"] for one in half)
    return [
        Measure(f"read and check {rows:,} answers", seconds, target=READ_TARGET),
        Measure("the same, answers per second", [rows / one for one in seconds], unit=""),
        Measure("memory at its peak", [one["memory"] for one in whole], "MiB", MEMORY_TARGET),
        Measure("twice the answers, times the time", [twice], "", DOUBLING_TARGET),
    ]


def _apart(path: Path, items: int) -> dict[str, float]:
    words = [sys.executable, "-m", "benchmarks.reading", str(path), str(items)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=600)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def main() -> int:
    """Measure, or with a file and a number of questions read that file and print figures."""
    if len(sys.argv) == 3:
        sys.stdout.write(json.dumps(read(Path(sys.argv[1]), int(sys.argv[2]))))
    else:
        sys.stdout.write(markdown(measure(), machine()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
