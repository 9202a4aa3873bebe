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
        _papermill(task, partial)
    except PapermillExecutionError as error:
        said = f"{error.ename}: {error.evalue}"
        told = replace(told, state="failed", cell=error.cell_index + 1, error=said)
    except Exception as error:
        # One broken notebook must not stop the others, whatever is wrong with it.
        told = replace(told, state="failed", error=f"{type(error).__name__}: {error}")
    if partial.is_file():
        partial.replace(task.output)
    return replace(told, seconds=time.monotonic() - started)


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
