"""What several tests share: one edition built from the project's data, for all workers."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

import evalkit
from evalkit import testing
from evalkit.editions.store import Edition
from evalkit.reference import paths

# No time is asserted: these machines are noisy. The same examples everywhere.
settings.register_profile(
    "evalkit", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("evalkit")


@contextmanager
def made_once(factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, bool]]:
    """Give a folder that all workers share, and whether this one is to fill it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home, not home.exists()


@pytest.fixture(scope="session")
def edition_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of editions with one in it, built once however many workers there are.

    Tests may read it and may not write to it.
    """
    with made_once(tmp_path_factory, "shared-editions") as (home, is_mine):
        if is_mine:
            evalkit.build(out=home / "current")
    return home


@pytest.fixture(scope="session")
def edition(edition_root: Path) -> Edition:
    """The edition of `edition_root`."""
    return evalkit.load(edition_root / "current")


# --- an edition with invented national reports, for the pages that show them --------------------

REPORTED = {"2019-short": 0.8, "2021-full": 0.85, "2025-full": 0.75}  # of those that owed one
MARKUP = "<script>document.title='x'</script> <b>Amalgame dentaire</b> élémentaire"
LAST = pd.Timestamp("2026-01-31")
RICH = "GHA"  # it has reported always, answered all, and gives the texts that tests look for


def _invented_reports(reference: Path) -> dict[str, list[dict[str, object]]]:
    chance = random.Random(8)
    made: dict[str, list[dict[str, object]]] = {"submissions": [], "answers": []}
    cycles, parties = (_read(reference / f"{name}.csv") for name in ("cycles", "parties"))
    for cycle in cycles.itertuples():
        if cycle.cycle not in REPORTED:
            continue
        form = _read(reference / "questions" / f"{cycle.format_version}.csv")
        asked = form[(form["in_short"] != "no") | (cycle.kind == "full")]
        bound = (parties["in_force_on"] != "") & (parties["in_force_on"] <= cycle.membership_on)
        for party in parties.loc[bound, "iso3"]:
            if party != RICH and chance.random() > REPORTED[cycle.cycle]:
                continue
            late = 0 if party == RICH else chance.choice([-40, -5, -1, 0, 20, 90])
            came = min(pd.Timestamp(cycle.due_on) + pd.Timedelta(days=late), LAST)
            key = {"party": party, "cycle": cycle.cycle}
            made["submissions"].append({**key, "submitted_on": f"{came:%Y-%m-%d}"})
            made["answers"] += [
                {**key, "question": row.question, "format_version": row.version, **given}
                for row in asked.itertuples()
                if (given := _invented_answer(row, party, chance))
            ]
    return made


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def _invented_answer(row: Any, party: str, chance: random.Random) -> dict[str, object]:
    if row.answer_type == "heading" or (party != RICH and chance.random() < 0.1):
        return {}
    words = (
        MARKUP if party == RICH else "=cmd|' /C calc'!A0" if party == "CHE" else "Mesures prises"
    )
    if row.answer_type in ("text", "file"):
        return {"text": words}
    if row.answer_type == "number":
        unit = {"t": "kg", "kg": "kg", "USD": "USD"}.get(row.unit, "count")
        return {"value": chance.choice([0, 12, 250, 1800, 40000]), "unit": unit}
    if row.answer_type in ("date", "month"):
        return {"answer": chance.choice(["2019-06", "2021-11", "2024-02"])}
    codes = row.choices.split("|")
    picked = codes[:2] if row.answer_type == "multi_choice" else [chance.choice(codes)]
    told = words if row.answer_type == "yes_no" and picked == ["yes"] else ""
    return {"answer": "|".join(picked), "text": told}


@pytest.fixture(scope="session")
def reports_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of editions whose one edition has the real Parties and invented reports.

    Three cycles and both versions of the form; every invented row is marked as simulated.
    """
    with made_once(tmp_path_factory, "shared-reports") as (home, is_mine):
        if is_mine:
            _build_with_reports(home)
    return home / "editions"


def _build_with_reports(home: Path) -> None:
    data = home / "data"
    shutil.copytree(paths.data(), data, ignore=shutil.ignore_patterns("texts", "boundaries"))
    for name, given in _invented_reports(data / "reference").items():
        rows = pd.DataFrame(given).assign(source="invented", basis="simulated")
        rows.to_csv(data / "facts" / f"{name}.csv", index=False)
    sources = _read(data / "facts" / "sources.csv")
    invented = {"source": "invented", "publisher": "evalkit", "title": "Invented for tests"}
    sources = pd.concat([sources, pd.DataFrame([{**invented, "as_of": f"{LAST:%Y-%m-%d}"}])])
    sources.to_csv(data / "facts" / "sources.csv", index=False)
    evalkit.build(out=home / "editions" / "current", data=data)


@pytest.fixture(scope="session")
def reports_edition(reports_root: Path) -> Edition:
    """The edition of `reports_root`."""
    return evalkit.load(reports_root / "current")


@pytest.fixture(scope="session")
def small_edition(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Edition]:
    """Build an edition of the canonical small data of that name, once."""

    @cache
    def built(name: str) -> Edition:
        home = tmp_path_factory.mktemp(name)
        data = testing.write_data(home / "data", getattr(testing, name)())
        return evalkit.build(out=home / "editions" / "current", data=data)

    return built
