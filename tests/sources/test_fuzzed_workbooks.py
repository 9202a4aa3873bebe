"""A thousand spoilt workbooks: refused or set apart, the counts adding up, never a traceback."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

import evalkit
from evalkit.errors import EvalkitError
from evalkit.sources.report_template import write_template
from tests.sources.forms import filled, workbook

FEW, ALL, SEED = 300, 1_000, 20_260  # workbooks: of every run, and of `make soak`
ODD = ("", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "NA", "x" * 40_000, "1,200", "-1",
       "1e999", "\u202e", "4.3", "yes", "Ghana", "2025-13-45", "=1+1", "|", "nan", "'")  # fmt: skip
WIDE = [
    ["party", "received", "4.3", "3.1.c", "8.2.a", "A.4", "A.6"],
    ["Ghana", "2021-12-01", "yes", "12,5 t", "goal", "text", "2021-11-30"],
    ["Peru", "2021-12-02", "no", 3, "", "more", "2021-11"],
]


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("originals")
    report = write_template(folder / "report.xlsx", cycle="2027-short", party="GHA")
    filled(report, {"3.1": "Yes", "3.1.c": 2.5}, received="2027-12-01")
    return [workbook(folder / "2021-full.xlsx", wide=WIDE), report]


def flipped(path: Path, chance: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 8)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    path.write_bytes(bytes(raw[: chance.choice([len(raw), chance.randrange(len(raw))])]))


def parts_spoilt(path: Path, chance: random.Random) -> None:
    """Swap or remove parts, or flip bytes inside one and pack it again."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    one, other = chance.sample(sorted(parts), 2)
    act = chance.randrange(3)
    if act == 0:
        parts[one], parts[other] = parts[other], parts[one]
    elif act == 1:
        del parts[one]
    else:
        content = bytearray(parts[one])
        content[chance.randrange(len(content))] = chance.choice(b'0<>"/rAZ9&')
        parts[one] = bytes(content)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, bytes(content))


def cells_spoilt(path: Path, chance: random.Random) -> None:
    rows = [list(row) for row in WIDE]
    for _ in range(chance.randint(1, 6)):
        row = chance.choice(rows)
        if chance.random() < 0.3:
            i, j = chance.sample(range(len(row)), 2)
            row[i], row[j] = row[j], row[i]
        else:
            # A cell of a workbook holds no more than 32,767 characters.
            row[chance.randrange(len(row))] = chance.choice(ODD)[:32_767]
    workbook(path, wide=rows)


@pytest.mark.slow
@pytest.mark.parametrize("cases", [FEW, pytest.param(ALL, marks=pytest.mark.soak)])
def test_no_spoilt_workbook_ends_in_a_traceback(
    originals: list[Path], tmp_path: Path, cases: int
) -> None:
    chance = random.Random(SEED)
    spoil = (flipped, parts_spoilt, cells_spoilt)
    refused = read = 0
    for case in range(cases):
        original = originals[0 if case % 3 else 1]
        path = tmp_path / original.name
        path.write_bytes(original.read_bytes())
        spoil[case % 3 if original is originals[0] else chance.randrange(2)](path, chance)
        try:
            loaded = evalkit.check(path)
        except EvalkitError as error:
            refused += bool(error.remedy)
            continue
        read += 1
        control = loaded.control
        assert control["read"] == control["taken"] + control["set_apart"], f"case {case}"
        assert len(loaded.tables.get("answers", ())) <= control["taken"], f"case {case}"
        assert control["set_apart"] == 0 or loaded.failures, f"case {case}: apart without a word"
        for failure in loaded.failures:
            assert failure.remedy, f"case {case}"
            assert len(failure.what) < 600, f"case {case}"
    assert refused + read == cases, "an error without a remedy"
    assert min(refused, read) > cases / 10
