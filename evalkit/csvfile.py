"""Writing a table as CSV column by column: the bytes that pandas writes, in a part of the time."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_QUOTED = r'[",\r\n]'


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a tidy table.

    Parameters
    ----------
    frame : DataFrame
        Columns of the kinds in `evalkit.tables.DTYPES`; missing values become blank cells.
    path : Path
        UTF-8, line feeds, cells quoted where they have to be, days as 2020-12-31. The bytes
        are those of `DataFrame.to_csv` so told, without the index.
    """
    heading = pd.DataFrame(columns=frame.columns).to_csv(index=False, lineterminator="\n")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(heading)
        if len(frame):
            cells = [_cells(frame[name]) for name in frame.columns]
            lines = pc.binary_join_element_wise(*cells, _text(",")) if len(cells) > 1 else cells[0]
            file.write("\n".join(lines.to_pylist()))
            file.write("\n")


def _text(said: str) -> pa.Scalar:
    return pa.scalar(said, pa.large_string())


def _cells(column: pd.Series) -> pa.Array:
    """Return the cells of a column as text, as they stand between the commas."""
    if column.dtype == "float64":
        distinct, places = _distinct(column)
        told = ["" if pd.isna(value) else repr(float(value)) for value in distinct]
        return pa.array(told, pa.large_string()).take(places)
    if column.dtype == "str":
        text = _plain(column)
        quoted = pc.match_substring_regex(text, _QUOTED)
        if not pc.any(quoted).as_py():
            return text
        doubled = pc.replace_substring(text, '"', '""')
        within = pc.binary_join_element_wise(_text('"'), doubled, _text('"'), _text(""))
        return pc.if_else(quoted, within, text)
    days = column.dtype.kind == "M"
    plain = column.dt.strftime("%Y-%m-%d") if days else column.astype("str")
    return _plain(plain.where(column.notna(), "").astype("str"))


def _plain(column: pd.Series) -> pa.Array:
    found = pa.array(column, pa.large_string())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _distinct(column: pd.Series) -> tuple[pd.Index, pa.Array]:
    places, distinct = pd.factorize(column, use_na_sentinel=False)
    return distinct, pa.array(places)
