"""Small worlds that hypothesis makes up: tables of every kind, few rows, all indicators' questions.

What a world may hold, and how one is changed so that a result must change in a known way.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import pandas as pd
from hypothesis import strategies as st

from evalkit.indicators.prepared import Prepared, prepared
from evalkit.reference.rows import rows as reference
from evalkit.testing import rich, tidy_tables
from evalkit.testing_inventories import MAPPED, side_by_side
from evalkit.testing_registers import activities
from evalkit.testing_rows import (
    Row,
    clauses,
    complete,
    cycles,
    emissions,
    parties,
    places,
    projects,
    rows,
)

DAY = date(2026, 6, 30)  # as of
LATER = date(2026, 9, 1)
STATES = ("CHE", "DOM", "GHA", "KIR", "MDA", "PER")  # of all five regions
SURE, LATE, SILENT = "NGA", "NER", "AND"  # reports always; only after the day; never, and is added
# Both full cycles are equally long, so that either may come first.
CYCLES = {
    "2021-full": date(2021, 12, 31),
    "2023-short": date(2023, 12, 31),
    "2025-full": date(2025, 12, 31),
}
PAST, LAST = "2021-full", "2025-full"
REGISTERS = (
    "action_plan",
    "action_plan_review",
    "asgm_notification",
    "consent",
    "exemption",
    "focal_point",
    "implementation_plan",
    "initial_assessment",
    "national_plan_emissions",
    "national_plan_releases",
)
SECTORS = (
    "artisanal-small-scale-gold-mining",
    "cement",
    "nonferrous-metals",
    "stationary-combustion-coal",
    "waste-incineration",
)
# Tables that no world draws: they are those of the canonical rich data.
UNDRAWN = (
    "asks",
    "communication",
    "contributions",
    "event_countries",
    "events",
    "expertise",
    "gold_produced",
    "population",
    "support_items",
)
FACTORS = {"kg": 8.0, "g/person": 8.0, "USD": 4.0}  # powers of two: scaling by them is exact


@dataclass(frozen=True)
class World:
    """What was drawn.

    Parameters
    ----------
    reports : tuple of (party, cycle, days after the deadline, seed of its answers)
    entries : tuple of (register, party, day)
    amounts : tuple of int
        Money and emissions.
    also : frozenset of str
        What was changed: `silent`, `later`.
    """

    reports: tuple[tuple[str, str, int, int], ...]
    entries: tuple[tuple[str, str, date], ...]
    amounts: tuple[int, ...]
    also: frozenset[str] = frozenset()

    def with_(self, what: str) -> World:
        """Return the same world with a silent Party, or with what came after the day."""
        return replace(self, also=self.also | {what})

    def reversed(self) -> World:
        """Return the world in which each full cycle got the reports of the other."""
        other = {PAST: LAST, LAST: PAST}
        turned = [(who, other.get(cycle, cycle), *rest) for who, cycle, *rest in self.reports]
        return replace(self, reports=tuple(turned))  # type: ignore[arg-type]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw who reported when and what, who stands in which register, and amounts."""
    late = st.integers(-300, 150)
    seeds = st.integers(0, 2**16)
    reports = [(SURE, cycle, draw(late), draw(seeds)) for cycle in CYCLES]
    pairs = st.tuples(st.sampled_from(STATES), st.sampled_from(list(CYCLES)))
    for who, cycle in draw(st.lists(pairs, unique=True, min_size=4, max_size=14)):
        reports.append((who, cycle, draw(late), draw(seeds)))
    days = st.dates(date(2017, 9, 1), DAY - timedelta(days=1))
    entries = [(name, SURE, draw(days)) for name in REGISTERS]
    listed = st.tuples(st.sampled_from(REGISTERS), st.sampled_from(STATES))
    for name, who in draw(st.lists(listed, unique=True, min_size=8, max_size=24)):
        entries.append((name, who, draw(days)))
    amounts = draw(st.lists(st.integers(0, 10**6), min_size=12, max_size=12))
    return World(tuple(reports), tuple(entries), tuple(amounts))


