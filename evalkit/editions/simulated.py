"""Keeping invented reports apart from real ones: they never stand in one edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from evalkit.editions.inputs import Role
from evalkit.editions.store import CURRENT
from evalkit.errors import EditionError, Reason
from evalkit.indicators import catalogue
from evalkit.model import Basis
from evalkit.sources.loaded import Loaded

REPORTS = ("answers", "submissions", "registrations")  # what can be simulated
MARK = "-simulated"  # at the end of the name of an edition that holds invented reports


@dataclass(frozen=True)
class Separated:
    """The files that may stand together."""

    loaded: dict[str, Loaded]
    left_out: tuple[str, ...]
    simulated: bool
    replaced: bool = False  # whether they stand in the place of the project's own reports


def separate(loaded: dict[str, Loaded], roles: Mapping[str, Role]) -> Separated:
    """Return the files of a build, simulated reports with no others beside them.

    Where simulated reports are given, the project's own reports, those of data/incoming, and
    the published figures that would be compared with reports are left out. A data folder whose
    own reports are simulated, as tests write one, is taken as it is.

    Parameters
    ----------
    loaded : dict of str to Loaded
        What each file gave, by its shown name.
    roles : mapping of str to Role
        Why each file is among the inputs.

    Returns
    -------
    Separated
        What is left, the files of which nothing is, and whether reports are simulated.

    Raises
    ------
    EditionError
        Simulated and other reports are given together, or simulated ones lie in data/incoming.
    """
    invented = [name for name, one in loaded.items() if _has(one, invented=True)]
    if not invented or any(roles[name] is Role.OWN for name in invented):
        return Separated(loaded, (), bool(invented))
    lying = [name for name in invented if roles[name] is Role.INCOMING]
    if lying:
        raise _mixed(
            f"Simulated reports lie among the real ones: {', '.join(lying)}.",
            "Move them to a folder of their own, and give that folder to the build.",
        )
    real = [
        name
        for name, one in loaded.items()
        if roles[name] is Role.GIVEN and _has(one, invented=False)
    ]
    if real:
        raise _mixed(
            f"Simulated reports ({', '.join(invented)}) would be mixed with others "
            f"({', '.join(real)}).",
            "Build the one or the other.",
        )
    kept = {
        name: one if roles[name] is Role.GIVEN else _without_reports(one)
        for name, one in loaded.items()
    }
    emptied = tuple(name for name, one in kept.items() if loaded[name].tables and not one.tables)
    return Separated({n: one for n, one in kept.items() if n not in emptied}, emptied, True, True)


def _mixed(what: str, remedy: str) -> EditionError:
    return EditionError(what, reason=Reason.CONTRADICTION, remedy=remedy)


def _has(one: Loaded, *, invented: bool) -> bool:
    """Tell whether a file has reports that are invented, or that are not."""
    rows = (one.tables[name]["basis"] for name in REPORTS if name in one.tables)
    return any(((bases == Basis.SIMULATED) == invented).any() for bases in rows)


def is_simulated(tables: Mapping[str, pd.DataFrame]) -> bool:
    """Tell whether any report among tidy tables is invented."""
    return any((tables[name]["basis"] == Basis.SIMULATED).any() for name in REPORTS)


def beside_simulated(published: pd.DataFrame) -> pd.DataFrame:
    """Return the published figures that no indicator compares with reports."""
    known = catalogue.indicators().items()
    compared = [name for name, one in known if set(one.tables) & set(REPORTS)]
    return published[~published["indicator"].isin(compared)].reset_index(drop=True)


def _without_reports(one: Loaded) -> Loaded:
    kept = {name: rows for name, rows in one.tables.items() if name not in REPORTS}
    if "published" in kept:
        kept["published"] = beside_simulated(kept["published"])
        if kept["published"].empty:
            del kept["published"]
    return replace(one, tables=kept)


def refuse_as_current(name: str) -> None:
    """Refuse to serve invented reports as if they were the current edition.

    Raises
    ------
    EditionError
        The edition of simulated reports was given no name of its own.
    """
    if name == CURRENT:
        raise EditionError(
            "An edition of simulated reports is never the current one.",
            reason=Reason.WRONG_USE,
            remedy="Give it a name of its own, as: evalkit build FOLDER --out simulated",
        )
