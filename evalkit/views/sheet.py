"""The sheet of an indicator: what it is, how it is computed, an example, values, evidence."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities, paths
from evalkit.reference.rows import rows as reference
from evalkit.reference.texts import known, plural, text
from evalkit.reference.titles import title
from evalkit.views import choice as choices
from evalkit.views import numbers, page
from evalkit.views.score import Spec, indicator_title
from evalkit.views.table import NUMERIC, counts_text, html_table, value_text

PERIODS = 6  # columns of the table of values: the latest ones
EXAMPLES = "examples.csv"
DAY = len("2032-08-16")


def sheet(
    spec: Spec,
    rows: pd.DataFrame,
    *,
    held: Mapping[str, Any],
    sources: pd.DataFrame,
    language: str = "en",
) -> str:
    """Return the sheet of an indicator as HTML.

    Parameters
    ----------
    spec : mapping
        The row of the indicator in indicators.csv.
    rows : DataFrame
        Its results of one day.
    held : mapping
        The tables of the edition's manifest, with their rows.
    sources : DataFrame
        The table of sources.
    language : str
        Language of the texts.

    Returns
    -------
    str
        Sections with a heading each; every text of a file is escaped.
    """
    definition = known(f"indicator.{spec['id']}.definition", language)
    sections = [
        ("facts", _facts(spec, language)),
        ("method", method_text(spec, language)),
        ("example", examples(spec, language)),
        (
            "needs",
            page.prose(spec["needs"], language) if _blank(rows) and spec.get("needs") else "",
        ),
        ("values", values(spec, rows, language)),
        ("evidence", evidence(spec, rows, held, sources, language)),
        ("limits", limits(spec, language)),
        ("references", page.prose(spec["references"], language)),
    ]
    body = "".join(
        f"<section><h4>{html.escape(text(f'sheet.{name}', language))}</h4>{content}</section>"
        for name, content in sections
        if content
    )
    head = f"<h3>{html.escape(indicator_title(spec, language))}</h3>"
    return f'<div class="evalkit-party">{head}{page.paragraph(definition)}{body}</div>'


def _blank(rows: pd.DataFrame) -> bool:
    """Whether no result has a value."""
    return not (rows["status"] == Status.OK).any()


def _facts(spec: Spec, language: str) -> str:
    article = title("article", spec["article"], language)
    theme = title("theme", spec["theme"], language) or spec["theme"]
    asked = title("evaluation_question", spec["question"], language)
    told = {
        "id": spec["id"],
        "official": spec["official_code"] or text("sheet.no_official", language),
        "article": f"{spec['article']} {article}".strip(),
        "theme": theme,
        "question": f"{spec['question']} {asked}".strip(),
        "kind": known(f"kind.{spec['kind']}", language) or spec["kind"],
        "unit": known(f"unit.{spec['unit']}", language) or spec["unit"],
        "direction": known(f"direction.{spec['direction']}", language) or spec["direction"],
        "target": _target(spec, language),
        "baseline": _baseline(spec, language),
        "standing": known(f"standing.{spec['standing']}", language) or spec["standing"],
    }
    return "<dl>" + "".join(
        f"<div><dt>{html.escape(text(f'fact.{name}', language))}</dt>"
        f"<dd>{html.escape(value)}</dd></div>"
        for name, value in told.items()
    ) + "</dl>"  # fmt: skip


def _amount(said: str, unit: str, language: str) -> str:
    if not said:
        return text("sheet.none_set", language)
    try:
        return numbers.value(float(said), unit, language)
    except ValueError:  # words, or a number with its day
        return said


def _target(spec: Spec, language: str) -> str:
    amount = _amount(spec["target"], spec["unit"], language)
    if not spec["target"] or not spec.get("target_on"):
        return amount
    when = spec["target_on"]
    day = numbers.day(when, language) if len(when) == DAY else when  # a day, or a year alone
    return text("sheet.by_day", language, value=amount, day=day)


def _baseline(spec: Spec, language: str) -> str:
    amount = _amount(spec["baseline"], spec["unit"], language)
    standing = spec.get("baseline_standing", "")
    if not spec["baseline"] or not standing:
        return amount
    return text("sheet.of_standing", language, value=amount, standing=standing)


def method_text(spec: Spec, language: str = "en") -> str:
    """Return how an indicator is computed, in words, with its arguments and version."""
    words = known(f"method.{spec['method']}", language) or spec["method"].replace("_", " ")
    given = spec["arguments"].replace("|", ", ")
    if spec.get("formula"):
        words = f"{words} {spec['formula']}"
    named = text(
        "sheet.method_named", language, method=spec["method"], version=spec["method_version"]
    )
    arguments = text("sheet.arguments", language, arguments=given) if given else ""
    return page.paragraph(words) + page.paragraph(f"{named} {arguments}".strip(), "evalkit-note")


def examples(spec: Spec, language: str = "en") -> str:
    """Return the worked examples of the indicator's method; empty where none is written down."""
    if not paths.reference(EXAMPLES).is_file():
        return ""
    found = [row for row in reference(EXAMPLES) if row.get("method") == spec["method"]]
    if not found:
        return ""
    names = ("example_given", "example_with", "example_result")
    headings = [(text(f"sheet.{name}", language), "text") for name in names[:-1]]
    headings.append((text("sheet.example_result", language), NUMERIC))
    cells = [
        (
            text("sheet.question", language, question=row["question"], inputs=row["inputs"])
            if row["question"]
            else row["inputs"],
            _given(row["arguments"]),
            _result(row, spec["unit"], language),
        )
        for row in found
    ]
    return html_table(headings, cells, text("sheet.examples", language))


