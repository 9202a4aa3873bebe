"""Due days counted in years from another day."""

from __future__ import annotations

import pandas as pd


def add_years(days: pd.Series, years: int) -> pd.Series:
    """Return the same calendar day so many years later; 29 February becomes the 28th.

    Parameters
    ----------
    days : Series of datetime64
        NaT stays NaT.
    years : int
        May be zero or negative.

    Returns
    -------
    Series of datetime64[s]

    Examples
    --------
    >>> add_years(pd.Series(pd.to_datetime(["2017-08-16", "2020-02-29"])), 3).dt.strftime(
    ...     "%Y-%m-%d").tolist()
    ['2020-08-16', '2023-02-28']
    """
    later = days + pd.DateOffset(years=years) if len(days) else days
    return later.astype("datetime64[s]")


def has_fallen_due(due: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    """Tell which due days have come by a day; a missing due day has not.

    Examples
    --------
    >>> has_fallen_due(pd.Series(pd.to_datetime(["2020-08-16", None])),
    ...                pd.Timestamp("2020-08-16")).tolist()
    [True, False]
    """
    return (due <= as_of).fillna(False).astype(bool)
