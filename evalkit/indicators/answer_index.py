"""Where the answers to each question stand: found once, then no table is searched again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.indicators.evidence import Evidence
from evalkit.indicators.prepared import Prepared

Positions = npt.NDArray[np.int64]
NOWHERE: Positions = np.empty(0, dtype="int64")


@dataclass(frozen=True)
class AnswerIndex:
    """The answers by question, and the reports that they stand in.

    Parameters
    ----------
    rows : dict
        Positions in the table `answers` by (format_version, question).
    report_of : array of int
        For each answer, the position of its report in `reports`.
    reports : DataFrame with columns party, cycle, format_version
        One row for each report that has answers.
    ground : Evidence
        What each answer rests on.
    code : array of int
        For each answer, the place of its cell `answer` in `cells`.
    cells : sequence of str
        The different cells `answer`.
    given : array of bool
        Whether each answer holds anything: a code, a number or a text.
    """

    rows: dict[tuple[str, str], Positions]
    report_of: Positions
    reports: pd.DataFrame
    ground: Evidence
    code: Positions
    cells: Sequence[str]
    given: npt.NDArray[np.bool_]

    def of(self, version: str, question: str) -> Positions:
        """Return where the answers to a question of a form stand, none where it has none."""
        return self.rows.get((version, question), NOWHERE)


def answer_index(tables: Prepared) -> AnswerIndex:
    """Return the index of the table `answers`, made once for the tables of a build."""
    return tables.once("answer index", lambda: _index(tables["answers"]))


def _index(answers: pd.DataFrame) -> AnswerIndex:
    party, _ = pd.factorize(answers["party"])
    cycle, cycles = pd.factorize(answers["cycle"])
    # Where a report's answers name two forms, it is of the first by name: rows have no order.
    form, forms = pd.factorize(answers["format_version"], sort=True)
    made_with = (party * max(len(cycles), 1) + cycle) * max(len(forms), 1) + form
    pairs, first, pair_of = np.unique(made_with, return_index=True, return_inverse=True)
    begins = np.diff(pairs // max(len(forms), 1), prepend=-1) != 0
    columns = ["party", "cycle", "format_version"]
    reports = answers[columns].iloc[first[begins]].reset_index(drop=True)
    code, cells = pd.factorize(answers["answer"])
    given = (answers["answer"] != "") | answers["value"].notna() | (answers["text"] != "")
    return AnswerIndex(
        _by_question(answers),
        (np.cumsum(begins) - 1)[pair_of],
        reports,
        Evidence.of(answers),
        code,
        [str(cell) for cell in cells],
        given.to_numpy(dtype="bool"),
    )


def _by_question(answers: pd.DataFrame) -> dict[tuple[str, str], Positions]:
    question, questions = pd.factorize(answers["question"])
    version, versions = pd.factorize(answers["format_version"])
    code = version * max(len(questions), 1) + question
    order = np.argsort(code, kind="stable")
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    parts = np.split(order, starts[1:]) if len(order) else []
    return {
        (str(versions[code[part[0]] // len(questions)]), str(questions[question[part[0]]])): part
        for part in parts
    }
