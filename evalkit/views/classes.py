"""Classes of a map: a few ranges of values, and one class for each status without value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from evalkit.model import Status
from evalkit.reference.texts import text
from evalkit.views import numbers, theme

MOST = 6  # ranges of values on one map
_STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Class:
    """One class of a map: what its legend says, its colour and its pattern.

    A range of values is told by how dark it is; every other class has a pattern as well.
    """

    label: str
    colour: str
    above: float = math.nan  # values greater than this ...
    upto: float = math.nan  # ... up to and with this
    status: Status | None = None
    mark: str = ""  # a pattern of its own, a key of `evalkit.views.map_patterns.MARKS`

    @property
    def pattern(self) -> str:
        """The pattern that it is drawn with; empty for a plain colour."""
        own = theme.MAP_PATTERNS.get(self.status, "") if self.status else ""
        return self.mark or own

    def holds(self, value: float, status: str) -> bool:
        """Tell whether a result falls into this class."""
        if self.status is not None:
            return status == self.status
        return status == Status.OK and self.above < value <= self.upto


def classes(rows: pd.DataFrame, indicator: str, unit: str, language: str) -> list[Class]:
    """Return the classes that a map of these results needs, values first.

    Parameters
    ----------
    rows : DataFrame
        Results of single States.
    indicator : str
        Local id; names the class of those that count.
    unit : str
        Unit of the values.
    language : str
        Language of the labels.

    Returns
    -------
    list of Class
        Every row falls into exactly one of them.
    """
    values = rows.loc[rows["status"] == Status.OK, "value"]
    found = _of_values(values, indicator, unit, language)
    present = set(rows["status"]) - {str(Status.OK)}
    found += [
        Class(text(f"status.{status}", language), theme.STATUS_COLOURS[status], status=status)
        for status in Status
        if status in present
    ]
    return found


def _of_values(values: pd.Series, indicator: str, unit: str, language: str) -> list[Class]:
    if values.empty:
        return []
    if unit in ("Parties", "share") and set(values.unique()) <= {0.0, 1.0}:
        yes = Class(text(f"indicator.{indicator}.yes", language), theme.YES, 0.5, 1.0)
        return [yes, _zero(language)] if 0.0 in values.to_numpy() else [yes]
    zero = [_zero(language)]
    positive = values[values > 0]
    ranges = _ranges(positive, unit, language) if len(positive) else []
    return (zero if (values == 0).any() else []) + ranges


def _zero(language: str) -> Class:
    label = text("number.zero", language)
    return Class(label, theme.ZERO, -math.inf, 0.0, mark=theme.ZERO_PATTERN)


def _ranges(values: pd.Series, unit: str, language: str) -> list[Class]:
    _, *rest = breaks(float(values.min()), float(values.max()))
    pairs = list(pairwise([0.0, *rest]))
    colours = theme.steps(len(pairs))
    return [
        Class(numbers.span(low, high, unit, language), colour, low, high)
        for (low, high), colour in zip(pairs, colours, strict=True)
    ]


def breaks(lowest: float, highest: float) -> list[float]:
    """Return round limits that span positive values, at most `MOST` ranges.

    The limits are 1, 2 or 5 times powers of ten; over a wide span only powers of ten, so
    that each range is a step a reader can name.

    Examples
    --------
    >>> breaks(0.3e6, 60e6)
    [100000.0, 1000000.0, 10000000.0, 100000000.0]
    >>> breaks(3, 18)
    [2.0, 5.0, 10.0, 20.0]
    """
    # A power more at either end: the logarithm of a number just over a power rounds down.
    powers = range(math.floor(math.log10(lowest)) - 1, math.ceil(math.log10(highest)) + 2)
    chosen = _span([step * 10.0**power for power in powers for step in _STEPS], lowest, highest)
    if len(chosen) - 1 > MOST:
        chosen = _span([10.0**power for power in powers], lowest, highest)
    return chosen if len(chosen) - 1 <= MOST else [chosen[0], *chosen[-MOST:]]


def _span(limits: list[float], lowest: float, highest: float) -> list[float]:
    below = max((limit for limit in limits if limit < lowest), default=limits[0])
    above = min((limit for limit in limits if limit >= highest), default=limits[-1])
    return [limit for limit in limits if below <= limit <= above]
