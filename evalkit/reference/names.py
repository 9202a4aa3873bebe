"""From the many spellings of a country or region to the one id.

Matching is on whole names: "Guinea" is never found inside "Guinea-Bissau".
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from evalkit.errors import Reason, UnknownNameError
from evalkit.reference.rows import rows

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'"})
_PUNCTUATION = re.compile(r"[^\w' ]+", re.UNICODE)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Place:
    """What a spelling stands for.

    `entity` is an ISO3 code or a region token; `kind` one of country, territory, legacy,
    organisation, region, global, regional_marker.
    """

    entity: str
    kind: str


def normal_form(name: str) -> str:
    """Return the form in which names are compared.

    Character entities are resolved, accents and case dropped, punctuation and blanks unified.

    Examples
    --------
    >>> normal_form("C&ocirc;te  d\u2019Ivoire") == normal_form("Cote d'Ivoire")
    True
    """
    text = html.unescape(html.unescape(name)).translate(_APOSTROPHES)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    text = _PUNCTUATION.sub(" ", text.replace("&", " and "))
    return _SPACES.sub(" ", text).strip()


@cache
def _index() -> dict[str, Place]:
    return {normal_form(r["name"]): Place(r["entity"], r["kind"]) for r in rows("names.csv")}


@cache
def codes() -> dict[str, Place]:
    """Return what each ISO3 code or region token stands for."""
    return {place.entity: place for place in _index().values()}


def resolve(name: str) -> Place:
    """Return the place that a spelling or an id stands for.

    Parameters
    ----------
    name : str
        Any spelling in data/reference/names.csv, or an ISO3 code or token.

    Returns
    -------
    Place
        Its id and kind.

    Raises
    ------
    UnknownNameError
        The whole name is not known; the message lists the nearest known names.

    Examples
    --------
    >>> resolve("Congo DR").entity, resolve("Congo").entity, resolve("GHA").entity
    ('COD', 'COG', 'GHA')
    >>> resolve("Ganha")
    Traceback (most recent call last):
    ...
    evalkit.errors.UnknownNameError: 'Ganha' is no known country or region. Nearest: ...Ghana...
    """
    if place := find(name):
        return place
    raise unknown(name)


def find(name: str) -> Place | None:
    """Return the place that a spelling or an id stands for, or None."""
    text = name.strip()
    return codes().get(text) or _index().get(normal_form(text))


def unknown(name: str, *, hint: bool = True) -> UnknownNameError:
    """Return the error that refuses a name, with the nearest known ones where `hint` is set."""
    near = nearest(name.strip()) if hint and len(name) < 200 else []
    told = f"Nearest: {', '.join(near)}. " if near else ""
    return UnknownNameError(
        f"{name!r} is no known country or region.",
        reason=Reason.UNKNOWN_NAME,
        remedy=f"{told}Correct the name, or add the spelling to data/reference/names.csv.",
    )


def nearest(name: str, *, count: int = 3) -> list[str]:
    """Return the known spellings closest to `name`, the closest first."""
    spelled = {normal_form(r["name"]): r["name"] for r in rows("names.csv")}
    close = get_close_matches(normal_form(name), list(spelled), n=count, cutoff=0.6)
    return [spelled[form] for form in close]
