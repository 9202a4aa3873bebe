"""The inventory of an initial assessment: the workbook goes out, comes back, and must add up."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from evalkit.cli import main
from evalkit.errors import EvalkitError, Reason
from evalkit.reference.rows import rows
from evalkit.sources.check import check
from evalkit.sources.inventories.assessment_template import write_template
from evalkit.sources.inventories.toolkit import SCHEME
from evalkit.sources.loaded import Loaded

TOP = 8  # row of the heading
COAL = ("5.1.1", "Y", 2_000_000, 0.1, 200, 150, 0, 0, 10, 40, 0)
GOLD = ("5.2.2", "Y", None, None, 100, 60, 25, 15, None, None, None)
CEMENT = ("5.3.1", "N")
LAMPS = ("5.5.3", "?")
FACTORS = (0.75, 0, 0, 0.05, 0.2, 0)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_template(tmp_path_factory.mktemp("template") / "empty.xlsx", "Ghana")


def filled(
    template: Path,
    out: Path,
    *sources: tuple[object, ...],
    total: tuple[object, ...] = (),
    factors: tuple[float, ...] = (),
    **above: object,
) -> Loaded:
    """Fill in the template as a person would, and check it."""
    book = openpyxl.load_workbook(template)
    sheet = book["inventory"]
    for label, value in {"Year": 2016, "Level": 2, **above}.items():
        next(row for row in sheet.iter_rows(max_row=TOP) if row[0].value == label)[1].value = value
    place = {str(row[0].value): row for row in sheet.iter_rows(min_row=TOP)}
    for code, present, *amounts in sources:
        row = place[str(code)]
        row[2].value = present
        for cell, value in zip((row[3], *row[5:]), amounts, strict=False):
            cell.value = value
        for cell, value in zip(row[13:], factors, strict=False):
            cell.value = value
    for cell, value in zip(place["Total"][6:], total, strict=False):
        cell.value = value
    book.save(out)
    return check(out)


def said(loaded: Loaded) -> str:
    return "; ".join(str(failure) for failure in loaded.failures)


def test_what_was_filled_in_comes_back(template, tmp_path):
    totals = (300, 210, 25, 15, 10, 40, 0)
    loaded = filled(template, tmp_path / "gha.xlsx", COAL, GOLD, CEMENT, LAMPS, total=totals)
    assert (loaded.source, loaded.failures) == ("unep-toolkit", ())
    frame = loaded.tables["emissions"]
    same = frame[["entity", "year", "version", "basis"]].drop_duplicates().to_numpy().tolist()
    assert same == [["GHA", 2016, "level-2", "reported"]]
    found = {(r.category, r.medium): r.kg for r in frame.itertuples()}
    assert found == {
        ("5.1.1", "input"): 200.0,
        ("5.1.1", "air"): 150.0,
        ("5.1.1", "water"): 0.0,
        ("5.1.1", "land"): 0.0,
        ("5.1.1", "product"): 10.0,
        ("5.1.1", "waste"): 40.0,
        ("5.1.1", "treatment"): 0.0,
        ("5.2.2", "input"): 100.0,
        ("5.2.2", "air"): 60.0,
        ("5.2.2", "water"): 25.0,
        ("5.2.2", "land"): 15.0,
    }, "a blank is no zero, and a zero is one"
    gaps = loaded.tables["emission_gaps"].set_index("category")["status"].to_dict()
    assert gaps == {"5.3.1": "not_applicable", "5.5.3": "not_estimated"}
    control = loaded.control
    assert control["read"] == control["taken"] + control["set_apart"] + control["passed_over"]
    assert control["not_filled_in"] == control["read"] - 5
    assert not any("no file of the publisher" in note for note in loaded.notes)


def test_the_template_lists_every_category_of_the_toolkit(template):
    codes = [row[0].value for row in openpyxl.load_workbook(template)["inventory"].iter_rows()]
    titled = [row["category"] for row in rows("categories.csv") if row["scheme"] == SCHEME]
    known = {code for code in titled if code[0].isdigit()}
    assert len(known) == 53
    assert known <= set(codes)
    assert codes.index("5.2.2") < codes.index("5.10.1"), "in the order of the chapters"


@pytest.mark.parametrize(
    ("above", "words"),
    [
        ({"Year": None}, "The year of the inventory is not told"),
        ({"Year": "16"}, "The year of the inventory is '16'"),
        ({"Country": "Atlantis"}, "The country of the inventory is 'Atlantis'"),
        ({"Level": 3}, "The level of the inventory is '3'"),
        ({"Unit": "lb"}, "The unit of the inventory is 'lb'"),
    ],
)
def test_what_stands_above_the_table_is_asked_for(template, tmp_path, above, words):
    loaded = filled(template, tmp_path / "x.xlsx", GOLD, **above)
    assert loaded.tables == {}
    assert words in said(loaded)
    assert loaded.failures[0].remedy.startswith("Write it above the table")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (("5.1.1", "Y", None, None, 200, 150, 60), "more mercury goes out than the input of 200"),
        (("5.1.1", "Y", 1000, 2, 200, 150), "the input 200 is not the activity rate times"),
        (("5.1.1", "Y", None, None, -1), "can't be negative"),
        (("5.1.1", "Y", None, None, "two"), "'two', which is no plain number"),
    ],
)
def test_a_source_that_can_not_be_is_set_apart(template, tmp_path, source, words):
    loaded = filled(template, tmp_path / "x.xlsx", source, GOLD)
    assert words in said(loaded)
    assert {failure.line for failure in loaded.failures} == {TOP + 1}
    assert set(loaded.tables["emissions"]["category"]) == {"5.2.2"}


def test_factors_of_distribution_add_up_to_one(template, tmp_path):
    good = filled(template, tmp_path / "good.xlsx", COAL, factors=FACTORS)
    assert good.failures == ()
    bad = filled(template, tmp_path / "bad.xlsx", COAL, factors=(0.75, 0, 0, 0.05, 0.1, 0))
    assert "the factors of distribution of 5.1.1 do not add up to 1" in said(bad)
    other = filled(template, tmp_path / "other.xlsx", COAL, factors=(0.2, 0, 0, 0.05, 0.75, 0))
    assert "the output 150 is not the input times its factor" in said(other)


def test_mercury_that_a_later_phase_takes_is_told_and_is_no_fault(template, tmp_path):
    loaded = filled(template, tmp_path / "x.xlsx", ("5.5.4", "Y", None, None, 100, 5, 5, 5))
    assert loaded.failures == ()
    assert "5.5.4: 85 kg of the input leave by no way out that is given" in loaded.notes


def test_totals_must_be_the_rows_and_waste_may_be_counted_once(template, tmp_path):
    dump = ("5.9.4", "Y", None, None, 50, 10, 0, 40)
    once = filled(template, tmp_path / "once.xlsx", GOLD, dump, total=(100, 70, 25, 55))
    assert once.failures == ()
    wrong = filled(template, tmp_path / "wrong.xlsx", GOLD, dump, total=(100, 60, 25, 55))
    assert wrong.tables == {}
    assert wrong.failures[0].reason is Reason.CONTRADICTION
    assert "The total of air is 60 kg, and the rows add up to 70 kg" in said(wrong)


def test_a_sheet_of_others_with_the_six_ways_out_is_read_and_said_to_be_unseen(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Country", "Peru"], ["Year", 2015], ["Level", 1], ["Unit", "kg Hg/y"],
        ["C", "Source", "Air", "Water", "Land", "Products", "General waste",
         "Sector specific treatment/disposal"],
        ["5.10.1 Crematoria", "", 3, None, None, None, None, None],
    ):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "mia.xlsx")
    loaded = check(tmp_path / "mia.xlsx")
    row = loaded.tables["emissions"].iloc[0]
    assert (row["entity"], row["category"], row["medium"], row["kg"]) == ("PER", "5.10.1", "air", 3)
    assert any("no file of the publisher was seen" in note for note in loaded.notes)


def test_the_command_writes_it_once(tmp_path, capsys):
    path = tmp_path / "new.xlsx"
    assert main(["template", "initial-assessment", "--party", "PER", "--out", str(path)]) == 0
    assert "initial assessment" in capsys.readouterr().out
    with pytest.raises(EvalkitError, match="already"):
        write_template(path)
