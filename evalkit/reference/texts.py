"""Texts of the interface by key, one gettext catalogue for each language.

A text is named by a key (`status.not_due`), never by its English wording, so that wording
can change without touching code. Catalogues are data/texts/<language>/<subject>.po.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from evalkit.errors import EvalkitError, Reason
from evalkit.reference import paths


def files(language: str = "*") -> list[Path]:
    """Return the files of a language's catalogue, one for each subject; of all when left out."""
    return sorted((paths.data() / "texts").glob(f"{language}/*.po"))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, English first."""
    found = sorted({path.parent.name for path in files()})
    return tuple(sorted(found, key=lambda code: code != "en"))


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
        Key to text.

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
    from babel.messages.pofile import read_po

    found: dict[str, str] = {}
    for path in files(language):
        with path.open("rb") as file:
            found |= {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return found


def text(key: str, language: str = "en", **values: object) -> str:
    """Return the text of a key, with `{names}` in it filled from `values`.

    Parameters
    ----------
    key : str
        Key of the catalogue, as ``status.ok``.
    language : str
        A member of `languages`.
    **values
        What the text's placeholders stand for.

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
    found = catalogue(language).get(key)
    if found is None:
        raise EvalkitError(
            f"There is no text for the key {key!r}.",
            reason=Reason.UNKNOWN_PARAMETER,
            where=f"data/texts/{language}",
            remedy="Add the key to the catalogue.",
        )
    return found.format(**values) if values else found


def known(key: str, language: str = "en") -> str:
    """Return the text of a key that data may have made; empty where the catalogue has none.

    Examples
    --------
    >>> known("status.not_due"), known("status.of another form")
    ('Not due', '')
    """
    return catalogue(language).get(key, "")
