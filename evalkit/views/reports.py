"""The national reports of an edition, read piece by piece as a page asks for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.reference.titles import title
from evalkit.views.replies import replies, standing

if TYPE_CHECKING:
    from evalkit.editions.store import Edition

RATE = "reporting-rate"
READ = ("cycle", "party", "answer", "value", "unit", "text", "source", "basis", "origin")
KEPT = 8  # questions whose answers stay in memory


def cycle_title(cycle: Any, language: str = "en") -> str:
    """Return what a cycle, a row of the table of them, is called."""
    return title("cycle", cycle.cycle, language, given=cycle.title)


class Reports:
    """Cycles, forms, reports received, answers and the reporting rate of an edition.

    Parameters
    ----------
    edition : Edition
        Where they are. Answers are many: those to a question, or of a Party, are read when
        they are asked for.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.read: dict[str, pd.DataFrame] = {}

    @cached_property
    def rate(self) -> pd.DataFrame:
        """Results of the reporting rate: who owed a report and whose had come, by day."""
        return self.edition.results_of(RATE)

    @cached_property
    def cycles(self) -> pd.DataFrame:
        """The table of cycles, the latest first."""
        return self.edition.table("cycles").sort_values("due_on", ascending=False, kind="stable")

    @cached_property
    def submissions(self) -> pd.DataFrame:
        """The table of reports received."""
        return self.edition.table("submissions")

    @cached_property
    def parties(self) -> pd.DataFrame:
        """The table of States: when each was bound."""
        return self.edition.table("parties")

    @cached_property
    def questions(self) -> pd.DataFrame:
        """The table of questions, all versions of the form, in the order of the form."""
        return self.edition.table("questions").sort_values("position", kind="stable")

    @cached_property
    def question_map(self) -> pd.DataFrame:
        """The table that says what became of a question in another version."""
        return self.edition.table("question_map")

    @property
    def loaded(self) -> dict[str, int]:
        """How many reports and answers are loaded."""
        held = self.edition.manifest["tables"]
        return {name: int(held[name]["rows"]) for name in ("submissions", "answers")}

    def cycle(self, name: str) -> Any:
        """Return the row of a cycle; None when there is no such cycle."""
        return next((row for row in self.cycles.itertuples() if row.cycle == name), None)

    def form(self, cycle: Any) -> pd.DataFrame:
        """Return the questions of the form that a cycle uses."""
        return self.questions[self.questions["version"] == cycle.format_version]

    def question(self, name: str, cycle: Any) -> Any:
        """Return the row of a question in the form of a cycle; None when it has none."""
        return next((row for row in self.form(cycle).itertuples() if row.question == name), None)

    def latest(self, day: str) -> str:
        """Return the latest cycle with a report by a day, else the latest due, else any."""
        past = self.cycles[self.cycles["due_on"] <= pd.Timestamp(day)]
        known = past[past["cycle"].isin(self.submissions["cycle"])]
        found = next((part for part in (known, past, self.cycles) if len(part)), self.cycles)
        return str(found["cycle"].iloc[0]) if len(found) else ""

    def standing(self, cycle: Any, day: str) -> pd.DataFrame:
        """Return how each State stood in a cycle on a day (`evalkit.views.replies.standing`)."""
        same = (self.rate["period"] == cycle.cycle) & (self.rate["as_of"] == day)
        return standing(self.rate[same], self.parties, cycle)

    def answers(self, question: str) -> pd.DataFrame:
        """Return the answers to a question in all cycles."""
        if question not in self.read:
            if len(self.read) >= KEPT:
                self.read.pop(next(iter(self.read)))
            self.read[question] = self.edition.rows("answers", READ, question=question)
        return self.read[question]

    def replies(self, question: Any, cycle: Any, day: str) -> pd.DataFrame:
        """Return what each State replied to a question (`evalkit.views.replies.replies`)."""
        answers = self.answers(question.question)
        inside = answers[answers["cycle"] == cycle.cycle].drop(columns="cycle")
        return replies(question, cycle, self.standing(cycle, day), inside)
