"""Shares with their three counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Z95 = 1.959963984540054  # of the normal distribution, 97.5 %


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


def wilson(n: npt.ArrayLike, n_answered: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the 95 % Wilson interval of a share of those that answered.

    It takes those that answered for a random sample of all, which they are not: read it as
    how far chance alone would reach, beside the bounds over the silent.

    Parameters
    ----------
    n, n_answered : array-like of numbers
        How many count, and how many answered.

    Returns
    -------
    tuple of arrays
        Lower and upper end, inside 0 to 1; NaN where nobody answered.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> [round(float(end), 4) for end in wilson(56, 113)]
    [0.4051, 0.5864]
    """
    part = np.asarray(n, dtype="float64")
    whole = np.where(np.asarray(n_answered) > 0, n_answered, np.nan).astype("float64")
    p = part / whole
    scale = 1 + Z95**2 / whole
    middle = (p + Z95**2 / (2 * whole)) / scale
    half = Z95 / scale * np.sqrt(p * (1 - p) / whole + (Z95 / (2 * whole)) ** 2)
    low = np.where(part == 0, 0.0, np.minimum(middle - half, p))
    high = np.where(part == whole, 1.0, np.maximum(middle + half, p))
    return np.where(np.isnan(p), np.nan, low), np.where(np.isnan(p), np.nan, high)


def bounds(
    n: npt.ArrayLike, n_answered: npt.ArrayLike, n_due: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """Return the shares of those that owed an answer, had all silent ones said no, and yes.

    Examples
    --------
    >>> low, high = bounds(56, 113, 123)
    >>> low == 56 / 123, high == 66 / 123
    (np.True_, np.True_)
    """
    silent = np.asarray(n_due, dtype="float64") - np.asarray(n_answered, dtype="float64")
    return share(n, n_due), share(np.asarray(n, dtype="float64") + silent, n_due)


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
