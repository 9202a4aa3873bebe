"""Restate the Parties: signature, deposit and entry into force, groups, from parties.csv."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from facts_common import Row, read, real, write

FIRST_DAY = date(2017, 8, 16)  # entry into force of the Convention, article 31
LISTED_ON = "2024-03-31"
MEMORY = "memory"

REGIONS = {
    "Africa": "AFRICA",
    "Asia-Pacific": "ASIA-PACIFIC",
    "CEE": "CEE",
    "GRULAC": "GRULAC",
    "WEOG": "WEOG",
}

# A part of `deposit_source` that tells where the day of deposit was found → id of the source.
SOURCES = {
    "iea-memb.xlsx": "ieadb-2020-07",
    "rwanda-70th-party": "news-70th-party",
    "iraq-poland-zimbabwe": "news-135th-party",
    "newsrounds.econaiplus": "news-139th-party",
    "bangladesh-emerges-141st": "ecogreennews-2023",
    "C.N.260.2026": "cn-260-2026",
    "Party status": "unsd-sdg-parties",
}

# Days that parties.csv has from background knowledge and that were found later: the source,
# what the row then rests on, and a note.
FOUND_LATER = {
    "KEN": (
        "news-147th-party",
        "reported",
        "Day of deposit found: the 147th Party; it equals the one from background knowledge.",
    ),
    "ESP": (
        "news-spain-2022",
        "derived",
        "Entry into force on 13 March is reported; the deposit is 90 days before it, which is"
        " the day known from background knowledge.",
    ),
}

UNDATED = (
    "Day of deposit not found. Among the 148 Parties counted in March 2024 (inferred: the Parties"
    " with a day of deposit by then and those with a value in the SDG series are exactly 148)."
)
AFRICAN = (
    " Not among the 123 Parties of 2020, which the Parties with a day make up. One African Party"
    " without a day deposited before Zimbabwe, the 133rd on 19 August 2021: this one or {other}."
)
REGIONAL = (
    " Not yet a Party on 18 April 2023: of the 141 Parties then one has no day of deposit, an"
    " African one (39 published, 38 with a day), and all {count} published for this region have"
    " one."
)

# Parties without a day: the last day on which a published total leaves no room for them.
ABSENT_UNTIL = {
    "BLZ": "2023-04-18",
    "COD": "2020-12-31",
    "ETH": "2020-12-31",
    "GEO": "2023-04-18",
    "VCT": "2023-04-18",
}
NOTES = {
    "BLZ": UNDATED + REGIONAL.format(count=24),
    "COD": UNDATED
    + AFRICAN.format(other="Ethiopia")
    + " It has a value in the SDG series for 2020 as published in May 2020, though no deposit"
    " by July 2020 was found: unexplained.",
    "ETH": UNDATED + AFRICAN.format(other="the Democratic Republic of the Congo"),
    "EUE": "The European Union is not formally a member of a UN regional group; it is counted"
    " with the one shown, as in the file read. Signature from untc-scrape-2014. Form of the"
    " instrument from background knowledge, confidence high.",
    "GEO": UNDATED
    + REGIONAL.format(count=16)
    + " On 3 April 2023 it prepared its ratification (source rec-caucasus-2023).",
    "JAM": "Day of deposit from background knowledge, confidence medium: ieadb-2020-07 has"
    " 2017-06-19 and entry into force on 2017-09-17, which contradicts the secretariat's count"
    " (Rwanda the 70th on 29 June 2017).",
    "JPN": "Form of the instrument from background knowledge, confidence high.",
    "VCT": UNDATED + REGIONAL.format(count=24),
}


def parties() -> list[Row]:
    """Return the rows of the table `parties`."""
    return [_party(row) for row in read(real("parties/parties.csv"))]


def _party(row: Row) -> Row:
    source, basis, note = _evidence(row)
    return {
        "iso3": row["iso3"],
        "name": row["country"],
        "kind": "organisation" if row["iso3"] == "EUE" else "state",
        "region": REGIONS[row["un_regional_group"]],
        "ldc": row["ldc"],
        "sids": row["sids"],
        "development": row["development_status"],
        "signed_on": row["signature_date"],
        "deposited_on": row["deposit_date"],
        "in_force_on": _checked_entry_into_force(row),
        "instrument": row["instrument_type"],
        "listed_on": LISTED_ON if basis == "missing" else "",
        "absent_until": ABSENT_UNTIL[row["iso3"]] if basis == "missing" else "",
        "note": note,
        "source": source,
        "basis": basis,
    }


def _evidence(row: Row) -> tuple[str, str, str]:
    """Return source, basis and note of a row by what its day of deposit rests on."""
    iso3, evidence, where = row["iso3"], row["date_evidence"], row["deposit_source"]
    if iso3 in FOUND_LATER:
        return FOUND_LATER[iso3]
    note = NOTES.get(iso3, "")
    if evidence == "background":
        confidence = where.removeprefix("background, ").split(" ")[0]
        note = note or f"Day of deposit from background knowledge, confidence {confidence}."
        return MEMORY, "memory", note
    if not evidence:  # no deposit by July 2020, signature or none
        return "ieadb-2020-07", "reported", note
    source = next(id_ for part, id_ in SOURCES.items() if part in where)
    return source, "missing" if evidence == "date_missing" else "reported", note


def _checked_entry_into_force(row: Row) -> str:
    """Return the day of entry into force; it must follow from the deposit by article 31.

    Raises
    ------
    ValueError
        When the file has another day than the rule gives.
    """
    if not row["deposit_date"]:
        return ""
    deposited = date.fromisoformat(row["deposit_date"])
    by_rule = max(FIRST_DAY, deposited + timedelta(days=90)).isoformat()
    if by_rule != row["entry_into_force_date"]:
        raise ValueError(f"{row['iso3']}: {row['entry_into_force_date']} is not {by_rule}")
    return by_rule


def main(out: Path) -> None:
    """Write parties.csv."""
    write("parties", parties(), out)
