"""Five hundred damaged exports: what is read is taken or set apart, and the sums add up."""

from __future__ import annotations

import csv
import io
import os
import random
import re
from pathlib import Path

import pytest

import evalkit
from evalkit.errors import FileRefusedError
from evalkit.sources.loaded import Loaded

HEADING = [
    "Title", "ID", "Countries", "Focal Areas", "Type", "Agencies", "GEF Grant", "Cofinancing",
    "Status", "Approval FY", "Fund Source", "GEF Period",
]  # fmt: skip
ROWS = [
    ["Mercury in Peru", "1", "Peru", "X", "Full-size Project", "UNDP", "1,000", "5",
     "Completed", "2019", "F", "GEF - 6"],
    ["Zürich mercury", "2", "Ghana, Regional", "X", "PFD", "UNEP", "20,000", "",
     "Concept Proposed", "", "F", "GEF - 7"],
    ["Wetlands", "3", "Cote d'Ivoire", "", "Enabling Activity", "UNIDO", "0", "0",
     "Project Approved", "2020", "F", "GEF - 7"],
    ["Gold", "4", "Global", "X", "Medium-size Project", "UNDP, UNEP", "", "300",
     "Cancelled", "2021", "F", "Pilot Phase"],
]  # fmt: skip


def text(rows: list[list[str]]) -> str:
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return "\n".join(quoted) + "\n"


ODD = ["-5", "1.000.000", "=1+1", "NA", "\u202e", "<b>", "€5", ""]
KINDS = ("swapped", "cut", "re-encoded", "repeated", "odd", "other order")


def damage(rows: list[list[str]], chance: random.Random) -> str:
    """Swap two cells, put an odd one in, repeat, shorten or move rows; say which."""
    row, other = chance.sample(rows, 2)
    i, j = chance.sample(range(min(len(row), len(other))), 2)
    how = chance.randrange(6)
    if how == 0:
        row[i], row[j] = row[j], row[i]
        return "swapped"
    if how == 1:
        row[i], other[i] = other[i], row[i]
        return "swapped"
    if how == 2:
        rows.append(list(row))
        return "repeated"
    if how == 3:
        row[i] = chance.choice(ODD)
        return "odd"
    if how == 4 and len(row) > 8:
        del row[i]
        return "cut"
    chance.shuffle(rows)
    return "other order"


def damaged(
    seed: int, heading: list[str], whole: list[list[str]], most: int
) -> tuple[bytes, set[str]]:
    """Return a damaged export, cut or re-encoded at times, and how; the same for a seed."""
    chance = random.Random(seed)
    rows = [list(row) for row in whole]
    kinds = {damage(rows, chance) for _ in range(chance.randint(1, most))}
    raw = text([heading, *rows])
    plain = raw.encode("utf-8")
    forms = {
        0: ("re-encoded", raw.encode("latin-1", "replace")),
        1: ("cut", plain[: chance.randrange(len(raw))]),
        2: ("re-encoded", raw.encode("utf-16")),
        3: ("re-encoded", plain.decode("latin-1").encode("utf-8")),
    }
    kind, made = forms.get(chance.randrange(8), ("", plain))
    return made, {*kinds, kind} - {""}


def outcome(path: Path) -> Loaded | None:
    try:
        return evalkit.check(path)
    except FileRefusedError as error:
        told = error.remedy
    assert told
    return None


def counted(raw: bytes, column: str) -> tuple[int, int]:
    """Count records and US$ of a column without the reader; what is no amount is nothing."""
    heading, *rows = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""))
    place = heading.index(column)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    cells = [row[place].strip() for row in rows if len(row) == len(heading)]
    amounts = [int(c.replace(",", "")) for c in cells if re.fullmatch(r"\d{1,3}(,\d{3})*|\d+", c)]
    return len(rows), sum(amounts)


def adds_up(loaded: Loaded, raw: bytes, seed: int) -> None:
    """Nothing is lost or added: counts and sums are those of the file, in two parts."""
    control, totals = loaded.control, loaded.totals
    assert control["read"] == control["taken"] + control["set_apart"], seed
    assert control["read"] == counted(raw, "Cofinancing")[0], seed
    for failure in loaded.failures:
        assert failure.reason, seed
        assert failure.remedy, seed
        assert failure.line, seed
    if not loaded.tables:
        assert control["taken"] == 0, seed
        return
    projects = loaded.tables["projects"]
    assert len(projects) == control["taken"], seed
    assert projects["project"].is_unique, seed
    for name, column in (("grant_usd", "GEF Grant"), ("cofinancing_usd", "Cofinancing")):
        parts = totals[f"{name}_taken"] + totals[f"{name}_set_apart"]
        assert totals[f"{name}_read"] == parts == counted(raw, column)[1], seed
        assert projects[name].sum() == totals[f"{name}_taken"], seed
    assert set(loaded.tables["project_places"]["project"]) <= set(projects["project"]), seed
    lines = [int(origin.rpartition(":")[2]) for origin in projects["origin"]]
    assert not {failure.line for failure in loaded.failures} & set(lines), seed


def told(loaded: Loaded | None) -> str:
    return "refused" if loaded is None else "set apart" if loaded.failures else "taken"


@pytest.mark.parametrize("first", range(0, 500, 100))
def test_a_damaged_export_is_refused_or_its_rows_are_set_apart(first: int, tmp_path: Path) -> None:
    path = tmp_path / "projects-2023-10-24.csv"
    outcomes: set[str] = set()
    kinds: set[str] = set()
    for seed in range(first, first + 100):
        raw, how = damaged(seed, HEADING, ROWS, 3)
        path.write_bytes(raw)
        kinds |= how
        loaded = outcome(path)
        outcomes.add(told(loaded))
        if loaded is not None:
            adds_up(loaded, raw, seed)
    assert outcomes == {"refused", "set apart", "taken"}
    assert kinds == set(KINDS), "the damage is of every kind"


REAL = Path(__file__).parents[2] / os.environ.get("EVALKIT_REALDATA", "../shared/data")
EXPORT = REAL / "gef" / "gef_export_2023-10-24.csv"


@pytest.mark.realdata
@pytest.mark.skipif(not EXPORT.is_file(), reason="set EVALKIT_REALDATA to the files")
@pytest.mark.parametrize("seed", range(4))
def test_the_real_export_damaged_in_many_places(seed: int, tmp_path: Path) -> None:
    heading, *rows = csv.reader(io.StringIO(EXPORT.read_text("utf-8"), newline=""))
    path = tmp_path / "projects-2023-10-24.csv"
    raw, _ = damaged(seed, heading, rows, 40)
    path.write_bytes(raw)
    if (loaded := outcome(path)) is not None:
        adds_up(loaded, raw, seed)
