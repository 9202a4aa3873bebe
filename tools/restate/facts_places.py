"""Resolve a country or region token of the GEF export to a Party, territory or region token."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from facts_common import read, real

TOKENS = {
    "Africa": "TOKEN-AFRICA",
    "Asia/Pacific": "TOKEN-ASIA-PACIFIC",
    "Europe and Central Asia": "TOKEN-EUROPE-CENTRAL-ASIA",
    "Latin America and Caribbean": "TOKEN-LATIN-AMERICA-CARIBBEAN",
    "Global": "GLOBAL",
    "Regional": "REGIONAL",
}
KINDS = {"regional-marker": "regional_marker", "user-assigned": "territory"}


class Place(NamedTuple):
    """A place by id, and what kind of place it is."""

    id: str
    kind: str


@cache
def _vocabulary() -> dict[str, Place]:
    rows = read(real("gef/gef_country_vocabulary.csv"))
    return {
        row["token_as_published"]: Place(
            row["iso3"] or TOKENS[row["token_as_published"]],
            KINDS.get(row["kind"], row["kind"]),
        )
        for row in rows
    }


def place_of(token: str) -> Place:
    """Return the place that a whole token names.

    Raises
    ------
    KeyError
        When the vocabulary has no such token.
    """
    return _vocabulary()[token]
