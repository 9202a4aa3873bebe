"""Indicators for which no table exists yet: they say which file would fill them."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.result import Result, Tables, not_loaded
from evalkit.model import Indicator


def nothing_loaded(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Say for every State and group that no file of that kind is loaded, and which it would be.

    Definition
    ----------
    None is computed. The indicator stands in the catalogue so that the question is not
    forgotten, and names in `needs` the file that would answer it.

    Missing data
    ------------
    Everything is not_loaded; never zero and never "no".

    References
    ----------
    Minamata Convention on Mercury, article 22.
    """
    why = f"No file of this kind is loaded. Needed: {indicator.needs}"
    return not_loaded(indicator, as_of, why, parties=tables["parties"])
