"""Reports at scale: check, build and all indicators on 600,000 answers and on half of them.

The form is the project's own with further questions, and beside the reports stand the project's
own facts, so that every indicator computes what it would of real reports. Seconds are those of
the clock; where other programs keep the computer busy, those of the processor tell more.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import psutil

from benchmarks.commands import BenchmarkError, Tell
from benchmarks.table import Measure
from evalkit import testing
from evalkit.editions import inputs, joining
from evalkit.editions.simulated import REPORTS
from evalkit.model import Basis
from evalkit.simulate import simulate
from evalkit.simulate.reports import SOURCE
from evalkit.simulate.scale import VERSION, scale

PARTIES, CYCLES, QUESTIONS = 195, 10, 370  # with silent Parties: more than 600,000 answers
SECONDS, MEMORY, RATIO = 20.0, 1536.0, 2.2
FORM = "mc-1-8"  # whose questions the indicators read
DAY = "2040-12-31"
# In a process of its own, whose memory, with that of those it starts, is that of the work alone.
_WORK = """
import json, resource, sys, time
from pathlib import Path
import evalkit
from evalkit.reference import questions
from evalkit.sources import check
def now():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used)
data, home = map(Path, sys.argv[1:])
times = [now()]
asked = [check.check(data / "reference" / name).tables
         for name in ("questions/questions.csv", "cycles.csv")]
formats = questions.formats(asked[0]["questions"].to_dict("records"),
                            asked[1]["cycles"].to_dict("records"))
rows = check.check(data / "facts" / "answers.csv", formats=formats).control
times.append(now())
edition = evalkit.build(out=home / "current", data=data, as_of="DAY")
times.append(now())
wall, used = zip(*times)
told = edition.results_of("emission-inventories")
print(json.dumps({"rows": rows["taken"], "set_apart": rows["set_apart"],
                  "check": wall[1] - wall[0], "build": wall[2] - wall[1],
                  "processor": used[2] - used[0], "bounds": int(told["high"].notna().sum())}))
""".replace("DAY", DAY)


def write(folder: Path, cycles: int) -> Path:
    """Write a data folder of simulated reports of so many cycles beside the project's facts."""
    gathered = inputs.gather(incoming=False)
    own = joining.read(gathered, inputs.latest_day(gathered)).tables
    made = scale(PARTIES, cycles, QUESTIONS)
    made["questions"] = _form(own["questions"], made["questions"])
    reports = simulate(
        1, made["cycles"], parties=made["parties"], questions=made["questions"]
    ).tables
    left_out = (*REPORTS, "question_map", "published")
    kept = {name: frame for name, frame in own.items() if name not in left_out}
    sources = pd.concat([own["sources"], reports["sources"]], ignore_index=True)
    entries = pd.concat([own["registrations"], reports["registrations"]], ignore_index=True)
    return testing.write_data(
        folder, kept | made | reports | {"sources": sources, "registrations": entries}
    )


def _form(own: pd.DataFrame, invented: pd.DataFrame) -> pd.DataFrame:
    """Return the questions of the first form, and invented ones up to the number that is asked."""
    form = own[own["version"] == FORM]
    form = form.assign(version=VERSION, source=SOURCE, basis=str(Basis.SIMULATED))
    asked = int((form["answer_type"] != "heading").sum())
    further = invented.iloc[: QUESTIONS - asked]
    further = further.assign(position=further["position"] + form["position"].max())
    return pd.concat([form, further], ignore_index=True)


def _peak(process: subprocess.Popen[str]) -> float:
    """Return the most MiB that a process and those it starts hold; shared pages count once."""
    most = 0.0
    while process.poll() is None:
        held = 0
        with contextlib.suppress(psutil.Error):
            mine = psutil.Process(process.pid)
            for one in (mine, *mine.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    held += one.memory_full_info().pss
        most = max(most, held / 2**20)
        time.sleep(0.1)
    return most


def once(data: Path, home: Path) -> dict[str, float]:
    """Check and build in a fresh process; return rows, seconds of both, peak MiB.

    Raises
    ------
    BenchmarkError
        An answer was refused, or no share had bounds: what was measured would be no evaluation.
    """
    command = [sys.executable, "-c", _WORK, str(data), str(home)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        peak = _peak(process)
        told, wrong = process.communicate(timeout=600)
    if process.returncode:
        raise BenchmarkError(f"answers: {wrong.strip()}")
    found = {**json.loads(told), "peak": peak}
    if found["set_apart"] or not found["rows"] or not found["bounds"]:
        raise BenchmarkError(f"answers were refused, or no share has bounds: {found}")
    return found


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
    used = [one["processor"] for one in whole]
    yield Measure(f"{count}: the same, seconds of the processor", used)
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
