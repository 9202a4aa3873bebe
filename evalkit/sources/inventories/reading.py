"""What readers of emission inventories share: amounts, places, totals that must agree.

An inventory's own total is the check of its rows: where they differ, nothing of the file is
taken, since one of the two is wrong and nobody knows which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason
from evalkit.fingerprint import sha256
from evalkit.sources.convert import Findings, convert
from evalkit.sources.files import Sheet
from evalkit.sources.inventories.gaps import gap_rows
from evalkit.sources.loaded import Loaded
from evalkit.sources.quantities import scaled
from evalkit.sources.source_rows import source_id
from evalkit.sources.tidy import ragged
from evalkit.tables import Column, Kind

# Powers of ten from a unit to kg; pounds are no power of ten and have a factor of their own.
POWERS = {"kg": 0, "g": -3, "grams": -3, "Mg": 3, "t": 3, "tonnes": 3, "Gg": 6, "kt": 6}
POUND = 0.45359237  # kg, by definition
AGREES = 1e-6  # how far a total may differ from its rows, relative
UNSEEN = (
    "the layout is from background knowledge, no file of the publisher was seen: "
    "compare a few amounts with the file before you rely on them"
)
_EXPORT = "Export the table again."
_UNIT = f"Units that are known: {', '.join(POWERS)}. Ask the publisher which this is."


@dataclass
class Reading:
    """An inventory's sheet while it is read: its cells, and what is wrong with them.

    Parameters
    ----------
    sheet : Sheet
        The file.
    form : str
        Name of the publisher's form.
    findings : Findings
        What is wrong with single rows.
    refusals : list of Failure
        What is wrong with the whole: with one of them nothing is taken.
    notes : list of str
        What a person should know who loads the file.
    """

    sheet: Sheet
    form: str
    refusals: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    passed_over: dict[str, int] = field(default_factory=dict)
    findings: Findings = field(init=False)
    cells: pd.DataFrame = field(init=False)
    gaps: list[pd.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        sheet, width = self.sheet, len(self.sheet.heading)
        uneven = ragged(sheet)  # such rows are refused, whatever else is wrong with them
        if uneven:
            filled = [[*row[:width], *[""] * (width - len(row))] for row in sheet.records]
            sheet = replace(sheet, records=filled)
        self.cells = sheet.frame().apply(lambda column: column.str.strip())
        lines = pd.Series(self.sheet.lines, index=self.cells.index)
        self.findings = Findings(self.sheet.shown, lines)
        self.findings.failures += uneven
        self.findings.bad |= lines.isin([failure.line for failure in uneven])

    def keep(self, wanted: pd.Series, what: str) -> None:
        """Go on with some rows; the others are no fault and are counted under `what`."""
        over = ~wanted & ~self.findings.bad[wanted.index]
        self.passed_over[what] = self.passed_over.get(what, 0) + int(over.sum())
        self.cells = self.cells[wanted]

    def fail(
        self, wrong: pd.Series, column: str, reason: Reason, what: Callable[[str], str], remedy: str
    ) -> None:
        """Record a failure for each row where `wrong` holds."""
        self.findings.add(wrong, self.cells[column], column, reason, what, remedy)

    def refuse(self, reason: Reason, what: str, remedy: str, column: str = "") -> None:
        """Record what makes the whole file one that can't be taken."""
        self.refusals.append(Failure(reason, what, self.sheet.shown, None, column, remedy))

    def kilograms(self, column: str, unit: str | pd.Series) -> pd.Series:
        """Return amounts in kg with the digits that were printed; failures are recorded.

        A blank is no amount and stays missing. A unit that is not known is refused: a factor
        of a thousand looks like any other number.
        """
        cells = self.cells[column]
        units = pd.Series(unit, index=cells.index) if isinstance(unit, str) else unit
        power = units.map(POWERS)
        strange = power.isna() & (cells != "")
        if strange.any():
            where = column if isinstance(unit, str) else str(unit.name)
            self.findings.add(
                strange,
                units,
                where,
                Reason.NOT_ALLOWED,
                lambda told: f"the unit {told!r} is not known",
                _UNIT,
            )
        number = convert(_column(column, Kind.AMOUNT), cells.mask(strange, ""), self.findings)
        return in_kilograms(cells.where(number >= 0, ""), power)

    def spread(self, columns: Sequence[str], unit: str) -> pd.DataFrame:
        """Return amounts that stand side by side, one row for each that is given.

        Parameters
        ----------
        columns : sequence of str
            Headings of amounts, as years.
        unit : str
            Of all of them.

        Returns
        -------
        DataFrame with columns column, kg
            Indexed by the row of the sheet, a row once for each amount; blanks are left out.
        """
        long = self.cells[list(columns)].melt(var_name="column", ignore_index=False)
        long = long[long["value"] != ""]
        numbers = pd.to_numeric(long["value"], errors="coerce")
        if unit in POWERS and ((numbers >= 0) & (numbers < float("inf"))).all():
            power = pd.Series(POWERS[unit], index=long.index)
            kg = in_kilograms(long["value"].reset_index(drop=True), power.reset_index(drop=True))
            return long[["column"]].assign(kg=kg.to_numpy())
        # Something is wrong: column by column it is told where.
        parts = [self.kilograms(name, unit).to_frame("kg").assign(column=name) for name in columns]
        return pd.concat(parts)[["column", "kg"]].dropna(subset="kg")

    def numbers(self, column: str) -> pd.Series:
        """Return plain numbers without unit, missing where blank; failures are recorded."""
        return convert(_column(column, Kind.AMOUNT), self.cells[column], self.findings)

    def years(self, column: str) -> pd.Series:
        """Return whole years; what is none is recorded, and 0."""
        as_year = _column(column, Kind.YEAR, minimum="1500", required=True)
        return convert(as_year, self.cells[column], self.findings).fillna(0).astype("int64")

    def places(self, column: str, also: Mapping[str, str] | None = None) -> pd.Series:
        """Return the entity of each name or code; what is not known is recorded."""
        cells = self.cells[column]
        told = cells.map(dict(also)).fillna(cells).astype("str") if also else cells
        return convert(_column(column, Kind.ENTITY, required=True), told, self.findings)

    def without_amount(
        self, keys: pd.Series, frame: pd.DataFrame, *, holder: pd.Series | str = ""
    ) -> None:
        """Keep rows that give a notation key instead of an amount: they say why there is none.

        Parameters
        ----------
        keys : Series of str
            The key of each row, NE, NO, NA, IE, C, NR ...; indexed as rows of the sheet.
        frame : DataFrame
            inventory, version, entity, year, scheme, category, medium of those rows.
        holder : Series of str or str
            Entity that holds the amount, where it stands elsewhere.
        """
        self.gaps.append(gap_rows(frame, keys, holder))

    def intervals(self, frame: pd.DataFrame, column: str) -> None:
        """Record a failure for each row whose amount lies outside its own interval.

        Parameters
        ----------
        frame : DataFrame with columns kg, low, high
            One row for each row of the sheet.
        column : str
            Heading that the failure names.
        """
        outside = (frame["kg"] < frame["low"]) | (frame["kg"] > frame["high"])
        self.fail(
            outside | (frame["low"] > frame["high"]),
            column,
            Reason.CONTRADICTION,
            lambda cell: f"{cell} does not lie between the lower and the upper end of its row",
            "Ask the publisher which of the three is right.",
        )

    def refuse_totals(self, differ: pd.Series, what: Callable[[object], str]) -> None:
        """Record that a total is not the sum of its rows, for each key where `differ` holds."""
        for key in differ.index[differ]:
            remedy = "Ask the publisher which is right; nothing of the file is taken."
            self.refuse(Reason.CONTRADICTION, what(key), remedy)

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
        refused = bool(self.refusals)
        read, apart = len(self.sheet.records), int(self.findings.bad.sum())
        source = source_id(self.form, self.sheet.path.stem, self.sheet.title)
        held = {}
        if not refused:
            held = {
                "emissions": self._taken("emissions", frame, source),
                "emission_gaps": self._taken("emission_gaps", _joined(self.gaps), source),
            }
        held = {name: rows for name, rows in held.items() if len(rows)}
        if held:
            told = {"sha256": sha256(self.sheet.path), "file": self.sheet.path.name}
            listed = pd.DataFrame([{"source": source, **about, **told}])
            held["sources"] = tables.tidy("sources", listed)
        apart = read if refused else apart
        passed = 0 if refused else sum(self.passed_over.values())
        counts = {
            "read": read,
            "taken": read - apart - passed,
            "set_apart": apart,
            "passed_over": passed,
            **self.passed_over,
            **control,
        }
        failures = sorted(
            [*self.refusals, *self.findings.failures], key=lambda one: (one.line or 0, one.cell)
        )
        notes = tuple(self.notes)
        return Loaded(self.form, self.sheet.shown, held, tuple(failures), counts, notes)

    def _taken(self, table: str, frame: pd.DataFrame, source: str) -> pd.DataFrame:
        """Return the rows of sound lines as a tidy table."""
        good = ~self.findings.bad.reindex(frame.index, fill_value=False)
        taken = frame[good]
        heading = int(self.sheet.lines[0]) - 1 if len(self.sheet.lines) else 1
        # What no row of the sheet says is said by the sheet as a whole: its heading.
        lines = self.findings.lines.reindex(taken.index, fill_value=heading)
        basis = taken.get("basis", "estimated")
        origin = self.sheet.origins(lines)
        return tables.tidy(table, taken.assign(source=source, basis=basis, origin=origin))


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts) if parts else pd.DataFrame(index=pd.Index([], dtype="int64"))


