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
LONGEST = 500  # characters of a sentence about a cell; what is longer is cut
HINTED = 200  # unknown names of a column for which the nearest known one is looked for
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
    cells : Series of str, optional
        Where each row has its cell, in a form where that is not one column.
    printed : dict of str to str
        Heading or field in the file of a column of the tidy table, where they differ.
    rows : list of int
        Index of the row of each failure.
    bad : Series of bool
        Rows with a failure.
    """

    file: str
    lines: pd.Series
    failures: list[Failure] = field(default_factory=list)
    cells: pd.Series | None = None  # where a row has its cell, when that is not one column
    printed: dict[str, str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    bad: pd.Series = field(init=False)

    def __post_init__(self) -> None:
        self.bad = pd.Series(False, index=self.lines.index)

    def add(
        self,
        wrong: pd.Series,
        cells: pd.Series,
        column: str,
        reason: Reason,
        what: Callable[[str], str],
        remedy: str | Callable[[str], str] = _REMEDY,
    ) -> None:
        """Record a failure for every row where `wrong` is true."""
        if not wrong.any():
            return
        for index, cell in cells[wrong].astype("str").items():
            told = remedy if isinstance(remedy, str) else remedy(cell)
            self.at(index, column, reason, what(cell), told)

    @cached_property
    def places(self) -> dict[int, int | str]:
        """The place of each row by its index."""
        return dict(zip(self.lines.index, self.lines, strict=True))

    def at(self, index: int, column: str, reason: Reason, what: str, remedy: str) -> None:
        """Record a failure of one row; `column` is blank where it is the row's."""
        place, named = self.places[index], self.printed.get(column, column)
        if self.cells is not None and column:
            named = str(self.cells[index])
        line = None if isinstance(place, str) else int(place)
        cell = named if line is not None else f"{place}/{named}".rstrip("/")
        said = what if len(what) <= LONGEST else f"{what[:LONGEST]}..."
        self.bad.array[self.bad.index.get_loc(index)] = True
        self.rows.append(index)
        self.failures.append(Failure(reason, said, self.file, line, cell, remedy))

    def sorted(self) -> tuple[Failure, ...]:
        """Return the failures in the order of the file."""
        return tuple(sorted(self.failures, key=lambda f: (f.line or 0, f.cell)))


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
    codes, spelled = pd.factorize(cells)
    found: list[str] = []
    unknown: dict[str, UnknownNameError] = {}
    for cell in spelled:
        if cell == "" or is_known(cell):
            found.append(cell)
        elif place := names.find(cell):
            found.append(place.entity)
        else:
            found.append("")
            unknown[cell] = names.unknown(cell, hint=len(unknown) < HINTED)
    findings.add(
        ~blank & cells.isin(list(unknown)),
        cells,
        column.name,
        Reason.UNKNOWN_NAME,
        lambda cell: unknown[cell].what.rstrip("."),
        lambda cell: unknown[cell].remedy,
    )
    return pd.Series(pd.array(found, dtype="str").take(codes), index=cells.index, dtype="str")


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
