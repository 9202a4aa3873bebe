"""What a map drawn in the page shows, as plain data: classes, places, words.

The page's script draws it (evalkit/publish/static/map.js); `evalkit.views.map_svg` draws the same
without a script. Words and counts are made here, in the language of the page.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import Any

import pandas as pd

from evalkit.errors import EvalkitError, Reason
from evalkit.reference import entities
from evalkit.reference.texts import text
from evalkit.results import measure
from evalkit.views import numbers, theme
from evalkit.views.classes import Class

# Tags that words of the project's own may have; no other "<" begins one.
_TAG = re.compile(r"</?(?:b|strong|i|em|span|small)\b[^<>]*>")
_BREAK = re.compile(r"<br\s*/?>")
_RIGHT_TO_LEFT = ("ar",)
CONTROLS = ("shown", "world", "tiles", "part", "zoom", "closer", "wider", "west", "east", "north",
            "south", "whole", "legend", "keys", "same_size", "save", "saved",
            "not_saved")  # fmt: skip
PARTS = ("AFRICA", "ASIA-PACIFIC", "CEE", "GRULAC", "WEOG", "CARIBBEAN", "EUROPE", "PACIFIC",
         "WESTERN-ASIA")  # fmt: skip


def map_data(
    rows: pd.DataFrame,
    classes: list[Class],
    *,
    title: str,
    notes: list[str],
    name: str = "",
    language: str = "en",
) -> dict[str, Any]:
    """Return what a map shows of results of single States.

    Parameters
    ----------
    rows : DataFrame
        A results table, one row for each State; a column `said`, where there is one, holds the
        words that a State shows when it is pointed at, as HTML.
    classes : list of Class
        From `evalkit.views.classes.classes`; every row falls into one of them.
    title : str
        What is shown, with the day.
    notes : list of str
        Source and as-of line, remarks. The note on boundaries is always there and not given.
    name : str
        How a picture's file is called, without ending; made from the title when empty.
    language : str
        Language of labels.

    Returns
    -------
    dict
        title, notes, name; classes, each with label, colour, pattern, count (places) and counted
        (that number in words); lines, the different lines that places show; places: ISO3 to the
        number of its class and of its lines. Every State is there: without a row as outside the
        group that was chosen.

    Raises
    ------
    EvalkitError
        A row falls into no class.
    """
    found = _class_of(rows, classes)
    hovers = {row.entity: hover(row, language) for row in rows.itertuples()}
    outside = [text("map.outside", language)]
    lines: dict[str, int] = {}
    places = {}
    for one in entities.states():
        said = [line for part in hovers.get(one, outside) for line in plain_lines(part)]
        numbered = [lines.setdefault(line, len(lines)) for line in said]
        places[one] = [found.get(one, len(classes)), *numbered]
    return {
        "title": title,
        "name": name,
        "notes": [note for note in notes if note],
        "classes": _legend(classes, Counter(place[0] for place in places.values()), language),
        "lines": list(lines),
        "places": places,
    }


def _class_of(rows: pd.DataFrame, classes: list[Class]) -> dict[str, int]:
    found = dict(zip(rows["entity"], class_index(rows, classes), strict=True))
    lost = sorted(str(one) for one, place in found.items() if place is None)
    if lost:
        raise EvalkitError(
            f"{len(lost)} rows fall into no class of the map: {', '.join(lost[:10])}.",
            reason=Reason.WRONG_USE,
            remedy="Make the classes from the same rows.",
        )
    return {one: place for one, place in found.items() if place is not None}


def _legend(
    classes: list[Class], several: Counter[Any], language: str
) -> list[dict[str, str | int]]:
    shown = [(one.label, one.colour, one.pattern) for one in classes]
    if several[len(classes)]:
        shown.append((text("map.outside", language), theme.OUTSIDE, ""))
    return [
        {
            "label": label,
            "colour": colour,
            "pattern": pattern,
            "count": several[i],
            "counted": numbers.value(several[i], "", language),
        }
        for i, (label, colour, pattern) in enumerate(shown)
    ]


def class_index(rows: pd.DataFrame, classes: list[Class]) -> list[int | None]:
    """Return the number of the class that each row falls into; None for a row in no class."""
    return [
        next((i for i, one in enumerate(classes) if one.holds(row.value, row.status)), None)
        for row in rows.itertuples()
    ]


def hover(row: Any, language: str) -> list[str]:
    """Return the lines, as HTML, that a State shows beneath its name when it is pointed at."""
    if hasattr(row, "said"):
        said = row.said
    elif row.status == "ok":
        said = numbers.bounded(
            row.value, row.low, row.high, measure(row.unit, row.series), language
        )
        if row.unit == "Parties":
            said = text(f"indicator.{row.indicator}.yes", language)
    else:
        said = text(f"status.{row.status}", language)
    lines = [said]
    if getattr(row, "indicator", "") == "obligations" and row.period:
        lines.append(text("map.due_on", language, day=numbers.day(row.period, language)))
    return [*lines, text("map.basis", language, basis=text(f"basis.{row.basis}", language))]


def plain_lines(said: str) -> list[str]:
    """Return words in HTML as lines of plain text.

    Examples
    --------
    >>> plain_lines("<b>Overdue</b><br>Due on 3 May 2020 &amp; no entry")
    ['Overdue', 'Due on 3 May 2020 & no entry']
    """
    lines = [html.unescape(_TAG.sub("", line)).strip() for line in _BREAK.split(said)]
    return [line for line in lines if line]


def words(language: str = "en") -> dict[str, Any]:
    """Return the words that all maps of a language share, as plain data.

    Returns
    -------
    dict
        language and direction; names: pairs of ISO3 and name, in the order of names; parts: pairs
        of id and name of the parts of the world; nobody, what areas of no Party show; boundaries,
        the note on them; controls, by name.
    """
    named = sorted(entities.states().items(), key=lambda pair: (pair[1].casefold(), pair[0]))
    return {
        "language": language,
        "direction": "rtl" if language in _RIGHT_TO_LEFT else "ltr",
        "names": [list(pair) for pair in named],
        "parts": [[one, text(f"map.part.{one}", language)] for one in PARTS],
        "nobody": text("map.no_state", language),
        "boundaries": text("map.un_note", language),
        "controls": {one: text(f"map.control.{one}", language) for one in CONTROLS},
    }
