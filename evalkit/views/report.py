"""Figures and tables for notebooks: one call for each, from the results of an edition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd
from IPython.display import HTML, DisplayObject, display

from evalkit.errors import EvalkitError, Reason
from evalkit.reference import entities
from evalkit.reference.rows import by
from evalkit.reference.texts import text
from evalkit.views import choice as choices
from evalkit.views import numbers, page, sentences, sheet
from evalkit.views.bars import bars
from evalkit.views.choice import Choice
from evalkit.views.classes import classes
from evalkit.views.lines import over_days
from evalkit.views.party import PartyPage
from evalkit.views.table import NUMERIC, counts_text, html_table, value_text
from evalkit.views.world_map import world_map

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from evalkit.editions.store import Edition


class Report:
    """What a notebook shows of an edition, for one day, group and language.

    Parameters
    ----------
    edition : Edition
        Where the results are.
    as_of : str
        The day; blank for the edition's own.
    group : str
        Group whose States maps and tables show.
    party : str
        Party that tables speak of, or blank: then they speak of the group.
    language : str
        Language of titles and labels.
    """

    def __init__(
        self,
        edition: Edition,
        *,
        as_of: str = "",
        group: str = "WLD",
        party: str = "",
        language: str = "en",
    ) -> None:
        self.edition = edition
        self.as_of = as_of or edition.as_of
        self.group = group
        self.entity = party or group
        self.language = language
        self.sources = edition.table("sources")

    def head(self) -> DisplayObject:
        """Return the lines that say which edition, day and group or Party the notebook shows."""
        said = text(
            "report.head",
            self.language,
            edition=self.edition.name,
            day=numbers.day(self.as_of, self.language),
            group=entities.titles(self.language)[self.entity],
        )
        banner = page.banner(self.edition, self.language)
        return HTML(f"<style>{page.css()}</style>{banner}{page.paragraph(said)}")

    def map(self, indicator: str, *, series: str = "", period: str = "") -> None:
        """Show the map of an indicator."""
        chosen = Choice(indicator, series, period, self.as_of, self.group)
        rows = choices.rows_of(self._rows(indicator), chosen)
        states = choices.of_states(rows, self.group)
        unit = str(rows["unit"].iloc[0])
        found = classes(states, indicator, unit, self.language)
        title = self._marked(sentences.title(chosen, self.language))
        self._show(
            world_map(states, found, title=title, note=self._note(rows), language=self.language)
        )

    def bars(
        self, indicator: str, *, series: str = "", period: str = "", kind: str = "groups"
    ) -> None:
        """Show bars by groups, areas or sectors."""
        chosen = Choice(indicator, series, period, self.as_of, self.group)
        every = self._rows(indicator)
        rows = choices.rows_of(every, chosen)
        drawn = {
            "groups": lambda: choices.of_groups(rows),
            "areas": lambda: choices.of_areas(rows),
            "sectors": lambda: choices.of_sectors(every, chosen),
        }[kind]()
        title = self._marked(sentences.title(chosen, self.language))
        self._show(
            bars(
                drawn,
                title=title,
                note=self._note(drawn),
                by_series=kind == "sectors",
                language=self.language,
            )
        )

    def lines_over_days(self, indicators: Sequence[str]) -> None:
        """Show how counts of the group moved over the days of the edition."""
        for indicator in indicators:
            rows = self.edition.results_of(indicator)
            rows = rows[(rows["entity"] == self.group) & (rows["as_of"] <= self.as_of)]
            title = self._marked(text(f"indicator.{indicator}.title", self.language))
            self._show(over_days(rows, title=title, note=self._note(rows), language=self.language))

    def table(
        self, indicator: str, *, of: Sequence[str], period: str | None = None
    ) -> DisplayObject:
        """Return results of some entities as a table: series, period, value or reason, counts."""
        rows = self._rows(indicator)
        rows = rows[rows["entity"].isin(list(of))]
        if period is not None:
            rows = rows[rows["period"] == period]
        return HTML(self._table(rows, text(f"indicator.{indicator}.title", self.language)))

    def ranking(
        self, indicator: str, *, series: Sequence[str], period: str, most: int = 8
    ) -> DisplayObject:
        """Return the largest States under each series, one table beneath the other."""
        rows = self._rows(indicator)
        parts = []
        for name in series:
            same = (rows["series"] == name) & (rows["period"] == period)
            states = rows[same & rows["entity"].isin(entities.members(self.group))]
            first = states.sort_values("value", ascending=False, kind="stable").head(most)
            parts.append(self._table(first, choices.series_title(name, self.language)))
        return HTML("".join(parts))

    def party(self, party: str) -> DisplayObject:
        """Return all that is loaded about a Party, as the dashboard of one Party shows it.

        Raises
        ------
        EvalkitError
            The edition was not computed for the day.
        """
        asked = {"party": party, "as_of": self.as_of, "lang": self.language}
        shown = PartyPage(self.edition, urlencode(asked))
        days = [day for _, day in shown.choosers["as_of"].options]
        if self.as_of not in days:
            raise EvalkitError(
                f"The page of a Party is not computed for {self.as_of}.",
                reason=Reason.UNKNOWN_PARAMETER,
                where=self.edition.name,
                remedy=f"Give one of: {', '.join(days)}.",
            )
        return HTML("".join(shown.htmls[name].value for name in ("notice", "headline", "party")))

    def sheet(self, indicator: str) -> DisplayObject:
        """Return the sheet of an indicator: what it is, its method, its values, its evidence."""
        spec = by("indicators.csv", "id")[indicator]
        held = self.edition.manifest["tables"]
        rows = self._rows(indicator)
        said = sheet.sheet(spec, rows, held=held, sources=self.sources, language=self.language)
        return HTML(said + page.note(self._note(rows)))

    def _rows(self, indicator: str) -> pd.DataFrame:
        return self.edition.indicator(indicator).frame(as_of=self.as_of)

    def _note(self, rows: pd.DataFrame) -> str:
        parts = [
            sentences.source_note(rows, self.sources, self.language),
            sentences.basis_note(rows, self.language),
        ]
        return self._marked(" ".join(part for part in parts if part))

    def _marked(self, said: str) -> str:
        return page.marked(said, self.edition, self.language)

    def _show(self, figure: go.Figure) -> None:
        told = str(figure.layout.title.text)
        display({page.MIME: page.bundle(figure), "text/plain": told}, raw=True)

    def _table(self, rows: pd.DataFrame, caption: str) -> str:
        names = ("entity", "series", "period", "value", "counts", "basis")
        kinds = ("text", "text", "text", NUMERIC, NUMERIC, "text")
        headings = [
            (text(f"column.{name}", self.language), kind)
            for name, kind in zip(names, kinds, strict=True)
        ]
        cells = [self._cells(row) for row in rows.itertuples()]
        return html_table(headings, cells, self._marked(caption))

    def _cells(self, row: Any) -> tuple[str, ...]:
        series, period = row.series, row.period
        return (
            entities.titles(self.language)[row.entity],
            choices.series_title(series, self.language) if series else "",
            choices.period_title(period, self.language) if period else "",
            value_text(row, self.language),
            counts_text(row, self.language),
            text(f"basis.{row.basis}", self.language),
        )
