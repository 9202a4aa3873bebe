"""From cells of text to the declared kinds, all failures collected with their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Failure, Reason, UnknownNameError
from evalkit.reference import entities, names
from evalkit.sources.days import ambiguous
from evalkit.tables import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

_REMEDY = "Correct the cell, or declare a correction in data/corrections."
LARGEST = 2.0**53  # beyond it a number can't be told from the next
_DAY = r"^\d{4}-\d{2}-\d{2}$"


@dataclass
class Findings:
    """Failures of one file, gathered while its columns are converted.

    Parameters
    ----------
    file : str
        The file as messages print it.
    lines : Series of int or str
        Place of each row: its line, or in a file without lines the pointer to it.
    failures : list of Failure
        What was found.
    bad : list of int
        Index of the row of each failure.
    printed : dict of str to str
        Heading or field in the file of a column of the tidy table, where they differ.
    """

    file: str
    lines: pd.Series
    failures: list[Failure] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    printed: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        wrong: pd.Series,
        cells: pd.Series,
        column: str,
        reason: Reason,
        what: Callable[[str], str],
        remedy: str = _REMEDY,
    ) -> None:
        """Record a failure for every row where `wrong` is true."""
        for index in wrong.index[wrong]:
            self.at(index, column, reason, what(str(cells[index])), remedy)

    @cached_property
    def places(self) -> dict[int, int | str]:
        """The place of each row by its index."""
        return dict(zip(self.lines.index, self.lines, strict=True))

    def at(self, index: int, column: str, reason: Reason, what: str, remedy: str) -> None:
        """Record a failure of one row; `column` is blank where it is the row's."""
        place, named = self.places[index], self.printed.get(column, column)
        line = None if isinstance(place, str) else int(place)
        cell = named if line is not None else f"{place}/{named}".rstrip("/")
        self.bad.append(index)
        self.failures.append(Failure(reason, what, self.file, line, cell, remedy))


def convert(column: Column, cells: pd.Series, findings: Findings) -> pd.Series:
    """Return a column of text converted to its declared kind.

    Parameters
    ----------
    column : Column
        What the column should hold.
    cells : Series of str
        The cells as they stand in the file, blanks stripped.
    findings : Findings
        Receives a failure for each cell that can't be taken.

    Returns
    -------
    Series
        A cell that failed is missing; the caller refuses the file or sets the row apart.
    """
    blank = cells == ""
    if column.required:
        findings.add(
            blank, cells, column.name, Reason.MISSING_VALUE, lambda _: f"{column.name} is blank"
        )
    taken = _KINDS[column.kind](column, cells, blank, findings)
    if column.choices:
        allowed = ", ".join(column.choices)
        findings.add(
            ~blank & ~cells.isin(column.choices),
            cells,
            column.name,
            Reason.NOT_ALLOWED,
            lambda cell: f"{column.name} is {cell!r}, and may be: {allowed}",
        )
    return taken


def _text(_: Column, cells: pd.Series, __: pd.Series, ___: Findings) -> pd.Series:
    return cells.astype("str")


def _number(column: Column, cells: pd.Series, blank: pd.Series, findings: Findings) -> pd.Series:
    numbers = pd.to_numeric(cells.where(~blank), errors="coerce").astype("float64")
    infinite = numbers.abs() == float("inf")
    findings.add(
        ~blank & (numbers.isna() | infinite),
        cells,
        column.name,
        Reason.NOT_A_NUMBER,
        lambda cell: f"{column.name} is {cell!r}, which is no plain number",
        "Write digits with a decimal point, no thousands separator and no unit.",
    )
    if column.kind in (Kind.AMOUNT, Kind.COUNT):
        findings.add(
            numbers < 0,
            cells,
            column.name,
            Reason.NEGATIVE,
            lambda cell: f"{column.name} is {cell}, and can't be negative",
        )
    return numbers.where(~infinite)


def _whole(column: Column, cells: pd.Series, blank: pd.Series, findings: Findings) -> pd.Series:
    numbers = _number(column, cells, blank, findings)
    finite = numbers.abs() < LARGEST
    broken = numbers.notna() & ~(finite & (numbers.where(finite) % 1 == 0))
    findings.add(
        broken,
        cells,
        column.name,
        Reason.NOT_A_NUMBER,
        lambda cell: f"{column.name} is {cell}, and must be a whole number",
    )
    if column.minimum:
        findings.add(
            numbers < float(column.minimum),
            cells,
            column.name,
            Reason.TOO_EARLY,
            lambda cell: f"{column.name} is {cell}, before {column.minimum}",
        )
    return numbers.where(~broken).astype("Int64")


def _day(column: Column, cells: pd.Series, blank: pd.Series, findings: Findings) -> pd.Series:
    shaped = cells.str.match(_DAY)
    days = pd.to_datetime(cells.where(shaped), format="%Y-%m-%d", errors="coerce")
    days = days.astype("datetime64[s]")
    findings.add(
        ~blank & days.isna(),
        cells,
        column.name,
        Reason.NOT_A_DAY,
        lambda cell: (
            f"{column.name} is {cell!r}, which "
            + ("may be two days" if ambiguous(cell) else "is no day")
        ),
        "Write days as 2020-12-31.",
    )
    if column.minimum:
        findings.add(
            days < pd.Timestamp(column.minimum),
            cells,
            column.name,
            Reason.TOO_EARLY,
            lambda cell: f"{column.name} is {cell}, before {column.minimum}",
        )
    return days


def _entity(column: Column, cells: pd.Series, blank: pd.Series, findings: Findings) -> pd.Series:
    known = entities.titles()
    return _resolved(column, cells, blank, findings, lambda cell: cell in known)


def _place(column: Column, cells: pd.Series, blank: pd.Series, findings: Findings) -> pd.Series:
    known = names.codes()
    return _resolved(
        column, cells, blank, findings, lambda cell: cell in known or cell == "UNKNOWN"
    )


def _resolved(
    column: Column,
    cells: pd.Series,
    blank: pd.Series,
    findings: Findings,
    is_known: Callable[[str], bool],
) -> pd.Series:
    found = {}
    for cell in cells[~blank].unique():
        if is_known(cell):
            found[cell] = cell
            continue
        try:
            found[cell] = names.resolve(cell).entity
        except UnknownNameError as error:
            findings.add(
                cells == cell,
                cells,
                column.name,
                Reason.UNKNOWN_NAME,
                lambda _, text=error.what: text.rstrip("."),  # type: ignore[misc]
                error.remedy,
            )
    return pd.Series([found.get(cell, "") for cell in cells], index=cells.index, dtype="str")


_KINDS: dict[Kind, Callable[[Column, pd.Series, pd.Series, Findings], pd.Series]] = {
    Kind.TEXT: _text,
    Kind.CODE: _text,
    Kind.FLAG: _text,
    Kind.ENTITY: _entity,
    Kind.PLACE: _place,
    Kind.DAY: _day,
    Kind.YEAR: _whole,
    Kind.COUNT: _whole,
    Kind.AMOUNT: _number,
    Kind.NUMBER: _number,
}
