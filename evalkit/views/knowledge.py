"""The page on capacity-building and knowledge: events, reach, needs, asks, communication.

State lives in the address as on the overview (`?group=LDC&year=2019&state=open`).
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
from evalkit.reference.locales import order
from evalkit.reference.texts import plural, text
from evalkit.views import choice as choices
from evalkit.views import knowledge_tables as tables
from evalkit.views import numbers, page, sentences
from evalkit.views.bars import bars
from evalkit.views.choice import Choice
from evalkit.views.classes import classes
from evalkit.views.downloads import links
from evalkit.views.knowledge_figures import over_years, timeline
from evalkit.views.table import results_table
from evalkit.views.world_map import world_map

ALL = "all"
NAMES = ("as_of", "group", "year", "state", "measure", "lang")
SECTIONS = ("timeline", "map", "reached", "funders", "match", "asks", "communication")
FIGURES = ("timeline", "map", "reached", "funders", "communication")
STATES = ("open", "done", "unknown")


class Knowledge:
    """The widgets of the page and what ties them together.

    Parameters
    ----------
    edition : Edition
        What is shown, as of the day chosen: its own, or a deadline of reports before it.
    query : str
        The address's query string.

    Examples
    --------
    >>> Knowledge(evalkit.load(), "group=SIDS").widget  # doctest: +SKIP
    """

    RECORDED = (("group",), ("as_of",), ("year",), ("state",), ("measure",))

    def __init__(self, edition: Edition, query: str = "") -> None:
        self.edition = edition
        self.asked = {k: v[0] for k, v in parse_qs(query.lstrip("?")).items() if k in NAMES}
        self.language = page.language(self.asked.get("lang", ""))
        self.sources = edition.table("sources")
        self.results: dict[str, pd.DataFrame] = {}
        self.choosers = {name: widgets.Dropdown() for name in NAMES[:-1]}
        self.outputs = {name: widgets.Output() for name in FIGURES}
        self.htmls = {f"{name}-{part}": widgets.HTML() for name in SECTIONS for part in "ab"}
        self.day, self.busy = edition.as_of, False
        self.headline = widgets.HTML()
        self.address = widgets.HTML().add_class("evalkit-address")
        self._fill()
        self.widget = self._arranged()
        for chooser in self.choosers.values():
            chooser.observe(self._chosen, names="value")
        self.draw()

    def _fill(self) -> None:
        language = self.language
        everything = text("knowledge.any", language)
        days = choices.days(self.edition.results_of("events-held")) or [self.edition.as_of]
        self.day = self.asked["as_of"] if self.asked.get("as_of") in days else days[0]
        named = [(self._measure(one), one) for one in choices.series(self._rows("communication"))]
        options = {
            "as_of": [(numbers.day(one, language), one) for one in days],
            "group": [(title, one) for one, title in entities.groups(self.language).items()],
            "year": self._years(),
            "state": [
                (everything, ALL),
                *((text(f"state.{one}", language), one) for one in STATES),
            ],
            "measure": sorted(named, key=lambda pair: order(pair[0], language)),
        }
        labels = {name: text(f"choose.{name}", language) for name in ("as_of", "group")}
        for name, chooser in self.choosers.items():
            chooser.description = labels.get(name) or text(f"knowledge.{name}", language)
            chooser.options = options[name] or [("", "")]
            values = [value for _, value in chooser.options]
            first = "website/users" if "website/users" in values else values[0]
            wanted = self.asked.get(name, first)
            chooser.value = wanted if wanted in values else values[0]

    def _years(self) -> list[tuple[str, str]]:
        everything = text("knowledge.any", self.language)
        years = choices.periods(self._rows("events-held"), "", self.day)
        return [(everything if one == ALL else one, one) for one in years] or [("", "")]

    def _measure(self, series: str) -> str:
        channel, _, measure = series.partition("/")
        return tables.measure_title(channel, measure, self.language) if measure else ""

    def _arranged(self) -> widgets.VBox:
        def chooser(*names: str) -> widgets.HBox:
            found = [self.choosers[name] for name in names]
            return widgets.HBox(found).add_class("evalkit-choices")

        parts: list[Any] = [
            page.style(),
            widgets.HTML(page.banner(self.edition, self.language)).add_class("evalkit-banner"),
            widgets.HTML(page.paragraph(text("knowledge.lead", self.language), "evalkit-lead")),
            chooser("as_of", "group", "year"),
            self.headline,
        ]
        before = {"asks": chooser("state"), "communication": chooser("measure")}
        for name in SECTIONS:
            own = (before.get(name), self.htmls[f"{name}-a"], self.outputs.get(name))
            parts += [part for part in (*own, self.htmls[f"{name}-b"]) if part is not None]
        parts += [page.about(self.edition, self.language), self.address]
        return widgets.VBox(parts).add_class("evalkit-page")

    def _chosen(self, change: dict[str, Any]) -> None:
        if self.busy:
            return
        try:
            if change["owner"] is self.choosers["as_of"]:
                self._choose_day()
            self.draw()
        except Exception:
            # What a widget's callback raises is shown nowhere, so the page would stay silent.
            self.headline.value = page.error(self.language)
            raise

    def _choose_day(self) -> None:
        """Take the day chosen, and offer the years known on it."""
        self.day, year = self._value("as_of"), self._value("year")
        self.busy, chooser = True, self.choosers["year"]
        chooser.options = self._years()
        if year in (value for _, value in chooser.options):
            chooser.value = year
        self.busy = False

    def _rows(self, indicator: str) -> pd.DataFrame:
        if indicator not in self.results:
            self.results[indicator] = self.edition.results_of(indicator)
        rows = self.results[indicator]
        return rows[rows["as_of"] == self.day]

    def _value(self, name: str) -> str:
        return str(self.choosers[name].value or "")

    def _world(self, indicator: str, series: str = "", period: str = ALL) -> pd.Series | None:
        rows = self._rows(indicator)
        same = (rows["series"] == series) & (rows["period"] == period)
        found = rows[same & (rows["entity"] == entities.WORLD)]
        return found.iloc[0] if len(found) else None

    def draw(self) -> None:
        """Draw everything for the present choice."""
        for name in SECTIONS:
            getattr(self, f"_draw_{name}")()
        state = {name: self._value(name) for name in NAMES[:-1]}
        state["lang"] = self.language if self.language != "en" else ""
        query = urlencode({name: value for name, value in state.items() if value})
        self.address.value = html.escape(f"?{query}")

    def _note(self, rows: pd.DataFrame, *more: str) -> str:
        shown = rows[rows["status"] == Status.OK] if "status" in rows else rows
        shown = shown if len(shown) else rows
        parts = [sentences.source_note(shown, self.sources, self.language)]
        parts.append(sentences.basis_note(shown, self.language))
        return " ".join(part for part in (*parts, *more) if part)

    def _title(self, chosen: Choice) -> str:
        return sentences.title(chosen, self.language)

    def _named(self, name: str) -> str:
        as_of = self._title(Choice("asks", "", "", self.day)).split(" · ")[-1]
        return f"{text(f'knowledge.{name}', self.language)} · {as_of}"

    def _put(self, name: str, title: str, note: str, rows: pd.DataFrame, table: str = "") -> None:
        """Set the title above a section; beneath it note, table and what can be taken away."""
        self.htmls[f"{name}-a"].value = page.title(title)
        about = page.about_rows(self.edition, title, note, self.language)
        file = f"evalkit-{name}-{self.day}"
        taken = links(rows, about, file, self.language)
        summary = plural("knowledge.table", len(rows), self.language, count=len(rows))
        shown = page.details(summary, table) if table and name in self.outputs else table
        self.htmls[f"{name}-b"].value = page.note(note) + shown + taken

    def _draw_timeline(self) -> None:
        events = tables.until(self.edition.table("events"), self.day, "ended_on", "started_on")
        held = events["standing"].isin(["", "held"])
        events = events[held & events["purpose"].isin(["", "capacity_building"])]
        title, row = self._named("timeline"), self._world("events-held")
        counted = 0 if row is None or pd.isna(row["n"]) else int(row["n"])
        said = text("knowledge.counted", self.language, count=len(events), events=counted)
        note = self._note(events, said) if len(events) else ""
        figure = timeline(events, title=title, note=note, language=self.language)
        page.show(self.outputs["timeline"], figure)
        table = tables.events_table(events, title, self.language)
        self._put("timeline", title, note, events, table)

    def _draw_map(self) -> None:
        chosen = Choice("events-held", "", self._value("year"), self.day, self._value("group"))
        rows = choices.rows_of(self._rows("events-held"), chosen)
        group = rows[rows["entity"] == chosen.group]
        first = group.iloc[0] if len(group) else None
        self.headline.value = page.headline(first, chosen, self.language)
        states = choices.of_states(rows, chosen.group)
        title = self._title(chosen)
        note = self._note(states, text("knowledge.map_note", self.language))
        found = classes(states, chosen.indicator, "events", self.language)
        figure = world_map(
            states, found, title=title, note=note, titled=False, language=self.language
        )
        page.show(self.outputs["map"], figure)
        table = results_table(states, title, self.language)
        self._put("map", title, note, states, table)
        boundaries = page.note(text("map.un_note", self.language))
        self.htmls["map-b"].value = boundaries + self.htmls["map-b"].value

    def _draw_reached(self) -> None:
        rows = self._rows("parties-reached")
        drawn = rows[rows["entity"].isin(entities.groups())]
        order = list(entities.groups())
        drawn = drawn.sort_values("entity", key=lambda ids: ids.map(order.index))
        note = self._note(drawn, text("knowledge.least", self.language))
        self._bars("reached", drawn, self._named("reached"), note)

    def _draw_funders(self) -> None:
        chosen = Choice("events-held", "funder", ALL, self.day)
        drawn = choices.of_sectors(self._rows("events-held"), chosen)
        note = self._note(drawn, text("knowledge.several", self.language))
        self._bars("funders", drawn, self._named("funders"), note, by_series=True)

    def _bars(
        self, name: str, drawn: pd.DataFrame, title: str, note: str, *, by_series: bool = False
    ) -> None:
        figure = bars(
            drawn,
            title=title,
            note=note,
            by_series=by_series,
            titled=False,
            bounds=False,  # most reach up to all: lines would run through the words; table has them
            language=self.language,
        )
        page.show(self.outputs[name], figure)
        table = "" if by_series else results_table(drawn, title, self.language)
        self._put(name, title, note, drawn, table)

    def _draw_match(self) -> None:
        items, experts = self._rows("support-items"), self._rows("experts-listed")
        items = items[items["entity"] == entities.WORLD]
        experts = experts[experts["entity"] == entities.WORLD]
        rows = pd.concat([items, experts], ignore_index=True)
        title = self._named("match")
        met, asked = self._world("needs-with-experts"), self._world("experts-asked")
        said = ""
        if met is not None and asked is not None and met["status"] == asked["status"] == "ok":
            said = text(
                "knowledge.match_note",
                self.language,
                met=met["n"],
                needs=met["n_due"],
                asked=asked["n"],
                listed=asked["n_due"],
            )
        table = tables.match_table(items, experts, title, self.language)
        self._put("match", title, self._note(rows, said), rows, table)

    def _draw_asks(self) -> None:
        rows = tables.until(self.edition.table("asks"), self.day, "dated_on")
        told = rows["state_on"] <= pd.Timestamp(self.day)  # before it nobody knew the state
        rows = rows.assign(state=rows["state"].where(told, "unknown"))
        state = self._value("state")
        shown = rows if state == ALL else rows[rows["state"] == state]
        said = plural("knowledge.asks_note", len(shown), self.language, count=len(shown))
        note = self._note(shown, said) if len(shown) else said
        title = self._named("asks")
        table = tables.asks_table(shown, title, self.language)
        self._put("asks", title, note, shown, table)

    def _draw_communication(self) -> None:
        series = self._value("measure")
        rows = self._rows("communication")
        drawn = rows[(rows["series"] == series) & (rows["entity"] == entities.WORLD)]
        title = f"{self._named('communication')} · {self._measure(series)}"
        note = self._note(drawn) if len(drawn) else ""
        figure = over_years(drawn, title=title, note=note, language=self.language)
        page.show(self.outputs["communication"], figure)
        every = tables.until(self.edition.table("communication"), self.day)
        table = tables.figures_table(every, self._named("communication"), self.language)
        self._put("communication", title, note, every, table)
