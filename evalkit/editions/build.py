"""Building an edition: beside the served one, and put in place in one step at the end."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pandas as pd

import evalkit
from evalkit import results
from evalkit.editions import inputs as files
from evalkit.editions import store
from evalkit.editions.inputs import Input
from evalkit.editions.store import Edition
from evalkit.errors import EditionError, Reason
from evalkit.fingerprint import sha256
from evalkit.indicators import catalogue
from evalkit.reference.days import iso_day
from evalkit.sources.loaded import Loaded

FORMAT = 1  # of the folder; raised when its layout changes
BUILDING = ".building-"

Progress = Callable[[str], None]


def _silent(_: str) -> None:
    return None


def build(
    inputs: Iterable[str | Path] = (),
    out: str | Path | None = None,
    as_of: str | None = None,
    *,
    data: Path | None = None,
    progress: Progress = _silent,
) -> Edition:
    """Build an edition from the project's data and further files.

    Parameters
    ----------
    inputs : iterable of str or Path
        Further files or folders of files; the project's own data is always taken.
    out : str or Path, optional
        Name for the edition, as ``editions/cop7``; its folder part says where editions lie.
        Left out: ``current``, the one served. A named edition leaves the served one alone.
    as_of : str, optional
        The edition's day. Left out: the latest day that a source speaks of, so that the same
        files give the same edition on any day.
    data : Path, optional
        Another folder with reference/ and facts/.
    progress : callable
        Told in a few words what is being done.

    Returns
    -------
    Edition
        The one built, or the one that is there already from the same inputs.

    Raises
    ------
    FileRefusedError, TableError
        An input can't be taken; the served edition stays as it is.
    EditionError
        Another build is running, or the name in `out` is taken by a file or folder.
    """
    name = Path(out) if out is not None else Path(store.CURRENT)
    home = name.parent.resolve() if out is not None and name.parent != Path() else store.root()
    home.mkdir(parents=True, exist_ok=True)
    store.refuse_taken(home / name.name)
    with _lock(home):
        _clear_leftovers(home)
        progress("gathering files")
        gathered = files.gather(inputs, data)
        day = files.latest_day(gathered) if as_of is None else iso_day(as_of)
        folder = home / f"{day}-{files.fingerprint(gathered, day)}"
        if not (folder / store.MANIFEST).is_file():
            progress("reading files")
            tables, loaded = files.read(gathered, day)
            _write(folder, gathered, tables, loaded, day, progress)
        store.point(name.name, folder)
        if not (home / store.CURRENT).exists():
            store.point(store.CURRENT, folder)
    return Edition(folder)


@contextmanager
def _lock(home: Path) -> Iterator[IO[str]]:
    """Hold the lock of a folder of editions; the system frees it when the process dies."""
    with (home / ".lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EditionError(
                "Another build is running.",
                reason=Reason.LOCKED,
                where=str(home),
                remedy="Wait until it has ended, then build again.",
            ) from error
        yield file


def _clear_leftovers(home: Path) -> None:
    """Remove what a build that was killed left behind; nothing of it was ever served."""
    for folder in home.glob(f"{BUILDING}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for link in store.unfinished_links(home):
        link.unlink(missing_ok=True)


def _write(
    folder: Path,
    gathered: list[Input],
    tables: dict[str, pd.DataFrame],
    loaded: dict[str, Loaded],
    as_of: str,
    progress: Progress,
) -> None:
    work = folder.parent / f"{BUILDING}{folder.name}"
    work.mkdir()
    progress("keeping the input files")
    for item in gathered:
        kept = work / "inputs" / item.shown
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(item.path, kept)
    progress("writing tables")
    (work / "tables").mkdir()
    for name, frame in tables.items():
        frame.to_csv(
            work / "tables" / f"{name}.csv",
            index=False,
            lineterminator="\n",
            date_format="%Y-%m-%d",
        )
    computed = _compute(tables, as_of, progress)
    results.write(computed, work / "results")
    manifest = _manifest(work, gathered, tables, loaded, computed, as_of)
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    with (work / store.MANIFEST).open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if folder.exists():
        shutil.rmtree(folder)
    work.rename(folder)


def _days(tables: dict[str, pd.DataFrame], as_of: str) -> list[pd.Timestamp]:
    own = pd.Timestamp(as_of).as_unit("s")
    listed = tables["as_of_days"]["day"]
    return sorted({*listed[listed <= own], own})


def _compute(tables: dict[str, pd.DataFrame], as_of: str, progress: Progress) -> pd.DataFrame:
    days = _days(tables, as_of)
    frames = []
    for name in catalogue.indicators():
        progress(f"computing {name}")
        chosen = days if catalogue.for_every_day(name) else days[-1:]
        frames += [catalogue.compute(name, tables, as_of=day).frame for day in chosen]
    return results.conform(pd.concat(frames, ignore_index=True))


def _told(content: Loaded | None) -> dict[str, object]:
    """Return a file's form and control counts; a file of corrections has only its form."""
    return (
        {"form": "corrections"} if content is None else {"form": content.source, **content.control}
    )


def _manifest(
    work: Path,
    gathered: list[Input],
    tables: dict[str, pd.DataFrame],
    loaded: dict[str, Loaded],
    computed: pd.DataFrame,
    as_of: str,
) -> dict[str, object]:
    versions = {name: spec.method_version for name, spec in catalogue.indicators().items()}
    return {
        "format": FORMAT,
        "evalkit": evalkit.__version__,
        "as_of": as_of,
        "inputs": [
            {
                "file": item.shown,
                "sha256": item.sha256,
                **_told(loaded.get(item.shown)),
            }
            for item in gathered
        ],
        "tables": {
            name: {"rows": len(frame), "sha256": sha256(work / "tables" / f"{name}.csv")}
            for name, frame in tables.items()
        },
        "results": {
            str(name): {
                "rows": len(rows),
                "method_version": versions[str(name)],
                "sha256": sha256(work / "results" / f"{name}.csv"),
            }
            for name, rows in computed.groupby("indicator")
        },
    }
