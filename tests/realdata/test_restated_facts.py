"""The committed facts equal what tools/restate makes of the publishers' files today."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT / os.environ.get("EVALKIT_REALDATA", "../shared/data")
FILES = {
    "projects.csv": "data/facts",
    "project_places.csv": "data/facts",
    "published.csv": "data/facts",
    "registrations.csv": "data/facts",
    "events.csv": "data/facts",
    "event_countries.csv": "data/facts",
    "emissions.csv": "data/facts",
    "activities.csv": "data/facts",
    "activity_places.csv": "data/facts",
    "activity_transactions.csv": "data/facts",
    "emissions-assessments.csv": "data/facts",
    "emissions-registers.csv": "data/facts",
    "emissions-history.csv": "data/facts",
    "categories.csv": "data/reference",
}

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(
        not (REAL / "gef" / "gef_export_2023-10-24.csv").is_file(),
        reason="the publishers' files are absent: set EVALKIT_REALDATA to their folder",
    ),
]


@pytest.fixture(scope="module")
def restated(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders, each written by a run of its own."""
    folders = [tmp_path_factory.mktemp("facts") for _ in range(2)]
    script = ROOT / "tools" / "restate" / "facts.py"
    for folder in folders:
        done = subprocess.run(
            [sys.executable, str(script), "--out", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return folders


@pytest.mark.parametrize("name", FILES)
def test_a_committed_file_equals_its_restatement(restated: list[Path], name: str) -> None:
    committed = (ROOT / FILES[name] / name).read_bytes()
    assert [(folder / name).read_bytes() == committed for folder in restated] == [True, True], (
        f"{name} differs: run tools/restate/facts.py and look at what changed"
    )


def test_nothing_else_is_written(restated: list[Path]) -> None:
    assert {path.name for path in restated[0].iterdir()} == set(FILES)


def test_the_checksums_of_the_sources_are_those_of_the_files() -> None:
    with (ROOT / "data" / "facts" / "sources.csv").open(encoding="utf-8", newline="") as file:
        stated = {row["file"]: row["sha256"] for row in csv.DictReader(file) if row["file"]}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in REAL.rglob("*")
        if path.name in stated
    }
    assert found == stated
