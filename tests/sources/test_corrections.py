"""Declared corrections: made when they find what they expect, and stopping the build else."""

from __future__ import annotations

import pytest

from evalkit.errors import EvalkitError, Reason
from evalkit.sources import corrections
from evalkit.sources.check import check

HEADING = "party,cycle,submitted_on,source,basis\n"
ENTRY = """
- file: submissions.csv
  key: {{party: GHA, cycle: 2019-short}}
  column: submitted_on
  old: "{old}"
  new: "2019-12-20"
  reason: Day and month were exchanged.
  source: somewhere
"""


@pytest.fixture
def declared(tmp_path):
    def write(old):
        path = tmp_path / "reports.yaml"
        path.write_text(ENTRY.format(old=old), encoding="utf-8")
        return corrections.load([(path, "data/corrections/reports.yaml")])

    return write


@pytest.fixture
def submissions(tmp_path):
    path = tmp_path / "submissions.csv"
    path.write_text(
        HEADING + "GHA,2019-short,2019-20-12,a,reported\nPER,2019-short,2019-11-01,a,reported\n",
        encoding="utf-8",
    )
    return path


def test_a_correction_is_made_and_the_rest_left(submissions, declared):
    loaded = check(submissions, shown="submissions.csv", corrections=declared("2019-20-12"))
    rows = loaded.tables["submissions"].set_index("party")["submitted_on"]
    assert f"{rows['GHA']:%Y-%m-%d}" == "2019-12-20"
    assert f"{rows['PER']:%Y-%m-%d}" == "2019-11-01"
    assert loaded.failures == ()
    origins = loaded.tables["submissions"].set_index("party")["origin"]
    assert origins["GHA"] == "submissions.csv:2 corrected by data/corrections/reports.yaml"
    assert origins["PER"] == "submissions.csv:3"


def test_without_it_the_cell_is_refused(submissions):
    loaded = check(submissions, shown="submissions.csv")
    assert [failure.reason for failure in loaded.failures] == [Reason.NOT_A_DAY]


def test_a_mended_cell_stops_the_build_and_says_which_entry_can_go(submissions, declared):
    with pytest.raises(EvalkitError) as caught:
        check(submissions, shown="submissions.csv", corrections=declared("2019-12-21"))
    assert caught.value.reason is Reason.CORRECTION_EXPIRED
    assert "data/corrections/reports.yaml" in str(caught.value)
    assert "GHA" in str(caught.value)


def test_a_correction_of_another_file_is_passed_over(submissions, declared):
    one = declared("x")
    loaded = check(submissions, shown="other.csv", corrections=one)
    assert loaded.control["read"] == 2


@pytest.mark.parametrize(
    "content",
    [
        "- [unclosed",
        "just a word",
        "a: mapping",
        "- word",
        ENTRY.replace("{{", "").replace("}}", ""),
    ],
)
def test_a_file_that_is_no_list_of_entries_is_refused(content, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvalkitError, match=r"data/corrections/a\.yaml") as caught:
        corrections.load([(path, "data/corrections/a.yaml")])
    assert caught.value.reason is Reason.NOT_A_TABLE
    assert "README" in caught.value.remedy


def test_an_empty_list_of_corrections_corrects_nothing(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("[]\n", encoding="utf-8")
    assert corrections.load([(path, "a.yaml")]) == []


def test_a_row_cut_short_is_told_as_such_beside_a_correction(tmp_path, declared):
    path = tmp_path / "submissions.csv"
    path.write_text(HEADING + "GHA,2019-short,2019-20-12,a,reported\nPER\n", encoding="utf-8")
    loaded = check(path, shown="submissions.csv", corrections=declared("2019-20-12"))
    assert [failure.line for failure in loaded.failures] == [3]
    assert loaded.failures[0].reason is Reason.NOT_A_TABLE


def test_an_entry_without_reason_is_refused(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("- {file: a.csv, key: {x: y}, column: z, old: '1', new: '2'}\n")
    with pytest.raises(EvalkitError, match="reason"):
        corrections.load([(path, "a.yaml")])
