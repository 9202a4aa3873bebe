"""Colours and type of all figures: colour-blind safe, never a rainbow."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from evalkit.model import Status
from evalkit.reference import locales

if TYPE_CHECKING:
    import plotly.graph_objects as go

INK = "#1d2b36"
MUTED = "#51606c"
ACCENT = "#0b5d7a"
FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', "
    "'Noto Naskh Arabic', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', "
    "evalkit-ar, evalkit-zh, Arial, sans-serif"
)

# One hue from light to dark: readable in grey and for all common colour deficiencies.
SEQUENCE = ("#cfe3ec", "#9cc7d8", "#5fa5bf", "#2c7f9e", "#0b5d7a", "#053a4d")
YES = "#0b5d7a"
ZERO = "#f7e59a"

STATUS_COLOURS: dict[Status, str] = {
    Status.NOT_PARTY: "#d9d9d6",
    Status.NOT_DUE: "#bfe0b0",
    Status.NOT_REPORTED: "#e08e45",
    Status.NOT_ANSWERED: "#f0c48c",
    Status.NOT_APPLICABLE: "#b8c3d9",
    Status.NOT_ESTIMATED: "#e6e0ee",
    Status.INSUFFICIENT: "#d5c3ad",
    Status.NOT_LOADED: "#f1e7d3",
}
# What is missing is drawn with a pattern as well: colour alone would not tell it from an answer.
STATUS_PATTERNS: dict[Status, str] = {
    Status.NOT_REPORTED: "/",
    Status.NOT_ANSWERED: ".",
    Status.NOT_LOADED: "x",
}
# On a map every class but a range of values has one; a zero is a value and has rings.
ZERO_PATTERN = "o"
MAP_PATTERNS: dict[Status, str] = {
    **STATUS_PATTERNS,
    Status.NOT_PARTY: "-",
    Status.NOT_DUE: "^",
    Status.NOT_APPLICABLE: "|",
    Status.NOT_ESTIMATED: "\\",
    Status.INSUFFICIENT: "+",
}
DISPUTED_PATTERN = "//"
# Answers are no ranks, so they get hues; what is common to many questions has one of its own.
ANSWER_COLOURS: dict[str, str] = {
    "yes": YES,
    "no": "#8a4f7d",
    "on_time": YES,
    "late": "#5fa5bf",
}
ANSWER_HUES = ("#3f6b3a", "#7a5c00", "#5b4b8a", "#2c7f9e", "#6b4a2f", "#4a6d70", "#a04a5a")
NO_STATE = "#b9b9b4"  # areas in dispute and territories: nobody's class
OUTSIDE = "#ffffff"  # States outside the group that was chosen
EDGE = "#8a949b"

TITLE_ROOM = 48  # pixels above the plot for a title of two lines
NOTE_ROOM = 34  # pixels for a source line or note of two lines
LEGEND_BELOW = {  # of a map: a line beneath it, in which a click does nothing
    "orientation": "h",
    "x": 0.0,
    "y": 0.0,
    "yanchor": "top",
    "itemclick": False,
    "itemdoubleclick": False,
    "font": {"size": 12},
}


def caption(
    figure: go.Figure,
    title: str,
    note: str,
    below: str = "",
    *,
    drawn: bool,
    height: int,
    language: str = "en",
) -> None:
    """Give a figure its title, source line and note, drawn in it or kept for its pictures.

    Parameters
    ----------
    figure : Figure
        Changed in place; its margins are those of the plain figure.
    title, note, below : str
        Title; source and as-of line beneath it; note at the foot.
    drawn : bool
        Draw them. Else they are only kept, in `layout.meta.caption`, as the changes to the
        layout that the page's script makes before it saves a picture.
    height : int
        Height of the plain figure in pixels.
    language : str
        Language of the words: whence numbers on axes have their signs. Words of a language that
        runs from right to left stand at the right; axes run from left to right in each.
    """
    top = (TITLE_ROOM if title else 0) + (NOTE_ROOM if note else 0)
    bottom = NOTE_ROOM if below else 0
    margin = figure.layout.margin
    rtl = locales.direction(language) == "rtl"
    side = (margin.r or 0) - 4 if rtl else 4 - (margin.l or 0)
    full = {
        "height": height + top + bottom,
        "margin": {"t": (margin.t or 0) + top, "b": (margin.b or 0) + bottom},
        "annotations": [
            one
            for one in (
                _line(title, 17, INK, 70, rtl=rtl, y=1, shift=(side, top + 2)),
                _line(note, 11, MUTED, 130, rtl=rtl, y=1, shift=(side, top - TITLE_ROOM)),
                _line(below, 10, MUTED, 150, rtl=rtl, y=0, shift=(side, -(margin.b or 0) - 4)),
            )
            if one["text"]
        ],
    }
    figure.update_layout(separators=locales.separators(language))
    if drawn:
        figure.update_layout(full)
    else:
        kept = figure.layout.meta or {}
        figure.update_layout(height=height, meta={**kept, "caption": full, "title": title})


def _line(
    said: str, size: int, colour: str, width: int, *, rtl: bool, y: int, shift: tuple[int, int]
) -> dict[str, Any]:
    """Return an annotation `shift` pixels right and up of the plot's edge, the left one, at `y`."""
    return {
        "text": wrapped(said, width),
        "xref": "paper",
        "yref": "paper",
        "x": 1 if rtl else 0,
        "y": y,
        "xshift": shift[0],
        "yshift": shift[1],
        "xanchor": "right" if rtl else "left",
        "yanchor": "top",
        "align": "right" if rtl else "left",
        "showarrow": False,
        "font": {"size": size, "color": colour},
    }


