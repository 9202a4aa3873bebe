"""Colours and type of all figures: colour-blind safe, never a rainbow."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from evalkit.model import Status

if TYPE_CHECKING:
    import plotly.graph_objects as go

INK = "#1d2b36"
MUTED = "#51606c"
ACCENT = "#0b5d7a"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"

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


def caption(
    figure: go.Figure, title: str, note: str, below: str = "", *, drawn: bool, height: int
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
    """
    top = (TITLE_ROOM if title else 0) + (NOTE_ROOM if note else 0)
    bottom = NOTE_ROOM if below else 0
    margin = figure.layout.margin
    left = 4 - (margin.l or 0)
    full = {
        "height": height + top + bottom,
        "margin": {"t": (margin.t or 0) + top, "b": (margin.b or 0) + bottom},
        "annotations": [
            one
            for one in (
                _line(title, 17, INK, 70, y=1, shift=(left, top + 2)),
                _line(note, 11, MUTED, 130, y=1, shift=(left, top - TITLE_ROOM)),
                _line(below, 10, MUTED, 150, y=0, shift=(left, -(margin.b or 0) - 4)),
            )
            if one["text"]
        ],
    }
    if drawn:
        figure.update_layout(full)
    else:
        kept = figure.layout.meta or {}
        figure.update_layout(height=height, meta={**kept, "caption": full, "title": title})


def _line(
    said: str, size: int, colour: str, width: int, *, y: int, shift: tuple[int, int]
) -> dict[str, Any]:
    """Return an annotation `shift` pixels right and up of the plot's left edge at `y`."""
    return {
        "text": "<br>".join(textwrap.wrap(said, width)),
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": y,
        "xshift": shift[0],
        "yshift": shift[1],
        "xanchor": "left",
        "yanchor": "top",
        "align": "left",
        "showarrow": False,
        "font": {"size": size, "color": colour},
    }


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
