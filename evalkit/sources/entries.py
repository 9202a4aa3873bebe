"""From the entries of somebody's list to a tidy table: the part that all lists share.

A reader of a list brings its cells under the names of the tidy table, as text, with the
place of each entry. Here they are converted, repeated keys are found, entries with a failure
are set apart, and the file itself becomes a row of the table `sources`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason
from evalkit.fingerprint import sha256
from evalkit.model import Basis
from evalkit.reference.codes import spelled_out
from evalkit.sources.convert import Findings, convert
from evalkit.sources.loaded import Loaded
from evalkit.sources.repeats import refuse_repeats
from evalkit.sources.source_rows import source_row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evalkit.sources.files import Sheet

_DAY = re.compile(r"(20\d\d-[01]\d-[0-3]\d)")
_NO_ROWS = "The list has no entry"
UNSTATED = "not stated in the file"  # the publisher of a list that names none


@dataclass(frozen=True)
class Origin:
    """Who published a file, for its row of the table `sources`.

    Parameters
    ----------
    form : str
        Name of the form, as ``reports-list``; the source's id begins with it.
    publisher, title, address : str
        As the file states them, or as its form implies them.
    line_rule : str
        How an entry is found again in the file.
    """

    form: str
    publisher: str
    title: str
    address: str = ""
    line_rule: str = "the line that origin names"


@dataclass
class Entries:
    """The entries of a list, not yet converted.

    Parameters
    ----------
    table : str
        Tidy table that they become.
    text : DataFrame of str
        Cells under the names of the table's columns.
    findings : Findings
        Place of each entry; failures found so far.
    origins : Series of str
        What `origin` says of each entry.
    passed_over : int
        Entries of the file that speak of something else.
    apart : int
        Entries set apart before, with a failure among the findings.
    noticed : list of str
        Sentences for `Loaded.notes`.
    """

    table: str
    text: pd.DataFrame
    findings: Findings
    origins: pd.Series
    passed_over: int = 0
    apart: int = 0
    noticed: list[str] = field(default_factory=list)


def of_sheet(sheet: Sheet, columns: dict[str, str]) -> tuple[pd.DataFrame, Findings, pd.Series]:
    """Return the cells of a sheet under other names, the place and the origin of each row.

    Parameters
    ----------
    sheet : Sheet
        A sheet whose rows are as long as its heading.
    columns : dict of str to str
        Heading as printed, by the name it gets.
    """
    at = {ours: sheet.heading.index(theirs) for ours, theirs in columns.items()}
    cells = sheet.frame()
    text = pd.DataFrame({ours: cells.iloc[:, place].str.strip() for ours, place in at.items()})
    lines = pd.Series(sheet.lines, index=text.index)
    return text, Findings(sheet.shown, lines, printed=dict(columns)), lines.map(sheet.origin)


def of_objects(
    shown: str, cells: list[dict[str, str]], pointers: list[str]
) -> tuple[pd.DataFrame, Findings, pd.Series]:
    """Return the cells of objects of a file without lines, the place and origin of each.

    Parameters
    ----------
    shown : str
        The file as messages print it.
    cells : list of dict
        All with the same fields, as text.
    pointers : list of str
        Where each object stands: as /d/results/3.
    """
    text = pd.DataFrame(cells, dtype="str").map(str.strip)
    places = pd.Series(pointers, index=text.index, dtype="str")
    return text, Findings(shown, places), (shown + "#") + places


def day_in_name(path: Path) -> str:
    """Return the day that a file's name holds, as in sdg-2026-10-01.json, else nothing."""
    return next(iter(_DAY.findall(path.name)), "")


def load(entries: Entries, origin: Origin, path: Path) -> Loaded:
    """Convert the entries and set apart those with a failure.

    Parameters
    ----------
    entries : Entries
        As read; columns `source` and `origin` are made here, `basis` is reported where the
        reader gave none.
    origin : Origin
        Who published the file.
    path : Path
        The file, for its checksum and the day in its name.

    Returns
    -------
    Loaded
        The tidy table, and a row of `sources` whose id is the form's name with the beginning
        of the checksum.
    """
    spec, findings = tables.catalogue()[entries.table], entries.findings
    text = entries.text
    for column in spec.columns:
        if column.name in text and column.kind in (tables.Kind.ENTITY, tables.Kind.PLACE):
            known = {cell: spelled_out(cell) for cell in text[column.name].unique()}
            text = text.assign(**{column.name: text[column.name].map(known).astype("str")})
    frame = pd.DataFrame(
        {
            column.name: convert(column, text[column.name], findings)
            for column in spec.columns
            if column.name in text
        },
        index=text.index,
    )
    key = [name for name in spec.key if name in frame]
    refuse_repeats(frame[~findings.bad[frame.index]], key, findings)
    source = _source(origin, path)
    frame = frame.assign(source=source["source"].item(), origin=entries.origins.astype("str"))
    if "basis" not in frame:
        frame["basis"] = str(Basis.REPORTED)
    return _loaded(entries, origin, frame, source)


def _source(origin: Origin, path: Path) -> pd.DataFrame:
    """Return the row of `sources` that describes a file; equal content gives an equal id."""
    checksum = sha256(path)
    return source_row(
        f"{origin.form}-{checksum[:12]}",
        publisher=origin.publisher,
        title=origin.title,
        sha256=checksum,
        as_of=day_in_name(path),
        file=path.name,
        address=origin.address,
        line_rule=origin.line_rule,
    )


def _loaded(entries: Entries, origin: Origin, frame: pd.DataFrame, source: pd.DataFrame) -> Loaded:
    findings = entries.findings
    good = ~findings.bad[frame.index]
    control = {
        "read": len(frame) + entries.apart + entries.passed_over,
        "taken": int(good.sum()),
        "set_apart": int((~good).sum()) + entries.apart,
    }
    if entries.passed_over:
        control["passed_over"] = entries.passed_over
    content = {entries.table: tables.tidy(entries.table, frame[good])}
    if good.any():
        content["sources"] = source
    # One cell, one failure: the first says best what is wrong with it.
    rows = sorted(zip(findings.rows, findings.failures, strict=True), key=lambda pair: pair[0])
    once = {(row, one.cell): one for row, one in reversed(rows)}
    failures = tuple(reversed(once.values()))
    return Loaded(origin.form, findings.file, content, failures, control, tuple(entries.noticed))


def nothing(shown: str, form: str, failures: Sequence[Failure] = (), read: int = 0) -> Loaded:
    """Return what reading gave where no entry can be taken; a list without any says so."""
    empty = Failure(Reason.EMPTY_FILE, _NO_ROWS, shown, remedy="Export or send it again.")
    control = {"read": read, "taken": 0, "set_apart": read}
    return Loaded(form, shown, {}, tuple(failures) or (empty,), control)
