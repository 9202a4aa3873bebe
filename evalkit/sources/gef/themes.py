"""Which projects concern mercury, and what for: declared rules about titles.

No export has a mark of the Convention. data/reference/project_rules.csv holds the rules,
data/reference/project_overrides.csv the projects where a rule is known to be wrong, with the
reason. What fired stays on the row: `rule` has every relevance rule, `theme_rule` the one
that gave the theme. The sums that follow are those of the rules, not the Convention's own list.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import pandas as pd

from evalkit.reference.rows import rows

UNCLASSIFIED, CHEMICALS = "unclassified", "chemicals"
OVERRIDE = "override"
TWICE = "names a country twice"


class Rule(NamedTuple):
    """A row of data/reference/project_rules.csv."""

    kind: str
    rule: str
    types: tuple[str, ...]
    pattern: re.Pattern[str]
    gives: str


class Themed(NamedTuple):
    """What the rules say of one project."""

    theme: str
    rule: str
    theme_rule: str
    topics: str
    other_chemicals: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return the declared rules in the order of the file, in which the first of a theme wins."""
    return tuple(
        Rule(
            row["kind"],
            row["rule"],
            tuple(row["types"].split("|")) if row["types"] else (),
            re.compile(row["pattern"]),
            row["gives"],
        )
        for row in rows("project_rules.csv")
    )


def _fired(kind: str, title: str, kind_of_project: str) -> list[Rule]:
    return [
        rule
        for rule in rules()
        if rule.kind == kind
        and (not rule.types or kind_of_project in rule.types)
        and rule.pattern.search(title)
    ]


def classify(title: str, kind_of_project: str) -> Themed:
    """Return what the rules say of a title and a type of project.

    Examples
    --------
    >>> classify("Minamata Initial Assessment in Peru", "enabling_activity").theme
    'initial_assessment'
    >>> classify("Wetlands of Peru", "full_size").theme
    'unclassified'
    """
    relevant = _fired("relevance", title, kind_of_project)
    related = _fired("related", title, kind_of_project)
    if not (relevant or related):
        return Themed(UNCLASSIFIED, "", "", "", "")
    other = "Y" if _fired("other_chemicals", title, kind_of_project) else "N"
    if not relevant:
        one = related[0]
        return Themed(one.gives, one.rule, one.rule, "", other)
    chosen = _fired("theme", title, kind_of_project)[0]
    topics = "|".join(rule.gives for rule in _fired("topic", title, kind_of_project))
    fired = "|".join(rule.rule for rule in relevant)
    return Themed(chosen.gives, fired, chosen.rule, topics, other)


def themed(frame: pd.DataFrame, *, names_a_place_twice: pd.Series) -> pd.DataFrame:
    """Return projects with theme, rule, theme_rule, topics, other_chemicals and note.

    Parameters
    ----------
    frame : DataFrame with columns project, title, type
        Titles cleaned, types as in the table `projects`.
    names_a_place_twice : Series of bool, indexed as `frame`
        Goes into the note of a project that concerns mercury.
    """
    # Titles repeat; each is judged once, by its number among the different ones.
    number, titles = pd.factorize(frame["title"])
    kind, kinds = pd.factorize(frame["type"])
    pair, pairs = pd.factorize(number * max(len(kinds), 1) + kind)
    said = [classify(titles[one // len(kinds)], kinds[one % len(kinds)]) for one in pairs]
    unique = pd.DataFrame(said, columns=list(Themed._fields), dtype="str")
    unique["note"] = pd.Series(
        [
            note(titles[one // len(kinds)], kinds[one % len(kinds)], told)
            for one, told in zip(pairs, said, strict=True)
        ],
        unique.index,
        "str",
    )
    columns = unique.take(pair).set_axis(frame.index, axis="index")
    out = pd.concat([frame, columns], axis=1)
    twice = names_a_place_twice & (out["theme"] != UNCLASSIFIED)
    apart = out.loc[twice, "note"].map(lambda told: "; " if told else "").astype("str")
    out.loc[twice, "note"] = out.loc[twice, "note"] + apart + TWICE
    return _overridden(out)


def note(title: str, kind_of_project: str, told: Themed) -> str:
    """Return what a reader must know about one project that the rules chose."""
    if told.theme == UNCLASSIFIED:
        return ""
    doubtful = "the title rule is doubtful: it names gold mining, not mercury"
    parts = (
        doubtful if told.rule == "gold-mining-only" else "",
        "a programme: its child projects are rows too" if kind_of_project == "programme" else "",
        "an advanced assessment by its title" if "advanced" in title.lower() else "",
    )
    return "; ".join(part for part in parts if part)


def _overridden(out: pd.DataFrame) -> pd.DataFrame:
    """Set declared exceptions, wherever the project is among the rows."""
    for row in rows("project_overrides.csv"):
        mine = out["project"] == row["project"]
        out.loc[mine, row["field"]] = row["value"]
        if row["field"] == "theme":
            out.loc[mine, "theme_rule"] = OVERRIDE
    return out
