"""What may come in other clothes and is taken: marks, delimiters, spellings, odd but legal text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit import testing
from evalkit.editions.inputs import gather, latest_day
from evalkit.editions.joining import read
from evalkit.errors import UnknownNameError
from evalkit.reference import names
from evalkit.reference.rows import rows

HEADING = "party,cycle,submitted_on,source,basis"
ROW = "GHA,2019-short,2019-11-01,invented,simulated"
EXPECTED = ["GHA", "2019-short", pd.Timestamp("2019-11-01"), "invented", "simulated"]


def taken(path: Path, content: str | bytes) -> pd.DataFrame:
    """The one table of a file in which nothing is wrong."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    loaded = evalkit.check(path)
    assert loaded.failures == ()
    (frame,) = loaded.tables.values()
    assert loaded.control == {"read": len(frame), "taken": len(frame), "set_apart": 0}
    return frame


CLOTHES = {
    "plain": f"{HEADING}\n{ROW}\n",
    "a byte order mark": f"\ufeff{HEADING}\n{ROW}\n",
    "line ends of Windows": f"{HEADING}\r\n{ROW}\r\n",
    "line ends of an old Mac": f"{HEADING}\r{ROW}\r",
    "no line end at the end": f"{HEADING}\n{ROW}",
    "semicolons": f"{HEADING}\n{ROW}\n".replace(",", ";"),
    "tabs": f"{HEADING}\n{ROW}\n".replace(",", "\t"),
    "all cells quoted": "\n".join('"' + s.replace(",", '","') + '"' for s in (HEADING, ROW)),
    "blanks around cells": f"{HEADING}\n{ROW}\n".replace(",", " , "),
    "blank lines": f"\n{HEADING}\n\n{ROW}\n\n,,,,\n",
    "columns in another order": "basis,submitted_on,source,party,cycle\n"
    "simulated,2019-11-01,invented,GHA,2019-short\n",
    "a name for the code": f"{HEADING}\n{ROW}\n".replace("GHA", "Ghana"),
}


@pytest.mark.parametrize("clothes", CLOTHES)
def test_the_same_rows_in_other_clothes(clothes: str, tmp_path: Path) -> None:
    frame = taken(tmp_path / "submissions.csv", CLOTHES[clothes])
    assert frame.iloc[0].drop("origin").tolist() == EXPECTED
    assert len(frame) == 1


def test_a_table_is_recognised_by_its_columns_and_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "received in March.txt"
    path.write_text(f"{HEADING}\n{ROW}\n", encoding="utf-8")
    assert list(evalkit.check(path).tables) == ["submissions"]


def test_lines_are_those_of_the_file_where_cells_hold_line_breaks(tmp_path: Path) -> None:
    content = (
        "event,title,kind,source,basis\n"
        '\nEV1,"two\nlines",webinar,a,derived\nEV2,"one",webinar,a,derived\n'
    )
    frame = taken(tmp_path / "events.csv", content)
    assert [origin.rpartition(":")[2] for origin in frame["origin"]] == ["3", "5"]
    assert frame["title"].tolist() == ["two\nlines", "one"]


def test_blank_is_missing_zero_is_a_value_and_na_is_text(tmp_path: Path) -> None:
    content = (
        "project,facility,title,type,theme,status,grant_usd,as_of,source,basis\n"
        "NA,gef,NA,full_size,other,approved,,2019-06-30,a,derived\n"
        "null,gef,nan,full_size,other,approved,0,2019-06-30,a,derived\n"
    )
    frame = taken(tmp_path / "projects.csv", content).set_index("project")
    assert pd.isna(frame.loc["NA", "grant_usd"])
    assert frame.loc["null", "grant_usd"] == 0
    assert frame["title"].tolist() == ["NA", "nan"]


