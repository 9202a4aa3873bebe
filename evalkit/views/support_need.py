"""Need beside support: two things on one page, of which neither is said to follow from the other."""

from __future__ import annotations

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import support_figures as figures
from evalkit.views import support_rows as found
from evalkit.views import support_tables as tables
from evalkit.views.support_figures import Bar, Panel
from evalkit.views.support_sections import EMITTED, PLAN, Look, Section


def need(look: Look) -> Section:
    """Return what was committed to each group, or Party of the group, beside what it faces."""
    rows = _rows(look, [*entities.groups(), *_parties(look)])
    of_groups = rows[rows["entity"].isin(entities.groups())]
    title = look.title("need", look.when(found.ALL), look.how())
    parts = [
        _panel(of_groups, "support_usd", "support", text("column.support", look.language)),
        _panel(of_groups, "due_count", "due", text("column.fallen_due", look.language)),
        _panel(of_groups, "emitted_kg", "emitted", _emitted_heading(look)),
        _panel(of_groups, "baseline_kg", "baseline", text("column.baseline", look.language)),
    ]
    columns = ["entity", "support", "due", "emitted", "baseline"]
    return Section(
        title,
        rows.drop(columns=columns[1:]),
        tables.need(rows[columns], title, look.language),
        lambda note: figures.panels(parts, title=title, note=note, one_scale=False),
        (text("support.need_note", look.language), text("support.need_due", look.language)),
    )


def _parties(look: Look) -> list[str]:
    """Return the States of the group by name, the chosen Party first."""
    named = sorted(entities.members(look.group), key=lambda one: entities.titles()[one])
    first = [look.entity] if look.entity in entities.states() else []
    return [*first, *(one for one in named if one not in first)]


def _emitted_heading(look: Look) -> str:
    named = tables.series_name(look.inventory, look.language) if look.inventory else ""
    return f"{text('column.emitted', look.language)}: {named}".removesuffix(": ")


def _rows(look: Look, of: list[str]) -> pd.DataFrame:
    due = found.fallen_due(look.obligations, look.as_of)
    grants = found.of_series(look.grants, look.attribution, found.ALL).set_index("entity")
    emitted, plan = _by_entity(look, EMITTED, look.inventory), _by_entity(look, PLAN, "")
    lines = []
    for one in of:
        given = grants.loc[one] if one in grants.index else None
        kg, base = emitted.get(one), plan.get(one)
        counted = int(due[one]) if one in due.index else None
        lines.append(
            {
                "entity": one,
                "support": tables.said(_named(given, one), look.language),
                "support_usd": None if given is None else given["value"],
                "due": _due(look, one, counted),
                "due_count": counted,
                "emitted": _told(kg, look.language),
                "emitted_kg": None if kg is None else kg["value"],
                "emitted_year": "" if kg is None else kg["period"],
                "baseline": _told(base, look.language),
                "baseline_kg": None if base is None else base["value"],
                "source": " ".join(str(row["source"]) for row in (given, kg, base)
                                   if row is not None),
                "basis": "reported" if given is None else given["basis"],
            }
        )  # fmt: skip
    return pd.DataFrame(lines)


def _named(row: pd.Series | None, entity: str) -> pd.Series | None:
    if row is None:
        return None
    named = row.copy()
    named["entity"] = entity
    return named


def _by_entity(look: Look, indicator: str, series: str) -> dict[str, pd.Series]:
    """Return the latest result of each entity, one with a value before one that has none."""
    rows = look.rows(indicator)
    rows = rows[rows["series"] == series]
    rows = rows.assign(known=rows["status"] == Status.OK).sort_values(["known", "period"])
    latest = rows.drop_duplicates("entity", keep="last")
    return {row["entity"]: row for _, row in latest.iterrows()}


def _told(row: pd.Series | None, language: str) -> str:
    """Return a result in words, with its year where it has a value."""
    said = tables.said(row, language)
    known = row is not None and row["status"] == Status.OK and row["period"]
    return f"{said} ({row['period']})" if known and row is not None else said


def _due(look: Look, entity: str, counted: int | None) -> str:
    if counted is not None:
        return f"{counted:,}"
    return text(f"status.{Status.NOT_PARTY}", look.language)


def _panel(rows: pd.DataFrame, column: str, said: str, heading: str) -> Panel:
    rows = rows[rows["entity"] != entities.WORLD]
    bars = (
        Bar(
            entities.titles()[row["entity"]],
            None if pd.isna(row[column]) else float(row[column]),
            str(row[said]),
        )
        for _, row in rows.iterrows()
    )
    return Panel(heading, tuple(bars))


