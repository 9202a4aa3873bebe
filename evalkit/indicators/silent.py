"""Who owed a report, who sent it, and who is silent, cycle by cycle."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.membership import COUNTED, UNKNOWN, owed_by
from evalkit.indicators.result import Tables

RECEIVED, SILENT, NOT_OWED, DOUBTFUL = "received", "silent", "not_owed", "doubtful"


def reports_owed(tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return each report that was owed or received by a day, with what became of it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Needs `parties`, `completeness`, `cycles` and `submissions`.
    as_of : Timestamp
        The day. Cycles for which it is not decided yet who owes a report are left out.

    Returns
    -------
    DataFrame
        Columns cycle, party (ISO3), state and due_on, sorted: ``received``; ``silent`` where
        a Party that owed the report is not in the list; ``not_owed`` where a State reported
        without owing it; ``doubtful`` where it is not known whether a State that did not
        report owed it. A silent Party is late only after `due_on`.

    References
    ----------
    Minamata Convention on Mercury, article 21; decision MC-1/8.
    """
    frames = [
        _of_cycle(tables, cycle, as_of)
        for cycle in tables["cycles"].itertuples()
        if cycle.membership_on <= as_of
    ]
    columns = ["cycle", "party", "state", "due_on"]
    if not frames:
        return pd.DataFrame({name: [] for name in columns})
    return pd.concat(frames)[columns].sort_values(["cycle", "party"]).reset_index(drop=True)


def _of_cycle(tables: Tables, cycle: object, as_of: pd.Timestamp) -> pd.DataFrame:
    name, membership_on = cycle.cycle, cycle.membership_on  # type: ignore[attr-defined]
    standing = owed_by(tables, membership_on).frame["standing"]
    rows = tables["submissions"]
    sent = rows[(rows["cycle"] == name) & (rows["submitted_on"] <= as_of)]["party"]
    sent = pd.Index(sent[sent.isin(standing.index)])
    owed = standing.index[standing == COUNTED]
    unknown = standing.index[standing == UNKNOWN]
    states = {
        RECEIVED: owed.intersection(sent),
        SILENT: owed.difference(sent),
        NOT_OWED: sent.difference(owed),
        DOUBTFUL: unknown.difference(sent),
    }
    parts = [pd.DataFrame({"party": who, "state": state}) for state, who in states.items()]
    due_on = cycle.due_on  # type: ignore[attr-defined]
    return pd.concat(parts).assign(cycle=name, due_on=due_on)
