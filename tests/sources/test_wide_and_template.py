"""One row a Party, and the workbook that a Party fills in: everything comes back as written."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import openpyxl
import pytest

import evalkit
from evalkit.cli import main
from evalkit.errors import EvalkitError, FileRefusedError, Reason
from evalkit.reference import questions, words
from evalkit.sources.report_layout import LISTS, MARK, languages
from evalkit.sources.report_template import write_template
from tests.sources.forms import filled, workbook

WIDE = [
    ["Pays", "Received", "4.3 Two or more measures", "Q3.1.c", "8.2(a)", "A.4", "basis"],
    ["Ghana", datetime.date(2021, 12, 1), "Oui", "12,5 t", "goal", "=cmd", "simulated"],
    ["Namibia", None, "no", 1200, None, "<script>", "simulated"],
]


def check_wide(tmp_path: Path, rows: list[list[object]], name: str = "got 2021-full.xlsx"):
    return evalkit.check(workbook(tmp_path / name, Sheet1=rows))


# --- wide -------------------------------------------------------------------------------------


def test_a_wide_sheet_gives_answers_reports_and_a_source(tmp_path: Path) -> None:
    loaded = check_wide(tmp_path, WIDE)
    assert loaded.failures == ()
    assert loaded.control == {"read": 7, "taken": 7, "set_apart": 0}
    told = loaded.tables["answers"].set_index(["party", "question"])
    assert told.loc[("GHA", "4.3"), "answer"] == "yes"
    assert told.loc[("GHA", "3.1.c"), "value"] == 12_500
    assert told.loc[("NAM", "3.1.c"), "value"] == 1_200_000, "a form asks for tonnes"
    assert told.loc[("NAM", "A.4"), "text"] == "<script>"
    assert set(told["basis"]) == {"simulated"}
    reports = loaded.tables["submissions"]
    assert reports[["party", "cycle"]].to_numpy().tolist() == [["GHA", "2021-full"]]
    assert f"{reports['submitted_on'][0]:%Y-%m-%d}" == "2021-12-01"
    assert set(told["source"]) == set(loaded.tables["sources"]["source"])


def test_a_wide_text_file_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("party;cycle;4.3;3.1.c\nGHA;2021-full;YES;12,5\n", encoding="utf-8")
    loaded = evalkit.check(path)
    assert (loaded.source, loaded.failures) == ("wide", ())
    assert loaded.tables["answers"]["value"].tolist()[0] == 12_500


@pytest.mark.parametrize("where", ["file", "sheet", "column"])
def test_the_cycle_stands_in_a_name_or_a_column(where: str, tmp_path: Path) -> None:
    rows = [["party", "4.3"], ["GHA", "yes"]]
    if where == "column":
        rows = [["party", "4.3", "Reporting cycle"], ["GHA", "yes", "2021-full"]]
    name = "2021-full.xlsx" if where == "file" else "x.xlsx"
    title = "2021-full" if where == "sheet" else "Sheet1"
    loaded = evalkit.check(workbook(tmp_path / name, **{title: rows}))
    assert loaded.tables["answers"]["cycle"].tolist() == ["2021-full"]


def test_a_sheet_without_a_cycle_is_refused_with_what_to_do(tmp_path: Path) -> None:
    loaded = check_wide(tmp_path, WIDE, "got.xlsx")
    (failure,) = loaded.failures
    assert "2021-full" in failure.remedy
    assert loaded.control == {"read": 7, "taken": 0, "set_apart": 7}


def test_a_column_that_is_no_question_is_told_once_with_the_nearest(tmp_path: Path) -> None:
    rows = [[*WIDE[0], "4.33"], [*WIDE[1], "yes"], [*WIDE[2], "no"]]
    loaded = check_wide(tmp_path, rows)
    (failure,) = loaded.failures
    assert (failure.reason, failure.cell) == (Reason.UNKNOWN_COLUMN, "4.33")
    assert "Nearest: 4.3" in failure.remedy
    assert loaded.control == {"read": 9, "taken": 7, "set_apart": 2}


def test_a_row_of_nobody_is_told_once_and_a_cell_alone(tmp_path: Path) -> None:
    rows = [*WIDE, ["Ganha", None, "yes", 1, None, "x"], ["Peru", None, "perhaps", 1]]
    loaded = check_wide(tmp_path, rows)
    assert [(f.line, f.reason) for f in loaded.failures] == [
        (4, Reason.UNKNOWN_NAME),
        (5, Reason.NOT_ALLOWED),
    ]
    assert loaded.control == {"read": 12, "taken": 8, "set_apart": 4}


def test_a_party_twice_is_told_with_the_first_line(tmp_path: Path) -> None:
    loaded = check_wide(tmp_path, [*WIDE, ["GHA", None, "no"]])
    (failure,) = loaded.failures
    assert failure.reason is Reason.DUPLICATE_KEY
    assert "line 2" in failure.what


# --- template ---------------------------------------------------------------------------------

SAMPLE = {
    "yes_no": "yes", "number": 12.3, "date": "2025-06-30", "month": "2025-06",
    "text": "=cmd|' /C calc'!A0 <script>", "file": "annex.pdf",
}  # fmt: skip


def kept(question: questions.Question) -> tuple[str, ...]:
    """The last choice, or the first two where several may be given."""
    return question.choices[:2] if question.answer_type == "multi_choice" else question.choices[-1:]


def given_to(question: questions.Question, language: str) -> object:
    """An answer as a person would give it in that language."""
    if question.choices:
        chosen = kept(question)
        return "; ".join(words.shown(code, language) for code in chosen)
    if question.unit == "count":
        return 3
    return SAMPLE[question.answer_type]


@pytest.mark.parametrize("language", languages())
def test_every_cell_of_a_filled_workbook_comes_back(language: str, tmp_path: Path) -> None:
    path = write_template(tmp_path / "r.xlsx", cycle="2025-full", language=language, party="GHA")
    asked = {
        name: one
        for name, one in questions.questions("mc-5-13").items()
        if one.answer_type != "heading"
    }
    given = {
        name: (given_to(one, language), None if one.answer_type in ("text", "file") else f"n{name}")
        for name, one in asked.items()
    }
    given["A.1"] = ("Ghana", None)
    loaded = evalkit.check(filled(path, given, received=datetime.date(2025, 12, 1)))
    assert loaded.failures == ()
    assert loaded.source == "report-workbook"
    assert loaded.control == {"read": len(asked), "taken": len(asked), "set_apart": 0}
    frame = loaded.tables["answers"].set_index("question")
    assert set(frame.index) == set(asked)
    for name, one in asked.items():
        row = frame.loc[name]
        if one.answer_type in ("text", "file"):
            assert row["text"] == given[name][0]
            continue
        assert row["text"] == f"n{name}"
        if one.answer_type == "number":
            assert (row["value"], row["unit"]) == (
                (3, "count") if one.unit == "count" else (12_300, "kg")
            )
        elif one.choices:
            assert row["answer"] == "|".join(kept(one))
        else:
            assert row["answer"] == given[name][0]
    report = loaded.tables["submissions"].iloc[0]
    assert (report["party"], report["cycle"]) == ("GHA", "2025-full")
    assert f"{report['submitted_on']:%Y-%m-%d}" == "2025-12-01"


def test_it_can_be_built_with(tmp_path: Path) -> None:
    path = write_template(tmp_path / "r.xlsx", cycle="2025-full", party="Ghana")
    filled(path, {"4.3": ("Yes", "law of 2020"), "11.2.a": (1.5, None)}, received="2025-12-01")
    edition = evalkit.build([path], out=tmp_path / "editions" / "x")
    told = edition.table("answers").set_index("question")
    assert told.loc["4.3", "origin"].startswith("incoming/r.xlsx#Article 4:")
    assert told.loc["11.2.a", "value"] == 1500
    assert edition.table("submissions")["party"].tolist() == ["GHA"]


def test_rows_may_be_sorted_and_the_day_come_from_a6(tmp_path: Path) -> None:
    path = write_template(tmp_path / "r.xlsx", cycle="2025-full", language="es")
    filled(path, {"A.1": "Perú", "A.6": "2025-11-30", "4.3": ("Sí", "a"), "4.4": ("No", "b")})
    book = openpyxl.load_workbook(path)
    sheet = book["Artículo 4"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    for number, row in enumerate(reversed(rows), 3):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    book.save(path)
    loaded = evalkit.check(path)
    assert loaded.failures == ()
    told = dict(zip(loaded.tables["answers"]["question"], loaded.tables["answers"]["text"],
                    strict=True))  # fmt: skip
    assert (told["4.3"], told["4.4"]) == ("a", "b")
    assert f"{loaded.tables['submissions']['submitted_on'][0]:%Y-%m-%d}" == "2025-11-30"


def test_an_empty_one_has_no_answer_and_a_nameless_one_is_refused(tmp_path: Path) -> None:
    named = write_template(tmp_path / "a.xlsx", cycle="2025-full", party="GHA")
    assert evalkit.check(named).control == {"read": 0, "taken": 0, "set_apart": 0}
    nameless = filled(write_template(tmp_path / "b.xlsx", cycle="2025-full"), {"4.3": "Yes"})
    loaded = evalkit.check(nameless)
    assert "does not name a Party" in loaded.failures[0].what
    assert loaded.control == {"read": 1, "taken": 0, "set_apart": 1}


def test_two_names_that_differ_and_a_bad_day_are_refused(tmp_path: Path) -> None:
    path = write_template(tmp_path / "a.xlsx", cycle="2025-full", party="GHA")
    loaded = evalkit.check(filled(path, {"A.1": "Peru"}, received="soon"))
    assert {failure.reason for failure in loaded.failures} == {
        Reason.CONTRADICTION,
        Reason.NOT_A_DAY,
    }


def test_a_short_report_asks_only_what_the_short_form_may_ask(tmp_path: Path) -> None:
    path = write_template(tmp_path / "a.xlsx", cycle="2027-short")
    mark = openpyxl.load_workbook(path)[MARK]
    asked = [row[1].value for row in mark.iter_rows() if row[0].value == "question"]
    known = questions.questions("mc-5-13")
    assert asked == [name for name, one in known.items() if one.in_short != "no"]


def test_only_cells_for_answers_are_open_and_choices_have_lists(tmp_path: Path) -> None:
    path = write_template(tmp_path / "a.xlsx", cycle="2025-full", language="fr")
    book = openpyxl.load_workbook(path)
    assert [book[name].sheet_state for name in (MARK, LISTS)] == ["veryHidden"] * 2
    for sheet in book.worksheets:
        if sheet.title in (MARK, LISTS):
            continue
        assert sheet.protection.sheet
        open_ = {c.column_letter for r in sheet.iter_rows() for c in r if not c.protection.locked}
        assert open_ <= {"B"} if sheet is book.worksheets[0] else open_ <= {"C", "E"}
    lists = {r.formula1 for r in book["Article 4"].data_validations.dataValidation if r.formula1}
    assert lists
    said = {cell.value for row in book[LISTS].iter_rows() for cell in row}
    assert {"Oui", "Non", "Sans objet"} <= said


def test_the_command_writes_it_and_overwrites_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r.xlsx"
    command = ["template", "reports", "--cycle", "2025-full", "--out", str(path)]
    assert main(command) == 0
    assert main(command) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(["check", str(path), "--json"]) == 1  # it names no Party
    assert json.loads(capsys.readouterr().out)[0]["form"] == "report-workbook"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"cycle": "2025-fall"}, "2025-full"),
        ({"cycle": "2025-full", "language": "de"}, "en, fr, es"),
        ({"cycle": "2025-full", "party": "Ganha"}, "Ghana"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(
    asked: dict[str, str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(EvalkitError, match=said):
        write_template(tmp_path / "r.xlsx", **asked)
    with pytest.raises(FileRefusedError, match="no folder"):
        write_template(tmp_path / "none" / "r.xlsx", cycle="2025-full")
