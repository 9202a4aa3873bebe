"""The input files of a build: gathering, fingerprinting, reading and joining them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

import evalkit
from evalkit import tables
from evalkit.editions import depositary, joining
from evalkit.editions.joining import row_failure
from evalkit.errors import FileRefusedError, Reason, refuse_table
from evalkit.fingerprint import code, sha256
from evalkit.reference import paths, questions
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
VOCABULARIES = (
    "indicators.csv",
    "groups.csv",
    "tables.csv",
    "names.csv",
    "codes.csv",
    "treaties.csv",
    "reports.csv",
    "answer_words.csv",
    "choice_words.csv",
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

    @property
    def asks(self) -> bool:
        """Whether the file says what reports are asked: questions and cycles."""
        path = Path(self.shown)
        named = path.stem.split("-")[0] in ("questions", "cycles")
        return named or path.parent.name == "questions"


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
    for name in VOCABULARIES:
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


def read(inputs: list[Input]) -> tuple[dict[str, pd.DataFrame], dict[str, Loaded]]:
    """Read all inputs and join them into one set of tidy tables.

    Parameters
    ----------
    inputs : list of Input
        The files.

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
    loaded = _load(inputs, declared)
    _refuse_unused(declared, loaded)
    joined, confirmed = joining.join({file: one.tables for file, one in loaded.items()})
    for file, count in confirmed.items():
        loaded[file] = replace(loaded[file], control=loaded[file].control | {"confirmed": count})
    _refuse_broken_links(joined)
    _refuse_answers_without_a_report(joined)
    return depositary.prefer(joined), loaded


def _load(inputs: list[Input], declared: list[Correction]) -> dict[str, Loaded]:
    """Read each file; answers are checked against the questions and cycles of the same inputs."""
    tabular = [item for item in inputs if not item.is_correction]
    asking = [item for item in tabular if item.asks]
    first = {
        item.shown: check.read(item.path, shown=item.shown, corrections=declared) for item in asking
    }
    told = {
        name: [
            row
            for one in first.values()
            if name in one.tables
            for row in one.tables[name].to_dict("records")
        ]
        for name in ("questions", "cycles")
    }
    formats = questions.formats(told["questions"], told["cycles"])
    return {
        item.shown: first.get(item.shown)
        or check.read(item.path, shown=item.shown, corrections=declared, formats=formats)
        for item in tabular
    }


def _refuse_unused(declared: list[Correction], loaded: dict[str, Loaded]) -> None:
    for one in declared:
        if one.file.partition("#")[0] not in loaded:  # a sheet of a workbook stands after #
            raise FileRefusedError(
                f"A correction is declared for {one.file}, which is not among the inputs.",
                reason=Reason.CORRECTION_EXPIRED,
                where=one.declared_in,
                remedy="Correct the file's name in the entry, or remove the entry.",
            )


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
                row_failure(
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
        row_failure(
            row,
            Reason.BROKEN_LINK,
            f"answers of {row['party']} for {row['cycle']} have no report in submissions",
            "Add the Party, the cycle and the day of receipt to the table submissions.",
        )
        for _, row in first[~known].iterrows()
    ]
    if failures:
        raise refuse_table(failures)
