"""Canonical small data for tests, and a comparison of results that says what differs.

`minimal`, `rich`, `answered`, `empty` and `hostile` give every tidy table, valid by
`evalkit.tables`; all of it is invented, whatever its basis says. `write_data` writes such tables
as a data folder, which `evalkit.build(data=...)` reads. The codes and groups of States are real,
since readers refuse other codes; the days, reports and amounts are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from evalkit import (
    results,
    tables,
    testing_answers,
    testing_hostile,
    testing_registers,
    testing_rows,
)
from evalkit.editions.inputs import MAPS, REFERENCE
from evalkit.tables import Kind
from evalkit.testing_inventories import MAPPED
from evalkit.testing_rows import Row, parties, rows

__all__ = [
    "answered",
    "assert_results_equal",
    "empty",
    "hostile",
    "minimal",
    "parties",
    "rich",
    "rows",
    "tidy_tables",
    "write_data",
]

Tables = dict[str, pd.DataFrame]

SHOWN = 10  # differences that a message lists


def tidy_tables(**given: Sequence[Row]) -> Tables:
    """Return every tidy table, with the rows given and no others.

    Parameters
    ----------
    **given : sequence of mappings
        Rows by name of table. A cell left out is missing; `source` and `basis` left out are
        ``invented`` and ``simulated``, and the source ``invented`` is added.

    Returns
    -------
    dict of str to DataFrame
        Tables as the readers give them, `origin` as `write_data` writes the rows.

    Raises
    ------
    TableError
        A row breaks the rules of its table.

    Examples
    --------
    >>> made = tidy_tables(parties=parties("GHA|||"))
    >>> made["parties"]["origin"].tolist(), len(made["projects"])
    (['data/reference/parties.csv:2'], 0)
    """
    own = {"source": "invented", "publisher": "evalkit", "title": "Invented for tests"}
    listed = {**given, "sources": [{**own, "as_of": "2021-12-31"}, *given.get("sources", ())]}
    return {name: _table(name, listed.get(name, ())) for name in tables.catalogue()}


def _table(name: str, given: Sequence[Row]) -> pd.DataFrame:
    if not given:
        return tables.empty(name)
    columns = {}
    for column in tables.catalogue()[name].columns:
        default = {"source": "invented", "basis": "simulated"}.get(column.name, "")
        cells = pd.Series([row.get(column.name, default) for row in given], dtype="object")
        columns[column.name] = _typed(cells, column.kind)
    frame = tables.tidy(name, pd.DataFrame(columns))
    if "origin" in frame:
        frame["origin"] = _origins(name, frame)
    return tables.check(name, frame)


def _typed(cells: pd.Series, kind: Kind) -> pd.Series:
    dtype = tables.DTYPES[kind]
    if dtype == "str":
        return cells.astype("str")
    known = cells.where(cells.notna() & (cells != ""), None)
    if kind is Kind.DAY:
        return pd.to_datetime(known, format="%Y-%m-%d").astype(dtype)
    return pd.to_numeric(known).astype(dtype)


def _origins(name: str, frame: pd.DataFrame) -> pd.Series:
    """Return file and line of each row as it will be written; a cell may hold line breaks."""
    text = [c.name for c in tables.catalogue()[name].columns if tables.DTYPES[c.kind] == "str"]
    breaks = sum((frame[column].str.count("\n") for column in text), start=0 * frame.index)
    lines = 2 + (1 + breaks).cumsum().shift(fill_value=0)
    return f"data/{_folder(name)}/{name}.csv:" + lines.astype("int64").astype("str")


def _folder(name: str) -> str:
    if name in ("questions", "question_map"):
        return "reference/questions"
    return "reference" if name in (*REFERENCE, *MAPS) else "facts"


def write_data(folder: Path, given: Mapping[str, pd.DataFrame]) -> Path:
    """Write tidy tables as a data folder: reference/ and facts/.

    Parameters
    ----------
    folder : Path
        Created when absent.
    given : mapping of str to DataFrame
        Tidy tables. One without rows gets no file, but for those that every build needs: they
        get a heading alone, which a build refuses.

    Returns
    -------
    Path
        The folder, for ``evalkit.build(data=folder)``.
    """
    for part in ("reference/questions", "facts"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name, frame in given.items():
        if len(frame) or name in REFERENCE:
            frame.drop(columns="origin", errors="ignore").to_csv(
                folder / _folder(name) / f"{name}.csv",
                index=False,
                lineterminator="\n",
                date_format="%Y-%m-%d",
            )
    return folder


def assert_results_equal(left: pd.DataFrame, right: pd.DataFrame, *, relative: float = 0.0) -> None:
    """Raise unless two results tables say the same, and name the rows that differ.

    Parameters
    ----------
    left, right : DataFrame
        Results tables; the order of rows does not matter.
    relative : float
        How far numbers may differ, as a fraction; not at all when left out.

    Raises
    ------
    AssertionError
        Lists up to ten rows that only one side has, or cells that differ.

    Examples
    --------
    >>> one = results.conform(pd.DataFrame({"indicator": ["x"], "entity": ["WLD"],
    ...     "status": ["not_due"], "basis": ["derived"], "as_of": ["2020-01-01"]}))
    >>> assert_results_equal(one, one.assign(status="not_loaded"))
    Traceback (most recent call last):
    ...
    AssertionError: 1 difference:
      x, WLD, 2020-01-01: status is not_due on the left and not_loaded on the right
    """
    key = list(results.KEY)
    sides = [results.conform(side).set_index(key) for side in (left, right)]
    said = []
    for here, there, side in ((*sides, "left"), (*sides[::-1], "right")):
        said += [f"{_told(k)}: on the {side} alone" for k in here.index.difference(there.index)]
    both = sides[0].index.intersection(sides[1].index)
    for column in sides[0].columns:
        one, other = (side.loc[both, column] for side in sides)
        said += [
            f"{_told(k)}: {column} is {one.loc[k]} on the left and {other.loc[k]} on the right"
            for k in both[_differ(one, other, relative)]
        ]
    if said:
        more = [f"and {len(said) - SHOWN} more"] if len(said) > SHOWN else []
        count = f"{len(said)} difference{'s' if len(said) > 1 else ''}:"
        raise AssertionError("\n  ".join([count, *said[:SHOWN], *more]))


def _told(key: tuple[object, ...]) -> str:
    parts = [f"{part:%Y-%m-%d}" if isinstance(part, pd.Timestamp) else str(part) for part in key]
    return ", ".join(part for part in parts if part)


def _differ(one: pd.Series, other: pd.Series, relative: float) -> pd.Series:
    same = (one == other).fillna(False) | (one.isna() & other.isna())
    if relative and one.dtype == "float64":
        same |= (one - other).abs() <= relative * one.abs()
    return ~same.astype("bool")


@cache
def _ready(which: str) -> Tables:
    """Return canonical data, checked once in a process."""
    registers = testing_registers.rich()
    given: dict[str, Callable[[], dict[str, Sequence[Row]]]] = {
        "minimal": lambda: testing_rows.minimal() | testing_registers.inventories("2013-10-10"),
        "rich": lambda: testing_rows.rich() | registers | MAPPED,
        "answered": lambda: testing_answers.answered() | registers | MAPPED,
        "hostile": testing_hostile.hostile,
    }
    return tidy_tables(**given[which]())


def _made(which: str) -> Tables:
    """Return canonical data as the caller's own: what is changed in it changes nowhere else."""
    return {name: frame.copy() for name, frame in _ready(which).items()}


