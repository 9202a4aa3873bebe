"""The page of a question and the indicator that reads it count the same Parties.

Where the indicator leaves some out, its own rows say which: docs/explanation/shares-and-silence.md.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from evalkit import tables
from evalkit.indicators import catalogue
from evalkit.indicators.prepared import Prepared, prepared
from evalkit.reference import entities, paths
from evalkit.simulate import simulate
from evalkit.sources.check import read
from evalkit.views.replies import Counts, counts, replies, standing

DAY = "2022-12-31"  # up to here all Parties are known, and two cycles were due
PLACES = ("WLD", "AFRICA", "SIDS")
CYCLES = ("2019-short", "2021-full")
ONE_QUESTION = tuple(
    name
    for name, one in catalogue.indicators().items()
    if one.method == "answer_share" and "+" not in one.arguments["question"]
)


def own(file: str, table: str) -> pd.DataFrame:
    return read(paths.reference(file), shown=file).tables[table]


@cache
def simulated() -> Prepared:
    """The project's own Parties, cycles and form, with simulated reports of two cycles."""
    form = own("questions/mc-1-8.csv", "questions")
    made = simulate(1, 2, questions=form).tables
    names = ("parties", "cycles", "completeness")
    given = {name: own(f"{name}.csv", name) for name in names}
    given["questions"] = form
    return prepared({**{n: tables.empty(n) for n in tables.catalogue()}, **given, **made})


@cache
def rate() -> pd.DataFrame:
    return catalogue.compute("reporting-rate", simulated(), as_of=DAY).frame


def shown(question: str, cycle: str) -> dict[str, Counts]:
    """What the page of national reports shows of a question."""
    given = simulated()
    row = next(one for one in given["questions"].itertuples() if one.question == question)
    of = next(one for one in given["cycles"].itertuples() if one.cycle == cycle)
    states = standing(rate()[rate()["period"] == cycle], given["parties"], of)
    answers = given["answers"]
    mine = answers[(answers["question"] == question) & (answers["cycle"] == cycle)]
    found = replies(row, of, states, mine.drop(columns="cycle"))
    return {place: counts(found, [], place) for place in PLACES}


@pytest.mark.parametrize("name", ONE_QUESTION)
def test_who_owes_and_who_answers_is_the_same_on_the_page_and_in_the_indicator(name: str) -> None:
    """But for those whom the indicator calls not concerned, or whose answer tells nothing."""
    indicator = catalogue.get(name)
    frame = catalogue.compute(name, simulated(), as_of=DAY).frame
    frame = frame[frame["series"] == ""]
    leaves_out = {"if", "exempt"} & set(indicator.arguments)
    tells_nothing = {"if", "exempt", "unknown"} & set(indicator.arguments)
    assert "2021-full" in set(frame["period"])
    for cycle in set(frame["period"]) & set(CYCLES):
        page, mine = shown(indicator.arguments["question"], cycle), frame[frame["period"] == cycle]
        for place, one in page.items():
            row = mine[mine["entity"] == place].iloc[0]
            inside = mine[mine["entity"].isin(entities.members(place))]
            exempt = int((inside["status"] == "not_applicable").sum())
            assert exempt == 0 or leaves_out
            assert row["n_due"] == one.n_due - exempt, (cycle, place)
            if "otherwise" in indicator.arguments:  # an answer to another question counts as no
                continue
            assert row["n_answered"] <= one.n_answered
            assert row["n_answered"] == one.n_answered or tells_nothing


def test_a_short_report_is_asked_the_same_where_the_form_says_so() -> None:
    """Asked for sure: both count it. Surely not: neither does, and the page calls it not due."""
    form = simulated()["questions"].set_index("question")["in_short"]
    for name in ONE_QUESTION:
        question = catalogue.get(name).arguments["question"]
        periods = set(catalogue.compute(name, simulated(), as_of=DAY).frame["period"])
        page = shown(question, "2019-short")["WLD"]
        if form[question] == "yes":
            assert "2019-short" in periods
            assert page.n_due
        elif form[question] == "no":
            assert "2019-short" not in periods
            assert page.n_due == 0
