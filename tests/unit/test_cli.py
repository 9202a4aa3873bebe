"""The command line: what it prints, and its exit codes 0 (done), 1 (refused), 2 (wrong use)."""

from __future__ import annotations

import csv
import json
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import evalkit
from evalkit import testing
from evalkit.cli import main
from evalkit.editions import store
from evalkit.editions.store import Edition
from evalkit.indicators import catalogue
from evalkit.reference import paths
from evalkit.tables import catalogue as tables
from evalkit.tables import empty

HEADING = "party,cycle,submitted_on,source,basis"
GOOD = f"{HEADING}\nGHA,2019-short,2019-11-01,a,reported\n"
BAD = f"{HEADING}\nGanha,2019-short,2019-11-01,a,reported\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run the command line; give its exit code, standard output and error output."""

    def run(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def served(edition_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(store.VARIABLE, str(edition_root))


def strict(text: str) -> Any:
    """Plain data, with nothing in it that JSON does not have."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


# --- check --------------------------------------------------------------------------------------


def test_check_of_a_good_file(run, tmp_path: Path) -> None:
    code, out, err = run("check", write(tmp_path / "submissions.csv", GOOD))
    assert (code, err) == (0, "")
    assert "form tidy; submissions (1 rows)" in out
    assert "read 1, taken 1, set_apart 0" in out


def test_check_of_a_bad_row(run, tmp_path: Path) -> None:
    path = write(tmp_path / "submissions.csv", BAD)
    code, out, _ = run("check", path)
    assert code == 1
    assert f"'Ganha' is no known country or region ({path}, line 2, column party)" in out
    assert "Ghana" in out
    code, out, _ = run("check", path, "--json")
    (told,) = strict(out)
    assert code == 1
    assert told["control"] == {"read": 1, "taken": 0, "set_apart": 1}
    (apart,) = told["set_apart"]
    assert (apart["reason"], apart["line"], apart["cell"]) == ("unknown_name", 2, "party")
    assert type(apart["line"]) is int


def test_check_of_a_file_where_no_line_is_at_fault(run, tmp_path: Path) -> None:
    """The failure has no line: null, and no NaN."""
    heading = "Title,ID,Countries,Type,Agencies,GEF Grant,Cofinancing,Status,Approval FY,"
    heading += "Funding Source (indexed field),GEF Period"
    row = "A,7,Ghana,PFD,UNEP,-1,,Completed,2020,GEF Trust Fund,GEF - 7"
    code, out, _ = run("check", write(tmp_path / "x.csv", f"{heading}\n{row}\n"), "--json")
    assert code == 1
    assert [failure["line"] for failure in strict(out)[0]["set_apart"]] == [None, 2]


def test_check_of_what_is_no_table(run, tmp_path: Path) -> None:
    path = write(tmp_path / "page.csv", "<html></html>")
    code, out, _ = run("check", path)
    assert code == 1
    assert f"{path} is a web page" in out
    code, out, _ = run("check", path, "--json")
    assert code == 1
    (told,) = strict(out)
    assert (told["file"], told["error"]["reason"]) == (str(path), "not_a_table")


def test_check_of_several_files_tells_of_each(run, tmp_path: Path) -> None:
    files = [
        write(tmp_path / "page.csv", "<html></html>"),
        write(tmp_path / "submissions.csv", GOOD),
        tmp_path / "nothing.csv",
    ]
    code, out, _ = run("check", *files, "--json")
    assert code == 1
    told = strict(out)
    assert [one["file"] for one in told] == [str(file) for file in files]
    reasons = [one.get("error", {}).get("reason") for one in told]
    assert reasons == ["not_a_table", None, "missing_file"]
    assert run("check", files[1], files[1])[0] == 0


# --- build --------------------------------------------------------------------------------------


def test_build_prints_the_edition_and_refuses_with_one(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = testing.write_data(tmp_path / "data", testing.minimal())
    # The catalogue of indicators stays the project's own.
    monkeypatch.setattr(paths, "reference", _reference(paths.reference("")))
    monkeypatch.setattr(paths, "data", lambda: data)
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "editions"))
    code, out, err = run("build", "--as-of", "2019-11-25", "--out", tmp_path / "editions" / "cop3")
    assert code == 0
    edition = evalkit.load("cop3")
    assert out == f"{edition.name} in {edition.path.parent}\n"
    assert "reading files" in err, "what is being done goes to the error output"
    code, out, err = run("build", write(tmp_path / "submissions.csv", BAD))
    assert (code, out) == (1, "")
    assert "incoming/submissions.csv, line 2" in err
    assert evalkit.load().path == edition.path
    code, _, err = run("build", "--as-of", "25 November 2019")
    assert code == 1
    assert "Write days as 2020-12-31" in err


def _reference(folder: Path):
    return lambda name: folder / name


# --- wrong use ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [[], ["explode"], ["check"], ["explain"], ["build", "--colour"], ["serve", "--port=x"]]
)
def test_wrong_use_is_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "usage: evalkit" in capsys.readouterr().err


def test_help_and_version_are_0(capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in ((["--help"], "explain"), (["--version"], evalkit.__version__)):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert caught.value.code == 0
        assert said in capsys.readouterr().out


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-indicator"], "signatories"),
        (["reporting-rates"], "reporting-rate"),
        (["reporting-rate", "--party", "Ganha"], "Ghana"),
        (["reporting-rate", "--as-of", "yesterday"], "2020-12-31"),
        (["reporting-rate", "--period", "2018"], "2019-short"),
        (["reporting-rate", "--edition", "cop9"], "current"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(run, words: list[str], said: str) -> None:
    code, out, err = run("explain", *words)
    assert (code, out) == (1, "")
    assert said in err
    assert "Traceback" not in err
    code, out, _ = run("explain", *words, "--json")
    assert code == 1
    assert said in json.dumps(strict(out)["error"])


# --- explain ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("served")
def test_explain_prints_value_counts_status_method_rows_and_sources(run) -> None:
    code, out, _ = run(
        "explain", "reporting-rate", "--as-of", "2020-10-02", "--period", "2019-short"
    )
    assert code == 0
    for part in (
        "World, 2019-short, as of 2020-10-02: 0.798246 share",
        "n 91, n_answered 91, n_due 114",
        "Method: reporting_rate, version 1",
        "data/facts/published.csv:",
        "data/reference/cycles.csv:",
        "progress-report-2020: ",
        "parties: 114 rows",
        "and 94 more",
    ):
        assert part in out


@pytest.mark.usefixtures("served")
def test_explain_of_a_party_without_a_value_says_why(run) -> None:
    code, out, _ = run("explain", "reporting-rate", "--party", "Ghana", "--as-of", "2020-10-02")
    assert code == 0
    assert "Ghana, 2019-short, as of 2020-10-02: No file loaded that tells" in out
    assert "Ghana, 2021-full, as of 2020-10-02: Not due" in out


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("indicator", "entity"),
    [
        *((indicator, entity) for indicator in catalogue.indicators() for entity in ("WLD", "GHA")),
        ("emissions-to-air", "USA"),  # shown through a region that is this State
    ],
)
def test_every_row_behind_a_value_is_found_in_its_file(
    indicator: str, entity: str, run, edition: Edition
) -> None:
    """Open the file at the line, and compare the key."""
    code, out, _ = run("explain", indicator, "--party", entity, "--json")
    assert code == 0
    told = strict(out)
    assert told["indicator"] == indicator
    assert told["results"]
    assert told["evidence"] or not any(row["value"] for row in told["results"])
    for row in told["evidence"]:
        file, _, line = row["origin"].rpartition(":")
        cells = _record(edition.path / "inputs" / file, int(line))
        for name in tables()[row["table"]].key:
            assert cells[name] == _text(row[name]), f"{row['origin']}, column {name}"
    sources = {row["source"] for row in told["sources"]}
    assert {source for row in told["evidence"] for source in row["source"].split()} <= sources


def _record(path: Path, line: int) -> dict[str, str]:
    """The record that starts on a line of a CSV file."""
    lines = _lines(path)
    heading = next(csv.reader(lines[:1]))
    return dict(zip(heading, next(csv.reader(islice(lines, line - 1, None))), strict=True))


@cache
def _lines(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return file.readlines()


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


@pytest.mark.usefixtures("served")
def test_a_cell_from_a_file_can_not_move_the_terminal(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = testing.hostile() | {"answers": empty("answers")}  # a reader refuses those
    made["projects"]["title"] = "\x1b[2Jcleared \u202eturned"
    data = testing.write_data(tmp_path / "data", made)
    evalkit.build(out=tmp_path / "editions" / "odd", data=data)
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "editions"))
    code, out, _ = run("explain", "gef-grants", "--party", "GHA")
    assert code == 0
    assert "cleared" in out
    assert "\x1b" not in out
    assert "\u202e" not in out
