"""Where the project's own data lies: beside the code in a checkout, inside the wheel else."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

CACHE = "EVALKIT_CACHE"
_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def data() -> Path:
    """Return the folder that holds reference/, facts/, corrections/ and texts/."""
    inside = _PACKAGE / "_data"
    return inside if inside.is_dir() else _PACKAGE.parent / "data"


def reference(name: str) -> Path:
    """Return the path of a file in data/reference."""
    return data() / "reference" / name


def facts() -> Path:
    """Return the folder of the project's own fact tables."""
    return data() / "facts"


def incoming() -> Path:
    """Return the folder of files as they come: data/incoming in the checkout, else here."""
    checkout = data().parent
    home = checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()
    return home / "data" / "incoming"


def scratch() -> Path:
    """Return the folder of what can be made again: EVALKIT_CACHE, else among the user's caches."""
    if named := os.environ.get(CACHE):
        return Path(named).resolve()
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "evalkit"


@cache
def notebooks() -> Path:
    """Return the folder of the notebooks that come with the package."""
    inside = _PACKAGE / "_notebooks"
    return inside if inside.is_dir() else _PACKAGE.parent / "notebooks"


@cache
def dashboards() -> Path:
    """Return the folder of the dashboards that come with the package."""
    inside = _PACKAGE / "_dashboards"
    return inside if inside.is_dir() else _PACKAGE.parent / "dashboards"
