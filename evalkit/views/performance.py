"""Who owed a report of a cycle, whose came on time or late, and who kept silent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.locales import order
from evalkit.reference.texts import plural, text
from evalkit.views import numbers, theme
from evalkit.views.replies import OPEN, in_group
from evalkit.views.stacks import Part, stacks
from evalkit.views.table import NUMERIC, html_table

if TYPE_CHECKING:
    import plotly.graph_objects as go

ON_TIME, LATE = "on_time", "late"
COLUMNS = ("party", "state", "submitted_on", "days", "origin", "basis", "source")
STATES = (ON_TIME, LATE, Status.NOT_REPORTED, Status.NOT_LOADED, Status.NOT_DUE)


def performance(states: pd.DataFrame, submissions: pd.DataFrame, cycle: Any) -> pd.DataFrame:
    """Return one row for each State: how it did in a cycle.

    Parameters
    ----------
    states : DataFrame
        What `evalkit.views.replies.standing` gives.
    submissions : DataFrame
        The table of that name.
    cycle : row
        A row of `cycles`.

    Returns
    -------
    DataFrame
        Columns party, state (on_time, late or a status), submitted_on, days (after the
        deadline; missing where nothing came), origin, basis, source; sorted by party. A report
        from a State that owed none is not told.
    """
    came = submissions.loc[submissions["cycle"] == cycle.cycle, ["party", "submitted_on", "origin"]]
    frame = states.merge(came, on="party", how="left")
    received = frame["status"] == Status.OK
    frame["submitted_on"] = frame["submitted_on"].where(received)
    frame["origin"] = frame["origin"].fillna("").astype("str").where(received, "")
    frame["days"] = (frame["submitted_on"] - cycle.due_on).dt.days.astype("Int64")
    timely = (frame["days"] <= 0).fillna(False).astype("bool")
    state = frame["status"].mask(received & timely, ON_TIME).mask(received & ~timely, LATE)
    ordered = frame.assign(state=state).sort_values("party", kind="stable")
    return ordered[[*COLUMNS]].reset_index(drop=True)


def state_text(state: str, language: str = "en") -> str:
    """Return how a State did, in words."""
    own = state in (ON_TIME, LATE, OPEN)
    return text(f"performance.{state}" if own else f"status.{state}", language)


def state_counts(rows: pd.DataFrame, group: str) -> dict[str, int]:
    """Return how many States of a group are in each state; those not bound are left out."""
    found = in_group(rows, group)["state"].value_counts()
    return {str(state): int(found.get(str(state), 0)) for state in STATES}


def performance_figure(
    rows: pd.DataFrame, groups: Sequence[str], *, title: str, note: str, language: str = "en"
) -> go.Figure:
    """Draw a bar for each group: on time, late, not reported, not known, not due.

    Parameters
    ----------
    rows : DataFrame
        What `performance` gives.
    groups : sequence of str
        Groups from the top.
    title, note : str
        As for `evalkit.views.stacks.stacks`.
    language : str
        Language of labels.
    """
    each = [state_counts(rows, group) for group in groups]
    parts = [
        Part(
            state_text(str(state), language),
            theme.ANSWER_COLOURS.get(str(state)) or theme.STATUS_COLOURS[Status(state)],
            tuple(one[str(state)] for one in each),
            "" if state in (ON_TIME, LATE) else theme.STATUS_PATTERNS.get(Status(state), ""),
        )
        for state in STATES
    ]
    return stacks(
        [entities.titles(language)[g] for g in groups],
        parts,
        title=title,
        note=note,
        language=language,
    )


def performance_sentence(rows: pd.DataFrame, group: str, language: str = "en") -> str:
    """Return what the figure shows of a group in words, without markup."""
    unknown = int((in_group(rows, group)["state"] == OPEN).sum())
    said = _sentence(state_counts(rows, group), entities.titles(language)[group], unknown, language)
    return f"{said} {plural('performance.not_known', unknown, language)}" if unknown else said


def _sentence(one: dict[str, int], place: str, unknown: int, language: str) -> str:
    if one[str(Status.NOT_DUE)] and not one[str(Status.NOT_REPORTED)]:
        received = one[ON_TIME] + one[LATE]
        parties = sum(one.values())
        return text("performance.before", language, place=place, n=received, parties=parties)
    on_time, late, silent = one[ON_TIME], one[LATE], one[str(Status.NOT_REPORTED)]
    n = on_time + late
    if partial := one[str(Status.NOT_LOADED)]:
        return plural(
            "performance.partial",
            n,
            language,
            place=place,
            on_time=on_time,
            late=late,
            unknown=partial,
        )
    due = sum(one.values()) - one[str(Status.NOT_DUE)]
    if not due:
        return text("performance.nobody", language, place=place)
    key, share = "performance.said", numbers.value(n / due, "share", language)
    if unknown:  # who owed it is not known, so no share can be told
        key = "performance.said_at_least"
    told = {"place": place, "due": due, "on_time": on_time, "late": late}
    return plural(key, n, language, share=share, silent=silent, **told)


def groups_table(
    rows: pd.DataFrame, groups: Sequence[str], caption: str, language: str = "en"
) -> str:
    """Return the counts behind the figure as a table."""
    headings = [(text("column.group", language), "text")]
    headings += [(state_text(str(state), language), NUMERIC) for state in STATES]
    cells = [
        (entities.titles(language)[group], *(f"{n}" for n in state_counts(rows, group).values()))
        for group in groups
    ]
    return html_table(headings, cells, caption)


def parties_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return each State with its state, the day its report came, and file and line."""
    names = ("entity", "state_of_report", "received", "days_late", "line")
    kinds = ("text", "text", "text", NUMERIC, "text")
    headings = [(text(f"column.{n}", language), k) for n, k in zip(names, kinds, strict=True)]
    titles = entities.titles(language)
    cells = [
        (
            titles[row.party],
            state_text(row.state, language),
            "" if pd.isna(row.submitted_on) else numbers.day(row.submitted_on, language),
            f"{row.days}" if row.state == LATE else "",
            row.origin,
        )
        for row in sorted(rows.itertuples(), key=lambda row: order(titles[row.party], language))
    ]
    return html_table(headings, cells, caption)
