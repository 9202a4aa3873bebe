"""Several lists of projects in one edition: the one that counts on its day, and the others.

The tables `projects` and `project_places` hold what counts on the edition's day, one row for
each project, so that nobody counts a project twice by mistake. The rows of all other lists,
older and newer, stay in `project_vintages` and `project_vintage_places`: an earlier day is
computed from them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from evalkit.editions.links import Finding, row_failure
from evalkit.errors import Reason
from evalkit.methods.vintages import current
from evalkit.sources.loaded import Loaded

# What tells the rows of all lists apart, before they are arranged by day.
KEYS = {"projects": ("project", "as_of"), "project_places": ("project", "place", "source")}
PUBLISHERS = {"gef"}  # forms of publishers' own lists


def is_list(content: Loaded) -> bool:
    """Tell whether a file holds a publisher's own list, alone or beside other sheets."""
    return bool(PUBLISHERS & set(content.source.split()))


def restated_twice(loaded: Iterable[Loaded]) -> pd.MultiIndex:
    """Return project and source of what a publisher's own file among the inputs holds.

    A fact restated from the same list then gives way to the list itself.
    """
    frames = [one.tables["projects"] for one in loaded if is_list(one) and one.tables]
    pairs = [frame[["project", "source"]] for frame in frames]
    empty = pd.DataFrame({"project": [], "source": []}, dtype="str")
    return pd.MultiIndex.from_frame(pd.concat([empty, *pairs], ignore_index=True))


def giving_way(name: str, content: Loaded, own: pd.MultiIndex) -> pd.DataFrame:
    """Return a table of one input without the rows that give way to a publisher's own file."""
    frame = content.tables[name]
    if name not in ("projects", "project_places") or is_list(content) or own.empty:
        return frame
    pairs = pd.MultiIndex.from_frame(frame[["project", "source"]])
    return frame[~pairs.isin(own)]


def without_project(projects: pd.DataFrame, places: pd.DataFrame, lists: set[str]) -> Finding:
    """Find places of publishers' lists whose project was not taken from the same list.

    Left where they are, they would add countries to the project of another list.

    Parameters
    ----------
    projects, places : DataFrame
        Rows of all files, with the file's name in ``_file``.
    lists : set of str
        Files that hold publishers' own lists.
    """
    mine = places[places["_file"].isin(lists)]
    columns = ["project", "source", "_file"]
    kept = pd.MultiIndex.from_frame(projects[columns])
    stray = mine[~pd.MultiIndex.from_frame(mine[columns]).isin(kept)]
    failures = [
        row_failure(
            row,
            Reason.BROKEN_LINK,
            f"project_places: {row['project']} names {row['place']}, and its row of projects was "
            "not taken from this file",
            "Correct the row of the project, or remove one of two lists of one day.",
        )
        for _, row in stray.iterrows()
    ]
    return Finding("project_places", stray.index, failures)


def arranged(projects: pd.DataFrame, places: pd.DataFrame, day: str) -> dict[str, pd.DataFrame]:
    """Divide projects and places of all lists into those that count on a day and the others.

    Parameters
    ----------
    projects, places : DataFrame
        Rows of all lists; a place belongs to the project of the same `source`.
    day : str
        The edition's day, as 2023-10-24.

    Returns
    -------
    dict of str to DataFrame
        The tables projects, project_places, project_vintages, project_vintage_places.
    """
    listed = projects.rename(columns={"project": "item", "facility": "keeper"})
    counts = projects.index.isin(current(listed, pd.Timestamp(day)).index)
    others = projects[~counts]
    pairs = pd.MultiIndex.from_frame(others[["project", "source"]])
    apart = pd.MultiIndex.from_frame(places[["project", "source"]]).isin(pairs)
    return {
        "projects": projects[counts],
        "project_places": places[~apart],
        "project_vintages": others,
        "project_vintage_places": places[apart],
    }
