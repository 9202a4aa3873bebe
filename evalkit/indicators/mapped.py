"""Mappings of categories whose codes are nested: a beginning stands for all that begin with it."""

from __future__ import annotations

import pandas as pd

CATEGORY = ["scheme", "category"]
# What stands between a code and the rest of one inside it. Other schemes name every category.
NESTED = {"APEI": "-", "NAICS": ""}


def spelled_out(mapping: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """Return a mapping with a row for each category that a shorter code of it stands for.

    Parameters
    ----------
    mapping : DataFrame with columns scheme, category
        `annex_d` or `sectors`.
    categories : DataFrame with columns scheme, category
        Those that are looked for.

    Returns
    -------
    DataFrame
        The mapping, and its rows again under the categories of `NESTED` schemes that have no
        row of their own: those of the longest code that the category begins with.

    Examples
    --------
    >>> told = {"scheme": "NAICS", "category": ["33", "331410"], "sector": ["other", "metals"]}
    >>> asked = pd.DataFrame({"scheme": "NAICS", "category": ["331410", "332999", "21"]})
    >>> found = spelled_out(pd.DataFrame(told), asked)
    >>> found.set_index("category")["sector"].to_dict()
    {'33': 'other', '331410': 'metals', '332999': 'other'}
    """
    asked = categories.loc[categories["scheme"].isin(list(NESTED)), CATEGORY].drop_duplicates()
    known = mapping.groupby("scheme")["category"].agg(set).to_dict() if len(asked) else {}
    more = []
    for scheme, category in asked.itertuples(index=False, name=None):
        stands = _standing(category, known.get(scheme, set()), NESTED[scheme])
        if stands and stands != category:
            same = (mapping["scheme"] == scheme) & (mapping["category"] == stands)
            more.append(mapping[same].assign(category=category))
    return pd.concat([mapping, *more]) if more else mapping


def _standing(category: str, known: set[str], joint: str) -> str:
    """Return the category itself where it is known, else the longest code that it is inside."""
    if category in known:
        return category
    return max((one for one in known if category.startswith(one + joint)), key=len, default="")
