"""Answers, written as a form, read, confirmed: the same answers, cell for cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import evalkit
from evalkit import tables
from evalkit.errors import EvalkitError, Reason
from evalkit.forms.pdf import write_pdf
from evalkit.forms.word import write_word
from evalkit.reference.questions import questions
from tests.forms.made import LATIN, OTHER, report, reviewed

CELLS = ["party", "cycle", "question", "format_version", "answer", "value", "unit", "text", "basis"]
FEW = 12  # answers of a form where it does not matter how many
TYPES = {"yes_no", "choice", "multi_choice", "number", "date", "month", "text", "file"}


def write(answers: pd.DataFrame, folder: Path, kind: str) -> Path:
    path = folder / f"ghana.{'docx' if kind == 'word' else 'pdf'}"
    if kind == "word":
        write_word(answers, path)
    else:
        write_pdf(answers, path, fillable=kind == "fields")
    return path


def test_the_made_report_has_every_type_of_answer(made: pd.DataFrame) -> None:
    kinds = {q.id: q.answer_type for q in questions("mc-1-8").values()}
    assert set(made["question"].map(kinds)) == TYPES
    assert {text.strip() for text in LATIN + OTHER} <= set(made["text"])


@pytest.mark.parametrize("kind", ["word", "fields"])
def test_answers_come_back_cell_for_cell(kind: str, made: pd.DataFrame, tmp_path: Path) -> None:
    form = write(made, tmp_path, kind)
    readings = evalkit.check(form).readings
    assert readings is not None
    assert set(readings["confidence"]) == {1.0}, readings[readings["confidence"] < 1].to_string()
    loaded = reviewed(form)
    assert loaded.failures == ()
    tables.check("answers", loaded.tables["answers"])
    pd.testing.assert_frame_equal(loaded.tables["answers"][CELLS], made[CELLS])


def test_answers_come_back_from_the_text_of_a_pdf(tmp_path: Path) -> None:
    answers = report(LATIN)
    form = write(answers, tmp_path, "text")
    readings = evalkit.check(form).readings
    assert readings is not None
    assert set(readings["confidence"]) == {0.95, 0.9}, "a page has no cells; boxes are typed"
    loaded = reviewed(form)
    assert loaded.failures == ()
    pd.testing.assert_frame_equal(loaded.tables["answers"][CELLS], answers[CELLS])


def test_the_review_says_where_each_answer_stood_and_who_confirmed_it(
    made: pd.DataFrame, tmp_path: Path
) -> None:
    loaded = reviewed(write(made, tmp_path, "word"))
    row = loaded.tables["answers"].set_index("question").loc["3.1"]
    assert row["note"] == "read from ghana.docx, table 3, row 1, cell 3; confirmed by A. Mensah"
    file, line = tables.place_of(row["origin"])
    path, _, title = file.partition("#")
    assert path.endswith("review.xlsx")
    cells = openpyxl.load_workbook(path)[title][line]
    assert [cells[0].value, cells[3].value] == ["ghana.docx", "3.1"]


def test_the_report_has_its_day_of_receipt_and_its_source(
    made: pd.DataFrame, tmp_path: Path
) -> None:
    loaded = reviewed(write(made.head(FEW), tmp_path, "fields"))
    received = loaded.tables["submissions"]
    assert received[["party", "cycle"]].to_numpy().tolist() == [["GHA", "2021-full"]]
    assert received["submitted_on"].tolist() == [pd.Timestamp("2021-11-03")]
    assert loaded.tables["sources"]["source"].tolist() == received["source"].tolist()
    assert set(loaded.tables["answers"]["source"]) == set(received["source"])


def test_answers_of_a_simulated_form_stay_simulated(tmp_path: Path) -> None:
    few = report(LATIN).head(FEW)
    both = {"simulated": few, "reported": few.assign(basis="reported")}
    for name, answers in both.items():
        for kind in ("word", "fields", "text"):
            readings = evalkit.check(write(answers, tmp_path, kind)).readings
            assert readings is not None
            assert set(readings["basis"]) == {name}, kind


@pytest.mark.parametrize("kind", ["word", "fields", "text"])
def test_a_form_is_the_same_bytes_each_time(kind: str, tmp_path: Path) -> None:
    answers = report(LATIN).head(FEW)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = (write(answers, tmp_path / name, kind).read_bytes() for name in "ab")
    assert first == second


@pytest.mark.parametrize("kind", ["word", "fields", "text"])
def test_a_blank_form_has_no_reading_and_names_every_question(kind: str, tmp_path: Path) -> None:
    path = tmp_path / ("blank.docx" if kind == "word" else "blank.pdf")
    none = tables.empty("answers")
    if kind == "word":
        write_word(none, path, party="PER", cycle="2023-short")
    else:
        write_pdf(none, path, fillable=kind == "fields", party="PER", cycle="2023-short")
    loaded = evalkit.check(path)
    asked = [q.id for q in questions("mc-1-8").values() if q.answer_type != "heading"]
    assert loaded.readings is not None
    assert loaded.readings.empty
    assert loaded.control["not_found"] == len(asked)
    assert loaded.notes[-1] == f"questions without a reading: {', '.join(asked)}"
    assert loaded.failures == (), "Party and cycle are printed"


def test_letters_that_no_font_of_a_plain_pdf_shows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match="Write the form as Word, or as PDF with fields"):
        write_pdf(report(OTHER), tmp_path / "a.pdf", fillable=False)


def test_a_form_is_of_one_report(made: pd.DataFrame, tmp_path: Path) -> None:
    both = pd.concat([made, made.assign(party="PER")])
    with pytest.raises(EvalkitError, match="one Party and one cycle") as caught:
        write_word(both, tmp_path / "a.docx")
    assert caught.value.reason is Reason.WRONG_USE
    stray = made.head(1).assign(question="99.9")
    with pytest.raises(EvalkitError, match=r"no question 99\.9"):
        write_word(stray, tmp_path / "a.docx")
