"""The report on quality as one page and one table: self-contained, printable, escaped."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from evalkit import __version__
from evalkit.reference import entities, locales
from evalkit.reference.texts import text
from evalkit.views import numbers
from evalkit.views.downloads import as_csv
from evalkit.views.stylesheet import css
from evalkit.views.table import NUMERIC, html_table

COLUMNS = (
    "severity",
    "kind",
    "rule",
    "party",
    "cycle",
    "question",
    "what",
    "file",
    "line",
    "cell",
    "found",
    "compared",
    "remedy",
    "basis",
)
SEVERITIES = ("set_apart", "doubt", "gap")
MOST = 500  # rows of a kind that the page lists; the table has all of them


@dataclass(frozen=True)
class Quality:
    """What a load is worth: what was read, what is missing, what is doubtful.

    Parameters
    ----------
    title : str
        The edition, or the files.
    as_of : str
        The day up to which reports and entries count.
    simulated : bool
        Whether reports in it are invented.
    files : DataFrame with columns file, form, read, taken, set_apart, totals
        One row for each file; read equals taken plus set apart.
    cycles : DataFrame with columns cycle, due_on, owed, received, late, silent, status
        One row for each reporting cycle; missing where it is not known.
    findings : DataFrame with the columns `COLUMNS`
        One row for each row set apart, gap and doubt.
    unchecked : tuple of str
        Rules that could not be applied, with the register that is not loaded.
    """

    title: str
    as_of: str
    simulated: bool
    files: pd.DataFrame
    cycles: pd.DataFrame
    findings: pd.DataFrame
    unchecked: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """What the names of its files carry."""
        return "-simulated" if self.simulated else ""


def write(quality: Quality, folder: Path) -> list[Path]:
    """Write the page and the table.

    Parameters
    ----------
    quality : Quality
        What to tell.
    folder : Path
        Created when absent.

    Returns
    -------
    list of Path
        quality.html and quality.csv, their names marked where reports are simulated. Equal
        reports give equal bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"quality{quality.mark}.{ending}" for ending in ("html", "csv")]
    written[0].write_text(page(quality), encoding="utf-8", newline="\n")
    written[1].write_bytes(as_csv(quality.findings, _about(quality)))
    return written


def _about(quality: Quality) -> list[tuple[str, str]]:
    told = [("title", text("quality.title")), ("of", quality.title), ("as of", quality.as_of)]
    marked = [("basis", text("basis.simulated"))] if quality.simulated else []
    return [*told, ("evalkit", __version__), *marked]


def page(quality: Quality, language: str = "en") -> str:
    """Return the page: one file that asks for nothing from elsewhere.

    Parameters
    ----------
    quality : Quality
        What to tell; every text from files is escaped.
    language : str
        Language of headings.

    Returns
    -------
    str
        HTML.
    """
    title = text("quality.title", language)
    banner = ""
    if quality.simulated:
        marked = html.escape(text("basis.simulated", language))
        banner = f'<div class="evalkit-simulated" role="note">{marked}</div>'
    day = numbers.day(quality.as_of, language)
    lead = text("quality.lead", language, title=quality.title, day=day, version=__version__)
    parts = [
        f"<h1>{html.escape(title)}</h1>",
        banner,
        _paragraph(lead),
        _paragraph(text("quality.note", language)),
        _contents(quality.findings, language),
        _parties(quality, language),
        _section("files", _files(quality.files, language), language),
        _section("cycles", _cycles(quality.cycles, language), language),
        *(_findings(quality.findings, severity, language) for severity in SEVERITIES),
        _unchecked(quality.unchecked, language),
    ]
    head = (
        f'<!doctype html>\n<html lang="{language}" dir="{locales.direction(language)}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(f'{title}: {quality.title}')}</title>"
        f"<style>{css()}</style></head>"
    )
    body = "\n".join(part for part in parts if part)
    return f'{head}\n<body class="evalkit-page">\n{body}\n</body></html>\n'


def _paragraph(said: str) -> str:
    return f"<p>{html.escape(said)}</p>"


def _section(key: str, content: str, language: str) -> str:
    title = html.escape(text(f"quality.{key}", language))
    return f'<section><h2 id="{key}">{title}</h2>{content}</section>'


def _table(rows: pd.DataFrame, columns: tuple[str, ...], caption: str, language: str) -> str:
    numeric = ("read", "taken", "set_apart", "owed", "received", "late", "silent", "line")
    headings = [
        (text(f"quality.column.{name}", language), NUMERIC if name in numeric else "text")
        for name in columns
    ]
    cells = [[_cell(cell, language) for cell in row] for row in rows[list(columns)].to_numpy()]
    return html_table(headings, cells, caption)


def _cell(cell: Any, language: str) -> str:
    if pd.isna(cell):
        return ""
    if isinstance(cell, pd.Timestamp):
        return numbers.day(cell, language)
    return numbers.plain(cell, language=language) if isinstance(cell, int) else str(cell)


