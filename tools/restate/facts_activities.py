"""Restate activities of the aid transparency files that are projects on mercury.

Reads iati/iati_aiddata_gef_1.04.xml, AidData's release of 2017: of its 722 activities the one
that data/reference/iati_projects.csv joins with a project. Percentages and amounts are as
published.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import parse
from facts_common import REFERENCE, Row, folder, read, real, write

RELEASE = "iati/iati_aiddata_gef_1.04.xml"
SAME = {"source": "iati-aiddata-gef-2017-02-16", "basis": "reported"}


def text(element: Element, path: str) -> str:
    """Return the text of an element inside another, blanks made single."""
    return " ".join((element.findtext(path) or "").split())


def activity(element: Element, project: str, root: Element) -> Row:
    """Return the row of `activities`."""
    reporter = element.find("reporting-org")
    return {
        "activity": text(element, "iati-identifier"),
        "publisher": "" if reporter is None else reporter.get("ref", ""),
        "project": project,
        "standard": root.get("version", ""),
        "title": text(element, "title"),
        "status": text(element, "activity-status"),
        "currency": element.get("default-currency", ""),
        "as_of": root.get("generated-datetime", "")[:10],
        **SAME,
    }


def places(element: Element, states: dict[str, str]) -> list[Row]:
    """Return the rows of `activity_places`; this release names no region."""
    return [
        {
            "activity": text(element, "iati-identifier"),
            "place": states[one.get("code", "")],
            "vocabulary": "country",
            "percentage": f"{float(one.get('percentage', '')):g}",
            "as_printed": one.get("code", ""),
            **SAME,
        }
        for one in element.findall("recipient-country")
    ]


def transactions(element: Element) -> list[Row]:
    """Return the rows of `activity_transactions`."""
    found = []
    for number, one in enumerate(element.findall("transaction"), 1):
        value, kind, day = (one.find(f) for f in ("value", "transaction-type", "transaction-date"))
        if value is None or kind is None or day is None:
            raise ValueError(f"transaction {number} lacks its value, type or day")
        found.append(
            {
                "activity": text(element, "iati-identifier"),
                "number": str(number),
                "type": kind.get("code", ""),
                "dated_on": day.get("iso-date", ""),
                "amount": f"{float(value.text or ''):.15g}",
                "currency": value.get("currency", ""),
                **SAME,
            }
        )
    return found


def main(out: Path) -> None:
    """Write activities.csv, activity_places.csv and activity_transactions.csv."""
    joined = {row["activity"]: row["project"] for row in read(REFERENCE / "iati_projects.csv")}
    states = {row["iso2"]: row["iso3"] for row in read(REFERENCE / "iso2.csv")}
    root = parse(real(RELEASE)).getroot()
    if root is None:
        raise ValueError(f"{RELEASE} has no element")
    mine = [one for one in root.iter("iati-activity") if text(one, "iati-identifier") in joined]
    told = [activity(one, joined[text(one, "iati-identifier")], root) for one in mine]
    write("activities", told, out)
    write("activity_places", [row for one in mine for row in places(one, states)], out)
    write("activity_transactions", [row for one in mine for row in transactions(one)], out)


if __name__ == "__main__":
    main(folder(__doc__ or ""))
