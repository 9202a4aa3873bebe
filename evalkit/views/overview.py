"""The overview dashboard: choices, headline, map, bars, table, downloads, Party panel.

The state of the page is a query string (`?indicator=...&party=GHA`), read at the start and
written on every choice, so that an address brings back what was seen.
"""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import parse_qs, urlencode

import ipywidgets as widgets
import pandas as pd

from evalkit.editions.store import Edition
from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.rows import by
from evalkit.reference.texts import text
from evalkit.views import choice as choices
from evalkit.views import page, sentences
from evalkit.views.bars import bars
from evalkit.views.choice import Choice
from evalkit.views.classes import classes
from evalkit.views.downloads import CSV, XLSX, as_csv, as_xlsx, link
from evalkit.views.party_panel import PartyData, party_panel
from evalkit.views.table import results_table
from evalkit.views.world_map import world_map

FIRST = "parties-in-force"
PANEL = ("obligations", "emissions-to-air")
TEXTS = ("headline", "map", "note", "bars", "table", "downloads", "party", "address")
NAMES = ("indicator", "series", "period", "as_of", "group", "party", "lang")


class Overview:
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

    def __init__(self, edition: Edition, query: str = "") -> None:
        self.edition = edition
        self.asked = {k: v[0] for k, v in parse_qs(query.lstrip("?")).items() if k in NAMES}
        self.language = page.language(self.asked.get("lang", ""))
        self.results: dict[str, pd.DataFrame] = {}
        self.party_data: PartyData | None = None
        self.busy = True
        self.choosers = {name: self._dropdown(name) for name in NAMES[:-1]}
        self.outputs = {name: widgets.Output() for name in ("map", "bars")}
        self.htmls = {name: widgets.HTML() for name in TEXTS}
        self.htmls["address"].add_class("evalkit-address")
        self.picked = widgets.Text(continuous_update=True).add_class("evalkit-pick")
        self._fill()
        self.widget = self._arranged()
        self._listen()
        self.busy = False
        self.draw()

    def _dropdown(self, name: str) -> widgets.Dropdown:
        return widgets.Dropdown(description=text(f"choose.{name}", self.language))

    def _arranged(self) -> widgets.VBox:
        first = [self.choosers[name] for name in ("indicator", "series", "period")]
        second = [self.choosers[name] for name in ("as_of", "group")]
        rows = widgets.HBox([*first, *second]).add_class("evalkit-choices")
        party = widgets.HBox([self.choosers["party"]]).add_class("evalkit-choices")
        parts = [
            page.style(),
            page.lead(self.edition, self.language),
            rows,
            self.htmls["headline"],
            self.htmls["map"],
            self.outputs["map"],
            self.htmls["note"],
            self.htmls["bars"],
            self.outputs["bars"],
            self.htmls["table"],
            self.htmls["downloads"],
            page.heading(text("party.heading", self.language), "party"),
            party,
            self.htmls["party"],
            page.about(self.edition, self.language),
            self.htmls["address"],
            self.picked,
        ]
        return widgets.VBox(parts).add_class("evalkit-page")

    def _fill(self) -> None:
        held = self.edition.manifest["results"]
        ids = [one for one in by("indicators.csv", "id") if one in held]
        titles = [(text(f"indicator.{one}.title", self.language), one) for one in ids]
        asked = self.asked.get("indicator", FIRST)
        self._options("indicator", titles, asked if asked in ids else FIRST)
        groups = [(title, one) for one, title in entities.groups().items()]
        self._options("group", groups, self.asked.get("group", entities.WORLD))
        states = sorted((name, one) for one, name in entities.states().items())
        blank = (text("choose.no_party", self.language), "")
        self._options("party", [blank, *states], self.asked.get("party", ""))
        asked_day = self.asked.get("as_of", "")
        self._options("as_of", [(asked_day, asked_day)], asked_day)
        self._follow(fresh=True)

    def _options(self, name: str, options: list[tuple[str, str]], wanted: str) -> None:
        """Set the options of a chooser, keeping what is wanted where it is among them."""
        chooser = self.choosers[name]
        values = [value for _, value in options]
        chooser.options = options
        chooser.value = wanted if wanted in values else values[0]
        hidden = len(options) < 2 and name in ("series", "period")
        chooser.layout.display = "none" if hidden else ""

    def _follow(self, *, fresh: bool) -> None:
        """Let day, series and period follow the indicator.

        `fresh`: another indicator, so series and period start anew (from the address at first).
        """
        rows = self._rows()
        was = {name: self.choosers[name].value or "" for name in ("as_of", "series", "period")}
        if fresh:
            was |= {name: self.asked.get(name, "") for name in ("series", "period")}
            self.asked = {}
        days = [(self._day(day), day) for day in choices.days(rows)]
        self._options("as_of", days, was["as_of"])
        series = [(choices.series_title(s, self.language), s) for s in choices.series(rows)]
        self._options("series", series, was["series"])
        found = choices.periods(rows, self.choosers["series"].value, self.choosers["as_of"].value)
        periods = [(choices.period_title(p, self.language) if p else "", p) for p in found]
        self._options("period", periods or [("", "")], was["period"])

    def _day(self, day: str) -> str:
        from evalkit.views import numbers

        return numbers.day(day, self.language)

    def _listen(self) -> None:
        for chooser in self.choosers.values():
            chooser.observe(self._chosen, names="value")
        self.picked.observe(self._clicked, names="value")

    def _clicked(self, change: dict[str, Any]) -> None:
        if change["new"] in entities.states():
            self.choosers["party"].value = change["new"]

    def _chosen(self, change: dict[str, Any]) -> None:
        if self.busy:
            return
        try:
            self._answer(change["owner"])
        except Exception:
            # What a widget's callback raises is shown nowhere, so the page would stay silent.
            self.htmls["headline"].value = page.error(self.language)
            raise

    def _answer(self, chooser: widgets.Dropdown) -> None:
        if chooser is self.choosers["party"]:
            self._draw_party()
            self._draw_address()
            return
        self.busy = True
        try:
            self._follow(fresh=chooser is self.choosers["indicator"])
        finally:
            self.busy = False
        self.draw()

    def _rows(self, indicator: str | None = None) -> pd.DataFrame:
        name = indicator or self.choosers["indicator"].value
        if name not in self.results:
            self.results[name] = self.edition.results_of(name)
        return self.results[name]

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        c = self.choosers
        return Choice(
            c["indicator"].value,
            c["series"].value,
            c["period"].value,
            c["as_of"].value,
            c["group"].value,
        )

    def draw(self) -> None:
        """Draw everything for the present choice."""
        chosen = self.choice
        rows = choices.rows_of(self._rows(), chosen)
        states = choices.of_states(rows, chosen.group)
        title = page.marked(sentences.title(chosen, self.language), self.edition, self.language)
        note = self._note(rows)
        self._draw_headline(rows, chosen)
        found = classes(states, chosen.indicator, self._unit(rows), self.language)
        figure = world_map(
            states, found, title=title, note=note, titled=False, language=self.language
        )
        self.htmls["map"].value = page.title(title)
        page.show(self.outputs["map"], figure)
        self.htmls["note"].value = page.note(note, text("map.un_note", self.language))
        self._draw_bars(rows, chosen, note)
        self._draw_table(states, chosen, title, note)
        self._draw_party()
        self._draw_address()

    def _unit(self, rows: pd.DataFrame) -> str:
        return str(rows["unit"].iloc[0]) if len(rows) else ""

    def _note(self, rows: pd.DataFrame) -> str:
        sources = self._sources()
        shown = rows[rows["status"] == Status.OK]
        parts = [sentences.source_note(shown if len(shown) else rows, sources, self.language)]
        parts.append(sentences.basis_note(rows, self.language))
        said = " ".join(part for part in parts if part)
        return page.marked(said, self.edition, self.language)

    def _sources(self) -> pd.DataFrame:
        if not hasattr(self, "_source_table"):
            self._source_table = self.edition.table("sources")
        return self._source_table

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
        self.htmls["bars"].value = page.title(text(f"bars.{key}", self.language))
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
        summary = text("table.open", self.language, count=len(states))
        self.htmls["table"].value = page.details(summary, table)
        about = page.about_rows(self.edition, title, note, self.language)
        name = f"evalkit-{chosen.indicator}-{chosen.as_of}{page.mark(self.edition)}"
        links = [
            link(as_csv(states, about), CSV, f"{name}.csv", text("download.csv", self.language)),
            link(
                as_xlsx(states, about), XLSX, f"{name}.xlsx", text("download.xlsx", self.language)
            ),
        ]
        self.htmls["downloads"].value = " ".join(links)

    def _draw_party(self) -> None:
        party = self.choosers["party"].value
        if not party:
            self.htmls["party"].value = page.paragraph(text("party.choose", self.language))
            return
        if self.party_data is None:
            names = ("parties", "projects", "project_places")
            tables = {name: self.edition.table(name) for name in names}
            self.party_data = PartyData(tables, {name: self._rows(name) for name in PANEL})
        known = choices.days(self._rows("obligations"))
        day = self.choosers["as_of"].value
        self.htmls["party"].value = party_panel(
            self.party_data, party, day if day in known else self.edition.as_of, self.language
        )

    def _draw_address(self) -> None:
        state = {name: self.choosers[name].value for name in NAMES[:-1]}
        state["lang"] = self.language if self.language != "en" else ""
        query = urlencode({name: value for name, value in state.items() if value})
        self.htmls["address"].value = html.escape(f"?{query}")
