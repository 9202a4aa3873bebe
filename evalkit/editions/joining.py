"""Joining what several files hold into one set of tidy tables.

A further file may restate what is there already. Where it gives the same values under the
same key, and both are of the same publisher, the row is taken once and counted as confirmed;
where it gives others, the build is refused with both places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason, refuse_table
from evalkit.tables import COMMON, Column, Kind, Table

OWN = "data/"  # how the shown names of the project's own files begin
_UNSAID = (*COMMON, "note", "file", "line_rule")  # differ between files that say the same


def join(
    files: Mapping[str, Mapping[str, pd.DataFrame]],
) -> tuple[dict[str, pd.DataFrame], Counter[str]]:
    """Return every table of the catalogue with the rows of all files.

    Parameters
    ----------
    files : mapping of str to mapping of str to DataFrame
        Tidy tables of each file, by its shown name, in the order of the build.

    Returns
    -------
    tables : dict of str to DataFrame
        Without a row where no file has any.
    confirmed : Counter of str
        How many rows of a file say what an earlier file says already.

    Raises
    ------
    TableError
        A key stands in two files with different values, or with equal ones of different
        publishers; all places are listed.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    for file, content in files.items():
        for name, frame in content.items():
            parts.setdefault(name, []).append(frame.assign(_file=file))
    publishers = _publishers(parts.get("sources", []))
    joined, confirmed = {}, Counter[str]()
    for name, table in tables.catalogue().items():
        frames = parts.get(name)
        rows = pd.concat(frames, ignore_index=True) if frames else tables.empty(name)
        key = [column for column in table.key if column != "source"] or ["source"]
        again = rows.duplicated(key, keep=False)
        if again.any():
            known = _confirmed(table, rows[again], key, publishers)
            if name != "sources":
                confirmed.update(rows.loc[known, "_file"])
            rows = rows.drop(index=known).reset_index(drop=True)
            _refuse_repeats(table, rows)
        joined[name] = tables.check(name, tables.tidy(name, rows))
    return joined, confirmed


def row_failure(row: pd.Series, reason: Reason, what: str, remedy: str) -> Failure:
    """Return a failure at the place that a row came from."""
    file, line = tables.place_of(str(row.get("origin", "")))
    return Failure(reason, what, file, line, "", remedy)


def _publishers(frames: list[pd.DataFrame]) -> dict[str, str]:
    if not frames:
        return {}
    rows = pd.concat(frames)
    return dict(zip(rows["source"], rows["publisher"], strict=True))


def _confirmed(
    table: Table, rows: pd.DataFrame, key: list[str], publishers: dict[str, str]
) -> pd.Index:
    """Return the index of the rows of further files that say what an earlier file says.

    Raises
    ------
    TableError
        Two files of one publisher differ in a number, where the table would keep both because
        their sources have different names.
    """
    who = rows["source"].map(publishers).fillna("")
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


def _refuse_repeats(table: Table, rows: pd.DataFrame) -> None:
    again = rows.duplicated(list(table.key), keep=False)
    failures = [
        row_failure(
            row,
            Reason.DUPLICATE_KEY,
            f"{table.name}: {_told(row, table)} stands in more than one file",
            "Remove one of the rows.",
        )
        for _, row in rows[again].iterrows()
    ]
    if failures:
        raise refuse_table(failures)


def _told(row: pd.Series, table: Table) -> str:
    return ", ".join(str(row[column]) for column in table.key)
