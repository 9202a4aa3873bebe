"""The choices of an indicator as they stand in the page before any script has run."""

from __future__ import annotations

import html
import re
from typing import Any

from markupsafe import Markup

from evalkit.publish.site import Site
from evalkit.reference import entities
from evalkit.views import map_svg, page, theme
from evalkit.views.table import NUMERIC, html_table

NOTHING = -1
_LINES = re.compile(r'<p class="evalkit-map-(?:title|note)">[^<]*</p>')
ROOM, BAR = 100, 12  # units of the drawing of a bar: its width and its height


class First:
    """The first look that a book offers, as HTML; `static/explorer.js` draws the same.

    Parameters
    ----------
    site : Site
        The language.
    book : dict
        From `evalkit.views.books`.
    drawn : bool
        Draw the map without a script, too: as large as all the rest of a page, so that a
        folder can afford it on few. Else its table stands open until the script draws it.
    """

    def __init__(self, site: Site, book: dict[str, Any], *, drawn: bool = False) -> None:
        self.site, self.book, self.drawn = site, book, drawn
        self.day = book["days"][0][0]
        self.series = next(
            (one for one, _ in book["series"] if book["choices"][self.day][one]),
            book["series"][0][0],
        )
        self.periods = book["choices"][self.day][self.series]
        self.period = str(self.periods[0][0])
        self.look = book["looks"][self.periods[0][2]]

    def context(self) -> dict[str, Any]:
        """Return what the template explorer.html.j2 needs."""
        states, _, _, _, note, title = self.look
        return {
            "choosers": self._choosers(),
            "headline": Markup(self._headline()),
            "figure_title": self._word(title),
            "figure": Markup(self._map()) if states != NOTHING and self.drawn else "",
            "has_map": states != NOTHING,
            "note": Markup(self._word(note)),
            "bars_title": self.site.say(f"bars.{self._bars()[0]}"),
            "bars": Markup(self._drawn_bars()),
            "table": Markup(self._table(self._word(title))),
            "rows": len(self._listed()),
            "indicator": self.book["id"],
        }

    def _word(self, number: int) -> str:
        return str(self.book["words"][number])

    def _bars(self) -> list[Any]:
        return list(self.book["bars"][self.look[3]])

    def _choosers(self) -> list[dict[str, Any]]:
        groups = [[one, title] for one, title in entities.groups(self.site.language).items()]
        series = [one for one in self.book["series"] if self.book["choices"][self.day][one[0]]]
        offered = {
            "series": (series, self.series),
            "period": ([[p, label or p] for p, label, _ in self.periods], self.period),
            "as_of": (self.book["days"], self.day),
            "group": (groups, entities.WORLD),
        }
        return [
            {"name": name, "label": self.site.say(f"choose.{name}"), "options": options,
             "value": value, "hidden": len(options) < 2 and name in ("series", "period")}
            for name, (options, value) in offered.items()
        ]  # fmt: skip

    def _headline(self) -> str:
        said, counted, least = self.book["groups"][self.look[2]][0]
        lines = [self._word(counted), self.book["definition"]]
        lines = [self.site.say("page.lower_bound"), *lines] if least else lines
        return page.said(self._word(self.look[5]), self._word(said), *lines)

    def map(self) -> dict[str, Any]:
        """Return what the map shows, as `evalkit.views.map_data.map_data` would give it."""
        book, words = self.book, self.book["words"]
        kinds = [list(one) for one in book["classes"][self.look[1]]]
        lines: dict[str, int] = {}
        places = {}
        outside, basis = self.site.say("map.outside"), "map.basis"
        for one, number in zip(entities.states(), book["states"][self.look[0]], strict=True):
            if number == NOTHING:
                said, kind = [outside], len(kinds)
            else:
                kind, value, _, why, when = book["cells"][number]
                due = [self.site.say("map.due_on", day=words[when])] if words[when] else []
                due = due if book["id"] == "obligations" else []
                said = [words[value], *due, self.site.say(basis, basis=words[why])]
            places[one] = [kind, *(lines.setdefault(line, len(lines)) for line in said)]
        counts = [place[0] for place in places.values()]
        if len(kinds) in counts:
            kinds.append([outside, theme.OUTSIDE, ""])
        return {
            "title": self._word(self.look[5]),
            "name": f"evalkit-{book['id']}-{self.day}",
            "notes": [html.unescape(self._word(self.look[4]))],
            "classes": [
                {"label": label if isinstance(label, str) else words[label], "colour": colour,
                 "pattern": pattern, "count": counts.count(i), "counted": str(counts.count(i))}
                for i, (label, colour, pattern) in enumerate(kinds)
            ],
            "lines": list(lines),
            "places": places,
        }  # fmt: skip

    def _map(self) -> str:
        data = self.map() | {"title": "", "notes": []}  # the page says both around it
        made = map_svg.figure(data, self.site.words)
        return _LINES.sub("", made)

    def _drawn_bars(self) -> str:
        _, *found = self._bars()
        if not found:
            return ""
        most = max([abs(bar[2] or 0) for bar in found] + [abs(bar[4] or 0) for bar in found]) or 1
        rows = "".join(
            f'<tr><th scope="row">{html.escape(self._word(label))}</th>'
            f"<td>{_bar(value, low, high, most)}</td>"
            f"<td>{html.escape(self._word(said))}</td></tr>"
            for label, said, value, low, high in found
        )
        caption = html.escape(self._word(self.look[5]))
        return (
            f'<table class="evalkit-bars"><caption class="evalkit-unseen">{caption}</caption>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _listed(self) -> list[tuple[str, int]]:
        if self.look[0] == NOTHING:
            return []
        numbers = self.book["states"][self.look[0]]
        order = dict(zip(entities.states(), numbers, strict=True))
        return [(name, order[one]) for one, name in self.site.words["names"] if order[one] >= 0]

    def _table(self, caption: str) -> str:
        columns = ("entity", "period", "value", "counts", "basis")
        kinds = ("text", "text", NUMERIC, NUMERIC, "text")
        headings = [
            (self.site.say(f"column.{name}"), kind)
            for name, kind in zip(columns, kinds, strict=True)
        ]
        cells = []
        for name, number in self._listed():
            _, value, counts, basis, period = self.book["cells"][number]
            cells.append((name, *(self._word(one) for one in (period, value, counts, basis))))
        return html_table(headings, cells, caption) if cells else ""


def _bar(value: float | None, low: float | None, high: float | None, most: float) -> str:
    """Return the drawing of one bar with its bounds; the words stand beside it."""
    width = round(ROOM * abs(value or 0) / most, 2)
    ends = ""
    if low is not None and high is not None and low != high:
        first, last = (round(ROOM * one / most, 2) for one in (low, high))
        ends = f'<path d="M{first} 6H{last}" class="evalkit-bounds"/>'
    return (
        f'<svg class="evalkit-bar" viewBox="0 0 {ROOM} {BAR}" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect width="{width}" height="{BAR}"/>{ends}</svg>'
    )
