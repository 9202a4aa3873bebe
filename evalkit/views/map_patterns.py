"""Patterns of a map drawn in the page: marks that tell classes apart without their colour."""

from __future__ import annotations

from evalkit.views import theme

# Side of the square that repeats, width of the line, the line; in pixels of the screen.
MARKS: dict[str, tuple[int, float, str]] = {
    "/": (7, 1.3, "M-2 2L2-2M-1 8L8-1M5 9L9 5"),
    "\\": (7, 1.3, "M-2 5L2 9M-1-1L8 8M5-2L9 2"),
    "-": (6, 1.1, "M0 3H6"),
    "|": (6, 1.1, "M3 0V6"),
    "+": (9, 1.2, "M4.5 2V7M2 4.5H7"),
    "x": (8, 1.2, "M2 2L6 6M6 2L2 6"),
    ".": (6, 2.2, "M1.5 1.5h.01M4.5 4.5h.01"),
    "o": (
        11,
        1,
        "M2 3.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M7.5 9a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0",
    ),
    "^": (8, 1.1, "M0 5L2 3L4 5L6 3L8 5"),
    theme.DISPUTED_PATTERN: (8, 1, "M-2 2L2-2M-1 5L5-1M-1 9L9-1M3 9L9 3M6 10L10 6"),
}

# Colours of what is no class; "disputed" names its pattern.
COLOURS = {
    "ink": theme.INK,
    "muted": theme.MUTED,
    "edge": theme.EDGE,
    "nobody": theme.NO_STATE,
    "disputed": theme.DISPUTED_PATTERN,
    "sea": "#eef4f7",
    "chosen": "#f2a900",
}
