"""Where editions lie, which one is served, and opening one.

An edition is a folder named after its day and the fingerprint of its inputs; it is never
changed once it is in place. Names (`current`, `cop7`) are links to such folders, and
giving a name to another edition is one atomic step. This module is light: it is
what a viewer's kernel imports.
"""

from __future__ import annotations

import json
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit import results
from evalkit.editions.stored import part, pieces
from evalkit.errors import EditionError, Reason
from evalkit.reference import paths
from evalkit.reference.days import iso_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from evalkit.editions.explain import Explanation

CURRENT = "current"
MANIFEST = "manifest.json"
VARIABLE = "EVALKIT_EDITIONS"
_UNFINISHED = ".unfinished"


def root() -> Path:
    """Return the folder of editions: EVALKIT_EDITIONS, else editions/ here or in the checkout."""
    if named := os.environ.get(VARIABLE):
        return Path(named).resolve()
    here = Path.cwd() / "editions"
    checkout = paths.data().parent
    # In an installed package the data lies beside the code, and so does a folder of that name.
    beside = (checkout / "pyproject.toml").is_file() and (checkout / "editions").is_dir()
    return checkout / "editions" if beside and not here.is_dir() else here


def point(name: str, edition: Path) -> None:
    """Let a name stand for an edition, in one atomic step.

    Parameters
    ----------
    name : str
        The name, as ``current``.
    edition : Path
        Folder of the edition, in the same folder as the name.

    Raises
    ------
    EditionError
        A file or a folder has that name.
    """
    link = edition.parent / name
    refuse_taken(link)
    fresh = edition.parent / f".{name}.{os.getpid()}{_UNFINISHED}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(edition.name, target_is_directory=True)
    fresh.replace(link)


def refuse_taken(link: Path) -> None:
    """Refuse a name that a file or a folder has, as that of an edition.

    Raises
    ------
    EditionError
        It is taken by something else than a link.
    """
    if link.exists() and not link.is_symlink():
        raise EditionError(
            f"{link.name!r} can't name an edition: something of that name is there already.",
            reason=Reason.WRONG_USE,
            where=str(link.parent),
            remedy="Choose another name.",
        )


def unfinished_links(home: Path) -> list[Path]:
    """Return what `point` left behind in a folder of editions when it was killed."""
    return [path for path in home.glob(f".*{_UNFINISHED}") if path.is_symlink()]


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        read = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if {"as_of", "tables", "results", "inputs"} <= set(read):
            return dict(read)
    except ValueError:
        pass
    raise EditionError(
        f"The edition {folder.name} is damaged: its {MANIFEST} can't be read.",
        reason=Reason.DAMAGED_EDITION,
        where=str(folder),
        remedy="Remove the folder and run: evalkit build",
    )


def load(name: str | Path = CURRENT) -> Edition:
    """Open an edition by name or path.

    Parameters
    ----------
    name : str or Path
        ``current`` (the one served), another name, a folder's name, or a path.

    Returns
    -------
    Edition
        Nothing is read yet but its manifest.

    Raises
    ------
    EditionError
        There is no such edition; the message lists those there are.
    """
    candidates = [root() / name, Path(name)]
    for folder in candidates:
        if (folder / MANIFEST).is_file():
            return Edition(folder.resolve())
    known = [path.parent.name for path in sorted(root().glob(f"*/{MANIFEST}"))]
    raise EditionError(
        f"There is no edition {str(name)!r}.",
        reason=Reason.NO_EDITION,
        where=str(root()),
        remedy=f"Choose one of: {', '.join(known)}." if known else "Run: evalkit build",
    )


