"""Building an edition: beside the served one, and put in place in one step at the end."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

import evalkit
from evalkit import csvfile, results
from evalkit.editions import inputs as files
from evalkit.editions import joining, quality, simulated, store
from evalkit.editions.computing import compute
from evalkit.editions.inputs import Input
from evalkit.editions.joining import Joined
from evalkit.editions.lock import locked
from evalkit.editions.store import Edition
from evalkit.fingerprint import sha256
from evalkit.indicators import catalogue
from evalkit.model import Status
from evalkit.reference.days import iso_day
from evalkit.views import quality_page

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
    set_apart: bool = False,
    progress: Progress = _silent,
) -> Edition:
    """Build an edition from the project's data and further files.

    Parameters
    ----------
    inputs : iterable of str or Path
        Further files or folders of files. The project's own data is always taken, with all
        files of data/incoming; simulated reports take the place of its reports.
    out : str or Path, optional
        Name for the edition, as ``editions/cop7``; its folder part says where editions lie.
        Left out: ``current``, the one served. A named edition leaves the served one alone.
    as_of : str, optional
        The edition's day. Left out: the latest day that a source speaks of, so that the same
        files give the same edition on any day.
    data : Path, optional
        Another folder with reference/ and facts/; data/incoming is not taken then.
    set_apart : bool
        Leave bad rows of further files out and list them in the report on quality. Left out:
        one bad row refuses the build.
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
    with locked(home):
        _clear_leftovers(home)
        progress("gathering files")
        gathered = files.gather(inputs, data)
        day = files.latest_day(gathered) if as_of is None else iso_day(as_of)
        edition = _edition(home, name.name, gathered, day, set_apart, progress)
        store.point(name.name, edition.path)
        if not (home / store.CURRENT).exists() and not edition.manifest["replaced"]:
            store.point(store.CURRENT, edition.path)
    return edition


def _edition(
    home: Path, name: str, gathered: list[Input], day: str, set_apart: bool, progress: Progress
) -> Edition:
    """Return the edition of these inputs, written unless it is there already."""
    choices = ("set apart",) if set_apart else ()
    plain = home / f"{day}-{files.fingerprint(gathered, day, *choices)}"
    folder = _built(plain)
    if folder is None:
        progress("reading files")
        joined = joining.read(gathered, day, set_apart=set_apart)
        if joined.replaced:
            simulated.refuse_as_current(name)
        folder = plain.with_name(plain.name + simulated.MARK) if joined.simulated else plain
        _write(folder, gathered, joined, day, progress)
    edition = Edition(folder)
    if edition.manifest["replaced"]:
        simulated.refuse_as_current(name)
    return edition


def _built(plain: Path) -> Path | None:
    """Return the edition of these inputs if it is there already, simulated or not."""
    named = (plain, plain.with_name(plain.name + simulated.MARK))
    return next((one for one in named if (one / store.MANIFEST).is_file()), None)


def _clear_leftovers(home: Path) -> None:
    """Remove what a build that was killed left behind; nothing of it was ever served."""
    for folder in home.glob(f"{BUILDING}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for link in store.unfinished_links(home):
        link.unlink(missing_ok=True)


def _write(
    folder: Path,
    gathered: list[Input],
    joined: Joined,
    as_of: str,
    progress: Progress,
) -> None:
    tables = joined.tables
    work = folder.parent / f"{BUILDING}{folder.name}"
    work.mkdir()
    progress("keeping the input files")
    used = [item for item in gathered if item.shown not in joined.left_out]
    for item in used:
        kept = work / "inputs" / item.shown
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(item.path, kept)
    progress("writing tables")
    (work / "tables").mkdir()
    for name, frame in tables.items():
        csvfile.write(frame, work / "tables" / f"{name}.csv")
    computed = compute(tables, as_of, progress)
    results.write(computed, work / "results")
    progress("looking for doubts")
    told = quality.of_edition(joined, as_of, computed, folder.name)
    report = quality_page.write(told, work / "quality")
    manifest = _manifest(work, used, joined, computed, as_of)
    manifest["quality"] = {path.name: {"sha256": sha256(path)} for path in report}
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    with (work / store.MANIFEST).open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if folder.exists():
        shutil.rmtree(folder)
    work.rename(folder)


def _told(item: Input, joined: Joined) -> dict[str, object]:
    """Return a file's form and control counts; a file of corrections has only its form."""
    if item.is_correction:
        return {"form": "corrections"}
    content = joined.loaded.get(item.shown)
    return {"form": "refused"} if content is None else {"form": content.source, **content.control}


def _manifest(
    work: Path,
    used: list[Input],
    joined: Joined,
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
                **_told(item, joined),
            }
            for item in used
        ],
        "left_out": list(joined.left_out),
        "set_apart": len(joined.set_apart),
        "simulated": joined.simulated,
        "replaced": joined.replaced,
        "tables": {
            name: {"rows": len(frame), "sha256": sha256(work / "tables" / f"{name}.csv")}
            for name, frame in joined.tables.items()
        },
        "results": {
            str(name): {
                "rows": len(rows),
                "values": int((rows["status"] == Status.OK).sum()),
                "method_version": versions[str(name)],
                "sha256": sha256(work / "results" / f"{name}.csv"),
            }
            for name, rows in computed.groupby("indicator")
        },
    }
