"""A file in the layout of the GEF's project export of October 2023, made by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import evalkit
from evalkit import tables, testing
from evalkit.cli import main
from evalkit.editions import joining
from evalkit.editions.comparing import compare_vintages
from evalkit.editions.inputs import gather
from evalkit.errors import Reason
from evalkit.sources.loaded import Loaded

HEADING = (
    'Title,ID,Countries,"Focal Areas",Type,Agencies,"GEF Grant",Cofinancing,Status,"Approval FY",'
    '"Funding Source (indexed field)","Non-Grant Instrument (indexed field)",'
    '"Capacity-building Initiative for Transparency","GEF Period"'
)
ROW = (
    '"Project Title: \t{mercury}  {title}",{id},"{places}","Chemicals and Waste","{type}",'
    '"{agencies}","{grant}","{cofinancing}","{status}",{year},"GEF Trust Fund",No,No,"GEF - 7"'
)
PLAIN = {
    "mercury": "Mercury",
    "title": "in gold mining",
    "id": "101",
    "places": "Ghana",
    "type": "Full-size Project",
    "agencies": "UNEP",
    "grant": "1,233,000",
    "cofinancing": "2,000",
    "status": "Project Approved",
    "year": "2020",
}


def export(folder: Path, *changes: dict[str, str], name: str = "projects-2023-10-24.csv") -> Loaded:
    lines = [HEADING, *(ROW.format(**{**PLAIN, **change}) for change in changes)]
    path = folder / name
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return evalkit.check(path)


def one(loaded: Loaded) -> pd.Series:
    assert loaded.failures == ()
    (row,) = [row for _, row in loaded.tables["projects"].iterrows()]
    return row


def test_the_export_is_recognised_by_content_and_read(tmp_path: Path) -> None:
    loaded = export(tmp_path, {})
    assert loaded.source == "gef"
    row = one(loaded)
    assert row["project"] == "gef-101"
    assert row["title"] == "Mercury in gold mining"
    assert (row["grant_usd"], row["cofinancing_usd"]) == (1_233_000, 2_000)
    assert (row["type"], row["status"]) == ("full_size", "approved")
    assert (row["approval_year"], row["period"]) == (2020, "GEF-7")
    assert row["as_of"] == pd.Timestamp("2023-10-24"), "the day is that of the file's name"
    assert (row["theme"], row["rule"]) == ("other", "mercury|gold-mining-only")
    assert (row["theme_rule"], row["other_chemicals"]) == ("other", "N")
    assert row["origin"].endswith("projects-2023-10-24.csv:2")


def test_its_tables_are_tidy_tables(tmp_path: Path) -> None:
    loaded = export(tmp_path, {}, {"id": "102", "places": "Global", "grant": ""})
    for name, frame in loaded.tables.items():
        tables.check(name, frame)
    sources = {source for frame in loaded.tables.values() for source in frame["source"]}
    assert sources == {"gef-export-2023-10-24"}


@pytest.mark.parametrize(
    ("printed", "amount"), [("", None), ("0", 0), ("7", 7), ("1,000", 1000), ("12345678", 12345678)]
)
def test_blank_zero_and_an_amount_are_three_things(
    printed: str, amount: float | None, tmp_path: Path
) -> None:
    found = one(export(tmp_path, {"grant": printed}))["grant_usd"]
    assert pd.isna(found) if amount is None else found == amount


@pytest.mark.parametrize("printed", ["1.5", "1,23", "-5", "US$ 5", "1 000", "1.000.000"])
def test_an_amount_that_is_no_whole_dollars_is_set_apart(printed: str, tmp_path: Path) -> None:
    loaded = export(tmp_path, {}, {"id": "102", "grant": printed})
    (failure,) = loaded.failures
    assert (failure.reason, failure.line, failure.cell) == (Reason.NOT_A_NUMBER, 3, "GEF Grant")
    assert repr(printed) in failure.what
    assert failure.remedy
    assert loaded.control == {"read": 2, "taken": 1, "set_apart": 1}
    assert loaded.tables["projects"]["project"].tolist() == ["gef-101"]
    assert set(loaded.tables["project_places"]["project"]) == {"gef-101"}


def places(loaded: Loaded) -> list[tuple[str, str]]:
    assert loaded.failures == ()
    frame = loaded.tables["project_places"]
    return list(zip(frame["place"], frame["place_kind"], strict=True))


def test_entities_of_html_are_resolved(tmp_path: Path) -> None:
    loaded = export(tmp_path, {"places": "Cote d&#039;Ivoire", "title": "d&#039;or &amp; more"})
    assert places(loaded) == [("CIV", "country")]
    assert loaded.tables["project_places"]["as_printed"].tolist() == ["Cote d'Ivoire"]
    assert one(loaded)["title"] == "Mercury d'or & more"


def test_a_place_or_agency_named_twice_counts_once(tmp_path: Path) -> None:
    loaded = export(tmp_path, {"places": "Ghana, Peru, Ghana", "agencies": "UNDP, UNEP, UNDP"})
    assert places(loaded) == [("GHA", "country"), ("PER", "country")]
    assert one(loaded)["agencies"] == "UNDP; UNEP"


def test_the_regional_marker_is_no_country(tmp_path: Path) -> None:
    assert places(export(tmp_path, {"places": "Angola, Namibia, Regional"})) == [
        ("AGO", "country"),
        ("NAM", "country"),
        ("REGIONAL", "regional_marker"),
    ]
    assert places(export(tmp_path, {"places": "Global"})) == [("GLOBAL", "global")]


def test_an_unknown_country_is_set_apart_with_the_nearest(tmp_path: Path) -> None:
    loaded = export(tmp_path, {}, {"id": "102", "places": "Ghana, Guinee Bissau"})
    (failure,) = loaded.failures
    assert (failure.reason, failure.line, failure.cell) == (Reason.UNKNOWN_NAME, 3, "Countries")
    assert "'Guinee Bissau'" in failure.what
    assert "Guinea" in failure.remedy
    assert loaded.control["set_apart"] == 1


def test_an_id_twice_is_set_apart(tmp_path: Path) -> None:
    loaded = export(tmp_path, {}, {"title": "again"})
    (failure,) = loaded.failures
    assert (failure.reason, failure.line, failure.cell) == (Reason.DUPLICATE_KEY, 3, "ID")
    assert one(Loaded("gef", "", loaded.tables))["title"] == "Mercury in gold mining"


@pytest.mark.parametrize(
    ("cell", "value", "heading"),
    [("type", "Huge", "Type"), ("status", "Lost", "Status"), ("year", "FY20", "Approval FY")],
)
def test_a_word_that_the_export_never_had_is_set_apart(
    cell: str, value: str, heading: str, tmp_path: Path
) -> None:
    loaded = export(tmp_path, {cell: value})
    (failure,) = loaded.failures
    assert (failure.cell, failure.line) == (heading, 2)
    assert value in failure.what


def test_an_export_among_the_inputs_is_counted_by_the_rules_about_titles(tmp_path: Path) -> None:
    """Two rows are no whole list, so that what was known before stays."""
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    wetland = {"id": "103", "mercury": "Wetlands", "title": "of Peru"}
    export(incoming, {}, {"id": "102", "places": "Peru, Ghana"}, wetland)
    (incoming / "sources-gef.csv").write_text(
        "source,publisher,title,as_of\ngef-export-2023-10-24,GEF,Export,2023-10-24\n",
        encoding="utf-8",
    )
    data = testing.write_data(tmp_path / "data", testing.minimal())
    edition = evalkit.build([incoming], out=tmp_path / "editions" / "current", data=data)
    assert edition.as_of == "2023-10-24"
    assert edition.table("projects")["project"].tolist() == [
        "gef-1",
        "gef-101",
        "gef-102",
        "gef-103",
    ]
    assert len(edition.table("project_places")) == 5
    world = edition.indicator("gef-grants").frame(entity="WLD", series="equal-split", period="all")
    assert world[["value", "n_due"]].to_numpy().tolist() == [[2_467_000, 3]]


def test_an_export_whose_source_is_not_declared_is_refused(tmp_path: Path) -> None:
    export(tmp_path, {})
    data = testing.write_data(tmp_path / "data", testing.minimal())
    with pytest.raises(evalkit.EvalkitError, match="gef-export-2023-10-24") as caught:
        evalkit.build([tmp_path / "projects-2023-10-24.csv"], out=tmp_path / "x" / "y", data=data)
    assert caught.value.reason is Reason.UNKNOWN_SOURCE


def test_a_truncated_download_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "projects-2023-10-24.csv"
    whole = "\n".join([HEADING, ROW.format(**PLAIN), ROW.format(**{**PLAIN, "id": "102"}), ""])
    cut_in_a_quote = whole[: whole.rindex("Trust")]
    path.write_text(cut_in_a_quote, encoding="utf-8")
    with pytest.raises(evalkit.EvalkitError, match="breaks off"):
        evalkit.check(path)
    cut_between_cells = whole[: whole.rindex(',"GEF Trust')]
    path.write_text(cut_between_cells, encoding="utf-8")
    loaded = evalkit.check(path)
    assert [(failure.reason, failure.line) for failure in loaded.failures] == [
        (Reason.NOT_A_TABLE, 3)
    ]
    assert loaded.tables == {}


def test_an_export_that_says_no_day_is_set_apart(tmp_path: Path) -> None:
    loaded = export(tmp_path, {}, name="projects.csv")
    (failure,) = loaded.failures
    assert failure.reason is Reason.MISSING_VALUE
    assert failure.line is None
    assert "projects-2023-10-24.csv" in failure.remedy
    assert loaded.control == {"read": 1, "taken": 0, "set_apart": 1}
    assert len(loaded.tables["projects"]) == 0


def test_the_day_may_be_given_by_whoever_sends_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export(tmp_path, {}, name="projects.csv")
    path = tmp_path / "projects.csv"
    loaded = evalkit.check(path, as_of="2024-09-30")
    assert (loaded.failures, loaded.control["taken"]) == ((), 1)
    row = loaded.tables["projects"].iloc[0]
    assert (row["as_of"], row["source"]) == (pd.Timestamp("2024-09-30"), "gef-export-2024-09-30")
    assert main(["check", str(path)]) == 1
    assert "--as-of" in capsys.readouterr().out
    assert main(["check", str(path), "--as-of", "2024-09-30"]) == 0
    with pytest.raises(evalkit.EvalkitError, match="no day"):
        evalkit.check(path, as_of="30.9.2024")


def test_a_day_given_that_is_not_that_of_the_file_is_refused(tmp_path: Path) -> None:
    export(tmp_path, {})
    loaded = evalkit.check(tmp_path / "projects-2023-10-24.csv", as_of="2024-09-30")
    (failure,) = loaded.failures
    assert failure.reason is Reason.CONTRADICTION
    assert loaded.control == {"read": 1, "taken": 0, "set_apart": 1}


SOURCES = "source,publisher,title,as_of,file\ngef-export-2024-09-30,GEF,Export,2024-09-30,{file}\n"


def test_in_a_build_the_row_of_sources_tells_the_day_of_its_file(tmp_path: Path) -> None:
    export(tmp_path, {}, name="projects.csv")
    declared = tmp_path / "sources-gef.csv"
    declared.write_text(SOURCES.format(file="projects.csv"), encoding="utf-8")
    data = testing.write_data(tmp_path / "data", testing.minimal())
    files = gather([tmp_path / "projects.csv", declared], data)
    projects = joining.read(files, "2024-12-31").tables["projects"].set_index("project")
    assert projects.at["gef-101", "as_of"] == pd.Timestamp("2024-09-30")
    declared.write_text(SOURCES.format(file="other.csv"), encoding="utf-8")
    with pytest.raises(evalkit.EvalkitError, match="does not say of which day"):
        joining.read(gather([tmp_path / "projects.csv", declared], data), "2024-12-31")


def test_a_project_that_is_set_apart_takes_its_places_with_it(tmp_path: Path) -> None:
    """Two lists of one day contradict each other; the countries of neither may stay behind.

    The small data has a project of the same id, which would have got them.
    """
    declared = tmp_path / "sources-gef.csv"
    declared.write_text(SOURCES.format(file=""), encoding="utf-8")
    data = testing.write_data(tmp_path / "data", testing.minimal())
    names = ["a-2024-09-30.csv", "b-2024-09-30.csv"]
    same = {"id": "1", "mercury": "Mercury"}
    export(tmp_path, {**same, "places": "Peru, Chad"}, {"id": "7"}, name=names[0])
    export(tmp_path, {**same, "places": "Peru, Togo", "grant": "5"}, {"id": "8"}, name=names[1])
    files = gather([declared, *(tmp_path / name for name in names)], data)
    with pytest.raises(evalkit.EvalkitError, match="more than one file"):
        joining.read(files, "2024-12-31")
    found = joining.read(files, "2024-12-31", set_apart=True)
    projects, places = found.tables["projects"], found.tables["project_places"]
    assert projects["project"].tolist() == ["gef-1", "gef-7", "gef-8"]
    assert projects["grant_usd"].tolist() == [1000, 1_233_000, 1_233_000]
    assert places[["project", "place"]].to_numpy().tolist() == [
        ["gef-1", "GHA"], ["gef-7", "GHA"], ["gef-8", "GHA"]
    ]  # fmt: skip
    for name, grant in zip(names, (1_233_000, 5), strict=True):
        one = found.loaded[f"incoming/{name}"]
        counts = {part: one.control[part] for part in ("read", "taken", "set_apart")}
        assert counts == {"read": 2, "taken": 1, "set_apart": 1}
        assert one.totals["grant_usd_read"] == 1_233_000 + grant
        assert (one.totals["grant_usd_taken"], one.totals["grant_usd_set_apart"]) == (
            1_233_000, grant
        )  # fmt: skip


def test_the_same_project_with_other_countries_in_two_lists_of_a_day_is_refused(
    tmp_path: Path,
) -> None:
    """Their rows of projects are equal: only the places differ, and would have been joined."""
    declared = tmp_path / "sources-gef.csv"
    declared.write_text(SOURCES.format(file=""), encoding="utf-8")
    data = testing.write_data(tmp_path / "data", testing.minimal())
    export(tmp_path, {"places": "Peru, Chad"}, name="a-2024-09-30.csv")
    export(tmp_path, {"places": "Peru, Togo"}, name="b-2024-09-30.csv")
    inputs = [declared, tmp_path / "a-2024-09-30.csv", tmp_path / "b-2024-09-30.csv"]
    with pytest.raises(evalkit.EvalkitError, match="gef-101 names TGO") as caught:
        joining.read(gather(inputs, data), "2024-12-31")
    assert caught.value.reason is Reason.BROKEN_LINK


def workbook(path: Path, *sheets: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def cells(*changes: dict[str, str]) -> list[list[str]]:
    lines = [HEADING, *(ROW.format(**{**PLAIN, **change}) for change in changes)]
    return list(csv.reader(lines))


def test_a_project_in_two_sheets_counts_once_with_the_countries_of_the_first(
    tmp_path: Path,
) -> None:
    path = workbook(
        tmp_path / "projects-2023-10-24.xlsx",
        cells({"places": "Peru"}, {"id": "102"}),
        cells({"places": "Togo", "grant": "7"}, {"id": "103", "grant": "9"}),
    )
    loaded = evalkit.check(path)
    assert [failure.reason for failure in loaded.failures] == [Reason.DUPLICATE_KEY]
    pairs = loaded.tables["project_places"][["project", "place"]].to_numpy().tolist()
    assert pairs == [["gef-101", "PER"], ["gef-102", "GHA"], ["gef-103", "GHA"]]
    assert loaded.control == {"read": 4, "taken": 3, "set_apart": 1}
    assert loaded.totals["grant_usd_read"] == 2 * 1_233_000 + 7 + 9
    assert (loaded.totals["grant_usd_taken"], loaded.totals["grant_usd_set_apart"]) == (
        2 * 1_233_000 + 9, 7
    )  # fmt: skip


def test_a_workbook_is_compared_as_the_same_list_in_text(tmp_path: Path) -> None:
    changes = ({}, {"id": "102", "grant": ""}, {"id": "104", "places": "Peru, Chad"})
    later = ({"status": "Completed"}, {"id": "102", "grant": "5"}, {"id": "105"})
    made = []
    for name, rows in (("old", changes), ("new", later)):
        (tmp_path / name).mkdir()
        export(tmp_path / name, *rows)
        text = tmp_path / name / "projects-2023-10-24.csv"
        made.append((text, workbook(tmp_path / f"{name}.xlsx", [["a remark"]], cells(*rows))))
    (old, old_book), (new, new_book) = made
    found = compare_vintages(old, new)
    assert (found.whole.both, found.whole.new, found.whole.gone) == (2, ("gef-105",), ("gef-104",))
    assert found.whole.of("grant")[["old", "new"]].to_numpy().tolist() == [["", "5"]]
    for pair in ((old_book, new_book), (old, new_book), (old_book, new)):
        other = compare_vintages(*pair)
        for part in ("whole", "mercury"):
            before, after = getattr(found, part), getattr(other, part)
            assert (before.new, before.gone, before.both) == (after.new, after.gone, after.both)
            pd.testing.assert_frame_equal(before.changed, after.changed)
    with pytest.raises(evalkit.EvalkitError, match="no export"):
        compare_vintages(old, workbook(tmp_path / "else.xlsx", [["a", "b"], ["1", "2"]]))


def test_quotes_commas_and_line_breaks_in_a_title(tmp_path: Path) -> None:
    row = one(export(tmp_path, {"title": 'a ""quoted"" title, with a comma\nand two lines'}))
    assert row["title"] == 'Mercury a "quoted" title, with a comma and two lines'
