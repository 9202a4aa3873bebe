"""The questions of the reporting format by version, and which cycle uses which version.

Versions are data (data/reference/questions, one file for each); no question is known to code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from evalkit.errors import EvalkitError, Reason
from evalkit.reference import paths
from evalkit.reference.rows import rows

NO_VERSIONS = ("question_map.csv",)  # in the same folder, and no version of the format
ALONE = frozenset({"no", "none", "no_source", "unknown", "not_applicable"})  # never with another
_LEAD = re.compile(r"(?:q(?:uestion)?\.?\s*)?([a-z]|\d+)((?:\.(?:\d+|[a-z]+)\b)*)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\(\s*([0-9a-z]+)\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one version, or a part of one that is answered by itself.

    `title` is the gist of the question and not its wording; `unit` is what the form asks for.
    """

    id: str
    version: str
    position: int
    part: str
    article: str
    parent: str
    in_short: str
    answer_type: str
    choices: tuple[str, ...]
    unit: str
    title: str
    supplemental: bool
    standing: str

    def contradicts(self, chosen: Collection[str]) -> bool:
        """Tell whether choices exclude each other: two of one, or "none" beside others.

        Examples
        --------
        >>> questions("mc-1-8")["8.2.a"].contradicts(["none", "goal"])
        True
        """
        several = self.answer_type == "multi_choice"
        return len(chosen) > 1 and (not several or not ALONE.isdisjoint(chosen))


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a reporting cycle asks: short or full, and in which version; blank is not known."""

    id: str
    kind: str
    version: str


@dataclass(frozen=True)
class Formats:
    """What answers are checked against.

    Parameters
    ----------
    questions : dict of str to dict of str to Question
        Questions of each version by id, in the order of the form.
    cycles : dict of str to Cycle
        The cycles by id.
    """

    questions: Mapping[str, Mapping[str, Question]]
    cycles: Mapping[str, Cycle]
    _found: dict[tuple[str, str], str] = field(default_factory=dict, compare=False)

    def find(self, version: str, told: str) -> str:
        """Return the id of the question that a text names, or blank where it names none.

        The id may stand alone or before the question's text, with (i) for .i and any case.

        Examples
        --------
        >>> own().find("mc-1-8", "4.3 (ii) Objectives for dental amalgam")
        '4.3.ii'
        >>> own().find("mc-1-8", "4.99")
        ''
        """
        key = (version, told)
        if key not in self._found:
            self._found[key] = _find(self.questions.get(version, {}), told.strip())
        return self._found[key]

    def nearest(self, version: str, told: str) -> str:
        """Return the id and gist of the question closest to a text; blank when none is close."""
        known, told = self.questions.get(version, {}), told[:200]
        by_text = {**{one.title.casefold(): one for one in known.values()}}
        by_text |= {name.casefold(): one for name, one in known.items()}
        lead = _lead(told)
        hits = get_close_matches(lead.casefold(), [k.casefold() for k in known], 1, 0.5)
        hits = get_close_matches(told.casefold(), list(by_text), 1, 0.6) or (lead and hits) or []
        return f"{by_text[hits[0]].id} {by_text[hits[0]].title}" if hits else ""


def _lead(told: str) -> str:
    hit = _LEAD.match(_BRACKETS.sub(r".\1", told))
    return f"{hit[1]}{hit[2]}" if hit else ""


def _find(known: Mapping[str, Question], told: str) -> str:
    if told in known:
        return told
    folded = {name.casefold(): name for name in known}
    text = told.casefold()
    return folded.get(text) or folded.get(_lead(text), "")


def formats(
    questions: Iterable[Mapping[str, object]], cycles: Iterable[Mapping[str, object]]
) -> Formats:
    """Return what answers are checked against, from rows of `questions` and of `cycles`.

    Parameters
    ----------
    questions, cycles : iterable of mappings
        Rows with the columns of those tables.
    """
    found: dict[str, dict[str, Question]] = {}
    for row in sorted(questions, key=lambda row: int(str(row["position"]))):
        one = _question({name: str(cell) for name, cell in row.items()})
        found.setdefault(one.version, {})[one.id] = one
    read = [{name: str(cell) for name, cell in row.items()} for row in cycles]
    told = {r["cycle"]: Cycle(r["cycle"], r["kind"], r.get("format_version", "")) for r in read}
    return Formats(found, told)


def _question(row: Mapping[str, str]) -> Question:
    return Question(
        id=row["question"],
        version=row["version"],
        position=int(row["position"]),
        part=row["part"],
        article=row.get("article", ""),
        parent=row.get("parent", ""),
        in_short=row["in_short"],
        answer_type=row["answer_type"],
        choices=tuple(row["choices"].split("|")) if row.get("choices") else (),
        unit=row.get("unit", ""),
        title=row["title"],
        supplemental=row["supplemental"] == "Y",
        standing=row["standing"],
    )


@cache
def own() -> Formats:
    """Return the versions and cycles of data/reference."""
    folder = paths.reference("questions")
    names = sorted(path.name for path in folder.glob("*.csv") if path.name not in NO_VERSIONS)
    every = [row for name in names for row in rows(f"questions/{name}")]
    return formats(every, rows("cycles.csv"))


def versions() -> tuple[str, ...]:
    """Return the versions of the reporting format that have a list of questions.

    Examples
    --------
    >>> versions()
    ('mc-1-8', 'mc-5-13')
    """
    return tuple(own().questions)


def questions(version: str) -> Mapping[str, Question]:
    """Return the questions of a version by id, in the order of the form.

    Raises
    ------
    EvalkitError
        There is no such version; names those there are.

    Examples
    --------
    >>> questions("mc-1-8")["3.1.c"].unit
    't'
    """
    if version not in own().questions:
        raise EvalkitError(
            f"There is no version {version!r} of the reporting format.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy=f"Versions: {', '.join(versions())}.",
        )
    return own().questions[version]


def version_of(cycle: str) -> str:
    """Return the version that a cycle uses; the latest where that is not known.

    Examples
    --------
    >>> version_of("2021-full"), version_of("")
    ('mc-1-8', 'mc-5-13')
    """
    known = own().cycles.get(cycle)
    return known.version if known and known.version else versions()[-1]


def label(question: str, version: str) -> str:
    """Return the id of a question and its gist, as "4.4 Measures to prevent ...".

    Raises
    ------
    EvalkitError
        The version has no such question, or there is no such version.
    """
    known = questions(version)
    if question not in known:
        near = own().nearest(version, question)
        raise EvalkitError(
            f"{version} has no question {question!r}.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy=f"Nearest: {near}." if near else "See data/reference/questions.",
        )
    return f"{question} {known[question].title}"
