"""The invented rows of registers, activity files, and of what is known of inventories."""

from __future__ import annotations

from evalkit.testing_rows import Row, Rows, rows

_EVENTS: list[Row] = [
    {"event": "EV1", "started_on": "2019-10-31", "countries_listed": "all", "country": "GHA",
     "articles": "4; 11", "funders": "Fund; Bank", "participants": 40, "women": 20, "men": 20},
    {"event": "EV2", "started_on": "2020-02-01", "countries_listed": "some", "articles": "4",
     "funders": "Fund", "participants": 160, "participants_qualifier": "close_to"},
    {"event": "EV3", "series": "Y", "sessions": 4, "year": 2020, "kind": "online_session",
     "participants": 100, "participants_qualifier": "more_than"},
    {"event": "EV4", "part_of": "EV3", "started_on": "2020-06-01", "kind": "online_session",
     "articles": "11", "participants": 30},
    {"event": "EV5", "started_on": "2021-05-01", "countries_listed": "all", "country": "PER",
     "participants": 12},
    {"event": "EV6", "participants": 9},
    {"event": "EV7", "started_on": "2019-12-01", "countries_listed": "none"},
    {"event": "EV8", "kind": "meeting", "purpose": "governance", "year": 2019},
]  # fmt: skip


def activities(*lines: str) -> Rows:
    """Return one activity for each project, and its places: project, place, percentage."""
    named = rows(
        "activity place percentage", *lines, vocabulary="country", as_printed="as invented"
    )
    ids = list(dict.fromkeys(str(row["activity"]) for row in named))
    same = {"publisher": "XX-1", "standard": "2.03", "currency": "USD", "as_of": "2019-06-30"}
    told = rows("activity project status", *(f"{one}|{one}|2" for one in ids), **same)
    return {"activities": told, "activity_places": named}


def rich() -> Rows:
    """Seven events by 2020, four of them sessions of a season; 3 of 5 needs have an expert."""
    return {
        **activities("gef-1|GHA|60", "gef-1|PER|30"),
        "events": [
            {"title": "Invented", "articles_by": "compiler", "kind": "workshop", **row}
            for row in _EVENTS
        ],
        "event_countries": rows(
            "event country", "EV1|GHA", "EV1|KIR", "EV2|GHA", "EV2|TUV", "EV5|PER"
        ),
        "support_items": rows(
            "item kind articles topic party region year",
            "1|need|11|waste|||2018",
            "2|need|11|waste|GHA|Africa|2019",
            "3|need|4; 7|products|||2019",
            "4|initiative||waste|KIR||2019",
            "5|challenge|4|waste|GHA||2021",
            "6|need|11|waste||Europe|2019",
            "7|need|11|waste||Asia|2020",
            gist="Invented",
            paragraph="1",
            coded_by="nobody",
        ),
        **_rich_asked(),
        **_people_and_gold(),
        **inventories("2016-06-30"),
        "emission_gaps": gaps("GHA|HELD|not_estimated|CHE", "PER|NO|not_applicable|"),
    }


def inventories(published_on: str) -> Rows:
    """Return the row of one inventory, alpha, that was published on a day."""
    known = f"alpha|1|{published_on}|whole"
    return {"inventories": rows("inventory version published_on covers", known, title="Invented")}


def _people_and_gold() -> Rows:
    """Return what amounts of 2015 are divided by: people of three places, gold of the world."""
    people = ("CHE|8000000", "DOM|10000000", "WLD|7000000000")
    return {
        "population": rows("entity persons", *people, year=2015),
        "gold_produced": rows("entity gold_kg low high", "WLD|500|400|600", year=2015),
    }


def gaps(*lines: str, **more: object) -> list[Row]:
    """Return rows of `emission_gaps` of the inventory gamma: entity, key, status, holder."""
    same = {"inventory": "gamma", "version": "1", "year": 2015, "scheme": "invented"}
    same = {**same, "category": "total", "medium": "air", **more}
    return rows("entity key status holder", *lines, **same)


def _rich_asked() -> Rows:
    """Return asks, experts of two lists, and figures with every hedge."""
    return {
        "asks": rows(
            "ask kind addressee due_meeting state state_on state_source year",
            "A|decision|secretariat|COP-4|done|2020-06-30|invented|2019",
            "B|decision|parties||open|2021-06-30|invented|2019",
            "C|draft_decision|parties|COP-4|unknown|||2020",
            "D|decision|parties|COP-5|unknown|||2021",
            document="Invented",
            paragraph="1",
            verb="requests",
            gist="Invented",
        ),
        "expertise": rows(
            "list region topic experts requested year",
            "L|Africa|waste|4||2019",
            "L|Asia|waste|6||2019",
            "L|Africa|waste|99||2018",
            "L||waste|10|2|2019",
            "M||cement|5||2020",
        ),
        "communication": rows(
            "channel measure year value qualifier unit",
            "website|users|2019|100|exact|count",
            "website|users|2020|150|more_than|count",
            "minamata_online|hours|2020|23|more_than|hours",
            "minamata_online|panellists|2020|50|about|count",
        ),
    }


def hostile(long: str, right_to_left: str, formula: str, markup: str) -> Rows:
    """Return odd texts, events without a day, a season of none, parts of parts, zeros."""
    return {
        **inventories(""),
        "emission_gaps": gaps("NAM|HELD|not_estimated|SUN", note=markup, inventory="alpha"),
        "events": [
            *rows("event title kind", f"EV1|{long}|webinar", "EV2|EV1|webinar"),
            *rows(
                "event kind series sessions part_of year articles articles_by participants "
                "countries_listed objective",
                "EV3|meeting|Y|0||2019|4;4; 4|compiler|0|all|",
                "EV4|meeting|Y||EV3|2019|||9007199254740991||",
                f"EV5|training|||EV4|2019||||all|{markup}",
                title=formula,
                funders=f"{right_to_left}; {formula};;",
            ),
        ],
        "event_countries": rows("event country", "EV1|NAM", "EV2|NAM", "EV3|NER", "EV5|NAM"),
        "support_items": rows(
            "item kind articles topic party region year",
            "1|need|4|waste|NAM||2018",
            f"2|challenge||general||{right_to_left}|",
            gist=long,
            paragraph=right_to_left,
            coded_by=markup,
        ),
        "asks": rows(
            "ask kind addressee due_meeting state state_on state_source year takes_up",
            f"A|decision|parties|{markup}|done|2019-12-31|invented|2019|A",
            "B|recommendation|others||unknown||||A",
            document=long,
            paragraph=formula,
            verb="urges",
            gist=right_to_left,
        ),
        **_hostile_counts(markup),
    }


def _hostile_counts(markup: str) -> Rows:
    """Return lists of nobody, of everybody asked, and figures below zero and of the last year."""
    return {
        "expertise": rows(
            "list region country topic experts requested year",
            f"L|{markup}||waste|0|0|2019",
            "L||NAM|waste|3|3|2019",
            "L|||general|0||2019",
        ),
        "communication": rows(
            "channel measure year value qualifier unit",
            "website|users|2019|-5|exact|count",
            "website|users|9999|1|exact|count",
        ),
    }
