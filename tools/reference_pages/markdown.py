"""Small pieces of Markdown for the pages that are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def made_by(what: str) -> str:
    """Return the first line of a page that is made, so that nobody edits it by hand."""
    return (
        f"<!-- Made from {what} by tools/make_reference.py. Do not edit: change those and run "
        "`python tools/make_reference.py`. -->"
    )


def code(said: str) -> str:
    """Return a text as code."""
    return f"`{said}`"


def heading(level: int, said: str) -> str:
    """Return a heading; its anchor is the text itself."""
    return f"{'#' * level} {said}"


def cell(said: str) -> str:
    """Return a text that can stand in a table: on one line, no bar that ends the cell."""
    return " ".join(said.split()).replace("|", "\\|")


def table(headings: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return a table; columns that are blank in every row are left out."""
    listed = [[cell(one) for one in row] for row in body]
    kept = [i for i in range(len(headings)) if any(row[i] for row in listed)]
    lines = [
        "| " + " | ".join(headings[i] for i in kept) + " |",
        "|" + "---|" * len(kept),
        *("| " + " | ".join(row[i] for i in kept) + " |" for row in listed),
    ]
    return "\n".join(lines)
