"""Drawing answers that agree with each other: what is planted later is all that contradicts."""

from __future__ import annotations

import numpy as np

from evalkit.methods.codes import has_code
from evalkit.reference.consistency import Relation, conditions, rules
from evalkit.simulate.cube import CLOSED, Bools, Cube, Question, Texts

EARLY, LATE = 0.35, 0.75  # share that says yes, in the first cycle and in the last
LEVELS = (80.0, 400.0)  # typical amounts of Parties lie between them
NOISE = 0.15  # of an amount from cycle to cycle, on the natural logarithm
VOLUNTARY = 0.5  # share that answers a supplemental question
MONTHS_AHEAD = 60


def draw(cube: Cube, rng: np.random.Generator) -> None:
    """Fill a cube with answers to every question, none of which contradicts another.

    Parameters
    ----------
    cube : Cube
        Has Parties, cycles, questions and reports; its answers are filled in place.
    rng : Generator
        Its state decides everything; questions are drawn in the order of the form.
    """
    closing = {one.right for one in rules() if one.relation is Relation.CLOSED_BEFORE}
    for question in cube.questions.values():
        _blank(cube, question.id)
        open_ = cube.due(question.id)
        for rule in conditions(question.id):
            holds = rule.right in cube.answer and has_code(cube.answer[rule.right], rule.right_is)
            open_ = open_ & holds
        if question.supplemental:
            open_ = open_ & (rng.random(cube.shape) < VOLUNTARY)
        if question.id in closing:  # a mine that is told to have closed is planted
            open_ = np.zeros_like(open_)
        fill(cube, question, open_, rng)


def _blank(cube: Cube, question: str) -> None:
    cube.answer[question] = np.full(cube.shape, "", dtype="object")
    cube.value[question] = np.full(cube.shape, np.nan)
    cube.text[question] = np.full(cube.shape, "", dtype="object")


def fill(cube: Cube, question: Question, open_: Bools, rng: np.random.Generator) -> None:
    """Answer one question where `open_` says so, as its type asks."""
    if question.type in CLOSED:
        several = question.type == "multi_choice"
        drawn = _several(cube, question, rng) if several else _one(cube, question, rng)
        cube.answer[question.id][open_] = drawn[open_]
    elif question.type == "number":
        cube.value[question.id][open_] = _amounts(cube, question, rng)[open_]
    elif question.type in ("date", "month"):
        cube.answer[question.id][open_] = _dates(cube, question, rng)[open_]
    elif question.type in ("text", "file"):
        cube.text[question.id][open_] = f"Simulated {question.type}."


def _one(cube: Cube, question: Question, rng: np.random.Generator) -> Texts:
    """Draw one code: the first for more Parties in each cycle, and none of them goes back."""
    parties, cycles = cube.shape
    fixed = any(o.left == question.id and o.relation is Relation.UNCHANGED for o in rules())
    share = np.full(cycles, EARLY) if fixed else np.linspace(EARLY, LATE, cycles)
    first = rng.random(parties)[:, None] < share
    codes = np.array(question.codes, dtype="object")
    other = codes[rng.integers(1, max(2, len(codes)), parties) % len(codes)]
    return np.where(first, codes[0], other[:, None])


def _several(cube: Cube, question: Question, rng: np.random.Generator) -> Texts:
    exclusive = exclusive_codes(question.id)
    free = [code for code in question.codes if code not in exclusive]
    chosen = rng.random((len(cube.parties), len(free))) < 0.4
    told = ["|".join(np.array(free, dtype="object")[row]) for row in chosen]
    without = exclusive[-1] if exclusive else question.codes[0]
    drawn = np.array([cell or without for cell in told], dtype="object")
    return np.repeat(drawn[:, None], len(cube.cycles), axis=1)


def exclusive_codes(question: str) -> tuple[str, ...]:
    """Return the codes of a question that stand alone."""
    alone = (o for o in rules() if o.left == question and o.relation is Relation.ALONE)
    return next((rule.left_is for rule in alone), ())


def _amounts(cube: Cube, question: Question, rng: np.random.Generator) -> np.ndarray:
    low, high = np.log(LEVELS)
    level = rng.uniform(low, high, len(cube.parties))[:, None]
    drawn = np.exp(level + rng.uniform(-NOISE, NOISE, cube.shape))
    return np.round(drawn, 0 if question.unit == "count" else 1)


def _dates(cube: Cube, question: Question, rng: np.random.Generator) -> Texts:
    ends = cube.cycles["period_end"].to_numpy().astype("datetime64[M]")
    if question.type == "month":
        months = ends + rng.integers(1, MONTHS_AHEAD, cube.shape).astype("timedelta64[M]")
        return months.astype("str").astype("object")
    days = ends.astype("datetime64[D]") - rng.integers(0, 365, cube.shape)
    return days.astype("str").astype("object")
