"""How many readers this computer carries at once, from its memory and its cores.

Figures are measured by benchmarks/live.py and explained in docs/how-to/serve-to-many.md.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

MIB = 2**20
PAGE = 135 * MIB  # what the kernel of a drawn page shares with no other process
RESERVE = 1024 * MIB  # the system, the server itself, the build of the night
PAGES_A_CORE = 20  # more at the same moment would wait for minutes
LEAST = 2
POOL_SHARE = 4  # kernels that wait for a reader take at most one part in so many
_CGROUP = Path("/sys/fs/cgroup/memory.max")


def memory(cgroup: Path = _CGROUP) -> int:
    """Return the bytes of memory that this process may use: of the computer or its container."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):
        return min(total, int(cgroup.read_text(encoding="ascii")))
    return total  # `max`, or no container


def cores() -> int:
    """Return the processor cores that this process may use."""
    with suppress(AttributeError):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pages(bytes_: int, cores: int) -> int:
    """Return how many pages may be open at once.

    Parameters
    ----------
    bytes_ : int
        Memory.
    cores : int
        Processor cores.

    Returns
    -------
    int
        The fewer of what memory and cores carry, at least 2.

    Examples
    --------
    >>> [pages(gib * 2**30, cores=2) for gib in (1, 2, 4, 8)]
    [2, 7, 22, 40]
    """
    return max(LEAST, min((bytes_ - RESERVE) // PAGE, PAGES_A_CORE * cores))


def pool(bytes_: int, cores: int, dashboards: int) -> int:
    """Return how many kernels wait for a reader of each dashboard.

    One for every two cores, and never more than a quarter of the memory in all.

    Examples
    --------
    >>> [pool(gib * 2**30, cores, dashboards=8) for gib, cores in ((2, 2), (8, 2), (32, 16))]
    [0, 1, 7]
    """
    room = bytes_ // POOL_SHARE // PAGE // max(1, dashboards)
    return min(max(1, cores // 2), room)
