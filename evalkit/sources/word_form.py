"""A filled-in form of the national report as a Word document (.docx).

The XML is read as it stands, with limits: no macro is run, no embedded object is opened, no
outside address is followed.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalkit.sources.form_readings import of_rows
from evalkit.sources.form_rows import BOLD, NORMAL, STRUCK, TRACKED, Cell, Row

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

LARGEST = 100 * 1024 * 1024  # bytes of the file
LARGEST_TEXT = 40 * 1024 * 1024  # bytes of its text once unpacked
MOST_ROWS = 20_000
DEEPEST = 20  # tables within tables
_BODY = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_WRAPPERS = (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml")
_OFF = ("0", "false", "off", "none")
# Wingdings: the last two digits of the code of a box or tick.
_SYMBOLS = {
    **dict.fromkeys(("FE", "52"), "\u2611"),
    **dict.fromkeys(("FD", "53", "54"), "\u2612"),
    **dict.fromkeys(("A8", "6F", "A3", "2A"), "\u2610"),
    "FC": "\u2713",
}
_TICKED, _EMPTY = "\u2612", "\u2610"


def recognise(document: Document) -> bool:
    """Take every Word document for a form; `read` refuses one without its questions."""
    return document.kind == "word"


def read(document: Document) -> Loaded:
    """Read the answers of a filled-in form, for a person to confirm.

    Parameters
    ----------
    document : Document
        A .docx file.

    Returns
    -------
    Loaded
        Readings with place (``table 3, row 4, cell 3``; Word files hold no page numbers).

    Raises
    ------
    FileRefusedError
        It is damaged or protected, has macros, is too large once unpacked, or holds fewer
        than three questions of the form.
    """
    notes: list[str] = []
    body = _body(document, notes)
    rows = []
    for row in _rows(body, "", 0):
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise document.refusal(
                f"has more than {MOST_ROWS} rows and paragraphs", "Send the form alone."
            )
    return of_rows(rows, document.shown, "word-form", on_pages=False, notes=notes)


def _body(document: Document, notes: list[str]) -> Element:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    raw = _unpacked(document, notes)
    try:
        root: Element = fromstring(raw)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        told = f"is damaged inside: {str(error) or type(error).__name__}"
        raise document.refusal(told, "Open it in Word, and save it again as .docx.") from error
    body = root.find(f"{_W}body")
    if body is None:
        raise document.refusal("has no text", "Open it in Word, and save it again as .docx.")
    return body


def _unpacked(document: Document, notes: list[str]) -> bytes:
    """Return the XML of the text; sizes are looked at before anything is unpacked."""
    if document.path.stat().st_size > LARGEST:
        raise document.refusal(f"is larger than {LARGEST // 1024**2} MiB", "Send the form alone.")
    broken = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)
    try:
        with zipfile.ZipFile(document.path) as archive:
            names = archive.namelist()
            _refuse_macros(document, names)
            if any(name.startswith("word/embeddings/") for name in names):
                notes.append("embedded objects are not read")
            with archive.open(_BODY) as member:
                raw = member.read(LARGEST_TEXT + 1)
    except KeyError as error:
        raise document.refusal("has no text", "Save it again as .docx.") from error
    except (*broken, NotImplementedError) as error:
        told = f"can't be unpacked: {error}"
        raise document.refusal(told, "Open it in Word, and save it again as .docx.") from error
    if len(raw) > LARGEST_TEXT:
        raise document.refusal(
            f"unpacks to more than {LARGEST_TEXT // 1024**2} MiB of text", "Send the form alone."
        )
    return raw


def _refuse_macros(document: Document, names: list[str]) -> None:
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise document.refusal("holds macros", "Save it as .docx, which has none.")


# --- rows -------------------------------------------------------------------------------------


def _rows(body: Element, within: str, depth: int) -> Iterator[Row]:
    """Yield paragraphs and rows of tables in their order, with their places."""
    paragraphs = tables = 0
    for block in _blocks(body, 0):
        if block.tag == f"{_W}p":
            paragraphs += 1
            cell = _cell([block])
            if cell.text.strip():
                yield Row((cell,), f"{within}paragraph {paragraphs}", _is_heading(block))
        elif depth < DEEPEST:
            tables += 1
            yield from _table(block, f"{within}table {tables}", depth)


def _blocks(parent: Element, depth: int) -> Iterator[Element]:
    """Yield paragraphs and tables, those inside content controls among them."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in _WRAPPERS and depth < DEEPEST:
            yield from _blocks(child, depth + 1)


