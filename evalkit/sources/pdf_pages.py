"""The text of PDF pages as lines, within limits of size and work."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from evalkit.sources.form_rows import Cell, Row

if TYPE_CHECKING:
    from evalkit.sources.documents import Document

LARGEST_PAGE = 4 * 1024 * 1024  # bytes of the drawing of a page
MOST_LINES = 20_000
MOST_OPERATIONS = 3_000_000
DAMAGED = "Open it, print it to a new PDF, and send that, or send the Word form."
_SCANNED = "has pages without text: it is a scan or a picture"
_HEADING = re.compile(r"(PART [A-E]|ARTICLE \d+)( · [A-Z0-9 ]+)?")


def resolved(one: Any) -> Any:
    """Return what a reference inside a PDF points to; anything else as it is."""
    return one.get_object() if hasattr(one, "get_object") else one


def lines(document: Document, pages: list[Any], *, empty: bool = False) -> list[Row]:
    """Return the lines of all pages as rows, what stands on every page left out.

    Parameters
    ----------
    document : Document
        For messages.
    pages : list
        Pages as pypdf gives them.
    empty : bool
        Whether pages without any text will do.

    Raises
    ------
    FileRefusedError
        There is no text (a scan), or more of it than a form has.
    """
    budget = _Budget(document)
    texts = [[line.strip() for line in _page_text(document, page, budget)] for page in pages]
    if not empty and not any(any(lines) for lines in texts):
        raise document.refusal(
            _SCANNED, "Send the Word form or a PDF with text; or type the answers into a table."
        )
    running = _running(texts)
    rows = [
        Row((Cell(line),), f"page {number}, line {at}", _HEADING.fullmatch(line) is not None)
        for number, lines in enumerate(texts, start=1)
        for at, line in enumerate(lines, start=1)
        if line and (at not in _edges(len(lines)) or _masked(line) not in running)
    ]
    if len(rows) > MOST_LINES:
        raise document.refusal(f"has more than {MOST_LINES} lines", "Send the form alone.")
    return rows


class _Budget:
    """Counts the drawing operations of a document: forms within forms can multiply them."""

    def __init__(self, document: Document) -> None:
        self.document, self.left = document, MOST_OPERATIONS

    def spend(self, *_: object) -> None:
        """Count one operation, and refuse the document when there are too many."""
        self.left -= 1
        if self.left < 0:
            raise self.document.refusal("draws more than a form does", DAMAGED)


def _page_text(document: Document, page: Any, budget: _Budget) -> list[str]:
    contents = resolved(page.get("/Contents"))
    size = 0
    for part in contents if isinstance(contents, list) else [contents]:
        stream = resolved(part)
        size += len(stream.get_data()) if hasattr(stream, "get_data") else 0
        if size > LARGEST_PAGE:
            raise document.refusal("has a page that is too large to read", "Send the form alone.")
    text: str = page.extract_text(visitor_operand_before=budget.spend)
    return text.splitlines()


def _edges(count: int) -> set[int]:
    return {1, 2, count - 1, count}


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _running(texts: list[list[str]]) -> set[str]:
    """Return heads and feet: lines at the edge of more than half of the pages."""
    at_edges = Counter(
        line
        for lines in texts
        for line in {_masked(lines[at - 1]) for at in _edges(len(lines)) if 1 <= at <= len(lines)}
        if line
    )
    most = max(2, len(texts) // 2 + 1)
    return {line for line, count in at_edges.items() if count >= most}