def _given(arguments: str) -> str:
    """Return the numbers of an example; what it gives is told in its words."""
    parts = [one for one in arguments.split("|") if not one.startswith("gives=")]
    return ", ".join(parts).replace("_", " ").replace("=", " = ")


def _result(row: Mapping[str, str], unit: str, language: str) -> str:
    """Return the result of an example in the unit of the indicator, where that is a number."""
    try:
        return numbers.value(float(row["result"]), unit, language)
    except ValueError:
        return row["result"]


def limits(spec: Spec, language: str = "en") -> str:
    """Return what the indicator does not tell, as HTML."""
    if own := spec.get("limits", ""):
        return page.prose(own, language)
    return page.paragraph(text("sheet.limits_general", language))


def values(spec: Spec, rows: pd.DataFrame, language: str = "en") -> str:
    """Return the values of the groups by period, for each series, with bounds and counts."""
    groups = rows[rows["entity"].isin(entities.groups())]
    if groups.empty:
        return page.paragraph(text("sheet.no_groups", language))
    parts = []
    for name in [one for one in choices.series(groups) if "/" not in one]:
        inside = groups[groups["series"] == name]
        day = f"{inside['as_of'].iloc[0]:%Y-%m-%d}"
        found = choices.periods(inside, name, day)[:PERIODS]
        caption = choices.series_title(name, language)
        parts.append(_values(inside, found, caption, language))
    return "".join(parts[:1]) + (
        page.details(plural("sheet.more_series", len(parts) - 1, language), "".join(parts[1:]))
        if len(parts) > 1
        else ""
    )


def _values(rows: pd.DataFrame, periods: Sequence[str], caption: str, language: str) -> str:
    headings = [(text("column.group", language), "text")]
    headings += [
        (choices.period_title(p, language) if p else text("column.value", language), NUMERIC)
        for p in periods
    ]
    cells = []
    for group, named in entities.groups(language).items():
        mine = {row.period: row for row in rows[rows["entity"] == group].itertuples()}
        if mine:
            cells.append((named, *(_told_value(mine.get(p), language) for p in periods)))
    return html_table(headings, cells, caption)


def _told_value(row: Any, language: str) -> str:
    if row is None:
        return ""
    counted = counts_text(row, language)
    return f"{value_text(row, language)} [{counted}]" if counted else value_text(row, language)


def _rows_of(table: str, count: int, language: str) -> str:
    return plural("sheet.table_rows", count, language, table=table, rows=count)


def evidence(
    spec: Spec,
    rows: pd.DataFrame,
    held: Mapping[str, Any],
    sources: pd.DataFrame,
    language: str = "en",
) -> str:
    """Return the command that lists rows and lines, the tables read, and the sources."""
    day = f"{rows['as_of'].iloc[0]:%Y-%m-%d}" if len(rows) else ""
    command = f"evalkit explain {spec['id']}" + (f" --as-of {day}" if day else "")
    tables = ", ".join(
        _rows_of(name, int(held[name]["rows"]), language)
        for name in spec["tables"].split("|")
        if name in held
    )
    used = {part for value in rows["source"].unique() for part in value.split()}
    listed = sources[sources["source"].isin(used)]
    headings = [(text(f"column.{n}", language), "text") for n in ("source", "title", "as_of")]
    cells = [
        (row.publisher, row.title, "" if pd.isna(row.as_of) else numbers.day(row.as_of, language))
        for row in listed.sort_values(["publisher", "title"]).itertuples()
    ]
    caption = text("sheet.sources", language, n=len(cells))
    return (
        page.paragraph(text("sheet.explain", language))
        + f"<pre><code>{html.escape(command)}</code></pre>"
        + page.paragraph(text("sheet.tables", language, tables=tables))
        + page.details(caption, html_table(headings, cells, caption))
    )
