"""Where States stand under article 7, paragraph 3: on time, late, overdue, or why not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import numbers, theme
from evalkit.views.classes import Class
from evalkit.views.stacks import Part, stacks
from evalkit.views.table import html_table

if TYPE_CHECKING:
    import plotly.graph_objects as go

ON_TIME, LATE, DAY_UNKNOWN, OVERDUE = "on_time", "late", "day_unknown", "overdue"
NOTIFIED, NOT_NOTIFIED = "notified", "not_notified"
COLOURS = {
    ON_TIME: theme.YES,
    LATE: theme.ANSWER_COLOURS["late"],
    DAY_UNKNOWN: theme.ANSWER_HUES[0],
    OVERDUE: theme.ANSWER_COLOURS["no"],
    NOTIFIED: theme.YES,
    NOT_NOTIFIED: theme.ZERO,
}
# On a map drawn in the page.
MARKS = {
    ON_TIME: "",
    NOTIFIED: "",
    LATE: "\\",
    DAY_UNKNOWN: "+",
    OVERDUE: ".",
    NOT_NOTIFIED: theme.ZERO_PATTERN,
}
REGISTERS = {"action-plan": "action_plan", "action-plan-review": "action_plan_review"}
NOTIFICATION = "asgm_notification"
COLUMNS = ("party", "state", "notified_on", "due_on", "entered_on", "basis", "source")


def of_clause(met: pd.DataFrame, clause: str) -> pd.DataFrame:
    """Return the rows of a clause; of an indicator without any value, those that say so."""
    return met[met["series"].isin([clause, ""])]


def standing(met: pd.DataFrame, clause: str) -> pd.DataFrame:
    """Return how each State stands with a clause that a register shows met.

    Parameters
    ----------
    met : DataFrame
        Results of the indicator obligations-met on one day.
    clause : str
        action-plan or action-plan-review.

    Returns
    -------
    DataFrame
        Columns party, state, basis, source; sorted by party. A state is on_time, late,
        day_unknown (there is an entry, but not by when), overdue, or a status that says why
        it is none of these.
    """
    states = met[met["entity"].isin(entities.states())]
    whole = of_clause(states, clause).set_index("entity").sort_index()
    timely = states[states["series"] == f"{clause}/on-time"].set_index("entity")["value"]
    timely = timely.reindex(whole.index)
    own = whole["status"] == Status.OK
    entered = own & (whole["value"] == 1)
    state = whole["status"].astype("str")
    for name, holds in (
        (OVERDUE, own & ~entered),
        (DAY_UNKNOWN, entered),
        (LATE, entered & (timely == 0)),
        (ON_TIME, entered & (timely == 1)),
    ):
        state = state.mask(holds, name)
    found = whole.assign(state=state)[["state", "basis", "source"]]
    return found.rename_axis("party").reset_index()


def notified(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each State whether it notified, from results of asgm-notifications."""
    states = rows[rows["entity"].isin(entities.states())].set_index("entity").sort_index()
    own = states["status"] == Status.OK
    state = states["status"].astype("str")
    state = state.mask(own & (states["value"] == 1), NOTIFIED)
    state = state.mask(own & (states["value"] == 0), NOT_NOTIFIED)
    found = states.assign(state=state)[["state", "basis", "source"]]
    return found.rename_axis("party").reset_index()


def with_days(
    found: pd.DataFrame, clock: pd.DataFrame, entries: pd.DataFrame, clause: str, as_of: str
) -> pd.DataFrame:
    """Return the standing of States with the days it rests on.

    Parameters
    ----------
    found : DataFrame
        From `standing` or `notified`.
    clock : DataFrame
        Results of the indicator obligations on the day; their period is the due day.
    entries : DataFrame
        The table `registrations`.
    clause : str
        As for `standing`; blank for notifications, which have no due day.
    as_of : str
        Entries dated later are not known yet.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`; a day that nobody tells is missing.
    """
    due = clock[(clock["series"] == clause) & (clock["period"] != "")]
    days = pd.to_datetime(due.set_index("entity")["period"])
    known = entries[~(entries["dated_on"] > pd.Timestamp(as_of))]
    told = {
        "notified_on": _days_of(known, NOTIFICATION),
        "due_on": days,
        "entered_on": _days_of(known, REGISTERS.get(clause, "")),
    }
    mapped = {
        name: found["party"].map(one).astype("datetime64[s]") if len(one) else pd.NaT
        for name, one in told.items()
    }
    return found.assign(**mapped)[[*COLUMNS]]


def _days_of(entries: pd.DataFrame, register: str) -> pd.Series:
    """Return the day of each State's first entry in a register."""
    mine = entries[entries["register"] == register]
    return mine.groupby("party")["dated_on"].min()


