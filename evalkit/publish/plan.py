"""What a folder is to hold: languages, Parties, indicators, dashboards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evalkit.editions.store import Edition
from evalkit.errors import EvalkitError, Reason
from evalkit.reference import entities
from evalkit.reference.texts import languages
from evalkit.views.changes import Changes

FIRST = "parties-in-force"  # the overview begins with it
ALWAYS = ("overview", "party")  # dashboards that every folder has
FURTHER = ("reporting", "scorecard", "gold-mining", "emissions", "support", "knowledge")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a folder is to hold; none of the first four is ever empty.

    Parameters
    ----------
    languages : tuple of str
        Of the pages.
    parties : tuple of str
        ISO3 codes of the Parties that get a page.
    indicators : tuple of str
        Those that get a sheet and files.
    dashboards : tuple of str
        Those that are recorded.
    changes : Changes, optional
        What differs from an earlier edition; then a page tells it.
    """

    languages: tuple[str, ...]
    parties: tuple[str, ...]
    indicators: tuple[str, ...]
    dashboards: tuple[str, ...]
    changes: Changes | None = None


def plan(
    edition: Edition,
    languages_wanted: tuple[str, ...] = (),
    parties: tuple[str, ...] = (),
    indicators: tuple[str, ...] = (),
    dashboards: tuple[str, ...] = (),
    changes: Changes | None = None,
) -> Plan:
    """Return what a folder of an edition is to hold: all where nothing is named.

    Raises
    ------
    EvalkitError
        A language, Party, indicator or dashboard is not known.
    """
    held = tuple(edition.manifest["results"])
    return Plan(
        _chosen("language", languages_wanted, languages()),
        _chosen("Party", parties, tuple(entities.states())),
        _chosen("indicator", {FIRST, *indicators} if indicators else (), held),
        (*ALWAYS, *_chosen("dashboard", set(dashboards) - set(ALWAYS), FURTHER, bool(dashboards))),
        changes,
    )


def _chosen(
    what: str, wanted: Iterable[str], known: tuple[str, ...], exactly: bool = False
) -> tuple[str, ...]:
    """Return what is wanted in the order of what is known; all when nothing is."""
    asked = set(wanted)
    if unknown := asked - set(known):
        raise EvalkitError(
            f"There is no {what} {', '.join(sorted(unknown))}.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy=f"Choose of: {', '.join(known)}.",
        )
    return tuple(one for one in known if one in asked or not (asked or exactly))
