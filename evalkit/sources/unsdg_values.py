"""Values of SDG indicator 12.4.1, from whatever answer of the service, as published figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Failure, Reason, UnknownNameError
from evalkit.reference import entities, names
from evalkit.reference.codes import by_m49
from evalkit.sources.entries import Entries, Origin, day_in_name, load, nothing

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.sources.convert import Findings
    from evalkit.sources.loaded import Loaded

FORM = "unsd-sdg"
SERIES = "SG_HAZ_CMRMNMT"
PUBLISHER = "United Nations Statistics Division"
TITLE = f"SDG indicator 12.4.1, series {SERIES}"
_ESTIMATED = ("E", "M")  # natures: estimated, modelled
_UNMARKED = ("", "C", "CA", "G")  # natures that need no note: the country's own, adjusted, global
_MEANING = {"N": "N, non-relevant"}
_OTHER = "Download the series of indicator 12.4.1 that is of the Minamata Convention."
_AREAS = "data/reference/areas.csv"
_NO_DAY = "Put the day of the download into the file's name, as sdg-12-4-1-2026-10-01.json."


def published(entries: Entries, path: Path, line_rule: str) -> Loaded:
    """Return the values as the tidy table `published`, as indicator sdg-12-4-1.

    Parameters
    ----------
    entries : Entries
        With `series`, `code` (M49), `name`, `year`, `value`, `nature` and `unit` as printed.
    path : Path
        The file; the day of the download stands in its name.
    line_rule : str
        How an entry is found again.

    Returns
    -------
    Loaded
        A row for each area and year with a value. Other series, years without a value and
        groups of countries without a name here are passed over and counted.
    """
    _pass_over(entries)
    text, findings = entries.text, entries.findings
    day = day_in_name(path)
    if not day or text.empty:
        return _refused(entries, day)
    _odd(text, findings)
    entries.text = pd.DataFrame(
        {
            "indicator": "sdg-12-4-1",
            "series": "",
            "entity": text["entity"],
            "period": text["year"],
            "as_of": day,
            "precision": "day",
            "value": text["value"],
            "qualifier": "exact",
            "unit": "percent",
            "note": text["nature"].map(_note),
            "basis": text["nature"].isin(_ESTIMATED).map({True: "estimated", False: "reported"}),
        },
        index=text.index,
        dtype="str",
    )
    return load(entries, Origin(FORM, PUBLISHER, TITLE, line_rule=line_rule), path)


def _note(nature: str) -> str:
    return "" if nature in _UNMARKED else f"nature as published: {_MEANING.get(nature, nature)}"


def _refused(entries: Entries, day: str) -> Loaded:
    """Return nothing, because the day is not known or no value is of the series."""
    shown, count = entries.findings.file, len(entries.text) + entries.passed_over
    if not day:
        what = "The download does not say of which day it is"
        failure = Failure(Reason.MISSING_VALUE, what, shown, remedy=_NO_DAY)
    else:
        what = f"No value is of the series {SERIES}"
        failure = Failure(Reason.EMPTY_FILE, what, shown, remedy=_OTHER)
    return nothing(shown, FORM, [failure], count)


def _pass_over(entries: Entries) -> None:
    """Leave out what is no figure of the indicator, and say how much of what."""
    text = entries.text
    other = text["series"] != SERIES
    blank = ~other & text["value"].str.casefold().isin(["", "nan", "null", "none"])
    area = {
        code: _entity(code, name) for code, name in zip(text["code"], text["name"], strict=True)
    }
    text = text.assign(entity=text["code"].map(area))
    group = ~other & ~blank & (text["entity"] == "")
    told = {
        "of another series": text.loc[other, "series"],
        "without a value": text.loc[blank, "name"],
        "of groups of countries that data/reference/areas.csv does not have": text.loc[
            group, "name"
        ],
    }
    for what, cells in told.items():
        if len(cells):
            some = ", ".join(dict.fromkeys(cells[:500]))
            entries.noticed.append(f"{len(cells)} values {what}: {some[:200]}")
    keep = ~(other | blank | group)
    entries.passed_over += int((~keep).sum())
    entries.text, entries.origins = text[keep], entries.origins[keep]


def _entity(code: str, name: str) -> str:
    """Return the entity of an M49 number; nothing for a group without a name here."""
    if not code.isdigit():
        return name or code
    number = int(code)
    if number == 1:
        return entities.WORLD
    if f"M49-{number:03}" in entities.areas():
        return f"M49-{number:03}"
    return by_m49().get(number, "")


def _odd(text: pd.DataFrame, findings: Findings) -> None:
    numbers = pd.to_numeric(text["value"], errors="coerce")
    findings.add(
        (numbers < 0) | (numbers > 100),
        text["value"],
        "value",
        Reason.NOT_ALLOWED,
        lambda cell: f"value is {cell}, and must be from 0 to 100 percent",
    )
    findings.add(
        ~text["unit"].str.casefold().isin(["", "percent", "percentage", "%"]),
        text["unit"],
        "value",
        Reason.NOT_ALLOWED,
        lambda cell: f"the unit is {cell!r} and not percent",
        "Download the data again.",
    )
    findings.add(
        ~text["year"].str.fullmatch(r"(19|20)\d\d"),
        text["year"],
        "period",
        Reason.NOT_A_DAY,
        lambda cell: f"the year is {cell!r}, which is no year",
        "Download the data again.",
    )
    findings.add(
        _contradicts(text),
        text["code"] + " is not " + text["name"],
        "entity",
        Reason.CONTRADICTION,
        lambda told: f"The number and the name of the area differ: {told}",
        "Download the data again.",
    )


def _contradicts(text: pd.DataFrame) -> pd.Series:
    """Tell where the name is of another country than the number."""
    known = {}
    for name in text["name"].unique():
        try:
            known[name] = names.resolve(name).entity if name else ""
        except UnknownNameError:
            known[name] = ""
    by_name = text["name"].map(known)
    return (by_name != "") & by_name.isin(list(entities.states())) & (by_name != text["entity"])
