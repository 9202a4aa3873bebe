"""A drawn map as data for the folder's own map: places, classes, words; no outlines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evalkit.reference import entities
from evalkit.views import theme

_MARKUP = re.compile(r"<br\s*/?>")
_TAGS = re.compile(r"<[^>]+>")


def map_of(figure: Mapping[str, Any], language: str = "en") -> dict[str, Any] | None:
    """Return the classes and places of a figure that is a map; None for any other.

    Parameters
    ----------
    figure : mapping
        What `evalkit.views.page.bundle` makes of a figure of `world_map`.
    language : str
        Language of the words, which are those of the figure.
    """
    traces = figure["data"]
    outlines = next((one for one in traces if one["type"] == "choropleth"), None)
    if outlines is None:
        return None
    legend = [
        (one["name"], one["marker"]["color"])
        for one in traces
        if one["type"] == "scattergeo" and one.get("showlegend") and one.get("name")
    ]
    own = [one for one in legend if one[1] not in (theme.OUTSIDE, theme.NO_STATE)]
    places = dict(_outlined(outlines, len(own)))
    points = next(one for one in traces if one["type"] == "scattergeo" and "customdata" in one)
    colours = [colour for _, colour in own]
    marked = zip(points["customdata"], points["text"], points["marker"]["color"], strict=True)
    for place, said, colour in marked:
        if place not in places and colour in colours:
            places[place] = [colours.index(colour), plain(said)]
    patterns = {colour: str(status) for status, colour in theme.STATUS_COLOURS.items()}
    return {
        "map": {
            "classes": [[label, colour, patterns.get(colour, "")] for label, colour in own],
            "places": dict(sorted(places.items())),
        }
    }


def _outlined(trace: Mapping[str, Any], known: int) -> list[tuple[str, list[Any]]]:
    found = zip(trace["locations"], trace["z"], trace["text"], strict=True)
    return [
        (place, [int(number), plain(said)])
        for place, number, said in found
        if place in entities.states() and number is not None and number < known
    ]


def plain(said: str) -> str:
    """Return the words of a hover without their markup, a line for each."""
    import html

    return html.unescape(_TAGS.sub("", _MARKUP.sub("\n", said)))
