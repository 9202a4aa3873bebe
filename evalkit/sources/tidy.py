"""evalkit's own form: a CSV file whose columns are those of a tidy table."""

from __future__ import annotations

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason
from evalkit.sources import answers, register_rules
from evalkit.sources.columns import Cells
from evalkit.sources.convert import Findings, convert
from evalkit.sources.files import Sheet
from evalkit.sources.loaded import Loaded
from evalkit.sources.repeats import refuse_repeats
from evalkit.sources.template import without_examples
from evalkit.tables import Table

LIKE_ENOUGH = 0.6  # share of a table's required columns a heading must have to be meant as it


def recognise(sheet: Sheet) -> str | None:
    """Return the tidy table that a sheet is meant to be, or None.

    A file named after a table is taken as that table when it has any of its columns; else
    the heading decides.

    Parameters
    ----------
    sheet : Sheet
        The file, split into cells.

    Returns
    -------
    str or None
        A name of `evalkit.tables.catalogue`.
    """
    have = set(sheet.heading)
    for name in sheet.names:
        stem = name.split("-")[0]
        table = tables.catalogue().get(stem)
        if table and len(have & set(table.names)) >= max(2, len(have) // 2):
            return stem
    scores = {
        name: len(have & _own_columns(table)) / len(have | _own_columns(table))
        for name, table in tables.catalogue().items()
    }
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= LIKE_ENOUGH else None


def _own_columns(table: Table) -> set[str]:
    return {column.name for column in table.columns if column.name != "origin"}


def read(sheet: Sheet, name: str) -> Loaded:
    """Read a sheet as the tidy table `name`, collecting everything wrong with it.

    Parameters
    ----------
    sheet : Sheet
        The file, split into cells.
    name : str
        A name of `evalkit.tables.catalogue`.

    Returns
    -------
    Loaded
        The rows without failure as a tidy table; rows with one are set apart. The example
        of a template is neither: it is counted by itself, where there is one.
    """
    table = tables.catalogue()[name]
    sheet, examples = without_examples(sheet)
    structural = _heading_failures(sheet, table) + ragged(sheet)
    if structural:
        control = {"read": len(sheet.records), "taken": 0, "set_apart": len(sheet.records)}
        return Loaded("tidy", sheet.shown, {}, tuple(structural), control)
    if name == "answers":
        return _answers(sheet, examples)
    frame, findings = _converted(sheet, table)
    register_rules.add_failures(name, frame, findings)
    _duplicates(frame, table, findings)
    good = ~findings.bad
    failures = findings.sorted()
    control = {
        "read": len(frame),
        "taken": int(good.sum()),
        "set_apart": int((~good).sum()),
        **_examples(examples),
    }
    return Loaded("tidy", sheet.shown, {name: tables.tidy(name, frame[good])}, failures, control)


def _answers(sheet: Sheet, examples: int) -> Loaded:
    """Read answers, which are checked against the questions as well."""
    raw = sheet.frame()
    raw = raw.assign(line=list(sheet.lines))
    raw["origin"] = sheet.origins(raw["line"])
    taken = answers.take(raw, sheet.shown, formats=sheet.formats, unit_asked=False)
    control = {**taken.control, **_examples(examples)}
    return Loaded("tidy", sheet.shown, {"answers": taken.frame}, taken.failures, control)


def _examples(count: int) -> dict[str, int]:
    return {"examples": count} if count else {}


def _converted(sheet: Sheet, table: Table) -> tuple[pd.DataFrame, Findings]:
    text = sheet.frame()
    findings = Findings(sheet.shown, pd.Series(sheet.lines, index=text.index))
    columns = {}
    for column in table.columns:
        if column.name == "origin":
            columns["origin"] = sheet.origins(findings.lines)
        elif column.name in text.columns:
            cells = text[column.name].str.strip()
            columns[column.name] = convert(column, cells, findings)
    return pd.DataFrame(columns), findings


def _heading_failures(sheet: Sheet, table: Table) -> list[Failure]:
    allowed = _own_columns(table)
    required = [c.name for c in table.columns if c.required and c.name != "origin"]
    missing = [name for name in required if name not in sheet.heading]
    unknown = [name for name in sheet.heading if name not in allowed]
    repeated = sorted({name for name in sheet.heading if sheet.heading.count(name) > 1})
    failures = [
        Failure(
            Reason.MISSING_COLUMN,
            f"The column {name} of the table {table.name} is missing",
            sheet.shown,
            1,
            name,
            f"Add the column {name} to the heading.",
        )
        for name in missing
    ]
    failures += [
        Failure(
            Reason.UNKNOWN_COLUMN,
            f"The column {name!r} is {what} in the table {table.name}",
            sheet.shown,
            1,
            name,
            "Remove or rename the column.",
        )
        for names, what in ((unknown, "not known"), (repeated, "there more than once"))
        for name in names
    ]
    return failures


def ragged(sheet: Sheet) -> list[Failure]:
    """Return a failure for each row that has more or fewer cells than the heading."""
    width = len(sheet.heading)
    if isinstance(sheet.records, Cells):
        return []
    return [
        Failure(
            Reason.NOT_A_TABLE,
            f"The row has {len(record)} cells where the heading has {width}",
            sheet.shown,
            line,
            "",
            "Quote cells that hold the delimiter, or complete the row.",
        )
        for record, line in zip(sheet.records, sheet.lines, strict=True)
        if len(record) != width
    ]


def _duplicates(frame: pd.DataFrame, table: Table, findings: Findings) -> None:
    refuse_repeats(frame, [name for name in table.key if name in frame.columns], findings)
