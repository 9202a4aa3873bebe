"""Amounts that national reports give, added up with how many gave one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.indicators import answered as reading
from evalkit.indicators.answer_index import Positions, answer_index
from evalkit.indicators.answer_results import Counts, cells, group_ground, known, party_rows
from evalkit.indicators.answer_trace import answers_behind
from evalkit.indicators.answered import Answered
from evalkit.indicators.asked import Asked, absent, behind_gate
from evalkit.indicators.owed import Owed, owed
from evalkit.indicators.periods import Bools, asking, loaded_cycles
from evalkit.indicators.prepared import Prepared, prepared
from evalkit.indicators.result import Result, Tables, finish, not_loaded
from evalkit.methods import answers as states
from evalkit.model import Indicator, Status, Step

Floats = npt.NDArray[np.float64]


def answer_sum(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Sum of an amount that national reports give, by cycle.

    Definition
    ----------
    The amounts of the question, in kg, count or US$, added over the Parties that gave one; as
    reported for the whole period of the cycle. With `if` and `if_codes` only Parties that gave
    that answer to another question are asked. `n` counts the Parties with an amount above
    zero, `n_answered` those that gave an amount, `n_due` those that owed the report and that
    the question concerns. Where not all of them gave one, the sum is a lower bound.

    Missing data
    ------------
    An amount that is not given is not zero: the Party is not_answered or not_reported, and a
    group in which nobody gave one has no sum. An amount in another unit is not taken.

    References
    ----------
    Minamata Convention on Mercury, article 21; decision MC-1/8.
    """
    ready, asked = prepared(tables), Asked.of(indicator)
    everyone = ready["parties"]
    if why := absent(ready, asked):
        return not_loaded(indicator, as_of, why, parties=everyone)
    given = amounts(ready, owed(ready, as_of), asked, indicator.unit)
    who, found = given.who, given.found
    periods, steps = asking(ready, who, asked.questions, found.asked)
    frame = pd.concat([_parties(given, periods), _groups(ready, given, periods)], ignore_index=True)
    if frame.empty:
        why = "no report that asks the question was owed by the day"
        return not_loaded(indicator, as_of, why, parties=everyone, status=Status.NOT_DUE)

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        return answers_behind(ready, who, found, series, entity, period)

    return Result(indicator, finish(indicator, as_of, frame), (*found.steps, *steps), trace)


@dataclass(frozen=True)
class Given:
    """Amounts over the rows of `Owed`; NaN where none was given or none was asked."""

    who: Owed
    found: Answered
    amount: Floats


def amounts(tables: Prepared, who: Owed, asked: Asked, unit: str) -> Given:
    """Return the amounts that reports give to questions, those of one report added.

    Parameters
    ----------
    tables : Prepared
        Needs answers, questions, question_map and cycles.
    who : Owed
        Who owed which report.
    asked : Asked
        The questions and their gate.
    unit : str
        kg, count or USD; amounts in another unit are not taken.
    """
    frame = tables["answers"]
    value = frame["value"].to_numpy(dtype="float64")
    usable = ~np.isnan(value) & (frame["unit"] == unit).to_numpy()

    def mark(rows: Positions, choices: frozenset[str]) -> npt.NDArray[np.int8]:
        return np.where(usable[rows], states.YES, states.SILENT).astype("int8")

    found = reading.read(tables, who, asked.questions, mark, rule="all", split=asked.split)
    index = answer_index(tables)
    rows = found.rows[usable[found.rows]]
    left = len(found.rows) - len(rows)
    amount = np.zeros(len(who.frame))
    np.add.at(amount, who.places(index.reports)[index.report_of[rows]], value[rows])
    if left:
        why = f"no amount is given, or its unit is not {unit}"
        found.steps.append(Step("Leave out answers", len(found.rows), len(rows), why))
    if asked.gate:
        found = behind_gate(tables, who, found, asked)
    counted = who.frame["counted"].to_numpy()
    return Given(who, found, np.where(counted & (found.state == states.YES), amount, np.nan))


def _parties(given: Given, periods: Bools) -> pd.DataFrame:
    rows = party_rows(given.who, given.found, periods)
    return rows.assign(value=given.amount[rows.index])


def _groups(tables: Prepared, given: Given, periods: Bools) -> pd.DataFrame:
    who, state = given.who, given.found.state
    counts = Counts.of(who, state, periods, loaded_cycles(tables, who))
    some = counts.n_answered > 0
    told = counts.open & counts.readable & some
    total = np.where(told, who.total(given.amount), np.nan)
    whole = who.known_due & (counts.n_answered == counts.n_due)
    silent = counts.open & counts.readable & (counts.n_due > 0) & ~some
    none = np.where(silent, str(Status.NOT_ANSWERED), counts.status)
    has = counts.status != Status.NOT_LOADED
    ground = group_ground(who, given.found.evidence, who.frame["counted"].to_numpy())
    rows = cells(
        who,
        "",
        ground,
        value=total,
        low=np.where(whole, np.nan, total),
        n=known(who.count(given.amount > 0), has),
        n_answered=known(counts.n_answered, has),
        n_due=known(counts.n_due, who.known_due),
        status=np.where(told, str(Status.OK), none),
    )
    return rows[counts.shown]
