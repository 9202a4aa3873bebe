"""The tidy tables: what flows between readers, indicators and views.

A `Table` says which columns a table has, what each means, which rows are equal (the key)
and what a value may be. `evalkit.sources` brings files into this shape and
`check` proves that a frame has it. The column lists themselves are data:
data/reference/tables.csv.

Common to all tables: `source` (row of the table `sources`), `basis` (`evalkit.model.Basis`)
and `origin` (file and line that the row was read from, as ``data/facts/projects.csv:17``).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from evalkit.errors import Failure, Reason, refuse_table
from evalkit.model import Basis
from evalkit.order import places
from evalkit.reference import paths

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pandera

COMMON = ("source", "basis", "origin")


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"  # free text; blank allowed when not required
    CODE = "code"  # an identifier, compared exactly
    ENTITY = "entity"  # Party, group or inventory region, by its id
    PLACE = "place"  # Party, territory or region token of a financed project
    DAY = "day"  # a calendar day, datetime64[s]; missing is NaT
    YEAR = "year"  # Int64; missing is <NA>
    COUNT = "count"  # Int64, not negative; missing is <NA>
    AMOUNT = "amount"  # float64, not negative; missing is NaN, and zero is a value
    NUMBER = "number"  # float64; missing is NaN
    FLAG = "flag"  # Y or N


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a tidy table."""

    name: str
    kind: Kind
    required: bool
    unit: str
    minimum: str
    choices: tuple[str, ...]
    links: str  # "table" whose key this column points to; empty for none
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One tidy table: its columns, its key, and what one row is."""

    name: str
    row_is: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in their order, `origin` last."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


DTYPES: dict[Kind, str] = {
    Kind.TEXT: "str",
    Kind.CODE: "str",
    Kind.ENTITY: "str",
    Kind.PLACE: "str",
    Kind.FLAG: "str",
    Kind.DAY: "datetime64[s]",
    Kind.YEAR: "Int64",
    Kind.COUNT: "Int64",
    Kind.AMOUNT: "float64",
    Kind.NUMBER: "float64",
}


def _common_columns() -> tuple[Column, ...]:
    bases = tuple(str(basis) for basis in Basis)
    return (
        Column("source", Kind.CODE, True, "", "", (), "sources", "where the row comes from"),
        Column("basis", Kind.CODE, True, "", "", bases, "", "what the row rests on"),
        Column("origin", Kind.TEXT, True, "", "", (), "", "file and line the row was read from"),
    )


@cache
def catalogue() -> dict[str, Table]:
    """Return every tidy table by name, from data/reference/tables.csv.

    Returns
    -------
    dict of str to Table
        Tables in the order of the file.

    Examples
    --------
    >>> catalogue()["projects"].key
    ('project',)
    """
    rows: dict[str, list[dict[str, str]]] = {}
    with paths.reference("tables.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["table"], []).append(row)
    return {name: _table(name, group) for name, group in rows.items()}


def _table(name: str, rows: list[dict[str, str]]) -> Table:
    head, *columns = rows
    built = tuple(
        Column(
            name=row["column"],
            kind=Kind(row["kind"]),
            required=row["required"] == "Y",
            unit=row["unit"],
            minimum=row["minimum"],
            choices=tuple(row["choices"].split("|")) if row["choices"] else (),
            links=row["links"],
            meaning=row["meaning"],
        )
        for row in columns
    )
    common = () if name == "sources" else _common_columns()
    return Table(name, head["meaning"], tuple(head["choices"].split("|")), built + common)


def place_of(origin: str) -> tuple[str, int | None]:
    """Return the file and line that an `origin` names; None where it names no line.

    Examples
    --------
    >>> place_of("data/facts/projects.csv:17 corrected by data/corrections/gef.yaml")
    ('data/facts/projects.csv', 17)
    >>> place_of("incoming/reports.json#/d/results/3")
    ('incoming/reports.json#/d/results/3', None)
    """
    place = origin.partition(" corrected by ")[0]
    file, _, line = place.rpartition(":")
    return (file, int(line)) if line.isdigit() else (place, None)


def empty(name: str) -> pd.DataFrame:
    """Return the table `name` with its columns and no row.

    Parameters
    ----------
    name : str
        A name of `catalogue`.

    Returns
    -------
    DataFrame
        No rows; columns and dtypes as declared.

    Examples
    --------
    >>> len(empty("submissions"))
    0
    """
    import pandas as pd

    table = catalogue()[name]
    return pd.DataFrame({c.name: pd.Series([], dtype=DTYPES[c.kind]) for c in table.columns})


def known_on(rows: pd.DataFrame, *days: str) -> pd.Series:
    """Return the day on which a row is surely of the past: a day of its own, else its year's end.

    Parameters
    ----------
    rows : DataFrame
        Has the columns `days` and year.
    *days : str
        Columns of days, the first that is filled counts.

    Returns
    -------
    Series of datetime64[s]
        NaT where a row has neither day nor year.
    """
    import pandas as pd

    year_end = pd.to_datetime(
        rows["year"].astype("str").where(rows["year"].notna()) + "-12-31",
        format="%Y-%m-%d",
        errors="coerce",
    ).astype("datetime64[s]")
    found = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    for column in days:
        found = found.fillna(rows[column])
    return found.fillna(year_end)


def tidy(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with the declared columns, dtypes and order, sorted by its key.

    Parameters
    ----------
    name : str
        A name of `catalogue`.
    frame : DataFrame
        Has at least the required columns; absent optional ones are added as missing.

    Returns
    -------
    DataFrame
        Row order depends on the content alone, so that equal inputs give equal files.
    """
    table = catalogue()[name]
    columns = {}
    for column in table.columns:
        dtype = DTYPES[column.kind]
        if column.name in frame.columns:
            columns[column.name] = frame[column.name].astype(dtype)
        else:
            columns[column.name] = empty(name)[column.name].reindex(range(len(frame)))
            columns[column.name].index = frame.index
            if dtype == "str":
                columns[column.name] = columns[column.name].fillna("").astype("str")
    import pandas as pd

    out = pd.DataFrame(columns, copy=False)
    place = places(out, table.key)
    if out.empty or place.max() + 1 == len(out):
        in_order = (place[1:] > place[:-1]).all()  # a large table is not copied for nothing
        return (out if in_order else out.iloc[place.argsort()]).reset_index(drop=True)
    rest = [c for c in ("source", "origin") if c in table.names]
    return out.sort_values([*table.key, *rest], kind="stable").reset_index(drop=True)


