"""The words of the house as frozen types: no reading, no computing.

`Status` says why there is no value, `Basis` what a value rests on, `Indicator` what is
computed, `Step` what was done, `Source` where a row comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """Why a result has a value or has none (DESIGN: "no value" always says why).

    Examples
    --------
    >>> Status("not_due").has_value
    False
    """

    OK = "ok"
    NOT_PARTY = "not_party"
    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"
    NOT_ANSWERED = "not_answered"
    NOT_APPLICABLE = "not_applicable"
    NOT_ESTIMATED = "not_estimated"
    INSUFFICIENT = "insufficient"
    NOT_LOADED = "not_loaded"

    @property
    def has_value(self) -> bool:
        """Whether a result with this status carries a number."""
        return self is Status.OK


class Basis(StrEnum):
    """What a row rests on, from the strongest to the weakest.

    A result that is computed from several rows carries the weakest basis among them, so
    that a single date from memory shows on every count it enters.

    Examples
    --------
    >>> str(Basis.weakest(["reported", "memory", "derived"]))
    'memory'
    """

    REPORTED = "reported"  # found at the publisher or in a public copy of it
    DERIVED = "derived"  # computed from reported values by a stated rule
    ESTIMATED = "estimated"  # an inventory's or a model's estimate
    INFERRED = "inferred"  # fits what is published, yet is not stated there
    MEMORY = "memory"  # background knowledge, not checked against a document
    MISSING = "missing"  # the fact exists, its value was not found
    SIMULATED = "simulated"  # invented, for teaching and testing only

    @staticmethod
    def weakest(bases: list[str] | tuple[str, ...]) -> Basis:
        """Return the weakest of several; `derived` when there is none."""
        order = list(Basis)
        return max((Basis(b) for b in bases), key=order.index, default=Basis.DERIVED)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of data/reference/indicators.csv: what is computed, and how.

    `id` is local and readable (`reporting-rate`); `official_code` stays empty until it is
    read in the adopted document. `arguments` are handed to the method as they stand. `needs`
    names the file that would fill it where nothing is loaded.
    """

    id: str
    official_code: str
    article: str
    paragraph: str
    theme: str
    question: str
    kind: str
    unit: str
    direction: str
    target: str
    target_on: str
    baseline: str
    baseline_standing: str
    method: str
    arguments: dict[str, str]
    tables: tuple[str, ...]
    method_version: str
    references: str
    standing: str
    needs: str

    @property
    def title_key(self) -> str:
        """Key of the title in the catalogue of texts."""
        return f"indicator.{self.id}.title"

    @property
    def definition_key(self) -> str:
        """Key of the definition in the catalogue of texts."""
        return f"indicator.{self.id}.definition"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done on the way to a number.

    Parameters
    ----------
    what : str
        A sentence in the present tense.
    rows_in, rows_out : int
        Rows before and after.
    reason : str
        Why rows were left out or added; empty when nothing was.
    of : tuple of str
        The series or periods that the step belongs to; empty when it belongs to all.
    """

    what: str
    rows_in: int
    rows_out: int
    reason: str = ""
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: one row of the table `sources`."""

    source: str
    publisher: str
    title: str
    address: str
    as_of: str
    licence: str
    note: str = ""
    files: tuple[str, ...] = field(default=())
