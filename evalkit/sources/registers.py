"""The Convention's registers as sheets: exemptions, notifications, plans, focal points.

A sheet has a Party and what it registered. Which register it is, the sheet says in a column
``register``, in a heading, or in its name; where that leaves more than one it is refused.
Headings are those of the site or simple ones. Names and addresses of persons are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Failure, Reason
from evalkit.reference.names import normal_form
from evalkit.sources.days import iso_days
from evalkit.sources.entries import UNSTATED, Entries, Origin, load, nothing, of_sheet
from evalkit.sources.tidy import ragged

if TYPE_CHECKING:
    from evalkit.sources.convert import Findings
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

FORM = "register"


@dataclass(frozen=True, slots=True)
class Register:
    """A register: words that tell it, and what an entry is about where the sheet has no topic.

    Parameters
    ----------
    words : tuple of str
        Any of them, in a heading or in the sheet's name, tells the register.
    topic : str
        What an entry is about; blank where each entry has to say it.
    repeats : bool
        Whether a Party makes such entries again and again; then the day belongs to the topic.
    """

    words: tuple[str, ...]
    topic: str = ""
    repeats: bool = False


REGISTERS = {
    "action_plan_review": Register(
        ("action plan review", "review of action plan", "nap review", "three year review"),
        "review of the national action plan",
        repeats=True,
    ),
    "action_plan": Register(("national action plan", "action plan", "nap"), "national action plan"),
    "asgm_notification": Register(
        ("asgm notification", "more than insignificant", "article 7 notification"),
        "artisanal and small-scale gold mining is more than insignificant",
    ),
    "exemption": Register(("exemption",)),
    "focal_point": Register(("focal point",), "national focal point"),
    "import_consent": Register(("import consent",)),
    "consent": Register(
        ("general notification of consent", "consent"),
        "general notification of consent to import",
    ),
    "initial_assessment": Register(("initial assessment", "mia"), "Minamata initial assessment"),
    "national_plan_emissions": Register(
        ("national plan emissions", "emissions plan", "article 8 plan"),
        "national plan on emissions",
    ),
    "national_plan_releases": Register(
        ("national plan releases", "releases plan", "article 9 plan"),
        "national plan on releases",
    ),
    "facility_information": Register(
        ("facility information", "facilities", "article 5 information"),
        "facilities that use mercury in processes",
    ),
    "implementation_plan": Register(("implementation plan",), "implementation plan"),
}
HEADINGS = {
    "party": ("party", "parties", "country", "state", "party name", "country name", "iso3"),
    "register": ("register", "type of notification"),
    "topic": (
        "topic",
        "category",
        "category of exemption",
        "exemption",
        "product or process",
        "products and processes",
        "subject",
    ),
    "activities": ("activities", "activity", "manufacture import export"),
    "dated_on": (
        "dated on",
        "date",
        "date of entry",
        "date of registration",
        "date of notification",
        "date of submission",
        "notification date",
        "submission date",
        "registered on",
        "received on",
        "submitted on",
        "notified on",
    ),
    "expires_on": ("expires on", "expiry", "expiry date", "date of expiry", "expires"),
    "expires_year": ("expires year", "expiry year", "year of expiry"),
    "note": ("note", "remarks"),
}
_YEAR = re.compile(r"20\d\d")
_SEVERAL = re.compile(r"\s*[;\n]\s*")


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has Parties and names a register, and is no tidy table."""
    have = _headings(sheet)
    if "party" not in have or {"source", "basis"} & set(sheet.heading):
        return False
    return "register" in have or bool(_named(sheet))


def read(sheet: Sheet) -> Loaded:
    """Read a register into the tidy table `registrations`.

    Parameters
    ----------
    sheet : Sheet
        One register, or several told by a column.

    Returns
    -------
    Loaded
        A row for each Party and topic: a cell with several topics, separated by semicolons or
        lines, gives several entries, and each counts in the control.
    """
    have, named = _headings(sheet), _named(sheet)
    failures = ragged(sheet)
    if not failures and "register" not in have and len(named) > 1:
        failures = [_several(sheet.shown, named)]
    if failures:
        return nothing(sheet.shown, FORM, failures, len(sheet.records))
    text, findings, origins = of_sheet(sheet, have)
    text = text.reindex(columns=list(HEADINGS), fill_value="")
    text["register"] = text["register"].map(_code) if "register" in have else named[0]
    text = text.assign(dated_on=iso_days(text["dated_on"]))
    text, findings, origins = _each_topic(text, findings, origins)
    text = _expiry(text, findings)
    title = f"Register: {', '.join(sorted(set(text['register']) & set(REGISTERS)))}"
    entries = Entries("registrations", text, findings, origins)
    return load(entries, Origin(FORM, UNSTATED, title), sheet.path)


