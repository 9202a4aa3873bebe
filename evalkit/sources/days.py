"""Days as lists print them, read only where they can mean one day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?", re.ASCII)
_ODATA = re.compile(r"\\?/Date\((-?\d{1,15})([+-]\d{4})?\)\\?/", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(text: str) -> str:
    """Return a printed day as 2020-12-31, or the text itself where it means no single day.

    Parameters
    ----------
    text : str
        As 2020-12-31, 2020-12-31T09:00:00Z (the day as printed), /Date(1609372800000)/ (the
        day in UTC), 31 Dec 2020, December 31, 2020, 31/12/2020 or 12/31/2020. Where day and
        month could change places, as in 03/04/2021, nothing is guessed.

    Returns
    -------
    str
        The reader of cells refuses what is no day.

    Examples
    --------
    >>> iso("10 Oct 2013"), iso("/Date(1640908800000)/"), iso("12/31/2020"), iso("03/04/2021")
    ('2013-10-10', '2021-12-31', '2020-12-31', '03/04/2021')
    """
    plain = " ".join(text.split())
    found = _by_name(plain.casefold()) or _by_numbers(plain)
    return found.isoformat() if found else text


def iso_days(cells: pd.Series) -> pd.Series:
    """Return a column of printed days as `iso` does; each spelling is read once."""
    return cells.map({cell: iso(cell) for cell in cells.unique()})


def ambiguous(text: str) -> bool:
    """Tell whether day and month could change places.

    Examples
    --------
    >>> ambiguous("03/04/2021"), ambiguous("04/04/2021"), ambiguous("31/12/2020")
    (True, False, False)
    """
    numbers = _NUMBERS.fullmatch(text.strip())
    if not numbers:
        return False
    first, second = int(numbers[1]), int(numbers[3])
    return first != second and 1 <= first <= 12 and 1 <= second <= 12


def _by_name(text: str) -> date | None:
    if match := _DAY_FIRST.fullmatch(text):
        return _date(match[3], _month(match[2]), match[1])
    if match := _MONTH_FIRST.fullmatch(text):
        return _date(match[3], _month(match[1]), match[2])
    return None


def _month(word: str) -> int:
    """Return the number of a month by its English name or a beginning of it, else 0."""
    word = "sep" if word == "sept" else word
    hits = [number for number, name in enumerate(_MONTHS, 1) if word == name or word == name[:3]]
    return hits[0] if hits else 0


def _by_numbers(text: str) -> date | None:
    if match := _ISO.fullmatch(text):
        return _date(match[1], match[2], match[3])
    if match := _ODATA.fullmatch(text):
        try:
            return (_EPOCH + timedelta(milliseconds=int(match[1]))).date()
        except OverflowError:
            return None
    match = _NUMBERS.fullmatch(text)
    if not match or ambiguous(text):
        return None
    first, second, year = match[1], match[3], match[4]
    return _date(year, second, first) or _date(year, first, second)


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
