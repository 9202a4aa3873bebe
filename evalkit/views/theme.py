"""Colours and type of all figures: colour-blind safe, never a rainbow."""

from __future__ import annotations

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
ZERO = "#f1e9d2"

STATUS_COLOURS: dict[Status, str] = {
    Status.NOT_PARTY: "#d9d9d6",
    Status.NOT_DUE: "#e9dff0",
    Status.NOT_REPORTED: "#e08e45",
    Status.NOT_ANSWERED: "#f0c48c",
    Status.NOT_APPLICABLE: "#c9cfd4",
    Status.NOT_ESTIMATED: "#e4dccb",
    Status.INSUFFICIENT: "#d5c3ad",
    Status.NOT_LOADED: "#f7f4ee",
}
NO_STATE = "#b9b9b4"  # areas in dispute and territories: nobody's class
EDGE = "#8a949b"


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
