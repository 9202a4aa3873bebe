"""Texts of the interface by key, one gettext catalogue for each language.

A text is named by a key (`status.not_due`), never by its English wording, so that wording
can change without touching code. Catalogues are data/texts/<language>/<subject>.po. A text
whose grammar hangs on a number has a form for each kind of number (`plural`). Tests demand
every key in every language; a page meanwhile shows English for one that is not there.
"""

from __future__ import annotations

from functools import cache
from numbers import Integral
from pathlib import Path

from evalkit.errors import EvalkitError, Reason
from evalkit.reference import locales, paths

ENGLISH = "en"


def files(language: str = "*") -> list[Path]:
    """Return the files of a language's catalogue, one for each subject; of all when left out."""
    return sorted((paths.data() / "texts").glob(f"{language}/*.po"))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, English first."""
    found = sorted({path.parent.name for path in files()})
    return tuple(sorted(found, key=lambda code: code != ENGLISH))


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return all texts of a language by key.

    Parameters
    ----------
    language : str
        A member of `languages`.

    Returns
    -------
    dict of str to str
        Key to text; of a text with plural forms the last one.

    Raises
    ------
    EvalkitError
        There is no catalogue of that language.
    """
    if language not in languages():
        raise EvalkitError(
            f"There are no texts in the language {language!r}.",
            reason=Reason.UNKNOWN_PARAMETER,
            where="data/texts",
            remedy=f"Choose one of: {', '.join(languages())}.",
        )
    return {key: forms[-1] for key, forms in messages(language).items()}


@cache
def messages(language: str) -> dict[str, tuple[str, ...]]:
    """Return the forms of every text of a language by key: one, but for plural texts."""
    from babel.messages.pofile import read_po

    found: dict[str, tuple[str, ...]] = {}
    for path in files(language):
        with path.open("rb") as file:
            for one in read_po(file):
                key = one.id[0] if isinstance(one.id, tuple) else one.id
                forms = one.string if isinstance(one.string, tuple) else (one.string,)
                if key and all(forms):
                    found[str(key)] = tuple(map(str, forms))
    return found


def text(key: str, language: str = ENGLISH, **values: object) -> str:
    """Return the text of a key, with `{names}` in it filled from `values`.

    Parameters
    ----------
    key : str
        Key of the catalogue, as ``status.ok``.
    language : str
        A member of `languages`.
    **values
        What the text's placeholders stand for; whole numbers are written as the language does.

    Returns
    -------
    str
        The text.

    Raises
    ------
    EvalkitError
        The language or the key is not in the catalogues.

    Examples
    --------
    >>> text("status.not_due")
    'Not due'
    """
    found = _forms(key, language)[-1]
    return found.format(**_written(values, language)) if values else found


def plural(key: str, count: int, language: str = ENGLISH, /, **values: object) -> str:
    """Return the form of a text that goes with a number, which it holds as `{n}`.

    Parameters
    ----------
    key : str
        Key of a text with plural forms.
    count : int
        The number that decides the form, by the plural rules of the CLDR; missing is none.
    language : str
        A member of `languages`.
    **values
        What the text's placeholders stand for; `n` too where it is not the number that decides.

    Returns
    -------
    str
        The text, its number written as the language writes it.

    Raises
    ------
    EvalkitError
        The key is not in the catalogues.

    Examples
    --------
    >>> plural("projects.all", 1), plural("projects.all", 1234)
    ('1 project', '1,234 projects')
    """
    forms = _forms(key, language)
    # A text that was not given its forms yet has one, whatever the number.
    place = min(locales.plural_form(count, language), len(forms) - 1)
    return forms[place].format(**_written({"n": count, **values}, language))


def _written(values: dict[str, object], language: str) -> dict[str, object]:
    """Return values as the language writes them: whole numbers, names in other scripts."""
    return {name: _one(value, language) for name, value in values.items()}


def _one(value: object, language: str) -> object:
    if isinstance(value, Integral):
        return locales.number(int(value), ",d", language)
    return locales.isolated(value, language) if isinstance(value, str) else value


def _forms(key: str, language: str) -> tuple[str, ...]:
    found = messages(language).get(key) or messages(ENGLISH).get(key)
    if found is None:
        raise EvalkitError(
            f"There is no text for the key {key!r}.",
            reason=Reason.UNKNOWN_PARAMETER,
            where=f"data/texts/{language}",
            remedy="Add the key to the catalogue.",
        )
    return found


def known(key: str, language: str = ENGLISH) -> str:
    """Return the text of a key that data may have made; empty where the catalogue has none.

    Examples
    --------
    >>> known("status.not_due"), known("status.of another form")
    ('Not due', '')
    """
    return catalogue(language).get(key, "")
