"""The record of a run: what became of each notebook, the failed ones first."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

RECORD = "record.json"

State = Literal["executed", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one notebook.

    Parameters
    ----------
    notebook : str
        Its name.
    state : str
        executed, unchanged (nothing it depends on changed, so it was not run) or failed.
    key : str
        Fingerprint of notebook, parameters, edition and package.
    output : str
        File name of the executed notebook; a failed one is kept as far as it got, if it did.
    seconds : float
        Time it took.
    cell : int or None
        Number of the cell that failed, counted from 1.
    error : str
        What the failed cell said.
    """

    notebook: str
    state: State
    key: str
    output: str
    seconds: float = 0.0
    cell: int | None = None
    error: str = ""

    def __str__(self) -> str:
        if self.state == "failed":
            where = f"in cell {self.cell}" if self.cell else "before its first cell"
            return f"{self.notebook}: failed {where}: {self.error}"
        time = f" in {self.seconds:.1f} s" if self.state == "executed" else ""
        return f"{self.notebook}: {self.state}{time}"


@dataclass(frozen=True, slots=True)
class Record:
    """All entries of a run and the folder of its outputs."""

    folder: Path
    entries: tuple[Entry, ...]

    @property
    def succeeded(self) -> bool:
        """Whether no notebook failed."""
        return all(entry.state != "failed" for entry in self.entries)

    def write(self) -> None:
        """Write the record beside the outputs, in one step, the failed entries first."""
        order = sorted(self.entries, key=lambda entry: (entry.state != "failed", entry.notebook))
        fresh = self.folder / f".{RECORD}"
        text = json.dumps([asdict(entry) for entry in order], indent=1, ensure_ascii=False)
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(self.folder / RECORD)


def earlier(folder: Path) -> dict[str, Entry]:
    """Return the entries of the last run into a folder, by key; empty when there is none."""
    path = folder / RECORD
    if not path.is_file():
        return {}
    entries = (Entry(**fields) for fields in json.loads(path.read_text(encoding="utf-8")))
    return {
        entry.key: entry
        for entry in entries
        if entry.state != "failed" and (folder / entry.output).is_file()
    }
