"""Pages of indicators: the overview, the list, each sheet, each theme."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from evalkit.publish.explorer import First
from evalkit.publish.plan import FIRST
from evalkit.publish.site import Site
from evalkit.reference import entities
from evalkit.reference.rows import rows as reference
from evalkit.reference.titles import title
from evalkit.views import choice as choices
from evalkit.views import page, score, sentences, sheet
from evalkit.views.recording import ROOT
from evalkit.views.score import Score, Spec, indicator_title
from evalkit.views.table import NUMERIC, html_table, value_text


class Indicators:
    """The pages of one language that show indicators.

    Parameters
    ----------
    site : Site
        The language.
    books : mapping
        The book of each indicator, by its id.
    """

    def __init__(self, site: Site, books: Mapping[str, Any]) -> None:
        self.site, self.books = site, books
        self.themes = [
            {**row, "title": title("theme", row["theme"], site.language)}
            for row in reference("themes.csv")
        ]
        self.scores: dict[str, dict[str, Score]] = {}  # by indicator and group
        self.now: dict[str, pd.DataFrame] = {}

    def write(self) -> None:
        """Write all of them, reading each indicator's results once."""
        for name, spec in self.site.specs.items():
            rows = self.site.edition.results_of(name)
            now = rows[rows["as_of"] == self.site.edition.as_of]
            self.scores[name] = {
                group: score.score(spec, now, group) for group in entities.groups()
            }
            self.site.data(f"books/{name}", self.books[name])
            self._sheet(spec, rows, now)
        self._overview()
        self._list()
        for theme in self.themes:
            self._theme(theme)

    # --- pages ----------------------------------------------------------------------------------

    def _overview(self) -> None:
        first = First(self.site, self.books[FIRST], drawn=True)
        offered = [
            (theme["theme"], theme["title"], self._titles(theme["theme"])) for theme in self.themes
        ]
        self.site.write(
            "index.html", "overview.html.j2", self.site.say("publish.menu.overview"),
            lead=self.site.say("page.lead"), themes=offered, chosen=FIRST, **first.context(),
        )  # fmt: skip

    def _titles(self, theme: str) -> list[tuple[str, str]]:
        held = self.site.edition.manifest["results"]
        return [
            (name, choices.indicator_title(name, held[name], self.site.language))
            for name, spec in self.site.specs.items()
            if spec["theme"] == theme
        ]

    def _sheet(self, spec: Spec, rows: pd.DataFrame, now: pd.DataFrame) -> None:
        site, name = self.site, spec["id"]
        first = First(site, self.books[name])
        told = sheet.sheet(
            spec,
            now,
            held=site.edition.manifest["tables"],
            sources=site.sources,
            language=site.language,
        )
        site.write(
            f"indicator/{name}.html", "indicator.html.j2", indicator_title(spec, site.language),
            sheet=Markup(_without_title(told)), over_days=Markup(self._over_days(rows, first)),
            theme=self._theme_title(spec["theme"]), theme_page=f"theme/{spec['theme']}.html",
            files=Markup(self._files(name)), **first.context(),
        )  # fmt: skip

    def _files(self, name: str) -> str:
        return page.file_links([f"{ROOT}downloads/{name}"], "", self.site.language)

    def _theme_title(self, theme: str) -> str:
        return next((one["title"] for one in self.themes if one["theme"] == theme), theme)

    def _over_days(self, rows: pd.DataFrame, first: First) -> str:
        """Return the values of the groups on all days of the first series and period."""
        found = rows[(rows["series"] == first.series) & (rows["period"] == first.period)]
        found = found[found["entity"].isin(entities.groups())]
        if found["as_of"].nunique() < 2:
            return ""
        titles = list(entities.groups(self.site.language).items())
        headings = [(self.site.say("column.as_of"), "text")]
        headings += [(title, NUMERIC) for _, title in titles]
        cells = []
        for day, some in sorted(found.groupby("as_of"), reverse=True):
            by_group = {row.entity: row for row in some.itertuples()}
            said = [
                value_text(by_group[group], self.site.language) if group in by_group else ""
                for group, _ in titles
            ]
            cells.append((self.site.day(f"{day:%Y-%m-%d}"), *said))
        caption = self.site.say("publish.over_days")
        return html_table(headings, cells, caption)

    def _list(self) -> None:
        tables = [
            (
                theme["theme"],
                theme["title"],
                Markup(self.table(theme["theme"], entities.WORLD, "", theme["title"])),
            )
            for theme in self.themes
        ]
        self.site.write("indicators.html", "indicators.html.j2",
                        self.site.say("publish.menu.indicators"), tables=tables)  # fmt: skip
        counted = [
            (theme["theme"], theme["title"], len(self._titles(theme["theme"])),
             sum(self.scores[n][entities.WORLD].has_value for n, _ in self._titles(theme["theme"])))
            for theme in self.themes
        ]  # fmt: skip
        self.site.write("themes.html", "themes.html.j2", self.site.say("publish.menu.themes"),
                        themes=counted)  # fmt: skip

    def _theme(self, theme: dict[str, str]) -> None:
        table = self.table(theme["theme"], entities.WORLD, "../")
        first = next((n for n, _ in self._titles(theme["theme"]) if self._has_value(n)), None)
        first = first or next((n for n, _ in self._titles(theme["theme"])), None)
        shown = First(self.site, self.books[first]).context() if first else {}
        self.site.write(
            f"theme/{theme['theme']}.html", "theme.html.j2", theme["title"], theme=theme["theme"],
            scores=Markup(table), titles=self._titles(theme["theme"]), chosen=first or "", **shown,
        )  # fmt: skip

    def _has_value(self, name: str) -> bool:
        return self.scores[name][entities.WORLD].has_value

    # --- what other pages show of indicators ----------------------------------------------------

    def table(self, theme: str, group: str, home: str, named: str = "") -> str:
        """Return the indicators of a theme with their latest value for a group, as HTML.

        Parameters
        ----------
        theme : str
            Of themes.csv; all when blank.
        group : str
            The group.
        home : str
            The way from the page to the language's folder.
        named : str
            What its caption begins with, where a page has several.
        """
        body = []
        for name, spec in self.site.specs.items():
            if theme and spec["theme"] != theme:
                continue
            one = self.scores[name][group]
            title = html.escape(indicator_title(spec, self.site.language))
            value = value_text(one.row, self.site.language) if one.row is not None else ""
            cells = (value if one.has_value else "", score.counts_line(one, self.site.language))
            told = "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            mark = score.marked(one.mark, self.site.language)
            body.append(
                f'<tr><th scope="row"><a href="{home}indicator/{name}.html">{title}</a></th>'
                f"<td>{mark}</td>{told}</tr>"
            )
        heads = ("indicator", "state", "value", "counts")
        head = "".join(
            f'<th scope="col">{html.escape(self.site.say(f"publish.head.{h}"))}</th>' for h in heads
        )
        caption = html.escape(
            f"{named} " * bool(named)
            + self.site.say("publish.latest", place=entities.titles(self.site.language)[group],
                          day=self.site.day(self.site.edition.as_of))
        )  # fmt: skip
        return (
            '<div class="evalkit-table is-whole" tabindex="0" role="region" '
            f'aria-label="{caption}">'
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{''.join(body)}</tbody></table></div>"
        )

    def note(self) -> str:
        """Return the sources of all that a table of indicators shows."""
        return sentences.source_note(
            pd.DataFrame({"source": self.site.sources["source"]}),
            self.site.sources,
            self.site.language,
        )


def _without_title(told: str) -> str:
    """Return a sheet without its own title, which the page has as its first heading."""
    start, end = told.find("<h3>"), told.find("</h3>")
    whole = told[:start] + told[end + len("</h3>") :] if start >= 0 else told
    # Sections of a page follow its first heading by one level.
    return whole.replace("<h4>", "<h2>").replace("</h4>", "</h2>")
