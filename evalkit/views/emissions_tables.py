"""Tables of the page on emissions: bounds of Annex D, agreement, the parts of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference.rows import rows as reference
from evalkit.reference.texts import text
from evalkit.views import numbers
from evalkit.views.choice import series_title
from evalkit.views.emissions_figures import bound_text, part_title
from evalkit.views.table import NUMERIC, html_table, value_text


def _headings(language: str, *names: str) -> list[tuple[str, str]]:
    numeric = ("n", "ratio", "tonnes")
    return [
        (text(f"emissions.column.{name}", language), NUMERIC if name in numeric else "text")
        for name in names
    ]


def bounds_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return the point sources of Annex D as a table: amount, and which kind of bound it is.

    Parameters
    ----------
    rows : DataFrame
        From `evalkit.views.emissions_figures.point_sources`.
    caption, language : str
        What the table holds; language of its words.
    """
    cells = [
        (
            part_title(row.point_source, language),
            bound_text(row, language),
            text(f"emissions.kind.{row.bound}", language),
            _interval(row, language),
            text(f"basis.{row.basis}", language),
        )
        for row in rows.itertuples()
    ]
    names = ("point_source", "amount", "kind", "interval", "basis")
    return html_table(_headings(language, *names), cells, caption)


def _interval(row: Any, language: str) -> str:
    if pd.isna(row.low) or pd.isna(row.high):
        return text("emissions.no_interval", language)
    ends = numbers.value(row.low, "kg", language), numbers.value(row.high, "kg", language)
    return text("emissions.ends", language, low=ends[0], high=ends[1])


def mapping(schemes: Sequence[str]) -> list[dict[str, str]]:
    """Return how categories of some schemes correspond to Annex D, without those that do not."""
    return [
        dict(row)
        for row in reference("annex_d.csv")
        if row["scheme"] in schemes and row["point_source"] != "none"
    ]


def mapping_table(schemes: Sequence[str], caption: str, language: str = "en") -> str:
    """Return the correspondence of categories to Annex D, each with how sure it is and why."""
    cells = [
        (
            part_title(row["category"], language),
            part_title(row["point_source"], language),
            text(f"emissions.coverage.{row['coverage']}", language),
            text(f"emissions.confidence.{row['confidence']}", language),
            row["reason"],
        )
        for row in mapping(schemes)
    ]
    names = ("category", "point_source", "coverage", "confidence", "reason")
    return html_table(_headings(language, *names), cells, caption)


def agreement_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return by year how many inventories give a total, and how far apart they are.

    Parameters
    ----------
    rows : DataFrame
        Results of inventories-ratio for one place.
    caption, language : str
        What the table holds; language of its words.
    """
    cells = [
        (
            row.period,
            "" if pd.isna(row.n) else str(row.n),
            _times(row, language),
        )
        for row in rows.sort_values("period", ascending=False, kind="stable").itertuples()
    ]
    return html_table(_headings(language, "year_of", "n", "ratio"), cells, caption)


def _times(row: Any, language: str) -> str:
    if row.status != Status.OK:
        return value_text(row, language)
    return text("emissions.times", language, number=numbers.plain(row.value, ",.2f", language))


def pairs_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return pairs of inventories by year: rank correlation, or ratio to what a Party reported.

    Parameters
    ----------
    rows : DataFrame
        Results whose series names two inventories.
    caption, language : str
        What the table holds; language of its words.
    """
    cells = [
        (
            _pair(row.series, language),
            row.period,
            "" if pd.isna(row.n) else str(row.n),
            numbers.plain(row.value, ",.2f", language)
            if row.status == Status.OK
            else value_text(row, language),
        )
        for row in rows.itertuples()
    ]
    return html_table(
        _headings(language, "pair", "year_of", "states", "pair_ratio"), cells, caption
    )


def _pair(series: str, language: str) -> str:
    if not series:
        return text("emissions.no_pair", language)
    return " / ".join(series_title(one, language) for one in series.split("/"))


def _species_of(row: Any) -> list[str]:
    """Return what a row of a grid is of where it is not all: its category, its species."""
    return [one for one in (row.category, row.species) if one != "total"] or ["total"]


def _kind_of(name: str, language: str) -> str:
    whole = name == "total"
    return text("emissions.whole_category", language) if whole else part_title(name, language)


def grid_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return where the whole of each grid lies, in tonnes; the parts make the whole.

    Parameters
    ----------
    rows : DataFrame
        Rows of the table `grid_accounts`.
    caption, language : str
        What the table holds; language of its words.
    """
    cells = [
        (
            f"{series_title(row.inventory, language)}, {row.year}",
            text(f"emissions.part.{row.part}", language),
            row.area,
            ", ".join(_kind_of(one, language) for one in _species_of(row)),
            numbers.plain(row.kg / numbers.TONNE, ",.2f", language),
        )
        for row in rows.itertuples()
    ]
    names = ("inventory", "part", "area", "species", "tonnes")
    return html_table(_headings(language, *names), cells, caption)
