"""Answers as a wide sheet: one row a Party, one column a question.

Headings are question ids, alone or before the question's text. Which cycle is meant stands
in a column, in the sheet's name or in the file's, as in ``2021-full``. A day of receipt makes
the row of `submissions`; without one the answers are read and their reports are not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason
from evalkit.fingerprint import sha256
from evalkit.reference import questions
from evalkit.reference.names import normal_form
from evalkit.reference.questions import Formats
from evalkit.sources import answers
from evalkit.sources.convert import Findings, convert
from evalkit.sources.files import Sheet
from evalkit.sources.loaded import Loaded
from evalkit.sources.received import loaded
from evalkit.sources.repeats import refuse_repeats
from evalkit.sources.source_rows import source_id, source_row
from evalkit.sources.tidy import ragged

FORM = "wide"
# Headings of the columns that are no questions, in the form of `normal_form`.
ROLES = {
    "party": "party", "country": "party", "name of party": "party", "iso3": "party",
    "partie": "party", "pays": "party", "parte": "party", "pais": "party",
    "cycle": "cycle", "reporting cycle": "cycle",
    "submitted on": "submitted_on", "submitted_on": "submitted_on", "received": "submitted_on",
    "received on": "submitted_on", "source": "source", "basis": "basis",
}  # fmt: skip
_LIKE_A_QUESTION = re.compile(
    r"(?:q(?:uestion)?\.?\s*)?(?:[A-E]|\d{1,2})\s*[.(]\s*\w", re.IGNORECASE
)


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet names a Party in each row and questions in most other columns."""
    roles = [_role(heading) for heading in sheet.heading]
    others = [h for h, role in zip(sheet.heading, roles, strict=True) if not role]
    asked = [heading for heading in others if _LIKE_A_QUESTION.match(heading)]
    return "party" in roles and len(asked) > 0 and 2 * len(asked) > len(others)


def _role(heading: str) -> str:
    return ROLES.get(normal_form(heading), "")


def read(sheet: Sheet) -> Loaded:
    """Read a wide sheet into `answers`, `submissions` where a day is given, and `sources`.

    Parameters
    ----------
    sheet : Sheet
        The sheet, split into cells.

    Returns
    -------
    Loaded
        Control counts are of cells that hold an answer. A row or column that can't be taken is
        told once, and all its cells are set apart.
    """
    formats = sheet.formats or questions.own()
    structural = [*_heading_failures(sheet), *ragged(sheet)]
    if structural:
        count = sum(1 for record in sheet.records for cell in record if cell.strip())
        control = {"read": count, "taken": 0, "set_apart": count}
        return Loaded(FORM, sheet.shown, {}, tuple(structural), control)
    frame = sheet.frame().apply(lambda cells: cells.str.strip())
    asked = [name for name in frame if not _role(name)]
    rows = _Rows.of(frame.rename(columns=_role_names(frame)), sheet, formats)
    unknown = _unknown_columns(asked, rows, formats, sheet)
    known = [name for name in asked if name not in unknown]
    cells = frame.loc[rows.good, known]
    taken = answers.take(_raw(cells, rows, sheet), sheet.shown, formats=formats)
    read_at_all = int((frame[asked] != "").to_numpy().sum())
    refused = read_at_all - taken.control["read"]
    return loaded(
        FORM,
        sheet.shown,
        taken,
        received=rows.received(sheet),
        sources=[] if rows.told_source else [_source(rows.source, sheet)],
        failures=[*rows.findings.sorted(), *unknown.values()],
        refused=refused,
    )


def _role_names(frame: pd.DataFrame) -> dict[str, str]:
    return {name: _role(name) for name in frame if _role(name)}


def _heading_failures(sheet: Sheet) -> list[Failure]:
    """Refuse a heading that stands twice, by its text or by what it means."""
    told = [_role(heading) or heading for heading in sheet.heading]
    return [
        Failure(
            Reason.UNKNOWN_COLUMN,
            f"The column {name!r} is there more than once",
            sheet.shown,
            1,
            name,
            "Remove or rename the column.",
        )
        for name in sorted({name for name in told if told.count(name) > 1})
    ]


