"""Progress from a baseline to a target, beside the time that has passed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.indicators.answer_results import cells, group_ground, known
from evalkit.indicators.answer_sum import Floats, Given, amounts
from evalkit.indicators.answer_trace import answers_behind
from evalkit.indicators.asked import Asked, absent
from evalkit.indicators.evidence import Evidence
from evalkit.indicators.owed import owed
from evalkit.indicators.prepared import prepared
from evalkit.indicators.result import Result, Tables, finish, not_loaded
from evalkit.methods.answers import EXEMPT
from evalkit.methods.progress import elapsed, progress
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import groups

YEAR = pd.Timedelta(days=365.2425)
EXPECTED = "expected"


def target_progress(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Part of the way from a baseline cycle to a target that reported amounts have covered.

    Definition
    ----------
    (base - now) / (base - target), both as amounts in a year of their reporting period. `base`
    names the cycle of the baseline; `period` is a later cycle of the same kind. A group's
    progress is that of the Parties that gave an amount in both (a balanced panel), so that a
    Party that starts to report is no increase. 1 is the target, more is beyond it, below 0 is
    away from it. The series expected is the part of the time to the target's day
    (`target_on`) that has passed. It is the same in any unit, and defined for a target of zero.

    Missing data
    ------------
    No other cycle stands in for a missing baseline: without an amount in the baseline the
    status is insufficient. A baseline at the target already is not_applicable.

    References
    ----------
    Minamata Convention on Mercury, article 3, paragraph 4. COMPARISON.md, section 2.3, tells
    why other formulas depend on the unit at zero.
    """
    ready, asked = prepared(tables), Asked.of(indicator)
    everyone = ready["parties"]
    if why := absent(ready, asked):
        return not_loaded(indicator, as_of, why, parties=everyone)
    given = amounts(ready, owed(ready, as_of), asked, "kg")
    way = _Way.of(given, indicator)
    if not len(way.later):
        why = f"no report after the baseline {indicator.arguments['base']} was due by the day"
        return not_loaded(indicator, as_of, why, parties=everyone, status=Status.NOT_DUE)
    rows = pd.concat([way.parties(), way.groups(), way.expected()], ignore_index=True)

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        both = [
            answers_behind(ready, given.who, given.found, "", entity, one)
            for one in (indicator.arguments["base"], period)
        ]
        return pd.concat([part for part in both if len(part)], ignore_index=True).drop_duplicates(
            ["table", "origin"], ignore_index=True
        )

    steps = (
        *given.found.steps,
        Step("Divide each amount by the years of its reporting period", len(rows), len(rows)),
        Step(
            f"Compare with {way.base} and the target {way.target:g}",
            len(rows),
            len(rows),
            "a group counts the Parties that gave an amount in both",
        ),
    )
    return Result(indicator, finish(indicator, as_of, rows), steps, trace)


