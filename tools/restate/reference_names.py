"""Restate the spellings of countries and regions that the real files have.

Spellings known from elsewhere are rows of data/reference/names.csv with basis memory. They
are written there by hand; this script keeps them and makes the others anew.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from facts_common import REFERENCE, Row, read, real, write_plain
from facts_places import place_of

COLUMNS = ("name", "kind", "entity", "source", "basis")

# A kind that the vocabulary gives otherwise: the State of Palestine is a Party.
STATES = {"PSE"}
EXEMPTIONS = {"China (Macao SAR)": ("MAC", "territory")}


def names() -> list[Row]:
    """Return all spellings, sorted by name; a spelling from a file displaces one by hand.

    Raises
    ------
    ValueError
        When a spelling stands for two entities.
    """
    found = {row["name"]: row for row in _by_hand()}
    restated: dict[str, Row] = {}
    for row in _restated():
        restated.setdefault(row["name"], row)
    rows = [row for _, row in sorted({**found, **restated}.items())]
    _check(rows)
    return rows


def normal(name: str) -> str:
    """Return the form in which spellings are compared: no accents, case or punctuation."""
    text = unicodedata.normalize("NFKD", html.unescape(name)).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("&", " and ")
    return " ".join(re.sub(r"[^\w\s]|_", " ", text).split())


def _restated() -> Iterator[Row]:
    """Give the spellings of the real files; of two files the first counts."""
    for row in read(real("parties/parties.csv")):
        kind = "organisation" if row["iso3"] == "EUE" else "country"
        yield _row(row["country"], kind, row["iso3"], "parties-list")
    for row in read(real("gef/gef_country_vocabulary.csv")):
        token = row["token_as_published"]
        place = place_of(token)
        kind = "country" if place.id in STATES else place.kind
        yield _row(token, kind, place.id, "gef-country-vocabulary")
        yield _row(html.unescape(token), kind, place.id, "gef-country-vocabulary")
    for row in read(real("unsdg/sdg_12_4_1_minamata.csv")):
        yield _row(row["area_name"], *_area(row), sdg_source(row))
    for row in read(real("emissions/clrtap/CLRTAP_NFR14_Hg_extract.csv"), "\t"):
        yield _row(row["Country"], "country", _iso3()[row["Country"]], "eea-clrtap")
    for row in read(real("registers/registers_exemptions_art6.csv")):
        if known := EXEMPTIONS.get(row["party"]):
            yield _row(row["party"], known[1], known[0], "exemptions-register-fr")


def sdg_source(row: Row) -> str:
    """Return the id of the source of a row of the SDG series."""
    return "unsd-sdg-2020" if "open-numbers" in row["source"] else "unsd-sdg-2026"


def _area(row: Row) -> tuple[str, str]:
    """Return kind and entity of an area of the SDG series."""
    if row["area_type"] == "country":
        return "country", row["iso3"]
    return ("global", "WLD") if row["m49"] == "1" else ("region", f"M49-{int(row['m49']):03}")


@cache
def _iso3() -> dict[str, str]:
    return {row["country"]: row["iso3"] for row in read(real("parties/parties.csv"))}


def _row(name: str, kind: str, entity: str, source: str) -> Row:
    return dict(zip(COLUMNS, (name, kind, entity, source, "reported"), strict=True))


def _by_hand() -> list[Row]:
    return [row for row in read(REFERENCE / "names.csv") if row["basis"] == "memory"]


def _check(rows: list[Row]) -> None:
    meant: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        meant.setdefault(normal(row["name"]), set()).add((row["entity"], row["kind"]))
    twice = {form: sorted(places) for form, places in meant.items() if len(places) > 1}
    if twice:
        raise ValueError(f"spellings that stand for two entities: {twice}")


def main(out: Path) -> None:
    """Write names.csv."""
    write_plain(out / "names.csv", COLUMNS, names())
