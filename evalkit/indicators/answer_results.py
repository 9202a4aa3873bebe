"""Rows of results from the states of answers: Parties, groups, and changes between cycles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.indicators.answered import UNREADABLE, Answered
from evalkit.indicators.evidence import Evidence
from evalkit.indicators.owed import Bools, Ints, Owed
from evalkit.methods.answers import EXEMPT, NO, YES
from evalkit.methods.shares import bounds, share, wilson
from evalkit.model import Status
from evalkit.reference.entities import groups
from evalkit.results import ANSWERED, CHANGE, PANEL, WILSON

Floats = npt.NDArray[np.float64]

_WHY_NOT = [
    str(Status.NOT_APPLICABLE),
    str(Status.NOT_DUE),
    str(Status.NOT_LOADED),
    str(Status.NOT_ANSWERED),
    str(Status.NOT_LOADED),
    str(Status.NOT_REPORTED),
]


@dataclass(frozen=True)
class Counts:
    """The three counts of each cycle and group, and what is known of them.

    Parameters
    ----------
    n, n_answered, n_due : arrays of int
        That count, that answered, that owed an answer.
    bound : array of int
        Parties bound, also those that the question does not concern.
    readable : array of bool
        Whether each answer can be compared.
    shown, open : arrays of bool
        Whether the cycle asks the question; whether its value may be told: due, and loaded.
    status : array of str
        Why there is no value, where there is none.
    """

    n: Ints
    n_answered: Ints
    n_due: Ints
    bound: Ints
    readable: Bools
    shown: Bools
    open: Bools
    status: npt.NDArray[np.object_]

    @classmethod
    def of(cls, who: Owed, state: npt.NDArray[np.int8], asks: Bools, loaded: Bools) -> Counts:
        """Count states by cycle and group."""
        counted = who.frame["counted"].to_numpy()
        answers = counted & ((state == YES) | (state == NO))
        each = len(groups())
        due = who.frame.groupby("cycle", sort=False)["is_due"].first()
        is_due = np.repeat(due.reindex(who.cycles["cycle"]).to_numpy(dtype="bool"), each)
        has = np.repeat(loaded, each)
        n_due = who.count(counted & (state != EXEMPT))
        bound = who.count(counted)
        readable = who.count(counted & (state == UNREADABLE)) == 0
        nobody = (bound > 0) & (n_due == 0)
        n_answered = who.count(answers)
        known = [nobody, ~is_due, ~has, *_silences(who, counted, n_answered)]
        status = np.select(known, _WHY_NOT, str(Status.INSUFFICIENT))
        return cls(
            who.count(answers & (state == YES)),
            n_answered,
            n_due,
            bound,
            readable,
            np.repeat(asks, each),
            is_due & has & ~nobody,
            status.astype("object"),
        )


def _silences(who: Owed, counted: Bools, n_answered: Ints) -> list[Bools]:
    """Return where nobody answered: in reports that came, in reports not loaded, for want of any.

    A share of which nothing is known is no share of nought.
    """
    quiet = who.silent()
    silent = who.known_due & (n_answered == 0)
    came = who.count(counted & (quiet == Status.NOT_ANSWERED)) > 0
    unloaded = who.count(counted & (quiet == Status.NOT_LOADED)) > 0
    return [silent & came, silent & unloaded, silent]


def party_rows(who: Owed, found: Answered, asks: Bools) -> pd.DataFrame:
    """Return the row of each State in each cycle that asks: 1, 0, or why neither."""
    frame, state = who.frame, found.state
    counted = frame["counted"].to_numpy()
    status = who.silent()
    status[counted & (state == EXEMPT)] = str(Status.NOT_APPLICABLE)
    status[counted & (state == UNREADABLE)] = str(Status.INSUFFICIENT)
    told = counted & ((state == YES) | (state == NO))
    status[told] = str(Status.OK)
    rows = pd.DataFrame(
        {
            "series": "",
            "entity": frame["iso3"].to_numpy(),
            "period": frame["cycle"].to_numpy(),
            "value": np.where(told, np.where(state == YES, 1.0, 0.0), np.nan),
            "status": status,
            **found.evidence.columns(),
        }
    )
    return rows[np.repeat(asks, len(frame) // max(len(who.cycles), 1))]


def group_rows(who: Owed, found: Answered, counts: Counts) -> list[pd.DataFrame]:
    """Return the rows of groups in every series."""
    counted = who.frame["counted"].to_numpy()
    ground = group_ground(who, found.evidence, counted)
    parts = [_of_due(who, counts, ground)]
    parts += [_of_answered(who, counts, ground, name) for name in (ANSWERED, WILSON)]
    parts += [_changes(who, counts, ground, found), _panel(who, counts, ground, found)]
    return parts


def group_ground(who: Owed, evidence: Evidence, counted: Bools) -> Evidence:
    """Return what the counts of each cycle and group rest on: all Parties bound."""
    inside = counted[who.member_row]
    return evidence.grouped(who.member_cell[inside], who.member_row[inside], who.cells)


def cells(who: Owed, series: str, ground: Evidence, **columns: object) -> pd.DataFrame:
    """Return a row for each cycle and group."""
    return pd.DataFrame(
        {
            "series": series,
            "entity": list(groups()) * len(who.cycles),
            "period": np.repeat(who.cycles["cycle"].to_numpy(), len(groups())),
            **columns,
            **ground.columns(),
        }
    )


def known(counts: Ints, where: Bools) -> pd.Series:
    """Return counts, blank where they are not known."""
    return pd.Series(counts).astype("Int64").where(pd.Series(where))


def _of_due(who: Owed, counts: Counts, ground: Evidence) -> pd.DataFrame:
    told = counts.open & counts.readable & who.known_due & (counts.n_answered > 0)
    low, high = bounds(counts.n, counts.n_answered, counts.n_due)
    none = np.where(counts.readable, counts.status, str(Status.INSUFFICIENT))
    has = counts.readable & (counts.status != Status.NOT_LOADED)
    rows = cells(
        who,
        "",
        ground,
        value=np.where(told, share(counts.n, counts.n_due), np.nan),
        low=np.where(told, low, np.nan),
        high=np.where(told, high, np.nan),
        n=known(counts.n, has),
        n_answered=known(counts.n_answered, has),
        n_due=known(counts.n_due, who.known_due),
        status=np.where(told, str(Status.OK), none),
    )
    return rows[counts.shown]


def _of_answered(who: Owed, counts: Counts, ground: Evidence, series: str) -> pd.DataFrame:
    told = counts.readable & (counts.n_answered > 0)
    low, high = wilson(counts.n, counts.n_answered)
    if series == ANSWERED:
        low, high = owed_bounds(who, counts)
    none = np.where(counts.readable, counts.status, str(Status.INSUFFICIENT))
    rows = cells(
        who,
        series,
        ground,
        value=np.where(told, share(counts.n, counts.n_answered), np.nan),
        low=np.where(told, low, np.nan),
        high=np.where(told, high, np.nan),
        n=known(counts.n, counts.readable),
        n_answered=known(counts.n_answered, counts.readable),
        n_due=known(counts.n_due, who.known_due),
        status=np.where(told, str(Status.OK), none),
    )
    return rows[counts.shown & counts.open]


def owed_bounds(who: Owed, counts: Counts) -> tuple[Floats, Floats]:
    """Return the bounds over all that owed it; 0 and 1 where it is not known how many did."""
    low, high = bounds(counts.n, counts.n_answered, counts.n_due)
    return np.where(who.known_due, low, 0.0), np.where(who.known_due, high, 1.0)


def _earlier(who: Owed, counts: Counts) -> Ints:
    """Return for each cell that of the previous cycle of the same kind; -1 where none is open."""
    each = len(groups())
    out = np.full(who.cells, -1, dtype="int64")
    usable = np.atleast_1d((counts.open & counts.shown).reshape(-1, each).any(axis=1))
    last: dict[str, int] = {}
    for place, kind in enumerate(who.cycles["kind"]):
        before, last[kind] = last.get(kind), place
        if before is not None and usable[place] and usable[before]:
            out[place * each : (place + 1) * each] = np.arange(before * each, (before + 1) * each)
    return out


def _changes(who: Owed, counts: Counts, ground: Evidence, found: Answered) -> pd.DataFrame:
    """Return how the share of those that answered differs from the previous cycle."""
    before = _earlier(who, counts)
    has = before >= 0
    value = share(counts.n, counts.n_answered)
    low, high = owed_bounds(who, counts)
    sure = np.asarray(counts.readable & (counts.n_answered > 0))
    told = has & sure & sure[before]
    rows = cells(
        who,
        CHANGE,
        ground.plus(Evidence(ground.codes[before], ground.pool)),
        value=np.where(told, value - value[before], np.nan),
        low=np.where(told, low - high[before], np.nan),
        high=np.where(told, high - low[before], np.nan),
        n=known(counts.n, sure),
        n_answered=known(counts.n_answered, sure),
        n_due=known(counts.n_due, who.known_due),
        status=np.where(told, str(Status.OK), str(Status.INSUFFICIENT)),
    )
    return rows[has]


def _panel(who: Owed, counts: Counts, ground: Evidence, found: Answered) -> pd.DataFrame:
    """Return the change among the Parties that answered in both cycles."""
    before = _earlier(who, counts)
    has = before >= 0
    states = len(who.frame) // max(len(who.cycles), 1)
    row_before = _row_before(before, states)
    state, earlier = found.state, found.state[row_before]
    counted = who.frame["counted"].to_numpy()
    answers = np.asarray(counted & ((state == YES) | (state == NO)))
    both = answers & answers[row_before] & (row_before >= 0)
    size, now, then = (
        who.count(both),
        who.count(both & (state == YES)),
        who.count(both & (earlier == YES)),
    )
    readable = np.asarray(counts.readable)
    told = has & (size > 0) & readable & readable[before]
    rows = cells(
        who,
        PANEL,
        ground.plus(Evidence(ground.codes[before], ground.pool)),
        value=np.where(told, share(now, size) - share(then, size), np.nan),
        n=known(now, told),
        n_answered=known(size, told),
        n_due=known(counts.n_due, who.known_due),
        status=np.where(told, str(Status.OK), str(Status.INSUFFICIENT)),
    )
    return rows[has]


def _row_before(before: Ints, states: int) -> Ints:
    """Return for each row that of the same State in the previous cycle; -1 where none is."""
    each = len(groups())
    cycles = before[::each] // each if len(before) else before
    offset = np.tile(np.arange(states), len(cycles))
    start = np.repeat(np.where(before[::each] >= 0, cycles, -1), states)
    return np.where(start >= 0, start * states + offset, -1)
