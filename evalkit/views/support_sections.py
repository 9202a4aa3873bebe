"""Sections of the page on money: each is a title, a figure, its table and what is remarked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import plural, text
from evalkit.views import numbers
from evalkit.views import support_figures as figures
from evalkit.views import support_rows as found
from evalkit.views import support_tables as tables
from evalkit.views.support_figures import Bar, Panel
from evalkit.views.support_flows import sankey
from evalkit.views.support_look import Look, Section
from evalkit.views.table import value_text

if TYPE_CHECKING:
    pass

ENVELOPES = ("allocated", "pledged", "approved", "committed", "projects")
FUNDS = ("sip-approved", "sip-contributed", "trust-fund-contributions")
RATIOS = (("required", ("full-and-medium", "full-size", "medium-size")),
          ("optional", ("enabling-activities",)))  # fmt: skip
PLAN, EMITTED = "mercury-in-asgm", "emissions-to-air"


def _of_years(look: Look) -> pd.DataFrame:
    rows = look.grants
    mine = rows[(rows["series"] == look.attribution) & (rows["entity"] == look.entity)]
    return mine[mine["period"].str.fullmatch(r"\d{4}|no-year")]


def years(look: Look) -> Section:
    """Return money by approval year as published."""
    rows = _of_years(look)
    title = look.title("years", entities.titles(look.language)[look.entity], look.how())
    return Section(
        title,
        rows,
        tables.amounts(rows, "period", title, look.language),
        lambda note: figures.by_year(rows, title=title, note=note, language=look.language),
        (text("support.year_note", look.language),),
    )


def _bars(look: Look, rows: pd.DataFrame, label: Callable[[pd.Series], str]) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            f"{label(row)}{_projects(row, look.language)}",
            None if pd.isna(row["value"]) else float(row["value"]),
            value_text(row, look.language),
        )
        for _, row in rows.iterrows()
    )


def _projects(row: pd.Series, language: str) -> str:
    if pd.isna(row["n_due"]):
        return ""
    n, due = row["n"], row["n_due"]
    if n == due:
        return f" · {plural('projects.all', n, language)}"
    return f" · {plural('projects.some', due, language, n=n, n_due=due)}"


def _plain(look: Look, rows: pd.DataFrame, of: str, title: str, *remarks: str) -> Section:
    """Return a section of bars that differ in one column of results."""
    label = {
        "period": lambda row: look.when(row["period"]),
        "series": lambda row: figures.part_title(row["series"], look.language),
        "entity": lambda row: entities.titles(look.language)[row["entity"]],
    }[of]
    panel = Panel("", _bars(look, rows, label))
    return Section(
        title,
        rows,
        tables.amounts(rows, of, title, look.language),
        lambda note: figures.panels([panel], title=title, note=note, language=look.language),
        remarks,
    )


def periods(look: Look) -> Section:
    """Return money by replenishment of the fund."""
    rows = look.grants
    mine = rows[(rows["series"] == look.attribution) & (rows["entity"] == look.entity)]
    mine = mine[mine["period"].str.startswith("GEF-")].sort_values("period")
    title = look.title("periods", entities.titles(look.language)[look.entity], look.how())
    return _plain(look, mine, "period", title, text("support.period_note", look.language))


def themes(look: Look) -> Section:
    """Return money by theme."""
    return _cut(look, "theme")


def agencies(look: Look) -> Section:
    """Return money by agency; a project of several is on a line of them together."""
    return _cut(look, "agency")


def types(look: Look) -> Section:
    """Return money by type of project."""
    return _cut(look, "type")


def _cut(look: Look, cut: str) -> Section:
    rows = found.parts_of(look.parts, cut, look.entity, look.replenishment)
    whose, how = entities.titles(look.language)[look.entity], ""
    if look.entity != entities.WORLD:
        how = look.how(found.EVEN)
    title = look.title(f"by_{cut}", whose, look.when(look.replenishment), how)
    return _plain(look, rows, "series", title, text(f"support.{cut}_note", look.language))


def groups(look: Look) -> Section:
    """Return money by group, and what no country is credited with."""
    rows = found.of_series(look.grants, look.attribution, look.period)
    order = [one for one in (*entities.groups(), *found.APART) if one != entities.WORLD]
    mine = rows[rows["entity"].isin(order)]
    mine = mine.sort_values("entity", key=lambda ids: ids.map(order.index))
    title = look.title("groups", look.when(look.period), look.how())
    return _plain(look, mine, "entity", title, text("support.groups_note", look.language))


def flows(look: Look) -> Section:
    """Return money from fund to theme to region."""
    rows = found.flows(look.parts, look.replenishment)
    title = look.title("flows", look.when(look.replenishment), look.how(found.EVEN))
    by = rows.groupby("entity")["value"].sum().sort_values(ascending=False)
    told = "; ".join(
        f"{figures.node_title('region', str(one), look.language)} "
        f"{numbers.value(value, 'USD', look.language)}"
        for one, value in by.items()
    )
    whole = numbers.value(float(by.sum()), "USD", look.language)
    said = text("support.flows_said", look.language, whole=whole, regions=told)
    return Section(
        title,
        rows.assign(source=_sources_of(look.parts), basis="reported"),
        tables.flows(rows, title, look.language),
        lambda note: sankey(rows, title=title, note=note, language=look.language),
        (said, text("support.flows_note", look.language)),
    )


def _sources_of(rows: pd.DataFrame) -> str:
    ok = rows.loc[rows["status"] == Status.OK, "source"]
    return " ".join(sorted({one for several in ok.unique() for one in several.split()}))


def _worlds(look: Look, indicator: str) -> pd.DataFrame:
    rows = look.rows(indicator)
    return rows[rows["entity"] == entities.WORLD]


def programmes(look: Look) -> Section:
    """Return programmes beside their projects: the same money twice, never added."""
    rows = _worlds(look, "gef-programmes")
    title = look.title("programmes", alone=False)
    names = dict(zip(look.projects["project"], look.projects["title"], strict=True))
    grants = look.rows("gef-grants")
    pair = [found.cell(grants, one, entities.WORLD, found.ALL)
            for one in (found.EVEN, "with-programmes")]  # fmt: skip
    without, with_them = (tables.said(one, look.language) for one in pair)
    remark = text(
        "support.programmes_note", look.language, without=without, with_programmes=with_them
    )
    table = tables.programmes(rows, names, title, look.language)
    return Section(title, rows, table, remarks=(remark,))


def envelopes(look: Look) -> Section:
    """Return envelopes, pledges, commitments and sums of projects: series that never add."""
    rows = _worlds(look, "gef-envelope")
    rows = rows[rows["series"].isin(ENVELOPES)]
    rows = rows.sort_values(["series", "period"], key=lambda column: (
        column.map(ENVELOPES.index) if column.name == "series" else column))  # fmt: skip
    title = look.title("envelopes", alone=False)
    parts = [
        Panel(
            text(f"meaning.{series}", look.language),
            tuple(
                Bar(
                    _dated(look, row),
                    None if pd.isna(row["value"]) else float(row["value"]),
                    value_text(row, look.language),
                )
                for _, row in rows[rows["series"] == series].iterrows()
            ),
        )
        for series in ENVELOPES
        if (rows["series"] == series).any()
    ]
    return Section(
        title,
        rows,
        tables.envelopes(rows, look.sources, title, look.language),
        lambda note: figures.panels(parts, title=title, note=note, language=look.language),
        (text("support.envelopes_note", look.language),),
    )


def _dated(look: Look, row: pd.Series) -> str:
    day = tables.day_of(row, look.sources, look.language)
    return str(row["period"]) if row["status"] != Status.OK else f"{row['period']} · {day}"


def funds(look: Look) -> Section:
    """Return the Specific International Programme and the trust funds, each with its day."""
    rows = pd.concat([_worlds(look, name) for name in FUNDS], ignore_index=True)
    title = look.title("funds", alone=False)
    table = tables.envelopes(rows, look.sources, title, look.language)
    return Section(title, rows, table, remarks=(text("support.funds_note", look.language),))


def ratio(look: Look) -> Section:
    """Return co-financing over grants by type; enabling activities apart."""
    rows = _worlds(look, "gef-cofinancing-ratio")
    rows = rows[rows["period"] == look.replenishment]
    by = {row["series"]: row for _, row in rows.iterrows()}
    parts = [
        Panel(
            text(f"support.{key}", look.language),
            tuple(_ratio_bar(look, by[one]) for one in names if one in by),
        )
        for key, names in RATIOS
        if any(one in by for one in names)
    ]
    title = look.title("ratio", look.when(look.replenishment), alone=False)
    return Section(
        title,
        rows,
        tables.ratios(rows, title, look.language),
        lambda note: figures.panels(parts, title=title, note=note, language=look.language),
        (text("support.ratio_note", look.language),),
    )


def _ratio_bar(look: Look, row: pd.Series) -> Bar:
    value = None if pd.isna(row["value"]) else float(row["value"])
    name = tables.series_name(row["series"], look.language)
    both = plural("support.ratio_both", row["n"], look.language, n_due=row["n_due"])
    said = (
        value_text(row, look.language) if value is None else numbers.dollars(value, look.language)
    )
    return Bar(f"{name} · {both}", value, said)
