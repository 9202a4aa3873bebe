"""The page on money and support: what was committed, to whom, how it is counted, beside what need.

State lives in the address as on the overview (`?group=LDC&attribution=full-count`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.texts import plural, text
from evalkit.views import choice as choices
from evalkit.views import numbers, page, sentences
from evalkit.views import support_rows as found
from evalkit.views import support_sections as sections
from evalkit.views import support_tables as tables
from evalkit.views.classes import classes
from evalkit.views.dashboard import Dashboard
from evalkit.views.support_look import Look, Section
from evalkit.views.support_need import need
from evalkit.views.support_sections import EMITTED
from evalkit.views.table import results_table
from evalkit.views.world_map import world_map

MOST = 10  # places of a ranking that are shown; the file has them all
DRAWN: dict[str, Callable[[Look], Section]] = {
    "years": sections.years,
    "periods": sections.periods,
    "themes": sections.themes,
    "types": sections.types,
    "agencies": sections.agencies,
    "groups": sections.groups,
    "flows": sections.flows,
    "programmes": sections.programmes,
    "envelopes": sections.envelopes,
    "funds": sections.funds,
    "ratio": sections.ratio,
    "need": need,
}
EVERYTHING = frozenset({"group", "party", "period", "attribution", "chemicals", "as_of"})
CHANGED_BY: dict[str, frozenset[str]] = {  # what a section depends on, where not on everything
    "maps": EVERYTHING - {"party"},
    "flows": frozenset({"period", "chemicals", "as_of"}),
    "ratio": frozenset({"period", "as_of"}),
    "need": EVERYTHING - {"period"} | {"inventory"},
    **{name: frozenset({"as_of"}) for name in ("programmes", "envelopes", "funds")},
}
TABLES_ALONE = ("programmes", "funds")  # sections without a figure
PAIRS = (("years", "periods"), ("themes", "agencies"), ("groups", "types"))  # beside one another
MAPS = ("map", "other")


class Support(Dashboard):
    """The widgets of the page and what ties them together.

    Parameters
    ----------
    edition : Edition
        What is shown.
    query : str
        The address's query string.

    Examples
    --------
    >>> Support(evalkit.load(), "party=SEN&attribution=full-count").widget  # doctest: +SKIP
    """

    CHOICES: ClassVar = (
        "group",
        "party",
        "period",
        "attribution",
        "chemicals",
        "inventory",
        "as_of",
    )
    RECORDED: ClassVar = (("group", "attribution"), ("chemicals",))
    HTMLS: ClassVar = (
        *(f"{name}-{part}" for name in (*MAPS, *DRAWN) for part in "ab"),
        "listed",
        "ranking",
    )
    FIGURES: ClassVar = (*MAPS, *(name for name in DRAWN if name not in TABLES_ALONE))

    def fill(self) -> None:
        """Set the options of the choosers, from the address where it names them."""
        self.of_days: dict[tuple[str, str], pd.DataFrame] = {}
        asked, language = self.asked, self.language
        grants = self.rows("gef-grants")
        self.days(grants, asked.get("as_of", ""))
        self.groups(asked.get("group", entities.WORLD))
        self.states(asked.get("party", ""))
        ways = found.attributions(grants)
        named = [(tables.attribution_title(one, language), one) for one in ways]
        self.options("attribution", named, asked.get("attribution", found.EVEN))
        periods = choices.periods(grants, found.EVEN, self.chosen("as_of"))
        named = [(tables.period(one, language), one) for one in periods] or [("", found.ALL)]
        self.options("period", named, asked.get("period", found.ALL))
        chemicals = [(text(f"chemicals.{one}", language), one) for one in ("in", "out")]
        self.options("chemicals", chemicals, asked.get("chemicals", "in"))
        emitted = [one for one in choices.series(self.rows(EMITTED)) if "/" not in one]
        inventories = [(choices.series_title(one, language), one) for one in emitted]
        self.options("inventory", inventories or [("", "")], asked.get("inventory", ""))

    def parts(self) -> list[widgets.Widget]:
        """Return the widgets of the page, from the top."""
        h, said = self.htmls, {
            name: text(f"support.{name}", self.language)
            for name in ("lead", "changes", "cuts", "flows_heading", "beside", "need_heading")
        }  # fmt: skip
        drawn = {name: self._section(name) for name in (*MAPS, *DRAWN)}
        pairs = [widgets.HBox([drawn[one], drawn[other]]).add_class("evalkit-pair")
                 for one, other in PAIRS]  # fmt: skip
        maps = widgets.HBox([drawn[one] for one in MAPS]).add_class("evalkit-pair")
        return [
            widgets.HTML(page.paragraph(said["lead"], "evalkit-lead")),
            self.row("group", "party", "period", "as_of"),
            self.row("attribution", "chemicals"),
            *(h["headline"], h["listed"]),
            page.heading(said["changes"], "attribution"),
            *(maps, h["ranking"]),
            page.heading(said["cuts"], "cuts"),
            *pairs,
            *(drawn[name] for name in ("flows", "programmes")),
            page.heading(said["beside"], "envelopes"),
            *(drawn[name] for name in ("envelopes", "funds", "ratio")),
            page.heading(said["need_heading"], "need"),
            *(self.row("inventory"), drawn["need"]),
            page.about(self.edition, self.language),
        ]

    def _section(self, name: str) -> widgets.VBox:
        own = (self.htmls[f"{name}-a"], self.outputs.get(name), self.htmls[f"{name}-b"])
        return widgets.VBox([part for part in own if part is not None])

    def answer(self, name: str) -> None:
        """Show what follows from a choice; what does not depend on it stays as it is."""
        self._draw(name)

    # --- what is chosen -------------------------------------------------------------------------

    @property
    def look(self) -> Look:
        """What is looked at now."""
        return Look(
            rows=self._of_day,
            obligations=self.rows("obligations"),
            sources=self.sources,
            projects=self.edition.table("projects"),
            entity=self.chosen("party") or self.chosen("group"),
            **{name: self.chosen(name)
               for name in ("group", "period", "attribution", "inventory", "as_of")},
            language=self.language,
            alone=self.chosen("chemicals") == "out",
        )  # fmt: skip

    def _of_day(self, indicator: str) -> pd.DataFrame:
        key = indicator, self.chosen("as_of")
        if key not in self.of_days:
            rows = self.rows(indicator)
            self.of_days[key] = rows[rows["as_of"] == key[1]]
        return self.of_days[key]

    # --- what is drawn --------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw everything for the present choice."""
        self._draw("as_of")

    def _draw(self, changed: str) -> None:
        """Draw what depends on a chooser."""
        look = self.look
        if changed in EVERYTHING:
            self._draw_headline(look)
        if changed in CHANGED_BY["maps"]:
            self._draw_maps(look)
            self._draw_ranking(look)
        for name, section in DRAWN.items():
            if changed in CHANGED_BY.get(name, EVERYTHING):
                self._put(name, section(look))

    def _draw_headline(self, look: Look) -> None:
        row = found.cell(look.grants, look.attribution, look.entity, look.period)
        place = entities.titles(look.language)[look.entity]
        title = look.title("headline", look.when(look.period), look.how())
        if row is not None and row["status"] == Status.OK:
            value = numbers.value(row["value"], "USD", self.language)
            said = text("support.committed", self.language, place=place, value=value)
        else:
            reason = tables.said(row, self.language)
            said = text("headline.no_value", self.language, place=place, reason=reason)
        lines = [sentences.counts(row, self.language), self._of_chemicals(look), self._whole(look)]
        title = page.marked(title, self.edition, self.language)
        self.htmls["headline"].value = page.said(title, said, *lines)
        self.htmls["listed"].value = ""
        if row is not None and row["status"] == Status.OK:
            day = tables.day_of(row, self.sources, self.language)
            self.htmls["listed"].value = page.notice(
                text("support.list_day", self.language, day=day)
            )

    def _of_chemicals(self, look: Look) -> str:
        """Return what projects on other chemicals as well make of it, or that they are out."""
        if look.alone:
            return text("support.chemicals_out", self.language)
        cells = [
            found.cell(self._of_day(name), look.attribution, look.entity, look.period)
            for name in ("gef-grants", "gef-grants-mercury-alone")
        ]
        known = [one["value"] for one in cells if one is not None and one["status"] == Status.OK]
        if len(known) < 2 or known[0] == known[1]:
            return ""
        part = numbers.value(known[0] - known[1], "USD", self.language)
        return text("support.chemicals_in", self.language, part=part)

    def _whole(self, look: Look) -> str:
        """Return the line that says whether parts and what is apart make the whole."""
        sums = found.whole(found.of_series(look.grants, look.attribution, look.period))
        if sums is None:
            return text("support.no_whole", self.language)
        parts, apart, whole = (
            numbers.exact(amount, "USD", self.language)
            for amount in (sums.parts, sums.apart, sums.whole)
        )
        if sums.adds_up:
            return text("support.adds_up", self.language, parts=parts, apart=apart, whole=whole)
        ratio = (sums.parts + sums.apart) / sums.whole if sums.whole else 0.0
        times = numbers.plain(ratio, ".1f", self.language)
        return text(
            "support.counts_again",
            self.language,
            parts=parts,
            apart=apart,
            whole=whole,
            times=times,
        )

    def _draw_maps(self, look: Look) -> None:
        """Draw the chosen way of attribution and the one beside it, in the same classes."""
        ways = dict(zip(MAPS, (look.attribution, found.compared(look.attribution)), strict=True))
        states = {
            name: choices.of_states(found.of_series(look.grants, way, look.period), look.group)
            for name, way in ways.items()
        }
        both = pd.concat(list(states.values()), ignore_index=True)
        alike = classes(both, "gef-grants", "USD", self.language)
        for name, way in ways.items():
            title = look.title("map", look.when(look.period), look.how(way))
            table = results_table(states[name], title, self.language)
            draw = partial(world_map, states[name], alike, title=title, titled=False,
                           language=self.language)  # fmt: skip
            remarks = (text("map.un_note", self.language),)
            self._put(name, Section(title, states[name], table, draw, remarks))

    def _draw_ranking(self, look: Look) -> None:
        ways = (look.attribution, found.compared(look.attribution))
        whole = [found.of_series(look.grants, way, look.period) for way in ways]
        both = found.beside(*(found.ranking(rows, look.group) for rows in whole))
        group = entities.titles(look.language)[look.group]
        title = page.marked(
            look.title("ranking", group, look.when(look.period)), self.edition, self.language
        )
        table = tables.rankings(both, ways, title, MOST, self.language)
        moved = int((both["moves"].fillna(1) != 0).sum())
        said = plural("support.moved", moved, self.language, moved=moved, of=len(both),
                    one=look.how(ways[0]), other=look.how(ways[1]))  # fmt: skip
        note = self.note(pd.concat(whole))
        named = both.assign(series_one=ways[0], series_other=ways[1])
        taken = self.downloads(named, title, note, f"evalkit-ranking-{look.as_of}")
        self.htmls["ranking"].value = (
            page.title(title) + page.paragraph(said) + table + page.note(note) + taken
        )

    def _put(self, name: str, section: Section) -> None:
        """Set the title of a section and its figure; beneath it note, remarks, table, files."""
        title = page.marked(section.title, self.edition, self.language)
        note = self.note(section.rows) if len(section.rows) else ""
        self.htmls[f"{name}-a"].value = page.title(title)
        if section.figure is not None:
            page.show(self.outputs[name], section.figure(note=note))
        shown = section.table
        if section.figure is not None:
            shown = page.details(text("table.figure", self.language), section.table)
        remarks = "".join(page.paragraph(one) for one in section.remarks)
        file = f"evalkit-support-{name}-{self.chosen('as_of')}"
        taken = self.downloads(section.rows, title, note, file, section.remarks)
        self.htmls[f"{name}-b"].value = remarks + page.note(note) + shown + taken
