"""A text read as columns is what the reader of records gives, or is left to that reader."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.sources import columns, files
from evalkit.sources.files import Sheet, read_sheet

CELL = st.text(st.sampled_from(list('ab"\n\r,; é\u00a0=')), max_size=6)
ODD = st.text(st.sampled_from(list('a",\n\r ;\ufeff')), max_size=40)


def both(raw: bytes, path, monkeypatch) -> tuple[Sheet, Sheet]:
    path.write_bytes(raw)
    monkeypatch.setattr(files, "BY_COLUMNS", 10**9)
    slow = read_sheet(path, "x.csv")
    monkeypatch.setattr(files, "BY_COLUMNS", 0)
    return slow, read_sheet(path, "x.csv")


def by_records(raw: bytes) -> tuple[tuple[str, ...], list[list[str]], list[int]] | None:
    """What `read_sheet` says of small texts; None where it refuses."""
    reader = csv.reader(io.StringIO(raw.decode(), newline=""), delimiter=",", strict=True)
    found, before = [], 0
    try:
        for record in reader:
            first, before = before + 1, reader.line_num
            if any(cell.strip() for cell in record):
                found.append((record, first))
    except csv.Error:
        return None
    if not found:
        return None
    (heading, _), *rest = found
    return tuple(c.strip() for c in heading), [r for r, _ in rest], [line for _, line in rest]


@settings(deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=8), st.booleans())
def test_tables_written_by_a_program(rows: list[list[str]], windows: bool) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n" if windows else "\n").writerows(rows)
    _agree(buffer.getvalue().encode())


@settings(deadline=None)
@given(ODD)
def test_texts_written_by_nobody(text: str) -> None:
    _agree(text.encode())


def _agree(raw: bytes) -> None:
    fast = columns.read(raw, ",")
    if fast is None:
        return
    heading, records, lines = by_records(raw) or ((), [], [])
    assert fast.heading == heading
    assert list(fast.cells) == records
    assert fast.lines.tolist() == lines


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\n1,2\n3,4\n",
        b"\xef\xbb\xbfa;b\r\n1;2\r\n\r\n;\r\n3;4",
        b'a,b\n"x\ny","2 ""quoted"""\n,\n\n3,4\n',
    ],
)
def test_both_give_the_same_sheet(raw: bytes, tmp_path, monkeypatch) -> None:
    slow, fast = both(raw, tmp_path / "x.csv", monkeypatch)
    assert columns.read(raw.removeprefix(b"\xef\xbb\xbf"), slow.delimiter) is not None
    assert (fast.heading, list(fast.records), list(fast.lines)) == (
        slow.heading,
        list(slow.records),
        list(slow.lines),
    )
    assert fast.frame().equals(slow.frame())
    assert fast.records[0] == slow.records[0]
    assert fast.records[:2] == slow.records[:2]


@pytest.mark.parametrize(
    "raw", [b"a,b\n1\n", b'a,b\n1,"2\n', b'a,b\n1,"2"x\n', b"a,b\r1,2\r", b"a,b\n1,\xff\n"]
)
def test_what_is_odd_is_left_to_the_reader_of_records(raw: bytes) -> None:
    assert columns.read(raw, ",") is None
