"""Two editions compared: what moved is told with its causes, and nothing else is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit import cli, testing
from evalkit.editions.difference import difference
from evalkit.editions.store import Edition
from evalkit.indicators import catalogue
from evalkit.views import changes_page, movements
from evalkit.views.changes import KEY, Changes

CORRECTION = """
- file: data/facts/projects.csv
  key: {{project: {project}}}
  column: grant_usd
  old: "{old}"
  new: "{new}"
  reason: Digit misprinted in the export.
  source: invented
"""


def built(home: Path, data: Path, day: str = "2021-12-31") -> Edition:
    return evalkit.build(out=home / "current", data=data, as_of=day)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return testing.write_data(tmp_path_factory.mktemp("old"), testing.minimal())


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Edition:
    return built(tmp_path_factory.mktemp("editions"), data)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory, data: Path, old: Edition) -> Edition:
    """The same with one cell changed, one cell corrected and one method of another version."""
    home = tmp_path_factory.mktemp("new")
    changed = shutil.copytree(data, home / "data")
    emissions = pd.read_csv(changed / "facts" / "emissions.csv", dtype=str, keep_default_na=False)
    unbounded = emissions.index[emissions["low"] == ""][0]
    emissions.loc[unbounded, "kg"] = "123456789"
    emissions.to_csv(changed / "facts" / "emissions.csv", index=False, lineterminator="\n")
    projects = pd.read_csv(changed / "facts" / "projects.csv", dtype=str, keep_default_na=False)
    row = projects[projects["grant_usd"].str.len() > 3].iloc[0]
    told = CORRECTION.format(project=row["project"], old=row["grant_usd"], new="987654321")
    (changed / "corrections").mkdir(exist_ok=True)
    (changed / "corrections" / "gef.yaml").write_text(told, encoding="utf-8")
    edition = built(home / "editions", changed)
    path = edition.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["results"]["signatories"]["method_version"] = "next"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return Edition(edition.path)


@pytest.fixture(scope="module")
def found(old: Edition, new: Edition) -> Changes:
    return difference(old, new)


def test_one_cell_one_correction_and_one_method_are_named_and_nothing_else(
    found: Changes,
) -> None:
    cells = found.rows[["table", "what", "column", "after"]].to_numpy().tolist()
    assert sorted(cells) == [
        ["emissions", "changed", "kg", "123456789.0"],
        ["projects", "changed", "grant_usd", "987654321.0"],
    ]
    assert found.rows.set_index("table")["correction"].to_dict() == {
        "emissions": "",
        "projects": "data/corrections/gef.yaml",
    }
    assert found.methods.to_numpy().tolist() == [
        ["signatories", found.methods["before"][0], "next"]
    ]
    assert set(found.inputs["file"]) == {"data/facts/emissions.csv", "data/corrections/gef.yaml"}


def test_money_moved_by_the_correction_and_emissions_by_the_row(found: Changes) -> None:
    traced = found.values[found.values["traced"]]
    causes = traced.groupby("indicator")["causes"].agg(set)
    assert causes["gef-grants"] == {"correction"}
    by_row = [name for name, told in causes.items() if "row" in " ".join(told)]
    assert by_row
    assert all("emissions" in catalogue.get(name).tables for name in by_row)
    assert "gef-cofinancing" not in causes.index
    assert "signatories" not in set(found.values["indicator"])


def test_every_result_is_either_told_or_counted(found: Changes, old: Edition, new: Edition) -> None:
    own = [one.results[one.results["as_of"] == one.as_of][list(KEY)] for one in (old, new)]
    assert len(found.values) + found.unchanged == len(pd.concat(own).drop_duplicates())


def test_an_edition_does_not_differ_from_itself(old: Edition) -> None:
    same = difference(old, old)
    assert (len(same.values), len(same.rows), len(same.methods), len(same.inputs)) == (0, 0, 0, 0)
    assert not same.moved
    assert same.unchanged > 1_000


def test_days_that_passed_are_a_cause_of_their_own(
    tmp_path: Path, data: Path, old: Edition
) -> None:
    earlier = built(tmp_path / "editions", data, "2016-12-31")
    moved = difference(earlier, old, follow=60)
    assert moved.rows.empty
    assert moved.inputs.empty
    followed = moved.values[moved.values["traced"]]
    assert len(followed) > 5
    other = followed[~followed["causes"].str.contains("time")]
    assert other.empty, other.T.to_string()
    assert not followed["causes"].str.contains("row|correction|method").any()


def test_what_was_not_followed_says_so(old: Edition, new: Edition) -> None:
    few = difference(old, new, follow=1)
    assert few.values["traced"].sum() == 1
    rest = few.values[~few.values["traced"]]
    assert set(rest["causes"]) == {"row"}
    told = "\n".join(changes_page.as_lines(few))
    assert "Not followed to single cells" in told


def test_a_movement_says_before_now_why_and_on_which_cells(found: Changes, new: Edition) -> None:
    told = {one.title: one for one in movements.largest(found, "en", 50)}
    money = next(one for title, one in told.items() if title.startswith("GEF grants for mercury ·"))
    assert "a declared correction" in money.why
    assert money.cells["origin_new"].str.contains("corrected by data/corrections/gef.yaml").all()
    assert "now US$" in money.said
    assert "of the larger value" in money.said
    assert "Source" in money.limits(new)


def test_the_page_escapes_what_comes_from_files(found: Changes, new: Edition) -> None:
    hostile = found.rows.assign(key="<script>alert(1)</script>")
    page = changes_page.page(Changes(**{**vars(found), "rows": hostile}), new)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<h1>") == 1


def test_the_command_says_by_its_exit_code_that_something_moved(
    old: Edition, new: Edition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, table = tmp_path / "page.html", tmp_path / "table.csv"
    told = ["diff", str(old.path), str(new.path), "--follow", "5"]
    assert cli.main([*told, "--page", str(page), "--table", str(table)]) == 3
    assert "data/corrections/gef.yaml: added" in capsys.readouterr().out
    assert "What changed" in page.read_text(encoding="utf-8")
    assert table.read_bytes().startswith(b"\xef\xbb\xbf# title: What changed")
    assert cli.main(["diff", str(old.path), str(old.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kinds"]["value"] == 0