@cache
def tables_of(world: World) -> Prepared:
    """Return the tables of a world, made once for all indicators."""
    bound = [*STATES, SURE, LATE, *([SILENT] if "silent" in world.also else [])]
    found = {
        "parties": parties(*(f"{one}|2013-10-10|2017-05-18|2017-08-16" for one in sorted(bound))),
        "completeness": [
            *complete("2030-12-31", 0),
            *rows(
                "table",
                "asgm_notification",
                "action_plan",
                "focal_point",
                complete_to="2030-12-31",
                missing_after="?",
                unidentified=0,
            ),
        ],
        "cycles": cycles(
            f"{PAST}|full|2018-01-01|2020-12-31|2020-12-31|{CYCLES[PAST]}",
            f"2023-short|short|2021-01-01|2022-12-31|2022-12-31|{CYCLES['2023-short']}",
            f"{LAST}|full|2022-01-01|2024-12-31|2024-12-31|{CYCLES[LAST]}",
        ),
        "clauses": clauses(
            "action-plan|notification|3||if_notified",
            "action-plan-review|notification|6|3|if_notified",
            "inventory-emissions|entry_into_force|5||always",
        ),
        **_reports(world),
        **_forms(),
        **_money(world),
        "programme_children": rows("programme child", "gef-4|gef-2", "gef-4|gef-3"),
        "emissions": _emissions(world),
        "grid_accounts": _grid(world),
        "registrations": _registrations(world),
        "published": _published(world),
    }
    known = rich()
    return prepared({**tidy_tables(**found, **MAPPED), **{name: known[name] for name in UNDRAWN}})


def _reports(world: World) -> dict[str, list[Row]]:
    sent, given = [], []
    made = [(*one, "one") for one in world.reports]
    if "later" in world.also:  # in the other form, of a Party that had said nothing
        made += [(LATE, cycle, (LATER - due).days, 7, "two") for cycle, due in CYCLES.items()]
    for who, cycle, late, seed, version in made:
        day = min(CYCLES[cycle] + timedelta(days=late), LATER if version == "two" else DAY)
        sent.append({"party": who, "cycle": cycle, "submitted_on": f"{day}", "basis": "reported"})
        given += _answers(who, cycle, seed, version)
    return {"submissions": sent, "answers": given}


@cache
def _form(version: str) -> tuple[Row, ...]:
    kept = [row for row in reference("questions/mc-1-8.csv") if row["answer_type"] != "heading"]
    gone = {"16.1"} if version == "two" else set()
    return tuple(
        {**row, "version": version, "source": "invented", "basis": "reported"}
        for row in kept
        if row["question"] not in gone and row["part"] != "A"
    )


def _forms() -> dict[str, list[Row]]:
    first, second = _form("one"), _form("two")
    same = [f"{row['question']}|{row['question']}|same" for row in second]
    mapped = rows(
        "from_question to_question relation",
        *same,
        "16.1||dropped",
        from_version="one",
        to_version="two",
    )
    return {"questions": [*first, *second], "question_map": mapped}


def _answers(who: str, cycle: str, seed: int, version: str) -> list[Row]:
    chance = random.Random(seed)
    found = []
    for row in _form(version):
        said = _answer(row, chance)
        asked = version == "two" or cycle != "2023-short" or row["in_short"] == "yes"
        if said and asked:  # the late one answers everything, whatever is asked
            key = {"party": who, "cycle": cycle, "question": row["question"]}
            found.append({**key, "format_version": version, "basis": "reported", **said})
    return found


def _answer(question: Row, chance: random.Random) -> Row:
    kind, blank, pick = question["answer_type"], chance.random() < 0.15, chance.random()
    if blank:
        return {}
    if choices := [one for one in str(question["choices"]).split("|") if one]:
        first = pick < 0.5  # the first choice, mostly yes, opens further questions
        return {"answer": choices[0] if first else choices[int(pick * len(choices))]}
    if kind == "number":
        unit = {"t": "kg"}.get(str(question["unit"]), question["unit"] or "count")
        return {"value": float(int(pick * 1000)), "unit": unit}
    if kind in ("date", "month"):
        return {"answer": "2020-06" if kind == "month" else "2020-06-30"}
    return {"text": "told"}


def _registrations(world: World) -> list[Row]:
    entries = list(world.entries)
    if "later" in world.also:
        entries += [(name, LATE, LATER) for name in REGISTERS]
    return [
        {
            "register": name,
            "party": who,
            "topic": "x",
            "dated_on": f"{day}",
            "expires_on": f"{day + timedelta(days=1500)}" if name == "exemption" else "",
        }
        for name, who, day in entries
    ]


