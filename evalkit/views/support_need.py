"""Need beside support: neither is said to follow from the other."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evalkit.model import Basis, Status
from evalkit.reference import entities
from evalkit.reference.locales import order
from evalkit.reference.texts import text
from evalkit.views import numbers
from evalkit.views import support_figures as figures
from evalkit.views import support_rows as found
from evalkit.views import support_tables as tables
from evalkit.views.support_figures import Bar, Panel
from evalkit.views.support_look import Look, Section
from evalkit.views.support_sections import EMITTED, PLAN
from evalkit.views.table import value_text


def need(look: Look) -> Section:
    """Return what was committed to each group, or Party of the group, beside what it faces."""
    rows = _rows(look, [*entities.groups(), *_parties(look)])
    of_groups = rows[rows["entity"].isin([*entities.groups(), look.entity])]
    title = look.title("need", look.when(found.ALL), look.how())
    heads = {
        "support_usd": text("column.support", look.language),
        "due_count": text("column.fallen_due", look.language),
        "emitted_kg": _emitted_heading(look),
        "baseline_kg": text("column.baseline", look.language),
    }
    parts = [_panel(look, of_groups, column, heading) for column, heading in heads.items()]
    columns = ["entity", "support", "due", "emitted", "baseline"]
    return Section(
        title,
        rows.drop(columns=columns[1:]),
        tables.need(rows[columns], title, look.language),
        lambda note: figures.panels(
            parts, title=title, note=note, language=look.language, one_scale=False
        ),
        (text("support.need_note", look.language), text("support.need_due", look.language)),
    )


def _parties(look: Look) -> list[str]:
    """Return the States of the group by name, the chosen Party first."""
    titles = entities.titles(look.language)
    named = sorted(entities.members(look.group), key=lambda one: order(titles[one], look.language))
    first = [look.entity] if look.entity in entities.states() else []
    return [*first, *(one for one in named if one not in first)]


def _emitted_heading(look: Look) -> str:
    named = tables.series_name(look.inventory, look.language) if look.inventory else ""
    return f"{text('column.emitted', look.language)}: {named}".removesuffix(": ")


def _rows(look: Look, of: list[str]) -> pd.DataFrame:
    due = found.fallen_due(look.obligations, look.as_of).to_dict()
    grants = found.of_series(look.grants, look.attribution, found.ALL)
    given = {row.entity: row for row in grants.itertuples()}
    emitted, plans = _latest(look, EMITTED, look.inventory), _latest(look, PLAN, "")
    loaded = Status.NOT_ESTIMATED if emitted else Status.NOT_LOADED
    lines = []
    for one in of:
        row, kg, base = given.get(one), emitted.get(one), plans.get(one)
        rests = [each for each in (row, kg, base) if each is not None and each.status == Status.OK]
        sources = {part for each in rests for part in each.source.split()}
        lines.append(
            {
                "entity": one,
                "support": _told(row, look.language),
                "support_usd": row.value if row else None,
                "due": numbers.plain(due[one], language=look.language)
                if one in due
                else _status(Status.NOT_PARTY, look.language),
                "due_count": due.get(one),
                "emitted": _told(kg, look.language, loaded),
                "emitted_kg": kg.value if kg else None,
                "emitted_year": kg.period if kg and kg.status == Status.OK else "",
                "baseline": _told(base, look.language),
                "baseline_kg": base.value if base else None,
                "source": " ".join(sorted(sources)),
                "basis": str(Basis.weakest([each.basis for each in rests] or [Basis.MISSING])),
            }
        )
    return pd.DataFrame(lines)


def _latest(look: Look, indicator: str, series: str) -> dict[str, Any]:
    """Return the latest result of each entity, one with a value before one that has none."""
    rows = look.rows(indicator)
    rows = rows[rows["series"] == series]
    rows = rows.assign(known=rows["status"] == Status.OK).sort_values(["known", "period"])
    return {row.entity: row for row in rows.drop_duplicates("entity", keep="last").itertuples()}


def _status(status: Status, language: str) -> str:
    return text(f"status.{status}", language)


def _told(row: Any, language: str, absent: Status = Status.NOT_LOADED) -> str:
    """Return a result in words, with its year where it has a value; why there is none, else."""
    if row is None:
        return _status(absent, language)
    said = value_text(row, language)
    year = row.period if row.period.isdigit() and row.status == Status.OK else ""
    return f"{said} ({year})" if year else said


def _panel(look: Look, rows: pd.DataFrame, column: str, heading: str) -> Panel:
    """Return bars of a column; where no group has a value, the world's and why they have none."""
    of_world, said = rows["entity"] == entities.WORLD, column.split("_")[0]
    if rows.loc[~of_world, column].isna().all():
        reason = str(rows.loc[~of_world, said].mode().iloc[0])
        why = Bar(text("support.of_groups", look.language), None, reason)
        known = rows[of_world].dropna(subset=column)
        return Panel(heading, (*_bars(look, known, column, said), why))
    return Panel(heading, _bars(look, rows[~of_world], column, said))


def _bars(look: Look, rows: pd.DataFrame, column: str, said: str) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            entities.titles(look.language)[row["entity"]],
            None if pd.isna(row[column]) else float(row[column]),
            str(row[said]),
        )
        for _, row in rows.iterrows()
    )
