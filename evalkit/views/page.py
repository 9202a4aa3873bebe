"""Pieces that pages share: style, lead, headline, figures, notes about the edition."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd

from evalkit import __version__
from evalkit.reference.texts import ENGLISH, languages, text
from evalkit.views import held, numbers, sentences
from evalkit.views.choice import Choice
from evalkit.views.stylesheet import css
from evalkit.views.world_map import CONFIG

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from evalkit.editions.store import Edition

_RTL = re.compile(
    r"[\u0590-\u08ff]|\\u0[5-8]"
)  # a letter from right to left, or its escape in JSON
MIME = "application/vnd.plotly.v1+json"


def language(asked: str) -> str:
    """Return the language asked for where it has a catalogue, else English."""
    return asked if asked in languages() else "en"


def style() -> widgets.HTML:
    """Return the style sheet of all pages as a widget."""
    return widgets.HTML(f"<style>{css()}</style>")


def show(output: widgets.Output, figure: go.Figure) -> None:
    """Put a figure into an output widget, live, executed or converted alike.

    The outputs are set directly: `with output: figure.show()` can hang when a notebook is
    executed by papermill, and a FigureWidget would send its own copy of plotly.
    """
    output.outputs = (
        {"output_type": "display_data", "data": {MIME: bundle(figure)}, "metadata": {}},
    )


def bundle(figure: go.Figure) -> dict[str, object]:
    """Return a figure as plain data with the configuration that keeps it off the network."""
    said = figure.to_json()
    plain = json.loads(said)
    return {**(_isolated(plain) if _RTL.search(said) else plain), "config": CONFIG}


def _isolated(part: Any) -> Any:
    """Return parts of a figure with each line from right to left kept apart, as plotly needs.

    A figure runs from left to right, which would put the full stop of an Arabic line at its
    wrong end; between the signs RLI and PDI of Unicode a line keeps its own direction.
    """
    if isinstance(part, dict):
        return {name: one if name == "geojson" else _isolated(one) for name, one in part.items()}
    if isinstance(part, list):
        return [_isolated(one) for one in part]
    if not isinstance(part, str) or not _RTL.search(part):
        return part
    return "<br>".join(
        f"\N{RIGHT-TO-LEFT ISOLATE}{line}\N{POP DIRECTIONAL ISOLATE}" for line in part.split("<br>")
    )


def paragraph(said: str, kind: str = "") -> str:
    """Return an escaped paragraph."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{html.escape(said)}</p>"


def prose(said: str, language: str) -> str:
    """Return a paragraph of data, which is English in every language and says so."""
    attribute = "" if language == ENGLISH else f' lang="{ENGLISH}" dir="ltr"'
    return f"<p{attribute}>{html.escape(said)}</p>"


def heading(said: str, anchor: str) -> widgets.HTML:
    """Return a second-level heading as a widget."""
    return widgets.HTML(f'<h2 id="{anchor}">{html.escape(said)}</h2>')


def details(summary: str, content: str) -> str:
    """Return content that opens on a click or key; `content` is HTML already."""
    return f"<details><summary>{html.escape(summary)}</summary>{content}</details>"


def banner(edition: Edition, language: str) -> str:
    """Return the lines that mark a page: simulated reports, an unofficial translation."""
    lines = []
    if edition.simulated:
        lines.append(("evalkit-simulated", text("page.simulated", language)))
    if language != ENGLISH:
        lines.append(("evalkit-unofficial", text("page.unofficial", language)))
    return "".join(
        f'<div class="{kind}" role="note">{html.escape(said)}</div>' for kind, said in lines
    )


def mark(edition: Edition) -> str:
    """Return what the names of downloads carry where reports are simulated."""
    return "-simulated" if edition.simulated else ""


def marked(said: str, edition: Edition, language: str) -> str:
    """Return a title or note with the mark of simulated reports, where there are any."""
    if not edition.simulated:
        return said
    return f"{text('basis.simulated', language)} · {said}"


