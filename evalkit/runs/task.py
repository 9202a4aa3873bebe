"""One notebook to run, as its process needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Task:
    """One notebook to run: all that its process needs to know."""

    name: str
    notebook: Path
    output: Path
    parameters: dict[str, str]
    editions: Path
    key: str
