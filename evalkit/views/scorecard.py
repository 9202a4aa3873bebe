"""The scorecard dashboard: themes and evaluation questions, and the sheet of each indicator."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets as widgets
import pandas as pd

from evalkit.reference import entities
from evalkit.reference.rows import rows as reference
from evalkit.reference.texts import plural, text
from evalkit.views import answerable, numbers, page, sheet
from evalkit.views import choice as choices
from evalkit.views.bars import bars
from evalkit.views.dashboard import Dashboard
from evalkit.views.score import Score, Spec, indicator_title, latest_period, matrix, score

DAYS = "reporting-rate"  # an indicator that is computed for all days of an edition


class Scorecard(Dashboard):
    """The widgets of the scorecard and what ties them together.

    Parameters
    ----------
    edition : Edition
        What is shown.
    query : str
        The address's query string.

    Examples
    --------
    >>> Scorecard(evalkit.load(), "indicator=gef-grants").widget  # doctest: +SKIP
    """

    CHOICES: ClassVar = ("as_of", "group", "indicator")
    RECORDED: ClassVar = (("group",), ("as_of",))
    HTMLS: ClassVar = ("notice", "matrix", "answerable", "sheet", "bars", "note", "rows")
    FIGURES: ClassVar = ("bars",)

    def fill(self) -> None:
        """Set the options of the choosers, from the address where it names them."""
        self.of_groups: dict[str, pd.DataFrame] = {}
        self.scored: dict[tuple[str, str], list[Score]] = {}
        self.days(self.edition.results_of(DAYS), self.asked.get("as_of", ""))
        self.groups(self.asked.get("group", entities.WORLD))
        titles = [(indicator_title(spec, self.language), spec["id"]) for spec in self.specs]
        self.options("indicator", titles, self.asked.get("indicator", ""))

    @property
    def specs(self) -> list[Spec]:
        """The rows of the catalogue of indicators."""
        return list(reference("indicators.csv"))

    def parts(self) -> list[widgets.Widget]:
        """Return the widgets of the page, from the top."""
        h = self.htmls
        return [
            widgets.HTML(page.paragraph(text("scorecard.lead", self.language), "evalkit-lead")),
            h["notice"],
            self.row("as_of", "group"),
            h["headline"],
            h["matrix"],
            widgets.HTML(answerable.legend(self.language)),
            page.heading(text("scorecard.sheet", self.language), "sheet"),
            self.row("indicator"),
            *(h["sheet"], h["bars"], self.outputs["bars"], h["note"], h["rows"]),
            page.heading(text("scorecard.answerable", self.language), "answerable"),
            h["answerable"],
            page.about(self.edition, self.language),
        ]

    def answer(self, name: str) -> None:
        """Show what follows from a choice."""
        self._draw_matrix()
        self._draw_sheet()

    def pick(self, place: str) -> None:
        """Open the sheet of the indicator that a reader clicks on."""
        if place in {spec["id"] for spec in self.specs}:
            self.choosers["indicator"].value = place

    def draw(self) -> None:
        """Draw everything for the present choice."""
        told = text("scorecard.notice", self.language)
        self.htmls["notice"].value = page.notice(told)
        self._draw_matrix()
        self._draw_sheet()

    def _of_groups(self, indicator: str) -> pd.DataFrame:
        """Return the results of groups, all days; those of States are many and not kept."""
        if indicator not in self.of_groups:
            kept = pd.DataFrame({"as_of": [], "entity": []})
            if indicator in self.edition.manifest["results"]:
                rows = self.edition.results_of(indicator)
                # One State stays, so that it shows where an indicator tells of States alone.
                one = rows["entity"] == rows["entity"].iloc[0]
                kept = rows[rows["entity"].isin(entities.groups()) | one]
            self.of_groups[indicator] = kept
        return self.of_groups[indicator]

    def _on_day(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["as_of"] == self.chosen("as_of")]

    def scores(self) -> list[Score]:
        """Return the scores of all indicators for the chosen group and day, made once."""
        day, group = str(self.chosen("as_of")), self.chosen("group")
        if (day, group) not in self.scored:
            self.scored[day, group] = [
                score(spec, self._on_day(self._of_groups(spec["id"])), group) for spec in self.specs
            ]
        return self.scored[day, group]

    def _draw_matrix(self) -> None:
        scores = self.scores()
        chosen = self.chosen("indicator")
        self.htmls["matrix"].value = matrix(scores, chosen, self.language)
        with_value = sum(one.has_value for one in scores)
        place = entities.titles(self.language)[self.chosen("group")]
        day = numbers.day(self.chosen("as_of"), self.language)
        said = plural("scorecard.said", with_value, self.language, of=len(scores), place=place)
        over = text("view.as_of", self.language, day=day)
        lines = [text("scorecard.no_ranking", self.language)]
        if self.chosen("as_of") != self.edition.as_of:
            lines.append(text("scorecard.other_day", self.language))
        self.htmls["headline"].value = page.said(over, said, *lines)
        table = answerable.overview_table(scores, self.language)
        missing = answerable.missing_list(scores, self.language)
        summary = text("scorecard.missing", self.language)
        table += page.paragraph(text("scorecard.answer_note", self.language), "evalkit-note")
        self.htmls["answerable"].value = table + page.details(summary, missing)

    def _draw_sheet(self) -> None:
        name = self.chosen("indicator")
        spec = next(spec for spec in self.specs if spec["id"] == name)
        held = self.edition.manifest
        every = self.edition.results_of(name) if name in held["results"] else self.rows_of_none()
        rows = self._on_day(every)
        self.htmls["sheet"].value = sheet.sheet(
            spec, rows, held=held["tables"], sources=self.sources, language=self.language
        )
        self._draw_bars(spec, rows)

    def rows_of_none(self) -> pd.DataFrame:
        """Return results without a row, of an indicator that the edition does not hold."""
        return self.edition.results_of(DAYS).iloc[:0]

    def _draw_bars(self, spec: Spec, rows: pd.DataFrame) -> None:
        groups = choices.of_groups(rows)
        note = self.note(rows)
        self.htmls["note"].value = page.note(note)
        title = indicator_title(spec, self.language)
        name = f"evalkit-{spec['id']}-{self.chosen('as_of')}"
        every = rows[rows["entity"].isin(entities.groups())]
        self.htmls["rows"].value = self.downloads(every, title, note, name)
        self.outputs["bars"].layout.display = "" if len(groups) else "none"
        self.htmls["bars"].value = ""
        if groups.empty:
            return
        series = choices.series(groups)
        first = "" if "" in series else series[0]
        period = latest_period(groups, first, self.chosen("as_of"))
        drawn = groups[(groups["series"] == first) & (groups["period"] == period)]
        named = choices.period_title(period, self.language) if period else ""
        shown = " · ".join(part for part in (title, named) if part)
        shown = page.marked(shown, self.edition, self.language)
        self.htmls["bars"].value = page.title(shown)
        page.show(
            self.outputs["bars"],
            bars(drawn, title=shown, note=note, titled=False, language=self.language),
        )
