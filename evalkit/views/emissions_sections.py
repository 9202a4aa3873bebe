"""The sections of the page on emissions beside the map: sectors, years, agreement, Annex D."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import emissions_lines as lines
from evalkit.views import emissions_tables as tables
from evalkit.views import numbers
from evalkit.views.bars import bars
from evalkit.views.choice import series_title
from evalkit.views.emissions_figures import annex_d_bounds, point_sources, sector_stacks
from evalkit.views.inventories import (
    SCENARIOS,
    in_year,
    inventory_of,
    latest,
    present,
    side_by_side,
)
from evalkit.views.sections import Section, Sections

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go

AIR, SECTORS, CHANGE = "emissions-to-air", "emissions-by-sector", "emissions-change"
ANNEX_D, ANNEX_D_SHARE = "annex-d-by-source", "annex-d-share"
RATIO, RANKS, REPORTS = (
    "inventories-ratio",
    "inventories-rank-correlation",
    "inventories-against-reports",
)
RELEASES = ("releases-to-water", "releases-to-land", "releases-to-land-and-water")
LEGACY = ("mercury-emitted-since-1510", "mercury-released-since-1510")
PER_PERSON = "emissions-per-person"
GRIDS = "grid_accounts"


class Beside(Sections):
    """What the page on emissions shows of one place: a Party where one is chosen, else a group."""

    @property
    def place(self) -> str:
        """The Party that is chosen, else the group."""
        return self.chosen("party") or self.chosen("group")

    def titled(self, key: str) -> str:
        """Return the title of a section about the place, with the edition's day."""
        said = f"{text(f'emissions.{key}', self.language)}: {self.place_name(self.place)}"
        return self.dated(said)

    def here(self, indicator: str, entity: str = "") -> pd.DataFrame:
        """Return the results of an indicator for the place, or for another entity."""
        rows = self.now(indicator)
        return rows[rows["entity"] == (entity or self.place)]

    @property
    def air(self) -> pd.DataFrame:
        """The amounts to air of today's inventories."""
        return present(self.now(AIR))

    def draw_beside(self) -> None:
        """Draw all sections about the place."""
        self._draw_compared()
        self._draw_sectors()
        self._draw_lines("trend", self._totals(), lines.amounts)
        self._draw_lines("change", present(self.here(CHANGE)), lines.changes)
        self._draw_annex_d()
        self._draw_agreement()
        self._draw_per_person()
        self._draw_releases()
        self._draw_legacy()
        self._draw_grids()

    def _totals(self) -> pd.DataFrame:
        rows = present(self.here(AIR))
        return rows[~rows["series"].str.contains("/")]

    def _draw_compared(self) -> None:
        """Draw the total of each inventory in the year, or why it gives none."""
        rows = in_year(self.air, self.place, self.chosen("year"))
        title = self.dated(
            f"{text('emissions.compared', self.language)}: {self.place_name(self.place)}, "
            f"{self.chosen('year')}"
        )
        figure = bars(rows, title=title, note=self.note(rows), by_series=True, titled=False,
                      long_words=True, language=self.language)  # fmt: skip
        table = side_by_side(rows, title, self.language)
        summary = text("table.figure", self.language)
        notes = (text("emissions.compared_note", self.language),)
        self.put("compared", Section(title, rows, figure, table, summary, notes))

    def _draw_sectors(self) -> None:
        rows = present(self.here(SECTORS))
        rows = rows[rows["status"] == Status.OK]
        latest_years = rows.groupby(inventory_of(rows))["period"].transform("max")
        last = self._of_wholes(rows[rows["period"] == latest_years])
        title = self.titled("sectors")
        if last.empty:
            said = text("emissions.no_sectors", self.language)
            self.put("sectors", Section(title, self.here(SECTORS), notes=(said,)))
            return
        figure = sector_stacks(last, title=title, note=self.note(last), language=self.language)
        table = side_by_side(last, title, self.language)
        summary = text("table.figure", self.language)
        notes = (text("emissions.sectors_note", self.language),)
        self.put("sectors", Section(title, last, figure, table, summary, notes))

    def _of_wholes(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Leave out inventories whose sectors are a part of their total: no stack of theirs is."""
        air = self.here(AIR)
        air = air[air["status"] == Status.OK]
        totals = air.set_index(["series", "period"])["value"]
        name = inventory_of(rows)
        sums = rows.groupby([name, "period"])["value"].transform("sum")
        key = pd.MultiIndex.from_arrays([name, rows["period"]])
        total = totals.reindex(key).to_numpy()
        return rows[~(sums.to_numpy() < 0.99 * total)]

    def _draw_lines(self, name: str, rows: pd.DataFrame, draw: Callable[..., go.Figure]) -> None:
        """Draw lines over years where there are any; a table of one year says it better."""
        known = rows[rows["status"] == Status.OK]
        years = known.groupby("series")["period"].transform("nunique")
        known = known[years > 1]
        title = self.titled(name)
        if known.empty:
            said = text("emissions.no_years", self.language)
            self.put(name, Section(title, rows, notes=(said,)))
            return
        figure = draw(known, title=title, note=self.note(known), language=self.language)
        notes = (text(f"emissions.{name}_note", self.language),)
        self.put(name, Section(title, known, figure, notes=notes))

    # --- Annex D --------------------------------------------------------------------------------

    def _draw_annex_d(self) -> None:
        """Draw the bounds of the inventory and year that are chosen, else why there are none."""
        inventory, year = self.chosen("inventory"), self.chosen("year")
        rows = self.here(ANNEX_D)
        mine = rows[(inventory_of(rows) == inventory) & (rows["period"] == year)]
        known = point_sources(mine[mine["status"] == Status.OK])
        title = self._annex_d_title(inventory, year)
        if known.empty:
            said = text("emissions.no_annex_d", self.language)
            self.put("annex-d", Section(title, mine, notes=(said,)))
            return
        figure = annex_d_bounds(known, title=title, note=self.note(known), language=self.language)
        table = tables.bounds_table(known, title, self.language)
        schemes = self._schemes(inventory)
        caption = text("emissions.mapping", self.language)
        table += tables.mapping_table(schemes, caption, self.language)
        notes = (*self._annex_d_shares(inventory, year), text("emissions.bounds", self.language))
        summary = text("emissions.annex_d_table", self.language)
        self.put("annex-d", Section(title, mine, figure, table, summary, notes))

    def _annex_d_title(self, inventory: str, year: str) -> str:
        place = self.place_name(self.place)
        said = text("emissions.annex_d", self.language)
        return self.dated(f"{said}: {place} · {series_title(inventory, self.language)}, {year}")

    def _annex_d_shares(self, inventory: str, year: str) -> tuple[str, ...]:
        rows = self.here(ANNEX_D_SHARE)
        rows = rows[(rows["period"] == year) & (rows["status"] == Status.OK)]
        told = []
        for bound in ("exact", "lower", "upper"):
            for value in rows.loc[rows["series"] == f"{inventory}/{bound}", "value"]:
                share = numbers.value(value, "share", self.language)
                told.append(text(f"emissions.bound.{bound}", self.language, amount=share))
        if not told:
            return ()
        return (text("emissions.annex_d_share", self.language, share=", ".join(told)),)

    def _schemes(self, inventory: str) -> list[str]:
        name = inventory.partition("@")[0]
        rows = self.edition.rows("emissions", ["inventory", "scheme"], inventory=name)
        return sorted(rows["scheme"].unique())

    # --- agreement, releases, legacy, grids -----------------------------------------------------

    def _draw_agreement(self) -> None:
        rows = self.here(RATIO)
        known = rows[rows["status"] == Status.OK]
        title = self.titled("agreement")
        ratios = tables.agreement_table(known if len(known) else rows.head(1), title, self.language)
        ranks = self.here(RANKS, entities.WORLD)
        caption = self.dated(text("emissions.ranks", self.language))
        parts = [ratios, tables.pairs_table(ranks, caption, self.language)]
        taken = [rows, ranks]
        if self.chosen("party"):
            own = self.here(REPORTS)
            taken.append(own)
            parts.append(tables.pairs_table(own, self.titled("reports"), self.language))
        every = pd.concat(taken, ignore_index=True)
        notes = (text("emissions.agreement_note", self.language),)
        self.put("agreement", Section(title, every, table="".join(parts), notes=notes))

    def _draw_per_person(self) -> None:
        """Show amounts for each person where a table of people is loaded, else nothing at all."""
        rows = latest(present(self.now(PER_PERSON)), self.place)
        if not (rows["status"] == Status.OK).any():
            self.hide("per_person")
            return
        title = self.titled("per_person")
        table = side_by_side(rows, title, self.language)
        notes = (text("emissions.per_person_note", self.language),)
        self.put("per_person", Section(title, rows, table=table, notes=notes))

    def _draw_releases(self) -> None:
        parts = [latest(self.now(one), self.place) for one in RELEASES]
        rows = pd.concat(parts, ignore_index=True)
        rows = rows[~rows["series"].str.startswith(SCENARIOS)]
        title = self.titled("releases")
        table = side_by_side(rows, title, self.language)
        self.put("releases", Section(title, rows, table=table))

    def _draw_legacy(self) -> None:
        """Draw what was emitted since 1510 and what scenarios add, for the world."""
        rows = self.here(LEGACY[0], entities.WORLD)
        known = rows[(rows["status"] == Status.OK) & ~rows["series"].str.contains("/")]
        title = self.dated(text("emissions.legacy", self.language))
        parts = [latest(self.now(one), entities.WORLD) for one in LEGACY]
        last = pd.concat(parts, ignore_index=True)
        table = side_by_side(last, title, self.language)
        if known.empty:
            self.put("legacy", Section(title, last, table=table))
            return
        figure = lines.amounts(known, title=title, note=self.note(known), language=self.language)
        notes = (text("emissions.legacy_note", self.language),)
        summary = text("table.figure", self.language)
        self.put("legacy", Section(title, known, figure, table, summary, notes))

    def _draw_grids(self) -> None:
        held = self.edition.manifest["tables"].get(GRIDS, {}).get("rows", 0)
        title = self.dated(text("emissions.grids", self.language))
        if not held:
            said = text("emissions.no_grids", self.language)
            self.put("grids", Section(title, pd.DataFrame({"source": [], "basis": []}),
                                      notes=(said,)))  # fmt: skip
            return
        rows = self.edition.table(GRIDS)
        last = rows.groupby(["inventory", "version"])["year"].transform("max")
        table = tables.grid_table(rows[rows["year"] == last], title, self.language)
        notes = (text("emissions.grids_note", self.language),)
        self.put("grids", Section(title, rows, table=table, notes=notes))
