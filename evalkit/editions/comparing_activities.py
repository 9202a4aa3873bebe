"""An export of a project database compared with a file of activities (IATI) on its projects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evalkit import tables
from evalkit.editions.activities import KINDS, differences
from evalkit.errors import Failure, FileRefusedError, Reason
from evalkit.sources.check import check
from evalkit.sources.loaded import Loaded

_NEEDED = (
    "projects",
    "project_places",
    "activities",
    "activity_places",
    "activity_transactions",
)


@dataclass(frozen=True)
class Activities:
    """What a list of projects and a file of activities say of the same projects.

    Parameters
    ----------
    projects, activities : Loaded
        The two files.
    joined : int
        Activities that are a project of the list.
    unjoined : tuple of str
        Activities of which it is not known which project they are.
    found : DataFrame with columns project, activity, kind, found, compared, origin
        One row for each difference.
    """

    projects: Loaded
    activities: Loaded
    joined: int
    unjoined: tuple[str, ...]
    found: pd.DataFrame

    def as_dict(self) -> dict[str, object]:
        """Return all of it as plain data."""
        return {
            "projects": self.projects.file,
            "activities": self.activities.file,
            "joined": self.joined,
            "unjoined": list(self.unjoined),
            "counts": {kind: int((self.found["kind"] == kind).sum()) for kind in KINDS},
            "differences": self.found.to_dict("records"),
            "set_apart": [one.as_dict() for one in self._failures],
        }

    def lines(self) -> list[str]:
        """Return all of it as lines to read; each difference is one."""
        told = [f"projects: {self.projects.file}", f"activities: {self.activities.file}"]
        told += [f"  set apart: {failure}" for failure in self._failures]
        told.append(f"{self.joined} activities joined by the id of the project")
        told.append(f"{len(self.unjoined)} activities of no known project")
        for kind in KINDS:
            told.append(f"  {kind.removeprefix('activity_')}: {(self.found['kind'] == kind).sum()}")
        return told + [
            f"  {row.project} ({row.activity}): {str(row.kind).removeprefix('activity_')} "
            f"{row.found} → {row.compared or 'not in the list'}"
            for row in self.found.itertuples()
        ]

    @property
    def _failures(self) -> list[Failure]:
        return [*self.projects.failures, *self.activities.failures]


def compare_activities(export: str | Path, activities: str | Path, as_of: str = "") -> Activities:
    """Compare an export with activities of its projects: status, amount, shares of countries.

    Parameters
    ----------
    export, activities : str or Path
        The files.
    as_of : str, optional
        The day of the export, where it does not say it.

    Returns
    -------
    Activities
        What differs. What can't be joined is listed, and is no difference.

    Raises
    ------
    FileRefusedError
        A file can't be read, or nothing can be taken from the export.
    """
    listed, told = check(export, as_of=as_of), check(activities)
    if "projects" not in listed.tables or listed.tables["projects"].empty:
        raise FileRefusedError(
            f"{listed.file} is no export of projects, or none of its rows can be taken.",
            reason=Reason.UNKNOWN_FILE,
            where="; ".join(str(failure) for failure in listed.failures[:1]),
            remedy="Look at it with `evalkit check`; a day that it lacks is given by --as-of.",
        )
    held = {name: tables.empty(name) for name in _NEEDED} | listed.tables | told.tables
    known = held["activities"]["project"] != ""
    inside = held["activities"]["project"].isin(held["projects"]["project"])
    unjoined = tuple(held["activities"].loc[~known, "activity"].sort_values())
    return Activities(listed, told, int(inside.sum()), unjoined, differences(held))