def _parts(parent: Element, tag: str, depth: int = 0) -> Iterator[Element]:
    """Yield rows of a table or cells of a row, those inside content controls among them."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS and depth < DEEPEST:
            yield from _parts(child, tag, depth + 1)


def _table(table: Element, place: str, depth: int) -> Iterator[Row]:
    for number, row in enumerate(_parts(table, f"{_W}tr"), start=1):
        told = f"{place}, row {number}"
        cells, nested = [], []
        for at, cell in enumerate(_parts(row, f"{_W}tc"), start=1):
            blocks = list(_blocks(cell, 0))
            cells.append(_cell([block for block in blocks if block.tag == f"{_W}p"]))
            nested += [(at, block) for block in blocks if block.tag == f"{_W}tbl"]
        if any(cell.text.strip() for cell in cells):
            yield Row(tuple(cells), told)
        for at, inner in nested:
            if depth < DEEPEST:
                yield from _table(inner, f"{told}, cell {at}, table", depth + 1)


def _is_heading(paragraph: Element) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = (style.get(f"{_W}val") or "") if style is not None else ""
    return name.casefold().startswith(("heading", "title", "titre", "ttulo"))


# --- text -------------------------------------------------------------------------------------


def _cell(paragraphs: list[Element]) -> Cell:
    texts: list[str] = []
    styles: list[str] = []
    for place, paragraph in enumerate(paragraphs):
        if place:
            texts.append("\n")
            styles.append(NORMAL)
        for text, style in _pieces(paragraph, False, 0):
            texts.append(text)
            styles.append(style * len(text))
    return Cell("".join(texts), "".join(styles))


def _pieces(parent: Element, tracked: bool, depth: int) -> Iterator[tuple[str, str]]:
    """Yield text with its type; placeholders and deleted text are left out."""
    if depth > DEEPEST:
        return
    for child in parent:
        tag = child.tag.removeprefix(_W)
        if tag == "r" and not _is_hidden(child):
            yield from _run(child, tracked)
        elif tag == "sdt":
            yield from _control(child, tracked, depth)
        elif tag in ("ins", "moveTo"):
            yield from _pieces(child, True, depth + 1)
        elif tag in ("hyperlink", "smartTag", "sdtContent", "fldSimple", "customXml", "dir"):
            yield from _pieces(child, tracked, depth + 1)


def _control(control: Element, tracked: bool, depth: int) -> Iterator[tuple[str, str]]:
    about = control.find(f"{_W}sdtPr")
    content = control.find(f"{_W}sdtContent")
    if about is not None:
        if about.find(f"{_W}showingPlcHdr") is not None:
            return  # a field that nobody has filled in
        checked = about.find(f"{_W14}checkbox/{_W14}checked")
        if about.find(f"{_W14}checkbox") is not None:
            state = checked.get(f"{_W14}val", "1") if checked is not None else "0"
            yield (_EMPTY if state in _OFF else _TICKED), NORMAL
            return
    if content is not None:
        yield from _pieces(content, tracked, depth + 1)


def _run(run: Element, tracked: bool) -> Iterator[tuple[str, str]]:
    style = _style(run, tracked)
    for child in run:
        tag = child.tag.removeprefix(_W)
        if tag == "t":
            yield child.text or "", style
        elif tag in ("br", "cr"):
            yield "\n", style
        elif tag == "tab":
            yield "\t", style
        elif tag == "noBreakHyphen":
            yield "-", style
        elif tag == "sym":
            code = (child.get(f"{_W}char") or "")[-2:].upper()
            yield _SYMBOLS.get(code, "\ufffd"), style
        elif tag == "fldChar" and (box := child.find(f"{_W}ffData/{_W}checkBox")) is not None:
            yield (_TICKED if _old_box(box) else _EMPTY), style


def _old_box(box: Element) -> bool:
    """Tell whether a check box of the old kind is ticked."""
    state = box.find(f"{_W}checked")
    if state is None:
        state = box.find(f"{_W}default")
    return state is not None and state.get(f"{_W}val", "1") not in _OFF


def _style(run: Element, tracked: bool) -> str:
    about = run.find(f"{_W}rPr")
    if about is None:
        return TRACKED if tracked else NORMAL
    if _is_on(about, "strike") or _is_on(about, "dstrike"):
        return STRUCK
    if tracked:
        return TRACKED
    marked = any(_is_on(about, name) for name in ("b", "u", "highlight"))
    return BOLD if marked else NORMAL


def _is_hidden(run: Element) -> bool:
    """Tell whether nobody who looks at the form sees a text."""
    about = run.find(f"{_W}rPr")
    return about is not None and _is_on(about, "vanish")


def _is_on(about: Element, name: str) -> bool:
    one = about.find(f"{_W}{name}")
    return one is not None and one.get(f"{_W}val", "1") not in _OFF
