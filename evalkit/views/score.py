"""The scorecard: for each indicator its latest value, counts and change, or why there is none."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from evalkit.model import Status
from evalkit.reference.rows import rows as reference
from evalkit.reference.texts import known, plural, text
from evalkit.reference.titles import title
from evalkit.results import CHANGE
from evalkit.views import choice as choices
from evalkit.views import numbers, sentences
from evalkit.views.table import value_text

ONLY_PARTIES, NO_RESULTS = "each_party", "no_results"
VALUE, AT_LEAST, SEVERAL = "value", "at_least", "several"
ICONS = {
    VALUE: "●",
    AT_LEAST: "◐",
    SEVERAL: "▤",
    ONLY_PARTIES: "◫",
    str(Status.NOT_DUE): "◷",
    str(Status.NOT_LOADED): "○",
}
OTHER = "◌"  # any further reason for no value
FEW = 6  # so many series stand side by side; of more, none speaks for the indicator
Spec = Mapping[str, str]  # a row of indicators.csv


@dataclass(frozen=True)
class Score:
    """What the scorecard shows of one indicator for one group and day."""

    spec: Spec
    row: pd.Series | None
    change: pd.Series | None
    mark: str  # value, at_least, several, each_party, no_results or the status of the row
    more: int = 0  # further series, which stand beside the first and are never added to it

    @property
    def has_value(self) -> bool:
        """Whether there is a number, be it a lower bound."""
        return self.mark in (VALUE, AT_LEAST, SEVERAL)


def score(spec: Spec, rows: pd.DataFrame, group: str) -> Score:
    """Return the latest value of an indicator for a group.

    Parameters
    ----------
    spec : mapping
        The row of the indicator in indicators.csv.
    rows : DataFrame
        Its results of one day; may be empty.
    group : str
        The group.

    Returns
    -------
    Score
        Of the first series, in the latest period with a value, or else the latest; the change is
        that of the same period. Where an indicator has one series for each of many duties, or
        only parts of a whole have a value, none of them is taken for the whole.
    """
    mine = rows[rows["entity"] == group]
    if rows.empty or mine.empty:
        return Score(spec, None, None, NO_RESULTS if rows.empty else ONLY_PARTIES)
    day = f"{mine['as_of'].iloc[0]:%Y-%m-%d}"
    series = choices.series(mine)
    first = "" if "" in series else series[0]
    more = 0 if first == "" else sum("/" not in name for name in series) - 1
    if more >= FEW:
        some = (mine["status"] == Status.OK).any()
        return Score(spec, None, None, SEVERAL if some else mark(mine.iloc[0]), more)
    others = mine[(mine["series"] != first) & (mine["status"] == Status.OK)]
    if first and len(others) and (mine.loc[mine["series"] == first, "status"] != Status.OK).all():
        return Score(spec, None, None, SEVERAL, others["series"].nunique())
    period = latest_period(mine, first, day)
    found = mine[(mine["series"] == first) & (mine["period"] == period)]
    row = (found if len(found) else mine[mine["series"] == first]).iloc[0]
    moved = mine[
        (mine["series"] == CHANGE) & (mine["period"] == row["period"]) & mine["value"].notna()
    ]
    return Score(spec, row, moved.iloc[0] if len(moved) else None, mark(row), more)


def latest_period(rows: pd.DataFrame, series: str, day: str) -> str:
    """Return the period of a series that comes first: all of time, else the latest with a value."""
    found = choices.periods(rows, series, day)
    return found[0] if found else ""


def mark(row: pd.Series) -> str:
    """Return what kind of value a result is, or its status where it has none."""
    if row["status"] != Status.OK:
        return str(row["status"])
    return AT_LEAST if pd.notna(row["low"]) and pd.isna(row["high"]) else VALUE


def marked(name: str, language: str = "en") -> str:
    """Return a mark as an icon with its word, as HTML: never by colour or icon alone."""
    own = name in (VALUE, AT_LEAST, SEVERAL, ONLY_PARTIES, NO_RESULTS)
    word = text(f"mark.{name}" if own else f"status.{name}", language)
    icon = ICONS.get(name, OTHER)
    return f'<span class="evalkit-mark"><span aria-hidden="true">{icon}</span> {word}</span>'


def indicator_title(spec: Spec, language: str = "en") -> str:
    """Return the title of an indicator, its id where there is no text."""
    return known(f"indicator.{spec['id']}.title", language) or spec["id"]


def matrix(scores: Sequence[Score], chosen: str, language: str = "en") -> str:
    """Return the table of themes and evaluation questions as HTML.

    Parameters
    ----------
    scores : sequence of Score
        One for each indicator.
    chosen : str
        The indicator whose sheet is open.
    language : str
        Language of the texts.

    Returns
    -------
    str
        Each indicator is a button that opens its sheet.
    """
    body = []
    for theme in reference("themes.csv"):
        inside = [one for one in scores if one.spec["theme"] == theme["theme"]]
        named = html.escape(title("theme", theme["theme"], language))
        body.append(f'<tr><th scope="rowgroup" colspan="2" class="is-theme">{named}</th></tr>')
        body += _rows(inside, chosen, language)
    caption = html.escape(text("scorecard.matrix", language))
    heads = "".join(
        f'<th scope="col">{html.escape(text(f"scorecard.{name}", language))}</th>'
        for name in ("question", "indicators")
    )
    return (
        f'<table class="evalkit-matrix"><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _rows(scores: Sequence[Score], chosen: str, language: str) -> list[str]:
    """Return a row for each question that a theme has indicators for, and one for the rest."""
    made, blank = [], []
    for asked in reference("evaluation_questions.csv"):
        found = [one for one in scores if one.spec["question"] == asked["question"]]
        if not found:
            blank.append(asked["question"])
            continue
        gist = title("evaluation_question", asked["question"], language)
        named = f"<b>{html.escape(asked['question'])}</b> {html.escape(gist)}"
        cards = "".join(card(one, chosen, language) for one in found)
        inside = f'<div class="evalkit-cards">{cards}</div>'
        made.append(f'<tr><th scope="row">{named}</th><td>{inside}</td></tr>')
    if blank:
        said = html.escape(text("scorecard.none", language))
        named = html.escape(", ".join(blank))
        made.append(f'<tr><th scope="row"><b>{named}</b></th><td class="is-blank">{said}</td></tr>')
    return made


def card(one: Score, chosen: str, language: str = "en") -> str:
    """Return one indicator of the scorecard: a button, its value or mark, counts, change."""
    name = html.escape(one.spec["id"], quote=True)
    current = ' aria-current="true"' if one.spec["id"] == chosen else ""
    button = (
        f'<button type="button" data-evalkit-pick="{name}" data-evalkit-to="sheet"{current}>'
        f"{html.escape(indicator_title(one.spec, language))}</button>"
    )
    several = one.row is not None and one.more
    more = plural("scorecard.more", one.more, language) if several else ""
    found = (counts_line(one, language), more, change_text(one, language))
    lines = [told for told in found if told]
    small = "".join(f"<small>{html.escape(line)}</small>" for line in lines)
    value = ""
    if one.has_value and one.row is not None:
        shown = value_text(one.row, language)
        value = f'<strong class="evalkit-value">{html.escape(shown)}</strong>'
    return f'<div class="evalkit-card">{button}{value}{marked(one.mark, language)}{small}</div>'


def counts_line(one: Score, language: str = "en") -> str:
    """Return the series, the period and the counts of a score."""
    if one.row is None:
        return ""
    series, period = str(one.row["series"]), str(one.row["period"])
    of = choices.series_title(series, language) if series else ""
    named = choices.period_title(period, language) if period else ""
    counted = sentences.counts(one.row, language) if one.has_value else ""
    return " · ".join(part for part in (of, named, counted) if part)


def change_text(one: Score, language: str = "en") -> str:
    """Return the change to the previous cycle of the same kind; empty where there is none."""
    if one.change is None:
        return ""
    moved = float(one.change["value"])
    sign = "▲" if moved > 0 else "▼" if moved < 0 else "="
    if one.change["unit"] == "share":
        amount = text(
            "scorecard.points", language, number=numbers.plain(moved * 100, "+.1f", language)
        )
    else:
        amount = ("+" if moved > 0 else "") + numbers.value(moved, one.change["unit"], language)
    return text("scorecard.change", language, sign=sign, amount=amount)
