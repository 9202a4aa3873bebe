"""What the tests of several readers share."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

import evalkit
from evalkit import tables
from evalkit.errors import EvalkitError
from evalkit.sources.loaded import Loaded

PIECES = (b"null", b"1e999", b"NaN", b"[]", b"\x00", b"=1+1", b"{}")


def mutated(raw: bytes, seed: int) -> bytes:
    """The file with some bytes changed, cut out, doubled or moved, always the same for a seed."""
    chance = random.Random(seed)
    found = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found))
        length = chance.randint(1, 30)
        what = chance.choice(["change", "cut", "double", "insert", "end"])
        if what == "change":
            found[at] = chance.choice(b'"{}[],:;<>/&0na-\n\xff ')
        elif what == "cut":
            del found[at : at + length]
        elif what == "double":
            found[at:at] = found[at : at + length]
        elif what == "insert":
            found[at:at] = chance.choice(PIECES)
        else:
            del found[at:]
        found = found or bytearray(b"x")
    return bytes(found)


@pytest.fixture
def any_change(tmp_path: Path) -> Callable[[str, bytes], None]:
    """Assert of 300 changes of a file: read with counts that add up, or refused with a remedy."""

    def assert_read_or_refused(name: str, raw: bytes) -> None:
        outcomes = {"read": 0, "refused": 0}
        for seed in range(300):
            path = tmp_path / name
            path.write_bytes(mutated(raw, seed))
            loaded, error = attempt(path)
            outcomes["refused" if error else "read"] += 1
            if error:
                assert error.remedy, f"seed {seed}"
            if loaded:
                assert_consistent(loaded, f"seed {seed}")
        assert min(outcomes.values()) > 0, outcomes

    return assert_read_or_refused


def attempt(path: Path) -> tuple[Loaded | None, EvalkitError | None]:
    try:
        return evalkit.check(path), None
    except EvalkitError as error:
        return None, error


def assert_consistent(loaded: Loaded, told: str) -> None:
    read, *parts = loaded.control.values()
    assert read == sum(parts), f"{told}: {loaded.control}"
    assert all(failure.what and failure.remedy for failure in loaded.failures), told
    for table, frame in loaded.tables.items():
        tables.check(table, frame)
