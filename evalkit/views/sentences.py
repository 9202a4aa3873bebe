"""Sentences that say what a view shows, with counts, basis and source."""

from __future__ import annotations

import html

import pandas as pd

from evalkit.model import Basis, Status
from evalkit.reference import entities
from evalkit.reference.rows import by
from evalkit.reference.texts import plural, text
from evalkit.results import measure
from evalkit.views import numbers
from evalkit.views.choice import Choice, period_title, series_title

_COUNTS = {
    "USD": "counts.money",
    "events": "counts.records",
    "people": "counts.records",
    "points-panel": "counts.panel",
    "progress": "counts.progress",
}

# Indicators of these methods count what nobody owed: States in an inventory, amounts of projects.
_COUNTS_OF = {
    "annex_d_amounts": "counts.listed",
    "annex_d_share": "counts.listed",
    "sector_amounts": "counts.listed",
    "cofinancing_ratio": "counts.money",
}


def title(choice: Choice, language: str = "en") -> str:
    """Return the title of a view: indicator, series, period and day."""
    parts = [text(f"indicator.{choice.indicator}.title", language)]
    if choice.series:
        parts.append(series_title(choice.series, language))
    if choice.period:
        parts.append(period_title(choice.period, language))
    day = text("view.as_of", language, day=numbers.day(choice.as_of, language))
    return f"{' · '.join(parts)} · {day}"


def headline(row: pd.Series | None, choice: Choice, language: str = "en") -> str:
    """Return the sentence about the chosen group: its value, or why there is none.

    Parameters
    ----------
    row : Series or None
        The result of the group; None when the indicator has none for groups.
    choice : Choice
        What was chosen.
    language : str
        Language of the sentence.

    Returns
    -------
    str
        Plain text, without markup.
    """
    place = entities.titles(language)[choice.group]
    if row is None:
        return text("headline.no_group", language, place=place)
    if row["status"] != Status.OK:
        reason = text(f"status.{row['status']}", language)
        return text("headline.no_value", language, place=place, reason=reason)
    of = measure(row["unit"], row["series"])
    shown = numbers.bounded(row["value"], row["low"], row["high"], of, language)
    return text(f"headline.{of}", language, place=place, value=shown)


def counts(row: pd.Series | None, language: str = "en") -> str:
    """Return the three counts as a sentence; empty where there are none."""
    if row is None or pd.isna(row["n_due"]):
        return ""
    n, answered, due = row["n"], row["n_answered"], row["n_due"]
    if pd.isna(answered) or pd.isna(n):
        return plural("counts.due_only", due, language, n_due=due)
    method = by("indicators.csv", "id").get(row.get("indicator", ""), {}).get("method", "")
    usual = _COUNTS.get(measure(row["unit"], row["series"]), "counts.three")
    key = _COUNTS_OF.get(method, usual)
    # The number of those due decides the words; `n`, which counts, is one of the values.
    return plural(key, due, language, n=n, n_answered=answered, n_due=due)


def basis_note(rows: pd.DataFrame, language: str = "en") -> str:
    """Return what the weakest values rest on, where that is weaker than reported."""
    weakest = Basis.weakest(list(rows["basis"].unique()))
    if weakest in (Basis.REPORTED, Basis.DERIVED):
        return ""
    return text("view.basis", language, basis=text(f"basis.{weakest}", language))


def source_note(rows: pd.DataFrame, sources: pd.DataFrame, language: str = "en") -> str:
    """Return the source line of a figure: publishers and the latest day they speak of."""
    used = {part for value in rows["source"].unique() for part in value.split()}
    # What evalkit itself chose or remembers is no source: the basis line speaks of it.
    listed = sources[sources["source"].isin(used) & (sources["publisher"] != "evalkit")]
    if listed.empty:
        return text("view.no_source", language)
    publishers = list(dict.fromkeys(listed["publisher"]))
    named = "; ".join(html.escape(name) for name in publishers[:3])
    if len(publishers) > 3:
        named = text("view.and_more", language, names=named, count=len(publishers) - 3)
    latest = listed["as_of"].max()
    if pd.isna(latest):
        return text("view.source_undated", language, names=named)
    return text("view.source", language, names=named, day=numbers.day(latest, language))
