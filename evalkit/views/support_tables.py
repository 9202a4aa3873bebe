"""Tables of the page on money: two rankings, programmes, envelopes, flows, need beside support."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import numbers
from evalkit.views.choice import series_title
from evalkit.views.support_figures import node_title, part_title
from evalkit.views.table import NUMERIC, counts_text, html_table, value_text

SIDES = ("one", "other")  # of two rankings, as the columns of `beside` end


def headings(language: str, *columns: str) -> list[tuple[str, str]]:
    """Return headings of columns; a name that ends in # is of numbers."""
    return [
        (text(f"column.{name.rstrip('#')}", language), NUMERIC if name.endswith("#") else "text")
        for name in columns
    ]


def attribution_title(series: str, language: str = "en") -> str:
    """Return the short name of a way of attribution."""
    if series.startswith("declared"):
        return text("attribution.declared", language)
    return text(f"attribution.{series}", language)


def rankings(
    both: pd.DataFrame, names: Sequence[str], caption: str, most: int, language: str = "en"
) -> str:
    """Return two rankings side by side, place by place, with how far each State moved.

    Parameters
    ----------
    both : DataFrame
        From `evalkit.views.support_rows.beside`.
    names : sequence of str
        The two ways of attribution.
    caption : str
        What the table holds.
    most : int
        So many places are shown.
    language : str
        Language of words.
    """
    sides = [
        both[both[f"place_{side}"].notna()].sort_values([f"place_{side}", "entity"]).head(most)
        for side in SIDES
    ]
    count = max(len(rows) for rows in sides)
    lines = [
        (
            str(i + 1),
            *(cell for side, rows in zip(SIDES, sides, strict=True)
              for cell in _placed(rows, i, side, language)),
            move(sides[1].iloc[i], language) if i < len(sides[1]) else "",
        )
        for i in range(count)
    ]  # fmt: skip
    one, other = (attribution_title(name, language) for name in names)
    amount = text("column.usd", language)
    columns = [
        (text("column.place", language), NUMERIC),
        (one, "text"),
        (amount, NUMERIC),
        (other, "text"),
        (amount, NUMERIC),
        (text("column.moves", language), "text"),
    ]
    return html_table(columns, lines, caption)


def _placed(rows: pd.DataFrame, i: int, side: str, language: str) -> tuple[str, str]:
    """Return name and amount of a place; who shares it with an earlier line says so."""
    if i >= len(rows):
        return "", ""
    row = rows.iloc[i]
    name, place = entities.titles(language)[row["entity"]], row[f"place_{side}"]
    amount = numbers.exact(row[f"value_{side}"], "USD", language)
    return (name if place == i + 1 else f"{place}= {name}"), amount


def move(row: pd.Series, language: str = "en") -> str:
    """Return how far a State moved from one ranking to the other, in a sign and words."""
    if pd.isna(row["moves"]):
        return text("move.new", language)
    if row["moves"] == 0:
        return text("move.same", language)
    key = "move.up" if row["moves"] > 0 else "move.down"
    return text(key, language, count=abs(int(row["moves"])), place=int(row["place_one"]))


def amounts(rows: pd.DataFrame, of: str, caption: str, language: str = "en") -> str:
    """Return results as a table of what they are of (a period, a part, a group) and their amount.

    Parameters
    ----------
    rows : DataFrame
        Results in US$.
    of : str
        The column of results that tells them apart: period, series or entity.
    caption, language : str
        What the table holds; language of words.
    """
    told = {
        "period": lambda row: period(row.period, language),
        "series": lambda row: part_title(row.series, language),
        "entity": lambda row: entities.titles(language)[row.entity],
    }[of]
    cells = [
        (
            told(row),
            numbers.exact(row.value, "USD", language) or value_text(row, language),
            counts_text(row, language),
            text(f"basis.{row.basis}", language),
        )
        for row in rows.itertuples()
    ]
    return html_table(headings(language, f"of_{of}", "usd#", "projects#", "basis"), cells, caption)


