"""Shares with their three counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def share(n: npt.ArrayLike, n_due: npt.ArrayLike) -> Floats:
    """Divide counts by the counts that were owed.

    Parameters
    ----------
    n, n_due : array-like of numbers
        How many count, and how many owed an answer.

    Returns
    -------
    array of float
        Fractions from 0 to 1; NaN where nothing was owed or a count is missing.

    Raises
    ------
    ValueError
        A count is negative, or more count than owed.

    Missing data
    ------------
    NaN in either count gives NaN.

    Examples
    --------
    >>> share([91, 0, 3], [114, 8, 0]).round(3).tolist()
    [0.798, 0.0, nan]
    """
    part = np.asarray(n, dtype="float64")
    whole = np.asarray(n_due, dtype="float64")
    if (part < 0).any() or (whole < 0).any():
        raise ValueError("counts can't be negative")
    possible = whole > 0
    if (part[possible] > whole[possible]).any():
        raise ValueError("more count than owed an answer")
    out = np.full(np.broadcast(part, whole).shape, np.nan)
    np.divide(part, whole, out=out, where=possible)
    return out


def rounding_interval(percent: float, decimals: int) -> tuple[float, float]:
    """Return the fractions that print as a percentage of so many decimals.

    Parameters
    ----------
    percent : float
        The percentage as published, 0 to 100.
    decimals : int
        Decimals that were printed.

    Returns
    -------
    tuple of float
        Lowest and highest fraction, inside 0 to 1.

    Examples
    --------
    >>> [round(end, 4) for end in rounding_interval(88, 0)]
    [0.875, 0.885]
    """
    half = 0.5 * 10.0**-decimals
    return max(0.0, percent - half) / 100, min(100.0, percent + half) / 100