def _column(name: str, kind: Kind, minimum: str = "", *, required: bool = False) -> Column:
    return Column(name, kind, required, "", minimum, (), "", "")


def in_kilograms(cells: pd.Series, power: pd.Series) -> pd.Series:
    """Return printed numbers times a power of ten each, without noise of binary fractions.

    Parameters
    ----------
    cells : Series of str
        Plain numbers, with an exponent or without; blank where there is none.
    power : Series of int
        In the index of `cells`.

    Examples
    --------
    >>> in_kilograms(pd.Series(["0.1", "2.5e-05", ""]), pd.Series([3, 6, 3])).tolist()
    [100.0, 25.0, nan]
    """
    exponent = cells.str.contains("e", case=False, regex=False)
    if exponent.any():
        halves = cells[exponent].str.lower().str.split("e", n=1, expand=True)
        cells = cells.mask(exponent, halves[0].reindex(cells.index))
        power = power.add(pd.to_numeric(halves[1]).reindex(cells.index, fill_value=0))
    return scaled(cells, power)


def differing(total: pd.Series, parts: pd.Series) -> pd.Series:
    """Tell where a published total differs from the sum of its parts.

    Examples
    --------
    >>> differing(pd.Series([10.0, 10.0]), pd.Series([10.0000001, 9.0])).tolist()
    [False, True]
    """
    return (total - parts).abs() > AGREES * total.abs().clip(lower=1e-12)
