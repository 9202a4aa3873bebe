"""What can go wrong, said as reason, place and the one thing to do.

Every error that evalkit raises on purpose is an `EvalkitError`. Programs read `reason`
(a member of `Reason`); people read the text, which always ends with a remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

SHOWN = 10  # a message shows this many failures and counts the rest


class Reason(StrEnum):
    """Machine-readable causes, one for each kind of failure."""

    MISSING_FILE = "missing_file"
    EMPTY_FILE = "empty_file"
    WRONG_ENCODING = "wrong_encoding"
    NOT_A_TABLE = "not_a_table"
    UNKNOWN_FILE = "unknown_file"
    MISSING_COLUMN = "missing_column"
    UNKNOWN_COLUMN = "unknown_column"
    MISSING_VALUE = "missing_value"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DAY = "not_a_day"
    NOT_ALLOWED = "not_allowed"
    NEGATIVE = "negative"
    TOO_EARLY = "too_early"
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_SOURCE = "unknown_source"
    DUPLICATE_KEY = "duplicate_key"
    BROKEN_LINK = "broken_link"
    CONTRADICTION = "contradiction"
    UNKNOWN_INDICATOR = "unknown_indicator"
    UNKNOWN_PARAMETER = "unknown_parameter"
    WRONG_TYPE = "wrong_type"
    NO_EDITION = "no_edition"
    DAMAGED_EDITION = "damaged_edition"
    CORRECTION_EXPIRED = "correction_expired"
    PORT_BUSY = "port_busy"
    SERVER_FAILED = "server_failed"
    PAGE_FAILED = "page_failed"
    LOCKED = "locked"
    WRONG_USE = "wrong_use"


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing wrong in one place of one file.

    Parameters
    ----------
    reason : Reason
        The machine-readable cause.
    what : str
        One sentence, with the offending text as found.
    file : str
        The file as the user named it; empty when no file is involved.
    line : int or None
        Line in the file, the heading being line 1.
    cell : str
        Column heading, or a place that begins with a slash: the pointer into a JSON file,
        the path to an element of an XML file.
    remedy : str
        The one thing to do.
    """

    reason: Reason
    what: str
    file: str = ""
    line: int | None = None
    cell: str = ""
    remedy: str = ""

    @property
    def where(self) -> str:
        """File, line and cell as one text, as far as they are known."""
        parts = [self.file] if self.file else []
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.cell:
            parts.append(f"{'at' if self.cell.startswith('/') else 'column'} {self.cell}")
        return ", ".join(parts)

    def as_dict(self) -> dict[str, object]:
        """Return the failure as plain data, for `--json` output."""
        return {
            "reason": str(self.reason),
            "what": self.what,
            "file": self.file,
            "line": self.line,
            "cell": self.cell,
            "remedy": self.remedy,
        }

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.what}{place}"


class EvalkitError(Exception):
    """Base of all deliberate errors: reason, where, remedy.

    Parameters
    ----------
    what : str
        One sentence saying what is wrong.
    reason : Reason
        The machine-readable cause.
    where : str
        File, line, rows or parameter; may be empty.
    remedy : str
        The one thing to do.
    failures : sequence of Failure
        All single failures found; the message shows the first ten and counts the rest.

    Examples
    --------
    >>> raise EvalkitError("No edition is here.", reason=Reason.NO_EDITION,
    ...                    where="editions", remedy="Run: evalkit build")
    Traceback (most recent call last):
    ...
    evalkit.errors.EvalkitError: No edition is here. In editions. Run: evalkit build
    """

    def __init__(
        self,
        what: str,
        *,
        reason: Reason,
        where: str = "",
        remedy: str = "",
        failures: Sequence[Failure] = (),
    ) -> None:
        self.what = what
        self.reason = reason
        self.where = where
        self.remedy = remedy
        self.failures = tuple(failures)
        super().__init__(self._text())

    def _text(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"In {self.where}.")
        if self.remedy:
            parts.append(self.remedy)
        head = " ".join(parts)
        if len(self.failures) < 2:
            return head
        lines = [f"  - {failure}" for failure in self.failures[:SHOWN]]
        rest = len(self.failures) - SHOWN
        if rest > 0:
            lines.append(f"  - and {rest} more")
        return "\n".join([head, *lines])

    def __reduce__(self) -> tuple[object, ...]:
        """Say how the error is made again in another process."""
        told = {name: getattr(self, name) for name in ("reason", "where", "remedy", "failures")}
        return partial(type(self), self.what, **told), ()

    def as_dict(self) -> dict[str, object]:
        """Return the error as plain data, for `--json` output."""
        return {
            "reason": str(self.reason),
            "what": self.what,
            "where": self.where,
            "remedy": self.remedy,
            "failures": [failure.as_dict() for failure in self.failures],
        }


class FileRefusedError(EvalkitError):
    """A file can't be read as a table at all: absent, empty, encoded wrongly, not known."""


class TableError(EvalkitError):
    """Rows of a table break its rules; the message names file, lines and remedy."""


class UnknownNameError(EvalkitError):
    """A name of a Party, region, indicator or parameter is not known."""


class EditionError(EvalkitError):
    """An edition is absent, damaged or being written by somebody else."""


class RunError(EvalkitError):
    """A notebook could not be run, or one of its parameters is wrong."""


def refuse_table(failures: Sequence[Failure]) -> TableError:
    """Build the one error that reports all failures of a file.

    Parameters
    ----------
    failures : sequence of Failure
        At least one failure, in the order of the file.

    Returns
    -------
    TableError
        Its reason is that of the first failure.

    Examples
    --------
    >>> one = Failure(Reason.NEGATIVE, "grant_usd is -5", "projects.csv", 3, "grant_usd",
    ...               "Correct the amount.")
    >>> print(refuse_table([one]))
    grant_usd is -5. In projects.csv, line 3, column grant_usd. Correct the amount.
    """
    first = failures[0]
    if len(failures) == 1:
        return TableError(
            f"{first.what}.",
            reason=first.reason,
            where=first.where,
            remedy=first.remedy,
            failures=failures,
        )
    return TableError(
        f"{len(failures)} rows or cells are refused.",
        reason=first.reason,
        where=first.file,
        remedy=first.remedy,
        failures=failures,
    )
