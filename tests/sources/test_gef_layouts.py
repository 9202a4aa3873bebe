"""The export as it looked in other years, what its rules choose, and lists compared."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit import testing
from evalkit.editions.comparing import compare_vintages
from evalkit.errors import FileRefusedError, Reason
from evalkit.methods.vintages import compare, current
from evalkit.sources.gef import themes
from evalkit.sources.loaded import Loaded

REAL = Path(__file__).parents[2] / os.environ.get("EVALKIT_REALDATA", "../shared/data")
OLD_EXPORT, NEW_EXPORT = (
    REAL / "gef" / f"gef_export_{day}.csv" for day in ("2020-03-08", "2023-10-24")
)
real = [
    pytest.mark.realdata,
    pytest.mark.skipif(not NEW_EXPORT.is_file(), reason="set EVALKIT_REALDATA to the files"),
]
JANUARY_2020 = (
    'ID,Title,Countries,"Focal Areas","Implementing Agencies",Grant,Cofinancing,Status,'
    '"Fund Source",Period\n'
    '7,"Mercury in\nSmall Scale Gold Mining","Cote d&#039;Ivoire, Regional",'
    '"Chemicals and Waste","UNDP, UNDP","$352,000 ",,"Project Approved",F,"GEF - 6"\n'
    ",,,,,,,,,\n"
    '8,"Wetlands","Peru","Biodiversity","UNEP","$0 ","$5","Suspended",'
    '"Nagoya Protocol Implementation Fund","GEF - 5"\n'
)
MARCH_2020 = (
    'ID,Title,"Focal Areas","Grant and Cofinancing","Implementing Agencies",Countries,'
    '"Fund Source",Period,Status\n'
    '7,Mercury,X,"$1,999,415  $2,000,000",UNDP,Peru,F,"GEF - 6","Concept Approved"\n'
    '9,Mercury,X,"$5  $0",UNDP,Peru,F,"GEF - 6","Project Approved"\n'
)
LATER = (
    '"GEF Period",Colour,Title,ID,Status,Countries,Type,Agencies,Cofinancing,"GEF Grant",'
    '"Approval FY","Funding Source (indexed field)","Focal Areas"\n'
    '"GEF - 6",blue,Mercury,7,"Project Approved","Global, Peru","Full-size Project",UNDP,'
    "2000000,1999415,2019,F,X\n"
    '"GEF - 8",red,"ISLANDS-Pacific",10,"Project Approved",Fiji,"Full-size Project",UNEP,,5,,F,X\n'
)


def write(folder: Path, text: str, name: str = "projects-2020-01-27.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str, name: str = "projects-2020-01-27.csv") -> Loaded:
    return evalkit.check(write(folder, text, name))


def test_the_layout_of_january_2020(tmp_path: Path) -> None:
    loaded = read(tmp_path, JANUARY_2020)
    assert (loaded.source, loaded.failures) == ("gef", ())
    first, second = loaded.tables["projects"].to_dict("records")
    assert (first["grant_usd"], first["title"]) == (352_000, "Mercury in Small Scale Gold Mining")
    assert pd.isna(first["cofinancing_usd"]), "blank is not zero"
    assert (second["grant_usd"], second["cofinancing_usd"]) == (0, 5)
    assert (first["type"], first["theme"]) == ("not_published", "gold_mining")
    assert (first["agencies"], second["status"]) == ("UNDP", "suspended")
    assert second["fund"] == "NPIF", "the fund has its later name"
    places = loaded.tables["project_places"]
    assert set(places["place"]) == {"CIV", "REGIONAL", "PER"}
    assert "blank records passed over: 1 (line 4)" in loaded.notes


def test_both_amounts_in_one_cell(tmp_path: Path) -> None:
    loaded = read(tmp_path, MARCH_2020)
    frame = loaded.tables["projects"]
    assert frame["grant_usd"].tolist() == [1_999_415, 5]
    assert frame["cofinancing_usd"].tolist() == [2_000_000, 0]
    assert any("$0" in note for note in loaded.notes), "zero and blank can't be told apart"
    broken = read(tmp_path, MARCH_2020.replace("$5  $0", "$5 of $0"))
    (failure,) = broken.failures
    assert (failure.reason, failure.cell) == (Reason.NOT_A_NUMBER, "Grant and Cofinancing")


def test_columns_may_be_added_and_moved(tmp_path: Path) -> None:
    loaded = read(tmp_path, LATER)
    assert loaded.failures == ()
    first = loaded.tables["projects"].set_index("project").loc["gef-7"]
    assert (first["grant_usd"], first["cofinancing_usd"]) == (1_999_415, 2_000_000)
    twice = read(tmp_path, LATER.replace("Colour", "Title"))
    assert [failure.reason for failure in twice.failures] == [Reason.UNKNOWN_COLUMN]


def test_a_filtered_export_says_that_it_may_be_a_part(tmp_path: Path) -> None:
    loaded = read(tmp_path, MARCH_2020)
    (note,) = [note for note in loaded.notes if "part of the portfolio" in note]
    assert "country 'Peru'" in note
    assert set(loaded.tables["projects"]["listing"]) == {"part"}


@pytest.mark.parametrize(
    ("name", "day"),
    [("projects-2023-10-24.csv", "2023-10-24"), ("p_20240930.csv", "2024-09-30")],
)
def test_the_day_of_the_file_is_kept(name: str, day: str, tmp_path: Path) -> None:
    assert set(read(tmp_path, LATER, name).tables["projects"]["as_of"]) == {pd.Timestamp(day)}


def test_amounts_read_are_taken_or_set_apart(tmp_path: Path) -> None:
    loaded = read(tmp_path, JANUARY_2020.replace("Suspended", "Lost"))
    totals = loaded.totals
    assert (totals["grant_usd_read"], totals["grant_usd_set_apart"]) == (352_000, 0)
    assert (totals["cofinancing_usd_read"], totals["cofinancing_usd_set_apart"]) == (5, 5)


# --- the rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "kind", "theme", "rule"),
    [
        ("Minamata Initial Assessment", "enabling_activity", "initial_assessment", "minamata"),
        ("NAP on mercury in gold", "enabling_activity", "action_plan", "mercury"),
        ("GEF GOLD + in Ghana", "full_size", "gold_mining", "asgm"),
        ("Mercury everywhere", "programme", "programme", "mercury"),
        ("ISLANDS - Pacific", "full_size", "chemicals", "islands"),
        ("Blue islands", "full_size", "unclassified", ""),
        ("Trade in the Mercurial", "full_size", "other", "mercury"),
    ],
)
def test_a_title_gets_its_theme_and_the_rule_that_fired(
    title: str, kind: str, theme: str, rule: str
) -> None:
    said = themes.classify(title, kind)
    assert (said.theme, said.rule) == (theme, rule)


def test_other_chemicals_and_topics_are_flagged() -> None:
    said = themes.classify("Phasing out POPs and mercury in medical waste", "full_size")
    assert (said.topics, said.other_chemicals) == ("waste", "Y")
    assert themes.classify("Mercury in lamps", "full_size").topics == "products"


# --- lists of several days ----------------------------------------------------------------------


def lists(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["item", "as_of", "listing"])
    days = pd.to_datetime(frame["as_of"])
    return frame.assign(keeper="gef", source=frame["as_of"] + frame["listing"], as_of=days)


def test_a_whole_list_replaces_and_a_part_adds() -> None:
    frame = lists(
        ("a", "2020-01-01", "whole"),
        ("b", "2020-01-01", "whole"),
        ("a", "2023-01-01", "whole"),
        ("c", "2024-01-01", "part"),
    )
    on = {
        day: current(frame, pd.Timestamp(day))["item"].tolist()
        for day in ("2019-12-31", "2022-01-01", "2023-06-01", "2025-01-01")
    }
    assert on == {
        "2019-12-31": [],
        "2022-01-01": ["a", "b"],
        "2023-06-01": ["a"],
        "2025-01-01": ["a", "c"],
    }


def test_comparing_twice_the_same_finds_nothing_and_backwards_swaps() -> None:
    old = pd.DataFrame({"x": ["1", "2"]}, index=["a", "b"])
    new = pd.DataFrame({"x": ["1", "3"]}, index=["b", "c"])
    assert compare(old, old).changed.empty
    there, back = compare(old, new), compare(new, old)
    assert (there.new, there.gone) == (back.gone, back.new) == (("c",), ("a",))
    assert there.of("x")["old"].tolist() == back.of("x")["new"].tolist() == ["2"]


def test_two_small_exports_of_different_layouts_are_compared(tmp_path: Path) -> None:
    old = write(tmp_path, MARCH_2020.replace("UNDP,Peru,F", 'UNDP,"Peru",F', 1), "old.csv")
    found = compare_vintages(old, write(tmp_path, LATER, "new.csv"))
    assert (found.whole.both, found.whole.new, found.whole.gone) == (1, ("gef-10",), ("gef-9",))
    assert found.mercury.new == (), "ISLANDS is not counted among the mercury projects"
    assert found.whole.of("grant").empty
    assert found.whole.moves("status") == {"Concept Approved → Project Approved": 1}
    assert len(found.whole.of("places")) == 1
    with pytest.raises(FileRefusedError, match="no export"):
        compare_vintages(old, write(tmp_path, "a,b\n1,2\n", "else.csv"))


def test_the_command_prints_the_comparison(tmp_path: Path) -> None:
    old, new = write(tmp_path, MARCH_2020, "old.csv"), write(tmp_path, LATER, "new.csv")
    told = subprocess.run(
        [sys.executable, "-m", "evalkit", "compare", str(old), str(new)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "whole list: 1 in both, 1 new, 1 gone" in told
    assert "gone: gef-9" in told


def test_an_export_of_another_day_does_not_collide(tmp_path: Path) -> None:
    """The edition's day decides which list counts; an earlier day is computed from the other."""
    made = testing.rich()
    made["projects"] = made["projects"].assign(listing="part")
    data = testing.write_data(tmp_path / "data", made)
    newer = LATER.replace("Mercury,7,", "Mercury,1,")
    source = "source,publisher,title,as_of\ngef-export-2021-06-30,GEF,Export,2021-06-30\n"
    inputs = [
        write(tmp_path, newer, "projects-2021-06-30.csv"),
        write(tmp_path, source, "sources-gef.csv"),
    ]
    edition = evalkit.build(inputs, out=tmp_path / "editions" / "x", data=data)
    projects = edition.table("projects")
    assert projects["project"].is_unique
    assert projects.set_index("project").at["gef-1", "grant_usd"] == 1_999_415
    older = edition.table("project_vintages")
    assert older.set_index("project").at["gef-1", "grant_usd"] == 1000
    grants = edition.indicator("gef-grants")
    where = {"entity": "WLD", "series": "equal-split", "period": "all"}
    assert grants.frame(as_of="2020-12-31", **where)["value"].item() == 2_400
    assert grants.frame(as_of="2021-12-31", **where)["value"].item() == 1_400 + 1_999_415
    with_islands = {**where, "series": "with-chemicals"}
    assert grants.frame(**with_islands)["value"].item() == 1_400 + 1_999_415 + 5


