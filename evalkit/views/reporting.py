"""The dashboard of national reports: who reported, and what the answers to each question are."""

from __future__ import annotations

import html
from functools import partial
from typing import Any, ClassVar

import ipywidgets as widgets
import pandas as pd

from evalkit.reference import entities
from evalkit.reference.texts import plural, text
from evalkit.views import numbers, page, performance, question, search
from evalkit.views.dashboard import Dashboard
from evalkit.views.replies import Counterpart, counterpart, in_group, is_asked
from evalkit.views.reports import Reports, cycle_title
from evalkit.views.tree import tree

SHOWN = 100  # texts listed at once; the download holds all


class Reporting(Dashboard):
    """The widgets of the page of national reports and what ties them together.

    Parameters
    ----------
    edition : Edition
        What is shown.
    query : str
        The address's query string.

    Examples
    --------
    >>> Reporting(evalkit.load(), "cycle=2021-full&question=4.3").widget  # doctest: +SKIP
    """

    CHOICES: ClassVar = ("cycle", "as_of", "group", "question", "compare", "words")
    RECORDED: ClassVar = (("cycle", "group"), ("question",))
    FIELDS: ClassVar = ("words",)
    HTMLS: ClassVar = (
        *("notice", "performance", "performance_note", "groups", "parties", "tree", "question"),
        *("first", "second", "note", "counts", "replies", "rows", "texts"),
    )
    FIGURES: ClassVar = ("performance", "first", "second")

    def fill(self) -> None:
        """Set the options of the choosers, from the address where it names them."""
        self.reports = Reports(self.edition)
        self.days(self.reports.rate, self.asked.get("as_of", ""))
        every = self.reports.cycles.itertuples()
        titles = [(f"{self._named(row)} ({row.cycle})", row.cycle) for row in every]
        latest = self.reports.latest(self.chosen("as_of"))
        self.options("cycle", titles or [("", "")], self.asked.get("cycle", latest))
        self.groups(self.asked.get("group", entities.WORLD))
        self.choosers["words"].value = self.asked.get("words", "")
        self._follow(self.asked.get("question", ""), self.asked.get("compare", ""))

    def parts(self) -> list[widgets.Widget]:
        """Return the widgets of the page, from the top."""
        said = {
            name: text(f"reporting.{name}", self.language)
            for name in ("lead", "questions", "all_questions", "texts")
        }
        h = self.htmls
        fold = widgets.HTML(f'<h3 class="evalkit-sub">{html.escape(said["all_questions"])}</h3>')
        return [
            widgets.HTML(page.paragraph(said["lead"], "evalkit-lead")),
            h["notice"],
            self.row("cycle", "as_of", "group"),
            *(h["headline"], h["performance"], self.outputs["performance"]),
            *(h["performance_note"], h["groups"], h["parties"]),
            page.heading(said["questions"], "questions"),
            self.row("question", "compare"),
            *(h["question"], h["first"], self.outputs["first"]),
            *(h["second"], self.outputs["second"]),
            *(h["note"], h["counts"], h["replies"], h["rows"]),
            page.heading(said["texts"], "texts"),
            self.row("words"),
            h["texts"],
            *(fold, h["tree"]),
            page.about(self.edition, self.language),
        ]

    def answer(self, name: str) -> None:
        """Show what follows from a choice."""
        if name == "words":
            self._draw_texts()
            return
        if name in ("question", "compare"):
            self._draw_asked()
            return
        if name in ("cycle", "as_of"):
            self.busy = True
            try:
                self._follow(self.chosen("question"), self.chosen("compare"))
            finally:
                self.busy = False
        self.draw()

    def pick(self, place: str) -> None:
        """Show the question that a reader clicks on in the tree."""
        if place in set(self.form["question"]):
            self.choosers["question"].value = place

    def draw(self) -> None:
        """Draw everything for the present choice."""
        self.htmls["notice"].value = self._notice()
        self._draw_performance()
        self._draw_asked()

    def _draw_asked(self) -> None:
        self.htmls["tree"].value = tree(self.form, self.chosen("question"), self.language)
        self._draw_question()
        self._draw_texts()

    # --- what is chosen -------------------------------------------------------------------------

    @property
    def cycle(self) -> Any:
        """The row of the cycle that is chosen."""
        return self.reports.cycle(self.chosen("cycle"))

    @property
    def form(self) -> pd.DataFrame:
        """The questions of the form of the cycle that is chosen."""
        return self.reports.form(self.cycle)

    def _follow(self, asked: str, compare: str) -> None:
        """Let the choosers of question and second cycle follow the cycle."""
        form = self.form
        asking = form[form["answer_type"] != "heading"]
        titles = [(self._titled(row), row.question) for row in asking.itertuples()]
        articles = asking.loc[asking["article"] != "", "question"]
        first = articles.iloc[0] if len(articles) else ""
        names = {name for _, name in titles}
        self.options("question", titles or [("", "")], asked if asked in names else first)
        every, chosen = self.reports.cycles.itertuples(), self.chosen("cycle")
        others = [row for row in every if row.cycle != chosen]
        named = [(f"{self._named(row)} ({row.cycle})", row.cycle) for row in others]
        none = (text("choose.no_compare", self.language), "")
        self.options("compare", [none, *named], compare)

    def _named(self, cycle: Any) -> str:
        return cycle_title(cycle, self.language)

    def _titled(self, asked: Any) -> str:
        return question.question_title(asked, self.language)

    def _replies(self, asked: Any, cycle: Any) -> pd.DataFrame:
        return self.reports.replies(asked, cycle, self.chosen("as_of"))

    @property
    def _asked(self) -> Any:
        return self.reports.question(self.chosen("question"), self.cycle)

    @property
    def _groups(self) -> list[str]:
        first = self.chosen("group")
        return [first, *(group for group in entities.groups() if group != first)]

    # --- what is drawn --------------------------------------------------------------------------

    def _notice(self) -> str:
        held = self.reports.loaded
        key = "reporting.loaded" if held["answers"] else "reporting.not_loaded"
        reports, answers = held["submissions"], held["answers"]
        return page.notice(text(key, self.language, reports=reports, answers=answers))

    def _draw_performance(self) -> None:
        cycle, group = self.cycle, self.chosen("group")
        rows = performance.performance(
            self.reports.standing(cycle, self.chosen("as_of")),
            self.reports.submissions,
            cycle,
        )
        of, named = text("reporting.performance", self.language), self._named(cycle)
        title = f"{of} · {named} · {self.day_said()}"
        title = page.marked(title, self.edition, self.language)
        note = self.note(rows)
        said = performance.performance_sentence(rows, group, self.language)
        due = text("reporting.due", self.language, day=numbers.day(cycle.due_on, self.language))
        self.htmls["headline"].value = page.said(title, said, due)
        self.htmls["performance"].value = page.title(title)
        groups = list(entities.groups())
        drawn = performance.performance_figure(
            rows, groups, title=title, note=note, language=self.language
        )
        page.show(self.outputs["performance"], drawn)
        self.htmls["performance_note"].value = page.note(note)
        table = performance.groups_table(rows, groups, title, self.language)
        self.htmls["groups"].value = page.details(text("table.figure", self.language), table)
        inside = in_group(rows, group)
        table = performance.parties_table(inside, title, self.language)
        summary = text("reporting.parties", self.language, place=self.place_name(group))
        name = f"evalkit-reports-{cycle.cycle}-{self.chosen('as_of')}"
        taken = self.downloads(inside.assign(cycle=cycle.cycle), title, note, name)
        self.htmls["parties"].value = page.details(summary, table) + taken

    def _draw_question(self) -> None:
        asked = self._asked
        for name in ("question", "first", "second", "note", "counts", "replies", "rows"):
            self.htmls[name].value = ""
        for name in ("first", "second"):
            self.outputs[name].layout.display = "none"
        if asked is None:
            self.htmls["question"].value = page.paragraph(text("reporting.no_form", self.language))
            return
        rows = self._replies(asked, self.cycle)
        found = question.classed(rows, asked, self.language)
        lines = [question.sentence(found, self.chosen("group"), self.language)]
        lines += self._remarks(asked)
        title = self._titled(asked)
        self.htmls["question"].value = page.said(self._named(self.cycle), title, *lines)
        note = self._draw_answers("first", asked, self.cycle, rows)
        self._draw_compared(asked)
        self.htmls["note"].value = page.note(note)
        self._draw_tables(asked, rows, found, note)

    def _remarks(self, asked: Any) -> list[str]:
        short = self.cycle.kind == "short"
        told = {
            "memory": asked.standing == "memory",
            "part_of": bool(asked.parent),
            "supplemental": asked.supplemental == "Y",
            "not_asked": not is_asked(asked, self.cycle),
            "uncertain": short and asked.in_short == "uncertain",
        }
        return [
            text(f"reporting.{name}", self.language, parent=asked.parent)
            for name, holds in told.items()
            if holds
        ]

    def _draw_answers(self, where: str, asked: Any, cycle: Any, rows: pd.DataFrame) -> str:
        found = question.classed(rows, asked, self.language)
        day = self.day_said()
        mark = partial(page.marked, edition=self.edition, language=self.language)
        title = mark(f"{self._titled(asked)} · {self._named(cycle)} · {day}")
        note = self.note(rows[rows["source"] != ""])
        drawn = question.figure(found, self._groups, title=title, note=note, language=self.language)
        self.htmls[where].value = page.title(mark(f"{self._named(cycle)} · {day}"))
        self.outputs[where].layout.display = ""
        page.show(self.outputs[where], drawn)
        return note

    def _draw_compared(self, asked: Any) -> None:
        if not self.chosen("compare"):
            return
        other = self.reports.cycle(self.chosen("compare"))
        found = counterpart(
            self.reports.question_map,
            asked.question,
            of=self.cycle.format_version,
            to=other.format_version,
        )
        twin = self.reports.question(found.question, other)
        if found.comparable and twin is not None:
            self._draw_answers("second", twin, other, self._replies(twin, other))
            return
        self.htmls["second"].value = self._not_comparable(found, other)

    def _not_comparable(self, found: Counterpart, other: Any) -> str:
        reason = text(f"relation.{found.relation}", self.language, others=found.question)
        cycle = self._named(other)
        said = text("reporting.not_comparable", self.language, cycle=cycle, reason=reason)
        return f'<div class="evalkit-notice">{html.escape(f"{said} {found.note}".strip())}</div>'

    def _draw_tables(
        self, asked: Any, rows: pd.DataFrame, found: question.Classed, note: str
    ) -> None:
        group, title = self.chosen("group"), self._titled(asked)
        table = question.counts_table(found, self._groups, title, self.language)
        shown = page.details(text("table.figure", self.language), table)
        if asked.answer_type == "number":
            caption = text("reporting.amounts", self.language, question=title)
            shown = question.amounts_table(rows, self._groups, caption, self.language) + shown
        self.htmls["counts"].value = shown
        inside = in_group(rows, group)
        table = question.replies_table(inside, title, self.language)
        summary = text("reporting.replies", self.language, place=self.place_name(group))
        self.htmls["replies"].value = page.details(summary, table)
        day = self.chosen("as_of")
        taken = inside.assign(question=asked.question, cycle=self.cycle.cycle, as_of=day)
        name = f"evalkit-{asked.question}-{self.cycle.cycle}-{day}"
        remarks = self._remarks(asked)
        self.htmls["rows"].value = self.downloads(taken, title, note, name, remarks)

    def _draw_texts(self) -> None:
        asked, wanted = self._asked, self.chosen("words")
        if asked is None:
            self.htmls["texts"].value = ""
            return
        rows = in_group(self._replies(asked, self.cycle), self.chosen("group"))
        every = search.find(rows, "")
        hits = search.find(rows, wanted)
        key = "reporting.found" if wanted else "reporting.texts_given"
        said = plural(key, len(hits), self.language, of=len(every), words=wanted)
        listed = search.listed(hits.head(SHOWN), wanted, self.language)
        self.htmls["texts"].value = page.paragraph(said) + listed
