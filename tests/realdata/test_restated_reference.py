"""The restated files of data/reference are what the tools make of the real files today."""

import csv
import hashlib
import html
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data" / "reference"
TOOL = ROOT / "tools" / "restate" / "reference.py"
REAL = ROOT / os.environ.get("EVALKIT_REALDATA", "../shared/data")
MADE = (
    "areas.csv",
    "codes.csv",
    "names.csv",
    "parties.csv",
    "questions/mc-1-8.csv",
    "questions/mc-5-13.csv",
    "questions/question_map.csv",
)

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(
        not (REAL / "parties" / "parties.csv").is_file(),
        reason=f"no real files: {REAL} has no parties/parties.csv (set EVALKIT_REALDATA)",
    ),
]


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, with or without a byte order mark."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def entities() -> dict[str, str]:
    """Entity of every spelling."""
    return {row["name"]: row["entity"] for row in rows(REFERENCE / "names.csv")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the tools make now."""
    out = tmp_path_factory.mktemp("restated")
    subprocess.run([sys.executable, str(TOOL), "--out", str(out)], check=True, timeout=300)
    return out


@pytest.mark.parametrize("name", MADE)
def test_files_are_what_the_tools_make(made: Path, name: str) -> None:
    assert (REFERENCE / name).read_bytes() == (made / name).read_bytes()


def test_every_token_of_the_facility_resolves() -> None:
    known = entities()
    for row in rows(REAL / "gef" / "gef_country_vocabulary.csv"):
        for token in {row["token_as_published"], html.unescape(row["token_as_published"])}:
            assert token in known
            assert not row["iso3"] or known[token] == row["iso3"]


def test_every_area_of_the_sdg_series_resolves() -> None:
    known = entities()
    for row in rows(REAL / "unsdg" / "sdg_12_4_1_minamata.csv"):
        world = "WLD" if row["m49"] == "1" else f"M49-{int(row['m49']):03}"
        assert known[row["area_name"]] == (row["iso3"] or world)


def test_countries_of_other_real_files_resolve() -> None:
    """Names that the files of programmes and registers print, where they give a code too."""
    known = entities()
    for name, column in (
        ("sip/sip_projects.csv", "country"),
        ("registers/registers_exemptions_art6.csv", "party"),
    ):
        for row in rows(REAL / name):
            if len(row["iso3"]) == 3:
                assert known[row[column]] == row["iso3"]
    for row in rows(REAL / "registers" / "registers_icc_members.csv"):
        assert row["party"] in known


def test_148_parties_are_the_countries_of_the_series_and_the_union() -> None:
    listed = {row["iso3"] for row in rows(REAL / "unsdg" / "sdg_12_4_1_party_areas_2026.csv")}
    parties = {
        row["iso3"]
        for row in rows(REFERENCE / "parties.csv")
        if row["listed_on"] or "" < row["deposited_on"] <= "2024-03-31"
    }
    assert len(parties) == 148
    assert parties == listed | {"EUE"}


def test_checksums_are_those_of_the_files_that_were_read() -> None:
    stated = [row for row in rows(REFERENCE / "sources.csv") if row["sha256"]]
    assert len(stated) > 5
    for row in stated:
        sums = {hashlib.sha256(p.read_bytes()).hexdigest() for p in REAL.rglob(row["file"])}
        assert row["sha256"] in sums, row["source"]
