"""Money of projects on mercury alone: without those that are on other chemicals as well."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from evalkit.indicators.finance import project_money
from evalkit.indicators.portfolio import portfolio
from evalkit.indicators.result import Result, Tables
from evalkit.model import Indicator, Step

TABLES = ("projects", "project_places", "project_vintages", "project_vintage_places")
ABOUT = ("mercury-alone", "with-chemicals")  # series that ask about other chemicals


def mercury_alone_money(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Sum an amount of projects on mercury alone, in several ways of attribution.

    Definition
    ----------
    As `project_money`, every series of it, without projects whose title names other chemicals as
    well: their amounts are for all of them together. The series mercury-alone and
    with-chemicals, which ask about these, are not there.

    Missing data
    ------------
    As `project_money`.

    References
    ----------
    Minamata Convention on Mercury, article 13. GEF project database export.
    """
    kept, gone = without_other_chemicals(tables, indicator.arguments["facility"], as_of)
    result = project_money(kept, as_of=as_of, indicator=indicator)
    count = len(tables["projects"]) + len(tables["project_vintages"])
    left_out = Step(
        "Leave out titles that name other chemicals as well",
        count,
        count - gone,
        "their amounts are for all of them together",
    )
    frame = result.frame[~result.frame["series"].isin(ABOUT)].reset_index(drop=True)
    return replace(result, frame=frame, steps=(left_out, *result.steps))


def without_other_chemicals(
    tables: Tables, facility: str, as_of: pd.Timestamp
) -> tuple[Tables, int]:
    """Return tables without the projects that are on other chemicals as well, and how many rows.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With the tables of projects and of their places.
    facility : str
        Whose projects.
    as_of : Timestamp
        The latest list of this day says which they are; they go from all lists, so that no
        older list speaks for them.
    """
    known = portfolio(tables, facility, as_of).projects
    out = known.loc[known["other_chemicals"] == "Y", "project"]
    kept = {name: rows[~rows["project"].isin(out)]
            for name, rows in tables.items() if name in TABLES}  # fmt: skip
    lists = ("projects", "project_vintages")
    return {**tables, **kept}, sum(len(tables[name]) - len(kept[name]) for name in lists)
