"""Rows that can't stand: keys told twice, cells that point to nothing, answers without a report.

Each finding names rows of one table and gives a failure for them. `SetApart` decides what
becomes of them: the build is refused, or the rows of further files are left out and listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason, refuse_table
from evalkit.tables import COMMON

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Finding:
    """Rows of a table that can't stand, and the failures that say why."""

    table: str
    rows: pd.Index
    failures: list[Failure]


@dataclass
class SetApart:
    """What becomes of bad rows.

    Parameters
    ----------
    lenient : set of str
        Files whose bad rows are left out; those of other files refuse the build.
    failures : list of Failure
        Rows left out so far.
    gone : list of (str, DataFrame)
        The rows themselves with the table they were in, and their file in ``_from``.
    """

    lenient: set[str]
    failures: list[Failure] = field(default_factory=list)
    gone: list[tuple[str, pd.DataFrame]] = field(default_factory=list)

    def take(self, frame: pd.DataFrame, find: Callable[[pd.DataFrame], Finding]) -> pd.DataFrame:
        """Return a frame without its bad rows, or refuse them.

        Raises
        ------
        TableError
            Bad rows are all in files that have to be taken whole.
        """
        return self._without(frame, find(frame))

    def without(self, joined: Tables, finding: Finding) -> None:
        """Take the bad rows out of one of the tables, or refuse them."""
        joined[finding.table] = self._without(joined[finding.table], finding)

    def _without(self, frame: pd.DataFrame, finding: Finding) -> pd.DataFrame:
        if not len(finding.rows):
            return frame
        files = frame.loc[finding.rows, "origin"].map(
            lambda told: self._file(tables.place_of(told)[0])
        )
        bad = finding.rows[files.isin(self.lenient)]
        mine = [failure for failure in finding.failures if self._file(failure.file) in self.lenient]
        if not len(bad) or (len(bad) < len(finding.rows) and not self._own_may_stay(finding)):
            raise refuse_table(finding.failures)
        self.failures += mine
        self.gone.append((finding.table, frame.loc[bad].assign(_from=files[bad])))
        return frame.drop(index=bad).reset_index(drop=True)

    def left_out(self, table: str, file: str) -> pd.DataFrame:
        """Return the rows of a table that were left out of a file."""
        found = [rows[rows["_from"] == file] for name, rows in self.gone if name == table]
        return pd.concat(found) if found else pd.DataFrame()

    def _file(self, place: str) -> str:
        """Return the file of a place that may be a sheet of a workbook or a variable of a grid."""
        return place if place in self.lenient else place.rpartition("#")[0] or place

    @staticmethod
    def _own_may_stay(finding: Finding) -> bool:
        """Of a key told twice, the row of the project's own file stays."""
        return all(one.reason is Reason.DUPLICATE_KEY for one in finding.failures)


def row_failure(row: pd.Series, reason: Reason, what: str, remedy: str) -> Failure:
    """Return a failure at the place that a row came from."""
    file, line = tables.place_of(str(row.get("origin", "")))
    return Failure(reason, what, file, line, "", remedy)


def repeats(name: str, key: Sequence[str] | None = None) -> Callable[[pd.DataFrame], Finding]:
    """Return the finder of rows of a table whose key, its own or this, stands in several files."""
    key = list(key or tables.catalogue()[name].key)

    def find(frame: pd.DataFrame) -> Finding:
        again = frame.index[frame.duplicated(key, keep=False)]
        failures = [
            row_failure(
                frame.loc[index],
                Reason.DUPLICATE_KEY,
                f"{name}: {', '.join(str(frame.at[index, column]) for column in key)} "
                "stands in more than one file",
                "Remove one of the rows.",
            )
            for index in again
        ]
        return Finding(name, again, failures)

    return find


def settle(joined: Tables, apart: SetApart) -> None:
    """Take out or refuse whatever points to nothing or contradicts itself, until nothing does.

    Parameters
    ----------
    joined : dict of str to DataFrame
        Every table; changed in place. A row that goes may leave others without their target.
    apart : SetApart
        What becomes of bad rows.

    Raises
    ------
    TableError
        A row points to nothing, or gives an amount outside its own bounds, and may not be left
        out; all such rows are listed.
    """
    while findings := [*_broken(joined), *_without_report(joined), *_outside_bounds(joined)]:
        if not apart.lenient:
            raise refuse_table([failure for one in findings for failure in one.failures])
        for finding in findings:
            apart.without(joined, finding)
            break  # its rows are gone, and with them the places of the other findings


def _broken(joined: Tables) -> Iterator[Finding]:
    for name, table in tables.catalogue().items():
        for column in table.columns:
            if not column.links or joined[name].empty:
                continue
            target = joined[column.links]
            known = set(target[tables.catalogue()[column.links].key[0]])
            cells = joined[name][column.name]
            told = pd.Index(cells.unique())
            stray = [cell for cell in told if cell not in known and cell != ""]
            if stray:
                rows = joined[name][cells.isin(stray)]
                reason = Reason.UNKNOWN_SOURCE if column.name in COMMON else Reason.BROKEN_LINK
                failures = [
                    row_failure(
                        row,
                        reason,
                        f"{name}.{column.name} is {row[column.name]!r}, "
                        f"which is not in {column.links}",
                        f"Add it to the table {column.links}, or correct the cell.",
                    )
                    for _, row in rows.iterrows()
                ]
                yield Finding(name, rows.index, failures)


def _without_report(joined: Tables) -> Iterator[Finding]:
    """Find answers of which no report was received: an answer counts from that day on."""
    answers = joined["answers"]
    if answers.empty:
        return
    received = joined["submissions"]
    pairs = pd.MultiIndex.from_frame(received[["party", "cycle"]])
    first = answers.drop_duplicates(["party", "cycle"])
    told = pd.MultiIndex.from_frame(first[["party", "cycle"]])
    stray = first[~told.isin(pairs)]
    if stray.empty:
        return
    failures = [
        row_failure(
            row,
            Reason.BROKEN_LINK,
            f"answers of {row['party']} for {row['cycle']} have no report in submissions",
            "Add the Party, the cycle and the day of receipt to the table submissions.",
        )
        for _, row in stray.iterrows()
    ]
    every = pd.MultiIndex.from_frame(answers[["party", "cycle"]])
    rows = answers.index[every.isin(told[~told.isin(pairs)])]
    yield Finding("answers", rows, failures)


def _outside_bounds(joined: Tables) -> Iterator[Finding]:
    """Find amounts of inventories that lie outside the interval that their own row gives."""
    rows = joined["emissions"]
    wrong = rows[(rows["low"] > rows["kg"]) | (rows["high"] < rows["kg"])]
    if len(wrong):
        failures = [
            row_failure(
                row,
                Reason.CONTRADICTION,
                f"emissions: {row['kg']:g} kg is not within {row['low']:g} to {row['high']:g}",
                "Correct the amount or its bounds.",
            )
            for _, row in wrong.iterrows()
        ]
        yield Finding("emissions", wrong.index, failures)
