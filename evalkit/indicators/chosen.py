"""The portfolio that an indicator counts: whose, and with or without other chemicals."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from evalkit.indicators.portfolio import Portfolio, portfolio
from evalkit.indicators.result import Tables
from evalkit.model import Indicator


def chosen_portfolio(tables: Tables, indicator: Indicator, as_of: pd.Timestamp) -> Portfolio:
    """Return the portfolio that an indicator counts, as the latest lists of a day have it.

    Its argument `facility` says whose; `other_chemicals=out` leaves out projects that are on
    other chemicals as well, whatever is counted of the rest.
    """
    known = portfolio(tables, indicator.arguments["facility"], as_of)
    if not mercury_alone(indicator):
        return known
    return replace(known, projects=known.projects[known.projects["other_chemicals"] != "Y"])


def mercury_alone(indicator: Indicator) -> bool:
    """Tell whether an indicator leaves out projects that are on other chemicals as well."""
    return indicator.arguments.get("other_chemicals") == "out"
