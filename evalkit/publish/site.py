"""One language of the folder: what its pages share, and writing one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evalkit import __version__
from evalkit.editions.store import Edition
from evalkit.publish.plan import Plan
from evalkit.publish.scripts import take
from evalkit.reference import entities, locales
from evalkit.reference.rows import rows as reference
from evalkit.reference.texts import text
from evalkit.views import held as edition_holds
from evalkit.views import numbers, page
from evalkit.views.map_data import words as map_words
from evalkit.views.recording import ROOT

MENU = (  # pages of the bar, by the key of their title
    ("index.html", "overview"),
    ("changes.html", "changes"),
    ("themes.html", "themes"),
    ("indicators.html", "indicators"),
    ("parties.html", "parties"),
    ("reporting.html", "reporting"),
    ("scorecard.html", "scorecard"),
    ("gold-mining.html", "gold"),
    ("emissions.html", "emissions"),
    ("support.html", "support"),
    ("knowledge.html", "knowledge"),
    ("methods.html", "methods"),
    ("data.html", "data"),
    ("downloads.html", "downloads"),
)
PLAIN = ("index", "themes", "indicators", "parties", "methods", "data", "downloads")
_TEMPLATES = Path(__file__).parent / "template"
_SCRIPTED = ("choose", "redrawn", "failed", "nothing", "found", "alone", "save")


class Site:
    """The pages of one language.

    Parameters
    ----------
    edition : Edition
        What they show.
    language : str
        Their language.
    out : Path
        The folder's first level.
    held : Plan
        What the folder holds.
    """

    def __init__(
        self,
        edition: Edition,
        language: str,
        out: Path,
        held: Plan,
    ) -> None:
        self.edition, self.language, self.out = edition, language, out
        self.held, self.parties = held, held.parties
        self.home = out / language
        self.titles: dict[str, str] = {}  # of the pages written, for a test of the whole
        self.environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals.update(t=self.say, html=Markup)

    def say(self, key: str, **values: object) -> str:
        """Return a text in the language of the pages."""
        return text(key, self.language, **values)

    def day(self, when: str) -> str:
        """Return a day in words."""
        return numbers.day(when, self.language)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The table of sources."""
        return self.edition.table("sources")

    @cached_property
    def words(self) -> dict[str, Any]:
        """The words of all maps."""
        return map_words(self.language)

    @cached_property
    def specs(self) -> dict[str, Mapping[str, str]]:
        """The rows of the catalogue of indicators that the edition holds, by id."""
        chosen = self.held.indicators
        return {row["id"]: row for row in reference("indicators.csv") if row["id"] in chosen}

    def write(self, path: str, template: str, title: str, **context: Any) -> None:
        """Write a page.

        Parameters
        ----------
        path : str
            Inside the folder of the language, as ``party/GHA.html``.
        template : str
            Name of a template.
        title : str
            Title of the page.
        **context
            What the template needs.
        """
        depth = path.count("/")
        home, root = "../" * depth, "../" * (depth + 1)
        made = self.environment.get_template(template).render(
            title=title, path=path, home=home, root=root, **self._shared(path), **context
        )
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made.replace(ROOT, root), encoding="utf-8", newline="\n")
        self.titles[path] = title

    def _shared(self, path: str) -> dict[str, Any]:
        edition = self.edition
        told = ("changes",) if self.held.changes is not None else ()
        return {
            "language": self.language,
            "direction": locales.direction(self.language),
            "languages": [(one, locales.own_name(one)) for one in self.held.languages],
            "menu": [
                (to, self.say(f"publish.menu.{name}"))
                for to, name in MENU
                if to.removesuffix(".html") in {*self.held.dashboards, *PLAIN, *told}
            ],
            "section": _section(path),
            "banner": Markup(page.banner(edition, self.language)),
            "notice": edition_holds.notice(edition, self.language),
            "edition": edition.name,
            "as_of": self.day(edition.as_of),
            "version": __version__,
            "scripted": json.dumps(
                {name: self.say(f"publish.script.{name}") for name in _SCRIPTED},
                ensure_ascii=False,
            ).replace("<", "\\u003c"),
        }

    def data(self, name: str, thing: Any) -> None:
        """Write plain data that a page asks for by a script tag."""
        file = self.home / "data" / f"{name}.js"
        file.parent.mkdir(parents=True, exist_ok=True)
        root = "../" * 2
        file.write_text(take(name, thing).replace(ROOT, root), encoding="utf-8", newline="\n")

    def link(self, entity: str) -> str:
        """Return where the page of a Party or group lies; blank where it has none."""
        if entity in entities.groups():
            return f"group/{entity}.html"
        return f"party/{entity}.html" if entity in self.parties else ""


def _section(path: str) -> str:
    """Return the page of the bar that a page belongs to."""
    inside = {"theme": "themes.html", "indicator": "indicators.html", "party": "parties.html",
              "group": "parties.html", "method": "methods.html"}  # fmt: skip
    return inside.get(path.split("/")[0], path)
