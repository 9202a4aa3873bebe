"""Pages of recorded dashboards: their first look as HTML, the rest as data in small files."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from evalkit.publish.site import Site
from evalkit.views import map_svg

PAGES = {
    "reporting": "reporting",
    "scorecard": "scorecard",
    "gold-mining": "gold",
    "emissions": "emissions",
    "support": "support",
    "knowledge": "knowledge",
}


class Dashboard:
    """One recorded dashboard as a page.

    Parameters
    ----------
    site : Site
        The language.
    name : str
        Of the dashboard.
    recorded : mapping
        What `evalkit.views.recording.recorded` gave.
    """

    def __init__(self, site: Site, name: str, recorded: Mapping[str, Any]) -> None:
        self.site, self.name, self.recorded = site, name, recorded
        self.maps = self.drawn = 0
        self.order = {one: i for i, one in enumerate(recorded["contents"])}

    def write(self) -> None:
        """Write the page and its data."""
        body = "".join(self._node(node) for node in self.recorded["body"])
        self.site.write(
            f"{self.name}.html", "dashboard.html.j2",
            self.site.say(f"publish.menu.{PAGES[self.name]}"),
            body=Markup(body), name=self.name, has_figures=bool(self.drawn),
        )  # fmt: skip
        self._data()

    # --- the first look -------------------------------------------------------------------------

    def _node(self, node: Any) -> str:
        if isinstance(node, int):
            return self._part(node)
        if "chooser" in node:
            return self._chooser(node["chooser"])
        inside = "".join(self._node(one) for one in node["children"])
        kind = html.escape(node["class"], quote=True)
        return f'<div class="{kind}">{inside}</div>' if inside else ""

    def _part(self, number: int) -> str:
        name = self.recorded["start"][number]
        content = self.recorded["contents"].get(name, "")
        kind, inside = "", content
        if isinstance(content, dict) and "map" in content:
            self.maps += 1
            data = content["map"] | {"title": "", "notes": []}
            kind, inside = "map", map_svg.figure(data, self.site.words, self.maps)
        elif isinstance(content, dict):
            self.drawn += 1
            kind, inside = "figure", ""
        return f'<div data-part="{number}" data-kind="{kind}" data-is="{name}">{inside}</div>'

    def _chooser(self, name: str) -> str:
        found = next((one for one in self.recorded["choosers"] if one["name"] == name), None)
        if found is None:
            return ""
        product = self._product(name)
        before = [
            next(one["value"] for one in self.recorded["choosers"] if one["name"] == other)
            for other in product["names"][: product["names"].index(name)]
        ]
        options = product["options"]["|".join((name, *before))]
        inside = "".join(
            f'<option value="{html.escape(value, quote=True)}"'
            f"{' selected' if value == found['value'] else ''}>{html.escape(label)}</option>"
            for label, value in options
        )
        return (
            f'<label class="evalkit-chooser"><span>{html.escape(found["label"])}</span>'
            f'<select name="{name}" autocomplete="off">{inside}</select></label>'
        )

    def _product(self, name: str) -> Mapping[str, Any]:
        return next(one for one in self.recorded["products"] if name in one["names"])

    # --- the rest -------------------------------------------------------------------------------

    def _data(self) -> None:
        """Write which content each choice shows where, and the contents, each in one file."""
        home: dict[str, str] = {}
        files: dict[str, dict[str, Any]] = {}
        for file, names in self._by_file():
            for name in names:
                if name and name not in home:
                    home[name] = file
                    files.setdefault(file, {})[name] = self.recorded["contents"][name]
        numbers = {file: i for i, file in enumerate(files)}
        products = [
            {
                "names": one["names"],
                "options": one["options"],
                "looks": {
                    choice: [self.order.get(name, -1) for name in names]
                    for choice, names in one["looks"].items()
                },
            }
            for one in self.recorded["products"]
        ]
        self.site.data(
            f"{self.name}/index",
            {
                "choosers": self.recorded["choosers"],
                "products": products,
                "contents": [[one, numbers[home[one]] if one in home else -1]
                             for one in self.order],
                "files": list(files),
            },
        )  # fmt: skip
        for file, contents in files.items():
            self.site.data(f"{self.name}/{file}", contents)

    def _by_file(self) -> Iterator[tuple[str, list[str]]]:
        """Tell for each file which contents are wanted with it: those of one first choice."""
        yield "first", self.recorded["start"]
        for i, product in enumerate(self.recorded["products"]):
            firsts: dict[str, int] = {}
            for choice, names in product["looks"].items():
                number = firsts.setdefault(choice.split("|")[0], len(firsts))
                yield f"{i}-{number}", names


def write_rows(recorded: Mapping[str, Any], folder: Path) -> None:
    """Write the rows to take away that belong to no indicator, where they are not there yet."""
    for file, content in recorded["files"].items():
        path = folder / "downloads" / "rows" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(content, encoding="utf-8", newline="")
