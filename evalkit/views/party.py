"""The dashboard of one Party: all that is loaded about it, printable on four sheets of A4."""

from __future__ import annotations

import html
from typing import Any, ClassVar

import ipywidgets as widgets
import pandas as pd

from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import choice as choices
from evalkit.views import numbers, page, party_blocks, party_panel
from evalkit.views.dashboard import Dashboard
from evalkit.views.party_panel import PartyData
from evalkit.views.performance import COLUMNS, LATE, ON_TIME, performance
from evalkit.views.replies import is_asked
from evalkit.views.reports import Reports, cycle_title

PANEL = ("obligations", "emissions-to-air")
TABLES = ("parties", "projects", "project_places")
PERFORMANCE = ("Index", *COLUMNS)
READ = ("party", "question", "answer", "source", "basis")


class PartyPage(Dashboard):
    """The widgets of the page of one Party and what ties them together.

    Parameters
    ----------
    edition : Edition
        What is shown.
    query : str
        The address's query string.

    Examples
    --------
    >>> PartyPage(evalkit.load(), "party=GHA").widget  # doctest: +SKIP
    """

    CHOICES: ClassVar = ("party", "as_of")
    RECORDED: ClassVar = (("party",),)
    HTMLS: ClassVar = ("notice", "party")

    def fill(self) -> None:
        """Set the options of the choosers, from the address where it names them."""
        self.reports = Reports(self.edition)
        self.data = PartyData({name: self.edition.table(name) for name in TABLES}, {})
        self.states(self.asked.get("party", ""))
        self.days(self.reports.rate, self.asked.get("as_of", ""))

    def parts(self) -> list[widgets.Widget]:
        """Return the widgets of the page, from the top."""
        said = html.escape(text("profile.print", self.language))
        button = f'<button type="button" class="evalkit-button" data-evalkit-do="print">{said}'
        return [
            widgets.HTML(page.paragraph(text("profile.lead", self.language), "evalkit-lead")),
            self.row("party", "as_of"),
            widgets.HTML(f"{button}</button>"),
            self.htmls["notice"],
            self.htmls["headline"],
            self.htmls["party"],
        ]

    def draw(self) -> None:
        """Draw everything for the present choice."""
        party = self.chosen("party")
        for name in ("notice", "headline"):
            self.htmls[name].value = ""
        if not party:
            said = text("profile.choose", self.language)
            self.htmls["party"].value = page.paragraph(said)
            return
        cycles = list(self.reports.cycles.itertuples())[::-1]
        mine = [(cycle, self._standing(cycle, party)) for cycle in cycles]
        told = [(cycle, row) for cycle, row in mine if row is not None]
        self._draw_head(party)
        blocks = self._blocks(party, told)
        body = "".join(
            f"<section><h4>{html.escape(text(f'profile.{key}', self.language))}</h4>"
            f"{content}{page.note(note)}</section>"
            for key, content, note in blocks
        )
        self.htmls["party"].value = f'<div class="evalkit-party evalkit-sheet">{body}</div>'

    def _draw_head(self, party: str) -> None:
        names = [
            entities.groups(self.language)[g]
            for g in entities.groups_of(party)
            if g != entities.WORLD
        ]
        day = numbers.day(self.chosen("as_of"), self.language)
        edition = text("report.head", self.language, edition=self.edition.name, day=day,
                       group=", ".join(names))  # fmt: skip
        self.htmls["headline"].value = page.said(
            text("party.heading", self.language), entities.states(self.language)[party], edition
        )
        key = "reporting.loaded" if self.reports.loaded["answers"] else "reporting.not_loaded"
        held = self.reports.loaded
        said = text(key, self.language, reports=held["submissions"], answers=held["answers"])
        self.htmls["notice"].value = page.notice(said)

    def _standing(self, cycle: Any, party: str) -> Any:
        states = self.reports.standing(cycle, self.chosen("as_of"))
        rows = performance(states[states["party"] == party], self.reports.submissions, cycle)
        return next(iter(rows.itertuples()), None)

    def _rows_of(self, indicator: str) -> pd.DataFrame:
        if indicator not in self.data.results:
            self.data = PartyData(
                self.data.tables, {**self.data.results, indicator: self.rows(indicator)}
            )
        return self.data.results[indicator]

    def _blocks(self, party: str, told: list[tuple[Any, Any]]) -> list[tuple[str, str, str]]:
        """Return the blocks: name, content, source and as-of line."""
        row = self.data.tables["parties"].set_index("iso3", drop=False).loc[party]
        states = [one for _, one in told]
        answers, form = self._answers(party, told)
        rest = (
            ("obligations", *self._obligations(party)),
            ("money", *self._money(party)),
            ("emissions", *self._emissions(party)),
            ("registers", *self._registers(party)),
        )
        return [
            (
                "membership",
                party_panel.membership(row, self.chosen("as_of"), self.language),
                self._dated(row.to_frame().T),
            ),
            (
                "reports",
                party_blocks.reports_table(told, self.language),
                self._dated(pd.DataFrame(states, columns=PERFORMANCE)),
            ),
            *rest[:1],
            ("answers", *answers),
            *rest[1:],
            (
                "doubts",
                party_blocks.doubts(row, self.reports.cycles, states, form, self.language),
                "",
            ),
        ]

    def _dated(self, rows: pd.DataFrame, day: str = "") -> str:
        """Return the sources of rows and the day that they speak of, the chosen one."""
        if rows.empty:
            return ""
        when = numbers.day(day or self.chosen("as_of"), self.language)
        said = text("view.as_of", self.language, day=when)
        return f"{self.note(rows)} {said[:1].upper()}{said[1:]}."

    def _answers(
        self, party: str, told: list[tuple[Any, Any]]
    ) -> tuple[tuple[str, str], pd.DataFrame]:
        came = [cycle for cycle, row in told if row.state in (ON_TIME, LATE)]
        if not came:
            said = text("profile.no_report", self.language)
            return (page.paragraph(said), ""), self.reports.questions.iloc[:0]
        cycle = came[-1]
        states = self.reports.standing(cycle, self.chosen("as_of"))
        received = states.loc[states["status"] == "ok", "party"]
        answers = self.edition.rows("answers", READ, cycle=cycle.cycle)
        answers = answers[answers["party"].isin(received)]
        form = self.reports.form(cycle)
        asked = [row.question for row in form.itertuples() if is_asked(row, cycle)]
        form = form[form["question"].isin(asked)]
        groups = [entities.groups_of(party)[1], entities.WORLD]
        said = text("profile.answers_of", self.language, cycle=cycle_title(cycle, self.language))
        table = party_blocks.glance(form, answers, party, groups, self.language)
        note = self._dated(answers[answers["party"] == party])
        return (page.paragraph(said) + table, note), form

    def _obligations(self, party: str) -> tuple[str, str]:
        rows = self._rows_of("obligations")
        day = self.chosen("as_of")
        day = day if day in choices.days(rows) else self.edition.as_of
        content = party_panel.obligations(self.data, party, day, self.language, reports=False)
        return content, self._dated(rows[(rows["entity"] == party) & (rows["as_of"] == day)])

    def _money(self, party: str) -> tuple[str, str]:
        mine = party_panel.projects_of(self.data, party)
        note = self._dated(mine, self.edition.as_of)
        return party_panel.projects(self.data, party, self.language), note

    def _emissions(self, party: str) -> tuple[str, str]:
        rows = self._rows_of("emissions-to-air")
        mine = rows[(rows["entity"] == party) & (rows["status"] == "ok")]
        note = self._dated(mine, self.edition.as_of)
        return party_panel.emissions(self.data, party, self.language), note

    def _registers(self, party: str) -> tuple[str, str]:
        rows = self.edition.rows("registrations", party=party)
        later = rows["dated_on"] > pd.Timestamp(self.chosen("as_of"))
        return party_blocks.registers(rows[~later], self.language), self._dated(rows[~later])
