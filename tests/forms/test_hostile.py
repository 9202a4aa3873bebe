"""Files that somebody made to do harm, or that broke on the way: refused, with a remedy."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

import evalkit
from evalkit.cli import main
from evalkit.errors import EvalkitError
from evalkit.forms.pdf import write_pdf
from evalkit.forms.word import write_word
from evalkit.sources import pdf_form, word_form
from tests.forms.made import LATIN, report

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LONGEST = 20.0  # seconds for one hostile file, on a machine that does other work as well
MUTATIONS = [90, pytest.param(300, marks=pytest.mark.slow)]


def refused(path: Path) -> str:
    """The message of the refusal; it names the file, a remedy, and comes in time."""
    start = time.monotonic()
    with pytest.raises(EvalkitError) as caught:
        evalkit.check(path)
    assert time.monotonic() - start < LONGEST
    assert caught.value.remedy
    assert path.name in str(caught.value)
    return str(caught.value)


def archive(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(f"word/{name.replace('__', '.')}", content)
    return path


def body(inside: str) -> str:
    return f"<w:document {W}><w:body>{inside}</w:body></w:document>"


# --- Word -------------------------------------------------------------------------------------


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    big = b" " * (word_form.LARGEST_TEXT + 10)
    told = refused(archive(tmp_path / "a.docx", document__xml=big))
    assert "unpacks to more than 40 MiB" in told


def test_an_xml_bomb_is_not_expanded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    text = (
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>{body("<w:p><w:r><w:t>&l8;</w:t></w:r></w:p>")}'
    )
    assert "is damaged inside" in refused(archive(tmp_path / "a.docx", document__xml=text))


def test_outside_entities_are_not_fetched(tmp_path: Path) -> None:
    text = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>{body("&f;")}'
    assert "is damaged inside" in refused(archive(tmp_path / "a.docx", document__xml=text))


def test_macros_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.docm", document__xml=body(""), vbaProject__bin=b"x")
    assert "holds macros" in refused(path)
    assert "Save it as .docx" in refused(path)


@pytest.mark.parametrize(
    "content", ["", "<w:document>", "<html/>", body(""), body("<w:p/>" * 10), "\0\0"]
)
def test_a_word_file_without_a_form_is_refused(content: str, tmp_path: Path) -> None:
    refused(archive(tmp_path / "a.docx", document__xml=content))


def test_a_word_file_without_its_text_is_refused(tmp_path: Path) -> None:
    assert "has no text" in refused(archive(tmp_path / "a.docx", styles__xml="<x/>"))


def test_another_document_is_no_form(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Dear colleagues, please find attached the minutes of 3.1.2020.")
    made.save(str(tmp_path / "letter.docx"))
    assert "fewer than 3 questions" in refused(tmp_path / "letter.docx")


def test_a_table_of_ten_thousand_rows_is_read_in_time(tmp_path: Path) -> None:
    row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>Measures {0}</w:t></w:r></w:p></w:tc>" * 3 + "</w:tr>"
    rows = "".join(row.format(number) for number in range(10_000))
    refused(archive(tmp_path / "a.docx", document__xml=body(f"<w:tbl>{rows}</w:tbl>")))


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    rows = "<w:p><w:r><w:t>x</w:t></w:r></w:p>" * (word_form.MOST_ROWS + 1)
    told = refused(archive(tmp_path / "a.docx", document__xml=body(rows)))
    assert "Send the form alone" in told


def test_tables_within_tables_without_end_are_refused(tmp_path: Path) -> None:
    depth = 3_000
    text = "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
    refused(archive(tmp_path / "a.docx", document__xml=body(text)))


# --- PDF --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "form.pdf"
    write_pdf(report(LATIN), path)
    return path


def changed(pdf: Path, path: Path, change: Callable[[pypdf.PdfWriter], object]) -> Path:
    writer = pypdf.PdfWriter(clone_from=pdf)
    change(writer)
    writer.write(path)
    return path


def test_a_scan_is_refused_with_what_to_send(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "scan.pdf"))
    canvas.rect(10, 10, 300, 300, fill=1)
    canvas.showPage()
    canvas.save()
    told = refused(tmp_path / "scan.pdf")
    assert "it is a scan" in told
    assert "Send the Word form" in told


def test_an_encrypted_pdf_is_refused(pdf: Path, tmp_path: Path) -> None:
    path = changed(pdf, tmp_path / "a.pdf", lambda w: w.encrypt("secret", algorithm="RC4-128"))
    assert "Save it without a password" in refused(path)


def test_a_script_is_not_run_and_told(pdf: Path, tmp_path: Path) -> None:
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
    )

    def script(writer: pypdf.PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = action

    path = changed(pdf, tmp_path / "a.pdf", script)
    loaded = evalkit.check(path)
    assert "a script or an action inside is not run" in loaded.notes
    assert loaded.readings is not None
    assert len(loaded.readings) > 50


def test_five_thousand_pages_are_refused(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter()
    for _ in range(5_000):
        writer.add_blank_page(10, 10)
    writer.write(tmp_path / "a.pdf")
    told = refused(tmp_path / "a.pdf")
    assert f"more than {pdf_form.MOST_PAGES}" in told
    assert "without its annexes" in told


def test_pages_that_contain_themselves_are_refused(pdf: Path, tmp_path: Path) -> None:
    def circle(writer: pypdf.PdfWriter) -> None:
        pages = writer.root_object["/Pages"]
        pages[NameObject("/Kids")] = ArrayObject([pages.indirect_reference] * 2)  # type: ignore[index]

    refused(changed(pdf, tmp_path / "a.pdf", circle))


def test_forms_within_forms_do_not_multiply_for_ever(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.beginForm("f0")
    canvas.drawString(10, 10, "3.1 text")
    canvas.endForm()
    for number in range(1, 9):
        canvas.beginForm(f"f{number}")
        for _ in range(10):
            canvas.doForm(f"f{number - 1}")
        canvas.endForm()
    canvas.doForm("f8")
    canvas.showPage()
    canvas.save()
    refused(tmp_path / "a.pdf")


def test_a_field_that_is_its_own_parent_is_read_in_time(pdf: Path, tmp_path: Path) -> None:
    def circle(writer: pypdf.PdfWriter) -> None:
        for reference in writer.pages[0]["/Annots"]:  # type: ignore[attr-defined]
            widget = reference.get_object()
            widget[NameObject("/Parent")] = reference

    readings = evalkit.check(changed(pdf, tmp_path / "a.pdf", circle)).readings
    assert readings is not None


def test_a_value_that_is_no_choice_lowers_the_confidence(pdf: Path, tmp_path: Path) -> None:
    def spoil(writer: pypdf.PdfWriter) -> None:
        for page in writer.pages:
            for reference in page["/Annots"]:  # type: ignore[attr-defined]
                widget = reference.get_object()
                if widget.get("/T") == "3-1-c":
                    widget[NameObject("/V")] = NumberObject(-5)
                if widget.get("/T") == "A-3":
                    widget[NameObject("/V")] = TextStringObject("soon")

    readings = evalkit.check(changed(pdf, tmp_path / "a.pdf", spoil)).readings
    assert readings is not None
    rows = readings.set_index("question")
    assert rows.loc[["3.1.c", "A.3"], "confidence"].tolist() == [0.2, 0.2]


def test_characters_that_no_table_holds_are_shown_as_such(pdf: Path, tmp_path: Path) -> None:
    def spoil(writer: pypdf.PdfWriter) -> None:
        for page in writer.pages:
            for reference in page["/Annots"]:  # type: ignore[attr-defined]
                widget = reference.get_object()
                if widget.get("/T") == "11-3":
                    widget[NameObject("/V")] = TextStringObject("a\0b\x1b[31m")

    path = changed(pdf, tmp_path / "a.pdf", spoil)
    readings = evalkit.check(path).readings
    assert readings is not None
    assert readings.set_index("question").loc["11.3", "text"] == "a\ufffdb\ufffd[31m"
    assert main(["review", str(path), "--out", str(tmp_path / "r.csv")]) == 0
    assert evalkit.check(tmp_path / "r.csv").control["read"] == len(readings)


# --- broken at random -------------------------------------------------------------------------


def mutated(raw: bytes, dice: random.Random) -> bytes:
    """Bytes with one to three changes: flipped, cut out, repeated, or the end cut off."""
    made = bytearray(raw)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(made))
        how = dice.randrange(4)
        if how == 0:
            made[at] = dice.randrange(256)
        elif how == 1:
            del made[at : at + dice.randint(1, 50)]
        elif how == 2:
            made[at:at] = made[at : at + dice.randint(1, 50)]
        elif len(made) > 2_000:
            del made[-dice.randint(1, 1_000) :]
    return bytes(made)


def outcomes(raws: list[bytes], path: Path) -> tuple[int, int]:
    """How many were read and how many refused; anything else is an error of the test."""
    read = refused_ = 0
    for raw in raws:
        path.write_bytes(raw)
        try:
            evalkit.check(path)
            read += 1
        except EvalkitError as error:
            refused_ += bool(error.remedy)
    return read, refused_


def small(folder: Path, kind: str) -> bytes:
    answers = report(LATIN).head(8)
    path = folder / f"small.{kind}"
    if kind == "docx":
        write_word(answers, path)
    else:
        write_pdf(answers, path, fillable=kind == "fields")
    return path.read_bytes()


def repacked(text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", text)
    return out.getvalue()


@pytest.mark.parametrize("count", MUTATIONS)
def test_broken_word_files_are_read_or_refused(count: int, tmp_path: Path) -> None:
    dice = random.Random(20251103)
    raw = small(tmp_path, "docx")
    with zipfile.ZipFile(io.BytesIO(raw)) as made:
        text = made.read("word/document.xml")
    outside = [mutated(raw, dice) for _ in range(count // 2)]
    inside = [repacked(mutated(text, dice)) for _ in range(count // 2)]
    read, refused_ = outcomes(outside + inside, tmp_path / "a.docx")
    assert read + refused_ == count
    assert read > count // 30
    assert refused_ > count // 30


@pytest.mark.parametrize("count", MUTATIONS)
@pytest.mark.parametrize("kind", ["fields", "text"])
def test_broken_pdfs_are_read_or_refused(kind: str, count: int, tmp_path: Path) -> None:
    dice = random.Random(20251104)
    writer = pypdf.PdfWriter()
    small(tmp_path, kind)
    writer.append(str(tmp_path / f"small.{kind}"), pages=(0, 1))  # one page: three hundred are read
    out = io.BytesIO()
    writer.write(out)
    raws = [mutated(out.getvalue(), dice) for _ in range(count // 2)]
    read, refused_ = outcomes(raws, tmp_path / "a.pdf")
    assert read + refused_ == count // 2
    assert read
    assert refused_
