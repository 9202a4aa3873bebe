"""Which cycles ask a question: the full reports, and short ones that have it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalkit.indicators.answer_index import NOWHERE, answer_index
from evalkit.indicators.form import first_version, question_rows
from evalkit.indicators.owed import Owed
from evalkit.indicators.prepared import Prepared
from evalkit.model import Step

Bools = npt.NDArray[np.bool_]


def asking(
    tables: Prepared, who: Owed, questions: tuple[str, ...], asked: dict[str, tuple[str, ...]]
) -> tuple[Bools, list[Step]]:
    """Return for each cycle whether its reports ask any of the questions.

    A short report asks what the form marks so, and whatever a report received by the day
    answers.

    Parameters
    ----------
    tables : Prepared
        Needs answers, questions and cycles.
    who : Owed
        The cycles.
    questions : tuple of str
        Ids in the first form.
    asked : dict
        The ids that were read in each version.

    Returns
    -------
    array of bool
        One for each of `who.cycles`.
    list of Step
        What was left out.
    """
    base = first_version(tables)
    form = question_rows(tables, base).reindex(list(questions))
    in_short = bool((form["in_short"] == "yes").any())
    answered = _answered_in(tables, who, asked)
    found, steps = [], []
    for cycle in who.cycles.itertuples():
        asks = cycle.kind == "full" or in_short or cycle.cycle in answered
        found.append(asks)
        if not asks:
            what = f"{cycle.cycle}: the short report does not ask {', '.join(questions)}"
            steps.append(Step(what, 0, 0))
    return np.array(found, dtype="bool"), steps


def _answered_in(tables: Prepared, who: Owed, asked: dict[str, tuple[str, ...]]) -> set[str]:
    index = answer_index(tables)
    reports = [
        index.report_of[index.of(version, one)] for version, ids in asked.items() for one in ids
    ]
    named = np.unique(np.concatenate(reports or [NOWHERE]))
    received = index.reports.iloc[named]
    return set(received["cycle"][who.places(received) >= 0])


def loaded_cycles(tables: Prepared, who: Owed) -> Bools:
    """Return for each cycle whether any of its answers are loaded."""
    known = set(answer_index(tables).reports["cycle"])
    return np.asarray(who.cycles["cycle"].isin(known), dtype="bool")
