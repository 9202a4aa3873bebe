"""Tables of the page on gold mining: what reports say, amounts, money, projects, one Party."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference.texts import known, text
from evalkit.views import numbers
from evalkit.views.choice import period_title
from evalkit.views.score import latest_period
from evalkit.views.table import NUMERIC, counts_text, html_table, value_text

IN_REPORTS = (
    "asgm-notified-in-report",
    "asgm-steps",
    "action-plan-reported",
    "action-plan-reviewed",
    "asgm-cooperation",
)
AMOUNTS = ("mercury-in-asgm", "asgm-emissions-to-air", "asgm-emissions-per-gold")
THEME = "gold_mining"


def in_reports(results: Sequence[pd.DataFrame], entity: str) -> pd.DataFrame:
    """Return for each indicator of reports the latest value of a place, or why there is none.

    Parameters
    ----------
    results : sequence of DataFrame
        Results of one day, one frame for each indicator.
    entity : str
        Group or Party.
    """
    rows = [_latest_of(one, entity) for one in results]
    return pd.concat(rows, ignore_index=True)


def _latest_of(rows: pd.DataFrame, entity: str) -> pd.DataFrame:
    mine = rows[(rows["entity"] == entity) & (rows["series"] == "")]
    if mine.empty:
        return mine
    period = latest_period(mine, "", f"{mine['as_of'].iloc[0]:%Y-%m-%d}")
    return mine[mine["period"] == period].head(1)


def indicators_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return results of several indicators as a table: what, cycle, value or reason, counts."""
    names = ("indicator", "value", "counts", "cycle", "basis")
    kinds = ("text", "text", NUMERIC, "text", "text")
    headings = [
        (text(f"gold.column.{name}", language), kind)
        for name, kind in zip(names, kinds, strict=True)
    ]
    cells = [
        (
            text(f"indicator.{row.indicator}.title", language),
            value_text(row, language),
            counts_text(row, language),
            period_title(row.period, language) if row.period else "",
            text(f"basis.{row.basis}", language),
        )
        for row in rows.itertuples()
    ]
    return html_table(headings, cells, caption)


def projects_of(listed: pd.DataFrame) -> pd.DataFrame:
    """Return the projects on gold mining of the GEF that count in sums of money.

    A programme does not: its projects are rows as well.
    """
    gef = listed[(listed["facility"] == "gef") & (listed["theme"] == THEME)]
    return gef[gef["type"] != "programme"].sort_values(
        ["approval_year", "project"], ascending=[False, True], kind="stable"
    )


def projects_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return projects as a table, the latest approved first."""
    names = ("project", "year", "period", "status", "chemicals", "grant")
    headings = [
        (text(f"gold.column.{name}", language), NUMERIC if name == "grant" else "text")
        for name in names
    ]
    cells = [
        (
            f"{row.title} ({row.project})",
            "" if pd.isna(row.approval_year) else str(row.approval_year),
            row.period,
            known(f"project.{row.status}", language) or row.status,
            text("gold.also_others" if row.other_chemicals == "Y" else "gold.mercury", language),
            numbers.exact(row.grant_usd, "USD", language) or text("party.no_amount", language),
        )
        for row in rows.itertuples()
    ]
    return html_table(headings, cells, caption)


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Return pairs of a name and what is told as a list of facts, escaped, as HTML."""
    items = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(said)}</dd></div>"
        for name, said in pairs
    )
    return f"<dl>{items}</dl>"


def own_value(rows: pd.DataFrame, entity: str, language: str = "en") -> str:
    """Return the value of a place in words, or why there is none."""
    mine = rows[rows["entity"] == entity]
    if mine.empty:
        return text("status.not_loaded", language)
    row: Any = next(mine.itertuples())
    if row.status == Status.OK and row.unit == "USD" and not row.value:
        return text("gold.no_money", language)
    return value_text(row, language)
