"""data/reference against counts that others published, with the csv module alone."""

import csv
import html
import re
import unicodedata
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data" / "reference"
FACTS = ROOT / "data" / "facts"
FIRST_DAY = date(2017, 8, 16)
BASES = {"reported", "derived", "estimated", "inferred", "memory", "missing"}

WITH_SOURCE = (
    "articles",
    "areas",
    "as_of_days",
    "clauses",
    "codes",
    "completeness",
    "cycles",
    "evaluation_questions",
    "groups",
    "inventories",
    "inventory_holders",
    "names",
    "parties",
    "themes",
)
KEYS = {
    "articles": "article",
    "areas": "entity",
    "as_of_days": "day",
    "clauses": "clause",
    "codes": "iso3",
    "completeness": "table",
    "cycles": "cycle",
    "evaluation_questions": "question",
    "groups": "entity",
    "names": "name",
    "parties": "iso3",
    "sources": "source",
    "themes": "theme",
}
# Files in the order in which they are shown; all others are sorted by their key.
SHOWN_IN_ORDER = {"articles", "groups", "themes"}


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file; a row that is too long or too short fails."""
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, strict=True))
    for line, row in enumerate(found, 2):
        assert None not in row, f"{path.name}, row {line}: too many cells"
        assert None not in row.values(), f"{path.name}, row {line}: too few cells"
    return found


def reference(name: str) -> list[dict[str, str]]:
    """Rows of a file in data/reference."""
    return rows(REFERENCE / f"{name}.csv")


def published() -> list[dict[str, str]]:
    """Totals and counts of members as somebody published them."""
    return rows(FACTS / "published-membership.csv")


def count(event: str, day: str, region: str = "") -> int:
    """How many Parties have a day of this event that had come by `day`."""
    return sum(
        bool(row[event]) and row[event] <= day and region in ("", row["region"])
        for row in reference("parties")
    )


def normal(name: str) -> str:
    """The form in which spellings are compared."""
    text = unicodedata.normalize("NFKD", html.unescape(name)).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("&", " and ")
    return " ".join(re.sub(r"[^\w\s]|_", " ", text).split())


# The Parties.


def test_the_parties_are_the_193_members_of_the_united_nations_palestine_and_the_union() -> None:
    """No further State: Cook Islands, Niue and the Holy See are areas, not rows of parties."""
    kinds = Counter(row["kind"] for row in reference("parties"))
    assert kinds == {"state": 194, "organisation": 1}
    codes = {row["iso3"] for row in reference("parties")}
    assert {"PSE", "EUE"} <= codes
    assert not codes & {"COK", "NIU", "VAT"}
    assert {"COK", "NIU", "VAT"} <= {row["entity"] for row in reference("areas")}


def test_128_signed() -> None:
    assert count("signed_on", "2014-10-09") == 128
    assert sum(bool(row["signed_on"]) for row in reference("parties")) == 128


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2017-08-16", 52), ("2018-01-01", 83), ("2019-12-31", 114), ("2020-12-31", 123)],
)
def test_parties_in_force(day: str, expected: int) -> None:
    assert count("in_force_on", day) == expected


def test_125_had_deposited_when_the_rate_of_focal_points_was_published() -> None:
    assert count("deposited_on", "2020-11-27") == 125


@pytest.mark.parametrize(("region", "expected"), [("WEOG", 26), ("GRULAC", 24), ("CEE", 16)])
@pytest.mark.parametrize("day", ["2023-02-01", "2023-04-18"])
def test_regional_counts_of_early_2023(region: str, expected: int, day: str) -> None:
    assert count("deposited_on", day, region) == expected


def test_44_least_developed_countries_and_37_small_island_states() -> None:
    """All 37 are members of the United Nations."""
    parties = reference("parties")
    assert sum(row["ldc"] == "Y" for row in parties) == 44
    assert sum(row["sids"] == "Y" for row in parties) == 37


def test_entry_into_force_is_90_days_after_deposit_and_not_before_the_convention() -> None:
    dated = [row for row in reference("parties") if row["deposited_on"]]
    assert len(dated) == 144
    for row in dated:
        due = date.fromisoformat(row["deposited_on"]) + timedelta(days=90)
        assert row["in_force_on"] == max(FIRST_DAY, due).isoformat(), row["iso3"]


def test_without_deposit_no_entry_into_force() -> None:
    for row in reference("parties"):
        assert bool(row["in_force_on"]) == bool(row["deposited_on"]), row["iso3"]


def test_a_signature_came_before_the_deposit_and_while_signing_was_possible() -> None:
    for row in reference("parties"):
        if row["signed_on"]:
            assert "2013-10-10" <= row["signed_on"] <= "2014-10-09", row["iso3"]
            assert not row["deposited_on"] or row["signed_on"] <= row["deposited_on"]
        elif row["instrument"]:
            assert row["instrument"] == "accession", row["iso3"]


def test_what_was_not_found_or_is_from_memory_says_so() -> None:
    parties = reference("parties")
    bases = Counter(row["basis"] for row in parties)
    assert bases == {"reported": 176, "memory": 13, "missing": 5, "derived": 1}
    missing = {row["iso3"] for row in parties if row["basis"] == "missing"}
    assert missing == {"BLZ", "COD", "ETH", "GEO", "VCT"}
    for row in parties:
        undated = row["basis"] == "missing"
        assert undated == bool(row["listed_on"]) == bool(row["absent_until"]), row["iso3"]
        assert not undated or (not row["deposited_on"] and row["absent_until"] < row["listed_on"])
        assert row["basis"] not in ("memory", "missing", "derived") or row["note"], row["iso3"]


# What others published, day by day.


def exact(indicator: str) -> list[tuple[str, int]]:
    """Day and published total of the world, the day known exactly, in order of time."""
    found = [
        (row["as_of"], int(row["value"]))
        for row in published()
        if row["indicator"] == indicator and row["entity"] == "WLD" and row["precision"] == "day"
    ]
    assert found == sorted(found)
    return found


def test_every_published_number_of_signatories_is_counted() -> None:
    assert len(exact("signatories")) == 3
    for day, total in exact("signatories"):
        assert count("signed_on", day) == total, day


def test_every_published_total_is_the_dated_parties_and_those_without_a_day() -> None:
    """To February 2021 all are dated; then one, four and five of the undated have joined."""
    gap = [(day, total - count("deposited_on", day)) for day, total in exact("parties-deposited")]
    assert len(gap) == 43
    assert {missing for day, missing in gap if day <= "2021-02-03"} == {0}
    assert {missing for day, missing in gap if "2021-02-03" < day <= "2023-04-18"} == {1}
    assert dict(gap)["2023-09-22"] == 4
    assert [missing for day, missing in gap if day > "2024-03-31"] == [8, 10]


def test_148_parties_of_march_2024_are_the_dated_and_the_undated() -> None:
    listed = sum(bool(row["listed_on"]) for row in reference("parties"))
    spring = [row for row in published() if "2024-03-01" <= row["as_of"] <= "2024-04-25"]
    totals = {row["value"] for row in spring if row["indicator"] == "parties-deposited"}
    assert totals == {"148"}
    assert count("deposited_on", "2024-03-31") + listed == 148


def test_parties_without_a_day_are_absent_as_long_as_published_totals_leave_no_room() -> None:
    """123 were bound at the end of 2020, 24 and 16 were Parties in April 2023."""
    for row in reference("parties"):
        if row["absent_until"]:
            day = "2020-12-31" if row["region"] == "AFRICA" else "2023-04-18"
            assert row["absent_until"] == day, row["iso3"]


def test_regions_published_in_2023() -> None:
    """Five counts that add up to 139; Africa has one Party more than have a day."""
    regional = {r["entity"]: int(r["value"]) for r in published() if r["entity"] != "WLD"}
    assert sum(regional.values()) == 139
    dated = {region: count("deposited_on", "2023-04-18", region) for region in regional}
    gap = {region: total - dated[region] for region, total in regional.items()}
    assert gap == {"AFRICA": 1, "ASIA-PACIFIC": -2, "CEE": 0, "GRULAC": 0, "WEOG": 0}


def test_the_five_unidentified_parties() -> None:
    (row,) = (row for row in reference("completeness") if row["table"] == "parties")
    last = exact("parties-deposited")[-1]
    assert last == ("2025-10-27", 153)
    assert int(row["unidentified"]) == last[1] - 148
    assert row["complete_to"] == "2024-03-31"


# Reporting cycles.


def test_who_owed_the_first_reports() -> None:
    owed = {r["cycle"]: count("in_force_on", r["membership_on"]) for r in reference("cycles")}
    assert owed["2019-short"] == 114
    assert owed["2021-full"] == 123
    assert round(100 * 91 / owed["2019-short"], 1) == 79.8
    assert round(100 * 113 / owed["2021-full"], 1) == 91.9


def test_cycles_follow_each_other() -> None:
    cycles = reference("cycles")
    assert [row["cycle"] for row in cycles] == [
        "2019-short",
        "2021-full",
        "2023-short",
        "2025-full",
        "2027-short",
    ]
    for row in cycles:
        assert row["cycle"] == f"{row['due_on'][:4]}-{row['kind']}"
        assert row["period_start"] < row["period_end"] < row["due_on"]
        assert row["period_end"] <= row["membership_on"] <= row["due_on"]
    days = {row["day"] for row in reference("as_of_days")}
    assert {row["due_on"] for row in cycles if row["due_on"] < "2026"} <= days
    assert {row["membership_on"] for row in cycles if row["membership_on"] < "2026"} <= days


# The text of the Convention.


def test_clauses_name_articles_and_years() -> None:
    articles = {row["article"] for row in reference("articles")}
    years = {row["clause"]: int(row["years"]) for row in reference("clauses")}
    assert {row["article"] for row in reference("clauses")} <= articles
    assert years == {
        "action-plan": 3,
        "action-plan-review": 6,
        "exemption-end": 10,
        "exemption-expiry": 5,
        "existing-sources": 10,
        "facility-information": 3,
        "inventory-emissions": 5,
        "inventory-releases": 5,
        "national-plan-emissions": 4,
        "national-plan-releases": 4,
        "new-sources-bat": 5,
        "primary-mining-end": 15,
        "release-sources": 3,
    }
    repeats = {r["clause"]: r["repeats_years"] for r in reference("clauses") if r["repeats_years"]}
    assert repeats == {"action-plan-review": "3"}


def test_35_articles_in_their_order_and_known_themes() -> None:
    articles = reference("articles")
    assert [row["article"] for row in articles] == [str(n) for n in range(1, 36)]
    themes = [row["theme"] for row in reference("themes")]
    assert len(themes) == 8
    assert {row["theme"] for row in articles} == {*themes, ""}
    assert [row["question"] for row in reference("evaluation_questions")] == [
        "EQ1",
        "EQ2",
        "EQ3",
        "EQ4",
    ]


# Names and areas.


def test_no_spelling_stands_for_two_entities() -> None:
    meant: dict[str, set[tuple[str, str]]] = {}
    for row in reference("names"):
        meant.setdefault(normal(row["name"]), set()).add((row["entity"], row["kind"]))
    assert {form: places for form, places in meant.items() if len(places) > 1} == {}


def test_an_entity_is_of_one_kind() -> None:
    kinds: dict[str, set[str]] = {}
    for row in reference("names"):
        kinds.setdefault(row["entity"], set()).add(row["kind"])
    assert {entity: kind for entity, kind in kinds.items() if len(kind) > 1} == {}


def test_every_entity_of_a_name_has_a_title() -> None:
    known = {row["iso3"] for row in reference("parties")}
    known |= {row["entity"] for name in ("areas", "groups") for row in reference(name)}
    assert {row["entity"] for row in reference("names")} <= known


def test_every_state_resolves_by_its_name_and_no_area_is_a_state() -> None:
    entity = {row["name"]: row["entity"] for row in reference("names")}
    states = {row["name"]: row["iso3"] for row in reference("parties")}
    assert {name: entity.get(name) for name in states} == states
    areas = {row["entity"] for row in reference("areas")}
    groups = {row["entity"] for row in reference("groups")}
    assert not areas & set(states.values())
    assert not groups & (areas | set(states.values()))


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Equatorial Guinea", "GNQ"),
        ("Papua New Guinea", "PNG"),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Dominica", "DMA"),
        ("Dominican Republic", "DOM"),
        ("Congo", "COG"),
        ("Congo DR", "COD"),
        ("DRC", "COD"),
        ("Korea DPR", "PRK"),
        ("South Korea", "KOR"),
        ("Cote d&#039;Ivoire", "CIV"),
        ("Ivory Coast", "CIV"),
        ("Swaziland", "SWZ"),
        ("Turkey", "TUR"),
        ("Burma", "MMR"),
        ("Yugoslavia", "YUG"),
        ("Serbia and Montenegro", "SCG"),
        ("Africa", "TOKEN-AFRICA"),
        ("World", "WLD"),
        ("Global", "GLOBAL"),
        ("Northern America", "M49-021"),
    ],
)
def test_names_that_are_easily_mixed_up(name: str, entity: str) -> None:
    assert {row["name"]: row["entity"] for row in reference("names")}[name] == entity


def test_korea_alone_is_no_name() -> None:
    """It would be one of two States."""
    assert "korea" not in {normal(row["name"]) for row in reference("names")}


def test_regions_of_inventories() -> None:
    areas = [row for row in reference("areas") if row["kind"] == "inventory_region"]
    assert len(areas) == 17
    one_state = {row["entity"]: row["party"] for row in areas if row["party"]}
    assert one_state == {"S19-CANADA": "CAN", "S19-USA": "USA", "S19-JAPAN": "JPN"}


# All files.


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique_and_sorted(name: str) -> None:
    keys = [row[KEYS[name]] for row in reference(name)]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert name in SHOWN_IN_ORDER or keys == sorted(keys)


def test_the_key_of_published_rows_is_unique() -> None:
    key = ("indicator", "series", "entity", "period", "as_of", "source")
    keys = [tuple(row[column] for column in key) for row in published()]
    assert keys == sorted(set(keys))


def test_every_source_is_described_and_every_basis_known() -> None:
    ids = [row["source"] for folder in (REFERENCE, FACTS) for row in rows(folder / "sources.csv")]
    assert len(set(ids)) == len(ids), "a source is described twice"
    for name in WITH_SOURCE:
        for row in reference(name):
            assert row["source"] in ids, f"{name}: {row['source']}"
            assert row["basis"] in BASES, f"{name}: {row['basis']}"
    for row in published():
        assert row["source"] in ids
        assert row["basis"] in BASES


def test_notes_name_sources_that_exist() -> None:
    ids = {row["source"] for row in reference("sources")} | {
        row["source"] for row in rows(FACTS / "sources.csv")
    }
    for text in [row["note"] for name in ("parties", "cycles") for row in reference(name)]:
        for named in re.findall(r"source ([a-z0-9-]+)", text):
            assert named in ids, named


def test_each_day_is_a_day() -> None:
    days = [
        (name, column, row[column])
        for name in (*WITH_SOURCE, "sources")
        for row in reference(name)
        for column in row
        if column in {"day", "as_of", "complete_to", "listed_on", "absent_until"}
        or column.endswith("_on")
        or column in {"period_start", "period_end"}
    ]
    assert len(days) > 700
    for name, column, day in days:
        assert not day or date.fromisoformat(day).isoformat() == day, f"{name}, {column}: {day}"


def test_files_are_plain() -> None:
    """UTF-8 without a byte order mark, LF, no blank at either end of a cell."""
    for path in [*REFERENCE.glob("*.csv"), FACTS / "published-membership.csv"]:
        raw = path.read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf"), path.name
        assert b"\r" not in raw, path.name
        assert raw.endswith(b"\n"), path.name
        for row in rows(path):
            assert all(cell == cell.strip() for cell in row.values()), f"{path.name}: {row}"
