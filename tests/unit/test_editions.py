"""An edition is put in place whole or not at all, and equal inputs give equal bytes."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import evalkit
from evalkit import testing
from evalkit.editions import store
from evalkit.editions.store import Edition
from evalkit.errors import EditionError, EvalkitError, Reason, UnknownNameError
from evalkit.fingerprint import sha256
from evalkit.indicators import catalogue

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small data folder; building from it takes a second."""
    return testing.write_data(tmp_path_factory.mktemp("data"), testing.minimal())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Edition:
    """The edition of that folder, served as `current`; tests leave it as it is."""
    return evalkit.build(out=tmp_path_factory.mktemp("small") / "current", data=data)


@pytest.fixture
def copied(small: Edition, tmp_path: Path) -> Path:
    """A folder of editions with a copy of the small one, to do something to."""
    home = tmp_path / "editions"
    shutil.copytree(small.path.parent, home, symlinks=True)
    return home


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def assert_whole(edition: Edition) -> None:
    """Every file that the manifest names is there with its checksum, and no other file."""
    manifest = edition.manifest
    stated = {f"inputs/{item['file']}": item["sha256"] for item in manifest["inputs"]}
    for part in ("tables", "results"):
        stated |= {f"{part}/{name}.csv": about["sha256"] for name, about in manifest[part].items()}
    stated |= {f"quality/{name}": about["sha256"] for name, about in manifest["quality"].items()}
    found = {
        path.relative_to(edition.path).as_posix(): sha256(path)
        for path in edition.path.rglob("*")
        if path.is_file() and path.name != store.MANIFEST
    }
    assert found == stated


# --- the same input, the same output ------------------------------------------------------------


def test_two_builds_of_the_same_inputs_are_equal_byte_for_byte(tmp_path: Path) -> None:
    """In another process, language and time zone, and with other hashes; the wheel does it too."""
    data = testing.write_data(tmp_path / "data", testing.rich())
    ours = evalkit.build(out=tmp_path / "one" / "current", data=data)
    script = "import sys, pathlib, evalkit; folder, data = map(pathlib.Path, sys.argv[1:]); "
    script += "evalkit.build(out=folder / 'current', data=data)"
    elsewhere = {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "other"), str(data)],
        env={**os.environ, **elsewhere},
        cwd=tmp_path,
        check=True,
    )
    theirs = evalkit.load(tmp_path / "other" / "current")
    assert theirs.name == ours.name
    one, other = contents(ours.path), contents(theirs.path)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert len(one) > 30


def test_a_built_edition_is_whole(edition: Edition) -> None:
    assert_whole(edition)


def test_a_second_build_of_the_same_inputs_does_nothing(
    small: Edition, data: Path, copied: Path
) -> None:
    told: list[str] = []
    stamps = {path: path.stat().st_mtime_ns for path in copied.rglob("*") if path.is_file()}
    again = evalkit.build(out=copied / "current", data=data, progress=told.append)
    assert again.name == small.name
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    assert told == ["gathering files"]


def test_stored_results_are_those_of_the_stored_tables(edition: Edition) -> None:
    """Written and read back, tables give the very same values: to the last bit."""
    for name, day in (
        ("reporting-rate", "2020-10-02"),
        ("parties-in-force", "2019-12-31"),
        ("gef-grants", edition.as_of),
        ("emissions-to-air", edition.as_of),
    ):
        stored = edition.indicator(name).frame(as_of=day)
        again = catalogue.compute(name, edition.tables, as_of=day).frame
        testing.assert_results_equal(stored, again)


# --- days and names -----------------------------------------------------------------------------


