"""Invented Parties, cycles and questions of any number: what benchmarks simulate reports on."""

from __future__ import annotations

import pandas as pd

from evalkit import tables as tidy
from evalkit.model import Basis
from evalkit.reference.rows import rows
from evalkit.simulate.reports import SOURCE

VERSION = "invented"
_GROUPS = ("iso3", "name", "kind", "region", "ldc", "sids", "development")
_TYPES = ("yes_no", "choice", "multi_choice", "number", "text", "date")
_CHOICES = {"yes_no": "yes|no", "choice": "yes|no|unknown", "multi_choice": "a|b|c|d"}


def scale(parties: int, cycles: int, questions: int) -> dict[str, pd.DataFrame]:
    """Return so many Parties, bound from the first day; full reports; questions of all types.

    Parameters
    ----------
    parties, cycles, questions : int
        How many. There are 195 States and organisations at most, since their codes are real.

    Returns
    -------
    dict of str to DataFrame
        The tidy tables parties, cycles, questions; every row is simulated.

    Examples
    --------
    >>> made = scale(3, 2, 12)
    >>> [len(made[name]) for name in ("parties", "cycles", "questions")]
    [3, 2, 12]
    """
    made = {
        "parties": _parties(parties),
        "cycles": pd.DataFrame([_cycle(2020 + 2 * place) for place in range(cycles)]),
        "questions": pd.DataFrame([_question(place) for place in range(1, questions + 1)]),
    }
    return {name: _tidy(name, frame) for name, frame in made.items()}


def _parties(count: int) -> pd.DataFrame:
    listed = rows("parties.csv")[:count]
    frame = pd.DataFrame([{name: row[name] for name in _GROUPS} for row in listed])
    return frame.assign(in_force_on="2017-08-16", deposited_on="2017-05-18")


def _cycle(year: int) -> dict[str, str]:
    bases = {f"{name}_basis": "derived" for name in ("period", "due", "membership")}
    days = {
        "period_start": f"{year - 2}-01-01",
        "period_end": f"{year - 1}-12-31",
        "membership_on": f"{year - 1}-12-31",
        "due_on": f"{year}-12-31",
    }
    told = {"cycle": f"{year}-full", "title": "Invented reports", "kind": "full"}
    return told | days | bases | {"format_version": VERSION}


def _question(place: int) -> dict[str, object]:
    kind = _TYPES[place % len(_TYPES)]
    told = {"question": f"Q{place:03d}", "title": "Invented question", "answer_type": kind}
    same = {"part": "B", "in_short": "yes", "supplemental": "N", "standing": "verified"}
    unit = "t" if kind == "number" else ""
    return told | same | {
        "version": VERSION, "position": place, "choices": _CHOICES.get(kind, ""), "unit": unit
    }  # fmt: skip


def _tidy(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    common = {"source": SOURCE, "basis": str(Basis.SIMULATED), "origin": f"{name}:1"}
    return tidy.check(name, tidy.tidy(name, frame.assign(**common)))
