"""Movements told one by one: what moved how far between two editions, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.results import measure
from evalkit.views import numbers, sentences
from evalkit.views.changes import Changes
from evalkit.views.choice import period_title, series_title

if TYPE_CHECKING:
    from evalkit.editions.store import Edition

_SHARES = ("share", "progress")


@dataclass(frozen=True)
class Movement:
    """One movement in words.

    Parameters
    ----------
    title : str
        The indicator with its series and period.
    said : str
        The value before and now.
    counts : str
        The counts before and now; blank where they are the same or not known.
    why : str
        The causes in words.
    now : Series
        The newer result.
    cells : DataFrame
        The cells of the data that differ behind it, as `Changes.rows`.
    """

    title: str
    said: str
    counts: str
    why: str
    now: pd.Series
    cells: pd.DataFrame

    def limits(self, edition: Edition, language: str = "en") -> str:
        """Return what must be known of the newer value: its basis, its bounds, its source."""
        rows = self.now.to_frame().T
        parts = [sentences.basis_note(rows, language)]
        if pd.notna(self.now["low"]) and pd.isna(self.now["high"]):
            parts.append(text("page.lower_bound", language))
        parts.append(sentences.source_note(rows, edition.table("sources"), language))
        said = " ".join(part for part in parts if part)
        return text("changes.caution", language, said=said)


def largest(changes: Changes, language: str, most: int) -> list[Movement]:
    """Return the largest movements of the world, one for each indicator, the largest first."""
    rows = _of_world(changes)
    rows = rows[(rows["kind"] == "value") & rows["moved"].notna()]
    alone = _latest(rows)
    ordered = alone.reindex(alone["moved"].abs().sort_values(ascending=False, kind="stable").index)
    return [_told(changes, row, language) for _, row in ordered.head(most).iterrows()]


def now_known(changes: Changes, language: str, most: int) -> list[Movement]:
    """Return results of the world that have a value now and had none, one for each indicator."""
    rows = _of_world(changes)
    before, after = rows["status_old"], rows["status_new"]
    rows = rows[(after == Status.OK) & (before != Status.OK) & before.notna()]
    return [_told(changes, row, language) for _, row in _latest(rows).head(most).iterrows()]


def no_longer(changes: Changes, language: str, most: int) -> list[Movement]:
    """Return results of the world that had a value and have none, one for each indicator."""
    rows = _of_world(changes)
    before, after = rows["status_old"], rows["status_new"]
    rows = rows[(before == Status.OK) & (after != Status.OK) & after.notna()]
    return [_told(changes, row, language) for _, row in _latest(rows).head(most).iterrows()]


def _of_world(changes: Changes) -> pd.DataFrame:
    return changes.values[changes.values["entity"] == entities.WORLD]


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each indicator its first series there, in the latest of its periods."""
    by = ["indicator", "series", "period"]
    ordered = rows.sort_values(by, ascending=[True, True, False], kind="stable")
    return ordered.drop_duplicates("indicator")


def _told(changes: Changes, row: pd.Series, language: str) -> Movement:
    parts = [text(f"indicator.{row['indicator']}.title", language)]
    parts += [series_title(row["series"], language)] if row["series"] else []
    parts += [period_title(row["period"], language)] if row["period"] else []
    before, after = _shown(row, "old", language), _shown(row, "new", language)
    place = entities.titles(language)[row["entity"]]
    said = text("changes.moved", language, place=place, before=before, after=after)
    by = _by(row, language)
    return Movement(
        " · ".join(parts),
        f"{said}; {by}" if by else said,
        _counts(row, language),
        _why(row, language),
        _side(row, "new"),
        changes.rows_behind(int(str(row.name))),
    )


def _side(row: pd.Series, side: str) -> pd.Series:
    """Return the result of one edition with the names that a results table has."""
    mine = {name.removesuffix(f"_{side}"): row[name] for name in row.index if name.endswith(side)}
    kept = {name: row[name] for name in ("indicator", "series", "unit")}
    return pd.Series({**mine, **kept})


def _shown(row: pd.Series, side: str, language: str) -> str:
    one = _side(row, side)
    if one["status"] != Status.OK:
        return text(f"status.{one['status']}", language)
    of = measure(row["unit"], row["series"])
    return numbers.bounded(one["value"], one["low"], one["high"], of, language)


def _by(row: pd.Series, language: str) -> str:
    """Return how far a value moved: a share in points, all else as a part of the larger one."""
    if pd.isna(row["moved"]):
        return ""
    if row["unit"] in _SHARES:
        return text("changes.by", language, by=numbers.value(row["moved"], "points", language))
    return text("changes.by.part", language, by=numbers.change(row["moved"], language))


def _counts(row: pd.Series, language: str) -> str:
    before, after = (sentences.counts(_side(row, side), language) for side in ("old", "new"))
    if before == after:
        return after
    return text("changes.counts_moved", language, before=before, after=after)


def _why(row: Any, language: str) -> str:
    causes = [text(f"changes.cause.{name}", language) for name in row["causes"].split()]
    said = text("changes.reason", language, causes="; ".join(causes))
    return said if row["traced"] else f"{said}. {text('changes.not_traced', language)}"
