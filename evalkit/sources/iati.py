"""Activities of the International Aid Transparency Initiative, versions 1.04 and 2.03 (XML).

Percentages, regions, transactions and currencies are kept as published: nothing is rescaled,
converted or renamed, and a percentage that is not there stays blank. One identifier may stand
in several files of a publisher, so that files are never added up: activities go by identifier.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason
from evalkit.fingerprint import sha256
from evalkit.reference.rows import rows
from evalkit.sources.loaded import Loaded
from evalkit.sources.source_rows import source_id, source_row

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from evalkit.sources.documents import Document

_OF_GEF = re.compile(r"XI-BRIDGE-6385676864-(\d+)")  # the reference the GEF reports under
_ENOUGH = 0.1  # percent: three thirds are printed as 99.99


def recognise(document: Document) -> bool:
    """Tell whether the root of the file is that of a list of activities."""
    return document.xml.tag == "iati-activities"


def read(document: Document) -> Loaded:
    """Read a file into `activities`, `activity_places`, `activity_transactions` and `sources`.

    Parameters
    ----------
    document : Document
        An XML file of version 1 or 2 of the standard. Its day is that of its making, else
        `as_of` of the document; without a day its shares of countries count on no day.

    Returns
    -------
    Loaded
        Activities without failure. `project` is the GEF's number where the identifier holds
        it or data/reference/iati_projects.csv declares it. Notes count activities whose
        percentages do not make 100. The file is a row of `sources` of its own.

    Raises
    ------
    FileRefusedError
        The file is no XML, breaks off, or declares entities.
    """
    root = document.xml
    standard = root.get("version", "")
    day = (root.get("generated-datetime") or "")[:10] or document.as_of
    elements = list(root.iter("iati-activity"))
    failures = _failures(elements, document.shown, standard)
    bad = {failure.line for failure in failures}
    good = [(i, one) for i, one in enumerate(elements, 1) if i not in bad]
    common = {"source": source_id("iati", document.path.name), "basis": "reported"}
    found: dict[str, list[dict[str, object]]] = {name: [] for name in _TABLES}
    for number, element in good if standard else []:
        origin = {"origin": f"{document.shown}#activity {number}", **common}
        for name, take in _TABLES.items():
            found[name] += [{**row, **origin} for row in take(element, standard)]
    for row in found["activities"]:
        row["as_of"] = day or None
    control = {"read": len(elements), "taken": len(good) if standard else 0}
    control["set_apart"] = control["read"] - control["taken"]
    made = {name: _tidy(name, records) for name, records in found.items()}
    notes = _notes(made["activities"], day)
    made["sources"] = _source(document, elements, day)
    return Loaded("iati", document.shown, made, tuple(failures), control, notes)


def _tidy(name: str, records: list[dict[str, object]]) -> pd.DataFrame:
    if not records:
        return tables.empty(name)
    frame = pd.DataFrame(records)
    for column in ("percentage", "amount"):
        if column in frame:
            frame[column] = pd.to_numeric(frame[column], errors="coerce")
    for column in {"dated_on", "as_of"} & set(frame):
        frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d", errors="coerce")
    return tables.tidy(name, frame)


def _source(document: Document, elements: list[Element], day: str) -> pd.DataFrame:
    """Return the row of `sources` that the file is; its publisher is who reports most of it."""
    reporters = Counter(
        _text(one) or one.get("ref", "")
        for element in elements
        if (one := element.find("reporting-org")) is not None
    )
    who = reporters.most_common(1)[0][0] if reporters else ""
    return source_row(
        source_id("iati", document.path.name),
        publisher=who or "not stated",
        title="Activity file of the International Aid Transparency Initiative",
        sha256=sha256(document.path),
        as_of=day,
        file=document.path.name,
        line_rule="the activity with the same place in the file",
    )


def _text(element: Element | None) -> str:
    """Return the text of an element: its own in version 1, that of its narrative in 2."""
    if element is None:
        return ""
    inner = element.find("narrative")
    return " ".join(((element if inner is None else inner).text or "").split())


def _id(element: Element) -> str:
    return _text(element.find("iati-identifier"))


def _failures(elements: list[Element], shown: str, standard: str) -> list[Failure]:
    """Return what can't be taken; `line` is the place of the activity in the file."""
    again = "Ask the publisher for the file again."
    if not standard:
        what = "The file does not state its version of the standard"
        return [Failure(Reason.MISSING_VALUE, what, shown, None, "version", again)]
    seen: set[str] = set()
    found = []
    for number, element in enumerate(elements, 1):
        identifier, what, reason = _id(element), "", Reason.MISSING_VALUE
        if not identifier or element.find("reporting-org") is None:
            what = "The activity has no identifier or no organisation that reports it"
        elif identifier in seen:
            what, reason = f"The activity stands already: {identifier!r}", Reason.DUPLICATE_KEY
        elif odd := _odd_numbers(element):
            what, reason = f"What should be a number is {odd[0]!r}", Reason.NOT_A_NUMBER
        elif unknown := _unknown_countries(element):
            what, reason = f"The country is not known: {unknown[0]!r}", Reason.UNKNOWN_NAME
        seen.add(identifier)
        if what:
            found.append(Failure(reason, what, shown, number, "iati-activity", again))
    return found


