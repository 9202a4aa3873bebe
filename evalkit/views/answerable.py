"""Which evaluation questions the loaded data can answer, partly, or not; and what is missing."""

from __future__ import annotations

import html
from collections.abc import Sequence

from evalkit.reference.rows import rows as reference
from evalkit.reference.texts import text
from evalkit.reference.titles import title
from evalkit.views.score import (
    AT_LEAST,
    ICONS,
    OTHER,
    SEVERAL,
    VALUE,
    Score,
    indicator_title,
    marked,
)
from evalkit.views.table import NUMERIC, html_table

ALL, SOME, NONE, NO_INDICATOR = "all", "some", "none", "no_indicator"
WHOLE = (VALUE, SEVERAL)
VERDICT_ICONS = {ALL: "●", SOME: "◐", NONE: "○", NO_INDICATOR: "–"}  # noqa: RUF001 a dash is meant


def verdict(scores: Sequence[Score]) -> str:
    """Tell whether all, some or none of the indicators have a whole value.

    A lower bound answers in part only.
    """
    if not scores:
        return NO_INDICATOR
    if all(one.mark in WHOLE for one in scores):
        return ALL
    return SOME if any(one.has_value for one in scores) else NONE


def verdict_text(scores: Sequence[Score], language: str = "en") -> str:
    """Return the verdict as an icon with its words."""
    found = verdict(scores)
    return f"{VERDICT_ICONS[found]} {text(f'verdict.{found}', language)}"


def overview_table(scores: Sequence[Score], language: str = "en") -> str:
    """Return a row for each evaluation question and for each theme in it, with counts.

    Parameters
    ----------
    scores : sequence of Score
        One for each indicator.
    language : str
        Language of the texts.

    Returns
    -------
    str
        A table: question and theme, verdict, indicators with value, with a lower bound only,
        without.
    """
    names = ("question_or_theme", "verdict", "with_value", "lower_only", "without_value")
    headings = [
        (text(f"column.{name}", language), NUMERIC if i > 1 else "text")
        for i, name in enumerate(names)
    ]
    cells = []
    for asked in reference("evaluation_questions.csv"):
        inside = [one for one in scores if one.spec["question"] == asked["question"]]
        gist = title("evaluation_question", asked["question"], language)
        cells.append(_row(f"{asked['question']} {gist}", inside, language))
        for theme in reference("themes.csv"):
            part = [one for one in inside if one.spec["theme"] == theme["theme"]]
            named = title("theme", theme["theme"], language)
            cells.append(_row(f"{asked['question']} · {named}", part, language))
    return html_table(headings, cells, text("scorecard.answerable", language))


def _row(name: str, scores: Sequence[Score], language: str) -> tuple[str, ...]:
    whole = sum(one.mark in WHOLE for one in scores)
    lower = sum(one.mark == AT_LEAST for one in scores)
    counted = (whole, lower, len(scores) - whole - lower)
    return (name, verdict_text(scores, language), *(f"{count}" for count in counted))


def missing_list(scores: Sequence[Score], language: str = "en") -> str:
    """Return the indicators without a whole value, each with what would fill it, as HTML."""
    items = []
    for one in scores:
        if one.mark in WHOLE:
            continue
        named = html.escape(indicator_title(one.spec, language))
        items.append(
            f"<li><b>{named}</b> {marked(one.mark, language)} "
            f"<small>{html.escape(needs(one, language))}</small></li>"
        )
    said = html.escape(text("scorecard.nothing_missing", language))
    return f'<ul class="evalkit-texts">{"".join(items)}</ul>' if items else f"<p>{said}</p>"


def needs(one: Score, language: str = "en") -> str:
    """Return which file would fill an indicator, in words where the catalogue has them."""
    told = one.spec.get("needs", "")
    if told:
        return text("scorecard.needs", language, what=told)
    tables = ", ".join(one.spec["tables"].split("|"))
    return text("scorecard.needs_tables", language, tables=tables)


def legend(language: str = "en") -> str:
    """Return what the marks of the scorecard mean, as HTML."""
    names = [name for name in ICONS if name != OTHER]
    return f'<p class="evalkit-note">{" ".join(marked(name, language) for name in names)}</p>'
