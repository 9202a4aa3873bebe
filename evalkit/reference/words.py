"""The words that stand for a choice or a unit in answers, from data/reference/answer_words.csv.

A word that is not in that table is never guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from evalkit.reference.names import normal_form
from evalkit.reference.rows import rows

# Unit given, unit kept, and by which power of ten the number is multiplied.
UNITS = {"t": ("kg", 3), "kg": ("kg", 0), "g": ("kg", -3), "count": ("count", 0), "USD": ("USD", 0)}
LANGUAGES = ("en", "fr", "es")  # those in which every choice has a word
SIMULATED_MARK = "SIMULATED:"  # begins the remark in a form whose answers are invented


@cache
def _of_choices() -> Mapping[str, tuple[str, ...]]:
    """Return the words of each choice, as `normal_form` compares them."""
    found: dict[str, dict[str, None]] = {}
    for row in rows("answer_words.csv"):
        if row["kind"] == "choice":
            found.setdefault(row["code"], {})[normal_form(row["word"])] = None
    return {code: tuple(words) for code, words in found.items()}


@cache
def spellings(choices: tuple[str, ...]) -> Mapping[str, str]:
    """Return the choice of each spelling, compared by `normal_form`; codes are spellings too.

    A word that stands for two of the choices is left out.

    Examples
    --------
    >>> spellings(("yes", "no"))["oui"], spellings(("not_yet",))["not yet"]
    ('yes', 'not_yet')
    """
    pairs = [(word, code) for code in choices for word in _of_choices().get(code, ())]
    meant: dict[str, set[str]] = {}
    for word, code in pairs:
        meant.setdefault(word, set()).add(code)
    told = {word: code for word, code in pairs if len(meant[word]) == 1}
    own = {normal_form(form): code for code in choices for form in (code, code.replace("_", " "))}
    return MappingProxyType({**told, **own})


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
    return spellings(allowed).get(normal_form(word.replace("_", " ")).strip(" '"), "")


@cache
def unit_spellings() -> Mapping[str, str]:
    """Return the unit of each word for it, in small letters and as it is written.

    Examples
    --------
    >>> unit_spellings()["us$"], unit_spellings()["tonnes"]
    ('USD', 't')
    """
    words = {row["word"].lower(): row["code"] for row in rows("answer_words.csv")}
    told = {word: code for word, code in words.items() if code in UNITS}
    return MappingProxyType({**told, **{code.lower(): code for code in UNITS}})


@cache
def _units() -> Mapping[str, str]:
    return {normal_form(word): code for word, code in unit_spellings().items()}


def unit(word: str) -> str:
    """Return the unit that a word stands for, or blank where there is none.

    Examples
    --------
    >>> unit("Tonnes"), unit("kg"), unit("US$"), unit("lb")
    ('t', 'kg', 'USD', '')
    """
    return _units().get(normal_form(word), "")


@cache
def _preferred() -> Mapping[tuple[str, str], str]:
    return {
        (row["code"], row["language"]): row["word"]
        for row in reversed(rows("answer_words.csv"))
        if row["preferred"] == "Y"
    }


def shown(code: str, language: str) -> str:
    """Return the word that a form prints for a choice; the code in words where there is none.

    Examples
    --------
    >>> shown("not_yet", "fr"), shown("made_up", "en")
    ('Pas encore', 'Made up')
    """
    return _preferred().get((code, language), code.replace("_", " ").capitalize())
