"""The input files of a build: which they are, and their fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pandas as pd

import evalkit
from evalkit.errors import FileRefusedError, Reason
from evalkit.fingerprint import code, sha256
from evalkit.reference import paths, texts
from evalkit.sources import check
from evalkit.tables import empty

COMPUTING = (
    "csvfile.py",
    "editions",
    "indicators",
    "methods",
    "model.py",
    "order.py",
    "reference",
    "results.py",
    "sources",
    "tables.py",
    "views/quality_page.py",
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
    "consistency.csv",
    "project_rules.csv",
    "project_overrides.csv",
    "categories.csv",
    "inventory_holders.csv",
)
REFERENCE = (
    "areas",
    "as_of_days",
    "clauses",
    "completeness",
    "cycles",
    "inventories",
    "parties",
    "sources",
)
MAPS = ("annex_d", "sectors")  # of inventories' categories; data without inventories have none


class Role(StrEnum):
    """Why a file is among the inputs."""

    OWN = "own"  # of the folder with reference/ and facts/
    INCOMING = "incoming"  # found in data/incoming
    GIVEN = "given"  # named by whoever builds


@dataclass(frozen=True)
class Input:
    """One input file: where it is, what it is called in the edition, its checksum, its role."""

    path: Path
    shown: str
    sha256: str
    role: Role = Role.OWN

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

    @property
    def may_hold_sources(self) -> bool:
        """Whether the file is named as one of the table `sources`."""
        name = Path(self.shown)
        return name.suffix == ".csv" and name.stem.split("-")[0] == "sources"


def gather(
    extra: Iterable[str | Path] = (), data: Path | None = None, *, incoming: bool = True
) -> list[Input]:
    """Return the input files of a build, in a fixed order.

    Parameters
    ----------
    extra : iterable of str or Path
        Further files, or folders of which all files are taken, whatever their kind.
    data : Path, optional
        Folder with reference/ and facts/. Left out: the project's own, and with it all files
        of `paths.incoming`.
    incoming : bool
        Take the files of data/incoming, as a build does.

    Returns
    -------
    list of Input
        Reference tables, facts, then the further files, each sorted by name. A file that is
        given and lies in data/incoming too is there once.

    Raises
    ------
    FileRefusedError
        A further file does not exist, or two files would have the same name.
    """
    home = data or paths.data()
    own = [home / "reference" / f"{name}.csv" for name in REFERENCE]
    maps = [home / "reference" / f"{name}.csv" for name in MAPS]
    own += [path for path in maps if path.exists()]
    own += sorted((home / "reference" / "questions").glob("*.csv"))
    own += sorted((home / "facts").glob("*.csv"))
    own += sorted((home / "corrections").glob("*.yaml"))
    found = [(path, f"data/{path.relative_to(home).as_posix()}", Role.OWN) for path in own]
    given = [pair for one in map(Path, extra) for pair in _files_of(one)]
    named = {path.resolve() for path, _ in given}
    if data is None and incoming:
        lying = [pair for pair in _files_of(paths.incoming()) if pair[0].resolve() not in named]
        found += [(path, f"incoming/{name}", Role.INCOMING) for path, name in lying]
    found += [(path, f"incoming/{name}", Role.GIVEN) for path, name in given]
    _refuse_absent([(path, shown) for path, shown, _ in found])
    return [Input(path, shown, sha256(path), role) for path, shown, role in found]


def _files_of(place: Path) -> list[tuple[Path, str]]:
    """Return a file, or all files in a folder and its folders, hidden ones left out."""
    if not place.is_dir():
        return [] if place == paths.incoming() else [(place, place.name)]
    inside = [
        (path, path.relative_to(place)) for path in sorted(place.rglob("*")) if path.is_file()
    ]
    return [
        (path, name.as_posix())
        for path, name in inside
        if not any(part.startswith((".", "~$")) for part in name.parts)
    ]


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


def fingerprint(inputs: list[Input], as_of: str, *choices: str) -> str:
    """Return twelve hexadecimal digits that change with anything that decides the results.

    That is: each input, the day, the catalogue of indicators, the names, the rules of
    consistency, the code that reads and computes, and `choices` of whoever builds.
    """
    told = " ".join((evalkit.__version__, as_of, code(*COMPUTING), *choices))
    digest = hashlib.sha256(told.encode())
    for item in inputs:
        digest.update(f"{item.shown} {item.sha256}\n".encode())
    for name in VOCABULARIES:
        digest.update(f"{name} {sha256(paths.reference(name))}\n".encode())
    for path in (one for one in texts.files("en") if one.stem == "quality"):
        digest.update(f"{path.name} {sha256(path)}\n".encode())
    return digest.hexdigest()[:12]


def latest_day(inputs: list[Input]) -> str:
    """Return the latest day that a source among the inputs speaks of, as 2026-10-01.

    Only the files of the table `sources` are read for it.

    Raises
    ------
    FileRefusedError, TableError
        One of them can't be taken.
    """
    found = [_sources(item) for item in inputs if item.may_hold_sources]
    return f"{pd.concat(found)['as_of'].max():%Y-%m-%d}"


def _sources(item: Input) -> pd.DataFrame:
    """Return the rows of `sources` in a file; what is wrong with a further file is told later."""
    if item.role is Role.OWN:
        return check.read(item.path, shown=item.shown).tables["sources"]
    try:
        return check.check(item.path, shown=item.shown).tables.get("sources", empty("sources"))
    except FileRefusedError:
        return empty("sources")
