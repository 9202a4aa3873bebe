"""The check of answers against the questions of their version, shared by all readers of them.

Whatever form answers arrive in, its reader brings them into raw columns of text; `take`
says which are answers, and what is wrong with the others. No cell is guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

import numpy as np
import pandas as pd

from evalkit import tables
from evalkit.errors import Failure, Reason
from evalkit.reference import questions, words
from evalkit.reference.questions import Formats, Question
from evalkit.sources.asked import Asked, numbered
from evalkit.sources.convert import Findings, convert
from evalkit.sources.quantities import amounts
from evalkit.sources.repeats import refuse_repeats

RAW = (
    "party", "cycle", "question", "format_version", "answer", "value", "unit", "text", "note",
    "source", "basis",
)  # fmt: skip
KEY = ("party", "cycle", "question")
CHOSEN, DATED, WRITTEN = ("yes_no", "choice", "multi_choice"), ("date", "month"), ("text", "file")
LONGEST = 32_767  # characters of a text: as much as a cell of a workbook holds
_DATE = re.compile(r"(\d{4}-\d{2})(-\d{2})?(?:[ T]00:00(?::00)?)?")
_SPLIT = re.compile(r"[|;\n]")


@dataclass(frozen=True)
class Taken:
    """What became of raw answers.

    Parameters
    ----------
    frame : DataFrame
        The tidy table `answers`.
    failures : tuple of Failure
        Everything wrong, in the order of the file.
    control : dict of str to int
        Answers read, taken and set apart; read equals taken plus set apart.
    """

    frame: pd.DataFrame
    failures: tuple[Failure, ...]
    control: dict[str, int]


def take(
    raw: pd.DataFrame, shown: str, *, formats: Formats | None = None, unit_asked: bool = True
) -> Taken:
    """Check raw answers against the questions of their version.

    Parameters
    ----------
    raw : DataFrame
        One row an answer, text in every column of `RAW`; those left out are blank. Besides:
        `line` (line or row in the file), and where needed `origin` (``file:line`` when left
        out) and `cell` (where in the line an answer stands). Mass may be in any unit. An
        `answer` to a number or a text is taken as its `value` or `text` where that is blank.
    shown : str
        The file as messages name it.
    formats : Formats, optional
        The questions and cycles; those of data/reference when left out.
    unit_asked : bool
        Whether a mass without a unit is in the unit that the question asks for. True for a
        form that prints that unit; False for a table of evalkit, where it is refused.

    Returns
    -------
    Taken
        Answers in evalkit's units and codes, and all failures.

    Examples
    --------
    >>> raw = pd.DataFrame({"party": ["Ghana", "Peru"], "cycle": "2021-full", "line": [2, 3],
    ...                     "question": ["4.3", "3.1.c"], "answer": ["Oui", "12,5 t"],
    ...                     "source": "mine", "basis": "reported"}, dtype="object")
    >>> take(raw, "mine.csv").frame[["party", "answer", "value", "unit"]].values.tolist()
    [['GHA', 'yes', nan, ''], ['PER', '', 12500.0, 'kg']]
    """
    formats = formats or questions.own()
    raw = _completed(raw, shown)
    findings = Findings(shown, raw["line"], cells=raw.get("cell"))
    asked = Asked(raw, formats, findings)
    keyed = ~findings.bad
    frame = raw.assign(party=asked.party, question=asked.question, format_version=asked.version)
    refuse_repeats(frame[keyed], list(KEY), findings)
    frame = _filled(frame, asked, findings, unit_asked=unit_asked)
    for name in ("source", "basis"):
        convert(tables.catalogue()["answers"].column(name), frame[name], findings)
    good = ~findings.bad
    control = {"read": len(raw), "taken": int(good.sum()), "set_apart": int((~good).sum())}
    return Taken(tables.tidy("answers", frame[good]), findings.sorted(), control)


def _completed(raw: pd.DataFrame, shown: str) -> pd.DataFrame:
    """Return the raw columns, all there, blanks stripped, rows numbered from 0."""
    blank = pd.Series("", index=raw.index, dtype="str")
    columns = {name: raw[name].astype("str").str.strip() if name in raw else blank for name in RAW}
    columns["line"] = raw["line"].astype("int64")
    told = raw["origin"] if "origin" in raw else f"{shown}:" + columns["line"].astype("str")
    columns["origin"] = told.astype("str")
    if "cell" in raw:
        columns["cell"] = raw["cell"].astype("str")
    return pd.DataFrame(columns).reset_index(drop=True)


def _filled(
    frame: pd.DataFrame, asked: Asked, findings: Findings, *, unit_asked: bool
) -> pd.DataFrame:
    """Return the rows with answer, value, unit and text where they belong, as evalkit has them."""
    kind = asked.kind
    frame = _placed(frame, kind, findings)
    _refuse_nothing(frame, findings)
    answer = frame["answer"].copy()
    for rows, taken in (
        *_chosen(frame, asked, findings),
        *_dated(frame, kind, findings),
    ):
        answer[rows] = taken
    amounted = frame.index[(kind == "number") & (frame["value"] != "") & ~findings.bad]
    value = pd.Series(np.nan, index=frame.index, dtype="float64")
    unit = pd.Series("", index=frame.index, dtype="str")
    value[amounted], unit[amounted] = amounts(
        frame["value"][amounted],
        frame["unit"][amounted],
        asked.unit[amounted],
        findings,
        unit_asked=unit_asked,
    )
    return frame.assign(answer=answer, value=value, unit=unit)


def _placed(frame: pd.DataFrame, kind: pd.Series, findings: Findings) -> pd.DataFrame:
    """Return the rows with a lone answer moved to the column where its kind belongs."""
    columns = {}
    for name, kinds in (("value", ("number",)), ("text", WRITTEN)):
        here = kind.isin(kinds) & (frame["answer"] != "")
        findings.add(
            here & (frame[name] != "") & (frame[name] != frame["answer"]),
            frame["answer"],
            "answer",
            Reason.CONTRADICTION,
            partial(_elsewhere, name),
            "Give one of the two.",
        )
        columns[name] = frame[name].where(~here, frame["answer"])
        frame = frame.assign(answer=frame["answer"].where(~here, ""))
    findings.add(
        (kind != "") & (kind != "number") & (frame["value"] != ""),
        frame["value"],
        "value",
        Reason.NOT_ALLOWED,
        lambda cell: f"value is {cell!r}, and the question asks for no number",
        "Put it into the column answer or text, or correct the question.",
    )
    findings.add(
        columns["text"].str.len() > LONGEST,
        columns["text"].str.len(),
        "text",
        Reason.NOT_ALLOWED,
        lambda cell: f"text has {cell} characters, and may have {LONGEST}",
        "Shorten it, or attach it to the report and name the file.",
    )
    return frame.assign(**columns)


def _refuse_nothing(frame: pd.DataFrame, findings: Findings) -> None:
    findings.add(
        (frame["answer"] == "") & (frame["value"] == "") & (frame["text"] == ""),
        frame["question"],
        "answer",
        Reason.MISSING_VALUE,
        lambda cell: f"nothing is answered to {cell}",
        "Remove the row: what is not answered has no row.",
    )


Part = tuple[pd.Index, pd.Series]


def _chosen(frame: pd.DataFrame, asked: Asked, findings: Findings) -> Iterator[Part]:
    """Give the codes of choices, question by question."""
    here = asked.kind.isin(CHOSEN) & (frame["answer"] != "") & ~findings.bad
    rows = frame.index[here]
    pairs = pd.DataFrame({"q": asked.combo[rows], "a": frame["answer"][rows].to_numpy()})
    codes, firsts = numbered(pairs)
    different = pairs.iloc[firsts].itertuples(index=False)
    codes_of = [_codes(asked.asked[number], cell) for number, cell in different]
    taken = pd.Series(pd.array(codes_of, dtype="str").take(codes), index=rows, dtype="str")
    wrong = taken.index[taken == ""]
    for number, group in frame["answer"][wrong].groupby(asked.combo[wrong]):
        one = asked.asked[number]
        findings.add(
            pd.Series(True, index=group.index),
            group,
            "answer",
            Reason.NOT_ALLOWED,
            partial(_no_choice, one),
            "Give one of them; words known for them are in data/reference/answer_words.csv.",
        )
    yield rows, taken


def _no_choice(one: Question | None, cell: str) -> str:
    asked, allowed = (one.id, one.choices) if one else ("", ())
    return f"{asked} is {cell!r}, and may be: {', '.join(allowed)}"


def _elsewhere(name: str, cell: str) -> str:
    return f"answer is {cell!r}, and {name} says something else"


def _codes(one: Question | None, cell: str) -> str:
    """Return the codes that a cell means, in the order of the question; blank where unclear."""
    if one is None:
        return ""
    if one.answer_type != "multi_choice":
        return words.choice(cell, one.choices)
    whole = words.choice(cell, one.choices)
    parts = [whole] if whole else [words.choice(p.strip(), one.choices) for p in _SPLIT.split(cell)]
    if "" in parts or one.contradicts(set(parts)):
        return ""
    return "|".join(choice for choice in one.choices if choice in parts)


def _dated(frame: pd.DataFrame, kind: pd.Series, findings: Findings) -> Iterator[Part]:
    """Give dates as 2025-06 or 2025-06-30."""
    rows = frame.index[kind.isin(DATED) & (frame["answer"] != "") & ~findings.bad]
    cells = frame["answer"][rows]
    taken = cells.map({cell: _date(cell) for cell in cells.unique()}).astype("str")
    findings.add(
        taken == "",
        cells,
        "answer",
        Reason.NOT_A_DAY,
        lambda cell: f"{cell!r} is no day or month",
        "Write days as 2020-12-31 and months as 2020-12.",
    )
    yield rows, taken


@cache
def _date(cell: str) -> str:
    hit = _DATE.fullmatch(cell)
    try:
        date.fromisoformat(f"{hit[1]}{hit[2] or '-01'}" if hit else "")
    except ValueError:
        return ""
    return f"{hit[1]}{hit[2] or ''}" if hit else ""
