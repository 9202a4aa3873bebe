"""Publishing an edition: all languages into a new folder, which then takes the old one's place."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from evalkit import __version__
from evalkit.editions.store import Edition
from evalkit.errors import EditionError, Reason
from evalkit.fingerprint import sha256
from evalkit.publish import dashboards, files, library, places, static, story
from evalkit.publish.indicators import Indicators
from evalkit.publish.plan import Plan, plan
from evalkit.publish.recordings import page_of, record
from evalkit.publish.site import Site

RECORD = "record.json"
Progress = Callable[[str], None]


def _silent(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Published:
    """A folder that was published.

    Parameters
    ----------
    folder : Path
        Where it is.
    pages : int
        How many pages it has.
    size : int
        Bytes of all its files.
    archive : Path or None
        The same as one zip.
    """

    folder: Path
    pages: int
    size: int
    archive: Path | None


@dataclass(frozen=True, slots=True)
class Part:
    """One language of a folder: all that its process needs to know."""

    edition: Path
    language: str
    out: Path
    held: Plan
    recorded: Path
    sizes: dict[str, tuple[int, int, int]]


def publish(
    edition: Edition,
    out: str | Path,
    held: Plan | None = None,
    *,
    archive: bool = False,
    work: Path | None = None,
    processes: int | None = None,
    progress: Progress = _silent,
) -> Published:
    """Publish an edition as a folder of files that opens anywhere.

    Parameters
    ----------
    edition : Edition
        What is published.
    out : str or Path
        The folder; one that was published before is replaced at the end, any other refused.
    held : Plan, optional
        What the folder is to hold; all when left out.
    archive : bool
        Write the folder as one zip beside it, too.
    work : Path, optional
        Where the executed dashboards lie, so that unchanged ones are not run again.
    processes : int, optional
        How many at once; the number of cores when left out.
    progress : callable
        Told of each step.

    Returns
    -------
    Published
        The same edition gives the same bytes.

    Raises
    ------
    EvalkitError
        The folder holds something else, or a dashboard failed; what was there before stays as
        it was.
    """
    folder = Path(out).resolve()
    _refuse_foreign(folder)
    held = held or plan(edition)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    made = beside / folder.name
    try:
        made.mkdir()
        _fill(edition, made, held, work, processes or os.cpu_count() or 1, progress)
        progress("record")
        told = _record(edition, made, held)
        zipped = _zipped(made, folder, progress) if archive else None
        _into_place(made, folder, beside)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    pages = sum(name.endswith(".html") for name in told)
    return Published(folder, pages, sum(size for _, size in told.values()), zipped)


def _zipped(made: Path, folder: Path, progress: Progress) -> Path:
    """Write a folder that is not yet in its place as one zip beside that place."""
    progress("zip")
    zipped = folder.with_name(f"{folder.name}.zip")
    fresh = made.with_name(zipped.name)
    files.archive(made, fresh)
    return fresh.replace(zipped)


def _fill(
    edition: Edition,
    made: Path,
    held: Plan,
    work: Path | None,
    processes: int,
    progress: Progress,
) -> None:
    recorded = {
        language: record(
            edition, language, held, folder=work / language if work else None, progress=progress
        )
        for language in held.languages
    }
    progress("files to take away")
    sizes = files.write(edition, held.indicators, made / "downloads")
    parts = [
        Part(edition.path, language, made, held, recorded[language], sizes)
        for language in held.languages
    ]
    if processes == 1 or len(parts) == 1:
        for part in parts:
            progress(f"{_write(part)}: pages")
    else:
        pool = ProcessPoolExecutor(min(processes, len(parts)), mp_context=get_context("spawn"))
        with pool:
            for future in as_completed([pool.submit(_write, part) for part in parts]):
                progress(f"{future.result()}: pages")
    # Rows that belong to no indicator are the same in all languages: the first one's words stay.
    for part in parts:
        for name in _further(held):
            dashboards.write_rows(page_of(part.recorded, name), made)
    first = Site(edition, held.languages[0], made, held)
    library.copy_quality(first)
    static.write(first)


def _further(held: Plan) -> list[str]:
    """Return the dashboards that are a page as they were recorded."""
    return [name for name in held.dashboards if name in dashboards.PAGES]


def _write(part: Part) -> str:
    """Write all pages of one language."""
    site = Site(Edition(part.edition), part.language, part.out, part.held)
    indicators = Indicators(site, page_of(part.recorded, "overview")["books"])
    indicators.write()
    places.write(site, page_of(part.recorded, "party"), indicators)
    for name in _further(part.held):
        dashboards.Dashboard(site, name, page_of(part.recorded, name)).write()
    library.write(site, part.sizes)
    story.write(site)
    site.data("search", places.index(site))
    site.data("places", static.places(site))
    return part.language


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not (folder / RECORD).is_file() and any(folder.iterdir()):
        raise EditionError(
            f"The folder {folder.name} holds something that was not published by evalkit.",
            reason=Reason.WRONG_USE,
            where=str(folder.parent),
            remedy="Name another folder, or empty it.",
        )


def _record(edition: Edition, made: Path, held: Plan) -> dict[str, Any]:
    """Write what the folder holds, with the checksum of every file."""
    found = {
        path.relative_to(made).as_posix(): [sha256(path), path.stat().st_size]
        for path in sorted(made.rglob("*"))
        if path.is_file()
    }
    told = {
        "edition": edition.name,
        "as_of": edition.as_of,
        "evalkit": __version__,
        "languages": list(held.languages),
        "simulated": edition.simulated,
        "files": found,
    }
    body = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    (made / RECORD).write_text(body, encoding="utf-8", newline="\n")
    return found


def _into_place(made: Path, folder: Path, beside: Path) -> None:
    """Let the new folder take the old one's place: two renames, and no moment with half of it."""
    if folder.exists():
        folder.rename(beside / "before")
    made.rename(folder)
