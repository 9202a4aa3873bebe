"""The words that stand for a choice or a unit in answers, from data/reference/answer_words.csv.

A word that is not in that table is never guessed at.
"""

from __future__ import annotations

from functools import cache

from evalkit.reference.names import normal_form
from evalkit.reference.rows import rows

# Unit given, unit kept, and by which power of ten the number is multiplied.
UNITS = {"t": ("kg", 3), "kg": ("kg", 0), "g": ("kg", -3), "count": ("count", 0), "USD": ("USD", 0)}
LANGUAGES = ("en", "fr", "es")  # those in which every choice has a word


@cache
def _choices() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows("answer_words.csv"):
        if row["kind"] == "choice":
            found.setdefault(normal_form(row["word"]), set()).add(row["code"])
    return {word: frozenset(codes) for word, codes in found.items()}


@cache
def _units() -> dict[str, str]:
    words = {normal_form(r["word"]): r["code"] for r in rows("answer_words.csv")}
    told = {word: code for word, code in words.items() if code in UNITS}
    return {**told, **{normal_form(code): code for code in UNITS}}


def choice(word: str, allowed: tuple[str, ...]) -> str:
    """Return the code among `allowed` that a word stands for, or blank where there is none.

    Case, accents, outer punctuation and blanks do not matter.

    Examples
    --------
    >>> choice("Oui.", ("yes", "no")), choice("SI", ("yes", "no")), choice("maybe", ("yes", "no"))
    ('yes', 'yes', '')
    """
    if word in allowed:
        return word
    form = normal_form(word.replace("_", " ")).strip(" '")
    own = {normal_form(code.replace("_", " ")): code for code in allowed}
    fits = [code for code in allowed if code in _choices().get(form, ())]
    return own.get(form) or (fits[0] if len(fits) == 1 else "")


def unit(word: str) -> str:
    """Return the unit that a word stands for, or blank where there is none.

    Examples
    --------
    >>> unit("Tonnes"), unit("kg"), unit("US$"), unit("lb")
    ('t', 'kg', 'USD', '')
    """
    return _units().get(normal_form(word), "")


def shown(code: str, language: str) -> str:
    """Return the word that a form prints for a choice; the code where there is none."""
    for row in rows("answer_words.csv"):
        if row["code"] == code and row["language"] == language and row["preferred"] == "Y":
            return row["word"]
    return code
