"""The tables of an edition as they lie on disk: reading one whole, or a part of a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

PIECE = 50_000  # rows of a large table that are in memory at once


def pieces(
    path: Path, name: str, columns: Sequence[str] | None = None, size: int | None = None
) -> Iterator[pd.DataFrame]:
    """Read a tidy table in pieces, in its dtypes; a blank text stays a blank text.

    Parameters
    ----------
    path : Path
        The file that an edition wrote.
    name : str
        Which table it is.
    columns : sequence of str, optional
        Columns to keep; all when left out.
    size : int, optional
        Rows of a piece; one piece with all of them when left out.
    """
    import pandas as pd

    kinds = {c.name: c.kind for c in tables.catalogue()[name].columns}
    wanted = {c: kind for c, kind in kinds.items() if columns is None or c in columns}
    there = set(pd.read_csv(path, nrows=0).columns)
    kept = {c: kind for c, kind in wanted.items() if c in there}
    dtypes = {c: tables.DTYPES[kind] for c, kind in kept.items()}
    text = {c: dtype for c, dtype in dtypes.items() if dtype == "str"}
    read = pd.read_csv(
        path,
        usecols=list(kept),
        dtype=text,
        keep_default_na=False,
        na_values={c: [""] for c in kept if c not in text},
        parse_dates=[c for c, kind in kept.items() if kind is tables.Kind.DAY],
        date_format="%Y-%m-%d",
        chunksize=size,
    )
    for piece in read if size else (read,):
        yield _whole(piece.astype(dtypes), wanted)


def _whole(piece: pd.DataFrame, wanted: Mapping[str, tables.Kind]) -> pd.DataFrame:
    """Return a piece with all columns: one that an earlier version did not have is missing."""
    import pandas as pd

    if len(piece.columns) == len(wanted):
        return piece
    added = {
        name: pd.Series("" if (dtype := tables.DTYPES[kind]) == "str" else None, piece.index, dtype)
        for name, kind in wanted.items()
        if name not in piece.columns
    }
    return piece.assign(**added)[list(wanted)]


def part(
    path: Path, name: str, columns: Sequence[str] | None, where: Mapping[str, str]
) -> pd.DataFrame:
    """Read some columns and rows of a tidy table; what is not asked for is never held whole.

    Parameters
    ----------
    path, name, columns
        As for `pieces`.
    where : mapping of str to str
        Keep only the rows that hold this in a column of text.
    """
    import pandas as pd

    read = None if columns is None else [*columns, *where]
    kept = []
    for piece in pieces(path, name, read, PIECE):
        for column, wanted in where.items():
            piece = piece[piece[column] == wanted]
        kept.append(piece if columns is None else piece[[*columns]])
    return pd.concat(kept, ignore_index=True)
