"""Measure everything and print one table; progress goes to standard error."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from benchmarks.answers import answers
from benchmarks.commands import BenchmarkError, builds, imports, notebooks, second_start
from benchmarks.exports import exports
from benchmarks.inventories import measure as inventories
from benchmarks.live import live
from benchmarks.machine import machine
from benchmarks.pages import chromium, pages
from benchmarks.publish import folder as offline
from benchmarks.reading import measure as reading
from benchmarks.table import Measure, markdown
from benchmarks.webserver import program
from evalkit.editions.store import Edition
from evalkit.errors import EvalkitError


def _tell(what: str) -> None:
    sys.stderr.write(f"  {what}\n")
    sys.stderr.flush()


def measure() -> str:
    """Return the table, measured in a folder that is gone afterwards."""
    chromium()  # rather now than after minutes
    program()
    with tempfile.TemporaryDirectory(prefix="evalkit-benchmarks-") as name:
        folder = Path(name)
        editions = folder / "editions-0"
        _tell("import")
        found = [imports(), *builds(folder, _tell)]
        edition = Edition((editions / "current").resolve())
        found += notebooks(edition, folder, _tell)
        found.append(second_start(editions, _tell))
        found += pages(editions, _tell)
        found += offline(edition, folder, _tell)
        found += live(editions, _tell)
        found += further(folder)
    return markdown(found, machine())


def further(folder: Path) -> list[Measure]:
    """Measure what has a module of its own: answers, lists, inventories, grids."""
    found = list(answers(folder, _tell))
    _tell("reading of answers")
    found += reading()
    found += exports(_tell)
    _tell("reading of inventories")
    found += inventories()
    _tell("sums of grids")
    # Imported late: a grid's library would count in the memory of what is measured before.
    from benchmarks.zonal import zonal

    return [*found, *zonal()]


def main() -> int:
    """Print the table, or say what could not be measured."""
    # So that servers and browsers are ended in order when somebody stops the benchmarks.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.stdout.write(measure() + "\n")
    except (BenchmarkError, EvalkitError) as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
