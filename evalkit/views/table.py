"""The table behind a view: the same rows in words, as the text alternative of a figure."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities, locales
from evalkit.reference.texts import text
from evalkit.results import measure, whole
from evalkit.views import numbers
from evalkit.views.choice import period_title

NUMERIC = "number"


def html_table(
    headings: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], caption: str
) -> str:
    """Return an HTML table; every text is escaped.

    Parameters
    ----------
    headings : sequence of (text, kind)
        Kind "number" aligns right, anything else left.
    rows : sequence of sequence of str
        Cells in the order of the headings.
    caption : str
        What the table holds.

    Returns
    -------
    str
        A table inside a box that scrolls sideways on a small screen.
    """
    head = "".join(
        f'<th scope="col" class="{kind}">{html.escape(name)}</th>' for name, kind in headings
    )
    body = []
    for row in rows:
        first, *rest = row
        cells = [f'<th scope="row">{html.escape(first)}</th>']
        cells += [
            f'<td class="{kind}">{html.escape(cell)}</td>'
            for cell, (_, kind) in zip(rest, headings[1:], strict=True)
        ]
        body.append(f"<tr>{''.join(cells)}</tr>")
    named = html.escape(caption)
    return (
        f'<div class="evalkit-table" tabindex="0" role="region" aria-label="{named}">'
        f"<table><caption>{named}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def results_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return results as a table: who, value or reason, counts, basis."""
    columns = ("entity", "period", "value", "counts", "basis")
    kinds = ("text", "text", NUMERIC, NUMERIC, "text")
    headings = [
        (text(f"column.{name}", language), kind) for name, kind in zip(columns, kinds, strict=True)
    ]
    titles = entities.titles(language)
    order = rows.sort_values(
        "entity",
        key=lambda ids: ids.map(lambda one: locales.order(titles[one], language)),
        kind="stable",
    )
    cells = [
        (
            titles[row.entity],
            period_title(row.period, language) if row.period else "",
            value_text(row, language),
            counts_text(row, language),
            text(f"basis.{row.basis}", language),
        )
        for row in order.itertuples()
    ]
    return html_table(headings, cells, caption)


def value_text(row: Any, language: str = "en") -> str:
    """Return the value of a result with its bounds, or the reason why there is none."""
    if row.status != Status.OK:
        return text(f"status.{row.status}", language)
    if row.unit == "Parties" and row.entity in entities.states():
        return text(f"indicator.{row.indicator}.yes", language)
    of = measure(row.unit, row.series)
    return numbers.bounded(row.value, row.low, row.high, of, language)


def counts_text(row: Any, language: str = "en") -> str:
    """Return how many count, of those whom the value is of; empty where it is not known."""
    n, of = row.n, getattr(row, whole(row.unit, row.series))
    if pd.isna(n) or pd.isna(of):
        return ""
    return text("number.of", language, n=n, n_due=of).strip("()")
