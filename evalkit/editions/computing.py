"""Computing all indicators of an edition: each on its days, on all cores where that is safe."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd

from evalkit import results
from evalkit.editions.lock import let_go
from evalkit.indicators import catalogue
from evalkit.indicators.prepared import Prepared, prepared

Tell = Callable[[str], None]


@dataclass(frozen=True)
class _Work:
    """What every process computes from: the tables, and the days by which kind of indicator."""

    tables: Prepared
    days: dict[str, list[pd.Timestamp]]

    def one(self, name: str) -> pd.DataFrame:
        """Return the results of an indicator on all its days."""
        chosen = self.days[catalogue.computed_on(name)]
        frames = [catalogue.compute(name, self.tables, as_of=day).frame for day in chosen]
        return pd.concat(frames, ignore_index=True)


def compute(
    tables: dict[str, pd.DataFrame], as_of: str, tell: Tell, processes: int | None = None
) -> pd.DataFrame:
    """Compute every indicator of the catalogue on the days of an edition.

    Parameters
    ----------
    tables : dict of str to DataFrame
        The tidy tables.
    as_of : str
        The edition's own day; an indicator is computed for earlier ones as
        `catalogue.computed_on` says.
    tell : callable
        Told the name of each indicator.
    processes : int, optional
        How many compute. Left out: one for each core where processes can be forked safely,
        else this one alone. The results are the same, row by row.

    Returns
    -------
    DataFrame
        A results table.
    """
    work = _Work(prepared(tables), _days(tables, as_of))
    names = list(catalogue.indicators())
    with _computing(work, _safe() if processes is None else processes) as found:
        frames = []
        for name, frame in zip(names, found(names), strict=True):
            tell(f"computed {name}")
            frames.append(frame)
    return results.conform(pd.concat(frames, ignore_index=True))


def _days(tables: dict[str, pd.DataFrame], as_of: str) -> dict[str, list[pd.Timestamp]]:
    own = pd.Timestamp(as_of).as_unit("s")
    listed = tables["as_of_days"]["day"]
    days = sorted({*listed[listed <= own], own})
    deadlines = set(tables["cycles"]["due_on"])
    return {
        "all": days,
        "deadlines": [day for day in days[:-1] if day in deadlines] + days[-1:],
        "edition": days[-1:],
    }


def _safe() -> int:
    """Return how many processes may compute: one where a fork could copy a lock that is held.

    A fork copies the tables at no cost, which only Linux does safely, and only from a process
    with a single thread: a notebook's kernel has several.
    """
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


_mine: list[_Work] = []  # in a forked process: what it computes from


@contextmanager
def _computing(
    work: _Work, processes: int
) -> Iterator[Callable[[list[str]], Iterator[pd.DataFrame]]]:
    """Give what computes indicators by name, in their order."""
    if processes < 2:
        yield lambda names: map(work.one, names)
        return
    forked = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, forked, _begin, (work,)) as pool:
        yield lambda names: pool.map(_of_mine, names)


def _begin(work: _Work) -> None:
    """Set up a forked process, which holds no lock and does not outlive its parent."""
    let_go()
    _mine.append(work)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says what was interrupted
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _of_mine(name: str) -> pd.DataFrame:
    return _mine[0].one(name)
