"""Nothing that was read counts by itself: a person says yes, and is named."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import evalkit
from evalkit.cli import main
from evalkit.editions import inputs, joining
from evalkit.errors import EvalkitError, FileRefusedError, Reason
from evalkit.forms.pdf import write_pdf
from evalkit.forms.review import ABOVE, BELOW, COLUMNS, neutral
from evalkit.forms.word import write_word
from evalkit.sources import check
from evalkit.sources.loaded import Loaded
from evalkit.sources.review_sheet import plain
from tests.forms.made import LATIN, confirm, fill, report, reviewed

FEW = ("3.1", "3.1.a", "3.1.c", "3.3.ii", "3.5", "4.3")


@pytest.fixture
def form(tmp_path: Path) -> Path:
    answers = report(LATIN)
    path = tmp_path / "ghana.docx"
    write_word(answers[answers["question"].isin(FEW)], path)
    return path


def changing(where: str, /, **cells: str) -> Callable[[dict[str, str]], None]:
    def change(row: dict[str, str]) -> None:
        confirm(row)
        if row["question"] == where:
            row.update(cells)

    return change


def reasons(loaded: Loaded) -> list[tuple[str, str]]:
    return [(str(one.reason), one.cell) for one in loaded.failures]


def test_a_form_gives_readings_and_no_answer(form: Path) -> None:
    loaded = evalkit.check(form)
    assert loaded.tables == {}
    assert loaded.readings is not None
    assert sorted(loaded.readings["question"]) == sorted(FEW)
    assert (loaded.control["taken"], loaded.control["set_apart"]) == (0, len(FEW))


def test_a_build_refuses_a_form_and_says_what_to_do(form: Path) -> None:
    with pytest.raises(FileRefusedError, match="evalkit review"):
        check.read(form, shown="ghana.docx")


def test_the_sheet_as_written_counts_nothing(form: Path) -> None:
    loaded = reviewed(form, lambda row: None)
    assert loaded.tables == {}
    assert loaded.control == {"read": len(FEW), "taken": 0, "set_apart": len(FEW)}
    assert reasons(loaded) == [("missing_value", "received_on")] + [
        ("missing_value", "confirmed")
    ] * len(FEW)
    assert all(one.remedy for one in loaded.failures)


def test_a_confirmed_answer_is_in_kilograms(form: Path) -> None:
    readings = evalkit.check(form).readings
    assert readings is not None
    tonnes = readings.set_index("question").loc["3.1.c"]
    row = reviewed(form).tables["answers"].set_index("question").loc["3.1.c"]
    assert (tonnes["unit"], row["unit"]) == ("t", "kg")
    assert row["value"] == pytest.approx(tonnes["value"] * 1000, rel=1e-15)


def test_a_denied_row_gives_nothing_and_is_no_failure(form: Path) -> None:
    loaded = reviewed(form, changing("3.1", confirmed="no"))
    assert loaded.failures == ()
    assert "3.1" not in set(loaded.tables["answers"]["question"])
    assert loaded.control == {"read": len(FEW), "taken": len(FEW) - 1, "set_apart": 1}
    assert loaded.notes == ("1 readings are denied and give no answer",)


@pytest.mark.parametrize(
    ("question", "corrected", "cells"),
    [
        ("3.1", "Non", {"answer": "no"}),
        ("3.1.c", "1,5 t", {"value": 1500.0, "unit": "kg"}),
        ("3.1.c", "20 kg", {"value": 20.0, "unit": "kg"}),
        ("3.1.c", "12.3", {"value": 12300.0, "unit": "kg"}),
        ("3.1.c", "500 g", {"value": 0.5, "unit": "kg"}),
        ("3.1.a", "June 2019", {"answer": "2019-06"}),
        ("3.5", "exports_to_parties", {"answer": "exports_to_parties"}),
        ("3.3.ii", "As told by telephone", {"text": "As told by telephone"}),
    ],
)
def test_a_correction_stands_in_place_of_the_answer(
    question: str, corrected: str, cells: dict[str, object], form: Path
) -> None:
    loaded = reviewed(form, changing(question, corrected_answer=corrected))
    assert loaded.failures == ()
    row = loaded.tables["answers"].set_index("question").loc[question]
    assert {name: row[name] for name in cells} == cells
    assert row["note"].endswith(f"confirmed by A. Mensah; corrected to {corrected}")


@pytest.mark.parametrize(
    ("question", "cells", "reason"),
    [
        ("3.1", {"confirmed": "maybe"}, ("not_allowed", "confirmed")),
        ("3.1", {"confirmed": ""}, ("missing_value", "confirmed")),
        ("3.1", {"confirmed_by": ""}, ("missing_value", "confirmed_by")),
        ("3.1", {"confirmed": "no", "corrected_answer": "no"}, ("contradiction", "confirmed")),
        ("3.1", {"answer": "yes|no"}, ("not_allowed", "corrected_answer")),
        ("3.1", {"answer": "perhaps"}, ("not_allowed", "corrected_answer")),
        ("3.1", {"corrected_answer": "perhaps"}, ("not_allowed", "corrected_answer")),
        ("3.1", {"question": "99.9"}, ("broken_link", "question")),
        ("3.1.c", {"value": "-5"}, ("negative", "corrected_answer")),
        ("3.1.c", {"unit": ""}, ("missing_value", "corrected_answer")),
        ("3.1.c", {"unit": "USD"}, ("not_allowed", "corrected_answer")),
        ("3.1.c", {"corrected_answer": "10-12 t"}, ("not_a_number", "corrected_answer")),
        ("3.1.c", {"value": "1e300"}, ("not_a_number", "corrected_answer")),
        ("3.1.a", {"corrected_answer": "03/04/2020"}, ("not_a_day", "corrected_answer")),
        ("3.1.a", {"question": "3.1"}, ("duplicate_key", "confirmed")),
    ],
)
def test_a_row_that_can_not_be_taken_is_set_apart(
    question: str, cells: dict[str, str], reason: tuple[str, str], form: Path
) -> None:
    if reason[0] == "duplicate_key":
        cells = {**cells, "answer": "yes"}
    loaded = reviewed(form, changing(question, **cells))
    assert reasons(loaded) == [reason]
    if loaded.failures[0].cell == "corrected_answer":
        assert "corrected_answer, or deny the row" in loaded.failures[0].remedy
    assert loaded.failures[0].remedy
    assert len(loaded.tables["answers"]) == len(FEW) - 1
    assert loaded.control["read"] == loaded.control["taken"] + loaded.control["set_apart"]


@pytest.mark.parametrize(
    ("part", "cells"),
    [
        ("received_on", {"corrected_answer": ""}),
        ("received_on", {"corrected_answer": "3.11.2021"}),
        ("received_on", {"corrected_answer": "1999-01-01"}),
        ("party", {"corrected_answer": "Atlantis"}),
        ("cycle", {"corrected_answer": "2022-full"}),
        ("basis", {"answer": "memory"}),
        ("form_sha256", {"answer": ""}),
    ],
)
def test_a_form_whose_head_rows_are_wrong_gives_nothing(
    part: str, cells: dict[str, str], form: Path
) -> None:
    loaded = reviewed(form, changing(part, **cells))
    assert loaded.tables == {}
    assert [cell for _, cell in reasons(loaded)] == [part]


def test_a_person_can_not_make_simulated_answers_real(form: Path) -> None:
    loaded = reviewed(form, changing("basis", corrected_answer="reported"))
    assert set(loaded.tables["answers"]["basis"]) == {"simulated"}


def test_a_form_that_changed_after_it_was_read_is_told(form: Path) -> None:
    reviewed(form)
    sheet = form.parent / "review.xlsx"
    assert evalkit.check(sheet).failures == ()
    form.write_bytes(form.read_bytes() + b"x")
    loaded = evalkit.check(sheet)
    assert loaded.tables == {}
    assert [one.reason for one in loaded.failures] == [Reason.CONTRADICTION]
    assert "evalkit review" in loaded.failures[0].remedy
    form.unlink()
    assert evalkit.check(sheet).failures == (), "the form is not at hand"


def test_two_forms_of_one_report_are_not_both_taken(form: Path) -> None:
    write_pdf(report(LATIN), form.with_suffix(".pdf"))
    sheet = form.parent / "both.csv"
    words = ["review", str(form), str(form.with_suffix(".pdf")), "--out", str(sheet)]
    assert main(words) == 0
    loaded = evalkit.check(fill(sheet, confirm))
    assert [one.reason for one in loaded.failures] == [Reason.DUPLICATE_KEY]
    assert len(loaded.tables["submissions"]) == 1


def test_what_was_confirmed_can_be_built_in(form: Path) -> None:
    reviewed(form)
    gathered = inputs.gather([form.parent / "review.xlsx"])
    read = joining.read(gathered, inputs.latest_day(gathered)).tables
    assert sorted(read["answers"]["question"]) == sorted(FEW)


# --- the sheet itself -------------------------------------------------------------------------


def rows_of(path: Path) -> list[dict[str, object]]:
    values = openpyxl.load_workbook(path)["review"].iter_rows(values_only=True)
    heading = next(values)
    return [dict(zip(heading, row, strict=True)) for row in values]


def test_the_least_certain_stand_first_and_are_marked_by_word_and_colour(tmp_path: Path) -> None:
    write_pdf(report(LATIN), tmp_path / "a.pdf", fillable=False)
    sheet = tmp_path / "r.xlsx"
    words = ["review", str(tmp_path / "a.pdf"), "--out", str(sheet), "--threshold", "0.94"]
    assert main(words) == 0
    rows = [row for row in rows_of(sheet) if row["party"]]
    levels = [float(str(row["confidence"])) for row in rows]
    assert levels == sorted(levels)
    assert {row["level"] for row in rows} == {BELOW, ABOVE}
    assert all((row["level"] == BELOW) == (float(str(row["confidence"])) < 0.94) for row in rows)
    cells = openpyxl.load_workbook(sheet)["review"]["A"]
    colours = {cell.fill.fgColor.rgb for cell in cells[1 + len(rows_of(sheet)) - len(rows) :]}
    assert len(colours) == 2, "low rows have a colour of their own"


def test_no_row_is_confirmed_unless_asked_and_then_it_says_so(form: Path) -> None:
    sheet = form.parent / "r.xlsx"
    assert main(["review", str(form), "--out", str(sheet)]) == 0
    assert {row["confirmed"] for row in rows_of(sheet)} == {None}
    assert main(["review", str(form), "--out", str(sheet), "--accept-above", "0.99"]) == 0
    rows = [row for row in rows_of(sheet) if row["party"]]
    assert {row["confirmed"] for row in rows} == {"yes"}
    assert all("no person" in str(row["confirmed_by"]) for row in rows)


def test_no_cell_of_the_workbook_is_a_formula(form: Path) -> None:
    write_word(report(), form)
    sheet = form.parent / "r.xlsx"
    assert main(["review", str(form), "--out", str(sheet)]) == 0
    cells = [cell for row in openpyxl.load_workbook(sheet)["review"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not [cell.value for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert any("=cmd" in str(cell.value) for cell in cells)


def test_the_review_is_the_same_bytes_each_time(form: Path) -> None:
    sheets = [form.parent / "a.xlsx", form.parent / "b.xlsx"]
    for sheet in sheets:
        time.sleep(1.1 if sheet.name == "b.xlsx" else 0)  # times in a workbook are whole seconds
        assert main(["review", str(form), "--out", str(sheet)]) == 0
    first, second = (sheet.read_bytes() for sheet in sheets)
    assert first == second


def test_a_csv_and_a_workbook_give_the_same_answers(form: Path) -> None:
    sheet = form.parent / "r.csv"
    assert main(["review", str(form), "--out", str(sheet)]) == 0
    by_csv, by_workbook = evalkit.check(fill(sheet, confirm)), reviewed(form)
    for name, frame in by_csv.tables.items():
        other = by_workbook.tables[name].drop(columns="origin", errors="ignore")
        pd.testing.assert_frame_equal(frame.drop(columns="origin", errors="ignore"), other)


def test_a_question_that_a_short_report_is_not_asked_is_set_apart(form: Path) -> None:
    loaded = reviewed(form, changing("cycle", corrected_answer="2019-short"))
    assert {one.cell for one in loaded.failures} == {"question"}
    assert all("not asked in the short report" in one.what for one in loaded.failures)


@pytest.mark.parametrize("text", ["=1", "'=1", "''", "plain", "-5", "@x", "'quoted'", "", "'"])
def test_what_is_neutralised_comes_back(text: str) -> None:
    assert plain(neutral(text)) == text


def test_a_review_that_can_not_be_written_says_why(
    form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(form.parent / "r.xlsx")
    for words, told in (
        (["--threshold", "3"], "between 0 and 1"),
        (["--accept-above", "0.5"], "below the threshold"),
    ):
        assert main(["review", str(form), "--out", out, *words]) == 1
        assert told in capsys.readouterr().err
    assert main(["review", str(form), "--out", "r.pdf"]) == 1
    assert main(["review", str(form), str(form), "--out", out]) == 1
    table = form.parent / "t.csv"
    table.write_text(
        "party,cycle,submitted_on,source,basis\nGHA,2019-short,2019-11-01,a,reported\n"
    )
    assert main(["review", str(table), "--out", out]) == 1
    assert "no filled-in form" in capsys.readouterr().err


def test_a_sheet_without_its_columns_is_refused(form: Path) -> None:
    path = form.parent / "r.csv"
    assert main(["review", str(form), "--out", str(path)]) == 0
    frame = pd.read_csv(path, dtype=str).drop(columns=["value"])
    frame.to_csv(path, index=False)
    loaded = evalkit.check(path)
    assert reasons(loaded) == [("missing_column", "value")]
    assert set(COLUMNS) - set(frame.columns) == {"value"}


def test_errors_are_errors_of_evalkit(tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match="There is no file"):
        evalkit.check(tmp_path / "none.docx")
