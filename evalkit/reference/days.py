"""Calendar days as people give them, and the day before which there was no Convention."""

from __future__ import annotations

import re
from datetime import date, datetime

from evalkit.errors import EvalkitError, Reason

OPENED_FOR_SIGNATURE = "2013-10-10"  # treaty of 2013, Kumamoto
_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")


def iso_day(value: str | date) -> str:
    """Return a day as text like 2020-12-31, or refuse what is none.

    Parameters
    ----------
    value : str or date
        A time of day is left out.

    Returns
    -------
    str
        Year, month and day.

    Raises
    ------
    EvalkitError
        It is no day, or is written otherwise.

    Examples
    --------
    >>> iso_day("2020-02-29")
    '2020-02-29'
    >>> iso_day("2019-02-29")
    Traceback (most recent call last):
    ...
    evalkit.errors.EvalkitError: '2019-02-29' is no day. Write days as 2020-12-31.
    """
    if isinstance(value, datetime):
        value = value.date()
    text = str(value).strip()
    try:
        if _SHAPE.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise EvalkitError(
        f"{str(value)!r} is no day.", reason=Reason.NOT_A_DAY, remedy="Write days as 2020-12-31."
    )
