"""How much of the way from a baseline to a target is done."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def progress(base: npt.ArrayLike, now: npt.ArrayLike, target: npt.ArrayLike) -> Floats:
    """Return the part of the distance from the baseline to the target that is covered.

    (base - now) / (base - target): the same in any unit, and defined for a target of zero.

    Parameters
    ----------
    base, now : array-like of float
        The quantity then and now, in one unit.
    target : float or array-like
        What is to be reached, in the same unit.

    Returns
    -------
    array of float
        0 at the baseline, 1 at the target, more when it is passed, negative when moving
        away. Where the baseline is at the target already there is no way to go: NaN.

    Missing data
    ------------
    NaN in either gives NaN; no other year stands in for a missing baseline.

    Examples
    --------
    >>> progress([10, 10, 10, 0, float("nan")], [4, 0, 12, 0, 3], 0).tolist()
    [0.6, 1.0, -0.2, nan, nan]
    """
    first = np.asarray(base, dtype="float64")
    way = first - np.asarray(target, dtype="float64")
    out = np.full(np.broadcast(first, now).shape, np.nan)
    np.divide(first - np.asarray(now, dtype="float64"), way, out=out, where=way != 0)
    return out


def elapsed(start: float, now: float, end: float) -> float:
    """Return the part of the time from start to end that has passed, inside 0 to 1.

    Raises
    ------
    ValueError
        The end is not after the start.

    Examples
    --------
    >>> elapsed(2020, 2023, 2032)
    0.25
    """
    if not end > start:
        raise ValueError("the end has to be after the start")
    return min(1.0, max(0.0, (now - start) / (end - start)))
