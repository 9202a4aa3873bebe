"""Entities that a result can speak of: Parties and other States, groups, regions.

The world is WLD, the five UN regional groups AFRICA, ASIA-PACIFIC, CEE, GRULAC and WEOG,
then LDC and SIDS. Regions of inventories and of UN statistics are areas, and no groups.
"""

from __future__ import annotations

from functools import cache

from evalkit.reference.locales import order
from evalkit.reference.rows import rows
from evalkit.reference.texts import ENGLISH, text
from evalkit.reference.titles import title

WORLD = "WLD"
UNATTRIBUTED = "UNATTRIBUTED"  # money of projects that name no country


@cache
def states(language: str = ENGLISH) -> dict[str, str]:
    """Return the names of all States and organisations of the table `parties`, by ISO3."""
    return {r["iso3"]: title("place", r["iso3"], language) for r in rows("parties.csv")}


def by_name(language: str = ENGLISH) -> list[tuple[str, str]]:
    """Return name and ISO3 of all States and organisations in the order of the language."""
    named = [(name, one) for one, name in states(language).items()]
    return sorted(named, key=lambda pair: order(pair[0], language))


@cache
def groups(language: str = ENGLISH) -> dict[str, str]:
    """Return the titles of the groups, the world first, by id.

    Examples
    --------
    >>> list(groups())
    ['WLD', 'AFRICA', 'ASIA-PACIFIC', 'CEE', 'GRULAC', 'WEOG', 'LDC', 'SIDS']
    """
    return {r["entity"]: title("place", r["entity"], language) for r in rows("groups.csv")}


@cache
def regions() -> tuple[str, ...]:
    """Return the five UN regional groups; every State is in exactly one of them."""
    return tuple(r["entity"] for r in rows("groups.csv") if r["kind"] == "region")


@cache
def areas(language: str = ENGLISH) -> dict[str, str]:
    """Return the titles of statistical and inventory regions, territories, former States."""
    return {r["entity"]: title("place", r["entity"], language) for r in rows("areas.csv")}


@cache
def inventory_regions() -> tuple[str, ...]:
    """Return the ids of the world regions of inventories."""
    return tuple(r["entity"] for r in rows("areas.csv") if r["kind"] == "inventory_region")


@cache
def titles(language: str = ENGLISH) -> dict[str, str]:
    """Return the title of every entity, groups first, then States, then areas."""
    nowhere = text("place.UNATTRIBUTED", language)
    return {**groups(language), **states(language), **areas(language), UNATTRIBUTED: nowhere}


@cache
def members(group: str) -> tuple[str, ...]:
    """Return the ISO3 codes of the States in a group.

    Parameters
    ----------
    group : str
        A key of `groups`.

    Returns
    -------
    tuple of str
        All States of the group, whether Parties or not, sorted.

    Examples
    --------
    >>> len(members("LDC"))
    44
    """
    return tuple(sorted(r["iso3"] for r in rows("parties.csv") if group in groups_of(r["iso3"])))


@cache
def groups_of(iso3: str) -> tuple[str, ...]:
    """Return the groups that a State belongs to: WLD, its region, LDC and SIDS if so."""
    row = _by_iso3()[iso3]
    found = [WORLD, row["region"]]
    found += ["LDC"] if row["ldc"] == "Y" else []
    found += ["SIDS"] if row["sids"] == "Y" else []
    return tuple(found)


@cache
def _by_iso3() -> dict[str, dict[str, str]]:
    return {r["iso3"]: dict(r) for r in rows("parties.csv")}
