"""A drawn map as data for the folder's own map: places, classes, words; no outlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.views import numbers, theme
from evalkit.views.classes import Class
from evalkit.views.map_data import plain


def map_of(figure: Mapping[str, Any], language: str = "en") -> dict[str, Any] | None:
    """Return a figure of `world_map` as `evalkit.views.map_data.map_data` gives it, if it is one.

    Parameters
    ----------
    figure : mapping
        What `evalkit.views.page.bundle` makes of a figure.
    language : str
        Language of the words that the figure does not hold.
    """
    traces = figure["data"]
    outlines = next((one for one in traces if one["type"] == "choropleth"), None)
    if outlines is None:
        return None
    classes = [
        (one["name"], one["marker"]["color"])
        for one in traces
        if one["type"] == "scattergeo"
        and one.get("showlegend")
        and one["marker"]["color"] not in (theme.OUTSIDE, theme.NO_STATE)
    ]
    colours = [colour for _, colour in classes]
    found = _outlined(outlines, len(classes)) | _marked(traces, colours)
    outside = (len(classes), [text("map.outside", language)])
    lines: dict[str, int] = {}
    places = {}
    for one in entities.states():
        kind, said = found.get(one, outside)
        places[one] = [kind, *(lines.setdefault(line, len(lines)) for line in said)]
    counts = Counter(place[0] for place in places.values())
    if counts[len(classes)]:
        classes.append((outside[1][0], theme.OUTSIDE))
    meta = figure["layout"].get("meta") or {}
    return {
        "map": {
            "title": meta.get("title", ""),
            "name": "",
            "notes": [],
            "classes": [
                {
                    "label": label,
                    "colour": colour,
                    "pattern": _patterns().get(colour, ""),
                    "count": counts[i],
                    "counted": numbers.value(counts[i], "", language),
                }
                for i, (label, colour) in enumerate(classes)
            ],
            "lines": list(lines),
            "places": places,
        }
    }


def _patterns() -> dict[str, str]:
    """Return the pattern of each colour that has one: those of reasons for no value, and zero."""
    kinds = [Class("", theme.STATUS_COLOURS[one], status=one) for one in theme.STATUS_COLOURS]
    kinds.append(Class("", theme.ZERO, float("-inf"), 0.0))
    return {one.colour: one.pattern for one in kinds}


def _outlined(trace: Mapping[str, Any], known: int) -> dict[str, tuple[int, list[str]]]:
    found = zip(trace["locations"], trace["z"], trace["text"], strict=True)
    return {
        place: (int(number), plain(said)[1:])  # the first line is the name
        for place, number, said in found
        if place in entities.states() and number is not None and number < known
    }


def _marked(traces: Any, colours: list[str]) -> dict[str, tuple[int, list[str]]]:
    """Return what the points of small States say, which may have no outline."""
    points = next(
        one for one in traces if one["type"] == "scattergeo" and one.get("customdata") is not None
    )
    found = zip(points["customdata"], points["text"], points["marker"]["color"], strict=True)
    return {
        place: (colours.index(colour), plain(said)[1:])
        for place, said, colour in found
        if colour in colours
    }
