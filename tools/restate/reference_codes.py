"""Write data/reference/codes.csv: the codes of countries and territories that files use.

ISO 3166-1 alpha-2 and the UN's M49 numbers, from the aliases of territories that Babel holds
of the Unicode CLDR. Of several numbers the one of today counts. Only what names.csv knows.
"""

from __future__ import annotations

from pathlib import Path

from babel.core import get_global
from facts_common import REFERENCE, Row, read, write_plain

TODAY = {"DEU": "276", "ETH": "231", "FRA": "250", "SDN": "729", "YEM": "887"}
OWN = {"EUE": ("EU", "")}  # the European Union has no number of a country
FORMER = {"ANT", "CSK", "DDR", "SCG", "SUN", "YUG"}
COLUMNS = ("iso3", "iso2", "m49", "source", "basis")


def codes() -> list[Row]:
    """Return a row for each country and territory, sorted by ISO3."""
    aliases = get_global("territory_aliases")
    known = {row["entity"] for row in read(REFERENCE / "names.csv")}
    single = {alias: target[0] for alias, target in aliases.items() if len(target) == 1}
    numbers: dict[str, list[str]] = {}
    for alias, iso2 in single.items():
        if alias.isdigit():
            numbers.setdefault(iso2, []).append(alias)
    found = dict(OWN)
    for alias, iso2 in single.items():
        if alias in known - set(OWN) - FORMER and iso2 in numbers:
            found[alias] = (iso2, TODAY.get(alias) or numbers[iso2][0])
    return [
        {"iso3": iso3, "iso2": iso2, "m49": m49, "source": "unicode-cldr", "basis": "reported"}
        for iso3, (iso2, m49) in sorted(found.items())
    ]


def main(out: Path) -> None:
    """Write codes.csv."""
    write_plain(out / "codes.csv", COLUMNS, codes())
