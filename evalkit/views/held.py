"""What an edition holds and what it does not, in words that follow from its own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.reference.texts import text
from evalkit.views import numbers

if TYPE_CHECKING:
    from evalkit.editions.store import Edition

TABLES = ("submissions", "answers")
REGISTERS = ("asgm_notification", "action_plan")
COUNTED = ("parties", "submissions", "answers", "projects", "emissions", "published",
           "registrations", "events", "population", "gold_produced")  # fmt: skip


def rows_held(edition: Edition, table: str) -> int:
    """Return how many rows of a table an edition holds; 0 for a table that it does not have."""
    return int(edition.manifest["tables"].get(table, {}).get("rows", 0))


def notice(edition: Edition, language: str = "en") -> str:
    """Return what the data of an edition are: real or invented, and up to when."""
    key = "held.notice_simulated" if edition.simulated else "page.notice"
    told = [text(key, language, day=numbers.day(edition.as_of, language))]
    if not rows_held(edition, "submissions"):
        told.append(text("held.no_reports", language))
    return " ".join(told)


def absent(edition: Edition, language: str = "en") -> str:
    """Return which of the data that readers ask for are not loaded."""
    missing = [name for name in TABLES if not rows_held(edition, name)]
    entered: set[str] = set()
    if rows_held(edition, "registrations"):
        entered = set(edition.rows("registrations", ["register"])["register"])
    missing += [name for name in REGISTERS if name not in entered]
    missing += [] if rows_held(edition, "observations") else ["monitoring"]
    if not missing:
        return text("held.nothing_absent", language)
    what = ", ".join(text(f"held.{name}", language) for name in missing)
    return text("held.absent", language, what=what)