def _files(files: pd.DataFrame, language: str) -> str:
    columns = ("file", "form", "read", "taken", "set_apart", "totals")
    counts = {name: int(files[name].sum()) for name in ("read", "taken", "set_apart")}
    total = {"file": text("quality.total", language), "form": "", "totals": "", **counts}
    rows = pd.concat([files, pd.DataFrame([total])], ignore_index=True)
    return _table(rows, columns, text("quality.files.caption", language), language)


def _cycles(cycles: pd.DataFrame, language: str) -> str:
    told = cycles.assign(
        status=cycles["status"].map(
            lambda one: text(f"status.{one}", language) if isinstance(one, str) else ""
        )
    )
    columns = ("cycle", "due_on", "owed", "received", "late", "silent", "status")
    return _table(told, columns, text("quality.cycles.caption", language), language)


def _contents(findings: pd.DataFrame, language: str) -> str:
    """Return how many findings there are of each kind; each line leads to its table."""
    items = []
    for severity in SEVERITIES:
        rows = findings[findings["severity"] == severity]
        told = _linked(severity, text(f"quality.{severity}", language), len(rows), language)
        inner = "".join(
            f"<li>{_linked(_anchor(severity, kind), title, len(some), language)}</li>"
            for kind, title, some in _kinds(rows, language)
        )
        items.append(f"<li>{told}{f'<ul>{inner}</ul>' if inner else ''}</li>")
    return _section("contents", f'<ul class="evalkit-contents">{"".join(items)}</ul>', language)


def _linked(anchor: str, title: str, count: int, language: str) -> str:
    said = text("quality.contents.item", language, what=title, count=count)
    return f'<a href="#{html.escape(anchor, quote=True)}">{html.escape(said)}</a>'


def _anchor(severity: str, kind: str) -> str:
    return f"{severity}-{kind}"


def _kinds(rows: pd.DataFrame, language: str) -> list[tuple[str, str, pd.DataFrame]]:
    """Return the kinds of findings with their titles and rows; reasons stand under one title."""
    grouped = rows.groupby(rows["kind"].map(_known), sort=True)
    return [(str(kind), text(f"quality.kind.{kind}", language), some) for kind, some in grouped]


def _parties(quality: Quality, language: str) -> str:
    """Return how many findings each Party has, the most first, behind a line that opens."""
    named = quality.findings[quality.findings["party"] != ""]
    if named.empty:
        return ""
    counts = pd.crosstab(named["party"], named["severity"]).reindex(
        columns=list(SEVERITIES), fill_value=0
    )
    counts = counts.assign(all=counts.sum(axis=1)).sort_values(
        ["all", *SEVERITIES], ascending=False, kind="stable"
    )
    titles = entities.titles(language)
    headings = [(text("quality.column.party", language), "text")]
    headings += [(text(f"quality.{name}", language), NUMERIC) for name in SEVERITIES]
    headings.append((text("quality.column.all", language), NUMERIC))
    cells = [
        (
            f"{titles.get(str(row[0]), row[0])} ({row[0]})",
            *(numbers.plain(n, language=language) for n in row[1:]),
        )
        for row in counts.itertuples()
    ]
    file = f"quality{quality.mark}.csv"
    caption = text("quality.parties.caption", language, file=file)
    summary = text("quality.parties", language)
    return (
        f"<details><summary>{html.escape(summary)} "
        f"({numbers.plain(len(cells), language=language)})</summary>"
        f"{html_table(headings, cells, caption)}</details>"
    )


def _findings(findings: pd.DataFrame, severity: str, language: str) -> str:
    rows = findings[findings["severity"] == severity]
    if rows.empty:
        return _section(severity, _paragraph(text("quality.none", language)), language)
    top = html.escape(text("quality.top", language))
    parts = []
    for kind, title, some in _kinds(rows, language):
        caption = f"{title} ({numbers.plain(len(some), language=language)})"
        columns = tuple(
            name
            for name in COLUMNS
            if name not in ("severity", "kind") and (some[name].astype("str") != "").any()
        )
        parts.append(
            f'<details open id="{html.escape(_anchor(severity, kind), quote=True)}">'
            f"<summary>{html.escape(caption)}</summary>"
            f"{_table(some.head(MOST), columns, caption, language)}"
        )
        if len(some) > MOST:
            parts.append(_paragraph(text("quality.more", language, shown=MOST, count=len(some))))
        parts.append(f'<p><a href="#contents">{top}</a></p></details>')
    return _section(severity, "".join(parts), language)


KINDS = (
    *("silent", "late", "unanswered", "within", "register", "earlier", "outlier", "unit"),
    *("activity_project", "activity_status", "activity_amount", "activity_shares"),
)


def _known(kind: str) -> str:
    """Return the key of a kind; rows set apart have their reason as kind, under one heading."""
    return kind if kind in KINDS else "set_apart"


def _unchecked(rules: tuple[str, ...], language: str) -> str:
    if not rules:
        return ""
    told = text("quality.unchecked.note", language)
    items = "".join(f"<li>{html.escape(rule)}</li>" for rule in rules)
    return _section("unchecked", f"{_paragraph(told)}<ul>{items}</ul>", language)
