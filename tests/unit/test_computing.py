"""Computing on several processes: the same results, the same errors, nobody left behind."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from evalkit.errors import Failure, Reason, TableError

# In a process of its own: one with several threads, as that of the tests, is not to be forked.
_BOTH = """
import pandas as pd
from evalkit import testing
from evalkit.editions.computing import compute
tables = testing.minimal()
alone, shared = (compute(tables, "2026-10-01", lambda _: None, number) for number in (1, 2))
pd.testing.assert_frame_equal(alone, shared)
print(len(alone))
"""
_FOR_EVER = """
import sys, time
from evalkit.editions import computing
from evalkit.indicators import catalogue
computing._Work.one = lambda self, name: time.sleep(600)
from evalkit import testing
computing.compute(testing.rich(), "2026-10-01", lambda _: None, 2)
"""


def test_two_processes_give_what_one_gives() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _BOTH], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1_000


def test_a_killed_build_leaves_no_process_behind() -> None:
    process = subprocess.Popen([sys.executable, "-c", _FOR_EVER])
    try:
        mine, deadline = psutil.Process(process.pid), time.monotonic() + 60
        while len(helpers := mine.children()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(helpers) == 2
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    _, alive = psutil.wait_procs(helpers, timeout=10)
    assert not alive


def test_an_error_of_another_process_arrives_whole(tmp_path: Path) -> None:
    failure = Failure(
        Reason.TOO_EARLY, "a year before 2017", file=str(tmp_path), line=3, remedy="Correct it."
    )
    raised = TableError(
        "Rows are wrong.", reason=Reason.TOO_EARLY, where="answers.csv", failures=[failure] * 2
    )
    arrived = pickle.loads(pickle.dumps(raised))
    assert type(arrived) is TableError
    assert (str(arrived), arrived.as_dict()) == (str(raised), raised.as_dict())
