"""Shares of Parties by what their reports answer, with what silence could hide."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.answer_results import Counts, group_rows, party_rows
from evalkit.indicators.answer_trace import answers_behind
from evalkit.indicators.asked import Asked, absent, share_states
from evalkit.indicators.owed import owed
from evalkit.indicators.periods import asking, loaded_cycles
from evalkit.indicators.prepared import prepared
from evalkit.indicators.published_counts import from_published
from evalkit.indicators.result import Result, Tables, finish, not_loaded
from evalkit.model import Indicator, Status


def answer_share(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of Parties whose national report gives a certain answer, by cycle.

    Definition
    ----------
    Of the Parties that owed the report of a cycle (and that the question concerns), the share
    whose answer is one of `codes`. Several questions count together by `rule`: any, or all
    that concern the Party. With `if` and `if_codes` only Parties that gave that answer to
    another question are asked; `exempt` codes say that the question does not concern the Party;
    `unknown` codes that it does not know, which is no answer; `otherwise` names questions whose
    answer says no. Series: blank, of the Parties due, with bounds had all silent ones said no
    or yes; answered, of those that answered; answered-wilson, the same with the 95 % Wilson
    interval; change, the difference to the previous cycle of the same kind among those that
    answered; change-panel, among the Parties that answered in both.

    Missing data
    ------------
    Not reported, not answered and not applicable are told apart, and none is "no". A report
    counts from the day it was received. Where it is not known how many owed the report,
    the share of the Parties due is insufficient and the bounds of the others are 0 and 1. A
    short report that does not ask the question gives no period.

    References
    ----------
    Minamata Convention on Mercury, article 21; decisions MC-1/8, MC-4/8 and MC-5/13.
    """
    ready, asked = prepared(tables), Asked.of(indicator)
    everyone = ready["parties"]
    told = from_published(ready, as_of, indicator)
    if why := absent(ready, asked):
        return told or not_loaded(indicator, as_of, why, parties=everyone)
    who = owed(ready, as_of)
    found = share_states(ready, who, asked)
    periods, steps = asking(ready, who, asked.questions, found.asked)
    counts = Counts.of(who, found.state, periods, loaded_cycles(ready, who))
    frame = pd.concat(
        [party_rows(who, found, periods), *group_rows(who, found, counts)], ignore_index=True
    )
    if told is not None:
        frame = frame[~frame["period"].isin(told.frame["period"])]
        frame = pd.concat([frame, told.frame], ignore_index=True)
        steps += told.steps
    if frame.empty:
        why = "no report that asks the question was owed by the day"
        return not_loaded(indicator, as_of, why, parties=everyone, status=Status.NOT_DUE)

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        if told is not None and period in set(told.frame["period"]):
            return told.trace(series, entity, period)
        return answers_behind(ready, who, found, series, entity, period)

    return Result(indicator, finish(indicator, as_of, frame), (*found.steps, *steps), trace)
