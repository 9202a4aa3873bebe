"""Numbers as people write them into a form: understood without a doubt, or refused.

"12,5 t", "1 200 kg" and "US$ 1,200.50" can mean one thing only. "1,200" can mean two, and
is refused. Mass is brought to kg by moving the decimal point of the text, so that 12.3 t is
exactly the number nearest to 12,300 kg.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.errors import Reason
from evalkit.reference import words
from evalkit.reference.words import UNITS

if TYPE_CHECKING:
    from evalkit.sources.convert import Findings

_PLAIN = r"\d{1,300}(?:\.\d{1,300})?"
_PARTS = re.compile(
    r"(?P<before>[^\d+\-.,]*)(?P<number>[+\-\u2212]?[\d.,][\d.,'\s]*(?:[eE][+-]?\d{1,3})?)"
    r"(?P<after>[^\d]*)"
)
_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{3})+")
_BLANKS = re.compile(r"[\s'\u2019\u00a0\u202f]")
_BY_BLANKS = re.compile(r"[+\-\u2212]?\d{1,3}([\s'\u2019]\d{3})+(?:[.,]\d+)?")
LARGEST = Decimal("1e15")  # no mass, count or sum of money in a report comes near it
_REMEDY = "Write digits with a decimal point and no thousands separator."


@dataclass(frozen=True, slots=True)
class Written:
    """What a cell says: its digits with a decimal point, its unit, or why it says nothing."""

    digits: str = ""
    unit: str = ""
    problem: str = ""  # no_number, two_readings, negative, unknown_unit, too_large


def understood(cell: str) -> Written:
    """Return what one cell says.

    Parameters
    ----------
    cell : str
        A number, a unit before or after it, or no number.

    Returns
    -------
    Written
        Digits and unit, or the problem.

    Examples
    --------
    >>> understood("12,5 t")
    Written(digits='12.5', unit='t', problem='')
    >>> understood("1 200 kg").digits, understood("US$ 1,200.50").digits
    ('1200', '1200.50')
    >>> understood("1,200").problem
    'two_readings'
    """
    hit = _PARTS.fullmatch(cell.replace("\u00a0", " ").replace("\u202f", " ").strip())
    if not hit:
        return Written(problem="no_number")
    told = [part.strip() for part in (hit["before"], hit["after"]) if part.strip()]
    units = [words.unit(part) for part in told]
    if len(told) > 1 or "" in units:
        return Written(problem="unknown_unit")
    digits, problem = _digits(hit["number"].strip())
    return Written(digits, units[0] if units else "", problem)


def _digits(number: str) -> tuple[str, str]:
    if _BLANKS.search(number):
        if not _BY_BLANKS.fullmatch(number):
            return "", "no_number"
        number = _BLANKS.sub("", number)
        # After blanks between thousands a comma can only be a decimal one.
        number = number.replace(",", ".")
    text, problem = _with_point(number.replace("\u2212", "-"))
    if problem:
        return "", problem
    try:
        value = Decimal(text)
    except InvalidOperation:
        return "", "no_number"
    if value < 0:
        return "", "negative"
    return ("", "too_large") if value > LARGEST else (format(value, "f"), "")


def _with_point(number: str) -> tuple[str, str]:
    """Return a number with a decimal point and nothing between thousands, or the problem."""
    points, commas = number.count("."), number.count(",")
    if not commas and points <= 1:
        return number, ""
    if points and commas:
        thousands, decimal = (",", ".") if number.rfind(".") > number.rfind(",") else (".", ",")
        whole, _, part = number.rpartition(decimal)
        grouped = _GROUPS.fullmatch(whole.lstrip("+-"))
        fits = grouped is not None and decimal not in whole
        return (f"{whole.replace(thousands, '')}.{part}", "") if fits else ("", "no_number")
    mark = "," if commas else "."
    if number.count(mark) > 1:
        fits = _GROUPS.fullmatch(number.lstrip("+-")) is not None
        return (number.replace(mark, ""), "") if fits else ("", "no_number")
    whole, _, part = number.partition(",")
    if len(part) == 3 and whole.lstrip("+-0") and len(whole.lstrip("+-")) <= 3:
        return "", "two_readings"
    return f"{whole}.{part}", ""


def amounts(
    cells: pd.Series, units: pd.Series, asked: pd.Series, findings: Findings, *, unit_asked: bool
) -> tuple[pd.Series, pd.Series]:
    """Return numbers in the units of evalkit, and those units.

    Parameters
    ----------
    cells, units : Series of str
        The number of each row, and its unit where that is given beside it; neither is checked.
    asked : Series of str
        The unit that the question asks in: t, kg, count or USD; blank for any.
    findings : Findings
        Receives a failure for each cell that can't be taken.
    unit_asked : bool
        Whether a number without a unit is in the unit that is asked for, as in a form; a mass
        is refused without a unit else.

    Returns
    -------
    values : Series of float64
        kg, count or US$; missing where refused.
    units : Series of str
        kg, count or USD; blank where refused.
    """
    digits, own = cells.where(cells.str.fullmatch(_PLAIN), ""), _unit_codes(units)
    odd = digits == ""
    said = {cell: understood(cell) for cell in cells[odd].unique()}
    inside = pd.Series("", index=cells.index, dtype="str")
    if said:
        digits = digits.where(~odd, cells.map({c: w.digits for c, w in said.items()})).fillna("")
        inside = inside.where(~odd, cells.map({c: w.unit for c, w in said.items()})).fillna("")
        _refuse_numbers(cells, cells.map({c: w.problem for c, w in said.items()}), findings)
    unit = _agreed(cells, units, own, inside, findings)
    if unit_asked:
        unit = unit.where(unit != "", asked)
    else:
        _refuse_no_unit(cells, unit, asked, findings)
        unit = unit.where((unit != "") | (asked == "t") | (asked == "kg"), asked)
    kept, power = _kept(unit), unit.map({u: p for u, (_, p) in UNITS.items()})
    _refuse_other_kind(cells, unit, kept, asked, findings)
    values = scaled(digits, power)
    whole = (kept != "count") | values.isna() | (values % 1 == 0)
    findings.add(
        ~whole,
        cells,
        "value",
        Reason.NOT_A_NUMBER,
        lambda cell: f"{cell!r} is a count, and must be a whole number",
    )
    good = ~findings.bad[cells.index]
    return values.where(good), kept.where(good, "")


def _unit_codes(units: pd.Series) -> pd.Series:
    return units.map({told: words.unit(told) for told in units.unique()}).astype("str")


def _kept(unit: pd.Series) -> pd.Series:
    return unit.map({"": "", **{u: k for u, (k, _) in UNITS.items()}}).astype("str")


def _refuse_numbers(cells: pd.Series, problem: pd.Series, findings: Findings) -> None:
    findings.add(
        problem == "no_number",
        cells,
        "value",
        Reason.NOT_A_NUMBER,
        lambda cell: f"{cell!r} is no number that can be read",
        _REMEDY,
    )
    findings.add(
        problem == "two_readings",
        cells,
        "value",
        Reason.NOT_A_NUMBER,
        lambda cell: f"{cell!r} has two readings: thousands, or a decimal comma",
        _REMEDY,
    )
    findings.add(
        problem == "negative",
        cells,
        "value",
        Reason.NEGATIVE,
        lambda cell: f"{cell!r} can't be negative",
    )
    findings.add(
        problem == "unknown_unit",
        cells,
        "value",
        Reason.NOT_A_NUMBER,
        lambda cell: f"{cell!r} has words beside the number that are no known unit",
        "Write the number alone, or with one of: t, kg, g, US$.",
    )
    findings.add(
        problem == "too_large",
        cells,
        "value",
        Reason.NOT_A_NUMBER,
        lambda cell: f"{cell!r} is larger than any amount can be",
        _REMEDY,
    )


def _agreed(
    cells: pd.Series, units: pd.Series, own: pd.Series, inside: pd.Series, findings: Findings
) -> pd.Series:
    """Return the unit of the cell or of the column beside it; refused where they differ."""
    findings.add(
        (units != "") & (own == ""),
        units,
        "unit",
        Reason.NOT_ALLOWED,
        lambda cell: f"unit is {cell!r}, which is not known",
        "Write one of: t, kg, g, count, USD.",
    )
    findings.add(
        (own != "") & (inside != "") & (own != inside),
        cells + " and " + own,
        "unit",
        Reason.CONTRADICTION,
        lambda cell: f"the unit stands twice and differs: {cell}",
        "Write the number alone.",
    )
    return inside.where(inside != "", own)


def _refuse_no_unit(
    cells: pd.Series, unit: pd.Series, asked: pd.Series, findings: Findings
) -> None:
    findings.add(
        (unit == "") & asked.isin(["t", "kg"]),
        cells,
        "unit",
        Reason.MISSING_VALUE,
        lambda cell: f"{cell!r} is a mass without a unit",
        "Write kg or t into the column unit.",
    )


def _refuse_other_kind(
    cells: pd.Series, unit: pd.Series, kept: pd.Series, asked: pd.Series, findings: Findings
) -> None:
    findings.add(
        (asked != "") & (unit != "") & (kept != _kept(asked)),
        cells + ", in " + unit + " and not " + asked,
        "unit",
        Reason.NOT_ALLOWED,
        lambda cell: f"the amount is {cell}",
        "Give the number in the unit that the question asks for.",
    )


def scaled(digits: pd.Series, power: pd.Series) -> pd.Series:
    """Return the numbers times powers of ten, each the nearest to its decimal text."""
    import pyarrow as pa

    known = (digits != "") & power.notna()
    text = digits[known] + "e" + power[known].astype("int64").astype("str")
    values = pd.Series(np.nan, index=digits.index, dtype="float64")
    values[known] = pa.array(text, type=pa.string()).cast(pa.float64()).to_numpy()
    return values
