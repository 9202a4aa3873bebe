"""The input files of a build: gathering, fingerprinting, reading and joining them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import evalkit
from evalkit import tables
from evalkit.editions import vintages
from evalkit.errors import Failure, FileRefusedError, Reason, refuse_table
from evalkit.fingerprint import code, sha256
from evalkit.reference import paths
from evalkit.sources import check, corrections
from evalkit.sources.corrections import Correction
from evalkit.sources.loaded import Loaded
from evalkit.tables import COMMON

COMPUTING = (
    "editions",
    "indicators",
    "methods",
    "model.py",
    "reference",
    "results.py",
    "sources",
    "tables.py",
)
DECIDING = (
    "indicators.csv",
    "groups.csv",
    "tables.csv",
    "names.csv",
    "project_rules.csv",
    "project_overrides.csv",
)
REFERENCE = ("areas", "as_of_days", "clauses", "completeness", "cycles", "parties", "sources")


@dataclass(frozen=True)
class Input:
    """One input file: where it is, what it is called in the edition, its checksum."""

    path: Path
    shown: str
    sha256: str

    @property
    def is_correction(self) -> bool:
        """Whether the file declares corrections and holds no table."""
        return self.shown.startswith("data/corrections/")


def gather(extra: Iterable[str | Path] = (), data: Path | None = None) -> list[Input]:
    """Return the input files of a build, in a fixed order.

    Parameters
    ----------
    extra : iterable of str or Path
        Further files, or folders whose CSV files are taken.
    data : Path, optional
        Folder with reference/ and facts/; the project's own when left out.

    Returns
    -------
    list of Input
        Reference tables, facts, then the further files, each sorted by name.

    Raises
    ------
    FileRefusedError
        A further file does not exist, or two files would have the same name.
    """
    home = data or paths.data()
    own = [home / "reference" / f"{name}.csv" for name in REFERENCE]
    own += sorted((home / "reference" / "questions").glob("*.csv"))
    own += sorted((home / "facts").glob("*.csv"))
    own += sorted((home / "corrections").glob("*.yaml"))
    found = [(path, f"data/{path.relative_to(home).as_posix()}") for path in own]
    for given in map(Path, extra):
        inside = sorted(given.glob("*.csv")) if given.is_dir() else [given]
        found += [(path, f"incoming/{path.name}") for path in inside]
    _refuse_absent(found)
    return [Input(path, shown, sha256(path)) for path, shown in found]


def _refuse_absent(found: list[tuple[Path, str]]) -> None:
    seen: set[str] = set()
    for path, shown in found:
        if not path.is_file():
            raise FileRefusedError(
                f"There is no file {path}.",
                reason=Reason.MISSING_FILE,
                remedy="Check the name and the folder.",
            )
        if shown in seen:
            raise FileRefusedError(
                f"Two input files are called {shown}.",
                reason=Reason.DUPLICATE_KEY,
                remedy="Rename one of them.",
            )
        seen.add(shown)


def fingerprint(inputs: list[Input], as_of: str) -> str:
    """Return twelve hexadecimal digits that change with anything that decides the results.

    That is: each input, the day, the catalogue of indicators, the names, and the code that
    reads and computes.
    """
    digest = hashlib.sha256(f"{evalkit.__version__} {as_of} {code(*COMPUTING)}".encode())
    for item in inputs:
        digest.update(f"{item.shown} {item.sha256}\n".encode())
    for name in DECIDING:
        digest.update(f"{name} {sha256(paths.reference(name))}\n".encode())
    return digest.hexdigest()[:12]


def latest_day(inputs: list[Input]) -> str:
    """Return the latest day that a source among the inputs speaks of, as 2026-10-01.

    Only the files of the table `sources` are read for it.

    Raises
    ------
    FileRefusedError, TableError
        One of them can't be taken.
    """
    listed = [item for item in inputs if Path(item.shown).stem.split("-")[0] == "sources"]
    frames = [check.read(item.path, shown=item.shown).tables["sources"] for item in listed]
    return f"{pd.concat(frames)['as_of'].max():%Y-%m-%d}"


def read(inputs: list[Input], day: str) -> tuple[dict[str, pd.DataFrame], dict[str, Loaded]]:
    """Read all inputs and join them into one set of tidy tables.

    Parameters
    ----------
    inputs : list of Input
        The files.
    day : str
        The edition's day: of several lists of projects it says which one counts.

    Returns
    -------
    tables : dict of str to DataFrame
        Every table of the catalogue; without a file it is there with no row.
    loaded : dict of str to Loaded
        What each file gave, by its shown name.

    Raises
    ------
    FileRefusedError, TableError
        A file can't be taken, a key stands in two files, or a row points to nothing.
    """
    declared = corrections.load((item.path, item.shown) for item in inputs if item.is_correction)
    loaded = {
        item.shown: check.read(item.path, shown=item.shown, corrections=declared)
        for item in inputs
        if not item.is_correction
    }
    _refuse_unused(declared, loaded)
    parts = _parts(loaded, day)
    joined = {}
    for name in tables.catalogue():
        frame = parts.get(name, tables.empty(name))
        _refuse_repeats(name, frame)
        joined[name] = tables.check(name, tables.tidy(name, frame))
    _refuse_broken_links(joined)
    _refuse_answers_without_a_report(joined)
    return joined, loaded


def _parts(loaded: dict[str, Loaded], day: str) -> dict[str, pd.DataFrame]:
    """Return the rows of each table from all files, the lists of projects arranged by day."""
    own = vintages.restated_twice(loaded.values())
    found: dict[str, list[pd.DataFrame]] = {}
    for content in loaded.values():
        for name in content.tables:
            found.setdefault(name, []).append(vintages.giving_way(name, content, own))
    parts = {name: pd.concat(frames, ignore_index=True) for name, frames in found.items()}
    if "projects" in parts and "project_places" in parts:
        _refuse_repeats("projects", parts["projects"], ["project", "as_of"])
        parts |= vintages.arranged(parts["projects"], parts["project_places"], day)
    return parts


def _refuse_unused(declared: list[Correction], loaded: dict[str, Loaded]) -> None:
    for one in declared:
        if one.file not in loaded:
            raise FileRefusedError(
                f"A correction is declared for {one.file}, which is not among the inputs.",
                reason=Reason.CORRECTION_EXPIRED,
                where=one.declared_in,
                remedy="Correct the file's name in the entry, or remove the entry.",
            )


def _refuse_repeats(name: str, frame: pd.DataFrame, columns: list[str] | None = None) -> None:
    key = columns or list(tables.catalogue()[name].key)
    again = frame.duplicated(key, keep=False)
    if again.any():
        failures = [
            _failure(
                frame.loc[index],
                Reason.DUPLICATE_KEY,
                f"{name}: {', '.join(str(frame.at[index, column]) for column in key)} "
                "stands in more than one file",
                "Remove one of the rows.",
            )
            for index in frame.index[again]
        ]
        raise refuse_table(failures)


def _failure(row: pd.Series, reason: Reason, what: str, remedy: str) -> Failure:
    file, line = tables.place_of(str(row.get("origin", "")))
    return Failure(reason, what, file, line, "", remedy)


def _refuse_broken_links(joined: dict[str, pd.DataFrame]) -> None:
    failures = []
    for name, table in tables.catalogue().items():
        for column in table.columns:
            if not column.links or joined[name].empty:
                continue
            target = joined[column.links]
            known = set(target[tables.catalogue()[column.links].key[0]])
            cells = joined[name][column.name]
            stray = joined[name][~cells.isin(known) & (cells != "")]
            failures += [
                _failure(
                    stray.loc[index],
                    Reason.UNKNOWN_SOURCE if column.name in COMMON else Reason.BROKEN_LINK,
                    f"{name}.{column.name} is {cells[index]!r}, which is not in {column.links}",
                    f"Add it to the table {column.links}, or correct the cell.",
                )
                for index in stray.index
            ]
    if failures:
        raise refuse_table(failures)


def _refuse_answers_without_a_report(joined: dict[str, pd.DataFrame]) -> None:
    """Refuse them: an answer counts from the day on which its report was received."""
    answers = joined["answers"]
    if answers.empty:
        return
    received = pd.MultiIndex.from_frame(joined["submissions"][["party", "cycle"]])
    first = answers.drop_duplicates(["party", "cycle"])
    known = pd.MultiIndex.from_frame(first[["party", "cycle"]]).isin(received)
    failures = [
        _failure(
            row,
            Reason.BROKEN_LINK,
            f"answers of {row['party']} for {row['cycle']} have no report in submissions",
            "Add the Party, the cycle and the day of receipt to the table submissions.",
        )
        for _, row in first[~known].iterrows()
    ]
    if failures:
        raise refuse_table(failures)
