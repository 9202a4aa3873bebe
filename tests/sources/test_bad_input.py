"""Each way in which a file can be wrong: reason, file, line and remedy, and nothing changes."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

import evalkit
from evalkit import testing
from evalkit.errors import EvalkitError, FileRefusedError, Reason, TableError
from evalkit.sources.check import read

REPORTS = "party,cycle,submitted_on,source,basis"
GOOD = "PER,2019-short,2019-11-01,invented,simulated"
EMISSIONS = "inventory,version,entity,year,scheme,category,medium,species,kg,source,basis"
PROJECTS = "project,facility,type,theme,status,grant_usd,as_of,source,basis"
PROJECT = "gef-7,gef,full_size,other,approved,{grant},2019-06-30,invented,simulated"
PUBLISHED = "indicator,entity,as_of,precision,value,qualifier,unit,source,basis"


@dataclass(frozen=True)
class Case:
    """A file, and what has to be said of it."""

    name: str
    content: bytes
    reason: Reason
    said: tuple[str, ...]
    line: int | None = None
    remedy: str = ""


def text(name: str, *lines: str) -> tuple[str, bytes]:
    return name, "\n".join([*lines, ""]).encode()


def archive() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("submissions.csv", f"{REPORTS}\n{GOOD}\n")
    return buffer.getvalue()


CELLS = {  # one row is wrong; the file is a table
    "unknown country": Case(
        *text("submissions.csv", REPORTS, GOOD, "Ganha,2019-short,2019-11-02,invented,simulated"),
        reason=Reason.UNKNOWN_NAME,
        said=("'Ganha'", "Nearest", "Ghana"),
        line=3,
        remedy="names.csv",
    ),
    "part of a name": Case(
        *text("submissions.csv", REPORTS, "Guinea Conakr,2019-short,2019-11-02,invented,derived"),
        reason=Reason.UNKNOWN_NAME,
        said=("'Guinea Conakr'",),
        line=2,
        remedy="Correct the name",
    ),
    "the same key twice in a file": Case(
        *text("submissions.csv", REPORTS, GOOD, GOOD.replace("11-01", "11-02")),
        reason=Reason.DUPLICATE_KEY,
        said=("PER, 2019-short", "already on line 2"),
        line=3,
        remedy="Remove one",
    ),
    "the same key twice under two spellings": Case(
        *text("submissions.csv", REPORTS, GOOD, GOOD.replace("PER", "Peru")),
        reason=Reason.DUPLICATE_KEY,
        said=("PER, 2019-short", "already on line 2"),
        line=3,
        remedy="Remove one",
    ),
    "the same key in two files": Case(
        *text("submissions.csv", REPORTS, GOOD.replace("PER", "GHA")),
        reason=Reason.DUPLICATE_KEY,
        said=(
            "GHA",
            "more than one file",
            "incoming/submissions.csv",
            "data/facts/submissions.csv",
        ),
        line=2,
        remedy="Remove one",
    ),
    "a negative amount": Case(
        *text("projects.csv", PROJECTS, PROJECT.format(grant="-5")),
        reason=Reason.NEGATIVE,
        said=("grant_usd is -5", "negative"),
        line=2,
        remedy="correction",
    ),
    "a report before the Convention": Case(
        *text("submissions.csv", REPORTS, GOOD.replace("2019-11-01", "2016-11-01")),
        reason=Reason.TOO_EARLY,
        said=("submitted_on is 2016-11-01", "before 2017-08-16"),
        line=2,
        remedy="Correct the cell",
    ),
    "a decimal comma": Case(
        *text(
            "emissions.csv",
            EMISSIONS.replace(",", ";"),
            "beta;1;CHE;2015;x;total;air;total;1,5;invented;simulated",
        ),
        reason=Reason.NOT_A_NUMBER,
        said=("kg is '1,5'", "no plain number"),
        line=2,
        remedy="decimal point",
    ),
    "thousands in a number": Case(
        *text("projects.csv", PROJECTS, PROJECT.format(grant='"1,500,000"')),
        reason=Reason.NOT_A_NUMBER,
        said=("1,500,000",),
        line=2,
        remedy="no thousands separator",
    ),
    "a unit in a number": Case(
        *text("projects.csv", PROJECTS, PROJECT.format(grant="1500 US$")),
        reason=Reason.NOT_A_NUMBER,
        said=("1500 US$",),
        line=2,
        remedy="no unit",
    ),
    "an endless number": Case(
        *text("projects.csv", PROJECTS, PROJECT.format(grant="1e999")),
        reason=Reason.NOT_A_NUMBER,
        said=("1e999",),
        line=2,
    ),
    "a year that is none": Case(
        *text("emissions.csv", EMISSIONS, "b,1,CHE,2015.5,x,total,air,total,1,invented,derived"),
        reason=Reason.NOT_A_NUMBER,
        said=("year is 2015.5", "whole number"),
        line=2,
    ),
    "a year beyond all counting": Case(
        *text("emissions.csv", EMISSIONS, "b,1,CHE,1e300,x,total,air,total,1,invented,derived"),
        reason=Reason.NOT_A_NUMBER,
        said=("1e300",),
        line=2,
    ),
    "a day that is none": Case(
        *text("submissions.csv", REPORTS, GOOD.replace("2019-11-01", "2019-02-29")),
        reason=Reason.NOT_A_DAY,
        said=("'2019-02-29'", "no day"),
        line=2,
        remedy="2020-12-31",
    ),
    "a day in another order": Case(
        *text("submissions.csv", REPORTS, GOOD.replace("2019-11-01", "01/11/2019")),
        reason=Reason.NOT_A_DAY,
        said=("'01/11/2019'",),
        line=2,
        remedy="2020-12-31",
    ),
    "a blank where there must be something": Case(
        *text("submissions.csv", REPORTS, GOOD.replace("2019-11-01", "")),
        reason=Reason.MISSING_VALUE,
        said=("submitted_on is blank",),
        line=2,
    ),
    "a word that is no choice": Case(
        *text("projects.csv", PROJECTS, PROJECT.format(grant="1").replace("full_size", "huge")),
        reason=Reason.NOT_ALLOWED,
        said=("'huge'", "full_size"),
        line=2,
    ),
    "an unknown source": Case(
        *text("submissions.csv", REPORTS, GOOD.replace("invented", "nowhere")),
        reason=Reason.UNKNOWN_SOURCE,
        said=("'nowhere'", "sources"),
        line=2,
        remedy="Add it",
    ),
    "a link to nothing": Case(
        *text("submissions.csv", REPORTS, GOOD.replace("2019-short", "1999-short")),
        reason=Reason.BROKEN_LINK,
        said=("'1999-short'", "cycles"),
        line=2,
        remedy="Add it",
    ),
    "a report of a group": Case(
        *text("submissions.csv", REPORTS, GOOD.replace("PER", "WLD")),
        reason=Reason.BROKEN_LINK,
        said=("'WLD'", "parties"),
        line=2,
    ),
}

FORMS = {  # the file as a whole is no table of evalkit
    "a missing column": Case(
        *text("submissions.csv", "party,cycle,source,basis", "PER,2019-short,invented,derived"),
        reason=Reason.MISSING_COLUMN,
        said=("submitted_on", "missing"),
        line=1,
        remedy="Add the column submitted_on",
    ),
    "an unknown column": Case(
        *text("submissions.csv", f"{REPORTS},colour", f"{GOOD},blue"),
        reason=Reason.UNKNOWN_COLUMN,
        said=("'colour'", "not known"),
        line=1,
        remedy="Remove or rename",
    ),
    "a column twice": Case(
        *text("submissions.csv", f"{REPORTS},basis", f"{GOOD},derived"),
        reason=Reason.UNKNOWN_COLUMN,
        said=("'basis'", "more than once"),
        line=1,
    ),
    "a ragged row": Case(
        *text("submissions.csv", REPORTS, GOOD, f"{GOOD},more"),
        reason=Reason.NOT_A_TABLE,
        said=("6 cells", "heading has 5"),
        line=3,
        remedy="Quote",
    ),
    "another encoding": Case(
        "submissions.csv",
        f"{REPORTS}\n{GOOD}\nCôte d'Ivoire,2019-short,2019-11-01,invented,derived\n".encode(
            "latin-1"
        ),
        Reason.WRONG_ENCODING,
        ("not UTF-8",),
        line=3,
        remedy="CSV UTF-8",
    ),
    "two bytes for a letter": Case(
        "submissions.csv",
        f"{REPORTS}\n{GOOD}\n".encode("utf-16"),
        Reason.WRONG_ENCODING,
        ("not UTF-8",),
        line=1,
        remedy="CSV UTF-8",
    ),
    "an empty file": Case("submissions.csv", b"", Reason.EMPTY_FILE, ("is empty",), remedy="again"),
    "blanks alone": Case(
        "submissions.csv", b"\xef\xbb\xbf \r\n\r\n", Reason.EMPTY_FILE, (), remedy="again"
    ),
    "a heading alone": Case(
        *text("submissions.csv", REPORTS),
        reason=Reason.EMPTY_FILE,
        said=("a heading and no rows",),
        remedy="again",
    ),
    "a web page": Case(
        *text("submissions.csv", "", "<!DOCTYPE html>", "<html><body>Please log in</body></html>"),
        reason=Reason.NOT_A_TABLE,
        said=("web page",),
        remedy="in a browser",
    ),
    "bytes of zero": Case(
        "submissions.csv",
        f"{REPORTS}\n{GOOD}\nGHA,2019-\0short,2019-11-01,invented,derived\n".encode(),
        Reason.NOT_A_TABLE,
        ("byte of zero",),
        line=3,
        remedy="again",
    ),
    "a quote that is never closed": Case(
        *text("submissions.csv", REPORTS, 'GHA,2019-short,2019-11-01,invented,"derived', GOOD),
        reason=Reason.NOT_A_TABLE,
        said=("breaks off",),
        line=3,
        remedy="again",
    ),
    "an archive": Case(
        "submissions.csv",
        archive(),
        Reason.NOT_A_TABLE,
        ("archive or a workbook",),
        remedy="CSV UTF-8",
    ),
    "another publisher's file": Case(
        *text("dashboard.csv", "Party,Question 3.1,Answer", "Ghana,Do you,Yes"),
        reason=Reason.UNKNOWN_FILE,
        said=("no form", "Party, Question 3.1, Answer"),
        remedy="docs/reference/tables.md",
    ),
}
# Found only when all files are joined.
ACROSS = (
    "the same key in two files",
    "an unknown source",
    "a link to nothing",
    "a report of a group",
)
BAD = {**CELLS, **FORMS}


def write(case: Case, folder: Path) -> Path:
    path = folder / case.name
    path.write_bytes(case.content)
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return testing.write_data(tmp_path_factory.mktemp("data"), testing.minimal())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    """A folder of editions with one that is served."""
    home = tmp_path_factory.mktemp("editions")
    evalkit.build(out=home / "current", data=data)
    return home


def state(home: Path) -> dict[str, str]:
    """Every file and link of a folder, with its content or its target."""
    found = {}
    for path in sorted(home.rglob("*")):
        name = str(path.relative_to(home))
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            found[name] = "folder"
    return found


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_and_the_served_edition_untouched(
    kind: str, tmp_path: Path, data: Path, served: Path
) -> None:
    case = BAD[kind]
    before = state(served)
    with pytest.raises((FileRefusedError, TableError)) as caught:
        evalkit.build([write(case, tmp_path)], out=served / "current", data=data)
    error = caught.value
    assert error.reason is case.reason
    assert f"incoming/{case.name}" in str(error), "the file is not named"
    for part in (*case.said, case.remedy):
        assert part in str(error)
    assert error.remedy
    if case.line is not None:
        assert f"line {case.line}" in str(error)
    assert state(served) == before, "the build left something behind"


@pytest.mark.parametrize("kind", [kind for kind in CELLS if kind not in ACROSS])
def test_a_bad_row_is_set_apart_and_the_counts_add_up(kind: str, tmp_path: Path) -> None:
    case = CELLS[kind]
    path = write(case, tmp_path)
    loaded = evalkit.check(path)
    row = loaded.set_apart.iloc[0]
    assert (row["reason"], row["file"], row["line"]) == (str(case.reason), str(path), case.line)
    assert row["remedy"]
    assert row["cell"] in {column for column in path.read_text().splitlines()[0].split(",")} or (
        ";" in path.read_text() or case.reason is Reason.DUPLICATE_KEY
    )
    assert loaded.control["read"] == loaded.control["taken"] + loaded.control["set_apart"]
    assert loaded.control["set_apart"] == 1
    taken = sum(len(frame) for frame in loaded.tables.values())
    assert taken == loaded.control["taken"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path, data: Path, served: Path) -> None:
    with pytest.raises(FileRefusedError, match=r"nothing\.csv") as caught:
        evalkit.build([tmp_path / "nothing.csv"], out=served / "current", data=data)
    assert caught.value.reason is Reason.MISSING_FILE
    with pytest.raises(FileRefusedError, match=r"nothing\.csv"):
        evalkit.check(tmp_path / "nothing.csv")


def test_two_files_of_one_name_are_refused(tmp_path: Path, data: Path, served: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(CELLS["a negative amount"], tmp_path / folder)
    with pytest.raises(FileRefusedError, match=r"incoming/projects\.csv"):
        evalkit.build([tmp_path / "a", tmp_path / "b"], out=served / "current", data=data)


def test_all_failures_of_a_file_are_collected_and_ten_shown(tmp_path: Path) -> None:
    lines = [PROJECT.format(grant=-n).replace("gef-7", f"gef-{n}") for n in range(1, 15)]
    name, content = text("projects.csv", PROJECTS, *lines)
    case = Case(name, content, Reason.NEGATIVE, ())
    assert len(evalkit.check(write(case, tmp_path)).failures) == 14
    with pytest.raises(EvalkitError) as caught:
        read(tmp_path / name, shown=name)
    message = str(caught.value)
    assert "14 rows or cells are refused" in message
    assert "line 11" in message
    assert "line 12" not in message
    assert "and 4 more" in message
    assert len(caught.value.failures) == 14


def test_two_rows_of_unknown_countries_are_not_called_the_same(tmp_path: Path) -> None:
    lines = [f"{name},2019-short,2019-11-02,invented,derived" for name in ("Atlantis", "Utopia")]
    name, content = text("submissions.csv", REPORTS, *lines)
    loaded = evalkit.check(write(Case(name, content, Reason.UNKNOWN_NAME, ()), tmp_path))
    assert [failure.reason for failure in loaded.failures] == [Reason.UNKNOWN_NAME] * 2


def test_an_error_as_plain_data_says_what_its_text_says(tmp_path: Path) -> None:
    path = write(CELLS["a negative amount"], tmp_path)
    with pytest.raises(EvalkitError) as caught:
        read(path, shown="projects.csv")
    plain = caught.value.as_dict()
    assert plain["reason"] == "negative"
    assert plain["failures"][0]["line"] == 2
    assert plain["failures"][0]["file"] == "projects.csv"
    assert plain["remedy"] == caught.value.remedy
