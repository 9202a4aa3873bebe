"""What comes with answers: the day a report was received, and where the rows are from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure
from evalkit.sources.answers import Taken
from evalkit.sources.loaded import Loaded

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
    source: str, path: Path, *, publisher: str, title: str, as_of: str = ""
) -> pd.DataFrame:
    """Return the row of the table `sources` that a file of reports is.

    Parameters
    ----------
    source : str
        Its short name.
    path : Path
        The file; its checksum is kept.
    publisher, title : str
        Who reports, and what the file is.
    as_of : str
        The day of receipt, blank where not known.

    Returns
    -------
    DataFrame
        One row of the table `sources`.
    """
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    row = {
        "source": source,
        "publisher": publisher,
        "title": title,
        "as_of": pd.Timestamp(as_of) if as_of else pd.NaT,
        "sha256": digest,
        "file": path.name,
    }
    return tables.tidy("sources", pd.DataFrame([row]))


def loaded(
    form: str,
    shown: str,
    taken: Taken,
    *,
    received: pd.DataFrame,
    sources: Sequence[pd.DataFrame],
    failures: Sequence[Failure] = (),
    refused: int = 0,
    notes: Sequence[str] = (),
) -> Loaded:
    """Return answers with their reports and sources as the content of one file.

    Parameters
    ----------
    form : str
        The form that the file has.
    shown : str
        The file as messages name it.
    taken : Taken
        Its answers.
    received : DataFrame
        Rows of `submissions`.
    sources : sequence of DataFrame
        Rows of `sources`, where the file names none.
    failures : sequence of Failure
        What is wrong besides the answers.
    refused : int
        Cells that were read and are in none of the answers.
    notes : sequence of str
        What was left out.

    Returns
    -------
    Loaded
        Control counts are of answers: read equals taken plus set apart.
    """
    made = {"answers": taken.frame}
    if len(received):
        made["submissions"] = tables.tidy("submissions", received)
    if len(sources) and len(taken.frame):
        made["sources"] = pd.concat(sources, ignore_index=True)
    control = dict(taken.control)
    control["read"] += refused
    control["set_apart"] += refused
    told = sorted((*failures, *taken.failures), key=lambda f: (f.line or 0, f.cell))
    return Loaded(form, shown, made, tuple(told), control, tuple(notes))
