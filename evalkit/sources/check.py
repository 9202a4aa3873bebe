"""Recognising a file by its content and reading it: the door `evalkit.check`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from evalkit.errors import FileRefusedError, Reason, refuse_table
from evalkit.sources import gef, tidy
from evalkit.sources.corrections import Correction, apply
from evalkit.sources.files import read_sheet
from evalkit.sources.loaded import Loaded


def check(
    path: str | Path, *, shown: str | None = None, corrections: Iterable[Correction] = ()
) -> Loaded:
    """Read a file, whatever its name, and say what is in it and what is wrong with it.

    Parameters
    ----------
    path : str or Path
        The file.
    shown : str, optional
        Its name in messages and in `origin`; the path as given when left out.
    corrections : iterable of Correction, optional
        Declared corrections; those of other files are passed over.

    Returns
    -------
    Loaded
        Which publisher's form it has, its tidy tables, the rows set apart, control counts.

    Raises
    ------
    FileRefusedError
        It is absent, empty, not UTF-8, no table, or of a form that is not known.

    Examples
    --------
    >>> from evalkit.reference import paths
    >>> check(paths.reference("articles.csv"))
    Traceback (most recent call last):
    ...
    evalkit.errors.FileRefusedError: ...articles.csv is of no form that evalkit reads...
    """
    path = Path(path)
    sheet = apply(read_sheet(path, shown or str(path)), corrections)
    if gef.recognise(sheet):
        return gef.read(sheet)
    table = tidy.recognise(sheet)
    if table is not None:
        return tidy.read(sheet, table)
    raise FileRefusedError(
        f"{sheet.shown} is of no form that evalkit reads.",
        reason=Reason.UNKNOWN_FILE,
        where=f"its heading: {', '.join(sheet.heading[:8])}",
        remedy="Compare it with the tables in docs/reference/tables.md.",
    )


def read(path: Path, *, shown: str, corrections: Iterable[Correction] = ()) -> Loaded:
    """Read a file as `check` does, and refuse it as a whole when anything in it is wrong.

    Raises
    ------
    FileRefusedError
        As `check`.
    TableError
        Rows break the rules of the table; all of them are listed.
    """
    loaded = check(path, shown=shown, corrections=corrections)
    if loaded.failures:
        raise refuse_table(loaded.failures)
    return loaded
