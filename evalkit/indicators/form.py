"""Questions across the versions of the reporting format: what became of each, by the map."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from evalkit.indicators.prepared import Prepared

SAME, SPLIT, MERGED, DROPPED, UNMAPPED = "same", "split", "merged", "dropped", "unmapped"
_WEAKER = (SAME, SPLIT, MERGED, DROPPED)


@dataclass(frozen=True)
class Reading:
    """How a question of the first form is read in another version of it.

    Parameters
    ----------
    questions : tuple of str
        Its ids there; none where the form does not ask it.
    relation : str
        The weakest step on the way: same, split, merged, dropped, or unmapped where the map
        says nothing.
    by : DataFrame
        The rows of `question_map` that say so.
    """

    questions: tuple[str, ...]
    relation: str
    by: pd.DataFrame


def first_version(tables: Prepared) -> str:
    """Return the version of the form that the catalogue's questions are those of.

    That is the form of the first cycle that fell due; blank where no cycle names one.
    """
    cycles = tables["cycles"].sort_values(["due_on", "cycle"], kind="stable")
    named = cycles.loc[cycles["format_version"] != "", "format_version"]
    return str(named.iloc[0]) if len(named) else ""


def question_rows(tables: Prepared, version: str) -> pd.DataFrame:
    """Return the questions of a form, by id."""

    def make() -> pd.DataFrame:
        rows = tables["questions"]
        rows = rows[rows["version"] == version]
        return rows.set_index("question", drop=False)

    return tables.once(("questions", version), make)


def unknown_questions(tables: Prepared, questions: tuple[str, ...]) -> list[str]:
    """Return those questions that the first form, as loaded, does not have."""
    known = question_rows(tables, first_version(tables)).index
    return [one for one in questions if one not in known]


def read_in(tables: Prepared, question: str, base: str, version: str) -> Reading:
    """Follow a question from the first form to another version.

    Parameters
    ----------
    tables : Prepared
        Needs `question_map`.
    question, base : str
        The question and the version that its id belongs to.
    version : str
        The version to read it in.

    Returns
    -------
    Reading
        Without questions where it is dropped or unmapped.
    """
    rows = tables["question_map"]
    if version in (base, ""):
        return Reading((question,), SAME, rows.iloc[:0])
    steps = _path(rows, base, version)
    here, relation, taken = {question}, SAME, []
    for start, end in steps:
        step = rows[
            (rows["from_version"] == start)
            & (rows["to_version"] == end)
            & rows["from_question"].isin(here)
        ]
        taken.append(step)
        here = {one for one in step["to_question"] if one}
        found = [one for one in step["relation"] if one in _WEAKER]
        relation = max([relation, *found], key=_WEAKER.index)
    by = pd.concat(taken) if taken else rows.iloc[:0]
    if not here or not steps:
        dropped = (by["relation"] == DROPPED).any()
        return Reading((), DROPPED if dropped else UNMAPPED, by)
    # Partly dropped and partly kept: what is left is no longer the same question.
    return Reading(() if relation == DROPPED else tuple(sorted(here)), relation, by)


def merged_from(tables: Prepared, reading: Reading) -> set[str]:
    """Return the questions that were merged into those of a reading."""
    rows = tables["question_map"]
    last = reading.by[reading.by["to_question"].isin(reading.questions)]
    same = rows["to_question"].isin(last["to_question"])
    return set(rows.loc[same & rows["to_version"].isin(last["to_version"]), "from_question"])


def _path(rows: pd.DataFrame, base: str, version: str) -> list[tuple[str, str]]:
    """Return the steps of the map from one version to another, the fewest; none if no way."""
    pairs = sorted(set(zip(rows["from_version"], rows["to_version"], strict=True)))
    ways: list[list[tuple[str, str]]] = [[]]
    seen = {base}
    while ways:
        way = ways.pop(0)
        here = way[-1][1] if way else base
        for start, end in pairs:
            if start == here and end not in seen:
                if end == version:
                    return [*way, (start, end)]
                seen.add(end)
                ways.append([*way, (start, end)])
    return []
