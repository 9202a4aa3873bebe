"""The rows of an export that are without failure, as the tables projects and project_places."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from evalkit import tables
from evalkit.reference import names
from evalkit.sources.gef import cells
from evalkit.sources.gef.layout import AMOUNTS, FUNDS, STATUSES, TYPE_ABSENT, TYPES
from evalkit.sources.gef.themes import themed

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet

_PREFIX = re.compile(r"^Project Title:\s*")


def clean_title(printed: str) -> str:
    r"""Return a title without character entities, surplus blanks and "Project Title:".

    Examples
    --------
    >>> clean_title("Project Title: \tMercury &amp; gold\n in Peru")
    'Mercury & gold in Peru'
    """
    return _PREFIX.sub("", " ".join(html.unescape(printed).split()))


def projects(
    raw: pd.DataFrame, lines: pd.Series, sheet: Sheet, *, day: str, listing: str
) -> pd.DataFrame:
    """Return the tidy table `projects`; theme and its kin are those of the declared rules."""
    frame = pd.DataFrame(
        {
            "project": "gef-" + raw["id"],
            "facility": "gef",
            "title": _each(raw["title"], clean_title),
            "type": _each(raw["type"], lambda cell: TYPES.get(cell, TYPE_ABSENT)),
            "status": _each(raw["status"], lambda cell: STATUSES.get(cell, "")),
            "approval_year": pd.to_numeric(raw["approval_year"], errors="coerce"),
            "period": raw["period"].str.replace(" - ", "-"),
            "fund": raw["fund"].replace(FUNDS),
            "agencies": _each(raw["agencies"], _once),
            **{name: cells.amount(raw[name]) for name in AMOUNTS},
            "as_of": pd.Timestamp(day) if day else pd.NaT,
            "listing": listing,
            "source": f"gef-export-{day}",
            "basis": "reported",
            "origin": sheet.origins(lines),
        },
        index=raw.index,
    )
    twice = raw["places"].map({one: _repeats(one) for one in raw["places"].unique()})
    return tables.tidy("projects", themed(frame, names_a_place_twice=twice.astype("bool")))


def places(raw: pd.DataFrame, lines: pd.Series, sheet: Sheet, *, day: str) -> pd.DataFrame:
    """Return the tidy table `project_places`; a place named twice by a project counts once."""
    named = cells.tokens(raw)
    resolved = {token: names.resolve(token) for token in named.unique()}
    origins = sheet.origins(lines)
    frame = pd.DataFrame(
        {
            "project": "gef-" + raw["id"].reindex(named.index),
            "place": named.map({token: place.entity for token, place in resolved.items()}),
            "place_kind": named.map({token: place.kind for token, place in resolved.items()}),
            "as_printed": named,
            "source": f"gef-export-{day}",
            "basis": "reported",
            "origin": origins.reindex(named.index),
        }
    )
    return tables.tidy("project_places", frame.drop_duplicates(["project", "place"]))


def _each(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Return a column changed cell by cell; what stands there often is changed once."""
    return column.map({one: change(one) for one in column.unique()}).astype("str")


def _once(agencies: str) -> str:
    return "; ".join(dict.fromkeys(agencies.split(", ")))


def _repeats(places: str) -> bool:
    parts = [part.strip() for part in places.split(",")]
    return len(set(parts)) < len(parts)
