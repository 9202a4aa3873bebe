"""The form as a PDF: with fields to fill in (AcroForm), or as plain text."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.errors import EvalkitError, Reason
from evalkit.forms.content import TITLE, Form, Item, form

if TYPE_CHECKING:
    import pandas as pd

_PLAIN, _STRONG, _SLANTED = "Helvetica", "Helvetica-Bold", "Helvetica-Oblique"
_SIZE, _LEAD = 9.5, 12.5  # points
_LEFT, _TEXT, _RIGHT, _TOP, _BOTTOM = 45.0, 92.0, 550.0, 790.0, 52.0
_WITH_NEXT = 150  # points: a heading stands with the question after it
_BOX = 10.0
_LINES_SHOWN = 8  # of a filled field; a viewer scrolls to the others


def write_pdf(
    answers: pd.DataFrame,
    path: Path,
    *,
    fillable: bool = True,
    party: str = "",
    cycle: str = "",
) -> None:
    """Write the form of one Party and cycle as PDF; the same answers give the same bytes.

    Parameters
    ----------
    answers : DataFrame
        Rows of the table `answers` of one Party and cycle; none for a blank form.
    path : Path
        The file to write.
    fillable : bool
        With fields named after the questions, dots as hyphens (``3-1-c``), since a dot in the
        name of a field has a meaning of its own in PDF. Else with answers as plain text.
    party, cycle : str, optional
        ISO3 code and cycle, where there is no row to take them from.

    Raises
    ------
    EvalkitError
        As `form`; or the plain text has a character outside the built-in fonts, which hold
        Western European letters only.
    """
    from reportlab.pdfgen.canvas import Canvas

    content = form(answers, party=party, cycle=cycle)
    if not fillable:
        _refuse_what_no_font_shows(content)
    canvas = Canvas(str(path), pagesize=(595, 842), invariant=1)
    canvas.setTitle(TITLE)
    canvas.setAuthor("evalkit")
    sheet = _Sheet(canvas, fillable, f"{content.head[0][1]} {content.cycle}".strip())
    sheet.head(content)
    for heading, items in content.sections():
        sheet.heading(heading)
        for item in items:
            sheet.item(item)
    if fillable and not _is_plain(content):
        _let_the_viewer_draw(canvas.acroForm)
    sheet.end()


def _let_the_viewer_draw(form_: Any) -> None:
    """Ask the viewer to draw the fields: reportlab draws Western letters only.

    A viewer then draws the boxes as well, and needs their font beside that of the text.
    """
    from reportlab.pdfbase.acroform import PDFFromString

    about = "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats /Name /ZaDb >>"
    boxes = form_.getRefStr(PDFFromString(about))
    fonts = f"<< /Helv {form_.fonts['Helv']} /ZaDb {boxes} >>"
    form_.extras["DR"] = PDFFromString(f"<< /Font {fonts} >>")
    form_.extras["NeedAppearances"] = PDFFromString("true")


def field_name(question: str) -> str:
    """Return the name of a question's field.

    Examples
    --------
    >>> field_name("3.1.c")
    '3-1-c'
    """
    return question.replace(".", "-")


def _refuse_what_no_font_shows(content: Form) -> None:
    for item in content.items:
        for text in (item.entry, item.comment):
            odd = next((c for c in text if not _is_shown(c)), "")
            if odd:
                raise EvalkitError(
                    f"The answer to {item.question.id} has {odd!r}, which the fonts of a plain "
                    "PDF can't show.",
                    reason=Reason.NOT_ALLOWED,
                    remedy="Write the form as Word, or as PDF with fields.",
                )


def _is_plain(content: Form) -> bool:
    return all(item.entry.isascii() and item.comment.isascii() for item in content.items)


def _is_shown(character: str) -> bool:
    if character == "\n":
        return True
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return unicodedata.category(character)[0] != "C"


class _Sheet:
    """A canvas with the place of the next line."""

    def __init__(self, canvas: Any, fillable: bool, foot: str) -> None:
        self.canvas, self.fillable, self.foot = canvas, fillable, foot
        self.y, self.page = _TOP, 1

    def need(self, height: float) -> None:
        """Begin a new page where there is no room for a height."""
        if self.y - height < _BOTTOM:
            self.end_page()

    def end_page(self) -> None:
        """Write the foot and go to the next page."""
        self.canvas.setFont(_PLAIN, 7.5)
        self.canvas.drawString(_LEFT, 30, f"{self.foot} · page {self.page}")
        self.canvas.showPage()
        self.y, self.page = _TOP, self.page + 1

    def end(self) -> None:
        """Close the last page and write the file."""
        self.end_page()
        self.canvas.save()

    def lines(self, text: str, left: float, font: str = _PLAIN, size: float = _SIZE) -> None:
        """Write a text, wrapped."""
        for line in _wrapped(text, _RIGHT - left, font, size):
            self.need(_LEAD)
            self.y -= _LEAD
            self.canvas.setFont(font, size)
            self.canvas.drawString(left, self.y, line)

    def head(self, content: Form) -> None:
        """Write the title, the remarks, and Party, cycle and period."""
        self.lines(TITLE, _LEFT, _STRONG, 13)
        self.y -= 4
        for remark in content.remarks:
            self.lines(remark, _LEFT, _SLANTED, 8.5)
        self.y -= 6
        for name, told in content.head:
            if not self.fillable:
                self.lines(f"{name}: {told}", _LEFT, _STRONG)
                continue
            self.lines(name, _LEFT, _STRONG)
            self.entry(name.lower().replace(" ", "-"), name, told, 150, lift=_LEAD)

    def heading(self, text: str) -> None:
        """Write the heading of an article."""
        self.need(_WITH_NEXT)
        self.y -= 10
        self.canvas.setFillGray(0.9)
        self.canvas.rect(_LEFT - 4, self.y - 15, _RIGHT - _LEFT + 8, 15, stroke=0, fill=1)
        self.canvas.setFillGray(0)
        self.lines(text, _LEFT, _STRONG)
        self.y -= 4

    def item(self, item: Item) -> None:
        """Write a question with its choices or entry, and the text beside it."""
        question = item.question
        heading = question.answer_type == "heading"
        told = _wrapped(question.title, _RIGHT - _TEXT, _STRONG, _SIZE)
        beneath = 60.0 if item.has_comment else 30.0
        beneath += 0 if item.options or heading else _LEAD * (_lines_of(item) + 1)
        self.need(_LEAD * len(told) + (_LEAD + 4) * len(item.options) + beneath)
        self.y -= 5
        self.canvas.setFont(_STRONG, _SIZE)
        self.canvas.drawString(_LEFT, self.y - _LEAD, question.id)
        self.lines(question.title, _TEXT, _STRONG)
        if heading:
            return
        name = field_name(question.id)
        if item.options:
            self.options(item, name)
        elif self.fillable:
            lines = _lines_of(item)
            self.need(_LEAD * (lines + 1) + 10)
            self.lines(item.hint or "Answer", _TEXT, _SLANTED, 8)
            self.entry(name, question.title, item.entry, _TEXT, lines=lines)
        else:
            unit = f" {question.unit}" if question.unit not in ("", "count") and item.entry else ""
            self.lines(f"Answer: {item.entry}{unit}", _TEXT)
        if item.has_comment:
            self.comment(item, name)

    def comment(self, item: Item, name: str) -> None:
        """Write the text beside an answer."""
        if not self.fillable:
            self.lines(f"Comments: {item.comment}", _TEXT)
            return
        lines = _shown(item.comment)
        self.need(_LEAD * (lines + 1) + 10)
        self.lines("Comments", _TEXT, _SLANTED, 8)
        self.entry(f"{name}:text", "Comments", item.comment, _TEXT, lines=lines)

    def options(self, item: Item, name: str) -> None:
        """Write a box for each choice; of several boxes one may be ticked, or more."""
        several = item.question.answer_type == "multi_choice"
        for code, label, ticked in item.options:
            if not self.fillable:
                self.lines(f"[{'x' if ticked else ' '}] {label}", _TEXT)
                continue
            self.need(_LEAD + 4)
            self.y -= _LEAD + 2
            style = {"x": _TEXT, "y": self.y - 2, "size": _BOX, "borderWidth": 0.7}
            form_ = self.canvas.acroForm
            if several:
                form_.checkbox(name=f"{name}:{code}", tooltip=label, checked=ticked, **style)
            else:
                form_.radio(
                    name=name,
                    value=code,
                    selected=ticked,
                    tooltip=f"{item.question.id} {label}",
                    fieldFlags="radio",
                    **style,
                )
            self.canvas.setFont(_PLAIN, _SIZE)
            self.canvas.drawString(_TEXT + _BOX + 6, self.y, label)

    def entry(
        self, name: str, tip: str, text: str, left: float, *, lines: int = 1, lift: float = 0
    ) -> None:
        """Write a field for text."""
        height = 4 + _LEAD * lines
        self.y += lift
        self.need(height + 4)
        self.y -= height + 2
        form_ = self.canvas.acroForm
        form_.textfield(
            name=name,
            tooltip=tip[:120],
            value=_picture(text, _RIGHT - left - 8, lines),
            x=left,
            y=self.y,
            width=_RIGHT - left,
            height=height,
            fontSize=9,
            borderWidth=0.5,
            maxlen=None,
            fieldFlags="multiline" if lines > 1 else "",
        )
        _set_value(self.canvas, text)


def _picture(text: str, width: float, lines: int) -> str:
    """Return what a viewer shows that does not draw fields by itself: ASCII, wrapped."""
    plain = text.encode("ascii", "replace").decode("ascii")
    return "\n".join(_wrapped(plain, width, _PLAIN, 9)[:lines])


def _set_value(canvas: Any, text: str) -> None:
    """Give the last field its value: reportlab can draw Western letters only, a field hold any."""
    from reportlab.pdfbase.pdfdoc import PDFString

    last = canvas.acroForm.fields[-1]
    field = canvas._doc.idToObject[last.name]
    field.dict["V"] = field.dict["DV"] = PDFString(text)


def _shown(text: str) -> int:
    return min(_LINES_SHOWN, max(2, len(_wrapped(text, _RIGHT - _TEXT - 8, _PLAIN, 9))))


def _lines_of(item: Item) -> int:
    return _shown(item.entry) if item.question.answer_type == "text" else 1


def _wrapped(text: str, width: float, font: str, size: float) -> list[str]:
    from reportlab.lib.utils import simpleSplit

    found: list[str] = simpleSplit(text, font, size, width)
    return found