def _plain(text: str) -> str:
    return normal_form(re.sub(r"[_#.-]", " ", text))


def _single(text: str) -> str:
    """Return the words of a text without the s of a plural, to compare by."""
    return " ".join(word.removesuffix("s") for word in text.split())


def _headings(sheet: Sheet) -> dict[str, str]:
    """Return the heading of each column that is known, by the column's name."""
    have = {_plain(text): text for text in reversed(sheet.heading)}
    found = {}
    for name, headings in HEADINGS.items():
        if hit := next((heading for heading in headings if heading in have), None):
            found[name] = have[hit]
    return found


def _named(sheet: Sheet) -> list[str]:
    """Return the registers that the headings or, without one there, the sheet's name tell."""
    for told in (sheet.heading, (sheet.shown.rpartition("/")[2],)):
        hits = {
            register: word
            for text in told
            for register, one in REGISTERS.items()
            for word in one.words
            if f" {_single(word)} " in f" {_single(_plain(text))} "
        }
        # "Review of action plan" holds "action plan", and means the review alone.
        longest = [
            register
            for register, word in hits.items()
            if not any(word != other and word in other for other in hits.values())
        ]
        if longest:
            return longest
    return []


def _several(shown: str, named: list[str]) -> Failure:
    return Failure(
        Reason.CONTRADICTION,
        f"The sheet may be of several registers: {', '.join(named)}",
        shown,
        1,
        "",
        f"Add a column register with one of: {', '.join(REGISTERS)}.",
    )


def _code(cell: str) -> str:
    """Return the register that a cell names, or the cell, which is then refused."""
    plain = _plain(cell)
    codes = [code for code, one in REGISTERS.items() if plain == _plain(code) or plain in one.words]
    return codes[0] if codes else cell


def _each_topic(
    text: pd.DataFrame, findings: Findings, origins: pd.Series
) -> tuple[pd.DataFrame, Findings, pd.Series]:
    """Return an entry for each topic of a cell; where a register has only one, that one."""
    usual = text["register"].map({code: one.topic for code, one in REGISTERS.items()}).fillna("")
    again = text["register"].isin([code for code, one in REGISTERS.items() if one.repeats])
    dated = usual + (", " + text["dated_on"]).where(again & (text["dated_on"] != ""), "")
    topics = text["topic"].where(text["topic"] != "", dated)
    split = topics.str.split(_SEVERAL.pattern, regex=True).map(
        lambda parts: [part for part in parts if part] or [""]
    )
    many = text.assign(topic=split).explode("topic")
    rows = many.index
    text = many.reset_index(drop=True).astype("str")
    lines = findings.lines.loc[rows].reset_index(drop=True)
    found = replace(findings, lines=lines)
    return text, found, origins.loc[rows].reset_index(drop=True)


def _expiry(text: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Return day and year of expiry: a cell may hold a day, or only a year."""
    only_year = text["expires_on"].str.fullmatch(_YEAR)
    days = iso_days(text["expires_on"]).where(~only_year, "")
    findings.add(
        only_year & (text["expires_year"] != "") & (text["expires_on"] != text["expires_year"]),
        text["expires_on"] + " and " + text["expires_year"],
        "expires_year",
        Reason.CONTRADICTION,
        lambda told: f"The row has two years of expiry: {told}",
    )
    both = days.str.match(r"\d{4}-") & text["dated_on"].str.match(r"\d{4}-")
    findings.add(
        both & (days < text["dated_on"]),
        days,
        "expires_on",
        Reason.CONTRADICTION,
        lambda day: f"expires_on is {day}, before the day of the entry",
    )
    years = text["expires_year"].where(~only_year, text["expires_on"])
    return text.assign(expires_on=days, expires_year=years)
