"""Two exports of a project database compared: what is new, gone, and changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evalkit.errors import Failure, FileRefusedError, Reason, refuse_table
from evalkit.methods.vintages import Comparison, compare
from evalkit.sources import gef, iati
from evalkit.sources.documents import Document, Kind, kind_of
from evalkit.sources.files import Sheet, read_sheet
from evalkit.sources.gef import cells, themes
from evalkit.sources.gef.frames import clean_title
from evalkit.sources.gef.layout import BOTH, TYPE_ABSENT, TYPES, columns

COMPARED = ("status", "grant", "cofinancing", "places")
NOT_COUNTED = (themes.UNCLASSIFIED, themes.CHEMICALS)


@dataclass(frozen=True)
class Side:
    """One of the two exports.

    Parameters
    ----------
    file : str
        As the user named it.
    frame : DataFrame of str, indexed by project
        Columns `COMPARED`, and theme.
    notes : tuple of str
        What must be known of it, as that it may be a part.
    blank : tuple of int
        Lines of records with nothing in them, so without an id.
    failures : tuple of Failure
        Records set apart, which are not compared.
    """

    file: str
    frame: pd.DataFrame
    notes: tuple[str, ...]
    blank: tuple[int, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Vintages:
    """What differs between two exports: over the whole lists, and over projects on mercury."""

    old: Side
    new: Side
    whole: Comparison
    mercury: Comparison

    @property
    def without_id(self) -> tuple[tuple[str, int], ...]:
        """File and line of each record that has no id and can't be compared."""
        return tuple((side.file, line) for side in (self.old, self.new) for line in side.blank)

    def as_dict(self) -> dict[str, object]:
        """Return all of it as plain data."""
        return {
            "old": _told(self.old),
            "new": _told(self.new),
            "whole": _plain(self.whole),
            "mercury": _plain(self.mercury),
            "without_id": [{"file": file, "line": line} for file, line in self.without_id],
        }

    def lines(self) -> list[str]:
        """Return all of it as lines to read; ids that are gone are listed, and each change."""
        told = [f"old: {self.old.file}", f"new: {self.new.file}"]
        for side in (self.old, self.new):
            told += [f"  note on {side.file}: {note}" for note in side.notes]
            told += [f"  set apart: {failure}" for failure in side.failures]
        for name, part in (("whole list", self.whole), ("on mercury", self.mercury)):
            told.append(f"{name}: {part.both} in both, {len(part.new)} new, {len(part.gone)} gone")
            told += [f"  gone: {', '.join(part.gone)}"] if part.gone else []
            told += [f"  {column} changed: {len(part.of(column))}" for column in COMPARED]
            told += [f"    {move}: {count}" for move, count in part.moves("status").items()]
        told += [f"  new: {', '.join(self.mercury.new)}"] if self.mercury.new else []
        told += [
            f"  {row.item}: {row.column} {row.old or 'blank'} → {row.new or 'blank'}"
            for row in self.mercury.changed.itertuples()
        ]
        return told + [f"without an id: {file}, line {line}" for file, line in self.without_id]


def compare_vintages(old: str | Path, new: str | Path) -> Vintages:
    """Compare two exports of the GEF project database, of whatever layouts.

    Countries are compared as printed. A blank amount is not zero; but a layout with both
    amounts in one cell prints $0 for either, so that against such a list a blank counts as 0.

    Parameters
    ----------
    old, new : str or Path
        The files, text or workbooks. No day is asked for: the order given says which is older.

    Returns
    -------
    Vintages
        New, gone and changed projects, over the whole lists and over those that concern
        mercury by the rules in either list.

    Raises
    ------
    FileRefusedError
        A file can't be read, or is no such export.
    """
    sheets = [_opened(Path(path)) for path in (old, new)]
    before, after = (_side(sheet) for sheet in sheets)
    frames = [before.frame, after.frame]
    if any(BOTH in columns(sheet.heading) for sheet in sheets):
        amounts = ["grant", "cofinancing"]
        frames = [frame.assign(**frame[amounts].replace("", "0")) for frame in frames]
    hits = {item for frame in frames for item in frame.index[~frame["theme"].isin(NOT_COUNTED)]}
    shown = [frame[list(COMPARED)] for frame in frames]
    of_mercury = [frame[frame.index.isin(hits)] for frame in shown]
    return Vintages(before, after, compare(*shown), compare(*of_mercury))


def is_activities(path: str | Path) -> bool:
    """Tell whether a file is one of activities (IATI), by its content.

    Raises
    ------
    FileRefusedError
        It can't be read as what it begins as.
    """
    document = _document(Path(path))
    return document.kind is Kind.XML and iati.recognise(document)


def _document(path: Path) -> Document:
    return Document(path, str(path), kind_of(path))


def _opened(path: Path) -> Sheet:
    """Return the export in a text or workbook; of a workbook the first sheet that is one."""
    document = _document(path)
    if document.kind is not Kind.WORKBOOK:
        return read_sheet(path, str(path))
    pages = [page for page in document.workbook.pages if not page.hidden]
    found = [page for page in pages if gef.recognise(page.sheet)] or pages
    if found and found[0].problems:
        raise refuse_table(found[0].problems)
    return found[0].sheet if found else Sheet(path, str(path), (), [], [], ",")


def _side(sheet: Sheet) -> Side:
    if not gef.recognise(sheet) or (uneven := gef.structure(sheet)):
        why = str(uneven[0]) if gef.recognise(sheet) else f"its heading: {sheet.heading[:8]}"
        raise FileRefusedError(
            f"{sheet.shown} is no export of the GEF project database, or a damaged one.",
            reason=Reason.UNKNOWN_FILE,
            where=why,
            remedy="Export the list again, and look at it with `evalkit check`.",
        )
    raw = cells.cells(sheet)
    lines = pd.Series(sheet.lines, index=raw.index)
    failures = cells.failures(raw, lines, sheet)
    good = raw[~lines.isin({failure.line for failure in failures})]
    frame = pd.DataFrame(
        {
            "status": good["status"],
            "grant": _digits(good["grant_usd"]),
            "cofinancing": _digits(good["cofinancing_usd"]),
            "places": good["places"],
            "theme": [
                themes.classify(clean_title(title), TYPES.get(kind, TYPE_ABSENT)).theme
                for title, kind in zip(good["title"], good["type"], strict=True)
            ],
        }
    ).set_axis("gef-" + good["id"], axis="index")
    return Side(sheet.shown, frame, gef.notes(sheet, raw), sheet.blank, tuple(failures))


def _digits(amounts: pd.Series) -> pd.Series:
    """Return amounts as digits alone, so that $1,000 and 1000 are equal; blank stays blank."""
    plain = amounts.str.replace(r"[$,]", "", regex=True)
    return plain.str.replace(r"\.00?$", "", regex=True)


def _told(side: Side) -> dict[str, object]:
    return {
        "file": side.file,
        "projects": len(side.frame),
        "notes": list(side.notes),
        "set_apart": [failure.as_dict() for failure in side.failures],
    }


def _plain(part: Comparison) -> dict[str, object]:
    return {
        "both": part.both,
        "new": list(part.new),
        "gone": list(part.gone),
        "status_moves": part.moves("status"),
        "counts": {column: len(part.of(column)) for column in COMPARED},
        "changed": part.changed.to_dict("records"),
    }
