"""What an answer counts as, and several answers taken together.

A state is one of four: the Party said nothing that tells (`SILENT`), its answer counts
(`YES`) or does not (`NO`), or the question does not concern it (`EXEMPT`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

States = npt.NDArray[np.int8]

SILENT, NO, YES, EXEMPT = np.int8(0), np.int8(1), np.int8(2), np.int8(3)
GIVEN = "given"  # as a code: whatever was answered counts
RULES = ("any", "all")


def classify(
    answer: str,
    codes: Collection[str],
    *,
    exempt: Collection[str] = (),
    unknown: Collection[str] = (),
    choices: Collection[str] = (),
) -> np.int8:
    """Tell what one answer counts as.

    Parameters
    ----------
    answer : str
        Codes separated by bars; blank when nothing was answered.
    codes : collection of str
        Those that count; `GIVEN` counts whatever was answered.
    exempt, unknown : collection of str
        Codes that say "does not concern us", and "we do not know".
    choices : collection of str
        The codes that the question offers; none when it is open.

    Returns
    -------
    int8
        SILENT also for a code that the question does not offer: it is no answer to it.

    Examples
    --------
    >>> [int(classify(one, {"yes"}, exempt={"none"})) for one in ("yes", "no", "none", "")]
    [2, 1, 3, 0]
    """
    given = {part for part in answer.split("|") if part}
    if not given or (choices and not given <= set(choices)):
        return SILENT
    if given & set(codes) or GIVEN in codes:
        return YES
    if given & set(exempt):
        return EXEMPT
    return SILENT if given & set(unknown) else NO


def combine(states: Sequence[States], rule: str) -> States:
    """Take several questions together, as one that is answered when the others decide it.

    Parameters
    ----------
    states : sequence of arrays
        One array for each question, all of the same length.
    rule : str
        "any": one that counts is enough; "all": every one that concerns the Party must.

    Returns
    -------
    array of int8
        EXEMPT where no question concerns the Party; SILENT where what was left blank decides.

    Raises
    ------
    ValueError
        There is no such rule.

    Examples
    --------
    >>> first, second = np.array([2, 1, 3, 2], "int8"), np.array([1, 0, 3, 0], "int8")
    >>> combine([first, second], "any").tolist(), combine([first, second], "all").tolist()
    ([2, 0, 3, 2], [1, 1, 3, 0])
    """
    if rule not in RULES:
        raise ValueError(f"{rule!r} is no rule; choose one of: {', '.join(RULES)}")
    stacked = np.stack(states)
    decides, else_ = (YES, NO) if rule == "any" else (NO, YES)
    out = np.full(stacked.shape[1], else_, dtype="int8")
    out[(stacked == SILENT).any(axis=0)] = SILENT
    out[(stacked == decides).any(axis=0)] = decides
    out[(stacked == EXEMPT).all(axis=0)] = EXEMPT
    return out