def check(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` if it is the tidy table `name`, or refuse it with the rows at fault.

    Parameters
    ----------
    name : str
        A name of `catalogue`.
    frame : DataFrame
        Columns and dtypes as declared.

    Returns
    -------
    DataFrame
        The frame itself.

    Raises
    ------
    TableError
        A column is absent or of another dtype, a required cell is blank, a value is not
        among the choices or below the minimum, or the key is not unique. All are listed.

    Examples
    --------
    >>> len(check("submissions", empty("submissions")))
    0
    """
    import pandera.errors

    try:
        _schema(name).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        raise refuse_table(_failures(name, frame, error.failure_cases)) from error
    return frame


@cache
def _schema(name: str) -> pandera.DataFrameSchema:
    import pandera.pandas as pandera

    table = catalogue()[name]
    columns = {}
    for column in table.columns:
        checks = []
        if column.choices:
            allowed = [*column.choices, *([] if column.required else [""])]
            checks.append(pandera.Check.isin(allowed, error=f"may be: {', '.join(column.choices)}"))
        if column.minimum and column.kind in (Kind.YEAR, Kind.COUNT, Kind.AMOUNT):
            checks.append(pandera.Check.ge(float(column.minimum), error="is below the minimum"))
        if column.kind is Kind.DAY and column.minimum:
            checks.append(_not_before(column.minimum))
        if column.required and DTYPES[column.kind] == "str":
            checks.append(pandera.Check.ne("", error="is blank"))
        columns[column.name] = pandera.Column(
            DTYPES[column.kind], checks, nullable=not column.required
        )
    return pandera.DataFrameSchema(columns, strict=True, unique=list(table.key))


def _not_before(day: str) -> pandera.Check:
    import pandas as pd
    import pandera.pandas as pandera

    return pandera.Check.ge(pd.Timestamp(day), error=f"is before {day}")


def _failures(name: str, frame: pd.DataFrame, cases: pd.DataFrame) -> list[Failure]:
    found = []
    for case in cases.itertuples():
        known = case.index is not None and case.index == case.index and case.index in frame.index
        origin = str(frame.at[case.index, "origin"]) if known and "origin" in frame else ""
        file, line = place_of(origin)
        found.append(
            Failure(
                Reason.DUPLICATE_KEY if "unique" in str(case.check) else Reason.NOT_ALLOWED,
                f"{case.column}: {case.failure_case!r} {case.check}",
                file or name,
                line,
                str(case.column),
                "Correct the row in the file it came from.",
            )
        )
    return found
