"""The overview dashboard: choices, headline, map, bars, table, downloads, Party panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import ipywidgets as widgets
import pandas as pd

from evalkit.reference import entities
from evalkit.reference.rows import by
from evalkit.reference.rows import rows as reference
from evalkit.reference.texts import plural, text
from evalkit.reference.titles import title
from evalkit.views import choice as choices
from evalkit.views import page, sentences
from evalkit.views.bars import bars
from evalkit.views.choice import Choice
from evalkit.views.classes import classes
from evalkit.views.dashboard import Dashboard
from evalkit.views.party_panel import PartyData, party_panel
from evalkit.views.table import results_table
from evalkit.views.world_map import world_map

if TYPE_CHECKING:
    from evalkit.editions.store import Edition

FIRST = "parties-in-force"
PANEL = ("obligations", "emissions-to-air")


class Overview(Dashboard):
    """The widgets of the overview page and what ties them together.

    Parameters
    ----------
    edition : Edition
        What is shown.
    query : str
        The address's query string.

    Examples
    --------
    >>> Overview(evalkit.load(), "party=GHA").widget  # doctest: +SKIP
    """

    CHOICES: ClassVar = ("indicator", "series", "period", "as_of", "group", "party", "theme")
    HTMLS: ClassVar = ("map", "note", "bars", "table", "downloads", "party")
    FIGURES: ClassVar = ("map", "bars")

    party_data: PartyData | None = None

    @staticmethod
    def whole(edition: Edition, language: str, indicators: tuple[str, ...]) -> dict[str, Any]:
        """Return all that the page can show, as the folder of files holds it."""
        from evalkit.views.books import books  # a visitor's kernel needs none of it

        return books(edition, language, indicators)

    def parts(self) -> list[widgets.Widget]:
        """Return the widgets of the page, from the top."""
        return [
            page.lead(self.edition, self.language),
            self.row("theme", "indicator", "series", "period", "as_of", "group"),
            self.htmls["headline"],
            self.htmls["map"],
            self.outputs["map"],
            self.htmls["note"],
            self.htmls["bars"],
            self.outputs["bars"],
            self.htmls["table"],
            self.htmls["downloads"],
            page.heading(text("party.heading", self.language), "party"),
            self.row("party"),
            self.htmls["party"],
            page.about(self.edition, self.language),
        ]

    def fill(self) -> None:
        """Set the options of the choosers, from the address where it names them."""
        every = (text("choose.every_theme", self.language), "")
        themes = [
            (title("theme", row["theme"], self.language), row["theme"])
            for row in reference("themes.csv")
        ]
        self.options("theme", [every, *themes], self.asked.get("theme", ""))
        self._indicators(self.asked.get("indicator", FIRST))
        self.groups(self.asked.get("group", entities.WORLD))
        self.states(self.asked.get("party", ""))
        asked_day = self.asked.get("as_of", "")
        self.options("as_of", [(asked_day, asked_day)], asked_day)
        self._follow(fresh=True)

    def _indicators(self, wanted: str) -> None:
        """Offer the indicators of the theme, by theme, with a word where none of their data is."""
        held, theme = self.edition.manifest["results"], self.chosen("theme")
        order = list(by("themes.csv", "theme"))
        rows = [one for one in reference("indicators.csv") if one["id"] in held]
        rows = [one for one in rows if theme in ("", one["theme"])]
        rows.sort(key=lambda one: order.index(one["theme"]))
        titles = [
            (choices.indicator_title(one["id"], held[one["id"]], self.language), one["id"])
            for one in rows
        ]
        first = FIRST if FIRST in {one["id"] for one in rows} else ""
        known = wanted in {one["id"] for one in rows}
        self.options("indicator", titles, wanted if known else first)

    def options(self, name: str, options: Sequence[tuple[str, str]], wanted: str) -> None:
        """Set the options of a chooser; a series or period without a choice is not shown."""
        super().options(name, options, wanted)
        hidden = len(options) < 2 and name in ("series", "period")
        self.choosers[name].layout.display = "none" if hidden else ""

    def _follow(self, *, fresh: bool) -> None:
        """Let day, series and period follow the indicator.

        `fresh`: another indicator, so series and period start anew (from the address at first).
        """
        rows = self._rows()
        was = {name: self.choosers[name].value or "" for name in ("as_of", "series", "period")}
        if fresh:
            was |= {name: self.asked.get(name, "") for name in ("series", "period")}
            self.asked = {}
        self.days(rows, was["as_of"])
        series = [(choices.series_title(s, self.language), s) for s in choices.series(rows)]
        self.options("series", series, was["series"])
        found = choices.periods(rows, self.choosers["series"].value, self.choosers["as_of"].value)
        periods = [(choices.period_title(p, self.language) if p else "", p) for p in found]
        self.options("period", periods or [("", "")], was["period"])

    def answer(self, name: str) -> None:
        """Show what follows from a choice; another Party changes its panel alone."""
        if name == "party":
            self._draw_party()
            return
        self.busy = True
        try:
            if name == "theme":
                self._indicators(self.chosen("indicator"))
            self._follow(fresh=name in ("theme", "indicator"))
        finally:
            self.busy = False
        self.draw()

    def _rows(self) -> pd.DataFrame:
        return self.rows(self.chosen("indicator"))

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice(*map(self.chosen, self.CHOICES[:5]))

    def draw(self) -> None:
        """Draw everything for the present choice."""
        chosen = self.choice
        rows = choices.rows_of(self._rows(), chosen)
        states = choices.of_states(rows, chosen.group)
        title = page.marked(sentences.title(chosen, self.language), self.edition, self.language)
        note = self.note(rows)
        self._draw_headline(rows, chosen)
        self.htmls["map"].value = page.title(title)
        self._draw_map(rows, states, chosen, title, note)
        self._draw_bars(rows, chosen, note)
        listed = states if len(states) else choices.of_groups(rows)
        self._draw_table(listed, chosen, title, note)
        self._draw_party()

    def _draw_map(
        self, rows: pd.DataFrame, states: pd.DataFrame, chosen: Choice, title: str, note: str
    ) -> None:
        """Draw the map; a series of groups, as a change between cycles, has none."""
        self.outputs["map"].layout.display = "" if len(states) else "none"
        if states.empty:
            self.htmls["note"].value = page.note(note, text("map.groups_only", self.language))
            return
        found = classes(states, chosen.indicator, self._unit(rows), self.language)
        figure = world_map(
            states, found, title=title, note=note, titled=False, language=self.language
        )
        page.show(self.outputs["map"], figure)
        self.htmls["note"].value = page.note(note, text("map.un_note", self.language))

    def _unit(self, rows: pd.DataFrame) -> str:
        return str(rows["unit"].iloc[0]) if len(rows) else ""

    def _draw_headline(self, rows: pd.DataFrame, chosen: Choice) -> None:
        of_group = rows[rows["entity"] == chosen.group]
        row = of_group.iloc[0] if len(of_group) else None
        self.htmls["headline"].value = page.headline(row, chosen, self.language)

    def _draw_bars(self, rows: pd.DataFrame, chosen: Choice, note: str) -> None:
        groups = choices.of_groups(rows)
        sectors = choices.of_sectors(self._rows(), chosen)
        areas = choices.of_areas(rows)
        drawn, key = next(
            (
                pair
                for pair in ((areas, "areas"), (sectors, "sectors"), (groups, "groups"))
                if len(pair[0])
            ),
            (groups, "groups"),
        )
        self.outputs["bars"].layout.display = "" if len(drawn) else "none"
        title = f"{text(f'bars.{key}', self.language)}: {sentences.title(chosen, self.language)}"
        title = page.marked(title, self.edition, self.language)
        said = page.marked(text(f"bars.{key}", self.language), self.edition, self.language)
        self.htmls["bars"].value = page.title(said)
        figure = bars(
            drawn,
            title=title,
            note=note,
            by_series=key == "sectors",
            titled=False,
            language=self.language,
        )
        page.show(self.outputs["bars"], figure)

    def _draw_table(self, states: pd.DataFrame, chosen: Choice, title: str, note: str) -> None:
        table = results_table(states, title, self.language)
        summary = plural("table.open", len(states), self.language, count=len(states))
        self.htmls["table"].value = page.details(summary, table)
        name = f"evalkit-{chosen.indicator}-{chosen.as_of}"
        self.htmls["downloads"].value = self.downloads(states, title, note, name)

    def _draw_party(self) -> None:
        party = self.choosers["party"].value
        if not party:
            self.htmls["party"].value = page.paragraph(text("party.choose", self.language))
            return
        if self.party_data is None:
            names = ("parties", "projects", "project_places")
            tables = {name: self.edition.table(name) for name in names}
            self.party_data = PartyData(tables, {name: self.rows(name) for name in PANEL})
        known = choices.days(self.rows("obligations"))
        day = self.choosers["as_of"].value
        self.htmls["party"].value = party_panel(
            self.party_data, party, day if day in known else self.edition.as_of, self.language
        )
