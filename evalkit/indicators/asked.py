"""The arguments of an indicator that is read from answers, and what its answers count as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalkit.indicators import answered as reading
from evalkit.indicators.answer_index import Positions, answer_index
from evalkit.indicators.answered import Answered
from evalkit.indicators.form import unknown_questions
from evalkit.indicators.owed import Owed
from evalkit.indicators.prepared import Prepared
from evalkit.methods import answers as states
from evalkit.model import Indicator, Step


@dataclass(frozen=True)
class Asked:
    """What an indicator asks of the reports; ids and codes as in the first form.

    Parameters
    ----------
    questions : tuple of str
        Whose answers count, together by `rule`.
    codes, exempt, unknown : frozenset of str
        Answers that count, that say "does not concern us", and "we do not know".
    gate, gate_codes : tuple of str, frozenset of str
        Only Parties that gave one of these answers there are asked.
    otherwise : tuple of str
        Questions whose answer says no where the first say nothing.
    rule, split : str
        How several questions, and the parts of one that was split, count together.
    """

    questions: tuple[str, ...]
    codes: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    gate: tuple[str, ...] = ()
    gate_codes: frozenset[str] = frozenset()
    otherwise: tuple[str, ...] = ()
    rule: str = "any"
    split: str = ""

    @classmethod
    def of(cls, indicator: Indicator) -> Asked:
        """Return the arguments of an indicator, several values of one separated by a plus."""
        given = indicator.arguments

        def several(name: str) -> tuple[str, ...]:
            return tuple(one for one in given.get(name, "").split("+") if one)

        return cls(
            several("question"),
            frozenset(several("codes")),
            frozenset(several("exempt")),
            frozenset(several("unknown")),
            several("if"),
            frozenset(several("if_codes")),
            several("otherwise"),
            given.get("rule", "any"),
            given.get("split", ""),
        )

    @property
    def all(self) -> tuple[str, ...]:
        """All questions that are read."""
        return (*self.questions, *self.gate, *self.otherwise)


def absent(tables: Prepared, asked: Asked) -> str:
    """Return why nothing can be read of the answers; blank when it can."""
    if tables["parties"].empty or tables["cycles"].empty:
        return "no reporting cycles or no Parties are loaded"
    if tables["answers"].empty:
        ids = ", ".join(asked.questions)
        return f"no answers of national reports are loaded; question {ids} would tell"
    if missing := unknown_questions(tables, asked.all):
        return f"the form as loaded has no question {', '.join(missing)}"
    return ""


def share_states(tables: Prepared, who: Owed, asked: Asked) -> Answered:
    """Return the states of an indicator's questions, its gate and its other questions applied."""
    found = reading.read(
        tables, who, asked.questions, code_mark(tables, asked), rule=asked.rule, split=asked.split
    )
    if asked.otherwise:
        other = reading.read(tables, who, asked.otherwise, given_mark(tables))
        silent = (found.state == states.SILENT) & (other.state == states.YES)
        found = _merged(found, other, np.where(silent, states.NO, found.state))
    return behind_gate(tables, who, found, asked) if asked.gate else found


def behind_gate(tables: Prepared, who: Owed, found: Answered, asked: Asked) -> Answered:
    """Return states with those Parties exempt whose answer to the gate is another."""
    wanted = Asked(asked.gate, asked.gate_codes, unknown=asked.unknown)
    gate = reading.read(tables, who, asked.gate, code_mark(tables, wanted), split=asked.split)
    closed = (gate.state == states.NO) | (gate.state == states.EXEMPT)
    said = " or ".join(sorted(asked.gate_codes))
    received = who.frame["received"].to_numpy()
    step = Step(
        f"Leave out Parties that did not answer {said} to {', '.join(asked.gate)}",
        int(received.sum()),
        int((received & ~closed).sum()),
        "the question does not concern them",
    )
    both = _merged(found, gate, np.where(closed, states.EXEMPT, found.state))
    both.steps.append(step)
    return both


def _merged(found: Answered, other: Answered, state: npt.NDArray[np.int8]) -> Answered:
    """Return new states that rest on two readings."""
    asked = {
        one: tuple(sorted({*found.asked.get(one, ()), *other.asked.get(one, ())}))
        for one in {*found.asked, *other.asked}
    }
    rows = np.union1d(found.rows, other.rows)
    steps = [*found.steps, *other.steps]
    return Answered(state, found.evidence.plus(other.evidence), rows, asked, steps)


def given_mark(tables: Prepared) -> reading.Mark:
    """Return a mark that counts whatever was answered: code, number or text."""
    given = answer_index(tables).given

    def mark(rows: Positions, choices: frozenset[str]) -> npt.NDArray[np.int8]:
        return np.where(given[rows], states.YES, states.SILENT).astype("int8")

    return mark


def code_mark(tables: Prepared, asked: Asked) -> reading.Mark:
    """Return a mark that counts answers by their codes."""
    if states.GIVEN in asked.codes:
        return given_mark(tables)
    index = answer_index(tables)

    def mark(rows: Positions, choices: frozenset[str]) -> npt.NDArray[np.int8]:
        distinct, code = np.unique(index.code[rows], return_inverse=True)
        of_each = [
            states.classify(
                index.cells[one],
                asked.codes,
                exempt=asked.exempt,
                unknown=asked.unknown,
                choices=choices,
            )
            for one in distinct
        ]
        found = np.array(of_each or [states.SILENT], dtype="int8")
        return np.asarray(found[code], dtype="int8")

    return mark
