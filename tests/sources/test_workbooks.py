"""Workbooks and Parquet: the same rows as from CSV, and everything that makes them unsafe."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

import evalkit
from evalkit.errors import FileRefusedError, Reason
from evalkit.sources import office
from tests.sources.forms import workbook

HEADING = ["party", "cycle", "format_version", "question", "answer", "value", "unit", "text",
           "source", "basis"]  # fmt: skip
ROWS = [
    ["Ghana", "2021-full", "mc-1-8", "4.3", True, None, None, "=cmd|' /C calc'!A0", "a", "derived"],
    ["Peru", "2021-full", "mc-1-8", "3.1.c", None, 12.500000000000002, "t", None, "a", "derived"],
    ["Peru", "2021-full", "mc-1-8", "5.1.b.i", None, 3.0, None, "<script>", "a", "derived"],
    ["Namibia", "2021-full", "mc-1-8", "A.6", datetime.date(2020, 12, 31), None, None, None, "a",
     "derived"],
]  # fmt: skip
EXPECTED = {
    ("GHA", "4.3"): ("yes", None, "", "=cmd|' /C calc'!A0"),
    ("NAM", "A.6"): ("2020-12-31", None, "", ""),
    ("PER", "3.1.c"): ("", 12500.0, "kg", ""),
    ("PER", "5.1.b.i"): ("", 3.0, "count", "<script>"),
}


def answers_of(path: Path) -> dict[tuple[str, str], tuple[object, ...]]:
    loaded = evalkit.check(path)
    assert loaded.failures == ()
    assert loaded.control == {"read": 4, "taken": 4, "set_apart": 0}
    return {
        (row.party, row.question): (
            row.answer,
            None if pd.isna(row.value) else row.value,
            row.unit,
            row.text,
        )
        for row in loaded.tables["answers"].itertuples()
    }


def test_a_workbook_holds_what_a_csv_file_would(tmp_path: Path) -> None:
    path = workbook(tmp_path / "received.xlsx", Sheet1=[[], HEADING, [], *ROWS])
    assert answers_of(path) == EXPECTED
    frame = evalkit.check(path).tables["answers"]
    assert frame["origin"].tolist() == [f"{path}#Sheet1:{line}" for line in (4, 7, 5, 6)]


def test_a_parquet_file_holds_what_a_csv_file_would(tmp_path: Path) -> None:
    frame = pd.DataFrame(ROWS, columns=HEADING)
    frame["answer"] = ["yes", None, None, "2020-12-31"]
    frame["value"] = [None, 12.5, 3.0, None]
    frame.to_parquet(path := tmp_path / "answers.parquet")
    assert answers_of(path) == EXPECTED
    assert evalkit.check(path).tables["answers"]["origin"][0] == f"{path}:2"


def test_two_sheets_are_two_tables_of_one_file(tmp_path: Path) -> None:
    reports = [["party", "cycle", "submitted_on", "source", "basis"],
               ["GHA", "2021-full", datetime.datetime(2021, 12, 1), "a", "derived"]]  # fmt: skip
    path = workbook(tmp_path / "all.xlsx", answers=[HEADING, *ROWS], submissions=reports)
    loaded = evalkit.check(path)
    assert {name: len(frame) for name, frame in loaded.tables.items()} == {
        "answers": 4, "submissions": 1,
    }  # fmt: skip
    assert loaded.control == {"read": 5, "taken": 5, "set_apart": 0}


def test_the_same_answer_in_two_sheets_is_set_apart(tmp_path: Path) -> None:
    path = workbook(tmp_path / "twice.xlsx", answers=[HEADING, *ROWS], more=[HEADING, ROWS[0]])
    loaded = evalkit.check(path)
    (failure,) = loaded.failures
    assert (failure.reason, failure.file) == (Reason.DUPLICATE_KEY, f"{path}#more")
    assert loaded.control == {"read": 5, "taken": 4, "set_apart": 1}


def test_a_sheet_of_no_form_is_told_and_a_hidden_one_noted(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", answers=[HEADING, *ROWS], plan=[["a", "b"], [1, 2]],
                    remarks=[["read me"], ["please"]], old=[HEADING, ROWS[0]])  # fmt: skip
    book = openpyxl.load_workbook(path)
    book["old"].sheet_state = "hidden"
    book.save(path)
    loaded = evalkit.check(path)
    assert [failure.reason for failure in loaded.failures] == [Reason.UNKNOWN_FILE]
    assert "plan" in loaded.failures[0].what
    assert any("hidden sheet old" in note for note in loaded.notes)
    assert len(loaded.tables["answers"]) == 4


# --- cells that are unsure --------------------------------------------------------------------


def changed(path: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    workbook(path, answers=[HEADING, *ROWS])
    book = openpyxl.load_workbook(path)
    for row in book["answers"].iter_rows():
        for cell in row:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    change(book)
    book.save(path)
    return path


def test_a_formula_without_a_stored_value_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path / "f.xlsx", lambda book: book["answers"].__setitem__("F3", "=1+1"))
    loaded = evalkit.check(path)
    assert loaded.tables == {}
    assert loaded.failures[0].what == "F3 holds a formula without a stored value"
    assert loaded.control == {"read": 4, "taken": 0, "set_apart": 4}


def test_a_formula_with_a_stored_value_is_read_as_that_and_noted(tmp_path: Path) -> None:
    path = changed(tmp_path / "f.xlsx", lambda book: book["answers"].__setitem__("F3", "=25/2"))
    _edit(path, "xl/worksheets/sheet1.xml", b"<f>25/2</f><v />", b"<f>25/2</f><v>12.5</v>")
    _edit(path, "xl/worksheets/sheet1.xml", b"<f>25/2</f><v></v>", b"<f>25/2</f><v>12.5</v>")
    assert answers_of(path) == EXPECTED
    assert evalkit.check(path).notes == ("formulas were read as the values stored with them",)


def test_merged_cells_and_errors_are_refused(tmp_path: Path) -> None:
    path = changed(tmp_path / "m.xlsx", lambda book: book["answers"].merge_cells("A3:A4"))
    assert evalkit.check(path).failures[0].what == "Cells A3:A4 are merged"

    def err(book: openpyxl.Workbook) -> None:
        book["answers"]["F3"] = "#REF!"

    path = changed(tmp_path / "e.xlsx", err)
    assert evalkit.check(path).failures[0].what == "F3 holds an error"


# --- files that are unsafe --------------------------------------------------------------------


def _edit(path: Path, name: str, old: bytes, new: bytes, **more: bytes) -> Path:
    """Replace bytes in a part of a workbook, and add parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    parts[name] = parts[name].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in {**parts, **more}.items():
            archive.writestr(one.replace("__", "/"), content)
    return path


