"""One build at a time in a folder of editions, by a lock that the system frees with its process."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from evalkit.errors import EditionError, Reason

_held: list[IO[str]] = []


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the lock of a folder of editions.

    Raises
    ------
    EditionError
        Another build holds it.
    """
    with (home / ".lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EditionError(
                "Another build is running.",
                reason=Reason.LOCKED,
                where=str(home),
                remedy="Wait until it has ended, then build again.",
            ) from error
        _held.append(file)
        try:
            yield
        finally:
            _held.remove(file)


def let_go() -> None:
    """In a forked process: give up the parent's locks, which stay the parent's own.

    Else a parent that is killed would leave its lock with whom it forked.
    """
    for file in _held:
        file.close()