@dataclass(frozen=True)
class _Way:
    """Amounts in a year over the rows of `Owed`, and the same Party's in the baseline.

    Parameters
    ----------
    given : Given
        Amounts as reported.
    target, target_on : float, Timestamp
        What is to be reached, in kg a year, and by when.
    later : list of int
        Places of the cycles that are compared with the baseline; none where it is not due.
    base_at : int
        Place of the baseline.
    now, base : arrays of float
        Amounts in a year of each row's cycle and of the baseline.
    ground : Evidence
        What each row rests on, the baseline included.
    """

    given: Given
    target: float
    target_on: pd.Timestamp
    later: list[int]
    base_at: int
    now: Floats
    base: Floats
    ground: Evidence

    @classmethod
    def of(cls, given: Given, indicator: Indicator) -> _Way:
        """Return what there is to compare."""
        who, wanted = given.who, indicator.arguments
        cycles = who.cycles
        at = list(cycles["cycle"]).index(wanted["base"]) if _has(cycles, wanted["base"]) else 0
        due = who.frame.groupby("cycle")["is_due"].first()
        later = [
            place
            for place in range(at + 1, len(cycles))
            if _has(cycles, wanted["base"])
            and cycles["kind"].iloc[place] == cycles["kind"].iloc[at]
            and due[cycles["cycle"].iloc[place]]
        ]
        years = (cycles["period_end"] - cycles["period_start"] + pd.Timedelta(days=1)) / YEAR
        states = len(who.frame) // max(len(cycles), 1)
        now = given.amount / np.repeat(years.to_numpy(dtype="float64"), states)
        first = np.tile(np.arange(at * states, (at + 1) * states), len(cycles))
        own = given.found.evidence
        ground = own.plus(Evidence(own.codes[first], own.pool))
        target, day = float(wanted["target"]), pd.Timestamp(wanted["target_on"])
        return cls(given, target, day, later, at, now, now[first], ground)

    def parties(self) -> pd.DataFrame:
        """Return each State's own progress, or why there is none."""
        who, state = self.given.who, self.given.found.state
        value = progress(self.base, self.now, self.target)
        has, counted = ~np.isnan(self.now), who.frame["counted"].to_numpy()
        choices = [
            counted & (state == EXEMPT),
            has & (self.base == self.target),
            has,
        ]
        names = (Status.NOT_APPLICABLE, Status.NOT_APPLICABLE, Status.INSUFFICIENT)
        why = np.select(choices, [str(one) for one in names], who.silent())
        rows = pd.DataFrame(
            {
                "series": "",
                "entity": who.frame["iso3"].to_numpy(),
                "period": who.frame["cycle"].to_numpy(),
                "value": value,
                "status": np.where(np.isnan(value), why, str(Status.OK)),
                **self.ground.columns(),
            }
        )
        return rows[rows["period"].isin(self._periods())]

    def groups(self) -> pd.DataFrame:
        """Return the progress of each group's Parties that gave an amount in both cycles."""
        who = self.given.who
        panel = ~np.isnan(self.base) & ~np.isnan(self.now)
        base = who.total(np.where(panel, self.base, np.nan))
        now = who.total(np.where(panel, self.now, np.nan))
        size = who.count(panel)
        value = np.where(size > 0, progress(base, now, self.target * size), np.nan)
        nowhere = (size > 0) & (base == self.target * size)
        why = np.where(nowhere, str(Status.NOT_APPLICABLE), str(Status.INSUFFICIENT))
        better = panel & (np.abs(self.now - self.target) < np.abs(self.base - self.target))
        counted = who.frame["counted"].to_numpy()
        rows = cells(
            who,
            "",
            group_ground(who, self.ground, counted),
            value=value,
            n=pd.Series(who.count(better)).astype("Int64"),
            n_answered=pd.Series(size).astype("Int64"),
            n_due=known(who.count(counted), who.known_due),
            status=np.where(np.isnan(value), why, str(Status.OK)),
        )
        return rows[rows["period"].isin(self._periods())]

    def expected(self) -> pd.DataFrame:
        """Return the part of the time to the target that had passed at each period's end."""
        who = self.given.who
        ends = who.cycles["period_end"]
        start = ends.iloc[self.base_at].timestamp()
        passed = [
            elapsed(start, end.timestamp(), self.target_on.timestamp())
            if place in self.later
            else 0
            for place, end in enumerate(ends)
        ]
        counted = who.frame["counted"].to_numpy()
        rows = cells(
            who,
            EXPECTED,
            group_ground(who, self.ground, counted),
            value=np.repeat(passed, len(groups())),
            status=str(Status.OK),
        )
        return rows[rows["period"].isin(self._periods())]

    def _periods(self) -> list[str]:
        return list(self.given.who.cycles["cycle"].iloc[self.later])


def _has(cycles: pd.DataFrame, name: str) -> bool:
    return bool((cycles["cycle"] == name).any())
