"""The invented rows behind `evalkit.testing`: those of minimal and rich.

Days and amounts are chosen so that results can be worked out by hand; the tests do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evalkit.reference.rows import by

Row = Mapping[str, object]
Rows = dict[str, Sequence[Row]]

_GROUPED = ("name", "kind", "region", "ldc", "sids", "development")


def rows(columns: str, *lines: str, **same: object) -> list[Row]:
    """Return rows from a heading of words and lines with a bar between cells.

    Parameters
    ----------
    columns : str
        Column names, separated by blanks.
    *lines : str
        One row each; a blank cell is missing.
    **same
        Cells that all rows share; a column of the heading goes before them.

    Examples
    --------
    >>> rows("party cycle", "GHA|2019-short", basis="derived")
    [{'basis': 'derived', 'party': 'GHA', 'cycle': '2019-short'}]
    """
    names = columns.split()
    cells = ([cell.strip() for cell in line.split("|")] for line in lines)
    return [{**same, **dict(zip(names, found, strict=True))} for found in cells]


def parties(*lines: str, **same: object) -> list[Row]:
    """Return rows of the table `parties` from lines of iso3, signed, deposited, in force.

    Name and groups come from the project's own list, so that both agree.

    Examples
    --------
    >>> parties("GHA|2014-09-24||")[0]["region"]
    'AFRICA'
    """
    own = by("parties.csv", "iso3")
    found = rows("iso3 signed_on deposited_on in_force_on", *lines, **same)
    return [{**{c: own[str(row["iso3"])][c] for c in _GROUPED}, **row} for row in found]


_CYCLE = "cycle kind period_start period_end membership_on due_on"
_QUESTION = "question article answer_type choices unit"
_ANSWER = "party cycle question answer value"
_CLAUSE = "clause anchor years repeats_years condition"
_PROJECT = "project type theme status approval_year period grant_usd cofinancing_usd"
_EMISSION = "inventory entity year category species kg low high"


def cycles(*lines: str) -> list[Row]:
    """Return rows of `cycles`: cycle, kind, period start and end, membership day, deadline."""
    bases = {f"{name}_basis": "derived" for name in ("period", "due", "membership")}
    return rows(_CYCLE, *lines, title="Invented reports", format_version="one", **bases)


def questions(*lines: str, version: str = "one") -> list[Row]:
    """Return rows of `questions`: id, article, type, choices (with commas), unit."""
    same = {"part": "B", "in_short": "yes", "supplemental": "N", "standing": "verified"}
    made = rows(_QUESTION, *lines, title="Invented question", version=version, **same)
    return [
        {**row, "position": place, "choices": str(row["choices"]).replace(",", "|")}
        for place, row in enumerate(made, 1)
    ]


def answers(*lines: str, version: str = "one") -> list[Row]:
    """Return rows of `answers`: party, cycle, question, answer, value."""
    return rows(_ANSWER, *lines, format_version=version)


def clauses(*lines: str) -> list[Row]:
    """Return rows of `clauses`: clause, anchor, years, repeated every so many, condition."""
    return rows(_CLAUSE, *lines, article="8", paragraph="7", title="Invented duty")


def days(*lines: str) -> list[Row]:
    """Return rows of `as_of_days`."""
    return rows("day", *lines, why="invented")


def areas(*lines: str) -> list[Row]:
    """Return rows of `areas`: entity, the State that it is, title."""
    return rows("entity party title", *lines, kind="inventory_region")


def complete(day: str, unidentified: int) -> list[Row]:
    """Return the row that says up to which day the table of Parties is complete."""
    return rows("table", "parties", complete_to=day, missing_after="?", unidentified=unidentified)


def projects(*lines: str, **more: object) -> list[Row]:
    """Return rows of `projects`: id, type, theme, status, year, period, grant, co-financing."""
    same = {"facility": "gef", "as_of": "2019-06-30", "title": "Mercury, invented", **more}
    return rows(_PROJECT, *lines, **same)


def places(*lines: str) -> list[Row]:
    """Return rows of `project_places`: project, place and kind of place."""
    return rows("project place place_kind", *lines, as_printed="as invented")


def emissions(*lines: str, **more: object) -> list[Row]:
    """Return rows of `emissions`: inventory, entity, year, category, species, kg, low, high."""
    same = {"version": "1", "scheme": "invented", "medium": "air", "basis": "estimated", **more}
    return rows(_EMISSION, *lines, **same)


def minimal() -> Rows:
    """Return the least: two Parties and a signatory, and one row of each fact."""
    return {
        "parties": parties(
            "GHA|2014-09-24|2017-03-23|2017-08-16",
            "NPL|2013-10-10||",
            "PER|2013-10-10|2018-10-01|2018-12-30",
        ),
        "cycles": cycles("2019-short|short|2017-08-16|2018-12-31|2019-12-31|2019-12-31"),
        "clauses": clauses("inventory-emissions|entry_into_force|5||always"),
        "areas": areas("S19-USA|USA|USA"),
        "as_of_days": days("2017-08-16", "2020-10-02"),
        "completeness": complete("2021-12-31", 0),
        "submissions": rows("party cycle submitted_on", "GHA|2019-short|2019-12-20"),
        "questions": questions("4.3|4|yes_no|yes,no|"),
        "answers": answers("GHA|2019-short|4.3|yes|"),
        "published": rows(
            "indicator as_of value n n_due counts_basis",
            "focal-points|2020-11-27|50|1|2|derived",
            **_PUBLISHED,
        ),
        "projects": projects("gef-1|full_size|other|approved|2018|GEF-6|1000|2000"),
        "project_places": places("gef-1|GHA|country"),
        "emissions": emissions("alpha|WLD|2015|total|total|2000||"),
    }


_PUBLISHED = {
    "entity": "WLD", "precision": "day", "qualifier": "exact", "unit": "percent"
}  # fmt: skip


def rich() -> Rows:
    """Return every case that the project's own data has, few enough to count by hand."""
    return {**_rich_parties(), **_rich_reports(), **_rich_money(), **_rich_levels()}


