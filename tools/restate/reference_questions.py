"""Restate the reporting format as data/reference/questions: one file for each version, and a map.

Reads reporting/reporting_format.csv, which is from memory throughout. Questions that are
answered part by part become a heading and its parts, so that one row has one answer. The
amendment of decision MC-5/13 could not be read: its version carries the rows of MC-1/8 over
and says so on each.
"""

from __future__ import annotations

from pathlib import Path

from facts_common import Row, layout, notes, read, real, write_plain

FIRST, AMENDED = "mc-1-8", "mc-5-13"
CARRIED = "carried over from mc-1-8; the amendment by MC-5/13 was not read"
SAME = "taken as the same until the amendment by MC-5/13 is read"
YES_NO = "yes|no"
TYPES = {
    "text": ("text", ""),
    "date": ("date", ""),
    "date (month-year)": ("month", ""),
    "number": ("number", ""),
    "number_text": ("number", ""),
    "file": ("file", ""),
    "file_or_url": ("file", ""),
    "file_or_text": ("file", ""),
    "yes_no": ("yes_no", YES_NO),
    "yes_no_explain": ("yes_no", YES_NO),
    "yes_no_text": ("yes_no", YES_NO),
    "yes_no_list": ("yes_no", YES_NO),
    "choice_matrix": ("heading", ""),
}
CHOICES = {
    "3.5": ("multi_choice", "exports_to_parties|exports_to_non_parties|no"),
    "3.6": ("choice", "yes|no|relied_on_paragraph_9"),
    "4.2": ("heading", ""),
    "5.1": ("choice", "yes|no|unknown"),
    "5.1.b": ("heading", ""),
    "7.1": ("choice", "yes|no|not_applicable"),
    "7.3": ("choice", "yes|no|in_progress"),
    "8.3": ("choice", "yes|no|not_yet"),
    "9.1": ("choice", "yes|no|unknown"),
    "9.2": ("choice", "yes|no|not_yet"),
    "11.2": ("choice", "yes|no|unknown"),
}
UNITS = {"metric tons": "t", "metric tons per year": "t"}
APPLIES = ("choice", "yes|no|not_applicable")
MEASURES = ("multi_choice", "goal|limit_values|bat_bep|multi_pollutant|alternative|none|no_source")
NEW_SOURCES = ("choice", "yes|no|no_source")
SOURCES = {
    "a": "coal-fired power plants",
    "b": "coal-fired industrial boilers",
    "c": "smelting and roasting of non-ferrous metals",
    "d": "waste incineration",
    "e": "production of cement clinker",
}
# Annex A, part II, of the text of 2013: two or more of nine measures.
AMALGAM = {
    "i": "national objectives for preventing caries and promoting health",
    "ii": "national objectives for minimising the use of dental amalgam",
    "iii": "use of cost-effective and clinically effective alternatives without mercury",
    "iv": "research and development of good materials without mercury",
    "v": "training of dental professionals and students in alternatives",
    "vi": "no insurance that favours amalgam over alternatives",
    "vii": "insurance that favours good alternatives",
    "viii": "amalgam in encapsulated form only",
    "ix": "best environmental practices in dental facilities",
}
PARTS: dict[str, tuple[tuple[str, str], str, dict[str, str]]] = {
    "4.2": (
        ("yes_no", YES_NO),
        "Implementing paragraph 2: {}",
        {
            "a": "measures or strategies and quantified reductions reported to the Conference",
            "b": "measures for products for which a de minimis value was not obtained",
            "c": "additional measures considered",
        },
    ),
    "4.3": (("yes_no", YES_NO), "Measure on dental amalgam taken: {}", AMALGAM),
    "5.2": (
        APPLIES,
        "Mercury not allowed after the phase-out date in: {}",
        {"a": "chlor-alkali production", "b": "production of acetaldehyde"},
    ),
    "5.3": (
        APPLIES,
        "Measures to restrict mercury in: {}",
        {
            "a": "production of vinyl chloride monomer",
            "b": "sodium or potassium methylate or ethylate",
            "c": "production of polyurethane",
        },
    ),
    "8.1": (NEW_SOURCES, "Best available techniques required of new sources: {}", SOURCES),
    "8.2": (MEASURES, "Measures applied to existing sources: {}", SOURCES),
}


def questions() -> list[Row]:
    """Return all questions and parts of the first version, in the order of the form."""
    found: list[Row] = []
    for given in read(real("reporting/reporting_format.csv")):
        found.append(_question(given))
        found += _parts(found[-1])
    for place, row in enumerate(found, 1):
        row["position"] = str(place)
    return found


def _question(given: Row) -> Row:
    name = given["question_id"]
    kind, choices = CHOICES.get(name) or TYPES[given["answer_type"]]
    article = given["article"].removeprefix("Art ").split(";")[0]
    part = article.removeprefix("Part ") if article.startswith("Part ") else "B"
    unit = UNITS.get(given["unit"], "") if kind == "number" else ""
    return {
        "question": name,
        "version": FIRST,
        "part": part,
        "article": "" if article.startswith("Part ") else article,
        "paragraph": given["paragraph"],
        "parent": given["parent"],
        "in_short": given["short"],
        "answer_type": kind,
        "choices": choices,
        "unit": unit,
        "title": given["text_gist"],
        "supplemental": "Y" if given["supplemental"] == "yes" else "N",
        "standing": "memory",
        "note": notes(given["notes"], given["evidence"]),
        "source": "memory",
        "basis": "memory",
    }


def _parts(whole: Row) -> list[Row]:
    name = whole["question"]
    if name == "5.1.b":
        told = {"i": ("Number of facilities", "count"), "ii": ("Mercury used in a year", "t")}
        same = {"answer_type": "number", "choices": ""}
        return [
            {**_part(whole, letter), **same, "title": f"{title}, if available", "unit": unit}
            for letter, (title, unit) in told.items()
        ]
    (kind, choices), title, parts = PARTS.get(name, (("", ""), "", {}))
    return [
        {**_part(whole, one), "answer_type": kind, "choices": choices, "title": title.format(said)}
        for one, said in parts.items()
    ]


def _part(whole: Row, letter: str) -> Row:
    return {**whole, "question": f"{whole['question']}.{letter}", "parent": whole["question"]}


def main(out: Path) -> None:
    """Write both versions and the map between them into `out`/questions."""
    home = out / "questions"
    home.mkdir(parents=True, exist_ok=True)
    columns, _ = layout("questions")
    first = questions()
    amended = [{**r, "version": AMENDED, "note": notes(CARRIED, r["note"])} for r in first]
    write_plain(home / f"{FIRST}.csv", columns, first)
    write_plain(home / f"{AMENDED}.csv", columns, amended)
    same = {"from_version": FIRST, "to_version": AMENDED, "relation": "same", "note": SAME}
    rests = {"source": "memory", "basis": "memory"}
    pairs = [
        {**same, **rests, "from_question": row["question"], "to_question": row["question"]}
        for row in first
    ]
    write_plain(home / "question_map.csv", layout("question_map")[0], pairs)
