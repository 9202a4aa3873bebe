"""The form of the national report: its questions by version, and the words of its choices.

Questions are data/reference/questions/<version>.csv, words data/reference/choice_words.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from evalkit.errors import EvalkitError, Reason
from evalkit.reference import paths
from evalkit.reference.names import normal_form
from evalkit.reference.rows import by, rows

SIMULATED_MARK = "SIMULATED:"  # begins the remark in a form whose answers are invented


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the form, or a part of one that is answered by itself.

    `unit` is that in which the form asks a number (t, kg, count, USD); `title` is the gist
    of the question and not its wording.
    """

    id: str
    part: str
    article: str
    parent: str
    in_short: str
    answer_type: str
    choices: tuple[str, ...]
    unit: str
    title: str


@cache
def versions() -> tuple[str, ...]:
    """Return the versions of the form that there is a list of questions of, sorted."""
    folder = paths.reference("questions")
    return tuple(sorted(path.stem for path in folder.glob("mc-*.csv")))


@cache
def questions(version: str) -> tuple[Question, ...]:
    """Return the questions of a version in the order of the form, headings among them.

    Raises
    ------
    EvalkitError
        There is no list of the questions of that version.

    Examples
    --------
    >>> questions("mc-1-8")[6].choices
    ('yes', 'no')
    """
    if version not in versions():
        raise EvalkitError(
            f"There is no list of questions of the version {version!r}.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy=f"Choose one of: {', '.join(versions())}.",
        )
    found = sorted(rows(f"questions/{version}.csv"), key=lambda row: int(row["position"]))
    return tuple(
        Question(
            row["question"],
            row["part"],
            row["article"],
            row["parent"],
            row["in_short"],
            row["answer_type"],
            tuple(row["choices"].split("|")) if row["choices"] else (),
            row["unit"],
            row["title"],
        )
        for row in found
    )


def version_of(cycle: str) -> str:
    """Return the version of the form that a cycle uses; the latest for an unknown cycle."""
    row = by("cycles.csv", "cycle").get(cycle)
    return row["format_version"] if row else versions()[-1]


@cache
def choice_words(choice: str) -> tuple[str, ...]:
    """Return the words a choice is written with, the English label of the form first.

    Examples
    --------
    >>> choice_words("yes")[:2], choice_words("made_up")
    (('Yes', 'Oui'), ('Made up',))
    """
    found = [
        word
        for row in rows("choice_words.csv")
        if row["choice"] == choice
        for word in row["words"].split("|")
    ]
    return tuple(found) or (choice.replace("_", " ").capitalize(),)


@cache
def spellings(choices: tuple[str, ...]) -> dict[str, str]:
    """Return the choice of each spelling, compared by `normal_form`; codes are spellings too.

    Examples
    --------
    >>> spellings(("yes", "no"))["oui"]
    'yes'
    """
    return {
        normal_form(word): choice for choice in choices for word in (choice, *choice_words(choice))
    }
