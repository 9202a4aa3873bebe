"""What comes with answers: the day a report was received, and where the rows are from."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evalkit import tables
from evalkit.errors import Failure
from evalkit.sources.answers import Taken
from evalkit.sources.loaded import Loaded


def first_day() -> str:
    """Return the day before which no report can have been received.

    Examples
    --------
    >>> first_day()
    '2017-08-16'
    """
    return tables.catalogue()["submissions"].column("submitted_on").minimum


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
    if len(sources) and (len(taken.frame) or len(received)):
        made["sources"] = pd.concat(sources, ignore_index=True)
    control = dict(taken.control)
    control["read"] += refused
    control["set_apart"] += refused
    told = sorted((*failures, *taken.failures), key=lambda f: (f.line or 0, f.cell))
    return Loaded(form, shown, made, tuple(told), control, tuple(notes))