def lead(edition: Edition, language: str) -> widgets.HTML:
    """Return the opening lines: what the page is, and what its data are."""
    told = text("page.lead", language)
    return widgets.HTML(paragraph(told, "evalkit-lead") + notice(held.notice(edition, language)))


def headline(row: pd.Series | None, chosen: Choice, language: str) -> str:
    """Return the box with the value of the chosen group in words and its counts."""
    definition = text(f"indicator.{chosen.indicator}.definition", language)
    lines = [sentences.counts(row, language), definition]
    if is_lower_bound(row):
        lines.insert(0, text("page.lower_bound", language))
    return said(
        sentences.title(chosen, language), sentences.headline(row, chosen, language), *lines
    )


def is_lower_bound(row: pd.Series | None) -> bool:
    """Whether a count or share of Parties is at least so much, and nobody knows how much more."""
    if row is None or row["unit"] not in ("Parties", "share"):
        return False
    return bool(pd.isna(row["high"]) and pd.notna(row["low"]))


def said(over: str, what: str, *lines: str) -> str:
    """Return a box that says something in words: a line over it, the sentence, lines under it."""
    rest = "".join(paragraph(line) for line in lines if line)
    return (
        f'<div class="evalkit-headline" role="status"><span>{html.escape(over)}</span>'
        f"<strong>{html.escape(what)}</strong>{rest}</div>"
    )


def notice(told: str) -> str:
    """Return a notice above what it speaks of."""
    return f'<div class="evalkit-notice">{html.escape(told)}</div>'


def error(language: str) -> str:
    """Return the card that stands where something could not be shown."""
    said = html.escape(text("page.error", language))
    return f'<div class="evalkit-error" role="alert">{said}</div>'


def title(said: str) -> str:
    """Return the title above a figure."""
    return f'<h2 class="evalkit-title">{html.escape(said)}</h2>'


def file_links(files: list[str], more: str, language: str) -> str:
    """Return links to files that lie beside a page, as HTML.

    Parameters
    ----------
    files : list of str
        Addresses without their ending: each lies there as CSV and as XLSX.
    more : str
        A further address: of one file, or of the page that lists all; blank for none.
    language : str
        Language of the labels.
    """
    named = {
        f"{file}.{end}": text(f"download.{end}", language)
        for file in files
        for end in ("csv", "xlsx")
    }
    if more:
        key = "download.csv" if more.endswith(".csv") else "publish.all_files"
        named[more] = text(key, language)
    kind = 'class="evalkit-download"'
    return " ".join(
        f'<a {kind} href="{html.escape(at, quote=True)}">{html.escape(said)}</a>'
        for at, said in named.items()
    )


def note(*lines: str) -> str:
    """Return the lines beneath a figure; they are HTML already where they come from `sentences`."""
    return "".join(f'<p class="evalkit-note">{line}</p>' for line in lines if line)


def about_rows(edition: Edition, title: str, note: str, language: str) -> list[tuple[str, str]]:
    """Return the metadata that goes into every download."""
    simulated = [("basis", text("basis.simulated", language))] if edition.simulated else []
    return [
        *simulated,
        ("title", title),
        ("source", html.unescape(note)),
        ("edition", edition.name),
        ("edition as of", edition.as_of),
        ("evalkit", __version__),
        ("note", text("map.un_note", language)),
    ]


def about(edition: Edition, language: str) -> widgets.HTML:
    """Return what the edition was made from: inputs, rows, and what the marks mean."""
    items = "".join(
        f"<li>{html.escape(text(f'table.{name}', language))}: "
        f"{numbers.plain(n, language=language)}</li>"
        for name in held.COUNTED
        if (n := held.rows_held(edition, name))
    )
    body = (
        paragraph(text("page.edition", language, name=edition.name, version=__version__))
        + f"<ul>{items}</ul>"
        + paragraph(held.absent(edition, language))
        + paragraph(text("page.bases", language))
    )
    return widgets.HTML(details(text("page.about", language), body))
