"""Why an inventory gives no amount, as rows of the table `emission_gaps`.

Notation keys are those of the reporting guidelines of the air convention. HELD and NONE are
evalkit's own: the country stands inside another one of the inventory, or nowhere in it.
"""

from __future__ import annotations

import pandas as pd

from evalkit.model import Status
from evalkit.reference import entities
from evalkit.reference.rows import rows

HELD, NONE = "HELD", "NONE"
KEYS = {
    "NE": (Status.NOT_ESTIMATED, "not estimated"),
    "IE": (Status.NOT_ESTIMATED, "included elsewhere in the inventory"),
    "C": (Status.NOT_ESTIMATED, "confidential"),
    "NO": (Status.NOT_APPLICABLE, "not occurring in the country"),
    "NA": (Status.NOT_APPLICABLE, "not applicable: the activity emits none"),
    "NR": (Status.NOT_DUE, "not relevant: no report was asked for"),
    HELD: (Status.NOT_ESTIMATED, "held inside another country of the inventory"),
    NONE: (Status.NOT_ESTIMATED, "no row in the inventory"),
}
_ABOUT = ["inventory", "version", "entity", "year", "scheme", "category", "medium"]


def gap_rows(frame: pd.DataFrame, keys: pd.Series, holder: pd.Series | str = "") -> pd.DataFrame:
    """Return rows of `emission_gaps` but source, basis and origin.

    Parameters
    ----------
    frame : DataFrame
        inventory, version, entity, year, scheme, category, medium.
    keys : Series of str
        A name of `KEYS` for each row, in the index of `frame`.
    holder : Series of str or str
        Entity that holds the amount; blank where none does.

    Examples
    --------
    >>> one = pd.DataFrame([{"inventory": "a", "version": "1", "entity": "AUT", "year": 2019,
    ...                      "scheme": "NFR14", "category": "3F", "medium": "air"}])
    >>> gap_rows(one, pd.Series(["NO"]))[["key", "status"]].to_numpy().tolist()
    [['NO', 'not_applicable']]
    """
    return frame[_ABOUT].assign(
        key=keys,
        status=keys.map({key: str(status) for key, (status, _) in KEYS.items()}),
        holder=holder,
        note=keys.map({key: told for key, (_, told) in KEYS.items()}),
    )


def holders(inventory: str) -> dict[str, str]:
    """Return the entity that holds each State without a row of its own in an inventory.

    Returns
    -------
    dict of str to str
        From data/reference/inventory_holders.csv, by ISO3; blank where nobody knows who does.

    Examples
    --------
    >>> holders("edgar")["SRB"]
    'SCG'
    """
    listed = rows("inventory_holders.csv")
    return {row["entity"]: row["holder"] for row in listed if row["inventory"] == inventory}


def states_without(present: set[str], inventory: str) -> pd.DataFrame:
    """Return the States that an inventory has no row for, and what holds each.

    Parameters
    ----------
    present : set of str
        Entities that it has.
    inventory : str
        Its name.

    Returns
    -------
    DataFrame with columns entity, key, holder
        `key` is HELD where the holder is known and has a row, else NONE.
    """
    held = holders(inventory)
    absent = [state for state in entities.states() if state not in present]
    told = [held.get(state, "") for state in absent]
    holder = [one if one in present else "" for one in told]
    keys = [HELD if one else NONE for one in holder]
    return pd.DataFrame({"entity": absent, "key": keys, "holder": holder}, dtype="str")
