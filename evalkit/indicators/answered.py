"""What each Party's report answers to a question, whatever version of the form it was made with.

A question is named by its id in the first form and followed through `question_map`: the same
question stands for itself; a question that was split is read from its parts by the rule of the
indicator, or not at all where it has none; a question that was merged is read only where the
indicator asks for all that were merged into it; one that was dropped concerns nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.indicators.answer_index import Positions, answer_index
from evalkit.indicators.evidence import NOTHING, Evidence
from evalkit.indicators.form import (
    DROPPED,
    MERGED,
    SAME,
    SPLIT,
    Reading,
    first_version,
    merged_from,
    question_rows,
    read_in,
)
from evalkit.indicators.owed import Owed
from evalkit.indicators.prepared import Prepared
from evalkit.methods import answers as states
from evalkit.model import Basis, Step

UNREADABLE = np.int8(4)  # the form asks in another way, which can't be compared
Mark = Callable[[Positions, frozenset[str]], npt.NDArray[np.int8]]


@dataclass
class Answered:
    """The states of some questions over the rows of `Owed`, and what they rest on.

    Parameters
    ----------
    state : array of int8
        One of `evalkit.methods.answers`, or UNREADABLE.
    evidence : Evidence
        Dates, reports, answers and the questions' own rows.
    rows : array of int
        Positions in `answers` that were taken.
    asked : dict
        For each version of the form, the ids that were read there.
    steps : list of Step
        What was done.
    """

    state: npt.NDArray[np.int8]
    evidence: Evidence
    rows: Positions
    asked: dict[str, tuple[str, ...]]
    steps: list[Step] = field(default_factory=list)


def read(
    tables: Prepared,
    owed: Owed,
    questions: tuple[str, ...],
    mark: Mark,
    *,
    rule: str = "any",
    split: str = "",
) -> Answered:
    """Return the states of questions taken together.

    Parameters
    ----------
    tables : Prepared
        Needs answers, questions, question_map, cycles.
    owed : Owed
        Who owed which report.
    questions : tuple of str
        Ids in the first form.
    mark : callable
        Gives the states of answers at positions, from the choices that the question offers.
    rule : str
        How several questions count together: any or all.
    split : str
        How the parts of a question that was split count together; blank: they do not.

    Returns
    -------
    Answered
    """
    reader = _Reader(tables, owed, mark, split)
    found = [reader.states_of(one, questions) for one in questions]
    unreadable = np.any([one == UNREADABLE for one in found], axis=0)
    kept = [np.where(one == UNREADABLE, states.SILENT, one) for one in found]
    state = np.where(unreadable, UNREADABLE, states.combine(kept, rule))
    rows = np.concatenate(reader.rows) if reader.rows else np.empty(0, dtype="int64")
    evidence = reader.evidence(np.unique(rows))
    asked = {version: tuple(sorted(ids)) for version, ids in reader.asked.items()}
    return Answered(state, evidence, np.unique(rows), asked, reader.steps(questions))


class _Reader:
    """Reads one indicator's questions in each version of the form."""

    def __init__(self, tables: Prepared, owed: Owed, mark: Mark, split: str) -> None:
        self.tables, self.owed, self.mark, self.split = tables, owed, mark, split
        self.index = answer_index(tables)
        self.place_of = owed.places(self.index.reports)
        self.base = first_version(tables)
        self.versions = [str(one) for one in owed.frame["version"].unique()]
        self.rows: list[Positions] = []
        self.asked: dict[str, set[str]] = {}
        self.told: list[Step] = []
        self.outside = self.seen = 0

    def states_of(self, question: str, together: tuple[str, ...]) -> npt.NDArray[np.int8]:
        """Return the states of one question of the first form over all reports."""
        state = np.full(len(self.owed.frame), states.SILENT, dtype="int8")
        form = self.owed.frame["version"].to_numpy()
        for version in self.versions:
            reading = read_in(self.tables, question, self.base, version)
            here = form == version
            state[here] = self._in_version(reading, version, set(together))[here]
            self._tell(question, reading, version)
        return state

    def _in_version(
        self, reading: Reading, version: str, together: set[str]
    ) -> npt.NDArray[np.int8]:
        if reading.relation == DROPPED:
            return np.full(len(self.owed.frame), states.EXEMPT, dtype="int8")
        merged = reading.relation == MERGED
        unclear = merged and not merged_from(self.tables, reading) <= together
        if not reading.questions or unclear or (reading.relation == SPLIT and not self.split):
            return np.full(len(self.owed.frame), UNREADABLE, dtype="int8")
        version = version or self.base
        parts = [self._part(version, one) for one in reading.questions]
        self.asked.setdefault(version, set()).update(reading.questions)
        return states.combine(parts, self.split or "any") if len(parts) > 1 else parts[0]

    def _part(self, version: str, question: str) -> npt.NDArray[np.int8]:
        rows = self.index.of(version, question)
        place = self.place_of[self.index.report_of[rows]]
        taken = rows[place >= 0]
        form = question_rows(self.tables, version)
        offered = str(form["choices"].get(question, "")) if len(form) else ""
        choices = frozenset(one for one in offered.split("|") if one)
        marked = self.mark(taken, choices)
        state = np.full(len(self.owed.frame), states.SILENT, dtype="int8")
        state[place[place >= 0]] = marked
        self.rows.append(taken)
        self.seen += len(rows)
        return state

    def _tell(self, question: str, reading: Reading, version: str) -> None:
        if reading.relation == SAME and version in (self.base, ""):
            return
        there = ", ".join(reading.questions) or "no question"
        what = f"Read question {question} of the form {self.base} in {version}: {there}"
        self.told.append(Step(what, 1, len(reading.questions), reading.relation))

    def evidence(self, rows: Positions) -> Evidence:
        """Return what each report's state rests on: its own rows, and those of the form."""
        size = len(self.owed.frame)
        place = self.place_of[self.index.report_of[rows]]
        answered = Evidence(self.index.ground.codes[rows], self.index.ground.pool).at(size, place)
        return self.owed.evidence.plus(answered).plus(self._of_forms())

    def _of_forms(self) -> Evidence:
        """Return for each report what its version's questions and the map rest on."""
        parts = []
        for version in self.versions:
            named = self.asked.get(version or self.base, set())
            rows = form_rows(self.tables, version or self.base, tuple(sorted(named)))
            parts.append(rows[["basis", "source"]])
        if not parts:
            return Evidence(np.zeros(len(self.owed.frame), dtype="int64"), [NOTHING])
        row = pd.concat(parts, ignore_index=True)
        cell = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        by_version = Evidence.of(row).grouped(cell, np.arange(len(row)), len(parts))
        order = {version: i for i, version in enumerate(self.versions)}
        place = self.owed.frame["version"].map(order).to_numpy(dtype="int64")
        return Evidence(by_version.codes[place], by_version.pool)

    def steps(self, questions: tuple[str, ...]) -> list[Step]:
        """Return what was done, and what is doubtful."""
        taken = sum(map(len, self.rows))
        ids = ", ".join(questions)
        what = f"Take the answers to {ids} in reports owed and received by the day"
        steps = [Step(what, self.seen, taken), *self.told]
        rows = question_rows(self.tables, self.base).reindex(list(questions))
        memory = rows[(rows["standing"] == Basis.MEMORY) | (rows["basis"] == Basis.MEMORY)]
        if len(memory):
            why = "known from memory, not read in the adopted format"
            steps.append(Step(f"Rely on the question as listed: {ids}", len(rows), len(rows), why))
        return steps


def form_rows(tables: Prepared, version: str, questions: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of `questions` and of `question_map` that tell of ids in a version."""
    form = question_rows(tables, version)
    asked = form[form.index.isin(questions)]
    rows = tables["question_map"]
    mapped = rows[(rows["to_version"] == version) & rows["to_question"].isin(questions)]
    if version == first_version(tables) or mapped.empty:
        return asked
    return pd.concat([asked, mapped], ignore_index=True)
