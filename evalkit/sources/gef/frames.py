"""The rows of an export that are without failure, as the tables projects and project_places."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit import tables
from evalkit.order import places as ranks
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
    ids = "gef-" + raw["id"]
    order = ranks(ids.to_frame(), ["id"]).argsort()  # once, and not of the whole table

    def told(what: str) -> pd.Series:
        return raw[what].take(order)

    frame = pd.DataFrame(
        {
            "project": ids.take(order),
            "facility": "gef",
            "title": _each(told("title"), clean_title),
            "type": _each(told("type"), lambda cell: TYPES.get(cell, TYPE_ABSENT)),
            "status": _each(told("status"), lambda cell: STATUSES.get(cell, "")),
            "approval_year": pd.to_numeric(told("approval_year"), errors="coerce"),
            "period": _each(told("period"), lambda cell: cell.replace(" - ", "-")),
            "fund": told("fund").replace(FUNDS),
            "agencies": _each(told("agencies"), _once),
            **{name: cells.amount(told(name)) for name in AMOUNTS},
            "as_of": pd.Timestamp(day) if day else pd.NaT,
            "listing": listing,
            "source": f"gef-export-{day}",
            "basis": "reported",
            "origin": sheet.origins(lines.take(order)),
        },
        copy=False,
    )
    twice = _each(told("places"), lambda cell: "Y" if _repeats(cell) else "") == "Y"
    return tables.tidy("projects", themed(frame, names_a_place_twice=twice))


def places(raw: pd.DataFrame, lines: pd.Series, sheet: Sheet, *, day: str) -> pd.DataFrame:
    """Return the tidy table `project_places`; a place named twice by a project counts once."""
    named = cells.tokens(raw)
    resolved = {token: names.resolve(token) for token in named.unique()}
    token = named.iloc[_first_of_each(raw["id"], named, resolved)]
    frame = pd.DataFrame(
        {
            "project": "gef-" + raw["id"].reindex(token.index),
            "place": _each(token, lambda told: resolved[told].entity),
            "place_kind": _each(token, lambda told: resolved[told].kind),
            "as_printed": token,
            "source": f"gef-export-{day}",
            "basis": "reported",
            "origin": sheet.origins(lines.reindex(token.index)),
        },
        copy=False,
    ).reset_index(drop=True)
    return tables.tidy("project_places", frame)


def _first_of_each(
    ids: pd.Series, named: pd.Series, resolved: Mapping[str, names.Place]
) -> npt.NDArray[np.int64]:
    """Return which of the names to keep, one for a project and place, in the order of the table."""
    keys = {
        "project": "gef-" + ids.reindex(named.index),
        "place": _each(named, lambda told: resolved[told].entity),
    }
    rank = ranks(pd.DataFrame(keys, copy=False), list(keys))
    return np.unique(rank, return_index=True)[1]


def _each(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Return a column changed cell by cell; what stands there often is changed once."""
    place, printed = pd.factorize(column)
    changed = pd.Series([change(one) for one in printed], dtype="str")
    return changed.take(place).set_axis(column.index)


def _once(agencies: str) -> str:
    return "; ".join(dict.fromkeys(agencies.split(", ")))


def _repeats(places: str) -> bool:
    parts = [part.strip() for part in places.split(",")]
    return len(set(parts)) < len(parts)
