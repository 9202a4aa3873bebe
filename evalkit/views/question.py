"""One question of the reporting format: its answers in classes, a figure, a table, a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.locales import order
from evalkit.reference.texts import known, plural, text
from evalkit.reference.titles import title
from evalkit.views import numbers, theme
from evalkit.views.classes import breaks
from evalkit.views.replies import ANSWERED, CHOOSING, OPEN, WITHOUT, Counts, counts
from evalkit.views.stacks import Part, stacks
from evalkit.views.table import NUMERIC, html_table

if TYPE_CHECKING:
    import plotly.graph_objects as go

ZERO, GIVEN, IN_WORDS = "zero", "given", "in_words"


@dataclass(frozen=True, slots=True)
class Classed:
    """Replies whose `answer` is the class that they count in, and the classes in their order."""

    rows: pd.DataFrame
    codes: tuple[str, ...]
    labels: dict[str, str]
    colours: dict[str, str]
    several: bool = False  # one Party may be in several classes

    def label(self, code: str, language: str) -> str:
        """Return what a class is called; a code that the form does not know stays as it is."""
        return self.labels.get(code) or answer_text(code, language)

    def colour(self, code: str, place: int) -> str:
        """Return the colour of a class."""
        return self.colours.get(code) or theme.answer_colour(code, place)


def answer_text(code: str, language: str = "en") -> str:
    """Return an answer in words; codes without a text are shown as they are, without underscores.

    Examples
    --------
    >>> answer_text("yes"), answer_text("multi_pollutant|goal"), answer_text("2025-06")
    ('Yes', 'Multi-pollutant strategy, Quantified goal', '2025-06')
    """
    parts = [
        known(f"answer.{part}", language) or part.replace("_", " ") for part in code.split("|")
    ]
    return ", ".join(parts)


def question_title(question: Any, language: str = "en") -> str:
    """Return a question as its id and gist."""
    titled = title("question", question.question, language, given=question.title)
    return f"{question.question} {titled}"


def classed(rows: pd.DataFrame, question: Any, language: str = "en") -> Classed:
    """Put replies into the classes that a figure of the question shows.

    Parameters
    ----------
    rows : DataFrame
        What `evalkit.views.replies.replies` gives.
    question : row
        A row of `questions`.
    language : str
        Language of labels.

    Returns
    -------
    Classed
        Choices as the form has them; ranges of numbers, zero apart; years; or whether a text
        was given.
    """
    kind = question.answer_type
    given = rows["status"] == ANSWERED
    if kind in CHOOSING:
        codes = tuple(code for code in str(question.choices).split("|") if code)
        worded = rows["answer"].mask(given & (rows["answer"] == ""), IN_WORDS)
        several = kind == "multi_choice"
        return Classed(rows.assign(answer=worded), codes, {}, {}, several=several)
    if kind == "number":
        return _ranges(rows, given, language)
    if kind in ("date", "month"):
        years = rows["answer"].where(given, "").str[:4]
        codes = tuple(sorted(year for year in years.unique() if year))
        years = years.mask(given & (years == ""), IN_WORDS)
        hues = theme.steps(max(len(codes), 1))
        colours = dict(zip(codes, hues, strict=False))
        return Classed(rows.assign(answer=years), codes, {}, colours)
    answer = pd.Series(GIVEN, index=rows.index).where(given, "")
    return Classed(rows.assign(answer=answer), (GIVEN,), {}, {GIVEN: theme.YES})


def _ranges(rows: pd.DataFrame, given: pd.Series, language: str) -> Classed:
    values = rows["value"].where(given)
    positive = values[values > 0]
    unit = next((one for one in rows.loc[given, "unit"] if one), "")
    found = breaks(float(positive.min()), float(positive.max())) if len(positive) else [0.0]
    ends = [0.0, *found[1:]]
    answer = pd.Series("", index=rows.index).mask(values == 0, ZERO)
    answer = answer.mask(given & values.isna(), IN_WORDS)
    labels, codes = {}, [ZERO]
    for low, high in pairwise(ends):
        code = f"above {low:.15g}"
        answer = answer.mask((values > low) & (values <= high), code)
        labels[code] = numbers.span(low, high, unit, language)
        codes.append(code)
    hues = (theme.ZERO, *theme.steps(max(len(codes) - 1, 1)))
    return Classed(
        rows.assign(answer=answer), tuple(codes), labels, dict(zip(codes, hues, strict=False))
    )


def of_groups(found: Classed, groups: Sequence[str]) -> list[Counts]:
    """Return the counts of each group, all with the same classes in the same order."""
    every = counts(found.rows, list(found.codes), entities.WORLD).chosen
    return [counts(found.rows, list(every), group) for group in groups]


def figure(
    found: Classed, groups: Sequence[str], *, title: str, note: str, language: str = "en"
) -> go.Figure:
    """Draw the replies: a bar for each group; for several choices, one for each of the first group.

    Parameters
    ----------
    found : Classed
        The replies.
    groups : sequence of str
        Groups from the top.
    title, note : str
        As for `evalkit.views.stacks.stacks`.
    language : str
        Language of labels.
    """
    drawn = of_groups(found, groups)
    if found.several:
        labels, parts = _by_choice(found, drawn[0], language)
    else:
        labels = [entities.titles(language)[group] for group in groups]
        parts = [
            Part(
                found.label(code, language),
                found.colour(code, place),
                tuple(one.chosen[code] for one in drawn),
            )
            for place, code in enumerate(drawn[0].chosen)
        ]
        parts += missing_parts([one.without for one in drawn], language)
    return stacks(labels, parts, title=title, note=note, language=language)


def _by_choice(found: Classed, one: Counts, language: str) -> tuple[list[str], list[Part]]:
    labels = [found.label(code, language) for code in one.chosen]
    chosen = tuple(one.chosen.values())
    rest = tuple(one.n_answered - count for count in chosen)
    parts = [
        Part(text("replies.chosen", language), theme.YES, chosen),
        Part(text("replies.not_chosen", language), theme.ANSWER_COLOURS["no"], rest),
    ]
    return labels, parts + missing_parts([one.without] * len(labels), language)


def missing_parts(without: Sequence[dict[str, int]], language: str = "en") -> list[Part]:
    """Return the parts of bars that stand for what is missing, each with its own pattern."""
    return [
        Part(
            text(f"status.{status}", language),
            theme.STATUS_COLOURS[status],
            tuple(one[str(status)] for one in without),
            theme.STATUS_PATTERNS.get(status, ""),
        )
        for status in WITHOUT
    ]


def counts_table(found: Classed, groups: Sequence[str], caption: str, language: str = "en") -> str:
    """Return the counts as a table: each class with its share of those due and answered."""
    drawn = of_groups(found, groups)
    codes = list(drawn[0].chosen) if drawn else []
    headings = [(text("column.group", language), "text")]
    headings += [(found.label(code, language), NUMERIC) for code in codes]
    headings += [(text(f"status.{status}", language), NUMERIC) for status in WITHOUT]
    headings += [(text(f"column.{name}", language), NUMERIC) for name in ("answered", "owed")]
    cells = [
        (
            entities.titles(language)[one.group],
            *(share_text(one.chosen[code], one, language) for code in codes),
            *(f"{count}" for count in one.without.values()),
            f"{one.n_answered}",
            owed_text(one, language),
        )
        for one in drawn
    ]
    return html_table(headings, cells, caption)


def owed_text(of: Counts, language: str = "en") -> str:
    """Return how many owed an answer; "at least" where more may have been bound."""
    if of.n_due is None:
        return text("replies.unknown", language)
    return text("number.at_least", language, number=of.n_due) if of.n_open else f"{of.n_due}"


def share_text(count: int, of: Counts, language: str = "en") -> str:
    """Return a count with its share of those that owed an answer and of those that gave one."""
    if not of.n_answered:
        return f"{count}"
    answered = numbers.value(count / of.n_answered, "share", language)
    if not of.n_due or of.n_open:
        return text("replies.share_answered", language, count=count, answered=answered)
    due = numbers.value(count / of.n_due, "share", language)
    return text("replies.shares", language, count=count, due=due, answered=answered)


def sentence(found: Classed, group: str, language: str = "en") -> str:
    """Return what a figure shows of a group in words, without markup."""
    one = of_groups(found, [group])[0]
    place = entities.titles(language)[group]
    if not one.parties:
        return text("replies.nobody", language, place=place)
    if one.without[str(Status.NOT_DUE)] == one.parties:
        return text("replies.not_due", language, place=place)
    if not one.n_answered:
        return plural("replies.no_answer", one.parties, language, place=place, parties=one.parties)
    told = "; ".join(
        f"{found.label(code, language)} {count}" for code, count in one.chosen.items() if count
    )
    key = "replies.said_unknown" if one.n_due is None else "replies.said"
    due = owed_text(one, language)
    return text(key, language, place=place, due=due, answered=one.n_answered, told=told)


def amounts_table(rows: pd.DataFrame, groups: Sequence[str], caption: str, language: str) -> str:
    """Return what the numbers add up to in each group, with how many gave one and owed one."""
    names = ("group", "sum", "median", "smallest", "largest", "above_zero", "answered", "owed")
    headings = [
        (text(f"column.{name}", language), "text" if name == "group" else NUMERIC) for name in names
    ]
    unit = next((one for one in rows.loc[rows["status"] == ANSWERED, "unit"] if one), "")
    cells = [_amounts(rows, group, unit, language) for group in groups]
    return html_table(headings, cells, caption)


def _amounts(rows: pd.DataFrame, group: str, unit: str, language: str) -> tuple[str, ...]:
    one = counts(rows.assign(answer=""), [], group)
    inside = rows[rows["party"].isin(entities.members(group)) & (rows["status"] == ANSWERED)]
    values = inside["value"].dropna()
    told = [values.sum(), values.median(), values.min(), values.max()] if len(values) else []
    shown = [numbers.value(float(value), unit, language) for value in told] or [""] * 4
    due = owed_text(one, language)
    above = f"{int((values > 0).sum())}"
    return (entities.titles(language)[group], *shown, above, f"{len(values)}", due)


def reply_text(row: Any, language: str = "en") -> str:
    """Return the reply of a State in words, or why there is none."""
    if row.status == OPEN:
        return text("performance.open", language)
    if row.status != Status.OK:
        return text(f"status.{row.status}", language)
    parts = [answer_text(row.answer, language)] if row.answer else []
    if pd.notna(row.value):
        parts.append(numbers.value(float(row.value), row.unit, language))
    return " · ".join(parts) or text("replies.in_words", language)


def replies_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return the reply of each State with its file and line."""
    headings = [(text(f"column.{name}", language), "text") for name in ("entity", "reply", "line")]
    titles = entities.titles(language)
    named = sorted(rows.itertuples(), key=lambda row: order(titles[row.party], language))
    cells = [(titles[row.party], reply_text(row, language), row.origin) for row in named]
    return html_table(headings, cells, caption)