def wrapped(said: str, width: int) -> str:
    """Return a text in lines of at most `width` letters, joined by <br>.

    A sign of Chinese is as wide as two letters, and lines of it may end anywhere.

    Examples
    --------
    >>> wrapped("Mercury supply and trade", 14), wrapped("汞供应和贸易", 8)
    ('Mercury supply<br>and trade', '汞供应和<br>贸易')
    """
    return "<br>".join(lines(said, width))


def lines(said: str, width: int) -> list[str]:
    """Return the lines of `wrapped`."""
    wide = letters(said) - len(said)
    if wide * 2 < len(said):
        return textwrap.wrap(said, width)
    return textwrap.wrap(said, max(1, width // 2))


def letters(said: str) -> int:
    """Return how wide a text is in letters; one of Chinese counts for two.

    Examples
    --------
    >>> letters("Gabon"), letters("加蓬")
    (5, 4)
    """
    return len(said) + sum(unicodedata.east_asian_width(one) in "WF" for one in said)


def longest(labels: Iterable[str]) -> int:
    """Return how wide the longest line of labels is in letters; lines are parted by <br>."""
    return max((letters(line) for one in labels for line in one.split("<br>")), default=0)


def answer_colour(code: str, place: int) -> str:
    """Return the colour of an answer: its own where it has one, else that of its place."""
    return ANSWER_COLOURS.get(code, ANSWER_HUES[place % len(ANSWER_HUES)])


def on(colour: str) -> str:
    """Return the colour of letters that can be read on a colour: white or ink.

    Examples
    --------
    >>> on("#053a4d"), on("#f0c48c")
    ('#ffffff', '#1d2b36')
    """
    red, green, blue = ((part / 255) ** 2.2 for part in bytes.fromhex(colour.removeprefix("#")))
    return "#ffffff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.19 else INK


def steps(count: int) -> tuple[str, ...]:
    """Return so many colours of the sequence, light to dark, spread over all of it.

    Examples
    --------
    >>> steps(1), steps(2)
    (('#053a4d',), ('#cfe3ec', '#053a4d'))
    """
    if count == 1:
        return (SEQUENCE[-1],)
    last = len(SEQUENCE) - 1
    return tuple(SEQUENCE[round(i * last / (count - 1))] for i in range(count))