def _odd_numbers(element: Element) -> list[str]:
    given = [one.get("percentage", "") for one in _recipients(element)]
    given += [(one.text or "").strip() for one in element.findall("transaction/value")]
    return [text for text in given if text and not re.fullmatch(r"-?\d+(\.\d+)?", text)]


def _recipients(element: Element) -> list[Element]:
    return [*element.findall("recipient-country"), *element.findall("recipient-region")]


def _unknown_countries(element: Element) -> list[str]:
    codes = [one.get("code", "") for one in element.findall("recipient-country")]
    return [code for code in codes if not _iso3(code)]


@cache
def _codes() -> dict[str, str]:
    return {row["iso2"]: row["iso3"] for row in rows("iso2.csv")}


@cache
def _declared() -> dict[str, str]:
    return {row["activity"]: row["project"] for row in rows("iati_projects.csv")}


def _iso3(code: str) -> str:
    """Return the ISO3 of a two-letter code; empty where there is none."""
    return _codes().get(code.upper(), "")


def _activity(element: Element, standard: str) -> list[dict[str, object]]:
    identifier = _id(element)
    own = _OF_GEF.fullmatch(identifier)
    status = element.find("activity-status")
    reporter = element.find("reporting-org")
    return [
        {
            "activity": identifier,
            "publisher": "" if reporter is None else reporter.get("ref", ""),
            "project": f"gef-{own[1]}" if own else _declared().get(identifier, ""),
            "standard": standard,
            "title": _text(element.find("title")),
            "status": "" if status is None else status.get("code") or _text(status),
            "currency": element.get("default-currency", ""),
            "note": _odd_sum(element),
        }
    ]


def _odd_sum(element: Element) -> str:
    """Return a note where percentages of countries and regions do not make 100."""
    given = [float(text) for one in _recipients(element) if (text := one.get("percentage"))]
    if not given or abs(sum(given) - 100) <= _ENOUGH * max(1, len(given) / 10):
        return ""
    return f"percentages make {sum(given):g}, not 100; none is rescaled"


def _places(element: Element, _: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for one in _recipients(element):
        code, country = one.get("code", ""), one.tag == "recipient-country"
        found.append(
            {
                "activity": _id(element),
                "place": _iso3(code) if country else code,
                "vocabulary": "country" if country else one.get("vocabulary", "1"),
                "percentage": one.get("percentage"),
                "as_printed": code,
            }
        )
    return found


def _transactions(element: Element, _: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for number, one in enumerate(element.findall("transaction"), 1):
        value, kind = one.find("value"), one.find("transaction-type")
        dated = one.find("transaction-date")
        own = "" if value is None else value.get("currency", "")
        found.append(
            {
                "activity": _id(element),
                "number": number,
                "type": "" if kind is None else kind.get("code", ""),
                "dated_on": None if dated is None else dated.get("iso-date"),
                "amount": None if value is None else (value.text or "").strip(),
                "currency": own or element.get("default-currency", ""),
            }
        )
    return found


_TABLES = {
    "activities": _activity,
    "activity_places": _places,
    "activity_transactions": _transactions,
}


def _notes(activities: pd.DataFrame, day: str) -> tuple[str, ...]:
    odd = activities["note"].str.startswith("percentages").sum() if len(activities) else 0
    told = [f"percentages do not make 100 in {odd} activities"] if odd else []
    if not day:
        told.append("the file does not say of which day it is: its shares count on no day")
    return tuple(told)
