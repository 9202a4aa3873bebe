"""What a list of reports leaves open, told against the project's Parties and cycles."""

from __future__ import annotations

import pandas as pd

from evalkit import tables
from evalkit.indicators.silent import NOT_OWED, RECEIVED, SILENT, reports_owed
from evalkit.reference import paths
from evalkit.sources import check

_NEEDED = ("parties", "cycles", "completeness")
_SHOWN = 40


def findings(submissions: pd.DataFrame) -> list[str]:
    """Say for each cycle of a list how many Parties owed a report, sent it and are silent.

    Parameters
    ----------
    submissions : DataFrame
        The table `submissions` of one file.

    Returns
    -------
    list of str
        One sentence for each cycle of the list, with the silent Parties by ISO3, the first
        forty of them.

    Raises
    ------
    FileRefusedError, TableError
        A table of data/reference can't be taken.
    """
    if submissions.empty:
        return []
    read = {
        name: check.read(paths.reference(f"{name}.csv"), shown=name).tables[name]
        for name in _NEEDED
    }
    have = {name: tables.empty(name) for name in tables.catalogue()} | read
    owed = reports_owed(have | {"submissions": submissions}, pd.Timestamp.max.as_unit("s"))
    listed = owed[owed["cycle"].isin(submissions["cycle"])]
    return [_sentence(str(cycle), rows) for cycle, rows in listed.groupby("cycle")]


def _sentence(cycle: str, rows: pd.DataFrame) -> str:
    who = {state: list(group["party"]) for state, group in rows.groupby("state")}
    received, silent = who.get(RECEIVED, []), who.get(SILENT, [])
    told = f"{cycle}: {len(received)} of {len(received) + len(silent)} Parties that owed a report"
    more = who.get(NOT_OWED, [])
    told += f"; silent {_named(silent)}"
    return told + (f"; reported without owing it {_named(more)}" if more else "")


def _named(who: list[str]) -> str:
    """Return how many there are, and their names as far as a line holds them."""
    rest = f" and {len(who) - _SHOWN} more" if len(who) > _SHOWN else ""
    return f"{len(who)}: {', '.join(who[:_SHOWN])}{rest}" if who else "0"
