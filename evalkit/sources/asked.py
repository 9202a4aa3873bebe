"""Whom and what answers speak of: Party, cycle, version of the format, question."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from evalkit import tables
from evalkit.errors import Reason
from evalkit.reference import entities
from evalkit.reference.questions import Formats, Question
from evalkit.sources.convert import Findings, convert

HINTED = 4_000  # different questions of a file among which a nearest one is looked for


class Asked:
    """Whom and what each row speaks of: Party, cycle, version, question.

    Parameters
    ----------
    raw : DataFrame
        Raw columns of text, rows numbered from 0.
    formats : Formats
        The questions and cycles that there are.
    findings : Findings
        Receives a failure for each row of which one of them is not known.
    """

    def __init__(self, raw: pd.DataFrame, formats: Formats, findings: Findings) -> None:
        self.formats = formats
        column = tables.catalogue()["answers"].column
        self.party = convert(column("party"), raw["party"], findings)
        states = entities.states()
        findings.add(
            (self.party != "") & ~self.party.isin(list(states)),
            raw["party"],
            "party",
            Reason.UNKNOWN_NAME,
            lambda cell: f"{cell!r} is no State or organisation that can report",
            "Name the Party that reports.",
        )
        self.version = self._versions(raw, findings)
        self.combo, self.asked = self._questions(raw, findings)
        self.question = self._each(lambda one: one.id)
        self.kind = self._each(lambda one: one.answer_type)
        self.unit = self._each(lambda one: one.unit)

    def _each(self, what: Callable[[Question], str]) -> pd.Series:
        told = pd.array([what(one) if one else "" for one in self.asked], dtype="str")
        return pd.Series(told.take(self.combo), dtype="str")

    def _versions(self, raw: pd.DataFrame, findings: Findings) -> pd.Series:
        """Return the version of each row: that of its cycle, with which a given one agrees."""
        cycles = self.formats.cycles
        known = raw["cycle"].isin(list(cycles))
        findings.add(
            ~known,
            raw["cycle"],
            "cycle",
            Reason.BROKEN_LINK,
            lambda cell: f"cycle is {cell!r}, which is no reporting cycle",
            lambda cell: f"Write one of: {', '.join(get_close_matches(cell, cycles) or cycles)}.",
        )
        due = raw["cycle"].map({name: one.version for name, one in cycles.items()}).fillna("")
        given = raw["format_version"]
        findings.add(
            known & (given != "") & (due != "") & (given != due),
            given + " where " + raw["cycle"] + " uses " + due,
            "format_version",
            Reason.CONTRADICTION,
            lambda cell: f"format_version is {cell}",
            "Leave it blank, or give the version that the cycle uses.",
        )
        version = due.where(due != "", given).astype("str")
        findings.add(
            known & ~version.isin(list(self.formats.questions)),
            version,
            "format_version",
            Reason.BROKEN_LINK,
            lambda cell: f"there is no list of questions of the version {cell!r}",
            f"Versions: {', '.join(self.formats.questions)}.",
        )
        return version

    def _questions(
        self, raw: pd.DataFrame, findings: Findings
    ) -> tuple[np.ndarray[Any, Any], list[Question | None]]:
        """Return which question each row answers, as numbers into a list of them."""
        told = pd.DataFrame({"c": raw["cycle"], "v": self.version, "q": raw["question"]})
        codes, firsts = numbered(told)
        rows = told.loc[firsts].itertuples(index=False)
        found = [
            (cycle, version, cell, self._found(version, cell)) for cycle, version, cell in rows
        ]
        problems = {
            number: problem
            for number, row in enumerate(found)
            if (problem := self._problem(*row, hint=number < HINTED))
        }
        wrong = raw["question"][pd.Series(codes).isin(list(problems))]
        for number, cells in wrong.groupby(codes[wrong.index]):
            everyone = pd.Series(True, index=cells.index)
            findings.add(everyone, cells, "question", *problems[int(number)])
        return codes, [one for *_, one in found]

    def _found(self, version: str, cell: str) -> Question | None:
        return self.formats.questions.get(version, {}).get(self.formats.find(version, cell))

    def _problem(
        self, cycle: str, version: str, cell: str, one: Question | None, *, hint: bool
    ) -> tuple[Reason, Callable[[str], str], str] | None:
        if version not in self.formats.questions:
            return None  # told already
        if one is None:
            near = self.formats.nearest(version, cell) if hint else ""
            return (
                Reason.BROKEN_LINK,
                lambda cell: f"{cell!r} is no question of {version}",
                f"Nearest: {near}." if near else "See data/reference/questions.",
            )
        if one.answer_type == "heading":
            return (
                Reason.NOT_ALLOWED,
                lambda cell: f"{cell} is a heading, and has no answer of its own",
                "Answer its parts.",
            )
        told = self.formats.cycles.get(cycle)
        if told and told.kind == "short" and one.in_short == "no":
            return (
                Reason.NOT_ALLOWED,
                lambda cell: f"{cell} is not asked in the short report of {cycle}",
                "Correct the cycle, or remove the answer.",
            )
        return None


def numbered(frame: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return a number for each different row of a frame, and the first row of each number."""
    codes = np.zeros(len(frame), dtype="int64")
    for name in frame:
        own, values = pd.factorize(frame[name])
        codes = pd.factorize(codes * max(len(values), 1) + own)[0]
    return codes, np.flatnonzero(~pd.Series(codes).duplicated())
