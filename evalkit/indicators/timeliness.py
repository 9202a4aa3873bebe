"""Reports on time, and reports that answer what the form asks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.indicators.answer_index import answer_index
from evalkit.indicators.answer_results import Counts, cells, group_ground, group_rows, party_rows
from evalkit.indicators.answer_trace import answers_behind
from evalkit.indicators.answered import Answered, form_rows
from evalkit.indicators.asked import given_mark
from evalkit.indicators.evidence import Evidence
from evalkit.indicators.form import first_version, question_rows, read_in
from evalkit.indicators.owed import Ints, Owed, owed
from evalkit.indicators.periods import loaded_cycles
from evalkit.indicators.prepared import Prepared, prepared
from evalkit.indicators.result import Result, Tables, finish, not_loaded
from evalkit.methods.answers import NO, SILENT, YES
from evalkit.methods.shares import share
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import groups
from evalkit.results import ITEMS

CHOSEN = ("yes_no", "choice", "multi_choice")


def timeliness(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of Parties due whose national report was received by its deadline, by cycle.

    Definition
    ----------
    Reports received on or before the deadline, divided by the Parties that owed the report.
    A Party is 1 when its report came in time and 0 when it came later. Series as of a share of
    answers: blank, of the Parties due; answered, of those that reported by the day.

    Missing data
    ------------
    Where the list of reports is not whole, a Party that is not in it is not_loaded and may have
    been in time, which the upper bound says. Before the deadline everything is not_due.

    References
    ----------
    Minamata Convention on Mercury, article 21, paragraph 2.
    """
    ready = prepared(tables)
    everyone = ready["parties"]
    if everyone.empty or ready["cycles"].empty or ready["submissions"].empty:
        why = "no list of reports received, with the day of each, is loaded"
        return not_loaded(indicator, as_of, why, parties=everyone)
    who = owed(ready, as_of)
    if who.frame.empty:
        why = "no report was owed by the day"
        return not_loaded(indicator, as_of, why, parties=everyone, status=Status.NOT_DUE)
    due = who.frame["cycle"].map(who.cycles.set_index("cycle")["due_on"])
    sent = ready["submissions"].rename(columns={"party": "iso3"})
    sent = who.frame[["cycle", "iso3"]].merge(
        sent[["cycle", "iso3", "submitted_on"]], on=["cycle", "iso3"], how="left"
    )
    in_time = (sent["submitted_on"].to_numpy() <= due.to_numpy()).astype("bool")
    received = (who.frame["received"] & who.frame["is_due"]).to_numpy()
    state = np.where(received, np.where(in_time, YES, NO), SILENT).astype("int8")
    found = Answered(state, who.evidence, np.empty(0, dtype="int64"), {})
    listed = who.cycles["cycle"].isin(ready["submissions"]["cycle"]).to_numpy()
    every = np.ones(len(who.cycles), dtype="bool")
    counts = Counts.of(who, state, every, listed)
    rows = [party_rows(who, found, every), *group_rows(who, found, counts)]
    frame = pd.concat(rows, ignore_index=True)

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        return answers_behind(ready, who, found, series, entity, period)

    steps = (
        Step(
            "Take the reports received by the day", len(ready["submissions"]), int(received.sum())
        ),
        Step("Count those received by the deadline", int(received.sum()), int(in_time.sum())),
    )
    return Result(indicator, finish(indicator, as_of, frame), steps, trace)


