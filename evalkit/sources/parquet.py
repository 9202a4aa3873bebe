"""Parquet files as a sheet of text, each cell what a CSV file would hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.sources.columns import Cells
from evalkit.sources.files import LARGEST, Sheet
from evalkit.sources.office import refusal

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 20_000_000


def open_parquet(path: Path, shown: str) -> Sheet:
    """Read a Parquet file; its rows count from line 2, as below the heading of a CSV file.

    Parameters
    ----------
    path : Path
        The file.
    shown : str
        Its name in messages and in `origin`.

    Returns
    -------
    Sheet
        Numbers without trailing zeros, days as 2020-12-31, what is missing as blank.

    Raises
    ------
    FileRefusedError
        It is damaged, locked, too large, has no row, or a column holds lists or records.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            meta = file.metadata
            groups = [meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)]
            if meta.num_rows > ROWS or sum(groups) > LARGEST:
                raise refusal(shown, "is larger than any table", "Send the table alone.")
            if not meta.num_rows:
                raise refusal(shown, "has a heading and no rows", "Export or send it again.")
            table = file.read()
        table.validate(full=True)
        names = table.column_names
        columns = [_text(table.column(i), names[i], shown) for i in range(len(names))]
        cells = Cells(pa.table(columns, names=[f"f{i}" for i in range(len(names))]))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        why = str(error).splitlines()[0][:200] if str(error) else "it is damaged"
        raise refusal(shown, f"can't be read as Parquet: {why}") from error
    lines = range(2, table.num_rows + 2)
    return Sheet(path, shown, tuple(name.strip() for name in names), cells, lines, ",")


def _text(column: pa.ChunkedArray, name: str, shown: str) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    kind = column.type
    if types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    flat = (
        types.is_string, types.is_large_string, types.is_string_view, types.is_integer,
        types.is_floating, types.is_date, types.is_boolean, types.is_null, types.is_decimal,
        types.is_timestamp,
    )  # fmt: skip
    if not any(one(kind) for one in flat):
        remedy = "Give one text, number or day in each cell."
        raise refusal(shown, f"has cells of the type {kind} in the column {name}", remedy)
    text = pc.fill_null(column.cast(pa.large_string()), "")
    if types.is_boolean(kind):
        text = pc.utf8_upper(text)
    if types.is_timestamp(kind):
        text = pc.replace_substring_regex(text, r" 00:00:00(\.0+)?Z?$", "")
    if types.is_floating(kind):
        # Missing numbers are NaN to many programs.
        text = pc.if_else(pc.equal(text, "nan"), "", text)
    return text
