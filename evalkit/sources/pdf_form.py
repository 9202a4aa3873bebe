"""A filled-in form of the national report as PDF: its fields, or else the text of its pages.

Nothing in the file is run. What pypdf makes of a damaged file is refused with a remedy.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from evalkit.errors import EvalkitError
from evalkit.reference.questions import Question, questions, version_of
from evalkit.sources import form_answers, pdf_pages
from evalkit.sources.form_answers import Found
from evalkit.sources.form_head import head_of, is_marked
from evalkit.sources.form_readings import FEWEST, LONGEST_EXCERPT, Reading, assemble, of_rows
from evalkit.sources.form_rows import Cell
from evalkit.sources.pdf_pages import DAMAGED, resolved

if TYPE_CHECKING:
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

LARGEST = 50 * 1024 * 1024  # bytes of the file
MOST_PAGES = 300
MOST_FIELDS = 5_000
DEEPEST = 20  # fields within fields
Value = TypeVar("Value")


def recognise(document: Document) -> bool:
    """Take every PDF for a form; `read` refuses one without its questions."""
    return document.kind == "pdf"


def read(document: Document) -> Loaded:
    """Read the answers of a filled-in form, for a person to confirm.

    Parameters
    ----------
    document : Document
        A PDF with fields named as `evalkit.forms.pdf` names them, or with text.

    Returns
    -------
    Loaded
        Readings with place (``page 3, field 3-1``, or ``page 3, line 14``).

    Raises
    ------
    FileRefusedError
        It is damaged, encrypted, a scan, too large, or holds fewer than three questions.
    """
    if document.path.stat().st_size > LARGEST:
        raise document.refusal(f"is larger than {LARGEST // 1024**2} MiB", "Send the form alone.")
    notes: list[str] = []
    pages = _guarded(document, lambda: _pages(document, notes))
    fields = _guarded(document, lambda: _fields(document, pages))
    named = _by_question(fields)
    if len(named) >= FEWEST:
        first = _guarded(document, lambda: pdf_pages.lines(document, pages[:1], empty=True))
        marked = is_marked(cell.text for row in first for cell in row.cells)
        return _of_fields(document, fields, named, notes, marked)
    rows = _guarded(document, lambda: pdf_pages.lines(document, pages))
    return of_rows(rows, document.shown, "pdf-form", on_pages=True, notes=notes)


def _guarded(document: Document, do: Callable[[], Value]) -> Value:
    """Run what pypdf does with a file that anybody may have made."""
    try:
        with _quiet():
            return do()
    except EvalkitError:
        raise
    # A damaged file makes the parser of pypdf raise whatever it stumbles over (TypeError,
    # KeyError, RecursionError ...); there is no list of that, and each is the file's fault.
    except Exception as error:
        told = f"is damaged or no usual PDF ({type(error).__name__})"
        raise document.refusal(told, DAMAGED) from error


def _pages(document: Document, notes: list[str]) -> list[Any]:
    from pypdf import PdfReader

    reader = PdfReader(document.path, strict=False)
    if reader.is_encrypted:
        raise document.refusal("is encrypted", "Save it without a password, and send that.")
    root: Any = reader.trailer["/Root"]
    names: Any = root.get("/Names") or {}
    if "/OpenAction" in root or "/JavaScript" in names:
        notes.append("a script or an action inside is not run")
    told: Any = root["/Pages"].get("/Count", 0)
    if isinstance(told, int) and told > MOST_PAGES:
        raise _too_many_pages(document, told)
    pages = list(reader.pages)
    if len(pages) > MOST_PAGES:
        raise _too_many_pages(document, len(pages))
    return pages


def _too_many_pages(document: Document, count: int) -> EvalkitError:
    return document.refusal(
        f"has {count} pages, more than {MOST_PAGES}", "Send the form without its annexes."
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pypdf from warning on the console about what is told as a refusal."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


# --- fields -----------------------------------------------------------------------------------


def _fields(document: Document, pages: list[Any]) -> dict[str, tuple[str, str]]:
    """Return value and place of each field that is filled in, by its whole name."""
    found: dict[str, tuple[str, str]] = {}
    seen = 0
    for number, page in enumerate(pages, start=1):
        for annotation in resolved(page.get("/Annots")) or ():
            seen += 1
            if seen > MOST_FIELDS:
                raise document.refusal(f"has more than {MOST_FIELDS} fields", DAMAGED)
            name, kind, value = _field(resolved(annotation))
            if name and kind:
                before = found.get(name, ("", ""))[0]
                found[name] = (value or before, f"page {number}, field {name}")
    return found


def _field(widget: Any) -> tuple[str, str, str]:
    """Return name, kind and value of the field that a widget shows; kind "" for no field."""
    names: list[str] = []
    kind, value, one = "", None, widget
    for _ in range(DEEPEST):
        if not hasattr(one, "get"):
            break
        if (name := resolved(one.get("/T"))) is not None:
            names.append(str(name))
        kind = kind or str(resolved(one.get("/FT")) or "")
        value = resolved(one.get("/V")) if value is None else value
        one = resolved(one.get("/Parent"))
    told = "" if value is None or isinstance(value, dict) else _text(value)
    if kind == "/Btn":
        told = told.removeprefix("/")
        told = "" if told == "Off" else told
    return ".".join(reversed(names)), kind, told


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(str(one) for one in value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _by_question(fields: dict[str, tuple[str, str]]) -> dict[str, dict[str, tuple[str, str]]]:
    """Return the fields of each question: "" for the answer, `text`, or a choice."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name, told in fields.items():
        base, _, part = name.partition(":")
        number = re.sub(r"[-_]", ".", base)
        if re.fullmatch(r"(\d{1,2}|[A-E])\.\d{1,2}(\.[a-z]+)*", number):
            found.setdefault(number, {})[part] = told
    return found