def plain(path: Path) -> Path:
    return workbook(path, answers=[HEADING, *ROWS])


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
UNSAFE: dict[str, tuple[Callable[[Path], object], str]] = {
    "entities": (lambda p: _edit(p, SHEET, b"<worksheet", LAUGHS + b"<worksheet"), "entities"),
    "an absurd last cell": (
        lambda p: _edit(p, SHEET, b'r="A2"', b'r="XFD1048576"'),
        "spans more than",
    ),
    "a truncated file": (lambda p: p.write_bytes(p.read_bytes()[:-400]), "breaks off"),
    "a web page": (lambda p: p.write_bytes(b"<!DOCTYPE html><html></html>"), "web page"),
    "a locked workbook": (
        lambda p: p.write_bytes(
            b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
        ),
        "locked with a password",
    ),
    "a broken part": (lambda p: _edit(p, SHEET, b"</row>", b"</ro>"), "can't be read"),
    "a binary workbook": (
        lambda p: p.write_bytes(_archive({"xl/workbook.bin": b"x"})),
        "binary workbook",
    ),
    "nothing": (lambda p: workbook(p, Sheet1=[[]]), "no sheet with a heading"),
    "a damaged Parquet file": (lambda p: p.write_bytes(b"PAR1" + b"x" * 99 + b"PAR1"), "Parquet"),
}


def _archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", UNSAFE)
def test_an_unsafe_file_is_refused_with_its_remedy(kind: str, tmp_path: Path) -> None:
    spoil, said = UNSAFE[kind]
    spoil(path := plain(tmp_path / "answers.xlsx"))
    with pytest.raises(FileRefusedError) as caught:
        evalkit.check(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.remedy


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = plain(tmp_path / "answers.xlsx")
    bomb = b"<x>" + b" " * (office.RATIO_FROM + 1) + b"</x>"
    _edit(path, SHEET, b"", b"", xl__media=bomb)
    with pytest.raises(FileRefusedError, match="packed more than 200 times"):
        evalkit.check(path)


def test_a_size_that_lies_is_found_while_unpacking(tmp_path: Path) -> None:
    path = plain(tmp_path / "answers.xlsx")
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    raw = path.read_bytes()
    assert raw.count(size.to_bytes(4, "little")) >= 1
    path.write_bytes(raw.replace(size.to_bytes(4, "little"), (99).to_bytes(4, "little")))
    with pytest.raises(FileRefusedError, match="can't be unpacked"):
        evalkit.check(path)


def test_macros_are_left_out_and_said(tmp_path: Path) -> None:
    path = plain(tmp_path / "answers.xlsm")
    _edit(path, SHEET, b"", b"", **{"xl__vbaProject.bin": b"macro"})
    assert answers_of(path) == EXPECTED
    assert "macros" in evalkit.check(path).notes[0]


def test_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    path = plain(tmp_path / "answers.xlsx")
    rows = b"".join(b'<row r="%d"/>' % n for n in range(100, 1_048_577))
    _edit(path, SHEET, b"</sheetData>", rows + b"</sheetData>")
    assert answers_of(path) == EXPECTED


def test_a_false_dimension_is_not_believed(tmp_path: Path) -> None:
    path = plain(tmp_path / "answers.xlsx")
    _edit(path, SHEET, b"A1:J5", b"A1:XFD1048576")
    assert answers_of(path) == EXPECTED


def test_a_parquet_file_with_lists_is_refused_with_the_column(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"party": ["GHA"], "answer": [["yes"]]}), tmp_path / "x.parquet")
    with pytest.raises(FileRefusedError, match=r"list.* in the column answer"):
        evalkit.check(tmp_path / "x.parquet")
