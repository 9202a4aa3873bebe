"""The scorecard: a mark for every indicator, no number where there is none, a sheet for each."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from evalkit import results
from evalkit.reference.rows import rows as reference
from evalkit.reference.texts import known
from evalkit.views import answerable, held
from evalkit.views.party import PartyPage
from evalkit.views.reporting import Reporting
from evalkit.views.score import AT_LEAST, NO_RESULTS, ONLY_PARTIES, SEVERAL, VALUE, card, score
from evalkit.views.scorecard import Scorecard

SPEC = {
    **reference("indicators.csv")[3],
    "tables": "answers",
    "needs": "a file of <b>reports</b>",
}


def made(*records):
    same = {"indicator": SPEC["id"], "entity": "WLD", "unit": "share", "status": "ok"}
    frame = pd.DataFrame(
        [{**same, "basis": "reported", "as_of": "2026-01-01", **r} for r in records]
    )
    return results.conform(frame)


def test_the_latest_period_with_a_value_is_shown_with_its_own_change():
    rows = made(
        {"period": "2019-short", "value": 0.5, "n": 1, "n_answered": 1, "n_due": 2},
        {"period": "2021-full", "value": 0.75, "n": 3, "n_answered": 3, "n_due": 4},
        {"period": "2023-short", "status": "not_due"},
        {"period": "2021-full", "series": "change", "value": 0.25},
        {"period": "2019-short", "series": "change", "value": -0.1},
    )
    told = card(score(SPEC, rows, "WLD"), "")
    assert "75.0 %" in told
    assert "Owed by 4, answered by 3, counted 3." in told
    assert "▲ +25.0 points" in told
    assert "-10.0" not in told


@pytest.mark.parametrize(
    ("records", "mark"),
    [
        ([{"value": 0.5}], VALUE),
        ([{"value": 0.5, "low": 0.5}], AT_LEAST),
        ([{"status": "not_loaded"}], "not_loaded"),
        ([{"entity": "GHA", "value": 1.0}], ONLY_PARTIES),
        ([], NO_RESULTS),
    ],
)
def test_each_mark_is_a_word_and_not_an_icon_alone(records, mark):
    one = score(SPEC, made(*records) if records else made({"value": 1.0}).iloc[:0], "WLD")
    assert one.mark == mark
    assert re.search(r'aria-hidden="true">.</span> [A-Z]\w+', card(one, ""))
    assert ("evalkit-value" in card(one, "")) == (mark in (VALUE, AT_LEAST))


def test_of_many_duties_none_is_taken_for_the_whole():
    rows = made(*({"series": f"duty-{i}", "value": float(i)} for i in range(9)))
    one = score(SPEC, rows, "WLD")
    assert (one.mark, one.row) == (SEVERAL, None)


def test_of_parts_with_a_value_none_stands_for_a_whole_without_one():
    """An inventory that says nothing of a place has its own row beside bounds of another."""
    rows = made({"series": "i", "status": "not_estimated"}, {"series": "j/x/upper", "value": 1.0})
    one = score(SPEC, rows, "WLD")
    assert (one.mark, one.row) == (SEVERAL, None)


def test_verdicts_tell_whole_from_part_and_from_nothing():
    whole, lower, none = (
        score(SPEC, made(record), "WLD")
        for record in ({"value": 0.5}, {"value": 0.5, "low": 0.5}, {"status": "not_loaded"})
    )
    assert answerable.verdict([whole]) == answerable.ALL
    assert answerable.verdict([lower]) == answerable.SOME
    assert answerable.verdict([whole, none]) == answerable.SOME
    assert answerable.verdict([none]) == answerable.NONE
    assert answerable.verdict([]) == answerable.NO_INDICATOR
    told = answerable.missing_list([whole, none])
    assert "To fill it: a file of &lt;b&gt;reports&lt;/b&gt;" in told


def test_every_indicator_has_a_card_and_a_sheet(edition):
    shown = Scorecard(edition, "")
    ids = [spec["id"] for spec in reference("indicators.csv")]
    assert sorted(re.findall(r'data-evalkit-pick="([^"]+)"', shown.htmls["matrix"].value)) == (
        sorted(ids)
    )
    for name in ids:
        shown.picked.value = name
        assert shown.chosen("indicator") == name
        told = shown.htmls["sheet"].value
        assert f"evalkit explain {name} --as-of {edition.as_of}" in told
        assert "How it is computed" in told
    assert shown.picked.value == ""


def test_the_scorecard_shows_the_numbers_of_the_results(edition):
    told = Scorecard(edition, "group=AFRICA").htmls["matrix"].value
    row = edition.indicator("signatories").frame(entity="AFRICA").iloc[0]
    assert f">{row['value']:.0f}</strong>" in told


def test_a_sheet_shows_target_with_its_day_examples_in_words_and_what_would_fill_it(edition):
    told = Scorecard(edition, "indicator=primary-mining").htmls["sheet"].value
    assert "0.0 %, by 16 August 2032" in told
    assert "mines at entry into force (treaty)" in told
    assert "113 of 123 Parties reported, 56 of them yes: share of the Parties due" in told
    assert "45.5 %" in told
    assert "0.45528" not in told
    assert "What would fill it" in told


def test_every_method_is_told_in_words():
    for spec in reference("indicators.csv"):
        assert known(f"method.{spec['method']}"), spec["method"]


def test_what_is_absent_follows_from_what_is_held(edition, reports_edition):
    assert "Which Party sent which report is not loaded" in held.notice(edition)
    assert "answers of national reports" in held.absent(edition)
    assert "not loaded" not in held.notice(reports_edition)
    assert "answers of national reports" not in held.absent(reports_edition)


@pytest.mark.parametrize("name", ["minimal", "rich"])
def test_the_scorecard_stands_on_small_data(small_edition, name):
    shown = Scorecard(small_edition(name), "")
    for day in [value for _, value in shown.choosers["as_of"].options]:
        shown.choosers["as_of"].value = day
    assert "indicators have a value" in shown.htmls["headline"].value


@pytest.mark.parametrize("page", [Reporting, Scorecard, PartyPage])
def test_names_and_notes_that_would_be_code_are_shown_as_text(small_edition, page):
    shown = page(small_edition("hostile"), "party=COG")
    assert [name for name, one in shown.htmls.items() if "<script>" in one.value] == []