def _money(world: World) -> dict[str, list[Row]]:
    a = world.amounts
    return {
        "projects": [
            *projects(
                f"gef-1|full_size|other|completed|2016|GEF-6|{a[0]}|{a[1]}",
                f"gef-2|medium_size|gold_mining|approved|2019|GEF-7|{a[2]}|",
                f"gef-3|full_size|other|approved|2019|GEF-7|{a[3]}|{a[0]}",
                f"gef-4|programme|programme|approved|2018|GEF-7|{a[0]}|9000",
            ),
            *projects(f"sip-1|sip_project|institutional|approved||SIP-1|{a[4]}|", facility="sip"),
            *projects(f"sip-2|sip_project|institutional|approved||SIP-1|{a[5]}|", facility="sip"),
        ],
        "project_places": places(
            "gef-1|GHA|country",
            "gef-1|PER|country",
            "gef-1|CHE|country",
            "gef-2|GHA|country",
            "gef-3|TOKEN-AFRICA|region",
            "gef-4|GHA|country",
            "sip-1|KIR|country",
            "sip-1|NGA|country",
        ),
        **activities("gef-1|GHA|50", "gef-1|PER|37.5"),
    }


def _emissions(world: World) -> list[Row]:
    parts = world.amounts[: len(SECTORS)]
    total = sum(parts)
    by_sector = [
        f"delta|WLD|2015|{name}|total|{kg}|{kg / 2}|{2 * kg}"
        for name, kg in zip(SECTORS, parts, strict=True)
    ]
    whole = f"delta|WLD|2015|total|total|{total}|{total / 2}|{2 * total}"
    by_state = [f"gamma|{one}|2015|total|total|{total}||" for one in STATES[:2]]
    beside = side_by_side(*world.amounts[5:10])
    return [
        *beside,
        *({**row, "medium": "land_water"} for row in beside),
        *(
            row
            for medium in ("air", "water", "land", "land_water")
            for row in emissions(*by_sector, whole, *by_state, medium=medium)
        ),
    ]


def _grid(world: World) -> list[Row]:
    parts = dict(zip(("states", "territories", "coast", "sea"), world.amounts, strict=False))
    lines = [f"whole|{sum(parts.values())}", *(f"{name}|{kg}" for name, kg in parts.items())]
    about = {"inventory": "delta-grid", "version": "1", "year": 2015, "scheme": "invented"}
    same = {"category": "total", "medium": "air", "species": "total", "basis": "derived"}
    return rows("part kg", *lines, **about, **same)


def _published(world: World) -> list[Row]:
    a = world.amounts
    same = {"entity": "WLD", "precision": "day", "qualifier": "exact", "unit": "USD"}
    head = "indicator series period value as_of"
    said = rows(
        head,
        f"gef-envelope|allocated|GEF-6|{a[6]}|2017-01-01",
        f"gef-envelope|allocated|GEF-7|{a[7]}|2019-01-01",
        f"sip-approved|sip-1|SIP-1|{a[8]}|2018-01-01",
        f"sip-contributed|||{a[9]}|2018-01-01",
        **same,
    )
    points = {**same, "indicator": "focal-points", "unit": "percent", "counts_basis": "reported"}
    told = [{**points, "as_of": "2020-11-27", "n": 6, "n_due": 8}]
    if "later" in world.also:
        told.append({**points, "as_of": f"{LATER}", "n": 7, "n_due": 8})
        said += rows(head, f"gef-envelope|allocated|GEF-7|1|{LATER}", **same)
    return [*said, *told]


def shuffled(tables: Prepared, seed: int = 7) -> Prepared:
    """Return the same rows in another order."""
    return prepared(
        {
            name: frame.sample(frac=1, random_state=seed).reset_index(drop=True)
            for name, frame in tables.items()
        }
    )


def scaled(tables: Prepared) -> Prepared:
    """Return tables in which each mass and each amount of money is `FACTORS` times as much."""

    def times(table: str, columns: list[str], unit: str) -> pd.DataFrame:
        frame = tables[table]
        own = frame["unit"] == unit if "unit" in frame else pd.Series(True, index=frame.index)
        return frame.assign(**frame[columns].mask(own, frame[columns] * FACTORS[unit]))

    return prepared(
        {
            **tables,
            "answers": times("answers", ["value"], "kg"),
            "published": times("published", ["value"], "USD"),
            "grid_accounts": times("grid_accounts", ["kg"], "kg"),
            "emissions": times("emissions", ["kg", "low", "high"], "kg"),
            "gold_produced": times("gold_produced", ["gold_kg", "low", "high"], "kg"),
            "contributions": times("contributions", ["amount_usd"], "USD"),
            "projects": times("projects", ["grant_usd", "cofinancing_usd"], "USD"),
        }
    )
