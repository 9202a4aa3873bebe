"""Where the activity of a project and the project in the publisher's list say different things.

Both are joined by the id of the project. Neither is right by itself: they may stand for
different days, and a list leaves out preparation grants and fees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from evalkit.indicators.declared import COUNTRY
from evalkit.indicators.portfolio import COUNTRY_KINDS
from evalkit.methods.allocation import equal_split

COLUMNS = ("project", "activity", "kind", "found", "compared", "origin")
KINDS = ("activity_project", "activity_status", "activity_amount", "activity_shares")
COMMITMENTS = ("C", "2")  # of versions 1 and 2
CURRENCY = "USD"
A_DOLLAR = 0.5
A_HUNDREDTH = 0.01  # percent: what rounding to two decimals leaves
# What the words of version 1 and the codes of version 2 can be in the list of projects.
STATUSES: Mapping[str, tuple[str, ...]] = {
    "1": ("concept_proposed", "concept_approved", "received"),
    "2": ("approved",),
    "3": ("completed",),
    "4": ("completed",),
    "5": ("cancelled",),
    "6": ("suspended",),
}
WORDS = {
    "pipeline/identification": "1",
    "implementation": "2",
    "completion": "3",
    "post-completion": "4",
    "cancelled": "5",
}


def differences(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Compare status, amount and shares of activities with the projects that they are.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With projects, project_places, activities, activity_places, activity_transactions.

    Returns
    -------
    DataFrame with columns `COLUMNS`
        One row for each difference, by activity. `found` is what the activity says, `compared`
        what the list does, with the day of each. An amount is the sum of an activity's
        commitments in US$; in another currency, or without commitments, it is not compared.
        Shares are percentages of countries against an even split over those that the list
        names. A project that is not in the list is a difference as well.

    Missing data
    ------------
    A blank status, and percentages that are not published, are not compared.
    """
    told = tables["activities"]
    told = told[told["project"] != ""].sort_values("activity", kind="stable")
    projects = tables["projects"].set_index("project")
    both = told[told["project"].isin(projects.index)].reset_index(drop=True)
    rows = projects.loc[both["project"]].reset_index()
    parts = [_unknown(told[~told["project"].isin(projects.index)])]
    if len(both):
        parts += [
            _statuses(both, rows),
            _amounts(both, rows, tables["activity_transactions"]),
            _shares(both, rows, tables),
        ]
    found = pd.concat(parts, ignore_index=True)
    order = found["kind"].map(KINDS.index)
    found = found.assign(order=order).sort_values(["activity", "order"], kind="stable")
    return found[list(COLUMNS)].reset_index(drop=True)


def _rows(
    both: pd.DataFrame, kind: str, found: Iterable[str], compared: Iterable[str]
) -> pd.DataFrame:
    frame = both[["project", "activity", "origin"]].assign(
        kind=kind,
        found=pd.Series(list(found), both.index, "str"),
        compared=pd.Series(list(compared), both.index, "str"),
    )
    return frame[list(COLUMNS)]


def _unknown(told: pd.DataFrame) -> pd.DataFrame:
    return _rows(told, KINDS[0], told["project"], ["" for _ in told.index])


def _on(days: pd.Series) -> pd.Series:
    """Return days in brackets, blank where none is told."""
    return (" (" + days.dt.strftime("%Y-%m-%d").astype("str") + ")").fillna("").astype("str")


def _statuses(both: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    code = both["status"].str.casefold()
    code = code.map(WORDS).fillna(code)
    pairs = zip(code, rows["status"], strict=True)
    odd = [bool(c and listed) and listed not in STATUSES.get(c, ()) for c, listed in pairs]
    differs = pd.Series(odd, both.index, "bool")
    mine, listed = both[differs], rows[differs]
    return _rows(
        mine, KINDS[1], mine["status"] + _on(mine["as_of"]), listed["status"] + _on(listed["as_of"])
    )


def _amounts(both: pd.DataFrame, rows: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    committed = paid[paid["type"].isin(COMMITMENTS) & paid["amount"].notna()]
    by = committed["activity"]
    comparable = (committed["currency"] == CURRENCY).groupby(by).all()
    sums = committed.groupby(by)["amount"].sum()
    own = both["activity"].map(sums.where(comparable.reindex(sums.index))).astype("float64")
    grant = rows["grant_usd"]
    differs = own.notna() & ~((own - grant).abs() < A_DOLLAR)
    mine = both[differs]
    shown = grant[differs].map("{:,.0f}".format).astype("str")
    shown = shown.where(grant[differs].notna(), "blank")
    return _rows(
        mine,
        KINDS[2],
        own[differs].map("{:,.0f}".format).astype("str") + _on(mine["as_of"]),
        shown.astype("str") + _on(rows.loc[differs, "as_of"]),
    )


def _shares(
    both: pd.DataFrame, rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    places = tables["activity_places"]
    countries = places[places["vocabulary"] == COUNTRY]
    named = tables["project_places"]
    named = named[named["place_kind"].isin(COUNTRY_KINDS) & named["project"].isin(both["project"])]
    own = _by(countries["activity"], countries["place"], countries["percentage"])
    even = equal_split(
        pd.Series(100.0, index=both["project"].unique()),
        named.rename(columns={"project": "item"})[["item", "place"]],
    )
    even = even[even["place"] != ""]
    listed = _by(even["item"], even["place"], even["amount"])
    pairs = [
        (own.get(activity, {}), listed.get(project, {}))
        for activity, project in zip(both["activity"], both["project"], strict=True)
    ]
    odd = [bool(said) and _differ(said, split) for said, split in pairs]
    kept = [pair for pair, differs in zip(pairs, odd, strict=True) if differs]
    differs = pd.Series(odd, both.index, "bool")
    mine = both[differs]
    return _rows(
        mine,
        KINDS[3],
        pd.Series([_told(said) for said, _ in kept], mine.index, "str") + _on(mine["as_of"]),
        pd.Series([_told(split) for _, split in kept], mine.index, "str")
        + _on(rows.loc[differs, "as_of"]),
    )


def _by(items: pd.Series, places: pd.Series, shares: pd.Series) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for item, place, share in zip(items, places, shares, strict=True):
        found.setdefault(item, {})[place] = share
    return found


def _differ(said: dict[str, float], split: dict[str, float]) -> bool:
    """Tell whether other countries are named, or one has another share."""
    if said.keys() != split.keys():
        return True
    return any(abs(said[one] - split[one]) > A_HUNDREDTH for one in said if pd.notna(said[one]))


def _told(shares: dict[str, float]) -> str:
    if not shares:
        return "no country"
    parts = [
        f"{place} {share:.2f} %" if pd.notna(share) else f"{place} not published"
        for place, share in sorted(shares.items())
    ]
    return ", ".join(parts)
