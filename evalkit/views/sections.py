"""Sections of a page: a title, a figure, its table and notes, and its rows to take away."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import ipywidgets as widgets
import pandas as pd
from IPython.display import HTML, DisplayObject, display

from evalkit.errors import EvalkitError, Reason
from evalkit.reference.rows import rows as reference
from evalkit.reference.texts import text
from evalkit.views import answerable, numbers, page
from evalkit.views.dashboard import Dashboard
from evalkit.views.score import Score, score

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from evalkit.editions.store import Edition


@dataclass(frozen=True, slots=True)
class Section:
    """What a section shows.

    Parameters
    ----------
    title : str
        What is shown, with the day.
    rows : DataFrame
        What can be taken away: the rows behind figure and table.
    figure : Figure, optional
        Drawn between title and notes.
    table : str
        The same rows in words, as HTML.
    folded : str
        What opens the table; blank where it stands open.
    notes : tuple of str
        Lines beneath, plain text; they go into the downloads as well.
    """

    title: str
    rows: pd.DataFrame
    figure: go.Figure | None = None
    table: str = ""
    folded: str = ""
    notes: tuple[str, ...] = ()


class Sections(Dashboard):
    """A page of sections: each has a place for its title, its figure and what is beneath.

    A page names its sections in `SECTIONS`, and in `FIGURES` those that have a figure.
    """

    SECTIONS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, edition: Edition, query: str = "") -> None:
        self.over = {name: widgets.HTML() for name in self.SECTIONS}
        self.under = {name: widgets.HTML() for name in self.SECTIONS}
        self.scored: dict[tuple[str, ...], list[Score]] = {}
        super().__init__(edition, query)

    def section(self, name: str) -> list[widgets.Widget]:
        """Return the widgets of a section, from the top."""
        drawn = [self.outputs[name]] if name in self.FIGURES else []
        return [self.over[name], *drawn, self.under[name]]

    def put(self, name: str, shown: Section) -> None:
        """Show a section."""
        title = page.marked(shown.title, self.edition, self.language)
        # A table that stands open says in its own caption what it holds.
        alone = shown.figure is None and shown.table and not shown.folded
        self.over[name].value = "" if alone else page.title(title)
        if name in self.FIGURES:
            self.outputs[name].layout.display = "" if shown.figure is not None else "none"
        if shown.figure is not None:
            page.show(self.outputs[name], shown.figure)
        source = self.note(shown.rows) if len(shown.rows) else ""
        table = page.details(shown.folded, shown.table) if shown.folded else shown.table
        beneath = page.note(*(html.escape(line) for line in shown.notes if line), source)
        parts = [table, beneath] if alone else [beneath, table]
        if len(shown.rows):
            file = f"evalkit-{self.name}-{name}-{self.day_of(shown.rows)}"
            parts.append(self.downloads(shown.rows, title, source, file, shown.notes))
        self.under[name].value = "".join(parts)

    def hide(self, *names: str) -> None:
        """Show nothing of some sections."""
        for name in names:
            self.over[name].value = self.under[name].value = ""
            if name in self.FIGURES:
                self.outputs[name].layout.display = "none"

    def display(self, *names: str) -> None:
        """Show sections in a notebook, as the page shows them.

        Raises
        ------
        EvalkitError
            The page has no such section.
        """
        for name in names:
            if name not in self.SECTIONS:
                raise EvalkitError(
                    f"The page has no section {name!r}.",
                    reason=Reason.UNKNOWN_PARAMETER,
                    where=type(self).__name__,
                    remedy=f"Choose one of: {', '.join(self.SECTIONS)}.",
                )
            display(HTML(self.over[name].value))
            output = self.outputs.get(name)
            if output is not None and output.layout.display != "none":
                for one in output.outputs:
                    told = {**one["data"], "text/plain": name}
                    display(told, raw=True)
            display(HTML(self.under[name].value))

    def head(self) -> DisplayObject:
        """Return the lines above a notebook: what is simulated, and the headline.

        Raises
        ------
        EvalkitError
            What was asked for is not among what can be chosen, as a day that the edition was
            not computed for.
        """
        for name, asked in self.asked.items():
            if name in self.choosers and asked != self.chosen(name):
                options = [value for _, value in self.choosers[name].options]
                raise EvalkitError(
                    f"{asked!r} can't be chosen for {name}.",
                    reason=Reason.UNKNOWN_PARAMETER,
                    where=self.edition.name,
                    remedy=f"Choose one of: {', '.join(options)}.",
                )
        banner = page.banner(self.edition, self.language)
        return HTML(f"<style>{page.css()}</style>{banner}{self.htmls['headline'].value}")

    @property
    def name(self) -> str:
        """What files taken from the page are named after."""
        return type(self).__name__.lower()

    def day_of(self, rows: pd.DataFrame) -> str:
        """Return the day of results, else the edition's own."""
        if "indicator" in rows and len(rows):
            return f"{rows['as_of'].iloc[0]:%Y-%m-%d}"
        return self.edition.as_of

    def now(self, indicator: str) -> pd.DataFrame:
        """Return the results of an indicator on the edition's own day."""
        rows = self.rows(indicator)
        return rows[rows["as_of"] == self.edition.as_of]

    def on_day(self, indicator: str) -> pd.DataFrame:
        """Return the results of an indicator on the day that is chosen."""
        rows = self.rows(indicator)
        return rows[rows["as_of"] == self.chosen("as_of")]

    def dated(self, said: str, day: str = "") -> str:
        """Return a title with its day, the edition's own where none is given."""
        when = numbers.day(day or self.edition.as_of, self.language)
        return f"{said} · {text('view.as_of', self.language, day=when)}"

    def scores(self, theme: str) -> list[Score]:
        """Return for each indicator of a theme its value on the day, or why there is none.

        An indicator that is computed for the edition's own day alone is told of that day.
        """
        key = (theme, self.chosen("group"), *map(self.chosen, {"as_of"} & set(self.CHOICES)))
        if key in self.scored:
            return self.scored[key]
        held = self.edition.manifest["results"]
        specs = [one for one in reference("indicators.csv") if one["theme"] == theme]
        found = []
        for spec in specs:
            if spec["id"] in held:
                rows = self._on_day_or_now(spec["id"])
                found.append(score(spec, rows, self.chosen("group")))
        self.scored[key] = found
        return found

    def _on_day_or_now(self, indicator: str) -> pd.DataFrame:
        """Return results on the day, else the edition's; what no section shows is not kept."""
        every = self.results.get(indicator)
        every = self.edition.results_of(indicator) if every is None else every
        day = self.chosen("as_of") if "as_of" in self.CHOICES else self.edition.as_of
        rows = every[every["as_of"] == day]
        return rows if len(rows) else every[every["as_of"] == self.edition.as_of]

    def missing(self, scores: Sequence[Score]) -> str:
        """Return the indicators without a whole value, and which file would fill each, as HTML."""
        return answerable.missing_list(scores, self.language)
