"""SDG indicator 12.4.1 as the UN's SDG data service gives it, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.sources.entries import Entries, nothing, of_sheet
from evalkit.sources.tidy import ragged
from evalkit.sources.unsdg_values import FORM, published

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet
    from evalkit.sources.loaded import Loaded

COLUMNS = {
    "series": "SeriesCode",
    "code": "GeoAreaCode",
    "name": "GeoAreaName",
    "year": "TimePeriod",
    "value": "Value",
}
MAY_HAVE = {"nature": ("[Nature]", "Nature"), "unit": ("[Units]", "Units")}


def recognise(sheet: Sheet) -> bool:
    """Tell whether a sheet has the columns of the service."""
    return set(COLUMNS.values()) <= set(sheet.heading)


def read(sheet: Sheet) -> Loaded:
    """Read the table into the tidy table `published`, as indicator sdg-12-4-1.

    Parameters
    ----------
    sheet : Sheet
        The table, split into cells; the day of the download stands in the file's name.

    Returns
    -------
    Loaded
        As `evalkit.sources.unsdg.read`.
    """
    if uneven := ragged(sheet):
        return nothing(sheet.shown, FORM, uneven, len(sheet.records))
    more = {
        ours: theirs
        for ours, choices in MAY_HAVE.items()
        for theirs in choices
        if theirs in sheet.heading
    }
    text, findings, origins = of_sheet(sheet, {**COLUMNS, **more})
    findings.printed.update(entity="GeoAreaCode", period="TimePeriod", value="Value")
    for name in MAY_HAVE:
        if name not in text:
            text[name] = ""
    years = text["year"].str.removesuffix(".0")
    entries = Entries("published", text.assign(year=years), findings, origins)
    return published(entries, sheet.path, "the line that origin names")
