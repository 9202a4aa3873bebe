"""Five hundred damaged exports: what is read is taken or set apart, and the sums add up."""

from __future__ import annotations

import random
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


def damage(rows: list[list[str]], chance: random.Random) -> None:
    """Swap two cells of a row or column, put an odd one in, repeat or shorten a row."""
    row, other = chance.sample(rows, 2)
    i, j = chance.sample(range(min(len(row), len(other))), 2)
    how = chance.randrange(6)
    if how == 0:
        row[i], row[j] = row[j], row[i]
    elif how == 1:
        row[i], other[i] = other[i], row[i]
    elif how == 2:
        rows.append(list(row))
    elif how == 3:
        row[i] = chance.choice(ODD)
    elif how == 4 and len(row) > 8:
        del row[i]
    else:
        chance.shuffle(rows)


def damaged(seed: int) -> bytes:
    """Return a damaged export, cut or re-encoded at times; the same for the same seed."""
    chance = random.Random(seed)
    rows = [list(row) for row in ROWS]
    for _ in range(chance.randint(1, 3)):
        damage(rows, chance)
    raw = text([HEADING, *rows])
    forms = {
        0: raw.encode("latin-1", "replace"),
        1: raw.encode("utf-8")[: chance.randrange(len(raw))],
        2: raw.encode("utf-16"),
        3: raw.encode("utf-8").decode("latin-1").encode("utf-8"),
    }
    return forms.get(chance.randrange(8), raw.encode("utf-8"))


def outcome(path: Path) -> Loaded | None:
    try:
        return evalkit.check(path)
    except FileRefusedError as error:
        told = error.remedy
    assert told
    return None


@pytest.mark.parametrize("first", range(0, 500, 50))
def test_a_damaged_export_is_refused_or_its_rows_are_set_apart(first: int, tmp_path: Path) -> None:
    path = tmp_path / "projects-2023-10-24.csv"
    outcomes = set()
    for seed in range(first, first + 50):
        path.write_bytes(damaged(seed))
        if (loaded := outcome(path)) is None:
            outcomes.add("refused")
            continue
        outcomes.add("set apart" if loaded.failures else "taken")
        control, totals = loaded.control, loaded.totals
        assert control["read"] == control["taken"] + control["set_apart"], seed
        for failure in loaded.failures:
            assert failure.remedy, seed
            assert failure.line, seed
        if not loaded.tables:
            assert control["taken"] == 0, seed
            continue
        projects = loaded.tables["projects"]
        assert len(projects) == control["taken"], seed
        assert projects["project"].is_unique, seed
        for name in ("grant_usd", "cofinancing_usd"):
            parts = totals[f"{name}_taken"] + totals[f"{name}_set_apart"]
            assert totals[f"{name}_read"] == parts, seed
            assert projects[name].sum() == totals[f"{name}_taken"], seed
        assert set(loaded.tables["project_places"]["project"]) <= set(projects["project"]), seed
    assert outcomes == {"refused", "set apart", "taken"}, "the damage is of every kind"