def test_another_day_is_another_edition_and_a_name_moves(data: Path, tmp_path: Path) -> None:
    home = tmp_path / "editions"
    early = evalkit.build(out=home / "cop3", data=data, as_of="2019-11-25")
    assert evalkit.load(home / "current").path == early.path, "the first one is served"
    late = evalkit.build(out=home / "cop4", data=data, as_of="2021-11-01")
    assert early.path != late.path
    assert (early.as_of, late.as_of) == ("2019-11-25", "2021-11-01")
    assert early.name.startswith("2019-11-25-")
    for name, target in (("cop3", early), ("cop4", late), ("current", early)):
        assert (home / name).is_symlink()
        assert evalkit.load(home / name).path == target.path, "a name moved another one"
    evalkit.build(out=home / "current", data=data, as_of="2021-11-01")
    evalkit.build(out=home / "cop4", data=data, as_of="2019-11-25")
    assert evalkit.load(home / "current").path == late.path
    assert evalkit.load(home / "cop4").path == early.path
    assert_whole(evalkit.load(late.path))
    assert len(list(home.glob(f"20*/{store.MANIFEST}"))) == 2


def test_the_day_left_out_is_the_latest_that_a_source_speaks_of(small: Edition) -> None:
    assert small.as_of == f"{small.table('sources')['as_of'].max():%Y-%m-%d}" == "2021-12-31"


def test_an_edition_computes_the_days_listed_up_to_its_own(data: Path, tmp_path: Path) -> None:
    edition = evalkit.build(out=tmp_path / "x", data=data, as_of="2020-01-01")
    days = {f"{day:%Y-%m-%d}" for day in edition.results_of("signatories")["as_of"]}
    assert days == {"2017-08-16", "2020-01-01"}
    assert set(edition.results_of("gef-grants")["as_of"].dt.strftime("%Y-%m-%d")) == {"2020-01-01"}


@pytest.mark.parametrize("day", ["2020-02-30", "../../x", "", "today"])
def test_a_day_that_is_none_builds_nothing(day: str, data: Path, tmp_path: Path) -> None:
    with pytest.raises(EvalkitError) as caught:
        evalkit.build(out=tmp_path / "home" / "x", data=data, as_of=day)
    assert caught.value.reason is Reason.NOT_A_DAY
    assert [path.name for path in (tmp_path / "home").iterdir()] == [".lock"]


def test_a_name_that_a_folder_has_is_refused_before_anything_is_built(
    small: Edition, data: Path, copied: Path
) -> None:
    told: list[str] = []
    for name in (small.name, ".lock"):
        with pytest.raises(EditionError, match=name) as caught:
            evalkit.build(out=copied / name, data=data, as_of="2019-01-01", progress=told.append)
        assert caught.value.reason is Reason.WRONG_USE
    assert told == []
    assert_whole(evalkit.load(copied / "current"))


