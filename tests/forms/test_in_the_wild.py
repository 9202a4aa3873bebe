"""Forms as people really send them: edited, retyped, translated; each doubt has its factor."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
from docx.oxml import parse_xml

import evalkit
from evalkit.sources.form_confidence import DOUBTS, confidence

TITLES = {
    "3.1": "Primary mercury mines within the territory that were operating at date of entry into "
    "force for the Party",
    "3.1.c": "If yes: total amount mined",
    "4.4": "Measures to prevent incorporation into assembled products of products not allowed "
    "under Art 4",
    "7.3": "National action plan developed, implemented and submitted",
    "A.3": "Date of entry into force of the Convention for the Party",
    "11.3": "Further waste information",
    "12.1": "Strategies to identify and assess contaminated sites",
    "19.1": "Research, development and monitoring undertaken",
}
# They let a document count as a form, and are answered by words that raise no other doubt.
OTHERS = (("12.1", "\u2612 Yes \u2610 No"), ("19.1", "\u2610 Yes \u2612 No"))


def sure(*doubts: str) -> float:
    return confidence(doubts)[0]


def document(path: Path, build: Callable[[Any], None]) -> pd.DataFrame:
    """The readings of a Word file with two plain questions and what `build` adds before."""
    made = docx.Document()
    made.add_paragraph("Party: Republic of Ghana")
    made.add_paragraph("Reporting period: 16 August 2017 to 31 December 2020")
    build(made)
    for number, answer in OTHERS:
        table = made.add_table(rows=1, cols=2)
        table.cell(0, 0).text = f"{number} {TITLES[number]}"
        table.cell(0, 1).text = answer
    made.save(str(path))
    readings = evalkit.check(path).readings
    assert readings is not None
    return readings.set_index("question")


def in_table(number: str, answer: str, title: str | None = None) -> Callable[[Any], None]:
    def build(made: Any) -> None:
        table = made.add_table(rows=1, cols=3)
        wording = TITLES[number] if title is None else title
        for cell, text in zip(table.rows[0].cells, (number, wording, answer), strict=True):
            cell.text = text

    return build


CHOICES = [
    ("3.1", "\u2612 Yes \u2610 No", "yes", ()),
    ("3.1", "\u2611 Yes\n\u25a1 No", "yes", ()),
    ("3.1", "Yes \u2610  No \u2612", "no", ()),
    ("3.1", "\u2713 Oui  \u2610 Non", "yes", ()),
    ("3.1", "[x] Yes [ ] No", "yes", ("typed_box",)),
    ("3.1", "( ) S\u00ed  (X) No", "no", ("typed_box",)),
    ("3.1", "\u2612 \u0646\u0639\u0645 \u2610 \u0644\u0627", "yes", ()),
    ("3.1", "\u2610 \u662f \u2612 \u5426", "no", ()),
    ("3.1", "\u0414\u0430", "yes", ("word",)),
    ("3.1", "Oui", "yes", ("word",)),
    ("3.1", "YES.", "yes", ("word",)),
    ("3.1", "No, since there is no mine", "no", ("word_and_text",)),
    ("3.1", "\u2612 Yes \u2612 No", "yes|no", ("contradiction",)),
    ("3.1", "There was one mine", "", ("no_choice",)),
    ("7.3", "\u2610 Yes \u2610 No \u2612 In progres", "in_progress", ("label_near",)),
    ("7.3", "En cours", "in_progress", ("word",)),
]


@pytest.mark.parametrize(("number", "cell", "answer", "doubts"), CHOICES)
def test_a_choice_and_its_confidence(
    number: str, cell: str, answer: str, doubts: tuple[str, ...], tmp_path: Path
) -> None:
    row = document(tmp_path / "a.docx", in_table(number, cell)).loc[number]
    assert (row["answer"], row["confidence"]) == (answer, sure(*doubts))
    assert row["why"] == confidence(doubts)[1]
    assert (row["party"], row["cycle"]) == ("GHA", "2021-full")


NUMBERS = [
    ("12.5 t", 12.5, "t", ()),
    ("12,5 tonnes", 12.5, "t", ()),
    ("1 234 567 t", 1_234_567, "t", ()),
    ("1.234.567,8 t", 1_234_567.8, "t", ()),
    ("500 kg", 500, "kg", ("other_unit",)),
    ("12.5", 12.5, "t", ("unit_supposed",)),
    ("0", 0, "t", ("unit_supposed",)),
    ("1,234 t", 1234, "t", ("separator",)),
    ("12.345 t", 12.345, "t", ("separator",)),
    ("12.5 t (estimate)", 12.5, "t", ("number_and_text",)),
    ("10 to 12 t", None, "", ("several_numbers",)),
    ("about 10 t", None, "", ("several_numbers",)),
    ("5 million t", None, "", ("several_numbers",)),
    ("-3 t", None, "", ("no_number",)),
    ("none", None, "", ("no_number",)),
]


@pytest.mark.parametrize(("cell", "value", "unit", "doubts"), NUMBERS)
def test_an_amount_and_its_confidence(
    cell: str, value: float | None, unit: str, doubts: tuple[str, ...], tmp_path: Path
) -> None:
    row = document(tmp_path / "a.docx", in_table("3.1.c", cell)).loc["3.1.c"]
    assert (None if pd.isna(row["value"]) else row["value"]) == value
    assert (row["unit"], row["confidence"]) == (unit, sure(*doubts))


@pytest.mark.parametrize(
    ("cell", "answer", "doubts"),
    [
        ("2017-08-16", "2017-08-16", ()),
        ("16 August 2017", "2017-08-16", ("day_in_words",)),
        ("16 ao\u00fbt 2017", "2017-08-16", ("day_in_words",)),
        ("16/08/2017", "2017-08-16", ("day_in_words",)),
        ("08/09/2017", "2017-09-08", ("day_order",)),
        ("summer 2017", "", ("no_day",)),
        ("2017-02-30", "", ("no_day",)),
    ],
)
def test_a_day_and_its_confidence(
    cell: str, answer: str, doubts: tuple[str, ...], tmp_path: Path
) -> None:
    row = document(tmp_path / "a.docx", in_table("A.3", cell)).loc["A.3"]
    assert (row["answer"], row["confidence"]) == (answer, sure(*doubts))


def test_numbers_are_written_in_many_ways(tmp_path: Path) -> None:
    for number in ("3.1 (c)", "3.1(c)", "3.1.c.", "Question 3.1 (c):", "Q3.1.c"):

        def build(made: Any, told: str = number) -> None:
            made.add_paragraph(f"{told} {TITLES['3.1.c']}")
            made.add_paragraph("12.5 t")

        row = document(tmp_path / "a.docx", build).loc["3.1.c"]
        assert (row["value"], row["confidence"]) == (12.5, sure("beneath")), number


def test_a_question_without_its_number_is_found_by_its_wording(tmp_path: Path) -> None:
    build = in_table("", "\u2612 Yes \u2610 No", TITLES["4.4"])
    row = document(tmp_path / "a.docx", build).loc["4.4"]
    assert (row["answer"], row["confidence"]) == ("yes", sure("wording_alone"))


def test_a_reworded_question_is_found_by_its_number(tmp_path: Path) -> None:
    build = in_table("4.4", "\u2612 Yes \u2610 No", "Did you do anything about lamps?")
    row = document(tmp_path / "a.docx", build).loc["4.4"]
    assert (row["answer"], row["confidence"]) == ("yes", sure("number_alone"))


def test_another_text_with_the_number_is_no_second_question(tmp_path: Path) -> None:
    def build(made: Any) -> None:
        in_table("4.4", "\u2612 Yes \u2610 No")(made)
        in_table("11.3", "4.4 was answered by another ministry")(made)

    readings = document(tmp_path / "a.docx", build)
    assert readings.loc["4.4", "confidence"] == 1
    assert readings.loc["11.3", "text"] == "4.4 was answered by another ministry"


def test_a_question_answered_twice_otherwise_is_told_twice(tmp_path: Path) -> None:
    def build(made: Any) -> None:
        in_table("4.4", "\u2612 Yes \u2610 No")(made)
        in_table("4.4", "\u2610 Yes \u2612 No")(made)

    rows = document(tmp_path / "a.docx", build).loc[["4.4"]]
    assert rows["answer"].tolist() == ["yes", "no"]
    assert set(rows["confidence"]) == {sure("twice")}


@pytest.mark.parametrize(
    ("kind", "answer", "doubts"),
    [("struck", "no", ("struck",)), ("bold", "yes", ("bold",)), ("none", None, ())],
)
def test_yes_no_with_one_struck_or_bold(
    kind: str, answer: str | None, doubts: tuple[str, ...], tmp_path: Path
) -> None:
    def build(made: Any) -> None:
        in_table("4.4", "")(made)
        paragraph = made.tables[-1].cell(0, 2).paragraphs[0]
        run = paragraph.add_run("Yes")
        run.font.strike, run.bold = kind == "struck", kind == "bold"
        paragraph.add_run(" / No")

    readings = document(tmp_path / "a.docx", build)
    if answer is None:
        assert "4.4" not in readings.index, "the printed choices are no answer"
    else:
        row = readings.loc["4.4"]
        assert (row["answer"], row["confidence"]) == (answer, sure(*doubts))


def test_a_tracked_change_is_a_doubt_and_deleted_text_is_gone(tmp_path: Path) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def build(made: Any) -> None:
        in_table("11.3", "")(made)
        paragraph = made.tables[-1].cell(0, 2).paragraphs[0]._p
        paragraph.append(parse_xml(f"<w:del {space}><w:r><w:delText>old</w:delText></w:r></w:del>"))
        paragraph.append(parse_xml(f"<w:ins {space}><w:r><w:t>new</w:t></w:r></w:ins>"))

    row = document(tmp_path / "a.docx", build).loc["11.3"]
    assert (row["text"], row["confidence"]) == ("new", sure("tracked"))


def test_struck_text_is_left_out_with_a_doubt_and_hidden_text_is_not_read(
    tmp_path: Path,
) -> None:
    def build(made: Any) -> None:
        in_table("3.1.c", "")(made)
        paragraph = made.tables[-1].cell(0, 2).paragraphs[0]
        paragraph.add_run("12 ").font.strike = True
        paragraph.add_run("99 ").font.hidden = True
        paragraph.add_run("15 t")

    row = document(tmp_path / "a.docx", build).loc["3.1.c"]
    assert (row["value"], row["confidence"]) == (15, sure("struck_text"))


def test_a_tick_without_a_word_beside_it_is_no_answer(tmp_path: Path) -> None:
    """A column for yes and one for no: which is which stands elsewhere."""
    for mark in ("\u2612", "X", "[x]"):
        row = document(tmp_path / "a.docx", in_table("4.4", mark)).loc["4.4"]
        assert (row["answer"], row["confidence"]) == ("", sure("no_choice"))


def test_text_under_no_question_is_told(tmp_path: Path) -> None:
    def build(made: Any) -> None:
        in_table("4.4", "\u2612 Yes \u2610 No")(made)
        made.add_paragraph("See the annex for details.")

    document(tmp_path / "a.docx", build)
    notes = evalkit.check(tmp_path / "a.docx").notes
    assert any(note.startswith("text that stands under no question: paragraph 3") for note in notes)


def test_party_and_cycle_that_are_absent_or_contradict_are_told(tmp_path: Path) -> None:
    def build(made: Any) -> None:
        made.add_paragraph("Country: Peru")
        in_table("4.4", "\u2612 Yes \u2610 No")(made)

    readings = document(tmp_path / "a.docx", build)
    failures = evalkit.check(tmp_path / "a.docx").failures
    assert [str(one.reason) for one in failures] == ["contradiction"]
    assert "GHA, PER" in failures[0].what
    assert set(readings["party"]) == {""}


def test_the_confidence_is_the_product_rounded_down() -> None:
    assert confidence(["word", "word"]) == confidence(["word"])
    for name, (factor, told) in DOUBTS.items():
        assert 0 < factor < 1
        assert confidence([name]) == (factor, told)
    assert confidence(["word", "beneath"])[0] == 0.85, "0.855 is never shown as 0.86"


def test_the_documentation_prints_the_rules() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "read-word-and-pdf-forms.md"
    printed = page.read_text(encoding="utf-8").split("<!-- confidence -->")[1].split("## ")[0]
    rows = [line.strip("| ").split(" | ") for line in printed.strip().splitlines()[2:]]
    assert [(float(factor), told) for told, factor in rows] == list(DOUBTS.values())


def test_nothing_of_a_word_file_but_its_text_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    document(path, in_table("4.4", "\u2612 Yes \u2610 No"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/embeddings/oleObject1.bin", b"MZ")
    assert "embedded objects are not read" in evalkit.check(path).notes
