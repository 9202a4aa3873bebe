"""What readers of emission inventories share: amounts, places, totals that must agree.

An inventory's own total is the check of its rows: where they differ, nothing of that place and
year is taken, since one of the two is wrong and nobody knows which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason, UnknownNameError
from evalkit.fingerprint import sha256
from evalkit.reference import names
from evalkit.sources.files import Sheet
from evalkit.sources.loaded import Loaded
from evalkit.sources.tidy import ragged

# Powers of ten from a unit to kg; pounds are no power of ten and have a factor of their own.
POWERS = {"kg": 0, "g": -3, "Mg": 3, "t": 3, "tonnes": 3, "Gg": 6, "kt": 6}
POUND = 0.45359237  # kg, by definition
AGREES = 1e-6  # how far a total may differ from its rows, relative


@dataclass
class Reading:
    """An inventory's sheet while it is read: its cells, and what is wrong with them.

    Parameters
    ----------
    sheet : Sheet
        The file.
    form : str
        Name of the publisher's form.
    """

    sheet: Sheet
    form: str
    failures: list[Failure] = field(default_factory=list)
    passed_over: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sheet, width = self.sheet, len(self.sheet.heading)
        if uneven := ragged(sheet):  # such rows are refused, whatever else is wrong with them
            self.failures += uneven
            filled = [[*row[:width], *[""] * (width - len(row))] for row in sheet.records]
            sheet = replace(sheet, records=filled)
        self.cells = sheet.frame().apply(lambda column: column.str.strip())
        self.lines = pd.Series(self.sheet.lines, index=self.cells.index)

    def keep(self, wanted: pd.Series, what: str) -> None:
        """Go on with some rows; the others are no fault and are counted under `what`."""
        self.passed_over[what] = self.passed_over.get(what, 0) + int((~wanted).sum())
        self.cells, self.lines = self.cells[wanted], self.lines[wanted]

    def fail(
        self, wrong: pd.Series, column: str, reason: Reason, what: Callable[[str], str], remedy: str
    ) -> None:
        """Record a failure for each row where `wrong` holds."""
        for index in wrong.index[wrong]:
            self.failures.append(
                Failure(
                    reason,
                    what(str(self.cells.at[index, column])),
                    self.sheet.shown,
                    int(self.lines[index]),
                    column,
                    remedy,
                )
            )

    def kilograms(self, column: str, unit: str | pd.Series) -> pd.Series:
        """Return amounts in kg with the digits that were printed; failures are recorded.

        A blank is no amount and stays missing. A unit that is not known is refused: a factor
        of a thousand looks like any other number.
        """
        cells = self.cells[column]
        units = pd.Series(unit, index=cells.index) if isinstance(unit, str) else unit
        strange = ~units.isin(POWERS) & (cells != "")
        if isinstance(unit, str):
            self.fail(
                strange,
                column,
                Reason.NOT_ALLOWED,
                lambda _: f"the unit {unit!r} is not known",
                _UNIT,
            )
        else:
            told = str(unit.name)
            self.fail(
                strange, told, Reason.NOT_ALLOWED, lambda u: f"the unit {u!r} is not known", _UNIT
            )
        plain = cells.str.fullmatch(r"-?\d+(\.\d*)?")
        scaled = cells + "e" + units.map(POWERS).fillna(0).astype("int64").astype("str")
        numbers = pd.to_numeric(scaled.where(plain), errors="coerce")
        others = pd.to_numeric(cells.where(~plain & (cells != "")), errors="coerce")
        numbers = numbers.fillna(others * 10.0 ** units.map(POWERS)).astype("float64")
        self.fail(
            (cells != "") & numbers.isna() & ~strange,
            column,
            Reason.NOT_A_NUMBER,
            lambda cell: f"{column} is {cell!r}, which is no plain number",
            "Export the table again.",
        )
        self.fail(
            numbers < 0,
            column,
            Reason.NEGATIVE,
            lambda cell: f"{column} is {cell}, and can't be negative",
            "Export the table again.",
        )
        return numbers

    def years(self, column: str) -> pd.Series:
        """Return whole years; what is none is recorded."""
        cells = self.cells[column]
        known = cells.str.fullmatch(r"[12]\d{3}(\.0+)?")
        self.fail(
            ~known,
            column,
            Reason.NOT_A_NUMBER,
            lambda cell: f"{column} is {cell!r}, which is no year",
            "Export the table again.",
        )
        return pd.to_numeric(cells.where(known, "0")).astype("int64")

    def places(self, column: str, also: Mapping[str, str] | None = None) -> pd.Series:
        """Return the entity of each name or code; what is not known is recorded."""
        found = dict(also or {})
        for name in self.cells[column].unique():
            if name in found:
                continue
            try:
                found[name] = names.resolve(name).entity
            except UnknownNameError as error:
                self.fail(
                    self.cells[column] == name,
                    column,
                    Reason.UNKNOWN_NAME,
                    lambda cell: f"{cell!r} is no known country or region",
                    error.remedy,
                )
        return self.cells[column].map(found).fillna("")

    def refuse_totals(self, differ: pd.Series, what: Callable[[object], str]) -> None:
        """Record that a total is not the sum of its rows, for each key where `differ` holds."""
        for key in differ.index[differ]:
            self.failures.append(
                Failure(
                    Reason.CONTRADICTION,
                    what(key),
                    self.sheet.shown,
                    remedy="Ask the publisher which is right; nothing of the file is taken.",
                )
            )

    def finish(self, frame: pd.DataFrame, about: Mapping[str, str], **control: int) -> Loaded:
        """Return the rows without failure as the table `emissions`, with their source.

        Parameters
        ----------
        frame : DataFrame
            Columns of `emissions` but source, basis and origin; indexed as the cells.
        about : mapping
            publisher, title, address and licence of the source.
        **control
            Further counts to show.
        """
        bad = {failure.line for failure in self.failures}
        refused = any(failure.line is None for failure in self.failures)
        lines = self.lines.reindex(frame.index)
        good = ~lines.isin(bad) & (not refused)
        source = f"{self.form}-{self.sheet.path.stem.lower().replace(' ', '-')}"
        taken = frame[good].assign(
            source=source,
            basis=frame["basis"][good] if "basis" in frame else "estimated",
            origin=lines[good].map(self.sheet.origin),
        )
        read = len(self.sheet.records)
        apart = read if refused else len(bad)
        listed = pd.DataFrame(
            [
                {
                    "source": source,
                    **about,
                    "sha256": sha256(self.sheet.path),
                    "file": self.sheet.path.name,
                }
            ]
        )
        held = {}
        if len(taken):
            held = {
                "emissions": tables.tidy("emissions", taken),
                "sources": tables.tidy("sources", listed),
            }
        passed = 0 if refused else sum(self.passed_over.values())
        counts = {
            "read": read,
            "taken": read - apart - passed,
            "set_apart": apart,
            "passed_over": passed,
        }
        extra = {**self.passed_over, **control}
        failures = tuple(sorted(self.failures, key=lambda one: (one.line or 0, one.cell)))
        return Loaded(self.form, self.sheet.shown, held, failures, {**counts, **extra})


_UNIT = f"Units that are known: {', '.join(POWERS)}. Ask the publisher which this is."


def differing(total: pd.Series, parts: pd.Series) -> pd.Series:
    """Tell where a published total differs from the sum of its parts.

    Examples
    --------
    >>> differing(pd.Series([10.0, 10.0]), pd.Series([10.0000001, 9.0])).tolist()
    [False, True]
    """
    return (total - parts).abs() > AGREES * total.abs().clip(lower=1e-12)
