"""The rows of `evalkit.testing.answered`: reports of two forms with their answers, registers.

On top of rich: every question of the project's own list is asked in the form "one" and, with one
split, one merged and one dropped, in the form "two". Answers follow a rule, so that each code of
each question is given by somebody and some are left blank.
"""

from __future__ import annotations

from evalkit.reference.rows import rows as reference
from evalkit.testing_inventories import side_by_side
from evalkit.testing_rows import Row, Rows, complete, cycles, emissions, rich, rows

REPORTERS = ("CHE", "DOM", "GHA", "KIR", "NGA", "PER", "USA")
CYCLES = {"2019-short": "one", "2021-full": "one", "2023-short": "two", "2025-full": "two"}
SPLIT, MERGED, DROPPED = "4.4", ("10.1", "11.1"), "16.1"


def answered() -> Rows:
    """Return the rows of every table."""
    made = rich()
    made["completeness"] = [*complete("2030-12-31", 0), *_whole()]
    # No published count stands beside these reports.
    made["published"] = [row for row in made["published"] if not row.get("period")]
    made["published"] = [*made["published"], *_amounts()]
    made["emissions"] = [*made["emissions"], *_sectors()]
    made["grid_accounts"] = _grid()
    return {**made, **_reports(), **_forms(), "registrations": _registrations()}


def _amounts() -> list[Row]:
    """Return published amounts: exact, more than, and one that is hedged."""
    return rows(
        "indicator series period value qualifier",
        "gef-envelope|allocated|GEF-6|141|exact",
        "gef-envelope|allocated|GEF-7|206|about",
        "sip-approved|sip-1|SIP-1|100|exact",
        "sip-contributed|||56|more_than",
        **{"entity": "WLD", "unit": "USD", "as_of": "2017-01-01", "precision": "day"},
    )


def _sectors() -> list[Row]:
    """Return an inventory by sector, and amounts to water and land."""
    sectors = [
        f"delta|WLD|2015|{name}|total|{kg}||"
        for name, kg in {
            "artisanal-small-scale-gold-mining": 8,
            "cement": 2,
            "nonferrous-metals": 3,
            "stationary-combustion-coal": 5,
            "waste-incineration": 1,
        }.items()
    ]
    both = ("water", "land")
    beside = side_by_side(1, 5, 3, 4, 2)
    also = [{**row, "medium": "land_water"} for row in beside]
    to_other = [emissions("delta|WLD|2015|total|total|4||", medium=medium) for medium in both]
    return [*emissions(*sectors), *beside, *also, *(row for rows_ in to_other for row in rows_)]


def _grid() -> list[Row]:
    """Return the account of a grid: 10 kg, of which 1 in an area in dispute and 2 on coasts."""
    about = {"inventory": "delta-grid", "version": "1", "year": 2015, "scheme": "invented"}
    same = {"category": "total", "medium": "air", "species": "total", "basis": "derived"}
    lines = ("whole||10", "states||6", "territories||0", "disputed|XJK|1", "coast||2", "sea||1")
    return rows("part area kg", *lines, "overlap||0", **about, **same)


def _whole() -> list[Row]:
    """Return rows that say that two registers are complete."""
    names = ("asgm_notification", "action_plan")
    return rows("table", *names, complete_to="2030-12-31", missing_after="?", unidentified=0)


def _reports() -> Rows:
    """Return reports of four cycles: three Parties are late or silent in each, others in turn."""
    found = cycles(
        "2019-short|short|2017-08-16|2018-12-31|2019-12-31|2019-12-31",
        "2021-full|full|2017-08-16|2020-12-31|2020-12-31|2021-12-31",
        "2023-short|short|2021-01-01|2022-12-31|2022-12-31|2023-12-31",
        "2025-full|full|2021-01-01|2024-12-31|2024-12-31|2025-12-31",
    )
    named = [{**row, "format_version": CYCLES[str(row["cycle"])]} for row in found]
    sent = [
        {"party": party, "cycle": cycle, "submitted_on": _day(cycle, i + j), "basis": "reported"}
        for j, cycle in enumerate(CYCLES)
        for i, party in enumerate(REPORTERS)
        if (i + j) % 5
    ]
    given = [answer for row in sent for answer in _answers(str(row["party"]), str(row["cycle"]))]
    return {"cycles": named, "submissions": sent, "answers": given}


