"""Which Party and which reporting cycle a filled-in form is of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from evalkit.errors import Failure, Reason, UnknownNameError
from evalkit.model import Basis
from evalkit.reference.entities import states
from evalkit.reference.names import normal_form, resolve
from evalkit.reference.rows import rows as reference_rows
from evalkit.reference.words import SIMULATED_MARK
from evalkit.sources.form_rows import Row

_PARTY = ("name of party", "reporting party", "party", "country", "partie", "pays", "parte", "pais")
_CYCLE = ("reporting cycle", "cycle")
_PERIOD = ("reporting period", "period", "periode de reference", "periodo")
FARTHEST = 200  # rows from the top in which Party and cycle are sought
_REMEDY = "Fill in {} in the head rows of the review sheet."
_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = re.compile(r"(?<!\d)20\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Head:
    """Party and cycle by their ids, empty where not found, and what is wrong."""

    party: str
    cycle: str
    failures: tuple[Failure, ...]
    basis: str = "reported"


def head_of(labelled: list[tuple[str, str]], file: str, *, simulated: bool) -> Head:
    """Return the Party and cycle that the lines at the top of a form tell.

    Parameters
    ----------
    labelled : list of (label, content)
        As `labelled` gives them, or from the fields of a form.
    file : str
        The file's name in messages.
    simulated : bool
        Whether the form says that its answers are invented.

    Returns
    -------
    Head
        A Party or cycle that is absent, not known or contradicted is empty, with a failure.
    """
    parties = {_party(told) for label, told in labelled if label in _PARTY}
    named = {_cycle(told) for label, told in labelled if label in _CYCLE}
    periods = {_of_period(told) for label, told in labelled if label in _PERIOD}
    party, wrong = _one(parties, "Party", file)
    cycle, also = _one(named or periods, "reporting cycle", file)
    if cycle and periods and periods != {""} and cycle not in periods:
        also = [_failure(Reason.CONTRADICTION, "Cycle and reporting period differ", "cycle", file)]
        cycle = ""
    basis = Basis.SIMULATED if simulated else Basis.REPORTED
    return Head(party, cycle, (*wrong, *also), str(basis))


def is_marked(texts: Iterable[str]) -> bool:
    """Tell whether a form says at its top that its answers are invented."""
    return any(text.lstrip().startswith(SIMULATED_MARK) for text in texts)


def labelled(rows: list[Row]) -> list[tuple[str, str]]:
    """Return label and content of the lines at the top that tell Party, cycle or period.

    Examples
    --------
    >>> from evalkit.sources.form_rows import Cell
    >>> labelled([Row((Cell("Party: Ghana"),), "line 1")])
    [('party', 'Ghana')]
    """
    known = {*_PARTY, *_CYCLE, *_PERIOD}
    found = []
    for row in rows[:FARTHEST]:
        texts = [cell.text.strip() for cell in row.cells if cell.text.strip()]
        if len(texts) == 1:
            label, colon, content = texts[0].partition(":")
            texts = [label, content.strip()] if colon else []
        elif len(texts) > 2:
            texts = texts[1:3]  # the number of question A.1 stands before
        if len(texts) == 2 and texts[1] and (label := normal_form(texts[0])) in known:
            found.append((label, texts[1]))
    return found


def _one(found: set[str], what: str, file: str) -> tuple[str, list[Failure]]:
    found = found - {""}
    if len(found) == 1:
        return found.pop(), []
    if found:
        told = f"The form tells more than one {what}: {', '.join(sorted(found))}"
        return "", [_failure(Reason.CONTRADICTION, told, what, file)]
    return "", [_failure(Reason.MISSING_VALUE, f"The form tells no known {what}", what, file)]


def _failure(reason: Reason, what: str, name: str, file: str) -> Failure:
    return Failure(reason, what, file, remedy=_REMEDY.format(f"the {name}"))


def _party(told: str) -> str:
    try:
        entity = resolve(told.split("\n")[0]).entity
    except UnknownNameError:
        return ""
    return entity if entity in states() else ""


def _cycle(told: str) -> str:
    for row in reference_rows("cycles.csv"):
        if normal_form(told) in (normal_form(row["cycle"]), normal_form(row["title"])):
            return row["cycle"]
    return ""


def _of_period(told: str) -> str:
    """Return the cycle whose period has the two days, or the two years, that are told."""
    days, years = _DAYS.findall(told), _YEARS.findall(told)
    for row in reference_rows("cycles.csv"):
        ends = [row["period_start"], row["period_end"]]
        if days == ends or (not days and years == [end[:4] for end in ends]):
            return row["cycle"]
    return ""
