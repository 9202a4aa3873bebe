"""A large delimited text as columns, where it can be read so without a doubt.

Reading 600,000 rows cell by cell costs seconds and a gigabyte; as columns it costs neither.
`read` gives columns only where they are surely what the reader of records
(`evalkit.sources.files`) would give, and None in every other case, so that what is odd is
told by that reader, with its line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

QUOTE, BREAK, RETURN = 34, 10, 13
_BLOCK = 8 * 1024 * 1024


class Cells(Sequence[list[str]]):
    """Records of cells that are kept as columns.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of text, none missing.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, place: int) -> list[str]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        return [column[place].as_py() for column in self.table.columns]

    def __iter__(self) -> Iterator[list[str]]:
        for batch in self.table.to_batches(max_chunksize=10_000):
            columns = [column.to_pylist() for column in batch.columns]
            yield from map(list, zip(*columns, strict=True))

    def beginning(self, text: str) -> np.ndarray[Any, Any]:
        """Tell which records begin with a text."""
        import pyarrow.compute as pc

        begins: np.ndarray[Any, Any] = pc.starts_with(self.table.column(0), text).to_numpy()
        return begins

    def kept(self, rows: np.ndarray[Any, Any]) -> Cells:
        """Return the records that are told, as Cells."""
        return Cells(self.table.filter(rows))

    def frame(self, heading: Sequence[str]) -> pd.DataFrame:
        """Return the cells as columns of text under a heading; the rows are numbered from 0."""
        frame: pd.DataFrame = self.table.to_pandas().astype("str")
        frame.columns = list(heading)
        return frame


@dataclass(frozen=True)
class Columns:
    """A heading, the cells below it, the line of each record, and those of blank records."""

    heading: tuple[str, ...]
    cells: Cells
    lines: np.ndarray[Any, Any]
    blank: tuple[int, ...] = ()


def read(raw: bytes, delimiter: str) -> Columns | None:
    """Return a delimited text as columns, or None where that is not surely right.

    Parameters
    ----------
    raw : bytes
        UTF-8 text without byte-order mark.
    delimiter : str
        One character.

    Returns
    -------
    Columns or None
        None where a quote stands inside a cell or is never closed, a row is uneven, a line
        ends by a carriage return alone, a cell is very long, or bytes are no UTF-8.
    """
    starts = _record_lines(np.frombuffer(raw, dtype="uint8"), ord(delimiter))
    if starts is None or len(starts) < 2:
        return None
    try:
        first = _first(raw)
        heading = next(csv.reader(io.StringIO(first, newline=""), delimiter=delimiter))
    except (StopIteration, csv.Error, UnicodeDecodeError):
        return None
    if first.count('"') % 2:  # a cell of the heading goes on in the next line
        return None
    table = _parse(raw, delimiter, len(heading))
    if table is None or table.num_rows != len(starts) or not any(c.strip() for c in heading):
        return None
    body, lines = table.slice(1), starts[1:]
    blank = _blank(body)
    empty = tuple(lines[blank].tolist()) if len(heading) > 1 else ()
    if blank.any():
        body, lines = body.filter(~blank), lines[~blank]
    if not body.num_rows:
        return None
    return Columns(tuple(cell.strip() for cell in heading), Cells(body), lines, empty)


def _first(raw: bytes) -> str:
    """Return the first record that is not empty; a heading with line breaks is read elsewhere."""
    body = raw.lstrip(b"\r\n")
    end = body.find(b"\n")
    return body[: end if end >= 0 else len(body)].decode("utf-8").removesuffix("\r")


def _record_lines(marks: np.ndarray[Any, Any], delimiter: int) -> np.ndarray[Any, Any] | None:
    """Return the line on which each record starts that is not empty; None where quotes are odd."""
    quotes = np.flatnonzero(marks == QUOTE)
    breaks = np.flatnonzero(marks == BREAK)
    returns = np.flatnonzero(marks == RETURN)
    if len(quotes) % 2 or not _closed(marks, quotes, delimiter) or not len(breaks):
        return None
    if len(returns) and (returns[-1] + 1 == len(marks) or (marks[returns + 1] != BREAK).any()):
        return None
    outside = np.flatnonzero(np.searchsorted(quotes, breaks) % 2 == 0)
    begins = np.concatenate([[0], breaks[outside] + 1])
    lines = np.concatenate([[1], outside + 2])
    ends = np.concatenate([breaks[outside], [len(marks)]])
    after_return = np.isin(ends - 1, returns, assume_unique=True) if len(returns) else 0
    return lines[ends - begins - after_return > 0]


def _closed(marks: np.ndarray[Any, Any], quotes: np.ndarray[Any, Any], delimiter: int) -> bool:
    """Tell whether every quote opens or closes a cell, or is one of two inside a cell."""
    borders = np.zeros(256, dtype=bool)
    borders[[delimiter, BREAK, RETURN, QUOTE]] = True
    opening, closing = quotes[::2], quotes[1::2]
    before = marks[opening[opening > 0] - 1]
    after = marks[closing[closing + 1 < len(marks)] + 1]
    return bool(borders[before].all() and borders[after].all())


def _parse(raw: bytes, delimiter: str, width: int) -> pa.Table | None:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as arrow

    text = pa.large_string()
    try:
        table = arrow.read_csv(
            pa.BufferReader(raw),
            arrow.ReadOptions(autogenerate_column_names=True, block_size=_BLOCK),
            arrow.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in raw),
            arrow.ConvertOptions(column_types={f"f{i}": text for i in range(width)}),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_columns != width or not table.num_rows:
        return None
    longest = max(pc.max(pc.binary_length(column)).as_py() for column in table.columns)
    return table if longest < csv.field_size_limit() else None


def _blank(table: pa.Table) -> np.ndarray[Any, Any]:
    """Tell which rows hold nothing but blanks."""
    import pyarrow.compute as pc

    blank = np.ones(table.num_rows, dtype=bool)
    for column in table.columns:
        if not blank.any():
            break
        blank &= pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy()
    return blank
