"""What lies in data/incoming is taken whole, refused by name, or its bad rows set apart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit import csvfile, testing
from evalkit.editions.inputs import Role, gather
from evalkit.errors import EvalkitError, Reason
from evalkit.reference import paths
from evalkit.simulate import simulate
from evalkit.sources import corrections
from evalkit.sources.documents import Document, Kind
from evalkit.sources.files import Sheet

HEADING = "party,cycle,submitted_on,source,basis\n"
GOOD = "PER,2019-short,2019-12-01,invented,simulated\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return testing.write_data(tmp_path / "data", testing.minimal())


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A folder in which one file is good but for two rows, and one is of no known form."""
    folder = tmp_path / "sent"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "submissions-more.csv").write_text(
        HEADING
        + GOOD
        + "Atlantis,2019-short,2019-12-02,invented,simulated\n"
        + "GHA,2019-short,2019-12-03,invented,simulated\n",  # stands in the data already
        encoding="utf-8",
    )
    (folder / "menu.csv").write_text("dish,price\nsoup,3\n", encoding="utf-8")
    (folder / ".hidden").write_text("no input", encoding="utf-8")
    return folder


def test_all_that_is_wrong_with_all_files_is_told_and_the_served_edition_stays(
    data: Path, sent: Path, tmp_path: Path
) -> None:
    home = tmp_path / "editions"
    served = evalkit.build(out=home / "current", data=data)
    with pytest.raises(EvalkitError) as caught:
        evalkit.build([sent], out=home / "current", data=data)
    told = str(caught.value)
    assert "incoming/menu.csv is of no form that evalkit reads" in told
    assert "incoming/deep/submissions-more.csv, line 3" in told
    assert caught.value.remedy
    assert evalkit.load(home / "current").path == served.path


def test_bad_rows_are_set_apart_and_listed_and_the_good_ones_taken(
    data: Path, sent: Path, tmp_path: Path
) -> None:
    edition = evalkit.build([sent], out=tmp_path / "editions" / "x", data=data, set_apart=True)
    rows = edition.table("submissions")
    assert sorted(rows["party"]) == ["GHA", "PER"]
    kept = rows.set_index("party")["submitted_on"]["GHA"]
    assert f"{kept:%Y-%m-%d}" == "2019-12-20", "the row of the data stands"
    listed = pd.read_csv(
        edition.path / "quality" / "quality-simulated.csv", comment="#", encoding="utf-8-sig"
    )
    apart = listed[listed["severity"] == "set_apart"]
    assert set(apart["kind"]) == {
        str(Reason.UNKNOWN_FILE), str(Reason.UNKNOWN_NAME), str(Reason.DUPLICATE_KEY)
    }  # fmt: skip
    assert set(apart["line"].dropna()) == {3, 4}
    assert apart["remedy"].notna().all()
    counts = {item["file"]: item for item in edition.manifest["inputs"]}
    more = counts["incoming/deep/submissions-more.csv"]
    assert (more["read"], more["taken"], more["set_apart"]) == (3, 1, 2)
    assert counts["incoming/menu.csv"]["form"] == "refused"


def test_a_row_that_goes_takes_those_that_point_to_it(data: Path, tmp_path: Path) -> None:
    """Answers whose report is set apart would count from no day."""
    (tmp_path / "submissions-a.csv").write_text(
        HEADING + "PER,2019-short,some day,invented,simulated\n", encoding="utf-8"
    )
    (tmp_path / "answers-a.csv").write_text(
        "party,cycle,question,format_version,answer,source,basis\n"
        "PER,2019-short,4.3,one,yes,invented,simulated\n",
        encoding="utf-8",
    )
    files = [tmp_path / "submissions-a.csv", tmp_path / "answers-a.csv"]
    edition = evalkit.build(files, out=tmp_path / "e" / "x", data=data, set_apart=True)
    assert edition.table("answers")["party"].tolist() == ["GHA"]


def test_the_projects_own_rows_are_never_set_apart(data: Path, tmp_path: Path) -> None:
    facts = data / "facts" / "submissions.csv"
    facts.write_text(facts.read_text("utf-8").replace("2019-12-20", "some day"), encoding="utf-8")
    with pytest.raises(EvalkitError) as caught:
        evalkit.build(out=tmp_path / "e" / "x", data=data, set_apart=True)
    assert caught.value.reason is Reason.NOT_A_DAY


def test_the_folder_incoming_is_taken_with_the_projects_own_data_alone(
    data: Path, sent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "incoming", lambda: sent)
    names = {item.shown: item.role for item in gather() if item.role is not Role.OWN}
    assert names == {
        "incoming/deep/submissions-more.csv": Role.INCOMING, "incoming/menu.csv": Role.INCOMING
    }  # fmt: skip
    given = {item.shown: item.role for item in gather([sent])}
    assert given["incoming/menu.csv"] is Role.GIVEN, "given and lying there: taken once"
    assert all(item.role is Role.OWN for item in gather(data=data))


CORRECTION = """
- file: incoming/report.xlsx#Answers
  key: {party: GHA}
  column: answer
  old: "yes"
  new: "no"
  reason: A test.
  source: invented
"""


def test_a_sheet_of_a_workbook_is_corrected_or_the_correction_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(CORRECTION, encoding="utf-8")
    declared = tuple(corrections.load([(path, "data/corrections/x.yaml")]))
    book = Document(
        Path("report.xlsx"), "incoming/report.xlsx", Kind.WORKBOOK, corrections=declared
    )
    with pytest.raises(EvalkitError, match="no such part") as caught:
        book.refuse_unmade()
    assert caught.value.reason is Reason.CORRECTION_EXPIRED
    sheet = Sheet(
        book.path, "incoming/report.xlsx#Answers", ("party", "answer"), [["GHA", "yes"]], [2], ","
    )
    assert book.corrected(sheet).records == [["GHA", "no"]]
    book.refuse_unmade()


@pytest.mark.parametrize(
    "made", [testing.minimal, testing.rich, testing.hostile, lambda: simulate(1, 1).tables]
)
def test_tables_are_written_as_pandas_writes_them(made, tmp_path: Path) -> None:
    for name, frame in made().items():
        path = tmp_path / f"{name}.csv"
        csvfile.write(frame, path)
        expected = frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
        assert path.read_bytes() == expected.encode()


def test_an_amount_outside_its_own_bounds_is_refused_at_its_line(tmp_path: Path) -> None:
    given = testing.minimal()
    rows = given["emissions"]
    row = rows.index[0]
    rows.loc[row, ["low", "high"]] = rows.at[row, "kg"] * 2, rows.at[row, "kg"] * 3
    data = testing.write_data(tmp_path / "data", given)
    with pytest.raises(EvalkitError) as caught:
        evalkit.build(out=tmp_path / "editions" / "current", data=data)
    (only,) = caught.value.failures
    assert only.reason is Reason.CONTRADICTION
    assert (Path(only.file).name, only.line) == ("emissions.csv", 2 + row)
    assert "is not within" in only.what
