"""The second life of a dashboard: all that its choosers can show, recorded as plain data.

Live, a dashboard is a widget with a kernel behind it. For a folder of files the same dashboard
is worked through here, chooser by chooser, and what each place of the page holds is kept once
for each different content. A page names in `RECORDED` the products of choosers that are worked
through; beyond them each chooser stands at its first choice, so the whole is a sum of small
products. Nothing is assumed about which part of a page depends on which chooser: each part is
looked at again for every choice.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd

from evalkit.views import page
from evalkit.views.downloads import About, as_csv, kept, neutral
from evalkit.views.world_map import without_outlines

if TYPE_CHECKING:
    from evalkit.editions.store import Edition

MIME = "application/vnd.evalkit.page+json"
ROOT = "evalkit:root/"  # stands for the way from a page to the folder's first level
FEW = 3  # so many indicators' files are named; of more, the page of all files
_HIDDEN = {"evalkit-address", "evalkit-pick", "evalkit-banner"}  # the frame has its own banner
_STYLE = re.compile(r"^<style>.*</style>$", re.DOTALL)


class Recorded:
    """A recorded page, as an output of a notebook."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {MIME: self.data, "text/plain": f"page {self.data['page']}"}


def recorded(
    kind: Callable[..., Any], edition: Edition, language: str, parties: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Work a dashboard through the products of its choosers and return what it showed.

    Parameters
    ----------
    kind : class
        A dashboard with `RECORDED`.
    edition : Edition
        What is shown.
    language : str
        Language of the page.
    parties : tuple of str
        The Parties to show where a product has the chooser of a Party; all when empty.

    Returns
    -------
    dict
        ``body`` (the arrangement; a part is named by its number), ``choosers``, ``products``
        (names, then for each choice the contents by part), ``contents`` (each once), ``files``
        (rows to take away that belong to no indicator).
    """
    tape = Tape(language)
    with kept(tape.keep), without_outlines():
        dashboard = kind(edition, f"lang={language}")
        tape.wire(dashboard.widget, {one: name for name, one in dashboard.choosers.items()})
        start = {name: _value(one) for name, one in dashboard.choosers.items()}
        products = [_worked(dashboard, names, start, tape, parties) for names in dashboard.RECORDED]
    offered = {name for names in dashboard.RECORDED for name in names}
    return {
        "page": kind.__name__,
        "language": language,
        "body": tape.body,
        "start": tape.first,
        "choosers": [
            {"name": name, "label": one.description, "value": start[name]}
            for name, one in dashboard.choosers.items()
            if name in offered
        ],
        "products": products,
        "contents": tape.contents,
        "files": tape.files,
    }


class Tape:
    """Where a page is recorded: its arrangement, its parts, what they hold choice by choice."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.parts: list[widgets.Widget] = []
        self.choosers: Mapping[widgets.Widget, str] = {}
        self.body: list[Any] = []
        self.first: list[str] = []
        self.contents: dict[str, Any] = {}
        self.files: dict[str, str] = {}

    def wire(self, widget: widgets.Widget, choosers: Mapping[widgets.Widget, str]) -> None:
        """Find the parts of a page by going through its widgets from the top."""
        self.choosers = choosers
        self.body = [node for one in widget.children if (node := self._node(one)) is not None]
        self.first = self.look()

    def _node(self, widget: widgets.Widget) -> Any:
        marks = set(getattr(widget, "_dom_classes", ()))
        if marks & _HIDDEN:
            return None
        if isinstance(widget, widgets.HTML | widgets.Output):
            if isinstance(widget, widgets.HTML) and _STYLE.match(widget.value):
                return None
            self.parts.append(widget)
            return len(self.parts) - 1
        if isinstance(widget, widgets.Box):
            children = [node for one in widget.children if (node := self._node(one)) is not None]
            return {"class": " ".join(sorted(marks)), "children": children}
        return {"chooser": self.choosers[widget]} if widget in self.choosers else None

    def look(self) -> list[str]:
        """Return the names of what the parts hold now, keeping each content."""
        return [self._kept(one) for one in self.parts]

    def _kept(self, part: widgets.Widget) -> str:
        content = part.value if isinstance(part, widgets.HTML) else _figure(part)
        if not content:
            return ""
        packed = json.dumps(content, sort_keys=True, ensure_ascii=False)
        name = hashlib.sha256(packed.encode()).hexdigest()[:12]
        self.contents.setdefault(name, content)
        return name

    def keep(self, rows: pd.DataFrame, about: About, file: str, language: str) -> str:
        """Return links to files of the folder in the place of files inside the page."""
        names, elsewhere = self._files(rows, about, file)
        return page.file_links(names, elsewhere, language)

    def _files(self, rows: pd.DataFrame, about: About, file: str) -> tuple[list[str], str]:
        if "indicator" in rows and len(rows):
            names = sorted(rows["indicator"].unique())
            if len(names) <= FEW:
                return [f"{ROOT}downloads/{name}" for name in names], ""
            return [], f"{ROOT}{self.language}/downloads.html"
        body = rows.map(neutral).to_csv(index=False)
        name = f"{file}-{hashlib.sha256(body.encode()).hexdigest()[:8]}.csv"
        if name not in self.files:
            self.files[name] = as_csv(rows, about).decode("utf-8")
        return [], f"{ROOT}downloads/rows/{name}"


def _figure(output: widgets.Output) -> Any:
    """Return the figure of an output as data; of a map what it shows, without its outlines."""
    if output.layout.display == "none" or not output.outputs:
        return ""
    drawn = output.outputs[0]["data"][page.MIME]
    shown = (drawn["layout"].get("meta") or {}).get("map")
    return {"map": shown} if shown else {"figure": _lean(drawn)}


def _lean(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a figure without the template that all figures share by default."""
    layout = {name: value for name, value in figure["layout"].items() if name != "template"}
    return {"data": figure["data"], "layout": layout}


def _value(chooser: widgets.Widget) -> str:
    return str(chooser.value or "")


def _worked(
    dashboard: Any,
    names: tuple[str, ...],
    start: Mapping[str, str],
    tape: Tape,
    parties: tuple[str, ...],
) -> dict[str, Any]:
    """Work one product through, and set all its choosers back to their first choice."""
    options: dict[str, list[list[str]]] = {}
    looks = {
        "|".join(choice): tape.look() for choice in _through(dashboard, names, parties, options)
    }
    for name, value in start.items():
        if _value(dashboard.choosers[name]) != value:
            dashboard.choosers[name].value = value
    return {"names": list(names), "options": options, "looks": looks}


def _through(
    dashboard: Any,
    names: tuple[str, ...],
    parties: tuple[str, ...],
    options: dict[str, list[list[str]]],
    before: tuple[str, ...] = (),
) -> Iterator[tuple[str, ...]]:
    if not names:
        yield before
        return
    chooser = dashboard.choosers[names[0]]
    offered = [(str(label), str(value)) for label, value in chooser.options]
    if names[0] == "party":
        offered = [one for one in offered if one[1] and one[1] in (parties or (one[1],))]
    options["|".join((names[0], *before))] = [list(one) for one in offered]
    for _, value in offered:
        if _value(chooser) != value:
            chooser.value = value
        yield from _through(dashboard, names[1:], parties, options, (*before, value))
