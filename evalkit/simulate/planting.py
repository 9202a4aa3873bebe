"""Planting what a check should find, and writing down where it was planted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from evalkit.methods.codes import has_code
from evalkit.reference.consistency import Relation, Rule, rules
from evalkit.simulate.cube import CLOSED, Bools, Cube
from evalkit.simulate.drawing import fill
from evalkit.sources.truth import COLUMNS

EACH = 3  # cases of each rule, where the answers have room for them
AMOUNTS, UNANSWERED = 5, 40
OUTLYING, MISTAKEN = 200.0, 1000.0  # factors


@dataclass
class Planter:
    """Plants cases into a cube; a Party gets one contradiction at most, so none hides another.

    Parameters
    ----------
    cube : Cube
        Drawn answers; changed in place.
    registered : dict of (register, party) to day
        Entries of registers that agree with the answers; changed in place.
    rng : Generator
        Decides which of the possible places are taken.
    """

    cube: Cube
    registered: dict[tuple[str, str], np.datetime64]
    rng: np.random.Generator
    truth: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.free: Bools = np.ones(len(self.cube.parties), dtype="bool")

    def contradictions(self) -> None:
        """Plant cases of every rule that the form has the questions for.

        Codes that exclude each other are none of them: readers refuse such an answer, so that
        it never stands in a table.
        """
        plants = {
            Relation.ASKED_IF: self._asked,
            Relation.REGISTERED: self._unregistered,
            Relation.NOT_REGISTERED: self._denied,
            Relation.UNCHANGED: self._changed,
            Relation.NEVER_BACK: self._gone_back,
            Relation.CLOSED_BEFORE: self._closed,
        }
        for rule in rules():
            if rule.relation in plants and self.cube.knows(rule):
                plants[rule.relation](rule)

    def _take(self, where: Bools, most: int = EACH) -> Bools:
        """Choose places of Parties that are free, one for each, and mark these as taken."""
        where = where & self.free[:, None]
        able = np.flatnonzero(where.any(axis=1))
        chosen = np.sort(self.rng.permutation(able)[:most])
        out = np.zeros_like(where)
        for party in chosen:
            out[party, self.rng.choice(np.flatnonzero(where[party]))] = True
        self.free[chosen] = False
        return out

    def _note(self, rule: Rule, where: Bools) -> None:
        self.record(rule.kind, rule.rule, rule.left, where)

    def record(self, kind: str, rule: str, question: str, where: Bools) -> None:
        """Write down that cases were planted at the places marked."""
        names = self.cube.cycles["cycle"].to_numpy()
        for party, cycle in zip(*np.nonzero(where), strict=True):
            place = (str(self.cube.parties[party]), str(names[cycle]), question)
            self.truth.append((kind, rule, *place))

    def _asked(self, rule: Rule) -> None:
        others = [one for one in rules() if rule.left in (one.left, one.right) and one != rule]
        if others:  # the answer would contradict in more than one way
            return
        parent = self.cube.answer[rule.right]
        room = self.cube.due(rule.left) & (parent != "") & ~has_code(parent, rule.right_is)
        chosen = self._take(room & ~self.cube.answered(rule.left))
        fill(self.cube, self.cube.questions[rule.left], chosen, self.rng)
        self._note(rule, chosen)

    def _said(self, rule: Rule) -> Bools:
        return has_code(self.cube.answer[rule.left], rule.left_is)

    def _parties(self, where: Bools) -> Bools:
        """Choose Parties that are free among those with a place that is marked."""
        return np.asarray(self._take(where).any(axis=1))

    def _unregistered(self, rule: Rule) -> None:
        said = self._said(rule)
        chosen = self._parties(said)
        for party in self.cube.parties[chosen]:
            del self.registered[rule.right, str(party)]
        self._note(rule, said & chosen[:, None])

    def _denied(self, rule: Rule) -> None:
        said = self._said(rule)
        never = np.array([(rule.right, str(p)) not in self.registered for p in self.cube.parties])
        chosen = self._parties(said & never[:, None])
        day = self.cube.cycles["period_start"].min().to_datetime64()
        self.registered |= {(rule.right, str(p)): day for p in self.cube.parties[chosen]}
        self._note(rule, said & chosen[:, None])

    def _changed(self, rule: Rule) -> None:
        """Turn a no of the last report into a yes: nothing else hangs on a no."""
        cells = self.cube.answer[rule.left]
        answered = self.cube.answered(rule.left)
        several = answered.sum(axis=1) > 1
        chosen = self._take(self.cube.last(answered) & (cells == "no") & several[:, None])
        cells[chosen] = "yes"
        self._note(rule, chosen)

    def _gone_back(self, rule: Rule) -> None:
        cells = self.cube.answer[rule.left]
        was = has_code(cells, rule.right_is)
        several = was.sum(axis=1) > 1
        chosen = self._take(self.cube.last(self.cube.answered(rule.left)) & was & several[:, None])
        codes = self.cube.questions[rule.left].codes
        cells[chosen] = next(code for code in codes if code not in rule.right_is)
        self._note(rule, chosen)

    def _closed(self, rule: Rule) -> None:
        """Let an earlier report say that the mines closed before the last period began."""
        mined = self.cube.value[rule.left] > 0
        last = self.cube.last(mined)
        starts = self.cube.cycles["period_start"].to_numpy()
        ends = self.cube.cycles["period_end"].to_numpy()
        begins = np.where(last.any(axis=1), starts[last.argmax(axis=1)], starts.min())
        before = mined & (ends[None, :] < begins[:, None])
        # Only one later report tells of mining, so that one case is planted and not two.
        later = mined & (starts[None, :] >= begins[:, None])
        chosen = self._take(before & (later.sum(axis=1) == 1)[:, None])
        month = ends.astype("datetime64[M]").astype("str").astype("object")
        self.cube.answer[rule.right][chosen] = np.broadcast_to(month, chosen.shape)[chosen]
        self._note(rule, last & np.any(chosen, axis=1, keepdims=True))

    def amounts(self) -> None:
        """Plant amounts far from all others, and amounts a thousand times the one before."""
        for kind, factor in (("unit", MISTAKEN), ("outlier", OUTLYING)):
            left = AMOUNTS
            for question in self._amount_questions():
                values = self.cube.value[question]
                given = ~np.isnan(values)
                chosen = self._take(self.cube.last(given) & (given.sum(axis=1) > 2)[:, None], left)
                values[chosen] = np.round(values[chosen] * factor, 1)
                self.record(kind, kind, question, chosen)
                left -= int(chosen.sum())

    def _amount_questions(self) -> list[str]:
        return [one.id for one in self.cube.questions.values() if one.type == "number"]

    def unanswered(self) -> None:
        """Take answers away from closed questions on which nothing else hangs."""
        ruled = {name for rule in rules() for name in (rule.left, rule.right)}
        names = [
            one.id
            for one in self.cube.questions.values()
            if one.type in CLOSED and not one.supplemental and one.id not in ruled
        ]
        places = [(n, p, c) for n in names for p, c in np.argwhere(self.cube.answered(n))]
        for place in self.rng.permutation(len(places))[:UNANSWERED]:
            question, party, cycle = places[place]
            self.cube.answer[question][party, cycle] = ""
            where = np.zeros(self.cube.shape, dtype="bool")
            where[party, cycle] = True
            self.record("unanswered", "unanswered", question, where)

    def listed(self) -> pd.DataFrame:
        """Return all cases as a table, sorted."""
        frame = pd.DataFrame(self.truth, columns=list(COLUMNS), dtype="str")
        return frame.sort_values(list(COLUMNS), kind="stable").reset_index(drop=True)
