"""The cells of an export, named by what they mean and stripped, and what is odd in them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Failure, Reason, UnknownNameError
from evalkit.reference import names
from evalkit.sources.gef.layout import (
    AMOUNT,
    AMOUNTS,
    BOTH,
    NEEDED,
    OPTIONAL,
    STATUSES,
    TWO_AMOUNTS,
    TYPES,
    columns,
)

if TYPE_CHECKING:
    from evalkit.sources.files import Sheet

_AGAIN = "Export the list again."
_NUMBERS = ("id", "approval_year")


def cells(sheet: Sheet) -> pd.DataFrame:
    """Return the cells by meaning: text, stripped, a row for each record.

    Both amounts in one cell are taken apart; where that can't be done they stay in
    `both_amounts`, and `odd_cells` says so. Optional columns that a layout lacks are blank.
    """
    printed = columns(sheet.heading)
    place = {heading: i for i, heading in reversed(list(enumerate(sheet.heading)))}
    asked = [what for what in (*NEEDED, *OPTIONAL, *AMOUNTS, BOTH) if what in printed]
    text = sheet.frame()  # by place, since a column that nobody asks for may be there twice
    raw = pd.DataFrame({what: text.iloc[:, place[printed[what]]] for what in asked}, dtype="str")
    merged = _apart(raw.pop(BOTH)) if BOTH in raw else pd.DataFrame(index=raw.index)
    for what in raw:
        raw[what] = _stripped(raw[what])
    for what in _NUMBERS:  # a workbook may turn 101 into 101.0
        if what in raw:
            raw[what] = raw[what].str.removesuffix(".0")
    for what in merged:
        raw[what] = merged[what]
    for what in OPTIONAL:
        if what not in raw:
            raw[what] = ""
    return raw


def _stripped(column: pd.Series) -> pd.Series:
    """Return a column without blanks at the ends; itself, which costs no memory, without any."""
    stripped = column.str.strip()
    return stripped if (stripped.str.len() != column.str.len()).any() else column


def _apart(both: pd.Series) -> pd.DataFrame:
    """Return grant and co-financing of cells as `$1,999  $2,000`; what has no such form as is."""
    parts = both.str.extract(rf"^{TWO_AMOUNTS.pattern}\s*$")
    odd = parts["grant"].isna()
    return pd.DataFrame(
        {
            "grant_usd": parts["grant"].where(~odd, both).fillna(""),
            "cofinancing_usd": parts["cofinancing"].where(~odd, "").fillna(""),
        }
    )


def amount(column: pd.Series) -> pd.Series:
    """Return whole US$; a blank is missing, zero is zero, what is no amount is missing.

    Examples
    --------
    >>> amount(pd.Series(["$1,233,000", "0", ""])).tolist()
    [1233000.0, 0.0, nan]
    """
    place, printed = pd.factorize(column)  # many projects have the same amount
    each = pd.Series(printed, dtype="str")
    plain = each.where(each.str.fullmatch(AMOUNT)).str.replace(r"[$,]", "", regex=True)
    numbers = pd.to_numeric(plain, errors="coerce").to_numpy("float64")
    return pd.Series(numbers[place], column.index)


def failures(raw: pd.DataFrame, lines: pd.Series, sheet: Sheet) -> list[Failure]:
    """Return everything wrong with the cells, with lines, by column and then by line."""
    printed = columns(sheet.heading)
    heading = {what: printed.get(what, printed.get(BOTH, "")) for what in raw}
    found = [
        Failure(
            reason,
            f"{what}: {raw.at[i, column]!r}",
            sheet.shown,
            int(lines[i]),
            heading[column],
            _AGAIN,
        )
        for column, reason, what, wrong in odd_cells(raw, typed="type" in printed)
        for i in raw.index[wrong]
    ]
    return found + [
        Failure(
            Reason.UNKNOWN_NAME,
            f"{token!r} is no known country or region",
            sheet.shown,
            int(lines[i]),
            heading["places"],
            remedy,
        )
        for i, token, remedy in _unknown_places(raw)
    ]


def odd_cells(raw: pd.DataFrame, *, typed: bool) -> list[tuple[str, Reason, str, pd.Series]]:
    """Return column, reason, sentence and which rows, for each way a cell can be odd."""
    number, word = Reason.NOT_A_NUMBER, Reason.NOT_ALLOWED
    known = raw["status"].isin(STATUSES) | (raw["status"] == "")
    no_type = ~raw["type"].isin(TYPES) if typed else pd.Series(False, index=raw.index)
    again = raw.duplicated("id")
    same = raw.duplicated() & again
    amounts = [
        (name, number, "The amount is no whole US$", ~raw[name].str.fullmatch(AMOUNT))
        for name in AMOUNTS
    ]
    return [
        ("id", number, "ID is no number", ~raw["id"].str.fullmatch(r"\d+")),
        ("id", Reason.DUPLICATE_KEY, "ID stands more than once", again & ~same),
        ("id", Reason.DUPLICATE_KEY, "ID stands more than once, the row is repeated", same),
        *amounts,
        ("type", word, "Type is not known", no_type),
        (
            "approval_year",
            number,
            "Approval FY is no year",
            ~raw["approval_year"].str.fullmatch(r"((19|20)\d\d)?"),
        ),
        ("status", word, "Status is not known", ~known),
        *_damaged(raw),
    ]


def _damaged(raw: pd.DataFrame) -> list[tuple[str, Reason, str, pd.Series]]:
    """Return cells that another column was moved into, or whose letters were lost."""
    lost = raw["title"].str.contains("\ufffd", regex=False)
    period = ~raw["period"].str.fullmatch(r"(GEF ?- ?\d+|Pilot Phase)?")
    return [
        ("title", Reason.WRONG_ENCODING, "Letters of the title are lost", lost),
        ("period", Reason.NOT_ALLOWED, "Period is no replenishment", period),
    ]


def tokens(raw: pd.DataFrame) -> pd.Series:
    """Return each place named, one row each, indexed by the row of the export."""
    text = raw["places"]
    unique = {cell: _split(cell) for cell in text.unique()}
    split = text.map(unique).explode().dropna().astype("str")
    return split[split != ""]


def _split(cell: str) -> list[str]:
    return [html.unescape(part).strip() for part in cell.split(",")]


def _unknown_places(raw: pd.DataFrame) -> list[tuple[int, str, str]]:
    named = tokens(raw)
    unknown: dict[str, str] = {}
    for token in named.unique():
        try:
            names.resolve(token)
        except UnknownNameError as error:
            unknown[token] = error.remedy
    hits = named[named.isin(list(unknown))]
    return [(int(str(i)), token, unknown[token]) for i, token in hits.items()]