def empty() -> Tables:
    """Return every tidy table without a row.

    Examples
    --------
    >>> sum(len(frame) for frame in empty().values())
    0
    """
    return {name: tables.empty(name) for name in tables.catalogue()}


def minimal() -> Tables:
    """Return the least that an edition is made of: two Parties, one signatory, one of each fact.

    Examples
    --------
    >>> len(minimal()["parties"]), len(minimal()["projects"])
    (3, 1)
    """
    return _made("minimal")


def rich() -> Tables:
    """Return data with every case in it that the project's own data has, small enough to check.

    Parties of all regions, some without dates; reports on time, late and missing; two
    inventories; projects that name several countries, none, or a region; blank and zero.

    Examples
    --------
    >>> sorted(set(rich()["parties"]["region"]))
    ['AFRICA', 'ASIA-PACIFIC', 'CEE', 'GRULAC', 'WEOG']
    """
    return _made("rich")


def answered() -> Tables:
    """Return rich with the answers of four cycles in two forms, and entries of every register.

    Each code of each question is given by somebody; one question was split, two were merged, one
    was dropped between the forms.

    Examples
    --------
    >>> sorted(set(answered()["answers"]["format_version"]))
    ['one', 'two']
    """
    return _made("answered")


def hostile() -> Tables:
    """Return content at the edge of what is legal; nothing in it may break anything, or run.

    Markup, formulas, right-to-left text, names that look alike, leap days and the last day
    there is, a project that names every country, amounts of zero and none, Parties without
    days, reports of States that owe none, published figures that can't be, two versions of
    an inventory.

    Examples
    --------
    >>> int((hostile()["project_places"]["project"] == "gef-everywhere").sum()) > 150
    True
    """
    return _made("hostile")
