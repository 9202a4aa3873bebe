"""What several tests share: one edition built from the project's data, for all workers."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

import evalkit
from evalkit.editions.store import Edition


@pytest.fixture(scope="session")
def edition_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of editions with one in it, built once however many workers there are.

    Tests may read it and may not write to it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = shared / "shared-editions"
    home.mkdir(exist_ok=True)
    with (shared / "shared-editions.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "current").exists():
            evalkit.build(out=home / "current")
    return home


@pytest.fixture(scope="session")
def edition(edition_root: Path) -> Edition:
    """The edition of `edition_root`."""
    return evalkit.load(edition_root / "current")
