"""SDG indicator 12.4.1 as the UN's SDG data service gives it, as JSON.

Two answers are read, one page or a list of pages: that of the pivot, where ``years`` is a
text that holds JSON, and the plain one of a series. An empty value means no data. Only the
series of the Minamata Convention is taken; how the values come about is the publisher's and
is never computed here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from evalkit.errors import Failure, Reason
from evalkit.sources.entries import Entries, nothing, of_objects
from evalkit.sources.unsdg_values import FORM, published

if TYPE_CHECKING:
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

_YEAR = re.compile(r"\[?\s*(\d{4})(?:\.0)?\s*\]?", re.ASCII)
_PRINTED = {"entity": "geoAreaCode", "period": "years", "value": "value"}


def recognise(document: Document) -> bool:
    """Tell whether a document has rows with a series and an area of the service."""
    return any(
        {"series", "geoAreaCode"} <= set(row)
        for row, _ in _rows(document.json)
        if isinstance(row, dict)
    )


def read(document: Document) -> Loaded:
    """Read the answer into the tidy table `published`, as indicator sdg-12-4-1.

    Parameters
    ----------
    document : Document
        The answer; the day of the download stands in the file's name.

    Returns
    -------
    Loaded
        A row for each area and year with a value. Other series, years without a value and
        groups of countries that evalkit has no name for are passed over and counted.
    """
    cells: list[dict[str, str]] = []
    pointers: list[str] = []
    odd: list[Failure] = []
    for row, pointer in _rows(document.json):
        values = _values(row)
        if values is None:
            odd.append(_unreadable(document.shown, pointer))
            continue
        cells += values
        pointers += [pointer] * len(values)
    if odd or not cells:
        return nothing(document.shown, FORM, odd, len(cells) + len(odd))
    text, findings, origins = of_objects(document.shown, cells, pointers)
    findings.printed.update(_PRINTED)
    entries = Entries("published", text, findings, origins, noticed=_pages(document.json))
    return published(entries, document.path, "the JSON pointer that origin names")


def _rows(content: Any, base: str = "") -> list[tuple[Any, str]]:
    """Return the rows of all pages, each with its pointer."""
    if isinstance(content, dict) and isinstance(content.get("data"), list):
        return [(row, f"{base}/data/{place}") for place, row in enumerate(content["data"])]
    if not isinstance(content, list):
        return []
    if base == "" and any(isinstance(page, dict) and "data" in page for page in content):
        return [row for place, page in enumerate(content) for row in _rows(page, f"/{place}")]
    return [(row, f"{base}/{place}") for place, row in enumerate(content)]


def _values(row: Any) -> list[dict[str, str]] | None:
    """Return the values of one row; None where it can't be read."""
    if not isinstance(row, dict):
        return None
    area = {
        "series": _text(row.get("series")),
        "code": _text(row.get("geoAreaCode")),
        "name": _text(row.get("geoAreaName")),
    }
    if "years" not in row:
        nested = row.get("attributes")
        told = nested if isinstance(nested, dict) else {}
        return [{**area, **_value(row.get("timePeriodStart"), row, told, row)}]
    years = row["years"]
    try:
        held = json.loads(years) if isinstance(years, str) else years
    except (ValueError, RecursionError):
        return None
    if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
        return None
    return [{**area, **_value(one.get("year"), one, one, row)} for one in held]


def _value(year: Any, one: dict[str, Any], told: dict[str, Any], row: dict[str, Any]) -> Any:
    match = _YEAR.fullmatch(_text(year).strip())
    return {
        "year": match[1] if match else _text(year),
        "value": _text(one.get("value")),
        "nature": _text(told.get("Nature") or row.get("nature")),
        "unit": _text(told.get("Units") or row.get("units")),
    }


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _unreadable(shown: str, pointer: str) -> Failure:
    return Failure(
        Reason.NOT_A_TABLE,
        "The years of the row can't be read",
        shown,
        None,
        pointer,
        "Download the data again.",
    )


def _pages(content: Any) -> list[str]:
    """Say so where the file is one page of several."""
    pages = content.get("totalPages") if isinstance(content, dict) else None
    if isinstance(pages, int) and pages > 1:
        number = content.get("pageNumber", "?")
        return [f"This is page {number} of {pages}: download all, or ask for a larger page."]
    return []