def _of_fields(
    document: Document,
    fields: dict[str, tuple[str, str]],
    named: dict[str, dict[str, tuple[str, str]]],
    notes: list[str],
    marked: bool,
) -> Loaded:
    top = [(name.replace("-", " "), told) for name, (told, _) in fields.items() if told]
    first = named.get("A.1", {}).get("", ("", ""))[0]
    top += [("name of party", first)] if first else []
    head = head_of(top, document.shown, simulated=marked)
    known = questions(version_of(head.cycle))
    strays = sorted(named.keys() - known.keys())
    if strays:
        notes.append(f"fields of no question of the form: {', '.join(strays[:10])}")
    readings = [
        reading
        for question in known.values()
        if question.id in named and (reading := _of_question(question, named[question.id]))
    ]
    return assemble(readings, head, document.shown, "pdf-form", notes)


def _of_question(question: Question, parts: dict[str, tuple[str, str]]) -> Reading | None:
    filled = {part: told for part, (told, _) in parts.items() if told.strip()}
    if not filled or question.answer_type == "heading":
        return None
    place = next(parts[part][1] for part in filled)
    comment = filled.pop("text", "").strip()
    if question.choices:
        found = _chosen(question, filled, comment)
    else:
        found = form_answers.read(question, Cell(filled.get("", "")))
        text = "\n".join(filter(None, (found.text, comment)))
        # A field tells its unit on the form; nobody writes it again.
        doubts = tuple(one for one in found.doubts if one != "unit_supposed")
        found = Found(found.answer, found.value, found.unit, text, doubts)
        if text and found.is_blank:
            found = Found(text=text, doubts=("unmarked",))
    told = "; ".join(f"{question.id} {part}".strip() + f": {parts[part][0]}" for part in parts)
    return Reading(question, found, told[:LONGEST_EXCERPT], place)


def _chosen(question: Question, filled: dict[str, str], comment: str) -> Found:
    marked = {filled[""]} if "" in filled else set()
    marked |= {part for part in filled if part}
    typed = {one for one in marked if one not in question.choices}
    read = [form_answers.read(question, Cell(one)) for one in sorted(typed)]
    codes = (marked - typed) | {one.answer for one in read if one.answer}
    chosen = [code for code in question.choices if code in codes]
    doubts = {doubt for one in read for doubt in one.doubts}
    if question.contradicts(chosen):
        doubts.add("contradiction")
    text = "\n".join(filter(None, [*(one.text for one in read), comment]))
    if text and not chosen and not doubts:
        doubts.add("unmarked")
    return Found("|".join(chosen), text=text, doubts=tuple(sorted(doubts)))