def _day(cycle: str, turn: int) -> str:
    year = int(cycle[:4])
    return f"{year}-12-31" if turn % 3 else f"{year + 1}-02-01"


def _forms() -> Rows:
    first = [{**row, "version": "one", "in_short": "yes"} for row in _listed()]
    gone = {SPLIT, DROPPED, MERGED[0]}
    kept = [{**row, "version": "two"} for row in first if row["question"] not in gone]
    whole = next(row for row in first if row["question"] == SPLIT)
    halves = [{**whole, "version": "two", "question": f"{SPLIT}.{x}"} for x in "ab"]
    same = [(row["question"], row["question"], "same") for row in kept]
    same = [one for one in same if one[0] != MERGED[1]]
    changed = [
        *((SPLIT, f"{SPLIT}.{x}", "split") for x in "ab"),
        *((one, MERGED[1], "merged") for one in MERGED),
        (DROPPED, "", "dropped"),
    ]
    lines = [f"{a}|{b}|{relation}" for a, b, relation in (*same, *changed)]
    mapped = rows(
        "from_question to_question relation", *lines, from_version="one", to_version="two"
    )
    return {"questions": [*first, *kept, *halves], "question_map": mapped}


def _listed() -> list[Row]:
    names = ("position", "part", "article", "parent", "answer_type", "choices", "unit", "question")
    same = {"title": "Invented question", "supplemental": "N", "standing": "verified"}
    return [
        {**same, **{name: row[name] for name in names}} for row in reference("questions/mc-1-8.csv")
    ]


def _answers(party: str, cycle: str) -> list[Row]:
    version = CYCLES[cycle]
    form = [row for row in _forms()["questions"] if row["version"] == version]
    turn = REPORTERS.index(party) + list(CYCLES).index(cycle)
    same = {"party": party, "cycle": cycle, "format_version": version, "basis": "reported"}
    given = [{**same, "question": row["question"], **_answer(row, turn)} for row in form]
    return [row for row in given if len(row) > 5]


def _answer(question: Row, turn: int) -> Row:
    """Return what is answered to a question in its turn; nothing at every sixth."""
    kind, place = question["answer_type"], turn + int(str(question["position"]))
    if kind == "heading" or place % 6 == 0:
        return {}
    if choices := [one for one in str(question["choices"]).split("|") if one]:
        return {"answer": choices[turn % 2 if place % 3 else place % len(choices)]}
    if kind == "number":
        unit = {"t": "kg"}.get(str(question["unit"]), question["unit"])
        return {"value": 1000.0 * (turn % 4), "unit": unit}
    if kind in ("date", "month"):
        return {"answer": "2025-06"} if kind == "month" else {"answer": "2025-06-30"}
    return {"text": "told"}


def _registrations() -> list[Row]:
    return [
        *rows(
            "register party dated_on expires_on expires_year",
            "exemption|PER|2016-01-21|2025-12-31|",
            "exemption|GHA|2018-01-01||2019",
            "exemption|KIR|||",
            "asgm_notification|GHA|2017-09-01||",
            "asgm_notification|NGA|2019-01-01||",
            "asgm_notification|PER|2017-08-16||",
            "action_plan|GHA|2020-08-15||",
            "action_plan|PER|2021-03-01||",
            "action_plan_review|GHA|2023-05-01||",
            topic="x",
        ),
        *rows(
            "register party dated_on",
            *(
                f"{name}|{party}|2019-05-01"
                for name in (
                    "consent",
                    "focal_point",
                    "implementation_plan",
                    "initial_assessment",
                    "national_plan_emissions",
                    "national_plan_releases",
                )
                for party in ("CHE", "GHA", "NPL")
            ),
            topic="x",
        ),
    ]