def _rich_parties() -> Rows:
    """Eleven Parties bound on 2020-12-31; two more whose day was not found."""
    dated = parties(
        "AND|||",
        "CHE|2013-10-10|2016-05-25|2017-08-16",
        "DOM|2013-10-10|2018-03-20|2018-06-18",
        "EUE|2013-10-10|2017-05-18|2017-08-16",
        "GHA|2014-09-24|2017-03-23|2017-08-16",
        "KIR||2017-07-28|2017-10-26",
        "MDA|2013-10-10|2017-06-20|2017-09-18",
        "NGA|2013-10-10|2018-02-01|2018-05-02",
        "NPL|2013-10-10||",
        "PER|2013-10-10|2016-01-21|2017-08-16",
        "TUV||2019-06-07|2019-09-05",
        "USA|2013-11-06|2013-11-06|2017-08-16",
        basis="reported",
    )
    memory = parties("UKR||2019-12-01|2020-02-29", basis="memory")
    undated = parties(
        "BLZ|||", "COD|||", basis="missing", listed_on="2021-06-01", absent_until="2020-12-31"
    )
    return {
        "parties": [*dated, *memory, *undated],
        "completeness": complete("2021-09-30", 3),
        "as_of_days": days("2013-10-10", "2017-08-16", "2019-12-31", "2020-12-31"),
        "areas": areas("S19-USA|USA|USA", "S19-SOUTH-ASIA||South Asia"),
        "clauses": clauses(
            "action-plan|notification|3||if_notified",
            "exemption-expiry|phase_out|5||if_registered",
            "existing-sources|entry_into_force|10||always",
            "inventory-emissions|entry_into_force|2||always",
            "national-plan-emissions|entry_into_force|4||if_made",
        ),
    }


def _rich_reports() -> Rows:
    """Return reports for 2019-short, on time, late and missing, and published figures."""
    return {
        "cycles": cycles(
            "2019-short|short|2017-08-16|2018-12-31|2019-12-31|2019-12-31",
            "2021-full|full|2017-08-16|2020-12-31|2020-12-31|2021-12-31",
            "2023-short|short|2021-01-01|2022-12-31|2022-12-31|2023-12-31",
        ),
        "submissions": rows(
            "party cycle submitted_on",
            "CHE|2019-short|2019-10-01",
            "GHA|2019-short|2019-12-31",
            "KIR|2019-short|2020-03-01",
            "PER|2019-short|2020-01-01",
            basis="reported",
        ),
        "published": [
            *rows(
                "indicator period as_of precision value n n_due counts_basis basis qualifier",
                "focal-points||2020-11-27|day|90.4|||derived|reported|exact",
                "focal-points||2021-06-01|month||10|11|reported|reported|exact",
                "reporting-rate|2021-full|2021-12-01|day||4|11|reported|reported|exact",
                "reporting-rate|2021-full|2021-12-31|day|82|||inferred|reported|exact",
                "reporting-rate|2021-full|2021-12-30|day|90|||inferred|reported|more_than",
                **{"entity": "WLD", "unit": "percent"},
            ),
            *_rich_figures(),
        ],
    }


