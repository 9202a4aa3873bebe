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
from evalkit.errors import EditionError, EvalkitError, Reason
from evalkit.fingerprint import sha256
from evalkit.publish import dashboards, files, library, places, static
from evalkit.publish.indicators import Indicators
from evalkit.publish.recordings import page_of, record
from evalkit.publish.site import Site, known_languages
from evalkit.reference import entities

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
    offered: tuple[str, ...]
    parties: tuple[str, ...]
    recorded: Path
    sizes: dict[str, tuple[int, int, int]]


def publish(
    edition: Edition,
    out: str | Path,
    languages: tuple[str, ...] = (),
    *,
    parties: tuple[str, ...] = (),
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
    languages : tuple of str
        Those of the pages; all that have texts when empty.
    parties : tuple of str
        ISO3 codes of the Parties that get a page; all when empty.
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
        The folder holds something else, a language or Party is not known, or a dashboard failed;
        what was there before stays as it was.
    """
    folder = Path(out).resolve()
    _refuse_foreign(folder)
    offered = known_languages(languages)
    _refuse_unknown("language", set(languages) - set(offered), known_languages(()))
    chosen = parties or tuple(entities.states())
    _refuse_unknown("Party", set(chosen) - set(entities.states()), tuple(entities.states()))
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    made = beside / folder.name
    try:
        made.mkdir()
        _fill(edition, made, offered, chosen, parties, work, processes or os.cpu_count() or 1,
              progress)  # fmt: skip
        progress("record")
        told = _record(edition, made, offered)
        zipped = None
        if archive:
            progress("zip")
            zipped = folder.with_name(f"{folder.name}.zip")
            files.archive(made, beside / zipped.name)
        _into_place(made, folder, beside)
        if zipped:
            (beside / zipped.name).replace(zipped)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    pages = sum(name.endswith(".html") for name in told)
    return Published(folder, pages, sum(size for _, size in told.values()), zipped)


def _fill(
    edition: Edition,
    made: Path,
    offered: tuple[str, ...],
    chosen: tuple[str, ...],
    parties: tuple[str, ...],
    work: Path | None,
    processes: int,
    progress: Progress,
) -> None:
    recorded = {
        language: record(
            edition, language, parties, folder=work / language if work else None,
            progress=progress,
        )
        for language in offered
    }  # fmt: skip
    progress("files to take away")
    sizes = files.write(edition, made / "downloads")
    parts = [
        Part(edition.path, language, made, offered, chosen, recorded[language], sizes)
        for language in offered
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
        for name in dashboards.PAGES:
            dashboards.write_rows(page_of(part.recorded, name), made)
    first = Site(edition, offered[0], made, offered, chosen)
    library.copy_quality(first)
    static.write(first)


def _write(part: Part) -> str:
    """Write all pages of one language."""
    site = Site(Edition(part.edition), part.language, part.out, part.offered, part.parties)
    indicators = Indicators(site, page_of(part.recorded, "overview")["books"])
    indicators.write()
    places.write(site, page_of(part.recorded, "party"), indicators)
    for name in dashboards.PAGES:
        dashboards.Dashboard(site, name, page_of(part.recorded, name)).write()
    library.write(site, part.sizes)
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


def _refuse_unknown(what: str, unknown: set[str], known: tuple[str, ...]) -> None:
    if unknown:
        raise EvalkitError(
            f"There is no {what} {', '.join(sorted(unknown))}.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy=f"Choose of: {', '.join(known)}.",
        )


def _record(edition: Edition, made: Path, offered: tuple[str, ...]) -> dict[str, Any]:
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
        "languages": list(offered),
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
