"""From a share or a sum of answers back to the rows of tables behind it."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.answered import Answered, form_rows
from evalkit.indicators.owed import Owed
from evalkit.indicators.prepared import Prepared
from evalkit.indicators.result import memberships, with_table


def answers_behind(
    tables: Prepared, who: Owed, found: Answered, series: str, entity: str, period: str
) -> pd.DataFrame:
    """Return the rows behind a value: answers, reports, Parties, cycles and questions.

    A change has the rows of both cycles.
    """
    cycles = _cycles(who, series, period)
    inside = memberships(tables["parties"])
    members = set(inside.loc[inside["entity"] == entity, "iso3"]) | {entity}
    frame = who.frame
    mine = frame[frame["cycle"].isin(cycles) & frame["iso3"].isin(members) & frame["counted"]]
    reports = tables["submissions"]
    key = pd.MultiIndex.from_frame(mine.loc[mine["received"], ["iso3", "cycle"]])
    reports = reports[pd.MultiIndex.from_frame(reports[["party", "cycle"]]).isin(key)]
    answers = tables["answers"].iloc[found.rows]
    answers = answers[pd.MultiIndex.from_frame(answers[["party", "cycle"]]).isin(key)]
    parties = tables["parties"]
    named = tables["cycles"]
    parts = [
        *_forms(tables, found, set(mine["version"])),
        with_table("answers", answers),
        with_table("submissions", reports),
        with_table("cycles", named[named["cycle"].isin(cycles)]),
        with_table("parties", parties[parties["iso3"].isin(mine["iso3"])]),
    ]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled or parts[:1], ignore_index=True)


def _cycles(who: Owed, series: str, period: str) -> list[str]:
    if not series.startswith("change"):
        return [period]
    kind = who.cycles.set_index("cycle")["kind"]
    same = list(kind.index[kind == kind.get(period)])
    place = same.index(period) if period in same else 0
    return same[max(place - 1, 0) : place + 1]


def _forms(tables: Prepared, found: Answered, versions: set[str]) -> list[pd.DataFrame]:
    """Return the rows of `questions` and `question_map` of the forms that were used."""
    parts = []
    for version, ids in sorted(found.asked.items()):
        if version not in versions and "" not in versions:
            continue
        rows = form_rows(tables, version, ids)
        for name, column in (("questions", "question"), ("question_map", "from_question")):
            if column in rows:
                mine = rows[rows[column].notna()]
                columns = list(tables[name].columns)
                parts.append(with_table(name, mine[columns]))
    return parts