def state_text(state: str, clause: str, language: str = "en") -> str:
    """Return how a State stands, in words."""
    if state in COLOURS:
        return text(f"gold.{state}", language)
    if state == Status.NOT_APPLICABLE and clause:
        return text("gold.not_asked", language)
    return text(f"status.{state}", language)


def _present(found: pd.DataFrame) -> list[str]:
    order = [*COLOURS, *map(str, Status)]
    return sorted(found["state"].unique(), key=order.index)


def _mark(state: str) -> str:
    return MARKS[state] if state in MARKS else theme.MAP_PATTERNS[Status(state)]


def _colour(state: str) -> str:
    return COLOURS.get(state) or theme.STATUS_COLOURS[Status(state)]


def for_map(
    found: pd.DataFrame, clause: str, language: str = "en"
) -> tuple[pd.DataFrame, list[Class]]:
    """Return rows and classes of a map, one class for each state that there is.

    Parameters
    ----------
    found : DataFrame
        From `with_days`.
    clause, language : str
        As for `state_text`.
    """
    present = _present(found)
    classes = [
        Class(
            state_text(state, clause, language),
            _colour(state),
            place - 0.5,
            place + 0.5,
            mark=_mark(state),
        )
        for place, state in enumerate(present)
    ]
    rows = pd.DataFrame(
        {
            "entity": found["party"],
            "value": found["state"].map(present.index).astype("float64"),
            "status": str(Status.OK),
            "basis": found["basis"],
            "said": [hover(row, clause, language, "<br>") for row in found.itertuples()],
        }
    )
    return rows, classes


def hover(row: Any, clause: str, language: str = "en", between: str = ", ") -> str:
    """Return how a State stands and the days it rests on, in words."""
    said = [state_text(row.state, clause, language)]
    for name in ("notified_on", "due_on", "entered_on"):
        day = getattr(row, name)
        if pd.notna(day):
            said.append(f"{text(f'gold.{name}', language)}: {numbers.day(day, language)}")
    return between.join(said)


def counts(found: pd.DataFrame, group: str) -> dict[str, int]:
    """Return how many States of a group are in each state that there is."""
    inside = found[found["party"].isin(entities.members(group))]["state"].value_counts()
    return {state: int(inside.get(state, 0)) for state in _present(found)}


def nothing_known(found: pd.DataFrame) -> bool:
    """Tell whether no State stands anywhere, for want of a register: bars would all be alike."""
    return bool((found["state"] == Status.NOT_LOADED).all())


def figure(
    found: pd.DataFrame, clause: str, *, title: str, note: str, language: str = "en"
) -> go.Figure:
    """Draw a bar for each group: how many of its States are in each state.

    Parameters
    ----------
    found : DataFrame
        From `standing` or `notified`.
    clause, language : str
        As for `state_text`.
    title, note : str
        As for `evalkit.views.stacks.stacks`.
    """
    each = [counts(found, group) for group in entities.groups()]
    parts = [
        Part(
            state_text(state, clause, language),
            _colour(state),
            tuple(one[state] for one in each),
            "" if state in COLOURS else theme.STATUS_PATTERNS.get(Status(state), ""),
        )
        for state in _present(found)
    ]
    return stacks([*entities.groups().values()], parts, title=title, note=note)


def groups_table(
    found: pd.DataFrame, clause: str, groups: Sequence[str], caption: str, language: str = "en"
) -> str:
    """Return the counts behind the figure as a table."""
    headings = [(text("column.group", language), "text")]
    headings += [(state_text(state, clause, language), "number") for state in _present(found)]
    cells = [
        (entities.titles()[group], *(f"{n}" for n in counts(found, group).values()))
        for group in groups
    ]
    return html_table(headings, cells, caption)


def parties_table(found: pd.DataFrame, clause: str, caption: str, language: str = "en") -> str:
    """Return each State with its standing and the days it rests on, as a table."""
    titles = entities.titles()
    names = ("notified_on", "due_on", "entered_on") if clause else ("notified_on",)
    headings = [(text("column.entity", language), "text"), (text("gold.state", language), "text")]
    headings += [(text(f"gold.{name}", language), "day") for name in names]
    headings += [(text("column.basis", language), "text")]
    cells = [
        (
            titles[row.party],
            state_text(row.state, clause, language),
            *(_day(getattr(row, name), language) for name in names),
            text(f"basis.{row.basis}", language),
        )
        for row in sorted(found.itertuples(), key=lambda row: titles[row.party])
    ]
    return html_table(headings, cells, caption)


def _day(day: Any, language: str) -> str:
    return "" if pd.isna(day) else numbers.day(day, language)
