"""What each State answered to one question, or why there is no answer; and the counts of a group.

Who owed a report and whose report had come by the day is told by the results of the indicator
`reporting-rate`; what stands in the reports, by the table `answers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities

ANSWERED = str(Status.OK)
OPEN = "open"  # not a status of results: no list loaded tells whether the State was a Party
SILENT = (Status.NOT_ANSWERED, Status.NOT_REPORTED)  # owed an answer and gave none
WITHOUT = (*SILENT, Status.NOT_LOADED, Status.NOT_DUE)  # in the order in which they are drawn
COMPARABLE = "same"
CHOOSING = ("yes_no", "choice", "multi_choice")
COLUMNS = ("party", "answer", "value", "unit", "text", "source", "basis", "origin")


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What became of a question in another version of the reporting format.

    `relation` is that of the question map, or `unknown` where the map has no row.
    """

    question: str
    relation: str
    note: str = ""

    @property
    def comparable(self) -> bool:
        """Whether its answers may stand side by side with those of the question."""
        return self.relation == COMPARABLE


def counterpart(question_map: pd.DataFrame, question: str, of: str, to: str) -> Counterpart:
    """Return what a question of version `of` is in version `to`, whichever is the older.

    Parameters
    ----------
    question_map : DataFrame
        The table of that name.
    question : str
        Id in the version `of`.
    of, to : str
        Versions of the format.

    Returns
    -------
    Counterpart
        Comparable only where the map says `same`, or where both versions are one.
    """
    if of == to:
        return Counterpart(question, COMPARABLE)
    for here, there in (("from", "to"), ("to", "from")):
        same = (question_map[f"{here}_version"] == of) & (question_map[f"{there}_version"] == to)
        found = question_map[same & (question_map[f"{here}_question"] == question)]
        if len(found):
            row = found.iloc[0]
            others = ", ".join(name for name in found[f"{there}_question"] if name)
            return Counterpart(others, str(row["relation"]), str(row["note"]))
    return Counterpart("", "unknown")


def is_asked(question: Any, cycle: Any) -> bool:
    """Tell whether the form of a cycle asks the question.

    A short report asks those of its own. Where it is not known whether it does, the
    question is taken as asked.
    """
    return cycle.kind != "short" or question.in_short != "no"


def replies(question: Any, cycle: Any, states: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each State: its answer, or the status that says why there is none.

    Parameters
    ----------
    question, cycle : row
        A row of `questions` and one of `cycles`.
    states : DataFrame
        What `standing` gives.
    answers : DataFrame
        Rows of `answers` to the question in the cycle.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS` and `status`; sorted by party. An answer counts where the report had
        been received by the day from a State that owed it, so that counts agree with the
        reporting rate.
    """
    frame = states[["party", "status"]]
    kept = [name for name in COLUMNS if name in answers]
    frame = frame.merge(answers[kept], on="party", how="left")
    received = frame["status"] == Status.OK
    given = received & answers_given(frame)
    frame.loc[received & ~given, "status"] = str(Status.NOT_ANSWERED)
    if not is_asked(question, cycle):
        bound = ~frame["status"].isin([str(Status.NOT_PARTY), OPEN])
        frame.loc[bound & ~given, "status"] = str(Status.NOT_DUE)
    blank = [name for name in kept if name not in ("party", "value")]
    frame[blank] = frame[blank].fillna("").astype("str").where(given, "")
    frame["value"] = frame["value"].where(given)
    return frame.sort_values("party", kind="stable").reset_index(drop=True)


def answers_given(frame: pd.DataFrame) -> pd.Series:
    """Tell for each row whether it holds an answer: a choice or day, a number, or a text."""
    text = frame["text"].fillna("") != "" if "text" in frame else False
    return (frame["answer"].fillna("") != "") | frame["value"].notna() | text


def standing(rate: pd.DataFrame, parties: pd.DataFrame, cycle: Any) -> pd.DataFrame:
    """Return the status of each State in a cycle, those of unknown membership apart.

    Parameters
    ----------
    rate : DataFrame
        Results of `reporting-rate` for the cycle and the day.
    parties : DataFrame
        The table of that name.
    cycle : row
        A row of `cycles`.

    Returns
    -------
    DataFrame
        Columns party, status, basis, source. `not_loaded` is a Party whose report may have come;
        `open` is a State of which it is not known whether it was bound, which counts nowhere.
    """
    states = rate[rate["entity"].isin(entities.states())]
    frame = states[["entity", "status", "basis", "source"]].rename(columns={"entity": "party"})
    bound = parties.loc[parties["in_force_on"] <= cycle.membership_on, "iso3"]
    unknown = (frame["status"] == Status.NOT_LOADED) & ~frame["party"].isin(bound)
    return frame.assign(status=frame["status"].mask(unknown, OPEN)).reset_index(drop=True)


def in_group(rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the rows of the States of a group."""
    return rows[rows["party"].isin(entities.members(group))]


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one group for one question: what was chosen, and what is missing why.

    `n_due` is None where it can't be told, since a report may have come that is not loaded;
    it is the least where `n_open` further States may have been bound.
    """

    group: str
    chosen: dict[str, int]
    without: dict[str, int]
    n_answered: int
    n_due: int | None
    n_open: int = 0

    @property
    def parties(self) -> int:
        """How many States the counts speak of: those bound."""
        return self.n_answered + sum(self.without.values())


def counts(rows: pd.DataFrame, choices: list[str], group: str) -> Counts:
    """Count replies of a group.

    Parameters
    ----------
    rows : DataFrame
        What `replies` gives.
    choices : list of str
        Codes that may be chosen; further ones that were given are counted after them.
    group : str
        A group of States.

    Returns
    -------
    Counts
        A Party that chose several is counted under each of them and once in `n_answered`.
    """
    inside = in_group(rows, group)
    given = inside[inside["status"] == ANSWERED]
    each = given["answer"].str.split("|").explode().value_counts()
    codes = list(dict.fromkeys([*choices, *sorted(code for code in each.index if code)]))
    missing = inside["status"].value_counts()
    without = {str(status): int(missing.get(str(status), 0)) for status in WITHOUT}
    due = len(given) + sum(without[str(status)] for status in SILENT)
    return Counts(
        group,
        {code: int(each.get(code, 0)) for code in codes},
        without,
        len(given),
        None if without[str(Status.NOT_LOADED)] else due,
        int(missing.get(OPEN, 0)),
    )