def test_namibia_is_a_country_and_no_missing_value(tmp_path: Path) -> None:
    frame = taken(tmp_path / "submissions.csv", f"{HEADING}\n{ROW}\n".replace("GHA", "Namibia"))
    assert frame["party"].tolist() == ["NAM"]


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Guinea Bissau", "GNB"),
        ("Equatorial Guinea", "GNQ"),
        ("Papua New Guinea", "PNG"),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Congo", "COG"),
        ("Congo DR", "COD"),
        ("Democratic Republic of the Congo", "COD"),
        ("Dominica", "DMA"),
        ("Dominican Republic", "DOM"),
        ("Cote d&#039;Ivoire", "CIV"),
        ("C\u00f4te d\u2019Ivoire", "CIV"),
        ("  GUINEA  ", "GIN"),
    ],
)
def test_a_name_is_matched_as_a_whole(name: str, iso3: str) -> None:
    assert names.resolve(name).entity == iso3


@pytest.mark.parametrize("name", ["Guine", "Congo Republic of Dem", "Nigeri", "", "Guinea, Niger"])
def test_a_part_of_a_name_is_no_name(name: str) -> None:
    with pytest.raises(UnknownNameError):
        names.resolve(name)


def test_the_nearest_names_are_listed() -> None:
    with pytest.raises(UnknownNameError, match=r"Nearest: .*Guinea"):
        names.resolve("Guinee Bissau")


def test_no_two_places_share_a_spelling() -> None:
    forms: dict[str, set[str]] = {}
    for row in rows("names.csv"):
        forms.setdefault(names.normal_form(row["name"]), set()).add(row["entity"])
    assert {form: found for form, found in forms.items() if len(found) > 1} == {}


# --- the way through files --------------------------------------------------------------------


@pytest.mark.parametrize("data", [testing.minimal, testing.rich, testing.hostile])
def test_tables_come_back_from_a_folder_as_they_were_written(data, tmp_path: Path) -> None:
    """Every cell and every origin: also markup, formulas, right-to-left text, the last day."""
    made = data()
    gathered = gather(data=testing.write_data(tmp_path, made))
    found = read(gathered, latest_day(gathered)).tables
    for name, frame in made.items():
        pd.testing.assert_frame_equal(found[name], frame, check_exact=True)


def test_odd_text_survives_the_edition(tmp_path: Path) -> None:
    made = testing.hostile()
    edition = evalkit.build(
        out=tmp_path / "editions" / "odd",
        data=testing.write_data(tmp_path / "data", made),
        as_of="2020-12-31",
    )
    for name, frame in made.items():
        pd.testing.assert_frame_equal(edition.table(name), frame, check_exact=True)


def test_a_line_break_of_an_old_mac_inside_a_cell_survives_the_edition(tmp_path: Path) -> None:
    made = testing.minimal()
    extra = tmp_path / "events.csv"
    title = '"one\rtwo\r\nthree"'
    extra.write_bytes(
        f"event,title,kind,source,basis\nEV1,{title},webinar,invented,derived\n".encode()
    )
    edition = evalkit.build(
        [extra],
        out=tmp_path / "editions" / "odd",
        data=testing.write_data(tmp_path / "data", made),
        as_of="2018-01-01",
    )
    assert edition.table("events")["title"].tolist() == ["one\rtwo\r\nthree"]


def test_a_data_folder_without_parties_is_refused(tmp_path: Path) -> None:
    folder = testing.write_data(tmp_path / "data", testing.empty())
    with pytest.raises(evalkit.EvalkitError, match="no rows") as caught:
        evalkit.build(out=tmp_path / "editions" / "x", data=folder)
    assert "data/reference" in str(caught.value)


def test_reference_without_facts_is_an_edition_in_which_nothing_is_loaded(tmp_path: Path) -> None:
    made = testing.minimal()
    facts = ("answers", "submissions", "published", "projects", "project_places", "emissions")
    bare = {**made, **{name: made[name].iloc[:0] for name in facts}}
    edition = evalkit.build(
        out=tmp_path / "editions" / "bare", data=testing.write_data(tmp_path / "data", bare)
    )
    for name in ("focal-points", "gef-grants", "gef-cofinancing", "emissions-to-air"):
        assert set(edition.results_of(name)["status"]) == {"not_loaded"}
    world = edition.indicator("reporting-rate").frame(entity="WLD")
    assert world[["status", "n_due"]].to_numpy().tolist() == [["not_loaded", 2]]