# --- the real exports ---------------------------------------------------------------------------


def marked(test):
    for mark in real:
        test = mark(test)
    return test


@marked
def test_march_2020_with_october_2023() -> None:
    found = compare_vintages(OLD_EXPORT, NEW_EXPORT)
    mercury = found.mercury
    assert mercury.both == 131
    assert mercury.of("grant").empty, "no grant changed"
    assert mercury.moves("status") == {
        "Project Approved → Completed": 69,
        "Concept Approved → Project Approved": 3,
    }
    assert len(mercury.of("places")) == 29
    assert len(found.whole.gone) == 16
    assert mercury.gone == ("gef-9805",)
    assert found.without_id == ((str(OLD_EXPORT), 22),)
    told = found.lines()
    assert all(any(one in line for line in told) for one in found.whole.gone)


@marked
def test_the_rules_choose_exactly_the_181_projects_and_equal_the_facts() -> None:
    loaded = evalkit.check(NEW_EXPORT)
    assert (loaded.failures, loaded.notes) == ((), ())
    assert loaded.control == {"read": 5892, "taken": 5892, "set_apart": 0}
    every = loaded.tables["projects"]
    mine = every[~every["theme"].isin(["unclassified", "chemicals"])].reset_index(drop=True)
    with (REAL / "gef" / "mercury_project_ids.csv").open(encoding="utf-8") as file:
        ids = {f"gef-{row['ID']}" for row in csv.DictReader(file)}
    assert set(mine["project"]) == ids
    assert (len(ids), mine["grant_usd"].sum()) == (181, 507_954_831)
    facts = evalkit.check(Path(__file__).parents[2] / "data/facts/projects.csv")
    gef = facts.tables["projects"]
    gef = gef[gef["facility"] == "gef"].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        mine.drop(columns="origin"), gef.drop(columns="origin"), check_dtype=False
    )
    related = every[every["theme"] == "chemicals"]
    assert set(related["other_chemicals"]) == {"Y"}
    assert "gef-10185" in set(related["project"])


@marked
def test_the_whole_export_built_in_gives_the_same_figures(tmp_path: Path) -> None:
    """The facts of the same list give way to the list itself; nothing is counted twice."""
    edition = evalkit.build([NEW_EXPORT], out=tmp_path / "editions" / "x")
    assert len(edition.table("projects")) == 5892 + 34
    grants = edition.indicator("gef-grants").frame(period="all")
    world = grants[grants["entity"] == "WLD"].set_index("series")["value"]
    assert world["equal-split"] == world["full-count"] == 401_016_305
    assert world["with-programmes"] == 507_954_831
    programmes = edition.indicator("gef-programmes").frame(entity="WLD", period="gef-10185")
    assert programmes.set_index("series")["value"]["programme"] == 75_000_000
