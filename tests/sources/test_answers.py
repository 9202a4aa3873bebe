"""The one check of answers against their questions: what is taken, how, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.errors import Reason
from evalkit.reference import questions, words
from evalkit.reference.rows import rows
from evalkit.sources import answers
from evalkit.sources.quantities import understood


def take(*given: dict[str, Any], **more: Any) -> answers.Taken:
    same = {"party": "GHA", "cycle": "2021-full", "source": "a", "basis": "simulated"}
    raw = pd.DataFrame([{**same, "line": n, **row} for n, row in enumerate(given, 2)])
    return answers.take(raw.fillna(""), "x.csv", **more)


def one(**given: Any) -> pd.Series:
    taken = take(given)
    assert taken.failures == ()
    return taken.frame.iloc[0]


def refused(**given: Any) -> tuple[Reason, str, str]:
    taken = take(given)
    assert taken.control == {"read": 1, "taken": 0, "set_apart": 1}
    failure = taken.failures[0]
    assert failure.line == 2
    assert failure.remedy
    return failure.reason, failure.what, failure.remedy


# --- choices ----------------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["yes", "YES", " Yes. ", "oui", "Sí", "si", "TRUE", "да", "نعم"])
def test_yes_in_the_words_of_the_table(told: str) -> None:
    assert one(question="4.3", answer=told)["answer"] == "yes"


@pytest.mark.parametrize("told", ["perhaps", "yes and no", "1", "not applicable", "<script>"])
def test_another_word_is_refused_with_the_choices(told: str) -> None:
    reason, what, remedy = refused(question="4.3", answer=told)
    assert reason is Reason.NOT_ALLOWED
    assert repr(told) in what
    assert "yes, no" in what
    assert "answer_words.csv" in remedy


def test_several_choices_stand_in_the_order_of_the_question() -> None:
    found = one(question="8.2.a", answer="alternative; Valeurs limites d'émission | goal")
    assert found["answer"] == "goal|limit_values|alternative"


def test_none_beside_another_choice_is_a_contradiction_and_refused() -> None:
    assert refused(question="8.2.a", answer="none|goal")[0] is Reason.NOT_ALLOWED


def test_every_choice_of_every_version_has_a_word_in_each_language_and_is_read_back() -> None:
    for version in questions.versions():
        for asked in questions.questions(version).values():
            for language in words.LANGUAGES:
                shown = [words.shown(code, language) for code in asked.choices]
                assert [words.choice(told, asked.choices) for told in shown] == [*asked.choices]


def test_every_word_says_where_it_is_from() -> None:
    for name in ("answer_words.csv", "template_texts.csv"):
        assert all(row["source"] and row["basis"] for row in rows(name))


# --- numbers ----------------------------------------------------------------------------------

UNDERSTOOD = {
    "12.5": 12500,
    "12,5": 12500,
    "12,5 t": 12500,
    "1 200 kg": 1200,
    "1\u00a0200 kg": 1200,
    "1.200,5 kg": 1200.5,
    "1,200.5 kg": 1200.5,
    "1,200,000 g": 1200,
    "0,125": 125,
    "3 tonnes": 3000,
    "2e-3 t": 2,
    "0": 0,
    "12.3": 12300,
    "0.1": 100,
}


@pytest.mark.parametrize("told", UNDERSTOOD)
def test_a_number_that_can_mean_one_thing_is_taken_in_kg(told: str) -> None:
    found = one(question="3.1.c", value=told)
    assert found["value"] == UNDERSTOOD[told]
    assert found["unit"] == "kg"


NOT_UNDERSTOOD = {
    "1,200": Reason.NOT_A_NUMBER,
    "1.2.3": Reason.NOT_A_NUMBER,
    "12 34": Reason.NOT_A_NUMBER,
    "-5": Reason.NEGATIVE,
    "-5 t": Reason.NEGATIVE,
    "about 12": Reason.NOT_A_NUMBER,
    "12 lb": Reason.NOT_A_NUMBER,
    "US$ 12": Reason.NOT_ALLOWED,
    "1e999": Reason.NOT_A_NUMBER,
    "nan": Reason.NOT_A_NUMBER,
    "inf": Reason.NOT_A_NUMBER,
    "none": Reason.NOT_A_NUMBER,
    "NA": Reason.NOT_A_NUMBER,
    "10-20": Reason.NOT_A_NUMBER,
    "=1+1": Reason.NOT_A_NUMBER,
}


@pytest.mark.parametrize("told", NOT_UNDERSTOOD)
def test_a_number_that_is_unsure_is_refused_and_never_guessed(told: str) -> None:
    reason, what, _ = refused(question="3.1.c", value=told)
    assert reason is NOT_UNDERSTOOD[told]
    assert told in what


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**9), st.integers(0, 9))
def test_tonnes_become_kg_exactly(digits: int, places: int) -> None:
    """The number nearest to the decimal text times 1,000, whatever it is."""
    text = str(digits)
    padded = text.rjust(places + 1, "0")
    told = f"{padded[: len(padded) - places]}.{padded[len(padded) - places :]}" if places else text
    found = take({"question": "3.1.c", "value": told}).frame.iloc[0]["value"]
    assert found == float(Fraction(told) * 1000)


def test_a_count_is_whole_and_has_no_mass() -> None:
    assert one(question="5.1.b.i", value="3")["unit"] == "count"
    assert refused(question="5.1.b.i", value="3.5")[0] is Reason.NOT_A_NUMBER
    assert refused(question="5.1.b.i", value="3 t")[0] is Reason.NOT_ALLOWED


def test_a_table_of_evalkit_says_the_unit_of_a_mass_itself() -> None:
    row = {"question": "3.1.c", "value": "12"}
    (failure,) = take(row, unit_asked=False).failures
    assert (failure.reason, failure.cell) == (Reason.MISSING_VALUE, "unit")
    assert take({**row, "unit": "kg"}, unit_asked=False).frame.iloc[0]["value"] == 12
    assert take({**row, "unit": "t"}, unit_asked=False).frame.iloc[0]["value"] == 12_000


def test_a_unit_that_stands_twice_and_differs_is_refused() -> None:
    assert refused(question="3.1.c", value="12 t", unit="kg")[0] is Reason.CONTRADICTION


@given(st.text(max_size=40))
def test_any_text_is_understood_or_has_a_problem(cell: str) -> None:
    found = understood(cell)
    assert bool(found.digits) != bool(found.problem)


# --- dates and texts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "taken"),
    [("2025-06", "2025-06"), ("2025-06-30", "2025-06-30"), ("2025-06-30 00:00:00", "2025-06-30")],
)
def test_a_day_or_a_month_is_taken_as_given(told: str, taken: str) -> None:
    assert one(question="3.1.a", answer=told)["answer"] == taken


@pytest.mark.parametrize("told", ["30/06/2025", "2025-02-30", "2025-13", "June 2025", "2025"])
def test_another_date_is_refused(told: str) -> None:
    reason, what, remedy = refused(question="A.6", answer=told)
    assert reason is Reason.NOT_A_DAY
    assert told in what
    assert "2020-12-31" in remedy


@pytest.mark.parametrize("told", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "NA", "-"])
def test_text_stays_text(told: str) -> None:
    assert one(question="A.4", answer=told)["text"] == told
    assert one(question="4.3", answer="yes", text=told)["text"] == told


def test_a_text_beyond_a_cell_is_refused() -> None:
    assert one(question="C.1", text="x" * answers.LONGEST)["text"]
    assert "32768 characters" in refused(question="C.1", text="x" * (answers.LONGEST + 1))[1]


def test_a_number_at_a_question_for_none_is_refused() -> None:
    assert refused(question="4.3", value="3")[0] is Reason.NOT_ALLOWED


def test_a_blank_answer_is_no_row() -> None:
    assert refused(question="4.3")[0] is Reason.MISSING_VALUE


# --- whom and what ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "reason", "said"),
    [
        ({"question": "4.99"}, Reason.BROKEN_LINK, "Nearest: 4."),
        ({"question": "4.2"}, Reason.NOT_ALLOWED, "Answer its parts"),
        ({"question": "4.3", "cycle": "2019-short"}, Reason.NOT_ALLOWED, "Correct the cycle"),
        ({"question": "4.3", "cycle": "2021-ful"}, Reason.BROKEN_LINK, "2021-full"),
        ({"question": "4.3", "format_version": "mc-5-13"}, Reason.CONTRADICTION, "cycle uses"),
        ({"question": "4.3", "party": "Ganha"}, Reason.UNKNOWN_NAME, "Ghana"),
        ({"question": "4.3", "party": "WLD"}, Reason.UNKNOWN_NAME, "Party that reports"),
        ({"question": "4.3", "party": "NA"}, Reason.UNKNOWN_NAME, "Correct the name"),
        ({"question": "4.3", "basis": "rumour"}, Reason.NOT_ALLOWED, "Correct the cell"),
        ({"question": "4.3", "source": ""}, Reason.MISSING_VALUE, "Correct the cell"),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest(
    given_: dict[str, str], reason: Reason, said: str
) -> None:
    found, _, remedy = refused(**{"answer": "yes", **given_})
    assert found is reason
    assert said in remedy


@pytest.mark.parametrize("told", ["4.3.ii", "4.3(ii)", "Question 4.3.ii: objectives", "4.3.II"])
def test_a_question_is_found_by_its_id_before_its_text(told: str) -> None:
    assert one(question=told, answer="no")["question"] == "4.3.ii"


def test_namibia_is_a_party() -> None:
    assert one(party="Namibia", question="4.3", answer="no")["party"] == "NAM"


def test_the_same_answer_twice_is_told_with_the_first_line() -> None:
    taken = take({"question": "4.3", "answer": "yes"}, {"question": "4.3 x", "answer": "no"})
    (failure,) = taken.failures
    assert failure.reason is Reason.DUPLICATE_KEY
    assert "already on line 2" in failure.what
    assert taken.control == {"read": 2, "taken": 1, "set_apart": 1}


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(4)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    given_ = [
        {"question": "4.3", "answer": "yes"},
        {"question": "3.1.c", "value": "1,5"},
        {"question": "A.4", "text": "x"},
        {"question": "4.3", "party": "PER", "answer": "no"},
    ]
    left = take(*given_).frame.drop(columns="origin")
    right = take(*(given_[i] for i in order)).frame.drop(columns="origin")
    pd.testing.assert_frame_equal(left, right)
