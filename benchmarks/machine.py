"""The computer that is measured on, in one line."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

import psutil

PACKAGES = ("pandas", "plotly", "voila")


def machine() -> str:
    """Return cores, memory, system, Python, and the packages that decide most of the times."""
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured on {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB of memory, "
        f"{platform.system()}, Python {platform.python_version()}, {packages}, "
        f"evalkit {version('evalkit')}."
    )
