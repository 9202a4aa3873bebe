"""The page on emissions and releases: map, sectors, inventories side by side, Annex D."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd

from evalkit.model import Basis, Status
from evalkit.reference import entities
from evalkit.reference.texts import plural, text
from evalkit.views import choice as choices
from evalkit.views import emissions_grid as grid
from evalkit.views import numbers, page, sentences
from evalkit.views.bars import bars
from evalkit.views.choice import Choice
from evalkit.views.classes import classes
from evalkit.views.emissions_sections import AIR, ANNEX_D, Beside
from evalkit.views.inventories import FACILITIES, inventories, inventory_of, latest, present
from evalkit.views.sections import Section
from evalkit.views.table import results_table, value_text
from evalkit.views.world_map import world_map

THEME = "emissions-releases"
STATES, CELLS = "states", "cells"  # what the map may show


class Emissions(Beside):
    """The widgets of the page and what ties them together.

    Parameters
    ----------
    edition : Edition
        What is shown, as of its own day.
    query : str
        The address's query string.

    Examples
    --------
    >>> Emissions(evalkit.load(), "inventory=gma-2018&year=2015").widget  # doctest: +SKIP
    """

    CHOICES: ClassVar = (
        *("as_of", "inventory", "year", "group", "party"),
        *("drawn", "mapped", "mapped_year"),
    )
    RECORDED: ClassVar = (("inventory",), ("group",), ("mapped",))
    HTMLS: ClassVar = ("missing",)
    SECTIONS: ClassVar = (
        *("annex-d", "compared", "sectors", "map", "areas", "trend", "change"),
        *("agreement", "per_person", "releases", "legacy", "grids"),
    )
    FIGURES: ClassVar = (
        *("annex-d", "compared", "sectors", "map", "areas", "trend", "change", "legacy"),
    )
    YEARS: ClassVar = {"inventory": "year", "mapped": "mapped_year"}

    def fill(self) -> None:
        """Set the options of the choosers, from the address where it names them."""
        self.days(self.air, self.asked.get("as_of", ""))  # the edition's own, and no other
        every = inventories(self.air)
        named = [(choices.series_title(one, self.language), one) for one in every]
        wanted = self.asked.get("inventory", "")
        first = wanted if wanted in every else self._by_source(every)
        self.options("inventory", named or [("", "")], first)
        self._ways()
        self._mapped(self.asked.get("mapped", ""))
        self.groups(self.asked.get("group", entities.WORLD))
        self.states(self.asked.get("party", ""))
        for name, year in self.YEARS.items():
            self._years(name, self.asked.get(year, ""))

    def _by_source(self, every: list[str]) -> str:
        """Return the inventory to begin with: one with the world's sources of Annex D.

        What was read goes before what is from memory, then the later year, then more sources.
        """
        rows = present(self.here(ANNEX_D, entities.WORLD))
        rows = rows[rows["status"] == Status.OK]
        rows = rows.assign(read=rows["basis"] != Basis.MEMORY, name=inventory_of(rows))
        by = ["read", "period", "n_rows"]
        counts = (
            rows.assign(n_rows=1)
            .groupby("name")
            .agg({"read": "min", "period": "max", "n_rows": "sum"})
        )
        order = counts.sort_values(by, ascending=False, kind="stable").index
        return next((name for name in order if name in every), next(iter(every), ""))

    def _by_state(self, every: list[str]) -> str:
        """Return the inventory with a total for most States: a map needs them."""
        rows = self.air
        known = rows[(rows["status"] == Status.OK) & rows["entity"].isin(entities.states())]
        known = known[~inventory_of(known).str.split("@").str[0].isin(self._registers())]
        counts = known[known["series"].isin(every)].groupby("series")["entity"].nunique()
        return str(counts.idxmax()) if len(counts) else next(iter(every), "")

    def _registers(self) -> set[str]:
        """Return the inventories that are registers of facilities, whose sums are no totals."""
        if "inventories" not in self.edition.manifest["tables"]:
            return set()
        listed = self.edition.table("inventories")
        return set(listed.loc[listed["covers"].isin(FACILITIES), "inventory"])

    def _ways(self) -> None:
        """Let the map be drawn by Party, and by the cells of a grid where there is one."""
        ways = [STATES, CELLS] if grid.held(self.edition) else [STATES]
        named = [(text(f"emissions.drawn.{one}", self.language), one) for one in ways]
        self.options("drawn", named, self.asked.get("drawn", ""))
        self.choosers["drawn"].layout.display = "" if len(ways) > 1 else "none"

    def _mapped(self, wanted: str) -> None:
        """Let the map be of each inventory, or of each one on a grid where cells are drawn."""
        if self.chosen("drawn") == CELLS:
            every = list(dict.fromkeys(self.bands["series"]))
            first = every[0]
        else:
            every = inventories(self.air)
            first = self._by_state(every)
        named = [(choices.series_title(one, self.language), one) for one in every]
        self.options("mapped", named or [("", "")], wanted if wanted in every else first)

    @cached_property
    def bands(self) -> pd.DataFrame:
        """The bands of grids whose cells the edition has."""
        return grid.bands(self.edition)

    def _years(self, name: str, wanted: str) -> None:
        """Let the chooser of the year offer those of the inventory, the latest first."""
        if name == "mapped" and self.chosen("drawn") == CELLS:
            mine = self.bands[self.bands["series"] == self.chosen(name)]
            found = mine["year"].astype("str")
        else:
            rows = self.air
            mine = rows[(rows["series"] == self.chosen(name)) & (rows["status"] == Status.OK)]
            found = mine["period"]
        years = sorted(found.unique(), reverse=True)
        self.options(self.YEARS[name], [(one, one) for one in years] or [("", "")], wanted)

    def parts(self) -> list[widgets.Widget]:
        """Return the widgets of the page, from the top."""
        told = widgets.HTML(page.paragraph(text("emissions.lead", self.language), "evalkit-lead"))
        body: list[widgets.Widget] = []
        for name in self.SECTIONS:
            if name == "map":
                both = "emissions.by_party_or_cell" if grid.held(self.edition) else ""
                heading = text(both or "emissions.by_party", self.language)
                body += [page.heading(heading, "map"), self.row("drawn", "mapped", "mapped_year")]
            body += self.section(name)
        return [
            told,
            self.row("inventory", "year", "group", "party"),
            self.htmls["headline"],
            *body,
            page.heading(text("emissions.missing", self.language), "missing"),
            self.htmls["missing"],
            page.about(self.edition, self.language),
        ]

    def answer(self, name: str) -> None:
        """Show what follows from a choice; one for the map changes the map alone."""
        if name in (*self.YEARS, "drawn"):
            self.busy = True
            try:
                if name == "drawn":
                    self._mapped(self.chosen("mapped"))
                one = "mapped" if name == "drawn" else name
                self._years(one, self.chosen(self.YEARS[one]))
            finally:
                self.busy = False
        if name in ("drawn", "mapped", "mapped_year"):
            self._draw_map()
        else:
            self.draw()

    def draw(self) -> None:
        """Draw everything for the present choice."""
        self._draw_head()
        self._draw_map()
        self.draw_beside()
        self.htmls["missing"].value = self.missing(self.scores(THEME))

    def on_day(self, indicator: str) -> pd.DataFrame:
        """Return the results of an indicator on the edition's own day: there is no other here."""
        return self.now(indicator)

    @property
    def choice(self) -> Choice:
        """What is chosen now, for the total to air."""
        inventory, year = self.chosen("inventory"), self.chosen("year")
        return Choice(AIR, inventory, year, self.edition.as_of, self.place)

    def _draw_head(self) -> None:
        chosen = self.choice
        rows = choices.rows_of(self.air, chosen)
        mine = rows[rows["entity"] == self.place]
        row = mine.iloc[0] if len(mine) else None
        lines = [text(f"indicator.{AIR}.definition", self.language), *self._others()]
        title = page.marked(sentences.title(chosen, self.language), self.edition, self.language)
        said = sentences.headline(row, chosen, self.language)
        self.htmls["headline"].value = page.said(title, said, *lines)

    def _others(self) -> list[str]:
        """Return what the other inventories give for the place, each with its own latest year."""
        rows = latest(self.air, self.place)
        rows = rows[(rows["status"] == Status.OK) & (rows["series"] != self.chosen("inventory"))]
        return [
            f"{choices.series_title(row.series, self.language)}, {row.period}: "
            f"{value_text(row, self.language)}"
            for row in rows.itertuples()
        ]

    def _draw_map(self) -> None:
        if self.chosen("drawn") == CELLS:
            self._draw_cells()
        else:
            self._draw_states()

    def _draw_cells(self) -> None:
        """Draw the cells of the band that is chosen; they are of no Party and no region."""
        named, year = self.chosen("mapped"), self.chosen("mapped_year")
        same = (self.bands["series"] == named) & (self.bands["year"].astype("str") == year)
        rows = grid.cells(self.edition, self.bands[same].iloc[0])
        said = text("emissions.cells", self.language)
        title = self.dated(f"{said}: {choices.series_title(named, self.language)}, {year}")
        found = grid.cell_classes(rows, self.language)
        figure = grid.grid_map(rows, found, title=title, note=self.note(rows),
                               language=self.language)  # fmt: skip
        table = grid.cells_table(rows, title, self.language)
        summary = text("emissions.cells_table", self.language)
        first = rows.iloc[0]
        height, width = f"{first['height']:g}", f"{first['width']:g}"
        whole = numbers.value(float(rows["kg"].sum()), "kg", self.language)
        notes = (
            text("emissions.cells_note", self.language, height=height, width=width, whole=whole),
            text("map.un_note", self.language),
        )
        taken = rows[[*grid.TAKEN, "source", "basis"]]
        self.put("map", Section(title, taken, figure, table, summary, notes))
        self.hide("areas")

    def _draw_states(self) -> None:
        mapped, year = self.chosen("mapped"), self.chosen("mapped_year")
        chosen = Choice(AIR, mapped, year, self.edition.as_of, self.chosen("group"))
        rows = choices.rows_of(self.air, chosen)
        states = choices.of_states(rows, self.chosen("group"))
        title = sentences.title(chosen, self.language)
        found = classes(states, AIR, "kg", self.language)
        figure = world_map(states, found, title=title, note=self.note(rows), titled=False,
                           language=self.language)  # fmt: skip
        table = results_table(states, title, self.language)
        summary = plural("table.open", len(states), self.language, count=len(states))
        notes = [text("map.un_note", self.language)]
        if not (states["status"] == Status.OK).any():
            notes.insert(0, text("emissions.no_states", self.language))
        self.put("map", Section(title, states, figure, table, summary, tuple(notes)))
        self._draw_areas(choices.of_areas(rows), title)

    def _draw_areas(self, rows: pd.DataFrame, title: str) -> None:
        """Draw the regions of an inventory that gives regions: few of them are one State."""
        if rows.empty:
            self.hide("areas")
            return
        said = f"{text('bars.areas', self.language)}: {title}"
        figure = bars(rows, title=said, note=self.note(rows), titled=False, language=self.language)
        table = results_table(rows, said, self.language)
        summary = text("table.figure", self.language)
        self.put("areas", Section(said, rows, figure, table, summary))
