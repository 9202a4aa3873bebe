"""Amounts that look wrong: far from all others, or a thousand times the one before."""

from __future__ import annotations

import numpy as np
import pandas as pd

MAD_TO_SIGMA = 1.4826  # makes the median absolute deviation that of a normal distribution
NARROWEST = np.log(2.0)  # a scale below it would call ordinary changes outliers
FAR = 3.5  # robust z beyond which an amount is an outlier (Iglewicz and Hoaglin 1993)
GROUP_LEAST, OWN_LEAST = 20, 3  # amounts that a comparison needs
FACTOR, TOLERANCE = 1000.0, 2.0  # tonnes told as kilograms, or the other way


def doubtful(amounts: pd.DataFrame) -> pd.DataFrame:
    """Return for each amount how far it lies from others, and what is doubtful about it.

    Definition
    ----------
    All on natural logarithms, of amounts above zero. Group: distance to the median of the same
    question and cycle, divided by 1.4826 times the median absolute deviation there, with 20
    amounts at least. Own: distance to the median of the Party's amounts of all cycles, divided
    by 1.4826 times the median of such distances over all Parties, with three amounts at least.
    No scale is below ln 2. An outlier has a distance beyond 3.5, so it is at least 11 times or
    an eleventh of what is usual. A unit is suspected where the amount is 500 to 2,000 times the
    one before, or a 500th to a 2,000th of it; such an amount is no outlier beside.

    Parameters
    ----------
    amounts : DataFrame with columns party, question, cycle, order, value
        `order` sorts the cycles; `value` in one unit for a question. Any index.

    Returns
    -------
    DataFrame with columns previous, typical, own, group, outlier, unit
        In the index of `amounts`. `previous`: the Party's amount before; `typical`: the median
        of question and cycle; `own` and `group`: distances, NaN where too few amounts are
        there; `outlier` and `unit`: bool.

    Missing data
    ------------
    Missing amounts and zero are doubtful in no way, and are no previous amount.

    References
    ----------
    Iglewicz and Hoaglin (1993): How to detect and handle outliers. ASQC Quality Press.

    Examples
    --------
    >>> one = pd.DataFrame({"party": "GHA", "question": "3.1.c", "cycle": ["a", "b"],
    ...                     "order": [0, 1], "value": [3.0, 3000.0]})
    >>> doubtful(one)["unit"].tolist()
    [False, True]
    """
    given = amounts[amounts["value"] > 0].sort_values("order", kind="stable")
    found = _distances(given)
    change = np.log(given["value"]) - np.log(found["previous"])
    unit = (change.abs() - np.log(FACTOR)).abs() <= np.log(TOLERANCE)
    outlier = ((found["own"] > FAR) | (found["group"] > FAR)) & ~unit
    flags = {"outlier": outlier, "unit": unit}
    whole = {name: told.reindex(amounts.index, fill_value=False) for name, told in flags.items()}
    return found.reindex(amounts.index).assign(**whole)


def _distances(given: pd.DataFrame) -> pd.DataFrame:
    """Return the amount before, the usual one, and both distances, of amounts above zero."""
    logs = np.log(given["value"])
    by_party = logs.groupby([given["question"], given["party"]], sort=False)
    by_cycle = logs.groupby([given["question"], given["cycle"]], sort=False)
    own = (logs - by_party.transform("median")).abs()
    own_scale = own.groupby(given["question"], sort=False).transform("median")
    centre = by_cycle.transform("median")
    apart = (logs - centre).abs()
    scale = apart.groupby([given["question"], given["cycle"]], sort=False).transform("median")
    return pd.DataFrame(
        {
            "previous": np.exp(by_party.shift()),
            "typical": np.exp(centre),
            "own": (own / _scale(own_scale)).where(by_party.transform("size") >= OWN_LEAST),
            "group": (apart / _scale(scale)).where(by_cycle.transform("size") >= GROUP_LEAST),
        }
    )


def _scale(deviation: pd.Series) -> pd.Series:
    return (MAD_TO_SIGMA * deviation).clip(lower=NARROWEST)
