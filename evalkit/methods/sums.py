"""Intervals of sums of amounts that each have an interval, by drawing, or added end by end."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
DRAWS, SEED = 10_000, 2013
LEVEL = 0.95  # what part of the draws an interval holds


def drawn_sums(
    kg: Floats,
    low: Floats,
    high: Floats,
    *,
    rank_correlation: float,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Floats:
    """Draw sums of amounts that each have an interval.

    Definition
    ----------
    An amount is taken as a median, and its interval as the central 95 per cent: below the
    median half of a normal distribution that reaches `low` at its 2.5th percentile, above it
    half of one that reaches `high` at the 97.5th; nothing is below zero. Amounts are joined by a
    Gaussian copula in which each two have the rank correlation given: 2 sin(pi r / 6) is the
    correlation of the normal draws.

    Parameters
    ----------
    kg, low, high : array of float
        One for each amount, low <= kg <= high.
    rank_correlation : float
        Spearman's, 0 (independent) to 1 (all move together).
    draws, seed : int
        How many, and what they begin from; the same give the same numbers.

    Returns
    -------
    array of float
        One sum for each draw.

    Raises
    ------
    ValueError
        A correlation outside 0 to 1, or an interval that does not hold its amount.

    References
    ----------
    Iman and Conover (1982), Communications in Statistics B 11, on ranks of normal draws.

    Examples
    --------
    >>> one = np.array([100.0])
    >>> sums = drawn_sums(one, one - 50, one + 100, rank_correlation=0)
    >>> len(sums), bool(sums.min() >= 0)
    (10000, True)
    """
    if not 0 <= rank_correlation <= 1:
        raise ValueError(f"a rank correlation is from 0 to 1, not {rank_correlation:g}")
    if not ((low <= kg) & (kg <= high)).all():
        raise ValueError("an interval does not hold its amount: leave that amount out first")
    end = NormalDist().inv_cdf(0.5 + LEVEL / 2)
    chance = np.random.default_rng(seed)
    joint = 2 * np.sin(np.pi * rank_correlation / 6)
    common, own = chance.standard_normal((draws, 1)), chance.standard_normal((draws, len(kg)))
    z = np.sqrt(joint) * common + np.sqrt(max(0.0, 1 - joint)) * own
    spread = np.where(z < 0, (kg - low) / end, (high - kg) / end)
    return np.asarray(np.maximum(kg + z * spread, 0.0).sum(axis=1))


def sum_interval(
    kg: Floats,
    low: Floats,
    high: Floats,
    *,
    rank_correlation: float,
    draws: int = DRAWS,
    seed: int = SEED,
) -> tuple[float, float]:
    """Return the central 95 per cent of a sum of amounts that each have an interval.

    With a rank correlation of 1 the ends are the sums of the ends, and are not drawn.

    Parameters
    ----------
    kg, low, high, rank_correlation, draws, seed
        As in `drawn_sums`.

    Returns
    -------
    tuple of float
        Lower and upper end.

    Raises
    ------
    ValueError
        As in `drawn_sums`.

    Examples
    --------
    >>> kg, low, high = np.array([10.0, 20.0]), np.array([5.0, 10.0]), np.array([20.0, 30.0])
    >>> sum_interval(kg, low, high, rank_correlation=1)
    (15.0, 50.0)
    >>> below, above = sum_interval(kg, low, high, rank_correlation=0)
    >>> 15 < below < 30 < above < 50
    True
    """
    if rank_correlation == 1 or len(kg) == 1:
        return float(low.sum()), float(high.sum())
    sums = drawn_sums(kg, low, high, rank_correlation=rank_correlation, draws=draws, seed=seed)
    ends = np.quantile(sums, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(ends[0]), float(ends[1])
