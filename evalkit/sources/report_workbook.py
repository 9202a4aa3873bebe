"""Reading the workbook that a Party has filled in (`evalkit template reports`).

It is recognised by its hidden sheet. Rows may stand in any order and on any sheet of it;
labels and choices may be in any language of the template.
"""

from __future__ import annotations

import pandas as pd

from evalkit.errors import EvalkitError, Failure, Reason
from evalkit.fingerprint import sha256
from evalkit.model import Basis
from evalkit.reference import entities, names
from evalkit.reference.days import iso_day
from evalkit.sources import answers
from evalkit.sources.documents import Document
from evalkit.sources.files import Sheet
from evalkit.sources.loaded import Loaded
from evalkit.sources.received import first_day, loaded
from evalkit.sources.report_layout import COLUMNS, FIELDS, LAYOUT, LISTS, MARK
from evalkit.sources.source_rows import report_row
from evalkit.sources.workbook import Page

FORM = "report-workbook"


def recognise(document: Document) -> bool:
    """Tell whether a workbook has the hidden sheet of the template."""
    page = document.workbook.page(MARK)
    return page is not None and page.sheet.heading[:2] == ("layout", LAYOUT)


def read(document: Document) -> Loaded:
    """Read a filled workbook into `answers`, `submissions` and `sources`.

    Parameters
    ----------
    document : Document
        A workbook that `recognise` knows.

    Returns
    -------
    Loaded
        The day of receipt is the field of the first sheet, else the answer to A.6. Control
        counts are of cells that hold an answer or a remark to a question.

    Raises
    ------
    FileRefusedError
        The hidden sheet does not say the version and cycle.
    """
    facts = _facts(document)
    pages = [page for page in document.workbook.pages if page.sheet.title not in (MARK, LISTS)]
    cells = pd.concat([_cells(page.sheet) for page in pages], ignore_index=True)
    fields = _Fields(document, pages, cells)
    failures = [*fields.failures, *(one for page in pages for one in page.problems)]
    count = len(cells)
    if failures or not fields.party:
        control = {"read": count, "taken": 0, "set_apart": count}
        return Loaded(FORM, document.shown, {}, tuple(failures), control)
    row = report_row(
        fields.party, facts["cycle"], sha256=sha256(document.path), as_of=fields.received,
        file=document.path.name,
    )  # fmt: skip
    raw = cells.assign(party=fields.party, cycle=facts["cycle"], format_version=facts["version"])
    raw = raw.assign(source=row["source"].item(), basis=facts["basis"])
    taken = answers.take(raw, document.shown, formats=document.formats)
    return loaded(
        FORM,
        document.shown,
        taken,
        received=_received(fields, raw),
        sources=[row],
        notes=[note for note in document.workbook.notes if "hidden" not in note],
    )


def _facts(document: Document) -> dict[str, str]:
    page = document.workbook.page(MARK)
    records = page.sheet.records if page else []
    told = {record[0].strip(): record[1].strip() for record in records if len(record) > 1}
    basis = told.get("basis", "reported")
    if not told.get("version") or not told.get("cycle") or basis not in set(Basis):
        raise document.refusal(
            "has a hidden sheet that does not say its version, cycle and basis",
            "Copy the answers into a new workbook: evalkit template reports --cycle CYCLE.",
        )
    return {**told, "basis": basis}


def _cells(sheet: Sheet) -> pd.DataFrame:
    """Return the answers of a sheet as raw columns; a sheet of another layout has none."""
    blank = pd.DataFrame(columns=["question", "answer", "text", "line", "origin", "cell"])
    wanted = [name for name in COLUMNS if name in sheet.heading]
    if not {"question", "answer"} <= set(wanted) or len(set(sheet.heading)) < len(sheet.heading):
        return blank
    frame = sheet.frame().apply(lambda cells: cells.str.strip())
    frame = frame.reindex(columns=[*COLUMNS], fill_value="")
    lines = pd.Series(sheet.lines, index=frame.index)
    # The visible heading stands below the hidden one.
    kept = ((frame["answer"] != "") | (frame["remarks"] != "")) & (lines > lines.iloc[0])
    frame, lines = frame[kept], lines[kept]
    return pd.DataFrame(
        {
            "question": frame["question"],
            "answer": frame["answer"],
            "text": frame["remarks"],
            "line": lines,
            "origin": sheet.origins(lines),
            "cell": sheet.title + ", question " + frame["question"].str.slice(0, 60),
        }
    )


class _Fields:
    """Who reports and when that was received, and what is wrong with either."""

    def __init__(self, document: Document, pages: list[Page], cells: pd.DataFrame) -> None:
        self.document = document
        self.failures: list[Failure] = []
        self.given = self._given(pages)
        self.answered = dict(zip(cells["question"], cells["answer"], strict=True))
        self.party = self._party()
        self.received, self.origin = self._day()

    def _given(self, pages: list[Page]) -> dict[str, tuple[str, str]]:
        """Return the fields of the first sheet, with where they stand."""
        found = {}
        for page in pages:
            for line, record in zip(page.sheet.lines, page.sheet.records, strict=True):
                if len(record) > 2 and record[2] in FIELDS and record[1].strip():
                    found[record[2]] = (record[1].strip(), page.sheet.origin(line))
        return found

    def _fail(self, cell: str, reason: Reason, what: str, remedy: str) -> None:
        self.failures.append(Failure(reason, what, self.document.shown, None, cell, remedy))

    def _party(self) -> str:
        told = [self.given.get("party", ("",))[0], self.answered.get("A.1", "")]
        found = {place.entity for name in told if name and (place := names.find(name))}
        field = told[0]
        if field and not names.find(field):
            error = names.unknown(field)
            self._fail("party", Reason.UNKNOWN_NAME, error.what.rstrip("."), error.remedy)
        elif not found & set(entities.states()):
            self._fail(
                "party",
                Reason.MISSING_VALUE,
                "The report does not name a Party",
                "Write its name into the field Party of the first sheet.",
            )
        elif len(found) > 1:
            self._fail(
                "party",
                Reason.CONTRADICTION,
                f"The first sheet names {told[0]!r}, and A.1 names {told[1]!r}",
                "Correct one of the two.",
            )
        return next(iter(found)) if len(found) == 1 else ""

    def _day(self) -> tuple[str, str]:
        """Return the day of receipt; blank where none is told."""
        told, origin = self.given.get("received", ("", ""))
        name = "received"
        if not told and len(self.answered.get("A.6", "")) > len("2025-12"):
            told, name = self.answered["A.6"], "A.6"
        if not told:
            return "", ""
        try:
            day = iso_day(told)
        except EvalkitError as error:
            if name == "received":  # A.6 is refused as an answer
                self._fail(name, error.reason, f"The day of receipt is {told!r}", error.remedy)
            return "", ""
        if day < (first := first_day()):
            self._fail(
                name,
                Reason.TOO_EARLY,
                f"The day of receipt is {day}, before {first}",
                "Correct the day.",
            )
        return day, origin


def _received(fields: _Fields, raw: pd.DataFrame) -> pd.DataFrame:
    if not fields.received:
        return pd.DataFrame()
    row = raw[["party", "cycle", "source", "basis"]].head(1)
    at = raw.loc[raw["question"] == "A.6", "origin"]
    origin = fields.origin or next(iter(at), "")
    return row.assign(submitted_on=pd.Timestamp(fields.received), origin=origin)
