"""The table of the benchmarks: medians, and what part of a target was needed."""

from pathlib import Path

from benchmarks.table import HEADINGS, Measure, markdown

README = Path(__file__).parents[2] / "README.md"


def test_a_row_gives_the_median_and_its_part_of_the_target() -> None:
    row = Measure("start", [1.0, 9.0, 2.0], target=4.0).row()
    assert dict(zip(HEADINGS, row, strict=True)) == {
        "what": "start",
        "median": "2.00 s",
        "range": "1.00 to 9.00",
        "runs": "3",
        "target": "4.00 s",
        "of target": "0.50",
    }


def test_one_run_has_no_range_and_without_target_there_is_no_part() -> None:
    assert Measure("memory", [112.4], unit="MiB").row() == ("memory", "112 MiB", "", "1", "", "")


def test_the_table_is_markdown_with_the_machine_below() -> None:
    lines = markdown([Measure("a", [0.5])], "Measured here.").splitlines()
    assert {line.count("|") for line in lines[:3]} == {len(HEADINGS) + 1}
    assert lines[-1] == "Measured here."


def test_a_table_that_the_readme_quotes_has_the_columns_that_are_printed_now() -> None:
    _, marked, after = README.read_text(encoding="utf-8").partition("<!-- benchmarks -->\n")
    assert marked
    quoted = [line for line in after.lstrip().splitlines() if line.startswith("|")]
    own = after.lstrip().startswith("|")
    assert not own or quoted[0] == "| " + " | ".join(HEADINGS) + " |"
