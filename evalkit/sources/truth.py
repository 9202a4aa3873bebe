"""The list of planted cases beside simulated reports: known, and no data of an edition."""

from __future__ import annotations

from evalkit.sources.files import Sheet
from evalkit.sources.loaded import Loaded

COLUMNS = ("kind", "rule", "party", "cycle", "question")


def recognise(sheet: Sheet) -> bool:
    """Tell by its heading whether a sheet is such a list."""
    return sheet.heading == COLUMNS


def read(sheet: Sheet) -> Loaded:
    """Return that the file is known and holds no table."""
    return Loaded("simulated-truth", sheet.shown, {}, (), {"read": 0, "taken": 0, "set_apart": 0})
