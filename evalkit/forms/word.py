"""The form as a Word document, with boxes to tick and fields to write in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.errors import EvalkitError, Reason
from evalkit.forms import packed
from evalkit.forms.content import TITLE, Form, Item, form

if TYPE_CHECKING:
    import pandas as pd

_WIDTHS_CM = (1.6, 8.2, 8.2)
_SHADE = "E8EEF4"
_NO_XML = {c: None for c in range(32) if chr(c) not in "\t\n\r"} | {0xFFFE: None, 0xFFFF: None}
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


def write_word(answers: pd.DataFrame, path: Path, *, party: str = "", cycle: str = "") -> None:
    """Write the form of one Party and cycle as .docx; the same answers give the same bytes.

    Parameters
    ----------
    answers : DataFrame
        Rows of the table `answers` of one Party and cycle; none for a blank form.
    path : Path
        The file to write.
    party, cycle : str, optional
        ISO3 code and cycle, where there is no row to take them from.

    Raises
    ------
    EvalkitError
        The rows are of several reports, or answer a question that the form has not; or a
        text has a character that no Word document can hold.
    """
    import docx

    content = form(answers, party=party, cycle=cycle)
    _refuse_control_characters(content)
    document = docx.Document()
    _set_up(document)
    document.add_heading(TITLE, level=0)
    for remark in content.remarks:
        document.add_paragraph(remark).runs[0].italic = True
    _head(document, content)
    for heading, items in content.sections():
        document.add_heading(heading, level=1)
        table = _table(document, len(items))
        for row, item in zip(table.rows, items, strict=True):
            _fill(row.cells, item)
    made = io.BytesIO()
    document.save(made)
    packed.save(made, path)


def _refuse_control_characters(content: Form) -> None:
    for item in content.items:
        for text in (item.entry, item.comment):
            if text != text.translate(_NO_XML):
                raise EvalkitError(
                    f"The text of question {item.question.id} has a control character.",
                    reason=Reason.NOT_ALLOWED,
                    remedy="Remove it from the table of answers.",
                )


def _set_up(document: Any) -> None:
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.8)
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].paragraph_format.space_after = Pt(3)
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = TITLE, "evalkit", "evalkit", ""


def _head(document: Any, content: Form) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for name, told in content.head:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(name).bold = True
        _field(cells[1].paragraphs[0], told, "Write here")
        _shade(cells[0])


def _table(document: Any, count: int) -> Any:
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    table = document.add_table(rows=count, cols=3, style="Table Grid")
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS_CM, strict=True):
            cell.width = Cm(width)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return table


def _fill(cells: Any, item: Item) -> None:
    number, asked, answer = cells
    kind = item.question.answer_type
    number.paragraphs[0].add_run(item.question.id).bold = True
    run = asked.paragraphs[0].add_run(item.question.title)
    run.bold = kind == "heading"
    if item.hint:
        asked.add_paragraph().add_run(item.hint).italic = True
    _shade(number)
    if kind == "heading":
        _shade(asked)
        _shade(answer)
        return
    first = answer.paragraphs[0]
    for place, (_, label, ticked) in enumerate(item.options):
        line = answer.add_paragraph() if place else first
        _box(line, ticked)
        line.add_run(f" {label}")
    if not item.options:
        _field(first, item.entry, "Write here")
        if item.entry and item.question.unit not in ("", "count"):
            first.add_run(f" {item.question.unit}")
    if item.has_comment:
        line = answer.add_paragraph()
        line.add_run("Comments: ").italic = True
        _field(line, item.comment, "Write here")


def _control(paragraph: Any, *properties: Any) -> Any:
    """Add a content control to a paragraph; return the element that holds its content."""
    from docx.oxml import OxmlElement

    control, about, content = (OxmlElement(f"w:{n}") for n in ("sdt", "sdtPr", "sdtContent"))
    about.extend(properties)
    control.extend((about, content))
    paragraph._p.append(control)
    return content


def _field(paragraph: Any, text: str, placeholder: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    kind = OxmlElement("w:text")
    kind.set(qn("w:multiLine"), "1")
    about = [kind] if text else [OxmlElement("w:showingPlcHdr"), kind]
    content = _control(paragraph, *about)
    run = paragraph.add_run(text or placeholder)
    if not text:
        run.font.color.rgb = RGBColor(0x80, 0x80, 0x80)
    content.append(run._r)


def _box(paragraph: Any, ticked: bool) -> None:
    from docx.oxml import parse_xml

    box = parse_xml(
        f'<w14:checkbox xmlns:w14="{_W14}"><w14:checked w14:val="{int(ticked)}"/>'
        '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
    )
    content = _control(paragraph, box)
    run = paragraph.add_run("\u2612" if ticked else "\u2610")
    run.font.name = "MS Gothic"
    content.append(run._r)


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), _SHADE)
    cell._tc.get_or_add_tcPr().append(shade)
