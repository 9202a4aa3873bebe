"""The sections of the page on gold mining with amounts: reports, mercury, money, one Party."""

from __future__ import annotations

import html

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import choice as choices
from evalkit.views import gold_mining_standing as standing
from evalkit.views import gold_mining_tables as tables
from evalkit.views import sentences
from evalkit.views.bars import bars
from evalkit.views.choice import Choice
from evalkit.views.inventories import latest, side_by_side
from evalkit.views.sections import Section, Sections
from evalkit.views.table import results_table

MET, CLOCK, NOTIFIED = "obligations-met", "obligations", "asgm-notifications"
GRANTS = ("gef-grants-parts", f"theme/{tables.THEME}")
AIR, GOLD_AIR = "emissions-to-air", "asgm-emissions-to-air"
THEME = "gold-mining"


class Amounts(Sections):
    """What the page on gold mining shows beside the standing of States."""

    def standing(self, clause: str) -> pd.DataFrame:
        """Return how each State stands on the day: with a clause, or with the notification."""
        if clause:
            found = standing.standing(self.on_day(MET), clause)
        else:
            found = standing.notified(self.on_day(NOTIFIED))
        entries = self.edition.rows("registrations")
        return standing.with_days(found, self.on_day(CLOCK), entries, clause, self.chosen("as_of"))

    def draw_amounts(self) -> None:
        """Draw what reports say, amounts of mercury, money and projects."""
        self._draw_reports()
        self._draw_mercury()
        self._draw_sectors()
        self._draw_money()
        self._draw_projects()

    def _draw_reports(self) -> None:
        group = self.chosen("group")
        rows = tables.in_reports([self.now(one) for one in tables.IN_REPORTS], group)
        said = f"{text('gold.reports', self.language)}: {entities.titles(self.language)[group]}"
        title = self.dated(said)
        table = tables.indicators_table(rows, title, self.language)
        self.put("reports", Section(title, rows, table=table))

    # --- mercury --------------------------------------------------------------------------------

    def amounts(self, entity: str) -> pd.DataFrame:
        """Return what each inventory and each plan tells of a place, or why nothing."""
        parts = [latest(self.now(one), entity) for one in tables.AMOUNTS]
        return pd.concat(parts, ignore_index=True)

    def _draw_mercury(self) -> None:
        rows = self.amounts(entities.WORLD)
        title = self.dated(text("gold.amounts_of", self.language))
        table = side_by_side(rows, title, self.language)
        notes = (text("gold.amounts_note", self.language),)
        self.put("amounts", Section(title, rows, table=table, notes=notes))

    def _draw_sectors(self) -> None:
        """Draw all sectors of the latest inventory that has gold mining as one of them."""
        held = self.now(GOLD_AIR)
        held = held[(held["entity"] == entities.WORLD) & (held["status"] == Status.OK)]
        whole = held[~held["series"].str.contains("/")].sort_values("period", kind="stable")
        if whole.empty:
            self.hide("sectors")
            return
        last = whole.iloc[-1]
        chosen = Choice(AIR, last["series"], last["period"], self.edition.as_of)
        rows = choices.of_sectors(self.now(AIR), chosen)
        title = sentences.title(chosen, self.language)
        figure = bars(rows, title=title, note=self.note(rows), by_series=True, titled=False,
                      language=self.language)  # fmt: skip
        table = side_by_side(rows, title, self.language)
        summary = text("table.figure", self.language)
        self.put("sectors", Section(title, rows, figure, table, summary))

    # --- money ----------------------------------------------------------------------------------

    def money_choice(self) -> Choice:
        """Return what is chosen of money."""
        period, group = self.chosen("period"), self.chosen("group")
        return Choice(*GRANTS, period, self.edition.as_of, group)

    def money_title(self, chosen: Choice) -> str:
        """Return the title of a view of money: what, of which period, as of which day."""
        period = choices.period_title(chosen.period, self.language)
        return self.dated(f"{text('gold.grants', self.language)} · {period}")

    def _draw_money(self) -> None:
        chosen = self.money_choice()
        rows = choices.rows_of(self.rows(GRANTS[0]), chosen)
        title = self.money_title(chosen)
        order = [*entities.groups(), entities.UNATTRIBUTED]
        drawn = rows[rows["entity"].isin(order)]
        drawn = drawn.sort_values("entity", key=lambda ids: ids.map(order.index))
        figure = bars(drawn, title=title, note=self.note(drawn), titled=False, long_words=True,
                      language=self.language)  # fmt: skip
        states = choices.of_states(rows, chosen.group)
        some = states[states["value"] > 0]
        table = results_table(some, title, self.language)
        summary = text("gold.money_table", self.language, count=len(some))
        taken = pd.concat([drawn, states], ignore_index=True)
        notes = (text("gold.money_note", self.language),)
        self.put("money", Section(title, taken, figure, table, summary, notes))

    def projects(self) -> pd.DataFrame:
        """Return the projects of the period that is chosen."""
        listed = tables.projects_of(self.edition.rows("projects", theme=tables.THEME))
        period = self.chosen("period")
        return listed if period in ("", "all") else listed[listed["period"] == period]

    def _draw_projects(self) -> None:
        rows = self.projects()
        title = self.dated(text("gold.projects", self.language))
        table = tables.projects_table(rows, title, self.language)
        summary = text("gold.projects_table", self.language, count=len(rows))
        self.put("projects", Section(title, rows, table=table, folded=summary))

    # --- one Party ------------------------------------------------------------------------------

    def draw_party(self) -> None:
        """Draw all that is known of the Party that is chosen."""
        party, language = self.chosen("party"), self.language
        if not party:
            said = html.escape(text("gold.choose", language))
            self.htmls["party"].value = f"<p>{said}</p>"
            return
        pairs = [*self._standing_facts(party), *self._money_facts(party)]
        amounts = self.amounts(party)
        title = self.dated(text("gold.amounts_of_party", language,
                                place=entities.states(self.language)[party]))  # fmt: skip
        body = tables.facts(pairs) + side_by_side(amounts, title, language)
        head = html.escape(entities.states(self.language)[party])
        self.htmls["party"].value = f'<div class="evalkit-party"><h3>{head}</h3>{body}</div>'

    def _standing_facts(self, party: str) -> list[tuple[str, str]]:
        told = []
        for name, clause in (("notification", ""), ("plan", "action-plan"),
                             ("review", "action-plan-review")):  # fmt: skip
            found = self.standing(clause)
            mine = found[found["party"] == party]
            parts = [standing.hover(row, clause, self.language) for row in mine.itertuples()]
            told.append((text(f"gold.fact.{name}", self.language), "; ".join(parts)))
        return told

    def _money_facts(self, party: str) -> list[tuple[str, str]]:
        rows = choices.rows_of(self.rows(GRANTS[0]), self.money_choice())
        said = tables.own_value(rows, party, self.language)
        return [(text("gold.fact.money", self.language), said)]
