"""The table of the benchmarks: medians, and what part of a target was needed."""

import ast
from pathlib import Path

import evalkit
from benchmarks import exports
from benchmarks.table import HEADINGS, Measure, markdown

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


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


def test_make_bench_runs_every_module_that_measures() -> None:
    """A module with a command of its own, `python -m benchmarks.NAME`, is in the one table too."""
    modules = {path.stem: path.read_text("utf-8") for path in (ROOT / "benchmarks").glob("*.py")}
    own = {name for name, said in modules.items() if "\ndef main(" in said} - {"__main__"}
    imported = {
        str(node.module).removeprefix("benchmarks.")
        for node in ast.walk(ast.parse(modules["__main__"]))
        if isinstance(node, ast.ImportFrom)
    }
    assert own
    assert own <= imported


def test_the_invented_list_is_taken_whole_and_has_rows_as_long_as_real_ones(tmp_path: Path) -> None:
    path = tmp_path / "projects-2023-10-24.csv"
    exports.write(path, 60)
    loaded = evalkit.check(path)
    assert (loaded.source, loaded.failures) == ("gef", ())
    assert loaded.control == {"read": 60, "taken": 60, "set_apart": 0}
    assert {"other", "unclassified"} <= set(loaded.tables["projects"]["theme"])
    assert path.stat().st_size / 60 > 200, "bytes of a row; 270 in the export of October 2023"
    assert exports.read_and_attribute(path) > 0
