"""Blocks of the page of one Party: its reports, its answers beside others', registers, doubts."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import pandas as pd

from evalkit.model import Basis, Status
from evalkit.reference import entities
from evalkit.reference.texts import known, text
from evalkit.reference.titles import title
from evalkit.views import numbers, page
from evalkit.views.performance import LATE, state_text
from evalkit.views.question import answer_text
from evalkit.views.reports import cycle_title
from evalkit.views.table import NUMERIC, html_table
from evalkit.views.tree import branch_title, branches

GIST = 78  # characters of a question's gist that one line of paper holds
GLANCED = ("yes_no", "choice")
MOST = 15  # rows shown of a register


def reports_table(rows: Sequence[tuple[Any, Any]], language: str = "en") -> str:
    """Return the reports of a Party: cycle, deadline, state, day received.

    Parameters
    ----------
    rows : sequence of (cycle, row)
        A row of `cycles`, and the Party's row of `evalkit.views.performance.performance`.
    language : str
        Language of the texts.
    """
    names = ("cycle", "deadline", "state_of_report", "received", "days_late")
    headings = [
        (text(f"column.{name}", language), {"days_late": NUMERIC}.get(name, "day"))
        for name in names
    ]
    cells = [
        (
            cycle_title(cycle, language),
            numbers.day(cycle.due_on, language),
            state_text(row.state, language),
            "" if pd.isna(row.submitted_on) else numbers.day(row.submitted_on, language),
            f"{row.days}" if row.state == LATE else "",
        )
        for cycle, row in rows
    ]
    return html_table(headings, cells, text("profile.reports", language))


def same_answers(answers: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return how many States of a group gave each answer to each question.

    Parameters
    ----------
    answers : DataFrame
        Columns party, question, answer; of one cycle and of reports received.
    group : str
        The group.

    Returns
    -------
    DataFrame
        Columns question, answer, n (that gave it), n_answered (that gave any).
    """
    inside = answers[answers["party"].isin(entities.members(group)) & (answers["answer"] != "")]
    counted = inside.groupby(["question", "answer"]).size().rename("n").reset_index()
    return counted.assign(n_answered=counted.groupby("question")["n"].transform("sum"))


def glance(
    form: pd.DataFrame, answers: pd.DataFrame, party: str, groups: Sequence[str], language: str
) -> str:
    """Return the answers of a Party by article, each with how many others answered the same.

    Parameters
    ----------
    form : DataFrame
        The questions that the cycle asks.
    answers : DataFrame
        As for `same_answers`.
    party : str
        The Party.
    groups : sequence of str
        The groups that it is set beside.
    language : str
        Language of the texts.

    Returns
    -------
    str
        A row for each article; under it, its questions with a choice that are no part of others.
    """
    own = answers[answers["party"] == party].set_index("question")["answer"].to_dict()
    counted = [
        {(row.question, row.answer): row for row in same_answers(answers, group).itertuples()}
        for group in groups
    ]
    asked = form[form["answer_type"].isin(GLANCED) & (form["parent"] == "")]
    headings = [(text("column.question", language), "text"), (text("column.own", language), "text")]
    headings += [
        (text("column.same", language, place=entities.titles(language)[group]), NUMERIC)
        for group in groups
    ]
    cells: list[Sequence[str]] = []
    for name, rows in branches(asked):
        cells.append((branch_title(name, language), *[""] * (len(headings) - 1)))
        for row in rows.itertuples():
            said = own.get(row.question, "")
            titled = title("question", row.question, language, given=row.title)
            shares = [_same(found.get((row.question, said)), language) for found in counted]
            told = answer_text(said, language) if said else text("status.not_answered", language)
            cells.append((f"{row.question} {_short(titled)}", told, *shares))
    return html_table(headings, cells, text("profile.answers", language))


def _short(said: str) -> str:
    return said if len(said) <= GIST else f"{said[: GIST - 1].rsplit(' ', 1)[0]} …"


def _same(row: Any, language: str) -> str:
    if row is None:
        return ""
    share = numbers.value(row.n / row.n_answered, "share", language)
    return f"{share} {text('number.of', language, n=row.n, n_due=row.n_answered)}"


def registers(rows: pd.DataFrame, language: str = "en") -> str:
    """Return the entries of Convention registers of one Party as HTML."""
    if rows.empty:
        return page.paragraph(text("profile.no_registers", language))
    names = ("register", "topic", "dated", "expires")
    headings = [(text(f"column.{name}", language), "text") for name in names]
    ordered = rows.sort_values(["register", "dated_on"], kind="stable")
    cells = [
        (
            known(f"register.{row.register}", language) or row.register.replace("_", " "),
            row.topic,
            "" if pd.isna(row.dated_on) else numbers.day(row.dated_on, language),
            "" if pd.isna(row.expires_on) else numbers.day(row.expires_on, language),
        )
        for row in ordered.head(MOST).itertuples()
    ]
    rest = len(rows) - len(cells)
    more = page.paragraph(text("party.more", language, count=rest)) if rest > 0 else ""
    return html_table(headings, cells, text("profile.registers", language)) + more


def doubts(
    party: Any, cycles: pd.DataFrame, states: Sequence[Any], form: pd.DataFrame, language: str
) -> str:
    """Return what is doubtful on the page, as an HTML list.

    Parameters
    ----------
    party : row
        The row of `parties`.
    cycles : DataFrame
        The table of cycles.
    states : sequence of row
        The Party's row of `evalkit.views.performance.performance` in each cycle.
    form : DataFrame
        The questions whose answers are shown.
    language : str
        Language of the texts.
    """
    told = []
    if party.basis not in (Basis.REPORTED, Basis.DERIVED):
        basis = text(f"basis.{party.basis}", language)
        told.append(text("profile.doubt_days", language, basis=basis))
    told += [text("profile.doubt_note", language, note=party.note)] if party.note else []
    weak = cycles[~cycles["membership_basis"].isin([str(Basis.REPORTED), str(Basis.DERIVED)])]
    if len(weak):
        named = ", ".join(cycle_title(row, language) for row in weak.itertuples())
        told.append(text("profile.doubt_cycles", language, cycles=named))
    if any(row.state == Status.NOT_LOADED for row in states):
        told.append(text("profile.doubt_reports", language))
    if len(form) and (form["standing"] == "memory").any():
        told.append(text("profile.doubt_form", language))
    if any(row.basis == Basis.SIMULATED for row in states):
        told.append(text("page.simulated", language))
    items = "".join(f"<li>{html.escape(line)}</li>" for line in told)
    return f"<ul>{items}</ul>" if items else page.paragraph(text("profile.no_doubts", language))
