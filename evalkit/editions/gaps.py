"""What is not there: reports that are silent or late, questions without an answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.indicators.mapped import CATEGORY, spelled_out
from evalkit.methods.codes import has_code
from evalkit.model import Status
from evalkit.reference.consistency import conditions
from evalkit.reference.entities import WORLD, states

CLOSED = ("yes_no", "choice", "multi_choice")  # types whose answer is one of the codes offered
REPORT = ["party", "cycle"]
_MAPPINGS = ("annex_d", "sectors")


def silent(rates: pd.DataFrame) -> pd.DataFrame:
    """Return the Parties that owed a report and had sent none.

    Parameters
    ----------
    rates : DataFrame
        Results of the indicator reporting-rate of one day.

    Returns
    -------
    DataFrame with columns party, cycle
        Only of cycles that are due and of which reports are loaded.
    """
    rows = rates[(rates["status"] == Status.NOT_REPORTED) & rates["entity"].isin(states())]
    return rows[["entity", "period"]].set_axis(REPORT, axis=1)


def late(received: pd.DataFrame, cycles: pd.DataFrame) -> pd.DataFrame:
    """Return the reports received after the deadline of their cycle."""
    due = received["cycle"].map(cycles.set_index("cycle")["due_on"])
    after = received["submitted_on"] > due
    return received[after].assign(due_on=due[after])


def by_cycle(
    rates: pd.DataFrame, received: pd.DataFrame, tables: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return for each cycle how many owed a report, sent one, sent it late, are silent.

    Returns
    -------
    DataFrame with columns cycle, due_on, owed, received, late, silent, status
        Counts are missing where they are not known. The status is that of the world's rate.
    """
    world = rates[rates["entity"] == WORLD].set_index("period")
    loaded = set(received["cycle"])
    after = late(received, tables["cycles"]).groupby("cycle").size()
    quiet = silent(rates).groupby("cycle").size()
    rows = tables["cycles"][["cycle", "due_on"]].sort_values(["due_on", "cycle"])
    names = rows["cycle"]
    known = names.isin(loaded)
    counts = received.groupby("cycle").size()
    columns = {"received": counts, "late": after, "silent": quiet}
    made = {name: names.map(found).fillna(0).where(known) for name, found in columns.items()}
    rows = rows.assign(owed=names.map(world["n_due"]), **made, status=names.map(world["status"]))
    due = rows["status"] != Status.NOT_DUE
    rows["silent"] = rows["silent"].where(due)
    whole = {name: rows[name].astype("Int64") for name in ("owed", *columns)}
    return rows.assign(**whole).reset_index(drop=True)


def unanswered(
    answers: pd.DataFrame, questions: pd.DataFrame, cycles: pd.DataFrame
) -> pd.DataFrame:
    """Return the closed questions that a report should answer and does not.

    Definition
    ----------
    A closed question has codes to choose from. It is expected in a report whose form has it
    (in the short form only where that is known), unless it is supplemental or hangs on another
    answer that the report does not give. Numbers, dates and texts are asked for "if
    available", so that their absence is no gap.

    Parameters
    ----------
    answers, questions, cycles : DataFrame
        The tidy tables. Reports of which no answer is loaded are passed over.

    Returns
    -------
    DataFrame with columns party, cycle, question
        In the order of reports and of the form.
    """
    codes, first = _reports(answers)
    known = answers[[*REPORT, "format_version"]].iloc[first].reset_index(drop=True)
    known = known.rename(columns={"format_version": "version"})
    known["short"] = (known["cycle"].map(cycles.set_index("cycle")["kind"]) == "short").to_numpy()
    closed = questions[
        questions["answer_type"].isin(CLOSED) & (questions["supplemental"] != "Y")
    ].sort_values(["position", "version"], kind="stable")
    names = pd.Index(closed["question"].unique())
    given = np.zeros((len(known), len(names)), dtype="bool")
    columns = names.get_indexer(answers["question"])
    inside = columns >= 0
    given[codes[inside], columns[inside]] = True
    gaps = _expected(known, closed, names) & ~given
    for column, name in enumerate(names):
        if gaps[:, column].any():
            gaps[:, column] &= _open(str(name), answers, codes, len(known))
    rows, columns = np.nonzero(gaps)
    return known.loc[rows, REPORT].assign(question=names[columns]).reset_index(drop=True)


def _reports(answers: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the report of each answer, and the first answer of each report."""
    party, _ = pd.factorize(answers["party"])
    cycle, cycles = pd.factorize(answers["cycle"])
    _, first, codes = np.unique(
        party * np.int64(len(cycles)) + cycle, return_index=True, return_inverse=True
    )
    return codes, first


def _expected(known: pd.DataFrame, closed: pd.DataFrame, names: pd.Index) -> np.ndarray:
    out = np.zeros((len(known), len(names)), dtype="bool")
    for version, rows in closed.groupby("version", sort=False):
        ours = (known["version"] == version).to_numpy()
        for short in (True, False):
            form = rows[rows["in_short"] == "yes"] if short else rows
            reports = ours & (known["short"].to_numpy() == short)
            out |= reports[:, None] & names.isin(form["question"])[None, :]
    return out


def _open(question: str, answers: pd.DataFrame, codes: np.ndarray, count: int) -> np.ndarray:
    """Tell in which reports the answers, on which a question hangs, ask for it."""
    out = np.ones(count, dtype="bool")
    for rule in conditions(question):
        right = (answers["question"] == rule.right).to_numpy()
        holds = has_code(answers["answer"].to_numpy()[right], rule.right_is)
        met = np.zeros(count, dtype="bool")
        met[codes[right][holds]] = True
        out &= met
    return out


def unmapped(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the categories of inventories that are not mapped, each with its first row.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Has emissions, annex_d and sectors.

    Returns
    -------
    DataFrame with columns found, compared, cell, basis, origin
        Category and scheme of each category that is no total and lacks a row in annex_d or
        in sectors.
    """
    rows = tables["emissions"].drop_duplicates(CATEGORY)
    rows = rows[~rows["category"].isin(("total", "national-total"))]
    told = pd.MultiIndex.from_frame(rows[CATEGORY])
    maps = [spelled_out(tables[name], rows)[CATEGORY] for name in _MAPPINGS]
    known = [told.isin(pd.MultiIndex.from_frame(one)) for one in maps]
    missing = rows[~np.logical_and.reduce(known)]
    return missing.assign(found=missing["category"], compared=missing["scheme"], cell="category")[
        ["found", "compared", "cell", "basis", "origin"]
    ]
