"""Which reporting cycle a title or a period speaks of, where it can only be one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from evalkit.reference.names import normal_form
from evalkit.reference.rows import rows

REMEDY = "State the cycle, or add the report and its cycle to data/reference/reports.csv."
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_KINDS = {"full", "short"}
_YEAR = re.compile(r"\b(20\d\d)\b")
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Cycle:
    id: str
    kind: str
    ordinal: str
    due: str
    period: tuple[str, str]
    starts: str


@cache
def _cycles() -> tuple[_Cycle, ...]:
    return tuple(
        _Cycle(
            row["cycle"],
            row["kind"],
            normal_form(row["title"]).split(" ")[0],
            row["due_on"][:4],
            (row["period_start"][:4], row["period_end"][:4]),
            row["period_start"],
        )
        for row in rows("cycles.csv")
    )


def known() -> tuple[str, ...]:
    """Return the ids of the reporting cycles."""
    return tuple(cycle.id for cycle in _cycles())


def first_days() -> dict[str, str]:
    """Return the first day that the reports of each cycle speak of, as 2017-08-16."""
    return {cycle.id: cycle.starts for cycle in _cycles()}


@cache
def declared() -> dict[str, str]:
    """Return the cycle of each report that data/reference/reports.csv names, in small letters."""
    return {row["report"].casefold(): row["cycle"] for row in rows("reports.csv")}


@cache
def cycle_of(text: str, *, stated: bool = False) -> str:
    """Return the one cycle that a title, a period or a cell speaks of, else nothing.

    Parameters
    ----------
    text : str
        As ``2021-full``, ``2021 full national report``, ``First full report``,
        ``Short report 2021-2022``.
    stated : bool
        Whether the text stands where a cycle is asked for. Then the year of a deadline alone
        is enough; in a title it could be the year of receipt.

    Returns
    -------
    str
        Id of the cycle; empty where none fits, where several do, or where what the text says
        of kind, ordinal and years does not agree.

    Examples
    --------
    >>> cycle_of("2021 full national report"), cycle_of("First short national report")
    ('2021-full', '2019-short')
    >>> cycle_of("National report"), cycle_of("National report 2021"), cycle_of("2021", stated=True)
    ('', '', '2021-full')
    """
    if text.strip().casefold() in declared():
        return declared()[text.strip().casefold()]
    plain = normal_form(text)
    words = set(_WORD.findall(_spelled(plain)))
    years = tuple(_YEAR.findall(plain))
    kinds = words & _KINDS
    ordinals = words & set(_ORDINALS)
    if len(kinds) > 1 or len(ordinals) > 1:
        return ""
    of_kind = [cycle for cycle in _cycles() if not kinds or cycle.kind in kinds]
    hits = {cycle.id for cycle in of_kind if years == cycle.period}
    if kinds or (stated and not words - set(years)):
        hits |= {cycle.id for cycle in of_kind if years == (cycle.due,)}
    if kinds and ordinals:
        hits |= {cycle.id for cycle in of_kind if cycle.ordinal in ordinals} or {"", "no such"}
    return hits.pop() if len(hits) == 1 else ""


def _spelled(text: str) -> str:
    for number, word in zip(("1st", "2nd", "3rd", "4th", "5th", "6th"), _ORDINALS, strict=True):
        text = re.sub(rf"\b{number}\b", word, text)
    return text
