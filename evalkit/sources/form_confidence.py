"""How sure a reading of a form is: one factor for each doubt, multiplied.

A reading without doubt has the confidence 1. The factors are set by rule and not measured;
they order readings for the person who confirms them. docs/how-to/read-word-and-pdf-forms.md
prints this table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

# Name of the doubt: its factor, and what the review sheet says.
DOUBTS: dict[str, tuple[float, str]] = {
    # which question it is
    "number_alone": (0.7, "the number stands, the wording is not that of the question"),
    "wording_alone": (0.85, "the number is missing; found by its wording"),
    "wording_near": (0.6, "the number is missing, and the wording is only near"),
    "wording_unclear": (0.4, "the number is missing, and another question reads almost the same"),
    "twice": (0.3, "the question stands more than once, answered differently"),
    # where the answer stands
    "page_text": (0.95, "text of a page has no cells: where the answer ends is inferred"),
    "beneath": (0.9, "the answer stands beneath the question"),
    "tracked": (0.7, "the answer holds a tracked change that nobody has accepted"),
    "struck_text": (0.8, "a part of the answer is struck out, and left out"),
    # how a choice is marked
    "typed_box": (0.95, "the box is typed, as [x] or (X)"),
    "word": (0.95, "a word and no box"),
    "word_and_text": (0.8, "a word at the beginning of a text"),
    "struck": (0.8, "the other choices are struck out"),
    "bold": (0.75, "the choice is told by bold type alone"),
    "label_near": (0.7, "the words beside the box are only near those of a choice"),
    "contradiction": (0.2, "more than one choice is marked where one may be"),
    "unmarked": (0.5, "there is text, and no choice is marked"),
    "no_choice": (0.2, "the text holds none of the choices"),
    # numbers and days
    "unit_supposed": (0.95, "no unit is written; that of the form is supposed"),
    "other_unit": (0.85, "another unit than the form asks for"),
    "number_and_text": (0.8, "a number within a text"),
    "separator": (0.5, "the separator may stand for thousands or for decimals"),
    "several_numbers": (0.2, "several numbers, a range or an approximation"),
    "no_number": (0.2, "the text holds no number that can be taken"),
    "day_in_words": (0.9, "the day is not written as 2025-06-30"),
    "day_order": (0.4, "day and month may be the other way round"),
    "no_day": (0.2, "the text holds no day that can be taken"),
    "cut": (0.3, "the text is longer than a cell of a workbook holds, and is cut"),
    "fields_differ": (0.3, "fields of the form contradict each other"),
}


def confidence(doubts: Iterable[str]) -> tuple[float, str]:
    """Return the confidence of a reading and the sentence that says why.

    Parameters
    ----------
    doubts : iterable of str
        Names of `DOUBTS`; one that comes twice counts once.

    Returns
    -------
    confidence : float
        Between 0 and 1, rounded down to two decimals.
    why : str
        The doubts in words, the gravest first; ``no doubt`` without any.

    Examples
    --------
    >>> confidence(["beneath", "word"])
    (0.85, 'the answer stands beneath the question; a word and no box')
    >>> confidence([])
    (1.0, 'no doubt')
    """
    known = sorted(set(doubts), key=lambda name: (DOUBTS[name][0], name))
    product = 1.0
    for name in known:
        product *= DOUBTS[name][0]
    # A hair is added so that 0.7, which no float holds, is not taken down to 0.69.
    return math.floor(product * 100 + 1e-6) / 100, "; ".join(
        DOUBTS[name][1] for name in known
    ) or "no doubt"
