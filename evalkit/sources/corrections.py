"""Declared corrections: what a publisher's cell says, what it should say, and why.

A correction is an entry of a file in data/corrections and states what it expects to find.
When the publisher has mended the cell, the build stops and says so: the entry can go.
The form of an entry::

    - file: data/facts/projects.csv      # as `origin` names it; a sheet as incoming/x.xlsx#Sheet
      key: {project: gef-9602}           # column and value that find one row
      column: grant_usd
      old: "32620000"                    # what the file says, as text
      new: "32620001"
      reason: Digit misprinted; the project document says 32,620,001.
      source: gef-export-2023-10-24      # where the right value is from
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evalkit.errors import EvalkitError, Reason
from evalkit.sources.files import Sheet, read_text

FIELDS = ("file", "key", "column", "old", "new", "reason", "source")


@dataclass(frozen=True, slots=True)
class Correction:
    """One declared correction of one cell."""

    file: str
    key: tuple[tuple[str, str], ...]
    column: str
    old: str
    new: str
    reason: str
    source: str
    declared_in: str


def load(files: Iterable[tuple[Path, str]]) -> list[Correction]:
    """Read the corrections of some YAML files.

    Parameters
    ----------
    files : iterable of (path, shown)
        The files, and their names in messages.

    Returns
    -------
    list of Correction
        In the order of the files.

    Raises
    ------
    EvalkitError
        The file is no list of entries, or an entry lacks a field or has one not known.
    """
    found = []
    for path, shown in files:
        for entry in _entries(path, shown):
            if set(entry) != set(FIELDS):
                odd = sorted(set(entry) ^ set(FIELDS))
                raise EvalkitError(
                    f"An entry has fields missing or not known: {', '.join(odd)}.",
                    reason=Reason.MISSING_VALUE,
                    where=shown,
                    remedy=f"Give exactly: {', '.join(FIELDS)}.",
                )
            key = tuple((str(name), str(value)) for name, value in entry["key"].items())
            rest = {name: str(entry[name]) for name in FIELDS if name != "key"}
            found.append(Correction(key=key, declared_in=shown, **rest))
    return found


def _entries(path: Path, shown: str) -> list[dict[str, Any]]:
    import yaml

    try:
        entries = yaml.safe_load(read_text(path, shown)) or []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise EvalkitError(
            f"{shown} is no YAML that can be read.",
            reason=Reason.NOT_A_TABLE,
            where=f"{shown}, line {mark.line + 1}" if mark else shown,
            remedy="Compare it with the form in data/corrections/README.md.",
        ) from error
    named = isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("key", {}), dict) for entry in entries
    )
    if not named:
        raise EvalkitError(
            f"{shown} is no list of entries, each with a key of columns and values.",
            reason=Reason.NOT_A_TABLE,
            where=shown,
            remedy="Compare it with the form in data/corrections/README.md.",
        )
    return list(entries)


def apply(sheet: Sheet, corrections: Iterable[Correction]) -> Sheet:
    """Return the sheet with the corrections of its file made.

    Parameters
    ----------
    sheet : Sheet
        A file, split into cells.
    corrections : iterable of Correction
        Those of other files are passed over.

    Returns
    -------
    Sheet
        A copy where anything was corrected; the sheet itself else.

    Raises
    ------
    EvalkitError
        A correction finds no row or several, or another value than it expects.
    """
    own = [one for one in corrections if one.file == sheet.shown]
    if not own:
        return sheet
    records = [list(record) for record in sheet.records]
    corrected = dict(sheet.corrected)
    for one in own:
        index = _row(sheet, one)
        record = records[index]
        corrected[sheet.lines[index]] = one.declared_in
        place = _column(sheet, one, one.column)
        if place >= len(record) or _cell(record, place) != one.old:
            raise expired(one, f"the cell says {_cell(record, place)!r} and not {one.old!r}")
        record[place] = one.new
    return replace(sheet, records=records, corrected=corrected)


def _row(sheet: Sheet, one: Correction) -> int:
    places = [(_column(sheet, one, name), value) for name, value in one.key]
    hits = [
        index
        for index, record in enumerate(sheet.records)
        if all(_cell(record, place) == value for place, value in places)
    ]
    if len(hits) != 1:
        raise expired(one, f"its key finds {len(hits)} rows")
    return hits[0]


def _cell(record: list[str], place: int) -> str:
    return record[place].strip() if place < len(record) else ""


def _column(sheet: Sheet, one: Correction, name: str) -> int:
    if name not in sheet.heading:
        raise expired(one, f"the file has no column {name!r}")
    return sheet.heading.index(name)


def expired(one: Correction, why: str) -> EvalkitError:
    """Return the error of a correction that does not find what it expects."""
    told = ", ".join(f"{name} {value}" for name, value in one.key)
    return EvalkitError(
        f"A correction of {one.file} ({told}, column {one.column}) does not hold: {why}.",
        reason=Reason.CORRECTION_EXPIRED,
        where=one.declared_in,
        remedy="Remove the entry if the publisher has mended the cell, else correct the entry.",
    )
