"""docs/reference/indicators.md: what is computed, and how."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

from evalkit.indicators import catalogue
from evalkit.model import Indicator
from evalkit.reference.rows import by
from evalkit.reference.texts import text
from reference_pages.markdown import code, heading, made_by, table


def indicators_page() -> str:
    """Return docs/reference/indicators.md: what is computed, and how."""
    found = catalogue.indicators()
    lines = [
        made_by("data/reference/indicators.csv, the texts and the methods"),
        "# Indicators",
        "Ids are local: no official code of the Convention is assigned here until it has been "
        "read in the adopted document. An indicator of standing *treaty* counts something that "
        "the text of 2013 itself defines; one of standing *reconstructed* is this project's "
        "reading. Each is a row of `data/reference/indicators.csv`.",
        table(
            ("id", "what", "article", "theme", "unit", "method", "standing"),
            [_indicator_row(one) for one in found.values()],
        ),
    ]
    for one in found.values():
        lines += _indicator_section(one)
    lines += ["## Methods", "A method is a function; the words are those of its own documentation."]
    for name, function in catalogue.METHODS.items():
        users = [one.id for one in found.values() if one.method == name]
        lines += _method_section(name, function, users)
    return "\n\n".join(lines) + "\n"


def _indicator_row(one: Indicator) -> tuple[str, ...]:
    theme = by("themes.csv", "theme")[one.theme]["title"]
    return (
        f"[{one.id}](#{one.id})",
        text(one.title_key),
        one.article,
        theme,
        one.unit,
        f"[{one.method}](#{one.method})",
        one.standing,
    )


def _indicator_section(one: Indicator) -> list[str]:
    article = by("articles.csv", "article")[one.article]["title"]
    every = "every day of the edition" if catalogue.for_every_day(one.id) else "the edition's day"
    given = ", ".join(code(f"{name}={value}") for name, value in one.arguments.items()) or "none"
    question = by("evaluation_questions.csv", "question")[one.question]
    body = [
        ("article", f"{one.article}, {article}"),
        ("evaluation question", f"{one.question} ({question['basis']}): {question['gist']}"),
        ("kind", f"{one.kind}; wanted direction: {one.direction}"),
        ("target, baseline", f"{one.target or 'none'}, {one.baseline or 'none'}"),
        ("method", f"[{one.method}](#{one.method}), version {one.method_version}"),
        ("arguments", given),
        ("tables", ", ".join(f"[{name}](tables.md#{name})" for name in one.tables)),
        ("stored for", every),
        ("references", one.references),
    ]
    return [
        heading(3, one.id),
        f"**{text(one.title_key)}.** {text(one.definition_key)}",
        table(("", ""), body),
    ]


def _method_section(name: str, function: Callable[..., object], users: list[str]) -> list[str]:
    parts = _sections(inspect.getdoc(function) or "")
    lines = [heading(3, name), parts.pop("", "")]
    lines += [f"*{title}.* {body}" for title, body in parts.items()]
    named = ", ".join(f"[{one}](#{one})" for one in users)
    return [*lines, f"Used by: {named or 'no indicator'}. Code: `{function.__module__}`."]


def _sections(doc: str) -> dict[str, str]:
    """Split a numpy-style docstring into its sections; the opening sentence has no title."""
    found: dict[str, list[str]] = {"": []}
    title = ""
    lines = doc.splitlines()
    for i, line in enumerate(lines):
        if i + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[i + 1].strip()):
            title = line.strip()
            found[title] = []
        elif not re.fullmatch(r"-{3,}", line.strip()):
            found[title].append(line.strip())
    return {name: " ".join(part for part in body if part) for name, body in found.items()}
