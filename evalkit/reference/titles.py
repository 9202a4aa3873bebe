"""What rows of the reference data are called in a language.

English stands in the tables themselves; other languages have it in their catalogues, under keys
that follow from the row (`theme.waste.title`, `category.NFR14.1A1a`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from evalkit.reference import paths
from evalkit.reference.rows import rows
from evalkit.reference.texts import ENGLISH, known


@dataclass(frozen=True, slots=True)
class Kind:
    """Where the English titles of a kind of row stand, and the form of their keys."""

    files: tuple[str, ...]
    id: str
    column: str = "title"
    form: str = "{kind}.{id}"


KINDS = {
    "place": Kind(("groups.csv", "parties.csv", "areas.csv"), "entity|iso3", "title|name"),
    "theme": Kind(("themes.csv",), "theme", form="{kind}.{id}.title"),
    "article": Kind(("articles.csv",), "article"),
    "clause": Kind(("clauses.csv",), "clause"),
    "cycle": Kind(("cycles.csv",), "cycle"),
    "evaluation_question": Kind(("evaluation_questions.csv",), "question", "gist"),
    "category": Kind(("categories.csv",), "scheme.category"),
    "question": Kind(("questions/mc-1-8.csv", "questions/mc-5-13.csv"), "question"),
}


@cache
def english(kind: str) -> dict[str, str]:
    """Return the English titles of a kind of row by id; of a category by `<scheme>.<category>`.

    Examples
    --------
    >>> english("theme")["levels"], english("category")["NFR14.1A3c"]
    ('Levels in the environment and in people', 'Railways')
    """
    what, found = KINDS[kind], dict[str, str]()
    for name in what.files:
        if not paths.reference(name).is_file():
            continue
        for row in rows(name):
            titled = next(row[one] for one in what.column.split("|") if one in row)
            found.setdefault(_id(row, what.id), titled)
    return found


def _id(row: Mapping[str, str], names: str) -> str:
    if "." in names:
        return ".".join(row[one] for one in names.split("."))
    return next(row[one] for one in names.split("|") if one in row)


@cache
def keys() -> dict[str, str]:
    """Return the key of every title with its English, as each other language has to have it."""
    return {
        key(kind, one): titled
        for kind in KINDS
        for one, titled in english(kind).items()
        if titled
    }  # fmt: skip


def key(kind: str, name: str) -> str:
    """Return the key of a title in the catalogues.

    Examples
    --------
    >>> key("theme", "levels"), key("place", "GHA")
    ('theme.levels.title', 'place.GHA')
    """
    return KINDS[kind].form.format(kind=kind, id=name)


def title(kind: str, name: str, language: str = ENGLISH, *, given: str | None = None) -> str:
    """Return what a row of the reference data is called.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    name : str
        Its id; of a category `<scheme>.<category>`.
    language : str
        A member of `evalkit.reference.texts.languages`.
    given : str, optional
        The title that a table of an edition has. Where it is not the one that was translated,
        it is shown as it is: a translation of other words would be wrong.

    Returns
    -------
    str
        The title; empty where there is no such row.

    Examples
    --------
    >>> title("article", "20"), title("article", "99")
    ('Implementation plans', '')
    >>> title("question", "13.2", given="Another wording")
    'Another wording'
    """
    own = english(kind).get(name, "")
    if given is not None and given != own:
        return given
    if language == ENGLISH or not own:
        return own
    return known(key(kind, name), language) or own