def test_an_unknown_edition_lists_those_there_are(
    small: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    with pytest.raises(EditionError, match="evalkit build") as caught:
        evalkit.load()
    assert caught.value.reason is Reason.NO_EDITION
    monkeypatch.setenv(store.VARIABLE, str(small.path.parent))
    with pytest.raises(EditionError) as caught:
        evalkit.load("cop4")
    assert "'cop4'" in str(caught.value)
    for name in ("current", small.name):
        assert name in caught.value.remedy
        assert evalkit.load(name).name == small.name


def test_an_unknown_table_or_indicator_lists_those_there_are(edition: Edition) -> None:
    with pytest.raises(EditionError, match="project_places"):
        edition.table("project")
    with pytest.raises(EvalkitError, match="gef-grants"):
        edition.results_of("gef")
    with pytest.raises(EvalkitError, match="reporting-rate"):
        edition.indicator("reporting-rates").frame(as_of="2020-10-02")


# --- corrections --------------------------------------------------------------------------------


CORRECTION = """
- file: data/facts/projects.csv
  key: {project: gef-1}
  column: grant_usd
  old: "1000.0"
  new: "1500"
  reason: A test.
  source: invented
"""


def test_a_correction_changes_the_value_and_the_edition_and_nothing_else(
    small: Edition, tmp_path: Path
) -> None:
    plain = small
    assert not any(item["form"] == "corrections" for item in plain.manifest["inputs"])
    corrected_data = testing.write_data(tmp_path / "data", testing.minimal())
    (corrected_data / "corrections").mkdir()
    (corrected_data / "corrections" / "gef.yaml").write_text(CORRECTION, encoding="utf-8")
    corrected = evalkit.build(out=tmp_path / "home" / "corrected", data=corrected_data)
    assert corrected.name != plain.name
    values = [
        one.indicator("gef-grants").frame(entity="GHA", period="all", series="equal-split")
        for one in (plain, corrected)
    ]
    assert [rows["value"].item() for rows in values] == [1000, 1500]
    assert_whole(corrected)
    kept = "inputs/data/facts/projects.csv"
    assert (plain.path / kept).read_bytes() == (corrected.path / kept).read_bytes()
    changed = [
        name
        for name in contents(plain.path)
        if contents(plain.path)[name] != contents(corrected.path)[name]
    ]
    report = [f"quality/quality-simulated.{ending}" for ending in ("csv", "html")]
    money = ("cofinancing-ratio", "envelope", "grants", "grants-mercury-alone", "grants-parts")
    results = sorted(f"results/gef-{one}.csv" for one in (*money, "grants-parts-mercury-alone"))
    moved = ["manifest.json", *report, *results, "tables/projects.csv"]
    assert changed == moved, "the report names the edition"


def test_a_correction_that_no_longer_holds_stops_the_build(
    small: Edition, copied: Path, tmp_path: Path
) -> None:
    mended = testing.write_data(tmp_path / "data", testing.minimal())
    (mended / "corrections").mkdir()
    expired = CORRECTION.replace("1000.0", "999")
    (mended / "corrections" / "gef.yaml").write_text(expired, encoding="utf-8")
    with pytest.raises(EvalkitError, match=r"corrections/gef\.yaml") as caught:
        evalkit.build(out=copied / "current", data=mended)
    assert caught.value.reason is Reason.CORRECTION_EXPIRED
    assert evalkit.load(copied / "current").name == small.name


# --- one builds, and is killed ------------------------------------------------------------------


def test_a_second_build_while_one_runs_is_refused(data: Path, tmp_path: Path) -> None:
    refused = []

    def meanwhile(what: str) -> None:
        if what == "writing tables":
            with pytest.raises(EditionError, match="Wait") as caught:
                evalkit.build(out=tmp_path / "current", data=data, as_of="2018-01-01")
            refused.append(caught.value.reason)

    edition = evalkit.build(out=tmp_path / "current", data=data, progress=meanwhile)
    assert refused == [Reason.LOCKED]
    assert_whole(edition)
    with (tmp_path / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody holds it any more


def test_what_a_killed_build_left_behind_is_removed(
    small: Edition, data: Path, copied: Path
) -> None:
    half = copied / ".building-2020-01-01-abc" / "tables"
    half.mkdir(parents=True)
    (half / "projects.csv").write_text("half", encoding="utf-8")
    (copied / ".current.123.unfinished").symlink_to(small.name)
    (copied / small.name / store.MANIFEST).unlink()
    edition = evalkit.build(out=copied / "x", data=data)
    assert_whole(edition)
    left = sorted(path.name for path in copied.iterdir())
    assert left == [".lock", edition.name, "current", "x"]


# Builds once, so that all is imported and kept; then forks a child for each line, to be killed
# after a time, by its parent that has not waited for it yet, or by itself before its nth step.
BUILDER = """
import os, signal, sys, time
from pathlib import Path
import evalkit
home, data = map(Path, sys.argv[1:])
STEPS = ("os.rename", "os.remove", "os.symlink")

def kill_before(last, count=0):
    def hook(event, args):
        nonlocal count
        wrote = event == "open" and args[1] == "w" and str(args[0]).endswith("manifest.json")
        moved = event in STEPS and isinstance(args[0], str | Path) and args[-1] == -1
        if wrote or moved:
            count += 1
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

evalkit.build(out=home / "current", data=data, as_of="2018-01-01")
for line in sys.stdin:
    day, kill, when = line.split()
    started = time.monotonic()
    pid = os.fork()
    if not pid:
        if kill == "step":
            kill_before(int(when))
        evalkit.build(out=home / "current", data=data, as_of=day)
        os._exit(0)
    if kill == "after":
        time.sleep(float(when))
        os.kill(pid, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), time.monotonic() - started, flush=True)
"""


class Builder:
    """A process that builds an edition for each day it is told, in a child that can be killed."""

    def __init__(self, home: Path, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", BUILDER, str(home), str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def build(self, day: str, kill: str = "never", when: float = 0) -> tuple[bool, float]:
        """Return whether the child was killed before its end, and how long it lived."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{day} {kill} {when}\n")
        self.process.stdin.flush()
        code, lived = self.process.stdout.readline().split()
        assert code in ("0", str(-signal.SIGKILL)), f"a build failed by itself: {code}"
        return code != "0", float(lived)

    def close(self) -> None:
        self.process.communicate()


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_served_edition_whole(
    data: Path, tmp_path: Path
) -> None:
    """At least six builds are killed at random moments, two of them while they write."""
    builder, chance = Builder(tmp_path, data), random.Random(2)
    killed, halves, days = 0, 0, 0
    try:
        _, whole_build = builder.build("2018-01-02")
        served = evalkit.load(tmp_path / "current")
        while (killed < 6 or halves < 2) and days < 60:
            day = f"{2019 + days // 28}-01-{days % 28 + 1:02d}"
            days += 1
            was_killed, _ = builder.build(day, "after", whole_build * chance.random())
            killed += was_killed
            halves += bool(list(tmp_path.glob(".building-*")))
            now = evalkit.load(tmp_path / "current")
            assert now.path == served.path or now.as_of == day
            assert_whole(now)
            served = now
        assert killed >= 6
        assert halves >= 2
        assert not builder.build("2018-06-01")[0]
    finally:
        builder.close()
    assert evalkit.load(tmp_path / "current").as_of == "2018-06-01"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".b", ".c"))]
    for manifest in tmp_path.glob(f"*/{store.MANIFEST}"):
        assert_whole(Edition(manifest.parent))


@pytest.mark.slow
def test_a_build_killed_before_any_of_its_last_steps_can_be_done_again(
    data: Path, tmp_path: Path
) -> None:
    """Before the manifest is written, the folder moved, the link made, the link moved."""
    builder, steps = Builder(tmp_path, data), 0
    try:
        served = builder.build("2018-01-02") and evalkit.load(tmp_path / "current")
        was_killed = True
        while was_killed and steps < 20:
            steps += 1
            day = f"2019-01-{steps:02d}"
            was_killed, _ = builder.build(day, "step", steps)
            now = evalkit.load(tmp_path / "current")
            assert now.path == served.path or not was_killed
            assert_whole(now)
            assert not builder.build(day)[0]
            served = evalkit.load(tmp_path / "current")
            assert served.as_of == day
            assert_whole(served)
    finally:
        builder.close()
    assert 4 < steps < 20, "a build has at least four steps, and comes to its end"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".b", ".c"))]


def test_the_manifest_is_plain_data(edition: Edition) -> None:
    text = (edition.path / store.MANIFEST).read_text(encoding="utf-8")
    assert "NaN" not in text
    manifest = json.loads(text)
    inputs = {item["file"]: item for item in manifest["inputs"]}
    for item in inputs.values():
        if item["form"] != "corrections":
            assert item["read"] == item["taken"] + item["set_apart"]
            assert item["set_apart"] == 0
    rows = {name: about["rows"] for name, about in manifest["tables"].items()}
    assert rows["parties"] == inputs["data/reference/parties.csv"]["read"] == 195
    assert set(manifest["results"]) == set(catalogue.indicators())


def test_an_explanation_of_nobody_is_refused(edition: Edition) -> None:
    with pytest.raises(UnknownNameError, match="Aruba"):
        edition.indicator("parties-in-force").explain(entity="ABW")
    with pytest.raises(UnknownNameError, match="Ghana"):
        edition.indicator("parties-in-force").explain(entity="Ganha")
    with pytest.raises(UnknownNameError, match="2019-short"):
        edition.indicator("reporting-rate").explain(entity="GHA", period="2019-full")


@pytest.mark.parametrize("content", ["", '{"as_of": "2020', "[]", '{"as_of": "2020-01-01"}'])
def test_a_damaged_edition_says_so(content: str, small: Edition, copied: Path) -> None:
    (copied / small.name / store.MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(EditionError, match="evalkit build") as caught:
        evalkit.load(copied / "current")
    assert caught.value.reason is Reason.DAMAGED_EDITION
    assert small.name in str(caught.value)