class Edition:
    """One evaluated state: its tables, its results and what they were made from.

    Parameters
    ----------
    path : Path
        Folder of the edition.

    Examples
    --------
    >>> edition = load()  # doctest: +SKIP
    >>> edition.table("projects")  # doctest: +SKIP
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest = _manifest(path)

    def __repr__(self) -> str:
        return f"<Edition {self.name}, as of {self.as_of}>"

    @property
    def name(self) -> str:
        """Name of the folder: day and fingerprint."""
        return self.path.name

    @property
    def as_of(self) -> str:
        """The edition's day, as 2026-10-01."""
        return str(self.manifest["as_of"])

    @property
    def simulated(self) -> bool:
        """Whether reports in it are invented."""
        return bool(self.manifest.get("simulated"))

    def table(self, name: str) -> pd.DataFrame:
        """Return a tidy table.

        Raises
        ------
        EditionError
            The edition has no such table; the message lists those it has.
        """
        return next(pieces(self._table(name), name))

    def rows(self, name: str, columns: Sequence[str] | None = None, **where: str) -> pd.DataFrame:
        """Return some columns and rows of a tidy table, read in pieces to save memory.

        Columns are all when left out; `where` keeps the rows that hold a text in a column.

        Raises
        ------
        EditionError
            The edition has no such table.
        """
        return part(self._table(name), name, columns, where)

    def _table(self, name: str) -> Path:
        if name not in self.manifest["tables"]:
            raise EditionError(
                f"The edition has no table {name!r}.",
                reason=Reason.NO_EDITION,
                where=self.name,
                remedy=f"Choose one of: {', '.join(self.manifest['tables'])}.",
            )
        return self.path / "tables" / f"{name}.csv"

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tidy tables by name."""
        return {name: self.table(name) for name in self.manifest["tables"]}

    @cached_property
    def results(self) -> pd.DataFrame:
        """The results table, all indicators and days."""
        return results.read(self.path / "results")

    def day(self, as_of: str | None = None) -> str:
        """Return a day that the edition can speak of: its own when left out.

        Raises
        ------
        EvalkitError
            The day is after the edition's own, of which nothing is known yet, or is no day.
        """
        asked = iso_day(as_of or self.as_of)
        if asked > self.as_of:
            raise EditionError(
                f"The edition stands as of {self.as_of} and can't tell of {asked}.",
                reason=Reason.UNKNOWN_PARAMETER,
                where=self.name,
                remedy=f"Ask for {self.as_of} or an earlier day.",
            )
        return asked

    def results_of(self, indicator: str) -> pd.DataFrame:
        """Return the results of one indicator, all its days."""
        return results.read(self.path / "results", indicator)

    def indicator(self, name: str) -> EditionIndicator:
        """Return an indicator of this edition."""
        return EditionIndicator(self, name)


class EditionIndicator:
    """An indicator inside an edition: its values on any day, and what is behind them."""

    def __init__(self, edition: Edition, name: str) -> None:
        self.edition = edition
        self.name = name

    def frame(
        self,
        *,
        as_of: str | None = None,
        entity: str | None = None,
        period: str | None = None,
        series: str | None = None,
    ) -> pd.DataFrame:
        """Return results as they stood on a day, stored ones where there are, else computed.

        Parameters
        ----------
        as_of : str, optional
            The day; the edition's own when left out.
        entity, period, series : str, optional
            Keep only these rows.

        Returns
        -------
        DataFrame
            A results table.

        Raises
        ------
        UnknownNameError
            There is no such entity, period or series; the message lists those there are.
        EditionError
            The day is after the edition's own.
        """
        day = self.edition.day(as_of)
        stored = self.edition.results_of(self.name)
        rows = stored[stored["as_of"] == day]
        if rows.empty:
            from evalkit.indicators.catalogue import compute

            rows = compute(self.name, self.edition.tables, as_of=day).frame
        for column, wanted in (("entity", entity), ("period", period), ("series", series)):
            if wanted is not None:
                rows = results.only(rows, column, wanted)
        return rows.reset_index(drop=True)

    def explain(
        self,
        *,
        entity: str = "WLD",
        as_of: str | None = None,
        period: str | None = None,
        series: str | None = None,
    ) -> Explanation:
        """Return a value with its counts, method, steps and the rows and lines behind it."""
        from evalkit.editions.explain import explain

        return explain(
            self.edition, self.name, entity=entity, as_of=as_of, period=period, series=series
        )
