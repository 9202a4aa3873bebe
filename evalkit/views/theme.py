"""Colours and type of all figures: colour-blind safe, never a rainbow."""

from __future__ import annotations

import textwrap

from evalkit.model import Status

INK = "#1d2b36"
MUTED = "#51606c"
LINE = "#ffffff"
SEA = "#eef4f7"
ACCENT = "#0b5d7a"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"

# One hue from light to dark: readable in grey and for all common colour deficiencies.
SEQUENCE = ("#cfe3ec", "#9cc7d8", "#5fa5bf", "#2c7f9e", "#0b5d7a", "#053a4d")
YES = "#0b5d7a"
ZERO = "#fbfaf4"

STATUS_COLOURS: dict[Status, str] = {
    Status.NOT_PARTY: "#d9d9d6",
    Status.NOT_DUE: "#d9e8d2",
    Status.NOT_REPORTED: "#e08e45",
    Status.NOT_ANSWERED: "#f0c48c",
    Status.NOT_APPLICABLE: "#c9cfd4",
    Status.NOT_ESTIMATED: "#e6e0ee",
    Status.INSUFFICIENT: "#d5c3ad",
    Status.NOT_LOADED: "#f1e7d3",
}
NO_STATE = "#b9b9b4"  # areas in dispute and territories: nobody's class
EDGE = "#8a949b"


def page_title(title: str, note: str) -> dict[str, object]:
    """Return the title of a figure with its source and as-of line beneath.

    Both stand inside the figure, so that a picture taken away still says where it is from.
    """
    return {
        "text": "<br>".join(textwrap.wrap(title, 96)),
        "x": 0.005,
        "xanchor": "left",
        "yref": "container",
        "y": 0.985,
        "yanchor": "top",
        "font": {"size": 17, "color": INK},
        "subtitle": {
            "text": "<br>".join(textwrap.wrap(note, 150)),
            "font": {"size": 11, "color": MUTED},
        },
    }


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
