"""The status of the Convention as the depositary publishes it: MTDSG, chapter XXVII-17, XML.

The list of the United Nations Treaty Collection has a row for each signatory and Party under
``Treaty/Participants/Table/TGroup/Tbody/Rows``: its name, with numbers of footnotes, the day
of signature, and the day of the instrument with its kind: nothing for ratification, A for
acceptance, AA for approval, a for accession. Entry into force is counted from the deposit by
article 31. Totals that the file states must be those of its rows.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Failure, Reason
from evalkit.reference.rows import by
from evalkit.sources.days import iso_days
from evalkit.sources.entries import Entries, Origin, load, nothing, of_objects

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from evalkit.sources.convert import Findings
    from evalkit.sources.documents import Document
    from evalkit.sources.loaded import Loaded

FORM = "untc-status"
ADDRESS = (
    "https://treaties.un.org/doc/Publication/MTDSG/Volume%20II/Chapter%20XXVII/XXVII-17.en.xml"
)
ORIGIN = Origin(
    FORM,
    "United Nations Treaty Collection",
    "Multilateral Treaties Deposited with the Secretary-General, chapter XXVII-17: status",
    ADDRESS,
    "the element that origin names",
)
TABLE = "Treaty/Participants/Table/TGroup"
IN_FORCE = "2017-08-16"  # of the Convention: article 31, paragraph 1
WAIT = pd.Timedelta(days=90)  # article 31, paragraph 2
KINDS = {"": "ratification", "A": "acceptance", "AA": "approval", "a": "accession"}
_MARK = re.compile(r"<superscript>.*?</superscript>", re.IGNORECASE | re.DOTALL)
_MARKED_DAY = re.compile(r"(.*?\d{4})\s*([A-Za-z]{0,3})", re.DOTALL)
_FOOTNOTES = re.compile(r"[\s\d,]+$")
_TOTALS = {"signatories": r"signatories\W{0,5}(\d{1,3})\b", "Parties": r"parties\W{0,5}(\d{1,3})\b"}
_OWN = "data/reference/parties.csv"
_SHOWN = 20  # differences that one finding names


def recognise(document: Document) -> bool:
    """Tell whether a document is a status list of the Treaty Collection, of whatever treaty."""
    return document.xml.find("Treaty/Participants") is not None


def read(document: Document) -> Loaded:
    """Read the list into the tidy table `depositary`.

    Parameters
    ----------
    document : Document
        The status of the Minamata Convention; of another treaty it is refused.

    Returns
    -------
    Loaded
        A row for each signatory and Party. The counts of both are among the findings.
    """
    root = document.xml
    if "minamata convention" not in " ".join(root.itertext()).casefold():
        return nothing(document.shown, FORM, [_other_treaty(document.shown)])
    rows = root.findall(f"{TABLE}/Tbody/Rows/Row") or root.findall(f"{TABLE}/Tbody/Row")
    heads = [_words(cell).casefold() for cell in root.findall(f"{TABLE}/Thead/Row/*")]
    places = _columns(heads)
    if not rows or places is None:
        return nothing(document.shown, FORM, [_no_list(document.shown)])
    cells = [_cells(list(row), places) for row in rows]
    pointers = [
        f"/{root.tag}/{TABLE}/Tbody/Rows/Row[{number}]" for number in range(1, len(rows) + 1)
    ]
    text, findings, origins = of_objects(document.shown, cells, pointers)
    findings.printed.update(party="Entry[1]", signed_on="signature", deposited_on="instrument")
    _nothing_said(text, findings)
    entries = Entries("depositary", _dated(text), findings, origins)
    loaded = load(entries, ORIGIN, document.path)
    return _with_totals(loaded, text, root)


def _other_treaty(shown: str) -> Failure:
    return Failure(
        Reason.NOT_ALLOWED,
        "The status list is of another treaty than the Minamata Convention on Mercury",
        shown,
        remedy="Download the status of chapter XXVII, treaty 17.",
    )


def _no_list(shown: str) -> Failure:
    return Failure(
        Reason.NOT_A_TABLE,
        "The status list has no row, or no columns of participant, signature and instrument",
        shown,
        None,
        f"/{TABLE}",
        "Download the status again.",
    )


def _columns(heads: list[str]) -> tuple[int, int, int] | None:
    """Return where participant, signature and instrument stand; None where one is absent."""
    wanted = ("participant", "signature", "ratification")
    found = [next((i for i, head in enumerate(heads) if word in head), -1) for word in wanted]
    return None if min(found) < 0 else (found[0], found[1], found[2])


def _words(cell: Element) -> str:
    """Return the text of an element without the marks of footnotes, blanks unified."""
    parts = [cell.text or ""]
    for inner in cell:
        raised = str(inner.tag).casefold() in ("superscript", "sup")
        parts += ["" if raised else _words(inner), inner.tail or ""]
    return " ".join(_MARK.sub("", "".join(parts)).split())


def _cells(row: list[Element], places: tuple[int, int, int]) -> dict[str, str]:
    name, signed, bound = (_words(row[at]) if at < len(row) else "" for at in places)
    match = _MARKED_DAY.fullmatch(bound)
    return {
        "party": _FOOTNOTES.sub("", name),
        "signed_on": signed,
        "deposited_on": match[1] if match else bound,
        "instrument": match[2] if match else "",
    }


def _nothing_said(text: pd.DataFrame, findings: Findings) -> None:
    findings.add(
        (text["signed_on"] == "") & (text["deposited_on"] == ""),
        text["party"],
        "deposited_on",
        Reason.MISSING_VALUE,
        lambda name: f"{name!r} has neither a day of signature nor one of an instrument",
        "Download the status again.",
    )
    findings.add(
        ~text["instrument"].isin(KINDS),
        text["instrument"],
        "deposited_on",
        Reason.NOT_ALLOWED,
        lambda mark: f"The mark {mark!r} is no known kind of instrument: A, AA or a",
        "Look the row up on the page of the Treaty Collection.",
    )


def _dated(text: pd.DataFrame) -> pd.DataFrame:
    """Return days as 2020-12-31, the kind of instrument, and the day of entry into force."""
    deposited = iso_days(text["deposited_on"])
    days = pd.to_datetime(deposited, format="%Y-%m-%d", errors="coerce")
    bound = (days + WAIT).clip(lower=pd.Timestamp(IN_FORCE))
    kind = text["instrument"].map(KINDS).fillna("")
    return pd.DataFrame(
        {
            "party": text["party"],
            "signed_on": iso_days(text["signed_on"]),
            "deposited_on": deposited,
            "in_force_on": bound.dt.strftime("%Y-%m-%d").fillna("").astype("str"),
            "instrument": kind.where(deposited != "", ""),
        }
    )


def _with_totals(loaded: Loaded, text: pd.DataFrame, root: Element) -> Loaded:
    """Return what was read with its two counts, which must be those that the file states."""
    counted = {
        "signatories": int((text["signed_on"] != "").sum()),
        "Parties": int((text["deposited_on"] != "").sum()),
    }
    head = _outside_the_list(root)
    failures = list(loaded.failures)
    for what, count in counted.items():
        stated = re.search(_TOTALS[what], head, re.IGNORECASE)
        if stated and int(stated[1]) != count:
            failures.append(
                Failure(
                    Reason.CONTRADICTION,
                    f"The file states {stated[1]} {what} and lists {count}",
                    loaded.file,
                    remedy="Download the status again: the list may be cut off.",
                )
            )
    found = f"signatories {counted['signatories']}, Parties {counted['Parties']}"
    return replace(
        loaded,
        failures=tuple(failures),
        notes=(found, *differences(loaded.tables.get("depositary"))),
    )


def _outside_the_list(root: Element) -> str:
    """Return names and texts of the elements that are not inside the list of participants."""
    inside = {id(one) for part in root.iter("Participants") for one in part.iter()}
    return " ".join(f"{one.tag} {one.text or ''}" for one in root.iter() if id(one) not in inside)


def differences(listed: pd.DataFrame | None) -> list[str]:
    """Say where the depositary's days differ from those of data/reference/parties.csv.

    Parameters
    ----------
    listed : DataFrame or None
        The table `depositary`.

    Returns
    -------
    list of str
        One sentence for each kind of day, with at most twenty States; none where none differs.
    """
    if listed is None or listed.empty:
        return []
    own = by("parties.csv", "iso3")
    told = []
    for column in ("signed_on", "deposited_on", "in_force_on"):
        days = listed.set_index("party")[column].dt.strftime("%Y-%m-%d").fillna("")
        differ = [
            f"{party} {own[party][column] or 'none'} here {day or 'none'}"
            for party, day in days.items()
            if party in own and own[party][column] != day
        ]
        if differ:
            told.append(f"{column} differs from {_OWN} for {len(differ)}: {_some(differ)}")
    absent = sorted(p for p, row in own.items() if row["deposited_on"] and p not in set(days.index))
    if absent:
        told.append(f"{len(absent)} Parties of {_OWN} are not here: {_some(absent)}")
    return told


def _some(told: list[str]) -> str:
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return f"{', '.join(told[:_SHOWN])}{more}"
