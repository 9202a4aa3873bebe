"""What all dashboards share: choosers, state in the address, the error card, sources, downloads.

The state of a page is a query string (`?indicator=...&party=GHA`), read at the start and
written on every choice, so that an address brings back what was seen.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode

import ipywidgets as widgets
import pandas as pd

from evalkit.editions.store import Edition
from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import choice as choices
from evalkit.views import numbers, page, sentences
from evalkit.views.downloads import links

LANGUAGE = "lang"
SHARED = ("party", "as_of", LANGUAGE)  # what a page keeps for the others, used or not


class Dashboard:
    """A page: its choosers and outputs, and what ties them together.

    A page says in `fill` what can be chosen, in `parts` how it is arranged, in `answer` what a
    choice changes, and in `draw` what is shown.

    Parameters
    ----------
    edition : Edition
        What is shown.
    query : str
        The address's query string.
    """

    CHOICES: ClassVar[tuple[str, ...]] = ()  # choosers, named as in the address
    FIELDS: ClassVar[tuple[str, ...]] = ()  # those of them that are typed and not chosen
    # The products of choosers that a page without a kernel offers; see `recording`.
    RECORDED: ClassVar[tuple[tuple[str, ...], ...]] = ()
    HTMLS: ClassVar[tuple[str, ...]] = ()
    FIGURES: ClassVar[tuple[str, ...]] = ()

    def __init__(self, edition: Edition, query: str = "") -> None:
        self.edition = edition
        known = {*self.CHOICES, *SHARED}
        self.asked = {k: v[0] for k, v in parse_qs(query.lstrip("?")).items() if k in known}
        self.language = page.language(self.asked.get(LANGUAGE, ""))
        self.carried = {k: self.asked[k] for k in SHARED if k in self.asked}
        self.results: dict[str, pd.DataFrame] = {}
        self.busy = True
        self.choosers = {name: self._chooser(name) for name in self.CHOICES}
        self.outputs = {name: widgets.Output() for name in self.FIGURES}
        self.htmls = {name: widgets.HTML() for name in (*self.HTMLS, "headline", "address")}
        self.htmls["address"].add_class("evalkit-address")
        self.picked = widgets.Text(continuous_update=True).add_class("evalkit-pick")
        self.fill()
        marked = widgets.HTML(page.banner(edition, self.language)).add_class("evalkit-banner")
        parts = [page.style(), marked, *self.parts(), self.htmls["address"], self.picked]
        self.widget = widgets.VBox(parts).add_class("evalkit-page")
        for chooser in self.choosers.values():
            chooser.observe(self._chosen, names="value")
        self.picked.observe(self._clicked, names="value")
        self.busy = False
        self.draw()
        self.draw_address()

    def fill(self) -> None:
        """Set the options of the choosers, from the address where it names them."""
        raise NotImplementedError

    def parts(self) -> list[widgets.Widget]:
        """Return the widgets of the page, from the top."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw everything for the present choice."""
        raise NotImplementedError

    def answer(self, name: str) -> None:
        """Show what follows from a choice in the chooser of that name."""
        self.draw()

    def pick(self, place: str) -> None:
        """Choose the Party that a reader clicks on in a map; a page may take other clicks."""
        if "party" in self.choosers and place in entities.states():
            self.choosers["party"].value = place

    def _chooser(self, name: str) -> widgets.Widget:
        said = text(f"choose.{name}", self.language)
        if name in self.FIELDS:
            return widgets.Text(description=said, continuous_update=False)
        return widgets.Dropdown(description=said)

    def row(self, *names: str) -> widgets.HBox:
        """Return choosers beside one another."""
        return widgets.HBox([self.choosers[name] for name in names]).add_class("evalkit-choices")

    def options(self, name: str, options: Sequence[tuple[str, str]], wanted: str) -> None:
        """Set the options of a chooser, keeping what is wanted where it is among them."""
        chooser = self.choosers[name]
        values = [value for _, value in options]
        chooser.options = options
        chooser.value = wanted if wanted in values else values[0]

    def states(self, wanted: str) -> None:
        """Let the chooser of a Party offer none and every State, by name."""
        blank = (text("choose.no_party", self.language), "")
        self.options("party", [blank, *entities.by_name(self.language)], wanted)

    def groups(self, wanted: str) -> None:
        """Let the chooser of a group offer all groups, the world first."""
        named = [(title, one) for one, title in entities.groups(self.language).items()]
        self.options("group", named, wanted)

    def days(self, rows: pd.DataFrame, wanted: str) -> None:
        """Let the chooser of the day offer the days that results hold, the latest first."""
        found = choices.days(rows) or [self.edition.as_of]
        named = [(numbers.day(day, self.language), day) for day in found]
        self.options("as_of", named, wanted)

    def place_name(self, entity: str) -> str:
        """Return what a Party, a group or an area is called."""
        return entities.titles(self.language)[entity]

    def day_said(self) -> str:
        """Return the day that is chosen, in words."""
        when = numbers.day(self.chosen("as_of"), self.language)
        return text("view.as_of", self.language, day=when)

    def chosen(self, name: str) -> str:
        """Return what is chosen now, blank for nothing."""
        return str(self.choosers[name].value or "")

    def _clicked(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        self.picked.value = ""  # so that the same place can be clicked on again
        self._try(lambda: self.pick(change["new"]))

    def _chosen(self, change: dict[str, Any]) -> None:
        if self.busy:
            return
        name = next(k for k, chooser in self.choosers.items() if chooser is change["owner"])
        self._try(lambda: self.answer(name))

    def _try(self, what: Any) -> None:
        try:
            what()
            self.draw_address()
        except Exception:
            # What a widget's callback raises is shown nowhere, so the page would stay silent.
            self.htmls["headline"].value = page.error(self.language)
            raise

    def draw_address(self) -> None:
        """Write the state of the page for its script, which puts it into the address."""
        state = self.carried | {name: self.chosen(name) for name in self.CHOICES}
        state[LANGUAGE] = self.language if self.language != "en" else ""
        query = urlencode({name: value for name, value in state.items() if value})
        self.htmls["address"].value = html.escape(f"?{query}")

    def rows(self, indicator: str) -> pd.DataFrame:
        """Return the results of an indicator, all its days, read once."""
        if indicator not in self.results:
            self.results[indicator] = self.edition.results_of(indicator)
        return self.results[indicator]

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The table of sources."""
        return self.edition.table("sources")

    def note(self, rows: pd.DataFrame) -> str:
        """Return the source, day and basis of results or of rows of a table, as HTML."""
        shown = rows[rows["status"] == Status.OK] if "status" in rows else rows
        parts = [
            sentences.source_note(shown if len(shown) else rows, self.sources, self.language),
            sentences.basis_note(rows, self.language),
        ]
        said = " ".join(part for part in parts if part)
        return page.marked(said, self.edition, self.language)

    def downloads(
        self, rows: pd.DataFrame, title: str, note: str, name: str, more: Iterable[str] = ()
    ) -> str:
        """Return links that hold rows as CSV and XLSX with their metadata, as HTML.

        Parameters
        ----------
        rows : DataFrame
            What is taken away.
        title, note : str
            What the rows are; their sources.
        name : str
            Name of the files, without its ending.
        more : iterable of str
            Further remarks that belong to the rows.
        """
        about = page.about_rows(self.edition, title, note, self.language)
        about += [("remark", said) for said in more]
        return links(rows, about, name + page.mark(self.edition), self.language)
