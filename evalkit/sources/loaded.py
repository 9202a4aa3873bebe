"""What reading a file gives: tables, rows set apart, and control counts that add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.errors import Failure

# Number values are in the unit as found (t, kg, count, USD); confidence is 0 to 1.
READINGS = (
    "question",
    "answer",
    "value",
    "unit",
    "text",
    "excerpt",
    "place",
    "confidence",
    "why",
    "party",
    "cycle",
    "basis",
)


@dataclass(frozen=True)
class Loaded:
    """The content of one file after reading and checking.

    Parameters
    ----------
    source : str
        Which publisher's form the file has: ``tidy`` for evalkit's own, ``gef`` ...
    file : str
        The file as the user named it.
    tables : dict of str to DataFrame
        Tidy tables.
    failures : tuple of Failure
        Everything wrong with it, in the order of the file.
    set_apart : DataFrame
        Rows refused: reason, file, line, cell, what, remedy.
    control : dict of str to int
        Rows read, taken and set apart, and passed over where a file holds rows of other
        subjects; read equals the sum of the others.
    notes : tuple of str
        What else a person should know, one sentence each: macros that were left out, totals to
        compare, Parties that are missing. Nothing of it is wrong.
    totals : dict of str to int
        Sums of amounts read, taken and set apart, where a form has amounts; they add up too.
    readings : DataFrame or None
        What was found in a filled-in form, columns `READINGS`. A reading is no answer until a
        person has confirmed it in a review sheet. None for other files.
    """

    source: str
    file: str
    tables: dict[str, pd.DataFrame]
    failures: tuple[Failure, ...] = ()
    control: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    totals: dict[str, int] = field(default_factory=dict)
    readings: pd.DataFrame | None = None

    @property
    def set_apart(self) -> pd.DataFrame:
        """One row for each failure: reason, file, line, cell, what, remedy."""
        import pandas as pd

        columns = ["reason", "file", "line", "cell", "what", "remedy"]
        frame = pd.DataFrame([failure.as_dict() for failure in self.failures], columns=columns)
        return frame.astype({name: "Int64" if name == "line" else "str" for name in columns})
