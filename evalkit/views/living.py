"""One notebook, two lives: a dashboard shown with a kernel behind it, or recorded for a folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evalkit.editions.store import Edition


def living(
    kind: Callable[..., Any],
    edition: Edition,
    query: str = "",
    *,
    language: str = "",
    parties: str = "",
    indicators: str = "",
) -> Any:
    """Return what a dashboard shows: its widget, or the page recorded in a language.

    Parameters
    ----------
    kind : class
        The dashboard.
    edition : Edition
        What is shown.
    query : str
        The address's query string, of a live page.
    language : str
        Blank for a live page; else the page is recorded in it.
    parties : str
        ISO3 codes with commas: the Parties that a recorded page shows; blank for all.
    indicators : str
        Local ids with commas: the indicators that a recorded page shows; blank for all.
    """
    if not language:
        return kind(edition, query).widget
    # Imported late: a visitor's kernel needs none of it.
    from evalkit.views.recording import Recorded, recorded

    if (whole := getattr(kind, "whole", None)) is not None:
        return Recorded(whole(edition, language, _listed(indicators)))
    return Recorded(recorded(kind, edition, language, _listed(parties)))


def _listed(given: str) -> tuple[str, ...]:
    return tuple(one for one in given.split(",") if one)
