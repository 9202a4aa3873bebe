"""The page of what changed between two editions: told for people, with reasons and evidence."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from evalkit import __version__
from evalkit.reference import entities
from evalkit.reference.locales import direction
from evalkit.reference.texts import text
from evalkit.views import movements, numbers
from evalkit.views.changes import CAUSES, KINDS, Changes
from evalkit.views.downloads import as_csv
from evalkit.views.movements import Movement
from evalkit.views.stylesheet import css
from evalkit.views.table import NUMERIC, html_table

if TYPE_CHECKING:
    from evalkit.editions.store import Edition

CELLS = 200  # cells that the page lists; the table of results has what lies behind each
ITEMS = 12  # movements that the page tells


def as_lines(changes: Changes, language: str = "en") -> list[str]:
    """Return the comparison as lines of text: counts, causes, methods, files, movements."""
    told = [_lead(changes, language), _counts(changes, language)]
    if not changes.moved:
        told.append(text("changes.nothing", language))
    for prefix, found in (("kind", changes.by_kind()), ("cause", changes.by_cause())):
        told += [
            f"  {text(f'changes.{prefix}.{name}', language)}: {count}"
            for name, count in found.items()
            if count
        ]
    told += [
        f"  {row.indicator}: {row.before}, {row.after}" for row in changes.methods.itertuples()
    ]
    told += [
        f"  {row.file}: {text(f'changes.what.{row.what}', language)}"
        for row in changes.inputs.itertuples()
    ]
    for one in movements.largest(changes, language, ITEMS):
        told += [one.title, f"  {one.said}", f"  {one.why}"]
    return told


def table(changes: Changes, language: str = "en") -> bytes:
    """Return the results that differ as CSV with metadata, one line for each."""
    about = [
        ("title", text("changes.title", language)),
        ("of", _lead(changes, language)),
        *([("basis", text("basis.simulated", language))] if changes.simulated else []),
        ("evalkit", __version__),
    ]
    return as_csv(changes.values, about)


def page(changes: Changes, edition: Edition, language: str = "en") -> str:
    """Return the page: one file that asks for nothing from elsewhere.

    Parameters
    ----------
    changes : Changes
        What differs.
    edition : Edition
        The newer one, whose sources are named.
    language : str
        A member of `evalkit.reference.texts.languages`.

    Returns
    -------
    str
        HTML; every text from files is escaped.
    """
    title = html.escape(text("changes.title", language))
    head = (
        f'<!doctype html>\n<html lang="{language}" dir="{direction(language)}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{css()}</style></head>"
    )
    return (
        f'{head}\n<body class="evalkit-page"><main>\n<h1>{title}</h1>\n'
        f"{body(changes, edition, language)}\n</main></body></html>\n"
    )


def body(changes: Changes, edition: Edition, language: str = "en") -> str:
    """Return what stands beneath the title of the page, as HTML."""
    parts = [
        _banner(changes, language),
        _paragraph(_lead(changes, language)),
        _paragraph(_counts(changes, language)),
        _paragraph(text("changes.limits", language)),
        *_told(changes, edition, language),
        _section("kinds", _tallies("kind", changes.by_kind(), KINDS, language), language),
        _section("causes", _causes(changes, language), language),
        _section("parties", _parties(changes, language), language),
        _section("methods", _methods(changes, language), language),
        _section("cells", _cells(changes.rows, language), language),
        _section("files", _files(changes.inputs, language), language),
    ]
    return "\n".join(part for part in parts if part)


def _banner(changes: Changes, language: str) -> str:
    if not changes.simulated:
        return ""
    said = html.escape(text("page.simulated", language))
    return f'<div class="evalkit-simulated" role="note">{said}</div>'


def _lead(changes: Changes, language: str) -> str:
    days = [numbers.day(day, language) for day in (changes.old_day, changes.new_day)]
    return text(
        "changes.lead",
        language,
        old=changes.old,
        old_day=days[0],
        new=changes.new,
        new_day=days[1],
    )


def _counts(changes: Changes, language: str) -> str:
    return text(
        "changes.counts",
        language,
        moved=len(changes.values),
        same=changes.unchanged,
        parties=len(changes.parties),
    )


def _paragraph(said: str) -> str:
    return f"<p>{html.escape(said)}</p>"


def _section(key: str, content: str, language: str) -> str:
    title = html.escape(text(f"changes.{key}", language))
    none = _paragraph(text("changes.none", language))
    return f'<section><h2 id="{key}">{title}</h2>{content or none}</section>'


def _told(changes: Changes, edition: Edition, language: str) -> list[str]:
    """Return the sections that tell movements one by one."""
    found = {
        "largest": movements.largest(changes, language, ITEMS),
        "now_known": movements.now_known(changes, language, ITEMS),
        "no_longer": movements.no_longer(changes, language, ITEMS),
    }
    sections = []
    for key, items in found.items():
        note = _paragraph(text(f"changes.{key}.note", language))
        told = "".join(_movement(one, edition, language) for one in items)
        sections.append(_section(key, note + told if items else "", language))
    return sections


def _movement(one: Movement, edition: Edition, language: str) -> str:
    """Return one movement: what, by how much, why, on which evidence, with which limits."""
    lines = [one.counts, one.why, one.limits(edition, language)]
    about = "".join(f'<p class="evalkit-note">{html.escape(line)}</p>' for line in lines if line)
    cells = ""
    if len(one.cells):
        said = text("changes.evidence", language, count=len(one.cells))
        summary = html.escape(said)
        cells = f"<details><summary>{summary}</summary>{_cells(one.cells, language)}</details>"
    return (
        f"<article><h3>{html.escape(one.title)}</h3>"
        f"<p><strong>{html.escape(one.said)}</strong></p>{about}{cells}</article>"
    )


def _tallies(prefix: str, found: dict[str, int], order: Sequence[str], language: str) -> str:
    rows = [
        [text(f"changes.{prefix}.{name}", language), numbers.plain(found[name], ",.0f", language)]
        for name in order
        if found[name]
    ]
    return _table(("what", "results"), rows, text(f"changes.{prefix}s", language), language)


def _causes(changes: Changes, language: str) -> str:
    told = _tallies("cause", changes.by_cause(), CAUSES, language)
    return told and _paragraph(text("changes.causes.note", language)) + told


def _parties(changes: Changes, language: str) -> str:
    counts = changes.values["entity"].value_counts()
    names = entities.titles(language)
    rows = [[names[one], numbers.plain(counts[one], ",.0f", language)] for one in changes.parties]
    none = _paragraph(text("changes.parties.none", language))
    title = text("changes.parties", language)
    return _table(("party", "results"), sorted(rows), title, language) or none


def _methods(changes: Changes, language: str) -> str:
    rows = [
        [text(f"indicator.{row.indicator}.title", language), str(row.before), str(row.after)]
        for row in changes.methods.itertuples()
    ]
    title = text("changes.methods", language)
    return _table(("indicator", "before", "after"), rows, title, language)


def _cells(rows: pd.DataFrame, language: str) -> str:
    """Return cells that differ as a table: where they stand, what they were, what they are."""
    shown = [
        [
            row.table,
            row.key,
            text(f"changes.what.{row.what}", language),
            row.column,
            row.before,
            row.after,
            row.origin_new or row.origin_old,
        ]
        for row in rows.head(CELLS).itertuples()
    ]
    columns = ("table", "key", "what", "column", "before", "after", "place")
    title = text("changes.cells", language)
    more = ""
    if len(rows) > CELLS:
        said = text("changes.cells.most", language, shown=CELLS, count=len(rows))
        more = _paragraph(said)
    return more + _table(columns, shown, title, language)


def _files(inputs: pd.DataFrame, language: str) -> str:
    rows = [
        [row.file, text(f"changes.what.{row.what}", language), row.form]
        for row in inputs.itertuples()
    ]
    return _table(("file", "what", "form"), rows, text("changes.files", language), language)


def _table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str, language: str
) -> str:
    if not rows:
        return ""
    headings = [
        (text(f"changes.column.{name}", language), NUMERIC if name == "results" else "text")
        for name in columns
    ]
    return html_table(headings, rows, caption)
