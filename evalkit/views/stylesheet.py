"""The style sheet of all pages, as text: for widgets and for pages without a kernel."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def css() -> str:
    """Return the style sheet of all pages."""
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
