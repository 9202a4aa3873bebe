"""The examples of the public door, as they are written in the documentation."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit import results, tables, testing
from evalkit.editions import store
from evalkit.editions.store import Edition
from evalkit.indicators import catalogue


@pytest.fixture
def here(edition_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work as a user does: the editions are found without naming their folder."""
    monkeypatch.setenv(store.VARIABLE, str(edition_root))
    return edition_root


def test_load_opens_the_current_edition_by_default_by_name_and_by_path(here: Path) -> None:
    current = evalkit.load()
    assert current.path == evalkit.load("current").path == evalkit.load(current.path).path
    assert evalkit.load(current.name).name == current.name
    assert repr(current) == f"<Edition {current.name}, as of {current.as_of}>"


def test_editions_are_found_in_the_folder_where_one_works(
    edition_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(store.VARIABLE, raising=False)
    (tmp_path / "editions").symlink_to(edition_root, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    assert evalkit.load().path == evalkit.load(edition_root / "current").path


def test_a_table_is_tidy(edition: Edition) -> None:
    for name in tables.catalogue():
        tables.check(name, edition.table(name))
    assert len(edition.table("parties")) == 195


def test_results_are_a_results_table(edition: Edition) -> None:
    frame = edition.results
    assert dict(frame.dtypes.astype(str)) == results.DTYPES
    assert set(frame["indicator"]) == set(catalogue.indicators())
    pd.testing.assert_frame_equal(results.conform(frame), frame)


def test_an_indicator_as_of_a_day(here: Path) -> None:
    ed = evalkit.load()
    rows = ed.indicator("reporting-rate").frame(
        as_of="2020-10-02", entity="WLD", period="2019-short"
    )
    assert rows["n"].tolist() == [91]
    assert rows["n_due"].tolist() == [114]


def test_a_day_that_is_not_stored_is_computed(edition: Edition) -> None:
    """27 September 2017 is no day of the edition; the 84th Party came on 13 October."""
    stored = set(edition.results_of("parties-deposited")["as_of"].dt.strftime("%Y-%m-%d"))
    assert "2017-09-27" not in stored
    rows = edition.indicator("parties-deposited").frame(as_of="2017-09-27", entity="WLD")
    assert rows["value"].tolist() == [83]


def test_build_gives_the_edition_it_serves(tmp_path: Path) -> None:
    folder = testing.write_data(tmp_path / "data", testing.minimal())
    extra = tmp_path / "submissions-late.csv"
    extra.write_text(
        "party,cycle,submitted_on,source,basis\nPeru,2019-short,2020-03-01,invented,derived\n",
        encoding="utf-8",
    )
    built = evalkit.build(
        inputs=[extra], out=tmp_path / "editions" / "cop7", as_of=None, data=folder
    )
    assert evalkit.load(tmp_path / "editions" / "cop7").path == built.path
    assert built.table("submissions")["party"].tolist() == ["GHA", "PER"]
    assert "incoming/submissions-late.csv:2" in set(built.table("submissions")["origin"])
    kept = built.path / "inputs" / "incoming" / "submissions-late.csv"
    assert kept.read_bytes() == extra.read_bytes()
    rate = built.indicator("reporting-rate")
    days = ("2019-12-31", "2020-02-29", "2020-03-01")
    found = [rate.frame(as_of=day, entity="WLD")["value"].item() for day in days]
    assert found == [0.5, 0.5, 1.0], "the late report counts from the day it came"


def test_check_says_what_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    path.write_text(
        "project,facility,type,theme,status,grant_usd,as_of,source,basis\n"
        "gef-1,gef,full_size,other,approved,5,2019-06-30,a,reported\n"
        "gef-2,gef,full_size,other,approved,-5,2019-06-30,a,reported\n",
        encoding="utf-8",
    )
    r = evalkit.check(path)
    assert r.source == "tidy"
    assert r.tables["projects"]["project"].tolist() == ["gef-1"]
    assert r.set_apart.columns.tolist() == ["reason", "file", "line", "cell", "what", "remedy"]
    assert r.set_apart.iloc[0][["reason", "line", "cell"]].tolist() == ["negative", 3, "grant_usd"]
    assert r.control == {"read": 2, "taken": 1, "set_apart": 1}


def test_names_are_the_public_ones() -> None:
    assert dir(evalkit) == sorted(evalkit.__all__)
    assert {"build", "check", "load", "Edition", "EvalkitError"} <= set(evalkit.__all__)
    for name in evalkit.__all__:
        assert getattr(evalkit, name)
    with pytest.raises(AttributeError, match="explode"):
        evalkit.explode  # noqa: B018


def test_an_explanation_leads_to_the_lines_of_the_files(edition: Edition) -> None:
    told = edition.indicator("parties-deposited").explain(entity="GHA", as_of="2020-10-02")
    assert told.rows["value"].tolist() == [1]
    (origin,) = told.evidence["origin"]
    file, _, line = origin.rpartition(":")
    kept = (edition.path / "inputs" / file).read_text(encoding="utf-8").splitlines()
    assert kept[int(line) - 1].startswith("GHA,Ghana,")
    assert told.sources["source"].tolist() == ["ieadb-2020-07"]
