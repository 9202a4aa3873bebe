"""Answers as arrays of Parties by cycles, one for each question: what is drawn and planted in."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.reference.consistency import Rule

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

CLOSED = ("yes_no", "choice", "multi_choice")  # types whose answer is one of the codes offered


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the form, as far as drawing an answer needs it."""

    id: str
    type: str
    codes: tuple[str, ...]
    unit: str
    supplemental: bool


@dataclass
class Cube:
    """All answers of all Parties in all cycles.

    Parameters
    ----------
    parties : array of str
        ISO3 of each Party: the rows of every array.
    cycles : DataFrame
        The tidy table, in the order of periods: the columns of every array.
    questions : dict of str to Question
        In the order of the form.
    asked : dict of str to array of bool
        For each question, in which cycles the form has it.
    reported : array of bool
        Who sent a report for which cycle.
    answer, value, text : dict of str to array
        What was answered; blank, NaN and blank where nothing was.
    """

    parties: Texts
    cycles: pd.DataFrame
    questions: dict[str, Question]
    asked: dict[str, Bools]
    reported: Bools
    answer: dict[str, Texts] = field(default_factory=dict)
    value: dict[str, Floats] = field(default_factory=dict)
    text: dict[str, Texts] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of Parties and of cycles."""
        return len(self.parties), len(self.cycles)

    def due(self, question: str) -> Bools:
        """Tell which reports have the question in their form."""
        out: Bools = self.reported & self.asked[question]
        return out

    def answered(self, question: str) -> Bools:
        """Tell which reports answer the question."""
        out: Bools = (
            (self.answer[question] != "")
            | ~np.isnan(self.value[question])
            | (self.text[question] != "")
        )
        return out

    def knows(self, rule: Rule) -> bool:
        """Tell whether the form has the questions that a rule speaks of."""
        return rule.left in self.questions

    def last(self, where: Bools) -> Bools:
        """Keep of each Party only the last cycle that is marked."""
        later = np.cumsum(where[:, ::-1], axis=1)[:, ::-1]
        out: Bools = where & (later == 1)
        return out
