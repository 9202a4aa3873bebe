"""Notebook runs: parameters refused before anything starts, failures told, nothing run twice."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import papermill
import pytest

from evalkit.errors import Reason, RunError
from evalkit.reference import paths
from evalkit.runs.execute import run
from evalkit.runs.notebook import execute
from evalkit.runs.parameters import KNOWN, checked
from evalkit.runs.record import RECORD
from evalkit.runs.task import Task

PARAMETERS = 'edition: str = "current"\ngroup: str = "WLD"\n'


def notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook whose first cell declares parameters."""
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    body = [nbformat.v4.new_code_cell(cell) for cell in cells]
    made = nbformat.v4.new_notebook(cells=[first, *body])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, path)
    return path


def outputs(path: Path) -> str:
    """Return all text that an executed notebook printed."""
    read = nbformat.read(path, as_version=4)
    return "".join(
        output.get("text", "") for cell in read.cells for output in cell.get("outputs", [])
    )


@pytest.mark.parametrize(
    ("given", "reason", "said"),
    [
        ({"as_off": "2020-01-01"}, Reason.UNKNOWN_PARAMETER, "as_of"),
        ({"as_of": "31-12-2020"}, Reason.WRONG_TYPE, "2020-12-31"),
        ({"as_of": 2020}, Reason.WRONG_TYPE, "a day"),
        ({"group": "Afrika"}, Reason.WRONG_TYPE, "AFRICA"),
        ({"language": "xx"}, Reason.WRONG_TYPE, "en"),
        ({"party": "Ghana"}, Reason.WRONG_TYPE, "GHA"),
    ],
)
def test_a_wrong_parameter_is_refused_with_the_right_one(given, reason, said):
    declared = {"as_of": "", "group": "WLD", "language": "en", "party": "GHA"}
    with pytest.raises(RunError) as caught:
        checked("tour", declared, given)
    assert caught.value.reason is reason
    assert said in str(caught.value)


def test_a_misspelt_parameter_starts_nothing(edition, tmp_path):
    made = notebook(tmp_path / "a.ipynb", "print(1)")
    with pytest.raises(RunError, match="group"):
        run(edition, [made], {"groop": "LDC"}, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def ran(edition, tmp_path_factory):
    """Two notebooks run twice: one prints what it got, one fails in its third cell."""
    home = tmp_path_factory.mktemp("runs")
    good = notebook(
        home / "good.ipynb",
        "import os\nprint(group, os.getcwd())",
        "import evalkit\nprint(evalkit.load(edition).name)",
    )
    bad = notebook(home / "bad.ipynb", "print('so far')", "1 / 0", "print('never')")
    first = run(edition, [good, bad], {"group": "LDC"}, out=home / "out")
    record = json.loads((home / "out" / RECORD).read_text(encoding="utf-8"))
    second = run(edition, [good, bad], {"group": "LDC"}, out=home / "out")
    return home / "out", first, record, second


def test_a_notebook_gets_its_parameters_and_an_absolute_folder(ran, edition):
    folder, *_ = ran
    said = outputs(folder / "good.ipynb")
    assert f"LDC {folder}" in said
    assert edition.name in said


def test_a_failed_notebook_names_its_cell_and_the_others_go_on(ran):
    _, first, record, _ = ran
    states = {entry.notebook: entry for entry in first.entries}
    assert not first.succeeded
    assert states["good"].state == "executed"
    assert states["bad"].state == "failed"
    assert "ZeroDivisionError" in states["bad"].error
    assert record[0]["notebook"] == "bad"  # failed ones first


def test_a_failed_notebook_is_kept_as_far_as_it_got(ran):
    folder, *_ = ran
    said = outputs(folder / "bad.ipynb")
    assert "so far" in said
    assert "never" not in said


def test_an_unchanged_notebook_is_not_run_again_and_a_failed_one_is(ran):
    *_, second = ran
    states = {entry.notebook: entry.state for entry in second.entries}
    assert states == {"good": "unchanged", "bad": "failed"}


@pytest.mark.parametrize(("dying", "state"), [(2, "executed"), (3, "failed")])
def test_a_kernel_that_does_not_start_is_started_again_twice(
    edition, tmp_path, monkeypatch, dying, state
):
    left = iter([RuntimeError("Kernel died before replying to kernel_info")] * dying)
    really = papermill.execute_notebook

    def dies_at_first(*arguments, **named):
        if fault := next(left, None):
            raise fault
        return really(*arguments, **named)

    monkeypatch.setattr(papermill, "execute_notebook", dies_at_first)
    made = notebook(tmp_path / "made.ipynb", "print('here')")
    out = tmp_path / "made-out.ipynb"
    entry = execute(Task("made", made, out, {}, edition.path.parent, "key"))
    assert entry.state == state
    assert out.is_file() == (state == "executed")


def test_another_parameter_runs_again(ran, edition):
    folder, *_ = ran
    made = folder.parent / "good.ipynb"
    again = run(edition, [made], {"group": "SIDS"}, out=folder)
    assert [entry.state for entry in again.entries] == ["executed"]


@pytest.mark.parametrize("path", sorted(paths.notebooks().glob("*.ipynb")), ids=lambda p: p.stem)
def test_the_projects_notebooks_declare_known_parameters_and_hold_no_output(path):
    read = nbformat.read(path, as_version=4)
    assert len(read.cells) < 12
    tagged = [c for c in read.cells if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    names = [line.split(":")[0] for line in tagged[0].source.splitlines()]
    assert set(names) <= set(KNOWN)
    assert {"edition", "as_of", "language"} <= set(names)
    assert set(names) & {"group", "party", "indicator"}, "nothing says of whom or what it speaks"
    assert all(not cell.get("outputs") for cell in read.cells)
    assert not any("import papermill" in cell.source for cell in read.cells)


@pytest.mark.slow
def test_the_projects_notebooks_run(edition, tmp_path):
    record = run(edition, out=tmp_path, parameters={"as_of": "2026-10-01"})
    assert [str(entry) for entry in record.entries if entry.state == "failed"] == []
    executed = nbformat.read(tmp_path / "00-tour.ipynb", as_version=4)
    told = outputs(tmp_path / "00-tour.ipynb")
    assert "n 91, n_answered 91, n_due 114" in told
    figures = [
        output
        for cell in executed.cells
        for output in cell.get("outputs", [])
        if "application/vnd.plotly.v1+json" in output.get("data", {})
    ]
    assert len(figures) == 1
