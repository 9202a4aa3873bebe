"""Rows that a further file says again.

A further file may restate what is there already. Where it gives the same values under the
same key, and both are of the same publisher, the row is taken once and counted as confirmed;
where it gives others, the build is refused with both places.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evalkit.editions.links import row_failure
from evalkit.errors import Reason, refuse_table
from evalkit.tables import COMMON, Column, Kind, Table

OWN = "data/"  # how the shown names of the project's own files begin
_UNSAID = (*COMMON, "note", "file", "line_rule")  # differ between files that say the same


def confirmed(
    table: Table, rows: pd.DataFrame, who: dict[str, str], key: Sequence[str] | None = None
) -> pd.Index:
    """Return which rows of further files say what an earlier file says already.

    Parameters
    ----------
    table : Table
        What the rows are.
    rows : DataFrame
        Rows of all files, in the order of the build, with the file's name in ``_file``.
    who : dict of str to str
        Publisher of each source, as `publishers` gives it.
    key : sequence of str, optional
        Columns that tell one row from others; the table's key without source when left out.

    Returns
    -------
    Index
        Rows that can go; what remains under a key told twice has other values.

    Raises
    ------
    TableError
        Two files of one publisher differ in a number.
    """
    own = [column for column in table.key if column != "source"] or ["source"]
    key = list(key or own)
    again = rows.duplicated(key, keep=False)
    if not again.any():
        return rows.index[:0]
    twice = rows[again]
    return _known(table, twice, key, twice["source"].map(who).fillna(""))


def publishers(frames: list[pd.DataFrame]) -> dict[str, str]:
    """Return the publisher of each source that the files list."""
    if not frames:
        return {}
    rows = pd.concat(frames)
    return dict(zip(rows["source"], rows["publisher"], strict=True))


def _known(table: Table, rows: pd.DataFrame, key: list[str], who: pd.Series) -> pd.Index:
    """Return the index of the rows of further files that say what an earlier file says.

    Raises
    ------
    TableError
        Two files of one publisher differ in a number, where the table would keep both because
        their sources have different names.
    """
    lead = pd.Series(rows.index, index=rows.index)
    first = lead.groupby([*(rows[column] for column in key), who], dropna=False).transform("first")
    further = ~rows["_file"].str.startswith(OWN)
    elsewhere = rows["_file"] != rows["_file"].reindex(first).to_numpy()
    later = rows[further & elsewhere]
    before = rows.loc[first[later.index]].set_index(later.index)
    said = [column for column in table.columns if column.name not in (*key, *_UNSAID)]
    words = [column.name for column in said if not _is_number(column)]
    numbers = [column.name for column in said if _is_number(column)]
    same_words = _equal(later, before, words).all(axis=1)
    same_numbers = _equal(later, before, numbers).all(axis=1)
    if "source" in table.key:
        given = later[numbers].notna() & before[numbers].notna()
        differs = (~_equal(later, before, numbers) & given).any(axis=1) & same_words
        _refuse_differing(table, later[differs], before[differs])
    return later.index[same_words & same_numbers]


def _is_number(column: Column) -> bool:
    return column.kind in (Kind.NUMBER, Kind.AMOUNT, Kind.COUNT)


def _equal(one: pd.DataFrame, other: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    left, right = one[columns], other[columns]
    return (left.eq(right).fillna(False) | (left.isna() & right.isna())).astype("bool")


def _refuse_differing(table: Table, later: pd.DataFrame, before: pd.DataFrame) -> None:
    failures = [
        row_failure(
            row,
            Reason.CONTRADICTION,
            f"{table.name}: {_told(row, table)} has other numbers than the same publisher gives "
            f"at {before.at[index, 'origin']}",
            "Find out which is right, and correct or remove the other.",
        )
        for index, row in later.iterrows()
    ]
    if failures:
        raise refuse_table(failures)


def _told(row: pd.Series, table: Table) -> str:
    return ", ".join(str(row[column]) for column in table.key)
