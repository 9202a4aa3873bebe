"""Running one notebook through papermill, in the process that calls it."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import papermill
from papermill.exceptions import PapermillExecutionError

from evalkit.editions.store import VARIABLE
from evalkit.runs.record import Entry
from evalkit.runs.task import Task

TIMEOUT = 600  # seconds for one cell; a notebook here takes a few
STARTS = 3  # times that the start of a kernel is tried
NOT_STARTED = "Kernel died before replying"  # what jupyter_client says of one that did not


def execute(task: Task) -> Entry:
    """Run one notebook in this process.

    Parameters
    ----------
    task : Task
        What to run and where to put it.

    Returns
    -------
    Entry
        Never raises for a notebook that fails: the entry names the cell and what it said.
    """
    os.environ[VARIABLE] = str(task.editions)
    started = time.monotonic()
    partial = task.output.with_name(f".{task.output.name}")
    told = Entry(task.name, "executed", task.key, task.output.name)
    try:
        _started(task, partial)
    except PapermillExecutionError as error:
        said = f"{error.ename}: {error.evalue}"
        told = replace(told, state="failed", cell=error.cell_index + 1, error=said)
    except Exception as error:
        # One broken notebook must not stop the others, whatever is wrong with it.
        told = replace(told, state="failed", error=f"{type(error).__name__}: {error}")
    if partial.is_file():
        partial.replace(task.output)
    return replace(told, seconds=time.monotonic() - started)


def _started(task: Task, output: Path) -> None:
    """Run a notebook; once more where its kernel ended before it was asked anything.

    Kernels choose their ports and then take them: two that start at once may choose the same,
    and one of them dies. Nothing of the notebook has run then, so that trying again is safe.
    """
    for left in reversed(range(STARTS)):
        try:
            return _papermill(task, output)
        except RuntimeError as error:
            if left == 0 or NOT_STARTED not in str(error):
                raise


def _papermill(task: Task, output: Path) -> None:
    papermill.execute_notebook(
        task.notebook,
        output,
        parameters=task.parameters,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        execution_timeout=TIMEOUT,
        cwd=str(task.output.parent),
    )
