"""Numbers, days and units as people read them, in one place for all views."""

from __future__ import annotations

import math
from datetime import date, datetime

from evalkit.reference import locales
from evalkit.reference.texts import text

TONNE = 1000.0  # kg
LARGE = 100_000.0  # from here on decimals do not matter
_FRACTIONS = ("share", "points", "progress", "ratio")  # how units of fractions begin


def value(number: float, unit: str, language: str = "en") -> str:
    """Return a value with its unit, as a sentence or a hover would say it.

    Parameters
    ----------
    number : float
        The value in the unit of the results table.
    unit : str
        Parties, share, USD or kg; or what `evalkit.results.measure` makes of one.
    language : str
        A member of `evalkit.reference.texts.languages`.

    Returns
    -------
    str
        Shares as percentages, money in millions of US$, mass in tonnes; empty for NaN.

    Examples
    --------
    >>> value(91 / 114, "share"), value(391636029, "USD"), value(2389800, "kg")
    ('79.8 %', 'US$ 391.6 million', '2,389.8 t')
    >>> value(0.043, "points")
    '+4.3 percentage points'
    """
    if math.isnan(number):
        return ""
    if unit.startswith("share"):
        return locales.percent(number, language=language)
    if unit == "progress":
        return text("number.progress", language, number=plain(number * 100, ",.0f", language))
    if unit.startswith("points"):
        return points(number, language)
    if unit == "USD":
        return _money(number, language)
    if unit == "kg":
        return _mass(number, language)
    return plain(number, ",.0f" if number == round(number) else ",.4g", language)


def plain(number: float, form: str = ",.0f", language: str = "en") -> str:
    """Return a number as the language writes it; `form` is how Python would.

    Examples
    --------
    >>> plain(1234.5, ",.1f"), plain(1234.5, ",.1f", "es")
    ('1,234.5', '1.234,5')
    """
    return locales.number(number, form, language)


def points(number: float, language: str = "en") -> str:
    """Return a difference of two shares in percentage points, with its sign."""
    return text("number.points", language, number=plain(number * 100, "+.1f", language))


def change(fraction: float, language: str = "en") -> str:
    """Return a change as a signed percentage.

    Examples
    --------
    >>> change(0.043), change(-0.5)
    ('+4.3 %', '-50.0 %')
    """
    return locales.percent(fraction, "+.1f", language)


def dollars(number: float, language: str = "en") -> str:
    """Return an amount of US$ with its cents."""
    return text("number.usd", language, number=plain(number, ",.2f", language))


def _money(number: float, language: str) -> str:
    if abs(number) < 1e6:
        return text("number.usd", language, number=plain(number, language=language))
    return text("number.million_usd", language, number=plain(number / 1e6, ",.1f", language))


def _mass(number: float, language: str) -> str:
    if abs(number) < TONNE:
        return text("number.kg", language, number=plain(number, ",.4g", language))
    return text("number.tonnes", language, number=plain(number / TONNE, ",.1f", language))


def span(low: float, high: float, unit: str, language: str = "en") -> str:
    """Return a range of values with its unit once; `low` 0 reads "up to".

    Examples
    --------
    >>> span(1e6, 1e7, "USD"), span(0, 10000, "kg")
    ('1 to 10 million US$', 'up to 10 t')
    """
    divisor, key = {
        "USD": (1e6, "number.millions"),
        "kg": (TONNE, "number.tonnes"),
        "share": (0.01, "number.percents"),
    }.get(unit, (1.0, "number.plain"))
    high_text = plain(high / divisor, ",.6g", language)
    if low == 0:
        ends = text("number.up_to", language, number=high_text)
    else:
        low_text = plain(low / divisor, ",.6g", language)
        ends = text("number.range", language, low=low_text, high=high_text)
    return text(key, language, number=ends)


def exact(number: float, unit: str, language: str = "en") -> str:
    """Return a value with all the digits that matter, for tables and exports.

    Examples
    --------
    >>> exact(391636029.4, "USD"), exact(0.798245, "share")
    ('391,636,029', '0.7982')
    >>> exact(0.75, "kg"), exact(2389.8, "kg")
    ('0.75', '2,389.8')
    """
    if math.isnan(number):
        return ""
    if unit.startswith(_FRACTIONS):
        return plain(number, ".4f", language)
    whole = number == round(number) or abs(number) >= LARGE
    return plain(number, ",.0f" if whole else ",.6g", language)


def bounded(number: float, low: float, high: float, unit: str, language: str = "en") -> str:
    """Return a value with its bounds: "at least" where only the lower one is known."""
    shown = value(number, unit, language)
    if math.isnan(low) and math.isnan(high):
        return shown
    if math.isnan(high):
        return text("number.at_least", language, number=shown)
    if low == high:
        return shown
    ends = value(low, unit, language), value(high, unit, language)
    return text("number.between", language, number=shown, low=ends[0], high=ends[1])


def day(when: date | datetime | str, language: str = "en") -> str:
    """Return a day in words.

    Examples
    --------
    >>> day("2020-10-02")
    '2 October 2020'
    """
    found = date.fromisoformat(when[:10]) if isinstance(when, str) else when
    return locales.day(found, language)