def _rich_figures() -> Sequence[Row]:
    """Return published amounts: two figures of one envelope, a pledge, a hedge, none found."""
    return rows(
        "indicator series period as_of precision value n qualifier",
        "gef-envelope|approved|GEF-7|2019-01-28|day|300||exact",
        "gef-envelope|approved|GEF-7|2019-12-31|day|900|2|exact",
        "gef-envelope|pledged|GEF-7|2018-01-01|year|5000||about",
        "sip-approved|sip-1|SIP-1|2018-10-03|day|1000|5|more_than",
        "sip-approved|sip-2|SIP-2|2019-09-20|day||10|exact",
        "sip-contributed|||2020-02-03|day|560||exact",
        **{"entity": "WLD", "unit": "USD", "basis": "reported"},
    )


def _rich_money() -> Rows:
    """Four mercury projects without the programme: 2,400 US$, of which 500 name no country."""
    return {
        "projects": [
            *projects(
                "gef-1|full_size|other|completed|2016|GEF-6|1000|2000",
                "gef-2|medium_size|gold_mining|approved|2019|GEF-7|900|",
                "gef-3|enabling_activity|initial_assessment|approved||GEF-7|0|0",
                "gef-4|full_size|other|concept_approved|2019|GEF-7|500|5000",
                "gef-5|programme|programme|approved|2018|GEF-7|1400|9000",
                "gef-6|full_size|unclassified|approved|2018|GEF-7|777777|1",
                basis="reported",
            ),
            *projects("sip-1-gha|sip_project|institutional|approved||SIP-1|250|", facility="sip"),
        ],
        "project_places": places(
            "gef-1|GHA|country",
            "gef-1|PER|country",
            "gef-2|GHA|country",
            "gef-2|KIR|country",
            "gef-2|NGA|country",
            "gef-3|AND|country",
            "gef-4|TOKEN-AFRICA|region",
            "gef-5|GHA|country",
            "gef-6|GHA|country",
            "sip-1-gha|GHA|country",
        ),
        "programme_children": rows("programme child", "gef-5|gef-2", "gef-5|gef-3", "gef-5|gef-9"),
        "contributions": rows(
            "fund contributor year kind as_of amount_usd",
            "general|CHE|2020|pledged|2020-06-30|70",
            "general|CHE|2020|pledged|2020-12-31|20",
            "general|GHA|2020|pledged|2020-12-31|5",
            "special|ALL|2020|received|2020-12-31|40",
            precision="day",
        ),
    }


def _rich_levels() -> Rows:
    """Three inventories: by region with a total, by sector without one, by Party and species."""
    return {
        "emissions": [
            *emissions(
                "alpha|S19-SOUTH-ASIA|2010|total|total|30|20|50",
                "alpha|S19-SOUTH-ASIA|2015|total|total|40|25|60",
                "alpha|S19-USA|2010|total|total|12|8|16",
                "alpha|S19-USA|2015|total|total|10|7|14",
                "alpha|WLD|2010|total|total|42|28|66",
                "alpha|WLD|2015|total|total|50|32|74",
                "beta|WLD|2015|cement|total|20|10|40",
                "beta|WLD|2015|gold-mining|total|38||",
                "gamma|CHE|2015|total|Hg0|0.5||",
                "gamma|CHE|2015|total|total|0.75||",
                "gamma|KIR|2015|total|total|0||",
            ),
            *emissions("beta|WLD|2015|cement|total|5||", medium="water"),
        ],
        "registrations": rows(
            "register party dated_on expires_on", "exemption|PER|2016-01-21|2025-12-31", topic="x"
        ),
    }
