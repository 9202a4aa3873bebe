"""The depositary's days in place of the project's own, where its status list is loaded.

The table `parties` of data/reference was put together from several sources, some of them
memory. The depositary decides: where its list is among the inputs, its days of signature,
deposit and entry into force are taken, with its source and place, and the note of each row
that changed says what stood there before. The list also moves the day up to which `parties`
is known to be complete.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from evalkit import tables
from evalkit.editions.links import row_failure
from evalkit.errors import Reason, refuse_table
from evalkit.model import Basis

DAYS = ("signed_on", "deposited_on", "in_force_on")


def prefer(joined: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables with the depositary's days in `parties`.

    Parameters
    ----------
    joined : mapping of str to DataFrame
        All tidy tables.

    Returns
    -------
    dict of str to DataFrame
        The same where no list of the depositary is loaded.

    Raises
    ------
    TableError
        `parties` has a Party of before the day of the list, and the list has no deposit of it.

    References
    ----------
    Minamata Convention on Mercury, article 31, paragraph 2, and article 34.
    """
    listed = joined["depositary"]
    if listed.empty or joined["parties"].empty:
        return dict(joined)
    until = _day_of_the_list(listed, joined["sources"])
    parties = joined["parties"].set_index("iso3", drop=False)
    _refuse_absent(parties, listed, until)
    new = {
        "parties": _replaced(parties, listed.set_index("party")),
        "completeness": _complete(joined["completeness"], listed, until),
    }
    return dict(joined) | {
        name: tables.check(name, tables.tidy(name, frame)) for name, frame in new.items()
    }


def _day_of_the_list(listed: pd.DataFrame, sources: pd.DataFrame) -> pd.Timestamp:
    """Return the day that the list stands for: the latest of its own days and of its source."""
    stated = sources.loc[sources["source"].isin(listed["source"]), "as_of"]
    return pd.concat([stated, listed["signed_on"], listed["deposited_on"]]).max()


def _refuse_absent(parties: pd.DataFrame, listed: pd.DataFrame, until: pd.Timestamp) -> None:
    bound = set(listed.loc[listed["deposited_on"].notna(), "party"])
    known_on = parties["deposited_on"].fillna(parties["listed_on"])
    absent = parties[(known_on <= until) & ~parties["iso3"].isin(bound)]
    failures = [
        row_failure(
            row,
            Reason.CONTRADICTION,
            f"{row['iso3']} is a Party since {known_on[row['iso3']]:%Y-%m-%d} or before, and the "
            f"depositary's list of {until:%Y-%m-%d} has no deposit of it",
            "Check that the list is whole; if it is, correct data/reference/parties.csv.",
        )
        for _, row in absent.iterrows()
    ]
    if failures:
        raise refuse_table(failures)


def _replaced(parties: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    new = parties.copy()
    rows = new.index[new.index.isin(listed.index)]
    new["note"] = new["note"].astype("object")
    new.loc[rows, "note"] = [_note(parties.loc[row], listed.loc[row]) for row in rows]
    for column in (*DAYS, "source", "basis", "origin"):
        new.loc[rows, column] = listed.loc[rows, column]
    said = rows[(listed.loc[rows, "instrument"] != "").to_numpy()]
    new.loc[said, "instrument"] = listed.loc[said, "instrument"]
    bound = rows[listed.loc[rows, "deposited_on"].notna().to_numpy()]
    new.loc[bound, ["listed_on", "absent_until"]] = pd.NaT
    return new.reset_index(drop=True)


def _note(own: pd.Series, listed: pd.Series) -> str:
    """Return what stood there before, where the depositary says otherwise; else nothing."""
    before = [
        f"{column} {own[column]:%Y-%m-%d}" if pd.notna(own[column]) else f"no {column}"
        for column in DAYS
        if not (own[column] == listed[column] or (pd.isna(own[column]) and pd.isna(listed[column])))
    ]
    return f"before the depositary's list: {', '.join(before)} ({own['origin']})" if before else ""


def _complete(rows: pd.DataFrame, listed: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    older = (rows["table"] == "parties") & (rows["complete_to"] < until)
    first = listed.iloc[0]
    new = rows.copy()
    new.loc[older, "complete_to"] = until
    new.loc[older, "missing_after"] = f"Parties that joined after {until:%Y-%m-%d}"
    new.loc[older, "unidentified"] = 0
    new.loc[older, "note"] = "The depositary's list names all up to that day."
    invented = (listed["basis"] == Basis.SIMULATED).any()
    new.loc[older, "basis"] = str(Basis.SIMULATED if invented else Basis.DERIVED)
    new.loc[older, ["source", "origin"]] = [first["source"], first["origin"]]
    return new
