"""Answers that contradict each other, a register, or an earlier report: the rules, applied.

Each function takes what a rule compares and gives the rows of the left side that are in
doubt, with the words on the other side in `compared`. Nothing here changes an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from evalkit.methods.codes import has_code, has_several
from evalkit.reference.consistency import Relation, Rule, rules

REPORT = ["party", "cycle"]


@dataclass(frozen=True)
class Reports:
    """Answers by question, and the entries of registers, as known on a day.

    Parameters
    ----------
    answers : DataFrame
        The tidy table with `order` and `item` (`with_order`, `with_item`).
    registrations : DataFrame
        The tidy table.
    cycles : DataFrame
        The tidy table, by the name of the cycle.
    """

    answers: dict[str, pd.DataFrame]
    registrations: pd.DataFrame
    cycles: pd.DataFrame

    def of(self, question: str) -> pd.DataFrame:
        """Return the answers to a question; no rows where there are none."""
        return self.answers.get(question, self.answers[""])


def contradictions(reports: Reports) -> tuple[pd.DataFrame, list[Rule]]:
    """Apply every rule of data/reference/consistency.csv.

    Parameters
    ----------
    reports : Reports
        What was answered and registered.

    Returns
    -------
    found : DataFrame with columns kind, rule, what, remedy, basis, found, compared
        Beside those of `answers`: one row for each answer in doubt and rule.
    unchecked : list of Rule
        Rules that could not be applied, since no entry of their register is loaded.
    """
    registers = set(reports.registrations["register"])
    parts, unchecked = [], []
    for rule in rules():
        if rule.relation not in _CHECKS or reports.of(rule.left).empty:
            continue
        if rule.kind == "register" and rule.right not in registers:
            unchecked.append(rule)
            continue
        rows = _CHECKS[rule.relation](rule, reports)
        if len(rows):
            said = {"kind": rule.kind, "rule": rule.rule, "what": rule.meaning}
            parts.append(rows.assign(**said, remedy=rule.remedy))
    empty = reports.answers[""].assign(kind="", rule="", what="", remedy="", compared="")
    return pd.concat([empty, *parts], ignore_index=True), unchecked


def ruled() -> set[str]:
    """Return the questions that rules speak of."""
    return {name for rule in rules() for name in (rule.left, rule.right)}


def by_question(answers: pd.DataFrame, questions: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Return the answers to some questions, one frame for each, and one without rows under ""."""
    few = answers[answers["question"].isin(set(questions))]
    found = {str(name): rows for name, rows in few.groupby("question", sort=False)}
    return found | {"": answers.head(0)}


def _asked(rule: Rule, reports: Reports) -> pd.DataFrame:
    other = reports.of(rule.right)
    other = other[(other["answer"] != "") & ~has_code(other["answer"], rule.right_is)]
    right = other[[*REPORT, "answer"]].rename(columns={"answer": "compared"})
    return reports.of(rule.left).merge(right.assign(compared=_named(rule, right)), on=REPORT)


def _named(rule: Rule, right: pd.DataFrame) -> pd.Series:
    return (f"{rule.right}: " + right["compared"]).astype("str")


def _alone(rule: Rule, reports: Reports) -> pd.DataFrame:
    rows = reports.of(rule.left)
    both = has_code(rows["answer"], rule.left_is) & has_several(rows["answer"])
    return rows[both].assign(compared="")


def _said(rule: Rule, reports: Reports) -> pd.DataFrame:
    rows = reports.of(rule.left)
    return rows[has_code(rows["answer"], rule.left_is)]


def _entries(rule: Rule, reports: Reports) -> pd.DataFrame:
    rows = reports.registrations
    return rows[rows["register"] == rule.right]


def _registered(rule: Rule, reports: Reports) -> pd.DataFrame:
    rows = _said(rule, reports)
    without = ~rows["party"].isin(_entries(rule, reports)["party"])
    return rows[without].assign(compared=f"{rule.right}: -")


def _not_registered(rule: Rule, reports: Reports) -> pd.DataFrame:
    entries = _entries(rule, reports)
    first = entries.groupby("party")["dated_on"].min()
    rows = _said(rule, reports)
    day = rows["party"].map(first)
    before = day <= rows["cycle"].map(reports.cycles["period_end"])
    told = f"{rule.right}: " + day[before].dt.strftime("%Y-%m-%d")
    return rows[before].assign(compared=told.astype("str"))


def _with_before(rule: Rule, reports: Reports) -> pd.DataFrame:
    """Return answers with the answer of the report before, where the questions are the same."""
    rows = reports.of(rule.left)
    rows = rows[rows["answer"] != ""].sort_values(["party", "order"], kind="stable")
    grouped = rows.groupby(["party", "item"], sort=False)
    return rows.assign(before=grouped["answer"].shift(), earlier=grouped["cycle"].shift())


def _told(rows: pd.DataFrame) -> pd.Series:
    return (rows["earlier"] + ": " + rows["before"]).astype("str")


def _unchanged(rule: Rule, reports: Reports) -> pd.DataFrame:
    rows = _with_before(rule, reports)
    rows = rows[rows["before"].notna() & (rows["before"] != rows["answer"])]
    return rows.assign(compared=_told(rows)).drop(columns=["before", "earlier"])


def _never_back(rule: Rule, reports: Reports) -> pd.DataFrame:
    rows = _with_before(rule, reports)
    was = has_code(rows["before"].fillna(""), rule.right_is)
    is_now = has_code(rows["answer"], rule.right_is)
    rows = rows[was & ~is_now]
    return rows.assign(compared=_told(rows)).drop(columns=["before", "earlier"])


def _closed_before(rule: Rule, reports: Reports) -> pd.DataFrame:
    mined = reports.of(rule.left)
    mined = mined[mined["value"] > 0]
    closed = reports.of(rule.right)
    closed = closed[["party", "order", "cycle", "answer"]].rename(
        columns={"order": "told", "cycle": "earlier", "answer": "closed"}
    )
    pairs = mined.merge(closed, on="party")
    starts = pairs["cycle"].map(reports.cycles["period_start"]).dt.strftime("%Y-%m")
    late = (pairs["told"] < pairs["order"]) & (pairs["closed"].str[:7] < starts)
    pairs = pairs[late & (pairs["closed"] != "")].sort_values("told", kind="stable")
    pairs = pairs.drop_duplicates([*REPORT, "question"], keep="last")
    told = (rule.right + ", " + pairs["earlier"] + ": " + pairs["closed"]).astype("str")
    return pairs.assign(compared=told).drop(columns=["told", "earlier", "closed"])


_CHECKS: dict[Relation, Callable[[Rule, Reports], pd.DataFrame]] = {
    Relation.ASKED_IF: _asked,
    Relation.ALONE: _alone,
    Relation.REGISTERED: _registered,
    Relation.NOT_REGISTERED: _not_registered,
    Relation.UNCHANGED: _unchanged,
    Relation.NEVER_BACK: _never_back,
    Relation.CLOSED_BEFORE: _closed_before,
}
