"""Restate the article 6 exemptions as rows of registrations.csv.

Reads registers/registers_exemptions_art6.csv, compiled from copies of the Convention's
register that are cut after Peru.
"""

from __future__ import annotations

import re
from pathlib import Path

from facts_common import Row, folder, notes, read, real, source_at, write

CUT = "the stored copy of the register is cut after Peru"
NOT_AN_ENTRY = "not an entry seen in the register: a request, its outcome not found"
ASKED = {
    "BGD": "extension for seven categories requested at COP-6 (Earth Negotiations Bulletin)",
    "IND": "extension for six categories requested at COP-6 (Earth Negotiations Bulletin)",
}
ASIDE = re.compile(r"\s*\(([^()]*)\)$")


def exemption(row: Row) -> Row:
    """Return one exemption; a closing bracket of the gist is an aside and goes to the note."""
    gist, aside = row["products_gist"], ASIDE.search(row["products_gist"])
    if aside:
        gist = gist[: aside.start()]
    macao = row["iso3"] == "CHN-MO"
    request = "requested" in gist
    party = row["iso3"][:3]
    return {
        "register": "exemption",
        "party": party,
        "topic": f"Annex A, Part I: {gist}" + (" (Macao SAR)" if macao else ""),
        "activities": row["activities"],
        "expires_year": row["expiry_year"],
        "note": notes(
            aside.group(1) if aside else "",
            NOT_AN_ENTRY if request else "",
            ASKED.get(party, ""),
            "" if row["expiry_year"] or request else "year of expiry not in the copy",
            CUT,
        ),
        "source": source_at(row["source"]),
        "basis": "inferred" if "inferred" in row["products_gist"] else "reported",
    }


def main(out: Path) -> None:
    """Write registrations.csv."""
    rows = read(real("registers/registers_exemptions_art6.csv"))
    write("registrations", [exemption(row) for row in rows], out)


if __name__ == "__main__":
    main(folder(__doc__ or ""))