def period(name: str, language: str = "en") -> str:
    """Return what a period is called; a replenishment or a year by itself."""
    return text(f"period.{name}", language) if name in ("all", "no-year") else name


def programmes(
    rows: pd.DataFrame, titles: Mapping[str, str], caption: str, language: str = "en"
) -> str:
    """Return each programme with its own grant, the sum of its projects, and the difference.

    Parameters
    ----------
    rows : DataFrame
        The world's results of the indicator gef-programmes.
    titles : mapping of str to str
        Titles of projects by id.
    caption, language : str
        What the table holds; language of words.
    """
    cells = []
    for programme, mine in rows.groupby("period"):
        by = {row.series: row for row in mine.itertuples()}
        parts = [by.get(name) for name in ("programme", "children", "difference")]
        children = counts_text(by["children"], language) if "children" in by else ""
        cells.append(
            (
                f"{titles.get(str(programme), programme)} ({programme})",
                *(_amount(row, language) for row in parts),
                children,
            )
        )
    names = ("programme", "own_grant#", "children_sum#", "difference#", "children#")
    return html_table(headings(language, *names), cells, caption)


def _amount(row: Any, language: str) -> str:
    if row is None:
        return ""
    return numbers.exact(row.value, "USD", language) or value_text(row, language)


def day_of(row: Any, sources: pd.DataFrame, language: str = "en") -> str:
    """Return the day that the sources of a result speak of, the latest of them."""
    days = sources.loc[sources["source"].isin(str(row.source).split()), "as_of"].dropna()
    return numbers.day(days.max(), language) if len(days) else text("support.no_day", language)


def envelopes(rows: pd.DataFrame, sources: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return published and computed sums, each with what it means and its day.

    Parameters
    ----------
    rows : DataFrame
        The world's results of one or several indicators of money.
    sources : DataFrame
        The table of sources.
    caption, language : str
        What the table holds; language of words.
    """
    cells = [
        (
            series_name(row.series, language),
            row.period,
            value_text(row, language),
            "" if pd.isna(row.n) else numbers.plain(row.n, language=language),
            day_of(row, sources, language),
        )
        for row in rows.itertuples()
    ]
    names = ("meaning", "of_period", "usd#", "number#", "day")
    return html_table(headings(language, *names), cells, caption)


def series_name(series: str, language: str = "en") -> str:
    """Return what a series of sums is: its title; the blank one is what was contributed."""
    return series_title(series, language) if series else text("support.contributed", language)


def ratios(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return co-financing over grants by type, with how many projects publish both amounts."""
    cells = [
        (
            series_name(row.series, language),
            numbers.plain(row.value, ".2f", language)
            if row.status == Status.OK
            else value_text(row, language),
            counts_text(row, language),
        )
        for row in rows.itertuples()
    ]
    return html_table(headings(language, "type", "ratio#", "projects#"), cells, caption)


def flows(found: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return fund, theme, region and amount of every flow."""
    cells = [
        (
            row.fund,
            node_title("theme", row.theme, language),
            node_title("region", row.entity, language),
            numbers.exact(row.value, "USD", language),
        )
        for row in found.itertuples()
    ]
    names = ("fund", "theme", "region", "usd#")
    return html_table(headings(language, *names), cells, caption)


def need(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return support, duties fallen due, mercury emitted and the plan's baseline of each entity.

    Parameters
    ----------
    rows : DataFrame
        Columns entity, support, due, emitted and baseline, as words.
    caption, language : str
        What the table holds; language of words.
    """
    cells = [
        (entities.titles(language)[row.entity], row.support, row.due, row.emitted, row.baseline)
        for row in rows.itertuples()
    ]
    names = ("entity", "support#", "fallen_due#", "emitted#", "baseline#")
    return html_table(headings(language, *names), cells, caption)


def said(row: pd.Series | None, language: str = "en") -> str:
    """Return a result in words: its value, or why there is none."""
    if row is None:
        return text(f"status.{Status.NOT_LOADED}", language)
    return value_text(row, language)
