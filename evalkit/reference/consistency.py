"""Which answers contradict which: the rules of data/reference/consistency.csv.

A rule names two answers, or an answer and an entry of a register, that can't both hold. What
it finds is a doubt to be asked about; no rule changes a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from evalkit.reference.rows import rows


class Relation(StrEnum):
    """How the left side of a rule stands to its right side."""

    ASKED_IF = "asked_if"  # answered only where the right question has one of `right_is`
    EXPECTED_IF = "expected_if"  # as asked_if, but an answer beside it is no contradiction
    ALONE = "alone"  # a code of `left_is` stands without any other code
    REGISTERED = "registered"  # a code of `left_is` needs an entry of the register `right`
    NOT_REGISTERED = "not_registered"  # it forbids one dated by the end of the period
    UNCHANGED = "unchanged"  # the same answer as in the report before
    NEVER_BACK = "never_back"  # `right_is` in an earlier report stays so
    CLOSED_BEFORE = "closed_before"  # no amount in periods after the month in `right`


# Which answers are compared: with others of the report, with a register, with earlier reports.
COMPARED = {
    Relation.ASKED_IF: "within",
    Relation.ALONE: "within",
    Relation.REGISTERED: "register",
    Relation.NOT_REGISTERED: "register",
    Relation.UNCHANGED: "earlier",
    Relation.NEVER_BACK: "earlier",
    Relation.CLOSED_BEFORE: "earlier",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of data/reference/consistency.csv."""

    rule: str
    left: str
    left_is: tuple[str, ...]
    relation: Relation
    right: str
    right_is: tuple[str, ...]
    meaning: str
    remedy: str
    source: str
    basis: str

    @property
    def kind(self) -> str:
        """What the answer is compared with: within, register, earlier; blank for nothing."""
        return COMPARED.get(self.relation, "")


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, in the order of the file.

    Returns
    -------
    tuple of Rule
        Ids are unique.

    Examples
    --------
    >>> next(rule.right for rule in rules() if rule.rule == "7.2-registered")
    'asgm_notification'
    """
    return tuple(_rule(dict(row)) for row in rows("consistency.csv"))


def _rule(row: dict[str, str]) -> Rule:
    codes = {name: _codes(row[name]) for name in ("left_is", "right_is")}
    rest = {name: cell for name, cell in row.items() if name not in (*codes, "relation")}
    return Rule(**rest, **codes, relation=Relation(row["relation"]))  # type: ignore[arg-type]


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def conditions(question: str) -> tuple[Rule, ...]:
    """Return the rules that say when a question is answered at all.

    Examples
    --------
    >>> [rule.right for rule in conditions("4.1.n")]
    ['4.1']
    """
    when = (Relation.ASKED_IF, Relation.EXPECTED_IF)
    return tuple(one for one in rules() if one.left == question and one.relation in when)
