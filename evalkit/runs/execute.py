"""Running notebooks through papermill, each in a process of its own.

papermill's `cwd` changes the folder of the whole process, so threads would write to each
other's; hence processes and absolute paths. An unchanged notebook is not run again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from evalkit.editions.store import Edition
from evalkit.errors import Reason, RunError
from evalkit.fingerprint import code, sha256
from evalkit.reference import paths, texts
from evalkit.runs.parameters import checked
from evalkit.runs.record import Entry, Record, earlier
from evalkit.runs.task import Task

LOG = "run.log"  # beside the outputs: what kernels say outside their notebook

Done = Callable[[Entry, int], None]


def _silent(_: Entry, __: int) -> None:
    return None


def run(
    edition: Edition,
    notebooks: Sequence[str | Path] = (),
    parameters: Mapping[str, object] | None = None,
    *,
    out: str | Path | None = None,
    processes: int | None = None,
    done: Done = _silent,
) -> Record:
    """Run notebooks against an edition and keep a record.

    Parameters
    ----------
    edition : Edition
        What they read.
    notebooks : sequence of str or Path
        Names in notebooks/, or paths; all of notebooks/ when empty.
    parameters : mapping, optional
        Handed to every notebook that declares them; each must be declared by one at least.
    out : str or Path, optional
        Folder of the executed notebooks; notebooks/ inside the edition when left out.
    processes : int, optional
        How many at once; the number of cores when left out.
    done : callable
        Told of each finished notebook, and how many there are in all.

    Returns
    -------
    Record
        Also written beside the outputs. A failed notebook does not stop the others.

    Raises
    ------
    RunError
        There is no such notebook, or a parameter is refused; nothing has run then.
    """
    folder = Path(out).resolve() if out else edition.path / "notebooks"
    tasks = _tasks(edition, _found(notebooks), dict(parameters or {}), folder)
    folder.mkdir(parents=True, exist_ok=True)
    before = earlier(folder)
    entries = []
    todo = []
    for task in tasks:
        if task.key in before:
            old = before[task.key]
            entries.append(Entry(old.notebook, "unchanged", old.key, old.output, old.seconds))
            done(entries[-1], len(tasks))
        else:
            todo.append(task)
    for entry in _in_processes(todo, processes or os.cpu_count() or 1, folder / LOG):
        entries.append(entry)
        done(entry, len(tasks))
    record = Record(folder, tuple(entries))
    record.write()
    return record


def _found(notebooks: Sequence[str | Path]) -> list[Path]:
    home = paths.notebooks()
    if not notebooks:
        return sorted(home.glob("*.ipynb"))
    found = []
    for given in notebooks:
        options = [Path(given), home / f"{given}.ipynb"]
        options += sorted(home.glob(f"*{given}.ipynb"))
        path = next((option for option in options if option.is_file()), None)
        if path is None:
            known = ", ".join(p.stem for p in sorted(home.glob("*.ipynb")))
            raise RunError(
                f"There is no notebook {str(given)!r}.",
                reason=Reason.MISSING_FILE,
                where=str(home),
                remedy=f"Choose one of: {known}.",
            )
        found.append(path.resolve())
    return found


def _tasks(
    edition: Edition, notebooks: list[Path], given: dict[str, object], folder: Path
) -> list[Task]:
    declared = {path: _declared(path) for path in notebooks}
    everywhere = {name: value for names in declared.values() for name, value in names.items()}
    checked(" or ".join(path.stem for path in notebooks), everywhere, given)
    tasks = []
    for path, names in declared.items():
        own = {name: value for name, value in given.items() if name in names}
        defaults = names | ({"edition": str(edition.path)} if "edition" in names else {})
        values = checked(path.stem, defaults, own)
        key = _key(path, values, edition)
        output = folder / f"{path.stem}.ipynb"
        tasks.append(Task(path.stem, path, output, values, edition.path.parent, key))
    return tasks


def _declared(path: Path) -> dict[str, str]:
    """Return the parameters of a notebook's `parameters` cell, with their defaults."""
    import ast

    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            body = ast.parse("".join(cell["source"])).body
            return {
                node.target.id: str(ast.literal_eval(node.value))
                for node in body
                if isinstance(node, ast.AnnAssign)
                and isinstance(node.target, ast.Name)
                and node.value is not None
            }
    return {}


def _key(path: Path, parameters: dict[str, str], edition: Edition) -> str:
    told = {**parameters, "edition": edition.name}
    parts = [sha256(path), json.dumps(told, sort_keys=True), edition.name, code()]
    parts += [sha256(text) for text in texts.files()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _in_processes(tasks: list[Task], processes: int, log: Path) -> Iterator[Entry]:
    if not tasks:
        return
    # Imported here: papermill takes a second, and a run with nothing to do needs none of it.
    from evalkit.runs.notebook import execute

    pool = ProcessPoolExecutor(
        min(processes, len(tasks)),
        mp_context=get_context("spawn"),
        initializer=_log_to,
        initargs=(log,),
    )
    with pool:
        for future in as_completed([pool.submit(execute, task) for task in tasks]):
            yield future.result()


def _log_to(log: Path) -> None:
    """Send what kernels write beside their notebook to a file: it is inherited by them."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
