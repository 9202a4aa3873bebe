"""The rows of `evalkit.testing.hostile`: legal by the tables, and as odd as they may be."""

from __future__ import annotations

from evalkit import testing_registers
from evalkit.reference import entities
from evalkit.testing_rows import (
    Rows,
    areas,
    clauses,
    complete,
    cycles,
    days,
    emissions,
    parties,
    places,
    projects,
    questions,
    rows,
)

LONG = " ".join(["mercury"] * 1_000)
RIGHT_TO_LEFT = "\u202eاتفاقية ميناماتا بشأن الزئبق\u202c"  # noqa: RUF001 Arabic is meant
FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "<script>alert('x')</script><img src=x onerror=alert(1)>"
LAST_DAY = "9999-12-31"


def hostile() -> Rows:
    """Return the rows of every table."""
    return {
        **_parties(),
        **_clock(),
        **_reports(),
        **_money(),
        **_levels(),
        **testing_registers.hostile(LONG, RIGHT_TO_LEFT, FORMULA, MARKUP),
    }


def _parties() -> Rows:
    """Return names that would be code; Parties with one of their days missing; leap days."""
    listed = {"listed_on": "2017-08-16", "absent_until": "2017-08-15"}
    return {
        "parties": [
            *parties("COG|2013-10-10|2016-02-29|2017-08-16", name=MARKUP),
            *parties("GIN||2019-12-01|2020-02-29", name=FORMULA),
            *parties(f"GNB|||{LAST_DAY}", note="NA"),
            *parties("GNQ||2018-01-01|", note='a "quoted" note, with; a\ttab\nand a second line'),
            *parties("NAM|2013-10-10|2017-09-06|2017-12-05", note="nan"),
            *parties("NER|||", **listed),
            *parties("NGA|||2017-08-16", note=RIGHT_TO_LEFT),
        ],
        "completeness": complete("2017-08-16", 99),
        "as_of_days": days("2013-10-10", "2020-02-29"),
        "areas": areas("S19-USA|USA|USA"),
    }


def _clock() -> Rows:
    """Return clauses due at once and in a century; a cycle that is due before its period ends."""
    return {
        "clauses": clauses(
            "at-once|entry_into_force|0|1|always",
            "later|entry_into_force|100||always",
            "planned|notification|0||if_notified",
        ),
        "cycles": cycles(
            "first|short|2017-08-16|2017-08-16|2017-08-16|2017-08-16",
            f"last|full|2017-08-16|{LAST_DAY}|{LAST_DAY}|2017-08-16",
            "odd|full|2018-01-01|2017-08-16|2017-08-16|2020-02-29",
        ),
    }


def _reports() -> Rows:
    """Return reports nobody owed, and published figures that can't be or contradict one another."""
    return {
        "submissions": rows(
            "party cycle submitted_on",
            "COG|odd|2017-08-16",
            "GIN|odd|2020-02-29",  # bound only after the day that decides who owed it
            f"NGA|odd|{LAST_DAY}",
        ),
        "published": rows(
            "indicator series entity period as_of precision value n n_due",
            "focal-points||WLD||2020-11-27|day||7|0",
            "focal-points||WLD||2021-01-01|year|250||",
            "focal-points||COG||2021-01-01|year|-3||",
            "reporting-rate||WLD|first|2020-01-01|day||4294967296|",
            "reporting-rate|other|WLD|first|2020-01-01|day|0||",
            f"reporting-rate||WLD|last|{LAST_DAY}|month|33.333333||",
            **{"qualifier": "exact", "unit": "percent", "note": FORMULA},
        ),
        **_answers(),
        "registrations": rows(
            "register party dated_on expires_on expires_year",
            f"exemption|NAM|2013-10-10|{LAST_DAY}|9999",
            "consent|NER||2013-10-10|",
            topic=MARKUP,
        ),
    }


def _answers() -> Rows:
    """Return answers with texts that would be code, a grain of mercury, questions in a circle."""
    return {
        "questions": [
            *questions("4.3|4|yes_no|yes,no|", "3.1|3|yes_no|yes,no|", "3.1.c|3|number||t"),
            *questions("4.3|4|heading||", version="NA"),
        ],
        "question_map": rows(
            "from_version from_question to_version to_question relation",
            "one|4.3|two|4.3|same",
            "two|4.3|one|4.3|same",  # a circle
            "one|3.1|NA||dropped",
        ),
        "answers": rows(
            "party question answer value unit text",
            "COG|4.3|yes|||",
            f"GIN|4.3|no|||{FORMULA[:4]}",
            f"COG|3.1|no|||{MARKUP}",
            "COG|3.1.c||0.000000001|kg|",
            f"NGA|4.3|yes|||{RIGHT_TO_LEFT}",
            cycle="odd",
            format_version="one",
        ),
    }


def _money() -> Rows:
    """Return amounts of none, zero and a thousand billion, and a project in every State."""
    same = {"title": "Mercury"}  # all of the same name
    everywhere = [f"gef-everywhere|{iso3}|country" for iso3 in entities.states()]
    return {
        "projects": [
            *projects(
                "gef-everywhere|full_size|other|cancelled|2019|all|1000000000000|0.01", title=MARKUP
            ),
            *projects("gef-blank|full_size|other|cancelled|2019|2019||", title=LONG),
            *projects("gef-zero|full_size|other|received|||0|0", title=RIGHT_TO_LEFT),
            *projects("gef-programme|programme|programme|approved|2019|GEF-7|1|1", **same),
            *projects("gef-nowhere|full_size|other|approved|1991|GEF-7|7|", **same),
            *projects("gef-unknown|full_size|other|approved|1991|GEF-7|0.1|", **same),
        ],
        "project_places": places(
            *everywhere,
            "gef-blank|SUN|legacy",
            "gef-zero|TOKEN-AFRICA|region",
            "gef-zero|REGIONAL|regional_marker",
            "gef-unknown|UNKNOWN|unknown",
            "gef-programme|GLOBAL|global",
        ),
    }


def _levels() -> Rows:
    """Return two versions of an inventory, one region that is a State, nothing and very much."""
    return {
        "emissions": [
            *emissions(
                "alpha|S19-USA|1500|total|total|0|0|0",
                "alpha|WLD|9999|total|total|0.000000001||1000000000000000",
                "alpha|SUN|1985|total|total|3||",
                "beta|WLD|2015|other|HgP|1||",
                "beta|WLD|2015|other|total|0.1|0.1|0.1",
                "beta|WLD|2015|rest|total|0.2||",
            ),
            *emissions("alpha|WLD|9999|total|total|1||", version="2"),
            *emissions("alpha|WLD|9999|total|total|1||", medium="land"),
        ],
    }