def report_completeness(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of Parties due whose national report answers every question put to all, by cycle.

    Definition
    ----------
    A question is put to all when it has a choice of answers, is not voluntary, stands for
    itself and not below another, and is not among `conditional`; in a short report, when the
    form marks it so. Series: blank, reports that answer every such question, of the Parties
    due; answered, of the reports loaded; items, the share of such questions that are
    answered, of a Party's report or of all loaded reports of a group together.

    Missing data
    ------------
    A report whose answers are not loaded is not_loaded, and counts as silent in the bounds.

    References
    ----------
    Minamata Convention on Mercury, article 21; decision MC-3/13.
    """
    ready = prepared(tables)
    everyone = ready["parties"]
    if everyone.empty or ready["cycles"].empty or ready["answers"].empty:
        why = "no answers of national reports are loaded"
        return not_loaded(indicator, as_of, why, parties=everyone)
    who = owed(ready, as_of)
    asked, answered, rows, ids = _items(ready, who, indicator)
    if not asked.any():
        why = "no report whose questions are known was owed by the day"
        return not_loaded(indicator, as_of, why, parties=everyone, status=Status.NOT_DUE)
    has = (who.frame["received"] & who.frame["loaded"]).to_numpy() & (asked > 0)
    whole = np.where(answered == asked, YES, NO)
    state = np.where(has, whole, SILENT).astype("int8")
    found = Answered(state, _ground(ready, who, ids), rows, ids)
    asks = asked.reshape(len(who.cycles), -1).max(axis=1) > 0
    counts = Counts.of(who, state, asks, loaded_cycles(ready, who))
    parts = [party_rows(who, found, asks), *group_rows(who, found, counts)]
    parts += _item_rows(who, found, asked, answered, counts)
    frame = pd.concat(parts, ignore_index=True)

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        return answers_behind(ready, who, found, series, entity, period)

    steps = (
        Step("Take the questions put to every Party", len(ready["questions"]), int(asked.max())),
        Step("Count those answered in reports received", int(asked[has].sum()), len(rows)),
    )
    return Result(indicator, finish(indicator, as_of, frame), steps, trace)


def _put_to_all(tables: Prepared, version: str, conditional: set[str]) -> pd.DataFrame:
    """Return the questions of a version of the form that every Party is asked."""
    form, base = question_rows(tables, version), first_version(tables)
    readings = [read_in(tables, one, base, version) for one in sorted(conditional)]
    conditional = {one for reading in readings for one in reading.questions}
    parents = form[form["answer_type"] == "heading"].index
    own = (form["parent"] == "") | form["parent"].isin(parents)
    chosen = form["answer_type"].isin(CHOSEN) & (form["supplemental"] != "Y")
    return form[own & chosen & ~form.index.isin(conditional)]


def _items(
    tables: Prepared, who: Owed, indicator: Indicator
) -> tuple[Ints, Ints, Ints, dict[str, tuple[str, ...]]]:
    """Return for each report how many questions were put and answered, and where they stand."""
    conditional = set(indicator.arguments.get("conditional", "").split("+"))
    index, mark = answer_index(tables), given_mark(tables)
    place_of = who.places(index.reports)
    short = who.frame["cycle"].map(who.cycles.set_index("cycle")["kind"] == "short").to_numpy()
    short = short.astype("bool")
    asked = np.zeros(len(who.frame), dtype="int64")
    answered, rows, ids = asked.copy(), [], {}
    for version in who.frame["version"].unique():
        form = _put_to_all(tables, version or first_version(tables), conditional)
        here = (who.frame["version"] == version).to_numpy()
        ids[str(version)] = tuple(form.index)
        for question, in_short in zip(form.index, form["in_short"], strict=True):
            put = here & (~short | (in_short == "yes"))
            asked += put
            taken = index.of(str(version), str(question))
            place = place_of[index.report_of[taken]]
            taken, place = taken[place >= 0], place[place >= 0]
            given = (mark(taken, frozenset()) == YES) & put[place]
            answered[place[given]] += 1
            rows.append(taken[given])
    found = np.unique(np.concatenate(rows)) if rows else np.empty(0, dtype="int64")
    return asked, answered, found, ids


def _ground(tables: Prepared, who: Owed, ids: dict[str, tuple[str, ...]]) -> Evidence:
    """Return what a report's completeness rests on: the report, its answers, the questions."""
    forms = [form_rows(tables, version or first_version(tables), ids[version]) for version in ids]
    form = pd.concat(forms)[["basis", "source"]]
    one = np.zeros(len(form), dtype="int64")
    common = Evidence.of(form).grouped(one, np.arange(len(form)), 1)
    size = len(who.frame)
    every = Evidence(np.full(size, common.codes[0]), common.pool)
    answers = tables["answers"]
    pairs = answers[["party", "cycle", "basis", "source"]].drop_duplicates()
    place = who.places(pairs)
    own = Evidence.of(pairs[place >= 0]).at(size, place[place >= 0])
    return who.evidence.plus(own).plus(every)


def _item_rows(
    who: Owed,
    found: Answered,
    asked: npt.NDArray[np.int64],
    answered: npt.NDArray[np.int64],
    counts: Counts,
) -> list[pd.DataFrame]:
    has = found.state != SILENT
    counted = who.frame["counted"].to_numpy()
    rows = party_rows(who, found, counts.shown[:: len(groups())])
    value = np.where(asked > 0, answered / np.maximum(asked, 1), np.nan)
    each = rows.assign(
        series=ITEMS, value=np.where(rows["status"] == Status.OK, value[rows.index], np.nan)
    )
    put = who.total(np.where(has & counted, asked, 0).astype("float64"))
    given = who.total(np.where(has & counted, answered, 0).astype("float64"))
    told = counts.open & (put > 0)
    of_groups = cells(
        who,
        ITEMS,
        group_ground(who, found.evidence, counted),
        value=np.where(told, share(given, put), np.nan),
        status=np.where(told, str(Status.OK), counts.status),
    )
    return [each, of_groups[counts.shown]]
