"""Simulated national reports as tidy tables, with the list of what is planted in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit import tables as tidy
from evalkit.errors import EvalkitError, Reason
from evalkit.indicators.membership import COUNTED, owed_by
from evalkit.methods.codes import has_code
from evalkit.model import Basis
from evalkit.reference import paths
from evalkit.reference.consistency import Relation, rules
from evalkit.simulate.cube import Bools, Cube, Question
from evalkit.simulate.drawing import draw
from evalkit.simulate.planting import Planter
from evalkit.sources.check import read

SOURCE = "simulated"
SILENT, LATE = 0.12, 0.15  # share of reports owed that never come; of those that come, late
DAYS_EARLY, DAYS_LATE = 120, 150  # at most
UNITS = {"t": "kg"}  # mass is kg whatever the form asks for


@dataclass(frozen=True)
class Simulated:
    """Invented reports.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Tidy tables: answers, submissions, registrations, sources.
    truth : DataFrame
        Every planted case: kind (silent, late, unanswered, within, register, earlier, outlier,
        unit), rule, party, cycle, question. The question is blank where a report is meant.
    """

    tables: dict[str, pd.DataFrame]
    truth: pd.DataFrame


def simulate(
    seed: int,
    cycles: int | pd.DataFrame,
    *,
    parties: pd.DataFrame | None = None,
    questions: pd.DataFrame | None = None,
) -> Simulated:
    """Invent national reports: answers, days of receipt, entries of registers.

    Parameters
    ----------
    seed : int
        The same seed gives the same reports.
    cycles : int or DataFrame
        How many of the project's reporting cycles, from the first; or a tidy table `cycles`.
    parties, questions : DataFrame, optional
        Tidy tables; the project's own when left out.

    Returns
    -------
    Simulated
        The basis of every row is ``simulated``. Answers contradict nothing but where the
        truth says so.

    Raises
    ------
    EvalkitError
        There are fewer cycles than asked for.

    Examples
    --------
    >>> made = simulate(seed=1, cycles=1)
    >>> set(made.tables["answers"]["basis"])
    {'simulated'}
    """
    rng = np.random.default_rng(seed)
    chosen = cycles if isinstance(cycles, pd.DataFrame) else _first_cycles(cycles)
    listed = _own("parties.csv", "parties") if parties is None else parties
    asked = _own_questions() if questions is None else questions
    owed, cube = _reports(listed, chosen, asked, rng)
    late = cube.reported & (rng.random(cube.shape) < LATE)
    received = _received(cube, late, rng)
    draw(cube, rng)
    planter = Planter(cube, _entries(cube), rng)
    planter.record("silent", "silent", "", owed & ~cube.reported)
    planter.record("late", "late", "", late)
    planter.contradictions()
    planter.amounts()
    planter.unanswered()
    made = {
        "answers": _answers(cube),
        "submissions": _table(cube, cube.reported, submitted_on=received),
        "registrations": _registrations(planter),
        "sources": _sources(seed, len(chosen)),
    }
    return Simulated({name: _tidy(name, f) for name, f in made.items()}, planter.listed())


def _own(file: str, table: str) -> pd.DataFrame:
    return read(paths.reference(file), shown=f"data/reference/{file}").tables[table]


def _own_questions() -> pd.DataFrame:
    versions = sorted(path.name for path in paths.reference("questions").glob("mc-*.csv"))
    parts = [_own(f"questions/{name}", "questions") for name in versions]
    return pd.concat(parts, ignore_index=True)


def _first_cycles(count: int) -> pd.DataFrame:
    own = _own("cycles.csv", "cycles")
    if not 1 <= count <= len(own):
        raise EvalkitError(
            f"{count} cycles can't be simulated: there are {len(own)}.",
            reason=Reason.UNKNOWN_PARAMETER,
            where="data/reference/cycles.csv",
            remedy=f"Ask for 1 to {len(own)} cycles.",
        )
    return own.head(count)


def _reports(
    parties: pd.DataFrame, cycles: pd.DataFrame, questions: pd.DataFrame, rng: np.random.Generator
) -> tuple[Bools, Cube]:
    """Return who owed which report, and the cube of those who sent one, without answers."""
    listed = {"parties": parties, "completeness": tidy.empty("completeness")}
    days = cycles["membership_on"]
    owed = np.column_stack(
        [owed_by(listed, day).frame["standing"].to_numpy() == COUNTED for day in days]
    )
    reported = owed & (rng.random(owed.shape) >= SILENT)
    form = questions.sort_values(["version", "position"], kind="stable")
    versions = cycles["format_version"].to_numpy()
    short = cycles["kind"].to_numpy() == "short"
    asked = {
        str(name): np.isin(versions, rows["version"])
        & ~(short & np.isin(versions, rows.loc[rows["in_short"] != "yes", "version"]))
        for name, rows in form.groupby("question", sort=False)
    }
    first = form.drop_duplicates("question")
    known = {row.question: _question(row) for row in first.itertuples()}
    iso3 = parties["iso3"].to_numpy(dtype="object")
    return owed, Cube(iso3, cycles.reset_index(drop=True), known, asked, reported)


def _question(row: object) -> Question:
    told = {name: str(getattr(row, name)) for name in ("question", "answer_type", "unit")}
    codes = tuple(str(getattr(row, "choices", "")).split("|"))
    voluntary = getattr(row, "supplemental", "") == "Y"
    unit = UNITS.get(told["unit"], told["unit"])
    return Question(told["question"], told["answer_type"], codes, unit, voluntary)


def _received(cube: Cube, late: Bools, rng: np.random.Generator) -> np.ndarray:
    due = cube.cycles["due_on"].to_numpy().astype("datetime64[D]")
    early = due - rng.integers(0, DAYS_EARLY, cube.shape)
    after = due + rng.integers(1, DAYS_LATE, cube.shape)
    return np.where(late, after, early)


def _entries(cube: Cube) -> dict[tuple[str, str], np.datetime64]:
    """Return the entries of registers that the answers speak of, by register and Party."""
    ends = cube.cycles["period_end"].to_numpy().astype("datetime64[D]")
    found = {}
    for rule in rules():
        if rule.relation is Relation.REGISTERED and cube.knows(rule):
            said = has_code(cube.answer[rule.left], rule.left_is)
            for party in np.flatnonzero(said.any(axis=1)):
                found[rule.right, str(cube.parties[party])] = ends[said[party]].min()
    return found


def _table(cube: Cube, where: Bools, **columns: np.ndarray) -> pd.DataFrame:
    party, cycle = np.nonzero(where)
    made = {"party": cube.parties[party], "cycle": cube.cycles["cycle"].to_numpy()[cycle]}
    return pd.DataFrame(made | {name: cells[where] for name, cells in columns.items()})


def _answers(cube: Cube) -> pd.DataFrame:
    versions = np.broadcast_to(cube.cycles["format_version"].to_numpy(), cube.shape)
    parts = []
    for one in cube.questions.values():
        if one.type != "heading":
            columns = {
                "answer": cube.answer[one.id],
                "value": cube.value[one.id],
                "text": cube.text[one.id],
            }
            rows = _table(cube, cube.answered(one.id), format_version=versions, **columns)
            unit = np.where(rows["value"].notna(), one.unit, "")
            parts.append(rows.assign(question=one.id, unit=unit))
    return pd.concat(parts, ignore_index=True)


def _registrations(planter: Planter) -> pd.DataFrame:
    entries = sorted(planter.registered.items())
    frame = pd.DataFrame(
        {
            "register": [register for (register, _), _ in entries],
            "party": [party for (_, party), _ in entries],
            "dated_on": np.array([day for _, day in entries], dtype="datetime64[s]"),
        }
    )
    return frame.assign(topic="Simulated entry")


def _sources(seed: int, cycles: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": [SOURCE],
            "publisher": ["SIMULATED by evalkit"],
            "title": ["Simulated national reports: invented answers, no Party gave them"],
            "note": [f"seed {seed}, {cycles} cycles"],
        }
    )


def _tidy(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    common = {} if name == "sources" else {"basis": str(Basis.SIMULATED), "origin": ""}
    made = tidy.tidy(name, frame.assign(**{"source": SOURCE} | common))
    if common:
        lines = (made.index + 2).astype("str")
        made["origin"] = (f"{file_name(name)}:" + lines).astype("str")
    return tidy.check(name, made)


def file_name(table: str) -> str:
    """Return the name of the file of a simulated table."""
    return f"{table}-simulated.csv"
