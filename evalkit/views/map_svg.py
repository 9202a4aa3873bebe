"""A map as SVG text, for pages that are read or printed without a script.

It is what evalkit/publish/static/map.js draws first, which a test compares. Here each place has its
words as a title, which browsers show; there they are labels, for keys and screen readers.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

from evalkit.views import map_paths, theme
from evalkit.views.map_patterns import COLOURS, MARKS

DOT = 4.2  # radius of a marker in pixels
SCREEN = 1000  # pixels that a drawing is made for
SCALE = map_paths.WIDTH / SCREEN
_LINE = ' vector-effect="non-scaling-stroke"'


def outlines_script() -> str:
    """Return the script that gives a page the outlines, `window.evalkitOutlines`."""
    return _script("evalkitOutlines", map_paths.drawing())


def words_script(words: dict[str, Any]) -> str:
    """Return the script that gives a page the words of its language.

    Parameters
    ----------
    words : dict
        From `evalkit.views.map_data.words`.
    """
    return _script("evalkitMapWords", words)


def _script(name: str, data: dict[str, Any]) -> str:
    return f"window.{name} = {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def svg(data: dict[str, Any], words: dict[str, Any], number: int = 1) -> str:
    """Return the world map of some data as SVG.

    Parameters
    ----------
    data : dict
        From `evalkit.views.map_data.map_data`.
    words : dict
        From `evalkit.views.map_data.words`.
    number : int
        Which map of its page it is, from 1: ids of patterns are made of it.
    """
    prefix = f"evalkit-map-{number}"
    inside = [
        f"<defs>{''.join(_patterns(prefix, data['classes']))}</defs>",
        f'<g><path class="evalkit-map-sea" d="{map_paths.sphere()}" fill="{COLOURS["sea"]}"/>',
        _areas(prefix),
        _places(prefix, data, words),
        "</g>",
        *_over("chosen", ((COLOURS["ink"], "5"), (COLOURS["chosen"], "3"))),
        *_over("pointed", (("#ffffff", "5"), (COLOURS["ink"], "2.5"))),
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="evalkit-map-drawing" '
        f'viewBox="0 0 {map_paths.WIDTH} {map_paths.HEIGHT}" role="img" '
        f'aria-label="{escape(data["title"])}">{"".join(inside)}</svg>'
    )


def figure(data: dict[str, Any], words: dict[str, Any], number: int = 1) -> str:
    """Return a map with its title, legend and notes as HTML that needs no script.

    Parameters
    ----------
    data, words, number
        As for `svg`.
    """
    entries = [
        f"<li>{_swatch(f'evalkit-map-{number}-l{i}', one['colour'], one['pattern'])}"
        f"<span>{escape(one['label'])} "
        f'<bdi class="evalkit-map-count">({escape(one["counted"])})</bdi></span></li>'
        for i, one in enumerate(data["classes"])
    ]
    nobody = _swatch(f"evalkit-map-{number}-lx", COLOURS["nobody"], COLOURS["disputed"], half=True)
    entries.append(f"<li>{nobody}<span>{escape(words['nobody'])}</span></li>")
    notes = [*data["notes"], words["boundaries"]]
    told = "".join(f'<p class="evalkit-map-note">{escape(note)}</p>' for note in notes)
    return (
        f'<div class="evalkit-map" dir="{words["direction"]}" lang="{words["language"]}">'
        f'<p class="evalkit-map-title">{escape(data["title"])}</p>'
        f"{svg(data, words, number)}"
        f'<ul class="evalkit-map-legend" aria-label="{escape(words["controls"]["legend"])}">'
        f'{"".join(entries)}</ul><div class="evalkit-map-notes">{told}</div></div>'
    )


def _pattern(name: str, colour: str, mark: str, scale: float) -> str:
    side, width, d = MARKS[mark]
    return (
        f'<pattern id="{name}" width="{side}" height="{side}" patternUnits="userSpaceOnUse" '
        f'patternTransform="scale({scale:g})">'
        f'<rect width="{side}" height="{side}" fill="{colour}"/>'
        f'<path d="{d}" fill="none" stroke="{theme.on(colour)}" stroke-width="{width:g}" '
        'stroke-opacity="0.5" stroke-linecap="round"/></pattern>'
    )


def _patterns(prefix: str, classes: list[dict[str, Any]]) -> list[str]:
    found = [
        _pattern(f"{prefix}-c{i}", one["colour"], one["pattern"], SCALE)
        for i, one in enumerate(classes)
        if one["pattern"]
    ]
    return [*found, _pattern(f"{prefix}-x", COLOURS["nobody"], COLOURS["disputed"], SCALE)]


def _areas(prefix: str) -> str:
    found = map_paths.drawing()
    drawn = [
        f'<path class="evalkit-map-area" data-area="{one}" d="{d}" fill="'
        f'{f"url(#{prefix}-x)" if one in found["disputed"] else COLOURS["nobody"]}"{_LINE}/>'
        for one, d in found["areas"].items()
    ]
    return (
        f'<g aria-hidden="true" stroke="{COLOURS["edge"]}" stroke-width="0.5">{"".join(drawn)}</g>'
    )


def _places(prefix: str, data: dict[str, Any], words: dict[str, Any]) -> str:
    names = dict(words["names"])
    fills = [
        f"url(#{prefix}-c{i})" if one["pattern"] else one["colour"]
        for i, one in enumerate(data["classes"])
    ]
    drawn = []
    for one in map_paths.order():
        kind, *numbered = data["places"][one]
        said = ". ".join([names[one], *(data["lines"][i] for i in numbered)])
        shape = f'<path d="{map_paths.paths()[one]}"{_LINE}/>' if one in map_paths.paths() else ""
        dots = "".join(map(_dot, map_paths.dots().get(one, [])))
        drawn.append(
            f'<g class="evalkit-map-place" data-place="{one}" fill="{fills[kind]}">'
            f"<title>{escape(said)}</title>{shape}{dots}</g>"
        )
    return (
        f'<g stroke="{COLOURS["muted"]}" stroke-width="0.7" '
        f'fill-rule="evenodd">{"".join(drawn)}</g>'
    )


def _dot(at: tuple[int, int]) -> str:
    x, y = at
    return (
        f'<circle cx="{x}" cy="{y}" r="{DOT * SCALE:g}" class="evalkit-map-dot"{_LINE} '
        f'stroke="{COLOURS["ink"]}" stroke-width="0.9"/>'
    )


def _over(name: str, lines: tuple[tuple[str, str], ...]) -> list[str]:
    return [
        f'<path class="evalkit-map-{name}" d="" fill="none" pointer-events="none"'
        f'{_LINE} stroke="{stroke}" stroke-width="{width}"/>'
        for stroke, width in lines
    ]


def _swatch(name: str, colour: str, mark: str, *, half: bool = False) -> str:
    drawn = _pattern(name, colour, mark, 1) if mark else ""
    if half or not mark:
        drawn += f'<rect width="26" height="18" fill="{colour}"/>'
    if mark:
        x, width = (' x="13"', 13) if half else ("", 26)
        drawn += f'<rect width="{width}" height="18"{x} fill="url(#{name})"/>'
    return (
        f'<svg width="26" height="18" viewBox="0 0 26 18" aria-hidden="true">{drawn}'
        f'<rect x="0.5" y="0.5" width="25" height="17" fill="none" stroke="{COLOURS["edge"]}"/>'
        "</svg>"
    )
