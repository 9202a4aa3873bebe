"""Lists of country reports as the data services of InforMEA give them, as JSON.

Three shapes, told by their content: (a) OData v1 of the InforMEA toolkit, ``d.results`` with
nested ``title.results``, or ``__deferred`` where a title was not asked for; (b) OData v3 as
of the Convention on Biological Diversity, plain arrays; (c) lists of newer sites made with
Drupal, a plain array of objects whose values may stand in arrays of ``{"value": ...}``. Of
(c) only the kind of site is known: what does not fit is set apart.

A report names its treaty, country, day of submission and title, and no reporting cycle: that
is told from the title where it can be only one, else from data/reference/reports.csv. Which
identifier the Minamata Convention has is not known: data/reference/treaties.csv lists the
ones accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.errors import Failure, Reason
from evalkit.reference.rows import rows
from evalkit.sources.cycles import declared
from evalkit.sources.entries import Entries, Origin, nothing, of_objects
from evalkit.sources.reports import submissions

if TYPE_CHECKING:
    from evalkit.sources.convert import Findings
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

FORM = "informea-reports"
ORIGIN = Origin(FORM, "InforMEA", "Country reports", "", "the JSON pointer that origin names")
FIELDS = ("treaty", "country", "submission", "title", "cycle", "id", "url")
REQUIRED = {"treaty", "country", "submission"}
_LISTS = ("results", "value", "items", "data")  # names under which services put their list
_DEEPEST = 8


def recognise(document: Document) -> bool:
    """Tell whether a document lists reports: objects with treaty, country and submission."""
    found = _objects(document.json)
    if found is None:
        return False
    return not found[0] or any(set(one) >= REQUIRED for one in found[0] if isinstance(one, dict))


def read(document: Document) -> Loaded:
    """Read the list into the tidy table `submissions`.

    Parameters
    ----------
    document : Document
        The answer of the service, one page or all.

    Returns
    -------
    Loaded
        Reports of the Minamata Convention whose cycle is certain; others are set apart. A
        cycle told from a title makes the basis of the row derived.
    """
    objects, base = _objects(document.json) or ([], "")
    odd = [place for place, one in enumerate(objects) if not isinstance(one, dict)]
    if odd or not objects:
        failures = [_no_object(document.shown, f"{base}/{place}") for place in odd]
        return nothing(document.shown, FORM, failures, len(objects))
    cells = [
        {name: text if type(text := one.get(name)) is str else _plain(text) for name in FIELDS}
        for one in objects
    ]
    pointers = [f"{base}/{place}" for place in range(len(cells))]
    text, findings, origins = of_objects(document.shown, cells, pointers)
    findings.printed.update(party="country", submitted_on="submission", cycle="title")
    ours = _ours(text["treaty"], findings)
    deferred = pd.Series(
        [isinstance(one.get("title"), dict) and "__deferred" in one["title"] for one in objects]
    )
    entries = Entries("submissions", _named(text)[ours], findings, origins[ours])
    entries.apart, entries.noticed = int((~ours).sum()), _pages(document.json)
    findings.add(
        deferred & ours & (entries.text["cycle"].reindex(text.index) == ""),
        text["title"],
        "cycle",
        Reason.MISSING_VALUE,
        lambda _: "The title was not asked for, so the cycle is not known",
        "Add $expand=title to the address, and download the list again.",
    )
    return submissions(entries, ORIGIN, document.path, stated=False)


def _objects(content: Any, base: str = "") -> tuple[list[Any], str] | None:
    """Return the list that an answer holds, and the pointer to it; None where there is none."""
    if isinstance(content, list):
        return content, base
    if not isinstance(content, dict) or base.count("/") > 1:
        return None
    for name in ("d", *_LISTS):
        if name in content and (found := _objects(content[name], f"{base}/{name}")):
            return found
    return None


def _no_object(shown: str, pointer: str) -> Failure:
    return Failure(
        Reason.NOT_A_TABLE,
        "An entry of the list is no object with fields",
        shown,
        None,
        pointer,
        "Download the list again.",
    )


def _plain(value: Any, deep: int = 0) -> str:
    """Return what a value says in one text, the English one of several; nothing for none."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if deep > _DEEPEST:
        return ""
    if isinstance(value, list):
        english = [one for one in value if isinstance(one, dict) and one.get("language") == "en"]
        return _plain((english or value or [None])[0], deep + 1)
    if isinstance(value, dict):
        inner = next((value[name] for name in ("results", "value", "en") if name in value), None)
        return _plain(inner, deep + 1)
    return ""


def _ours(treaties: pd.Series, findings: Findings) -> pd.Series:
    """Tell which entries are of the Minamata Convention; one failure for each other treaty."""
    accepted = {row["identifier"].casefold() for row in rows("treaties.csv")}
    ours = treaties.str.casefold().isin(accepted)
    for treaty, places in treaties[~ours].groupby(treaties[~ours]).groups.items():
        findings.at(
            int(places[0]),
            "treaty",
            Reason.NOT_ALLOWED,
            f"treaty is {treaty!r} in {len(places)} entries: not known as the Minamata Convention",
            "Ask for the Convention's reports alone. If this is its identifier, add it to "
            "data/reference/treaties.csv.",
        )
    return ours


def _named(text: pd.DataFrame) -> pd.DataFrame:
    """Return party, cycle as far as something says it, day and basis."""
    told = text["cycle"]
    known = declared()
    for name in ("id", "url"):
        if known:
            told = told.where(told != "", text[name].str.casefold().map(known).fillna(""))
    return pd.DataFrame(
        {
            "party": text["country"],
            "cycle": told.where(told != "", text["title"]),
            "submitted_on": text["submission"],
            "basis": (text["cycle"] != "").map({True: "reported", False: "derived"}),
        }
    )


def _pages(content: Any) -> list[str]:
    """Say that an answer goes on elsewhere: a Party missing here may be on another page."""
    inner = content.get("d", content) if isinstance(content, dict) else {}
    names = ("__next", "odata.nextLink", "@odata.nextLink", "nextLink")
    if isinstance(inner, dict) and any(inner.get(name) for name in names):
        return ["The list goes on in another page: load all pages together."]
    return []
