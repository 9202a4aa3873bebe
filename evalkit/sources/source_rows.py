"""The row of the table `sources` that a file or a report is, and its short name."""

from __future__ import annotations

import re

import pandas as pd

from evalkit import tables
from evalkit.reference import entities

_NOT_IN_AN_ID = re.compile(r"[^0-9a-z]+")


def source_id(*words: str) -> str:
    """Return a short name of a source made of words.

    Examples
    --------
    >>> source_id("reports", "Full reports (2021).xlsx")
    'reports-full-reports-2021-xlsx'
    """
    return _NOT_IN_AN_ID.sub("-", " ".join(words).casefold()).strip("-")


def source_row(
    source: str,
    *,
    publisher: str,
    title: str,
    sha256: str,
    as_of: str = "",
    file: str = "",
    address: str = "",
    line_rule: str = "",
) -> pd.DataFrame:
    """Return one row of the table `sources`.

    Parameters
    ----------
    source : str
        Its short name.
    publisher, title : str
        Who published it, and what it is.
    sha256 : str
        Checksum of the file.
    as_of : str
        The day it speaks of, as 2020-12-31; missing in the table where it is blank or no day.
    file, address, line_rule : str
        The file's name, where it is from, and how a row is found again in it.

    Returns
    -------
    DataFrame
        One row of the table `sources`.
    """
    row = {
        "source": source,
        "publisher": publisher,
        "title": title,
        "address": address,
        "sha256": sha256,
        "file": file,
        "line_rule": line_rule,
    }
    days = pd.to_datetime(pd.Series([as_of or None]), errors="coerce").astype("datetime64[s]")
    return tables.tidy("sources", pd.DataFrame([row]).assign(as_of=days))


def report_row(
    party: str, cycle: str, *, sha256: str, as_of: str, file: str, line_rule: str = ""
) -> pd.DataFrame:
    """Return the row of the table `sources` that one national report is.

    Parameters
    ----------
    party, cycle : str
        Whose report it is, and of which cycle; they make its short name.
    sha256, as_of, file, line_rule : str
        As in `source_row`; `as_of` is the day of receipt.

    Examples
    --------
    >>> report_row("GHA", "2021-full", sha256="", as_of="", file="a.docx")["source"].item()
    'report-gha-2021-full'
    """
    name = entities.states()[party]
    return source_row(
        source_id("report", party, cycle),
        publisher=name,
        title=f"National report of {name}, {cycle}",
        sha256=sha256,
        as_of=as_of,
        file=file,
        line_rule=line_rule,
    )