@dataclass(frozen=True)
class _Rows:
    """What each row says of itself: Party, cycle, day of receipt, source, basis."""

    frame: pd.DataFrame
    findings: Findings
    source: str
    told_source: bool

    @classmethod
    def of(cls, frame: pd.DataFrame, sheet: Sheet, formats: Formats) -> _Rows:
        findings = Findings(sheet.shown, pd.Series(sheet.lines, index=frame.index))
        column = tables.catalogue()["submissions"].column
        given = frame.reindex(
            columns=["party", "cycle", "submitted_on", "source", "basis"], fill_value=""
        ).astype("str")
        told_source = "source" in frame
        source = source_id("reports", sheet.path.stem, sheet.title)
        if "cycle" not in frame:
            given["cycle"] = _cycle_of(sheet, formats)
            _refuse_no_cycle(given["cycle"], findings)
        given["source"] = given["source"].where(given["source"] != "", source)
        given["basis"] = given["basis"].where(given["basis"] != "", "reported")
        for name in ("party", "source", "basis"):
            given[name] = convert(column(name), given[name], findings)
        refuse_repeats(given[~findings.bad], ["party", "cycle"], findings)
        optional = replace(column("submitted_on"), required=False)
        days = convert(optional, given["submitted_on"], findings)
        return cls(given.assign(submitted_on=days), findings, source, told_source)

    @property
    def good(self) -> pd.Series:
        return ~self.findings.bad

    def received(self, sheet: Sheet) -> pd.DataFrame:
        origin = sheet.origins(self.findings.lines)
        frame = self.frame.assign(origin=origin)
        return frame[self.good & frame["submitted_on"].notna()]


def _cycle_of(sheet: Sheet, formats: Formats) -> str:
    for name in sheet.names:
        found = [c for c in formats.cycles if re.search(rf"(?<!\w){re.escape(c)}(?!\w)", name)]
        if len(found) == 1:
            return found[0]
    return ""


def _refuse_no_cycle(cycle: pd.Series, findings: Findings) -> None:
    first = pd.Series(False, index=cycle.index)
    first.iloc[0] = True
    findings.add(
        first & (cycle == ""),
        cycle,
        "cycle",
        Reason.MISSING_VALUE,
        lambda _: "The sheet does not say of which reporting cycle it is",
        "Add a column cycle, or put the cycle into the name of the sheet or file, as 2021-full.",
    )
    findings.bad[cycle == ""] = True


def _unknown_columns(
    asked: list[str], rows: _Rows, formats: Formats, sheet: Sheet
) -> dict[str, Failure]:
    """Return a failure for each column that is a question of no version that a row uses."""
    cycles = rows.frame["cycle"][rows.good].unique()
    versions = {formats.cycles[c].version for c in cycles if c in formats.cycles}
    if not versions:
        return {}
    first = sorted(versions)[0]
    found = {}
    for name in asked:
        if any(formats.find(version, name) for version in versions):
            continue
        near = formats.nearest(first, name)
        found[name] = Failure(
            Reason.UNKNOWN_COLUMN,
            f"The column {name[:200]!r} is no question of {', '.join(sorted(versions))}",
            sheet.shown,
            1,
            name[:200],
            f"Nearest: {near}." if near else "Give it the id of a question, or remove it.",
        )
    return found


def _raw(cells: pd.DataFrame, rows: _Rows, sheet: Sheet) -> pd.DataFrame:
    """Return one row for each cell that holds an answer, in the order of the sheet."""
    told = cells.astype("object").stack()
    told = told[told != ""]
    at = told.index.get_level_values(0)
    lines = rows.findings.lines[at]
    same = rows.frame.loc[at, ["party", "cycle", "source", "basis"]]
    heading = told.index.get_level_values(1).astype("str")
    return same.reset_index(drop=True).assign(
        question=heading,
        cell=heading.str.slice(0, 200),
        answer=told.astype("str").to_numpy(),
        line=lines.to_numpy(),
        origin=sheet.origins(lines).to_numpy(),
    )


def _source(source: str, sheet: Sheet) -> pd.DataFrame:
    title = f"National reports, one row a Party: {sheet.path.name} {sheet.title}".strip()
    return source_row(
        source,
        publisher="Parties to the Convention",
        title=title,
        sha256=sha256(sheet.path),
        file=sheet.path.name,
    )
