"""The page on artisanal and small-scale gold mining (article 7): plans, mercury, money."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as widgets
import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.rows import by
from evalkit.reference.texts import plural, text
from evalkit.views import choice as choices
from evalkit.views import gold_mining_standing as standing
from evalkit.views import page, sentences
from evalkit.views.choice import Choice
from evalkit.views.classes import classes
from evalkit.views.gold_mining_amounts import GRANTS, MET, NOTIFIED, THEME, Amounts
from evalkit.views.sections import Section
from evalkit.views.table import results_table
from evalkit.views.world_map import world_map

PLANS = "action-plans-submitted"
PLAN, REVIEW, NOTIFICATION, MONEY = "plan", "review", "notification", "money"
CLAUSES = {PLAN: "action-plan", REVIEW: "action-plan-review", NOTIFICATION: ""}


class GoldMining(Amounts):
    """The widgets of the page and what ties them together.

    Parameters
    ----------
    edition : Edition
        What is shown.
    query : str
        The address's query string.

    Examples
    --------
    >>> GoldMining(evalkit.load(), "show=review&party=GHA").widget  # doctest: +SKIP
    """

    CHOICES: ClassVar = ("show", "as_of", "group", "period", "party")
    RECORDED: ClassVar = (("show", "group"),)
    HTMLS: ClassVar = ("notice", "party", "missing")
    SECTIONS: ClassVar = ("map", "groups", "reports", "amounts", "sectors", "money", "projects")
    FIGURES: ClassVar = ("map", "groups", "sectors", "money")

    def fill(self) -> None:
        """Set the options of the choosers, from the address where it names them."""
        shown = [(text(f"gold.show.{one}", self.language), one) for one in (*CLAUSES, MONEY)]
        self.options("show", shown, self.asked.get("show", PLAN))
        self.days(self.rows(MET), self.asked.get("as_of", ""))
        self.groups(self.asked.get("group", entities.WORLD))
        periods = choices.periods(self.rows(GRANTS[0]), GRANTS[1], self.edition.as_of)
        named = [(choices.period_title(one, self.language), one) for one in periods]
        self.options("period", named or [("", "")], self.asked.get("period", ""))
        self.states(self.asked.get("party", ""))

    def parts(self) -> list[widgets.Widget]:
        """Return the widgets of the page, from the top."""
        headed = {
            "reports": ("reports",),
            "amounts": ("amounts", "sectors"),
            "money": ("money", "projects"),
        }
        body: list[widgets.Widget] = []
        for name, names in headed.items():
            body.append(page.heading(text(f"gold.{name}", self.language), name))
            body += [self.row("period")] if name == "money" else []
            body += [widget for one in names for widget in self.section(one)]
        told = widgets.HTML(page.paragraph(text("gold.lead", self.language), "evalkit-lead"))
        return [
            told,
            self.htmls["notice"],
            self.row("show", "as_of", "group"),
            *(self.htmls["headline"], *self.section("map"), *self.section("groups")),
            *body,
            page.heading(text("party.heading", self.language), "party"),
            self.row("party"),
            self.htmls["party"],
            page.heading(text("gold.missing", self.language), "missing"),
            self.htmls["missing"],
            page.about(self.edition, self.language),
        ]

    def answer(self, name: str) -> None:
        """Show what follows from a choice; another Party changes its panel alone."""
        if name == "party":
            self.draw_party()
        else:
            self.draw()

    def draw(self) -> None:
        """Draw everything for the present choice."""
        self._draw_head()
        if self.chosen("show") == MONEY:
            self._draw_money_map()
        else:
            self._draw_standing()
        self.draw_amounts()
        self.draw_party()
        self._draw_missing()

    # --- notifications, plans, reviews ----------------------------------------------------------

    def _draw_head(self) -> None:
        clause = CLAUSES.get(self.chosen("show")) or CLAUSES[PLAN]
        group = self.chosen("group")
        met = self._group_row(standing.of_clause(self.on_day(MET), clause))
        told = [(MET, clause, met)]
        told += [(one, "", self._group_row(self.on_day(one))) for one in (NOTIFIED, PLANS)]
        if self.chosen("show") == NOTIFICATION:
            told = [told[1], told[0], told[2]]
        # What is known goes first: without a register of notifications it is a published count.
        told.sort(key=lambda one: one[2] is None or one[2]["status"] != Status.OK)
        (title, said), *rest = [self._said(*one) for one in told]
        lines = [f"{over}. {told}" for over, told in rest]
        if met is not None and met["status"] == Status.OK:
            several = standing.counts(self.standing(clause), group)
            lines = [sentences.counts(met, self.language), self._told(several, clause), *lines]
        over = self.dated(title, self.chosen("as_of"))
        self.htmls["headline"].value = page.said(over, said, *lines)

    def _said(self, indicator: str, series: str, row: pd.Series | None) -> tuple[str, str]:
        """Return what an indicator is called and the sentence about the group."""
        chosen = Choice(indicator, series, "", self.chosen("as_of"), self.chosen("group"))
        key = f"gold.show.{REVIEW if series == CLAUSES[REVIEW] else PLAN}"
        title = f"indicator.{indicator}.title" if indicator != MET else key
        return text(title, self.language), sentences.headline(row, chosen, self.language)

    def _told(self, several: dict[str, int], clause: str) -> str:
        """Return how many States are in each state, but those not bound, in words."""
        parts = [
            f"{standing.state_text(state, clause, self.language)}: {n}"
            for state, n in several.items()
            if n and state != Status.NOT_PARTY
        ]
        return "; ".join(parts)

    def _group_row(self, rows: pd.DataFrame) -> pd.Series | None:
        found = rows[rows["entity"] == self.chosen("group")]
        return found.iloc[0] if len(found) else None

    def _draw_standing(self) -> None:
        show, group, language = self.chosen("show"), self.chosen("group"), self.language
        clause = CLAUSES[show]
        every = self.standing(clause)
        found = every[every["party"].isin(entities.members(group))]
        title = self.dated(text(f"gold.show.{show}", language), self.chosen("as_of"))
        rows, kinds = standing.for_map(found, clause, language)
        notes = (by("clauses.csv", "clause")[clause]["note"],) if clause else ()
        figure = world_map(rows, kinds, title=title, note=self.note(found), titled=False,
                           language=language)  # fmt: skip
        table = standing.parties_table(found, clause, title, language)
        summary = plural("table.open", len(found), language, count=len(found))
        beneath = (text("map.un_note", language), *notes)
        self.put("map", Section(title, self._taken(found), figure, table, summary, beneath))
        if standing.nothing_known(every):
            self.hide("groups")
            return
        title = f"{text('bars.groups', language)}: {title}"
        figure = standing.figure(every, clause, title=title, note=self.note(every),
                                 language=language)  # fmt: skip
        table = standing.groups_table(every, clause, list(entities.groups()), title, language)
        summary = text("table.figure", language)
        self.put("groups", Section(title, self._taken(every), figure, table, summary))

    def _taken(self, found: pd.DataFrame) -> pd.DataFrame:
        """Return the standing of States as it is taken away, with what it speaks of."""
        return found.assign(what=self.chosen("show"), known_on=self.chosen("as_of"))

    def _draw_money_map(self) -> None:
        chosen = self.money_choice()
        rows = choices.of_states(choices.rows_of(self.rows(GRANTS[0]), chosen), chosen.group)
        title = self.money_title(chosen)
        found = classes(rows, chosen.indicator, "USD", self.language)
        figure = world_map(rows, found, title=title, note=self.note(rows), titled=False,
                           language=self.language)  # fmt: skip
        table = results_table(rows, title, self.language)
        summary = plural("table.open", len(rows), self.language, count=len(rows))
        beneath = (text("map.un_note", self.language), text("gold.money_note", self.language))
        self.put("map", Section(title, rows, figure, table, summary, beneath))
        self.hide("groups")

    def _draw_missing(self) -> None:
        scores = self.scores(THEME)
        n = sum(one.has_value for one in scores)
        said = plural("gold.notice", n, self.language, of=len(scores))
        self.htmls["notice"].value = page.notice(said)
        self.htmls["missing"].value = self.missing(scores)
