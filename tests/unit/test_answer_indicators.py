"""Shares and sums of answers, registers and progress: worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from evalkit import testing
from evalkit.indicators import catalogue
from evalkit.indicators.prepared import prepared
from evalkit.methods.progress import elapsed, progress
from evalkit.methods.shares import wilson
from evalkit.reference.rows import rows as reference
from evalkit.testing import parties, rows, tidy_tables
from evalkit.testing_rows import answers, complete, cycles, questions

BOUND = [f"{p}||2017-05-18|2017-08-16" for p in ("CHE", "GHA", "NGA", "PER", "USA")]
CYCLES = cycles(
    "2021-full|full|2017-08-16|2020-12-31|2020-12-31|2021-12-31",
    "2025-full|full|2021-01-01|2024-12-31|2024-12-31|2025-12-31",
)


def given(*lines: str, form: tuple[str, ...] = (), **more: object) -> testing.Tables:
    """Five Parties bound; every Party with an answer has reported."""
    made = answers(*lines)
    sent = sorted({(row["party"], row["cycle"]) for row in made})
    asked = questions(*(form or ("4.3|4|yes_no|yes,no|",)))
    return tidy_tables(
        **{
            "parties": parties(*BOUND, basis="reported"),
            "cycles": CYCLES,
            "completeness": complete("2030-12-31", 0),
            "questions": asked,
            "answers": made,
            "submissions": rows(
                "party cycle submitted_on", *(f"{p}|{c}|{c[:4]}-12-30" for p, c in sent)
            ),
            **more,
        }
    )


def of(name: str, data: testing.Tables, day: str = "2026-01-31") -> pd.DataFrame:
    frame = catalogue.compute(name, data, as_of=day).frame
    return frame.set_index(["series", "entity", "period"])


THREE = ("CHE|2021-full|4.3|yes|", "GHA|2021-full|4.3|no|", "NGA|2021-full|4.3|yes|")


def test_a_share_has_its_counts_and_what_silence_could_hide() -> None:
    frame = of("dental-amalgam-measures", given(*THREE))
    due = frame.loc[("", "WLD", "2021-full")]
    assert (due["n"], due["n_answered"], due["n_due"]) == (2, 3, 5)
    assert (due["value"], due["low"], due["high"]) == (2 / 5, 2 / 5, 4 / 5)
    told = frame.loc[("answered", "WLD", "2021-full")]
    assert (told["value"], told["low"], told["high"]) == (2 / 3, 2 / 5, 4 / 5)
    exact = binomtest(2, 3).proportion_ci(method="wilson")
    chance = frame.loc[("answered-wilson", "WLD", "2021-full")]
    assert [chance["low"], chance["high"]] == pytest.approx([exact.low, exact.high], rel=1e-12)
    each = frame.loc[""].xs("2021-full", level="period")["status"]
    assert (each["CHE"], each["PER"], each["WLD"]) == ("ok", "not_reported", "ok")
    assert frame.loc[("", "GHA", "2021-full"), "value"] == 0


def test_change_of_all_and_of_those_that_answered_both() -> None:
    """Two thirds, then two of two: of the panel CHE and GHA one half, then all."""
    later = ("CHE|2025-full|4.3|yes|", "GHA|2025-full|4.3|yes|")
    frame = of("dental-amalgam-measures", given(*THREE, *later))
    change = frame.loc[("change", "WLD", "2025-full")]
    assert change["value"] == pytest.approx(1 - 2 / 3)
    assert [change["low"], change["high"]] == pytest.approx([2 / 5 - 4 / 5, 1 - 2 / 5])
    panel = frame.loc[("change-panel", "WLD", "2025-full")]
    assert (panel["value"], panel["n_answered"], panel["n"]) == (0.5, 2, 2)


def test_only_parties_that_the_question_concerns_owe_an_answer() -> None:
    form = ("7.2|7|yes_no|yes,no|", "7.3|7|choice|yes,no,in_progress|")
    lines = ("CHE|2021-full|7.2|no|", "GHA|2021-full|7.2|yes|", "GHA|2021-full|7.3|in_progress|")
    frame = of("action-plan-reported", given(*lines, form=form))
    assert frame.loc[("", "CHE", "2021-full"), "status"] == "not_applicable"
    due = frame.loc[("", "WLD", "2021-full")]
    assert (due["n"], due["n_answered"], due["n_due"]) == (0, 1, 4)


def test_who_does_not_know_and_a_code_not_offered_are_no_answer() -> None:
    form = ("5.1|5|choice|yes,no,unknown|",)
    lines = ("CHE|2021-full|5.1|unknown|", "GHA|2021-full|5.1|Yes|", "NGA|2021-full|5.1|no|")
    frame = of("process-facilities", given(*lines, form=form))
    statuses = [frame.loc[("", party, "2021-full"), "status"] for party in ("CHE", "GHA", "NGA")]
    assert statuses == ["not_answered", "not_answered", "ok"]


MINES = ("3.1|3|yes_no|yes,no|", "3.1.c|3|number||t")


def mined(**kg: tuple[float | str, float | str]) -> testing.Tables:
    lines, amounts = [], []
    for party, pair in kg.items():
        for cycle, amount in zip(("2021-full", "2025-full"), pair, strict=True):
            if amount != "":
                lines.append(f"{party}|{cycle}|3.1|yes|")
                amounts.append(f"{party}|{cycle}|3.1.c||{amount}")
    data = given(*lines, *amounts, form=MINES)
    unit = data["answers"]["value"].notna().map({True: "kg", False: ""})
    return {**data, "answers": data["answers"].assign(unit=unit)}


def test_a_sum_counts_who_gave_an_amount_and_zero_is_one() -> None:
    row = of("mercury-mined", mined(CHE=(100, ""), GHA=(0, ""))).loc[("", "WLD", "2021-full")]
    assert (row["value"], row["n"], row["n_answered"], row["n_due"]) == (100, 1, 2, 5)
    assert row["low"] == 100
    assert pd.isna(row["high"]), "at least, since three gave none"


def test_an_amount_in_another_unit_is_not_taken() -> None:
    data = mined(CHE=(100, ""))
    wrong = {**data, "answers": data["answers"].assign(unit="count")}
    frame = of("mercury-mined", wrong)
    assert frame.loc[("", "WLD", "2021-full"), "status"] == "not_answered"


def test_progress_is_that_of_the_panel_in_a_year_and_the_same_in_any_unit() -> None:
    """Half of the yearly amount is half the way to zero; who starts to report is no increase."""
    days = {"2021-full": 1234, "2025-full": 1461}
    half = (100.0 * days["2021-full"], 50.0 * days["2025-full"])
    frame = of("primary-mining-progress", mined(CHE=half, GHA=("", 9e9)))
    assert frame.loc[("", "WLD", "2025-full"), "value"] == pytest.approx(0.5)
    assert frame.loc[("", "GHA", "2025-full"), "status"] == "insufficient"
    scaled = mined(CHE=(half[0] * 1000, half[1] * 1000))
    again = of("primary-mining-progress", scaled).loc[("", "CHE", "2025-full"), "value"]
    assert again == pytest.approx(0.5)
    assert 0 < frame.loc[("expected", "WLD", "2025-full"), "value"] < 1


def test_progress_of_the_method() -> None:
    found = progress([10, 10, 10, 0, np.nan], [5, -5, 20, 0, 1], 0)
    assert found[:3].tolist() == [0.5, 1.5, -1.0]
    assert np.isnan(found[3:]).all(), "nowhere to go, and no baseline"
    assert progress(2, 5, 8) == 0.5, "a target above"
    assert progress(5, 2, 8) == -progress(2, 5, 8) * 6 / 3, "time reversed turns the sign"
    assert elapsed(0, 5, 20) == 0.25
    with pytest.raises(ValueError, match="after the start"):
        elapsed(3, 3, 3)


@pytest.mark.parametrize(("n", "whole"), [(0, 1), (1, 1), (56, 113), (0, 113), (113, 113), (3, 7)])
def test_wilson_is_that_of_scipy(n: int, whole: int) -> None:
    expected = binomtest(n, whole).proportion_ci(confidence_level=0.95, method="wilson")
    low, high = wilson(n, whole)
    assert [float(low), float(high)] == pytest.approx([expected.low, expected.high], abs=1e-12)


def test_reports_on_time() -> None:
    data = given(*THREE)
    late = data["submissions"]["submitted_on"].mask(
        data["submissions"]["party"] == "NGA", pd.Timestamp("2022-02-01")
    )
    frame = of("reports-on-time", {**data, "submissions": data["submissions"].assign(
        submitted_on=late)})  # fmt: skip
    row = frame.loc[("", "WLD", "2021-full")]
    assert (row["n"], row["n_answered"], row["n_due"], row["value"]) == (2, 3, 5, 2 / 5)
    assert frame.loc[("", "NGA", "2021-full"), "value"] == 0
    assert frame.loc[("", "PER", "2021-full"), "status"] == "not_reported"


def test_a_register_that_may_be_cut_gives_lower_bounds_and_expires() -> None:
    data = testing.answered()
    frame = of("exemptions-in-effect", data, "2020-12-31")
    assert frame.loc[("", "GHA", ""), "status"] == "not_loaded", "expired, and the list may be cut"
    assert frame.loc[("", "PER", ""), "value"] == 1
    assert pd.isna(frame.loc[("", "WLD", ""), "high"])
    assert of("exemptions-expired", data, "2020-12-31").loc[("", "WLD", ""), "value"] == 1


def test_action_plans_are_held_against_their_due_day() -> None:
    """GHA was due on 2020-09-01, PER on 2020-08-16, NGA on 2022-01-01."""
    frame = of("obligations-met", testing.answered(), "2021-06-30")
    met = frame.loc["action-plan"].droplevel("period")
    in_time = frame.loc["action-plan/on-time"].droplevel("period")
    assert (met.loc["GHA", "value"], met.loc["PER", "value"]) == (1, 1)
    assert (in_time.loc["GHA", "value"], in_time.loc["PER", "value"]) == (1, 0)
    assert (met.loc["NGA", "status"], met.loc["CHE", "status"]) == ("not_due", "not_applicable")
    assert (in_time.loc["WLD", "n"], in_time.loc["WLD", "n_due"]) == (1, 2)


def test_what_the_tables_shared_gives_the_same_as_each_alone() -> None:
    data = testing.answered()
    ready = prepared(data)
    for name in ("primary-mining", "mercury-mined", "complete-reports", "reports-on-time"):
        for day in ("2021-12-31", "2026-12-31"):
            alone = catalogue.compute(name, data, as_of=day).frame
            pd.testing.assert_frame_equal(catalogue.compute(name, ready, as_of=day).frame, alone)


def test_a_table_changed_afterwards_is_read_anew() -> None:
    data = given(*THREE)
    before = of("dental-amalgam-measures", data).loc[("", "WLD", "2021-full"), "n"]
    data["answers"] = data["answers"].assign(answer="no")
    assert (before, of("dental-amalgam-measures", data).loc[("", "WLD", "2021-full"), "n"]) == (
        2,
        0,
    )


def test_what_is_not_loaded_says_which_file_would_fill_it() -> None:
    result = catalogue.compute("mercury-traded", testing.rich(), as_of="2020-12-31")
    assert "HS 280540" in result.steps[0].what
    for row in reference("indicators.csv")[9:]:
        assert row["needs"], row["id"]
