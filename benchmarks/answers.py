"""Reports at scale: check, build and all indicators on 600,000 answers and on half of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from benchmarks.commands import BenchmarkError, Tell
from benchmarks.table import Measure
from evalkit import testing
from evalkit.simulate import simulate
from evalkit.simulate.scale import scale

PARTIES, CYCLES, QUESTIONS = 195, 10, 350  # with silent Parties: more than 600,000 answers
SECONDS, MEMORY, RATIO = 20.0, 1536.0, 2.2
# In a process of its own, so that the peak of memory is that of the work alone.
_WORK = """
import json, resource, sys, time
from pathlib import Path
import evalkit
data, home = map(Path, sys.argv[1:])
times = [time.perf_counter()]
found = evalkit.check(data / "facts" / "answers.csv")
rows = len(found.tables["answers"])
del found
times.append(time.perf_counter())
evalkit.build(out=home / "current", data=data, as_of="2040-12-31")
times.append(time.perf_counter())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rows": rows, "check": times[1] - times[0], "build": times[2] - times[1],
                  "peak": peak}))
"""


def write(folder: Path, cycles: int) -> Path:
    """Write a data folder of simulated reports of so many cycles."""
    made = scale(PARTIES, cycles, QUESTIONS)
    reports = simulate(
        1, made["cycles"], parties=made["parties"], questions=made["questions"]
    ).tables
    day = testing.rows("day", "2040-12-31", why="invented")
    complete = testing.rows(
        "table", "parties", complete_to="2040-12-31", missing_after="-", unidentified=0
    )
    clause = testing.rows(
        "clause anchor years repeats_years condition",
        "inventory-emissions|entry_into_force|5||always",
        article="8", paragraph="7", title="Invented duty",
    )  # fmt: skip
    area = testing.rows("entity party title", "S19-USA|USA|USA", kind="inventory_region")
    same = testing.tidy_tables(as_of_days=day, completeness=complete, clauses=clause, areas=area)
    sources = pd.concat([same["sources"], reports["sources"]], ignore_index=True)
    return testing.write_data(folder, same | made | reports | {"sources": sources})


def once(data: Path, home: Path) -> dict[str, float]:
    """Check and build in a fresh process; return rows, seconds of both, peak MiB."""
    done = subprocess.run(
        [sys.executable, "-c", _WORK, str(data), str(home)],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise BenchmarkError(f"answers: {done.stderr.strip()}")
    return dict(json.loads(done.stdout))


def answers(folder: Path, tell: Tell, runs: int = 2) -> Iterator[Measure]:
    """Measure check, build with all indicators, memory, and what doubling the rows costs."""
    whole, half = [], []
    for cycles, found in ((CYCLES // 2, half), (CYCLES, whole)):
        data = write(folder / f"answers-{cycles}", cycles)
        for number in range(runs):
            tell(f"answers of {cycles} cycles, {number + 1} of {runs}")
            found.append(once(data, folder / f"editions-answers-{cycles}-{number}"))
    count = f"{whole[0]['rows']:,.0f} answers"
    both = [one["check"] + one["build"] for one in whole]
    yield Measure(f"{count}: check", [one["check"] for one in whole])
    yield Measure(f"{count}: build, all indicators", [one["build"] for one in whole])
    yield Measure(f"{count}: check and build", both, target=SECONDS)
    yield Measure(f"{count}: rows a second", [whole[0]["rows"] / one for one in both], unit="")
    yield Measure(f"{count}: peak of memory", [w["peak"] for w in whole], unit="MiB", target=MEMORY)
    doubled = [
        (big["check"] + big["build"])
        / (small["check"] + small["build"])
        * 2 * small["rows"] / big["rows"]
        for big, small in zip(whole, half, strict=True)
    ]  # fmt: skip
    yield Measure("twice the answers: times the seconds", doubled, unit="", target=RATIO)


def main() -> None:
    """Print the measures of this module alone."""
    import tempfile

    from benchmarks.machine import machine
    from benchmarks.table import markdown

    with tempfile.TemporaryDirectory(prefix="evalkit-answers-") as name:
        found = list(answers(Path(name), lambda what: sys.stderr.write(f"  {what}\n") and None))
    sys.stdout.write(markdown(found, machine()) + "\n")


if __name__ == "__main__":
    main()
