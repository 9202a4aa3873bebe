"""Pages of national reports: counts that can be made by hand, no silence taken for a no."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit import testing
from evalkit.indicators import catalogue
from evalkit.model import Status
from evalkit.reference import entities
from evalkit.testing_rows import answers, cycles, parties, questions, rows
from evalkit.views import page, performance, question, search, tree
from evalkit.views.dashboard import Dashboard
from evalkit.views.party import PartyPage
from evalkit.views.replies import Counterpart, counterpart, counts, is_asked, replies, standing
from evalkit.views.reporting import Reporting
from evalkit.views.theme import STATUS_PATTERNS

CYCLE = "2021-full"
DAY = "2022-06-30"


@dataclass(frozen=True)
class Made:
    """Six States: two answer, one is late and silent on the question, one silent, one no Party."""

    tables: dict[str, pd.DataFrame]

    @property
    def cycle(self):
        return next(self.tables["cycles"].itertuples())

    def states(self, day=DAY):
        result = catalogue.compute("reporting-rate", self.tables, as_of=day).frame
        return standing(result[result["period"] == CYCLE], self.tables["parties"], self.cycle)

    def asked(self, name):
        return next(r for r in self.tables["questions"].itertuples() if r.question == name)

    def replies(self, name, day=DAY):
        return replies(self.asked(name), self.cycle, self.states(day), self.answers(name))

    def answers(self, name):
        found = self.tables["answers"]
        return found[found["question"] == name]


@pytest.fixture(scope="module")
def made() -> Made:
    bound = [f"{iso3}|2013-10-10|2016-01-01|2017-08-16" for iso3 in ("CHE", "GHA", "KIR", "PER")]
    return Made(
        testing.tidy_tables(
            parties=parties(*bound, "NPL|2013-10-10||"),
            cycles=cycles(f"{CYCLE}|full|2017-08-16|2020-12-31|2020-12-31|2021-12-31"),
            completeness=rows(
                "table complete_to missing_after unidentified", "parties|2022-12-31|?|0"
            ),
            questions=questions(
                "4.3|4|yes_no|yes,no|",
                "3.1.c|3|number||t",
                "8.2|8|multi_choice|goal,bat_bep,none|",
                "7.9|7|date||",
                "C.1||text||",
            ),
            submissions=rows(
                "party cycle submitted_on",
                f"CHE|{CYCLE}|2021-12-31",
                f"GHA|{CYCLE}|2021-12-01",
                f"PER|{CYCLE}|2022-01-20",
            ),
            answers=[
                *({**row, "unit": "kg" if row.get("value") else ""} for row in answers(
                    f"CHE|{CYCLE}|4.3|no|",
                    f"GHA|{CYCLE}|4.3|yes|",
                    f"CHE|{CYCLE}|3.1.c||0",
                    f"GHA|{CYCLE}|3.1.c||2500",
                    f"GHA|{CYCLE}|8.2|goal|",
                    f"GHA|{CYCLE}|7.9|2021-06|",
                )),
                {
                    "party": "GHA", "cycle": CYCLE, "question": "C.1", "format_version": "one",
                    "text": "<script>alert(1)</script> Données insuffisantes",
                },
            ],
        )
    )  # fmt: skip


def status(frame):
    return dict(zip(frame["party"], frame["status"], strict=True))


def test_every_state_has_its_answer_or_the_reason_why_there_is_none(made):
    told = status(made.replies("4.3"))
    assert told["GHA"] == told["CHE"] == "ok"
    assert told["PER"] == Status.NOT_ANSWERED  # its report came, without this answer
    assert told["KIR"] == Status.NOT_REPORTED
    assert told["NPL"] == Status.NOT_PARTY


def test_an_answer_counts_from_the_day_on_which_its_report_came(made):
    assert status(made.replies("4.3", "2021-12-15"))["CHE"] == Status.NOT_DUE
    assert status(made.replies("4.3", "2021-12-31"))["CHE"] == "ok"


def test_counts_of_a_group_agree_with_a_count_by_hand(made):
    one = counts(made.replies("4.3"), ["yes", "no"], entities.WORLD)
    assert one.chosen == {"yes": 1, "no": 1}
    assert (one.n_answered, one.n_due, one.parties) == (2, 4, 4)
    africa = counts(made.replies("4.3"), ["yes", "no"], "AFRICA")
    assert (africa.chosen, africa.n_due) == ({"yes": 1, "no": 0}, 1)


def test_a_question_that_a_short_report_does_not_ask_is_owed_by_nobody(made):
    short = made.cycle._replace(kind="short")
    asked = made.asked("4.3")._replace(in_short="no")
    assert not is_asked(asked, short)
    found = replies(asked, short, made.states(), made.tables["answers"].iloc[:0])
    assert counts(found, ["yes", "no"], entities.WORLD).n_due == 0
    assert set(found["status"]) <= {Status.NOT_DUE, Status.NOT_PARTY}
    told = question.sentence(question.classed(found, asked), entities.WORLD)
    assert told == "World: no Party owed an answer."


def test_a_state_of_unknown_membership_counts_nowhere_and_makes_owed_a_lower_bound(made):
    states = made.states()
    states.loc[states["party"] == "NPL", "status"] = "open"
    found = replies(made.asked("4.3"), made.cycle, states, made.answers("4.3"))
    one = counts(found, ["yes", "no"], entities.WORLD)
    assert (one.n_due, one.n_open, one.parties) == (4, 1, 4)
    assert question.owed_text(one) == "at least 4"


def test_where_reports_may_be_missing_from_the_list_nobody_is_called_silent(made):
    states = made.states()
    states.loc[states["party"] == "KIR", "status"] = str(Status.NOT_LOADED)
    one = counts(
        replies(made.asked("4.3"), made.cycle, states, made.answers("4.3")),
        ["yes"],
        entities.WORLD,
    )
    assert one.n_due is None
    assert question.owed_text(one) == "not known"


@pytest.mark.parametrize("name", ["4.3", "3.1.c", "8.2", "7.9", "C.1"])
def test_bars_of_a_group_hold_each_of_its_parties_once(made, name):
    found = question.classed(made.replies(name), made.asked(name))
    drawn = question.figure(found, list(entities.groups()), title="t", note="n")
    world = [trace.customdata[0] for trace in drawn.data]
    told = [int(re.search(r": (\d+) / (\d+)", said)[1]) for said in world]
    assert sum(told) == 4
    assert {re.search(r"/ (\d+)", said)[1] for said in world} == {"4"}


def test_what_is_missing_is_told_from_answers_by_a_pattern_too(made):
    found = question.classed(made.replies("4.3"), made.asked("4.3"))
    drawn = question.figure(found, ["WLD"], title="t", note="n")
    patterns = {trace.name: trace.marker.pattern.shape for trace in drawn.data}
    assert patterns["Yes"] == patterns["No"] == ""
    assert patterns["Not reported"] == STATUS_PATTERNS[Status.NOT_REPORTED] != ""
    assert patterns["Not answered"] != patterns["Not reported"]


def test_numbers_fall_into_ranges_and_zero_stays_apart(made):
    found = question.classed(made.replies("3.1.c"), made.asked("3.1.c"))
    one = question.of_groups(found, ["WLD"])[0]
    assert one.chosen["zero"] == 1
    assert sum(one.chosen.values()) == one.n_answered == 2
    told = question.amounts_table(made.replies("3.1.c"), ["WLD"], "c", "en")
    assert "2.5 t" in told
    assert '<td class="number">1</td><td class="number">2</td>' in told  # above zero, answered


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_states_moves_no_count(made, seed):
    found = made.replies("4.3")
    shuffled = found.sample(frac=1, random_state=seed)
    assert counts(shuffled, ["yes", "no"], "WLD") == counts(found, ["yes", "no"], "WLD")


# --- two versions of the form -------------------------------------------------------------------

MAP = pd.DataFrame(
    {
        "from_version": "a",
        "from_question": ["1", "2", "2", "3", ""],
        "to_version": "b",
        "to_question": ["1", "2.a", "2.b", "", "9"],
        "relation": ["same", "split", "split", "dropped", "new"],
        "note": "",
    }
)


@pytest.mark.parametrize(
    ("asked", "of", "to", "relation", "comparable"),
    [
        ("1", "a", "b", "same", True),
        ("1", "b", "a", "same", True),
        ("2", "a", "b", "split", False),
        ("2.a", "b", "a", "split", False),
        ("3", "a", "b", "dropped", False),
        ("9", "b", "a", "new", False),
        ("7", "a", "b", "unknown", False),
    ],
)
def test_only_what_the_map_calls_the_same_is_comparable(asked, of, to, relation, comparable):
    found = counterpart(MAP, asked, of, to)
    assert (found.relation, found.comparable) == (relation, comparable)


def test_a_question_is_its_own_counterpart_in_the_same_version():
    assert counterpart(MAP, "3", "a", "a") == Counterpart("3", "same")


# --- who reported -------------------------------------------------------------------------------


def test_on_time_late_and_silent_are_those_of_the_days(made):
    found = performance.performance(made.states(), made.tables["submissions"], made.cycle)
    told = dict(zip(found["party"], found["state"], strict=True))
    assert (told["CHE"], told["PER"], told["KIR"]) == ("on_time", "late", "not_reported")
    assert found.set_index("party").loc["PER", "days"] == 20
    said = performance.performance_sentence(found, entities.WORLD)
    assert "3 of 4 reports due were received (75.0 %): 2 on time, 1 late. Silent: 1." in said


def test_before_the_deadline_nobody_is_late_or_silent(made):
    found = performance.performance(
        made.states("2021-12-15"), made.tables["submissions"], made.cycle
    )
    assert set(found["state"]) <= {"on_time", "not_due", "not_party"}
    assert "the deadline had not passed. Received so far from 1 of 4" in (
        performance.performance_sentence(found, entities.WORLD)
    )


# --- words in texts -----------------------------------------------------------------------------

TEXTS = pd.DataFrame(
    {
        "party": ["GHA", "CHE", "PER"],
        "text": ["Élémentaire <script>x</script> MERCURE", "mercury", "ELEMENTAIRE du mercure"],
        "origin": ["a.csv:2", "a.csv:3", "<b>.csv:4"],
    }
)


def test_words_are_found_whole_and_whatever_their_case_and_accents():
    assert search.find(TEXTS, "elementaire MERCURE")["party"].tolist() == ["GHA", "PER"]
    assert search.find(TEXTS, "mercur").empty
    assert len(search.find(TEXTS, "  ")) == 3


def test_found_texts_are_escaped_and_name_party_and_line():
    told = search.listed(TEXTS, "élémentaire")
    assert "<script>" not in told
    assert "&lt;script&gt;" in told
    assert "<mark>Élémentaire</mark>" in told
    assert "&lt;b&gt;.csv:4" in told
    assert "Ghana" in told


@given(st.text(max_size=60), st.text(max_size=8))
def test_marking_changes_no_letter_of_a_text(said, wanted):
    shown = search.marked(said, wanted)
    plain = html.unescape(re.sub(r"</?mark>", "", shown))
    assert plain.removeprefix("… ").removesuffix(" …") in said or plain == said


# --- the pages ----------------------------------------------------------------------------------


def test_the_tree_has_every_question_of_the_form_once(reports_edition):
    form = reports_edition.table("questions")
    form = form[form["version"] == "mc-1-8"].sort_values("position")
    told = tree.tree(form, "4.3")
    picked = re.findall(r'data-evalkit-pick="([^"]+)"', told)
    assert picked == form.loc[form["answer_type"] != "heading", "question"].tolist()
    assert told.count("<details open>") == 1
    assert 'data-evalkit-pick="4.3" aria-current="true"' in told


def test_a_page_of_reports_says_which_data_is_invented_and_escapes_texts(reports_edition):
    shown = Reporting(reports_edition, "cycle=2025-full&question=4.1.y&words=dentaire")
    assert "SIMULATED" in page.banner(reports_edition, "en")
    assert "SIMULATED" in shown.htmls["note"].value
    assert "&lt;script&gt;" in shown.htmls["texts"].value
    assert "<script>" not in shown.htmls["texts"].value
    assert "from memory" in shown.htmls["question"].value


def test_two_cycles_stand_side_by_side_through_the_map(reports_edition):
    shown = Reporting(reports_edition, "cycle=2021-full&question=4.3&compare=2025-full")
    assert "Second full reports" in shown.htmls["second"].value
    shown.reports.question_map.loc[
        shown.reports.question_map["from_question"] == "4.3", "relation"
    ] = "split"
    shown.draw()
    assert "Not comparable with Second full reports" in shown.htmls["second"].value
    assert shown.outputs["second"].layout.display == "none"


def test_without_reports_the_page_says_so_and_nothing_is_a_no(edition):
    shown = Reporting(edition, "cycle=2021-full")
    assert "No national report is loaded" in shown.htmls["notice"].value
    assert "Silent" not in shown.htmls["headline"].value
    assert "no answer from any" in shown.htmls["question"].value
    assert (
        "No report of this Party is loaded" in PartyPage(edition, "party=GHA").htmls["party"].value
    )


def test_a_page_keeps_the_party_of_the_address_for_the_others(reports_edition):
    shown = Reporting(reports_edition, "party=GHA&lang=xx&cycle=<script>")
    assert "party=GHA" in shown.htmls["address"].value
    assert "<script>" not in shown.htmls["address"].value


@pytest.mark.parametrize("page", [Reporting, PartyPage])
@pytest.mark.parametrize("name", ["minimal", "rich"])
def test_pages_stand_on_small_data(small_edition, name, page):
    shown: Dashboard = page(small_edition(name), "party=GHA")
    assert "could not be shown" not in shown.htmls["headline"].value


def test_a_party_page_counts_equal_answers(reports_edition):
    shown = PartyPage(reports_edition, "party=GHA&as_of=2026-10-01")
    told = shown.htmls["party"].value
    assert "Second full reports" in told
    assert re.search(r"\d+\.\d % \(\d+ of \d+\)", told)
    assert told.count("As of 1 October 2026.") >= 4
    assert any("SIMULATED" in getattr(part, "value", "") for part in shown.widget.children)


def test_a_part_of_a_table_equals_the_table(reports_edition):
    whole = reports_edition.table("answers")
    part = reports_edition.rows("answers", ["party", "answer"], question="4.3")
    expected = whole.loc[whole["question"] == "4.3", ["party", "answer"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, expected)
