"""What several sheets of one workbook give, as the content of one file."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason
from evalkit.sources.files import Sheet
from evalkit.sources.gef.layout import AMOUNTS
from evalkit.sources.loaded import Loaded

# Rows that go with the row they belong to, and the column that both have.
BELONGS = {
    "project_places": ("projects", "project"),
    "activity_places": ("activities", "activity"),
    "activity_transactions": ("activities", "activity"),
}


def refused(sheet: Sheet, failures: Sequence[Failure]) -> Loaded:
    """Return a sheet of which no row is taken, and why."""
    count = len(sheet.records)
    control = {"read": count, "taken": 0, "set_apart": count}
    return Loaded("", sheet.shown, {}, tuple(failures), control)


def joined(parts: Sequence[Loaded], shown: str, notes: Sequence[str] = ()) -> Loaded:
    """Return the content of several sheets as one.

    Parameters
    ----------
    parts : sequence of Loaded
        At least one.
    shown : str
        The file as messages name it.
    notes : sequence of str
        What was left out.

    Returns
    -------
    Loaded
        A row whose key stands already in an earlier sheet is set apart, and what belongs to
        it goes with it.
    """
    counts = dict.fromkeys(name for part in parts for name in part.control)
    control = {name: sum(part.control.get(name, 0) for part in parts) for name in counts}
    failures = [failure for part in parts for failure in part.failures]
    frames: dict[str, list[pd.DataFrame]] = {}
    for part in parts:
        for name, frame in part.tables.items():
            kept = _with_owner(name, frame, part, frames)
            frames.setdefault(name, []).append(kept)
    made, sums = {}, dict.fromkeys(name for part in parts for name in part.totals)
    totals = {name: sum(part.totals.get(name, 0) for part in parts) for name in sums}
    for name, several in frames.items():
        frame = pd.concat(several, ignore_index=True)
        again = frame.duplicated(list(tables.catalogue()[name].key))
        failures += [_repeated(name, row) for _, row in frame[again].iterrows()]
        control["taken"] -= int(again.sum())
        control["set_apart"] += int(again.sum())
        made[name] = tables.tidy(name, frame[~again])
        totals = moved_sums(totals, name, frame[again])
    forms = dict.fromkeys(part.source for part in parts if part.source)
    told = (*notes, *(note for part in parts for note in part.notes))
    return Loaded(" ".join(forms), shown, made, tuple(failures), control, told, totals)


def moved_sums(totals: dict[str, int], table: str, gone: pd.DataFrame) -> dict[str, int]:
    """Return sums of a file after some of its rows were set apart, so that they still add up."""
    moved = dict(totals)
    for amount in AMOUNTS if totals and table == "projects" and len(gone) else ():
        usd = int(gone[amount].sum())
        moved[f"{amount}_taken"] -= usd
        moved[f"{amount}_set_apart"] += usd
    return moved


def _with_owner(
    name: str, frame: pd.DataFrame, part: Loaded, before: dict[str, list[pd.DataFrame]]
) -> pd.DataFrame:
    """Return the rows of a sheet without those that belong to a row that stands already."""
    owner, column = BELONGS.get(name, ("", ""))
    if owner not in part.tables:
        return frame
    own = {id(part.tables[owner])}
    stood = [one[column] for one in before.get(owner, []) if id(one) not in own]
    return frame[~frame[column].isin(pd.concat(stood))] if stood else frame


def _repeated(name: str, row: pd.Series) -> Failure:
    file, line = tables.place_of(str(row.get("origin", "")))
    key = ", ".join(str(row[column]) for column in tables.catalogue()[name].key)
    return Failure(
        Reason.DUPLICATE_KEY,
        f"{name}: {key} stands already in an earlier sheet",
        file,
        line,
        "",
        "Remove one of the two.",
    )
