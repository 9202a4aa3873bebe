"""Codes of countries and territories: ISO 3166-1 of two letters, and numbers of M49."""

from __future__ import annotations

from functools import cache

from evalkit.reference.names import codes
from evalkit.reference.rows import rows


@cache
def by_iso2() -> dict[str, str]:
    """Return ISO3 by the code of two letters; EU stands for the European Union.

    Examples
    --------
    >>> by_iso2()["NA"], by_iso2()["EU"]
    ('NAM', 'EUE')
    """
    return {row["iso2"]: row["iso3"] for row in rows("codes.csv")}


@cache
def by_m49() -> dict[int, str]:
    """Return ISO3 by the number of M49; groups of countries have numbers that are not here.

    Examples
    --------
    >>> by_m49()[4]
    'AFG'
    """
    return {int(row["m49"]): row["iso3"] for row in rows("codes.csv") if row["m49"]}


def spelled_out(text: str) -> str:
    """Return ISO3 for a code of two or three letters in any case, else the text itself.

    Parameters
    ----------
    text : str
        A code or a name. ``NA`` is Namibia.

    Returns
    -------
    str
        For `evalkit.reference.names.resolve`, which tells whether it is known.

    Examples
    --------
    >>> spelled_out("FM"), spelled_out("at"), spelled_out("sen"), spelled_out("Peru")
    ('FSM', 'AUT', 'SEN', 'Peru')
    """
    code = text.strip().upper()
    if len(code) == 2:
        return by_iso2().get(code, text)
    return code if len(code) == 3 and code in codes() else text
