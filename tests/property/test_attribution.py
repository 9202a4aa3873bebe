"""Every way of attribution: parts plus what is not attributed make the whole."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.methods.allocation import (
    declared_shares,
    equal_split,
    full_count,
    single_country,
)

ITEMS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.tuples(st.integers(0, 10**12), st.sets(st.sampled_from("VWXYZ"))),
    min_size=1,
    max_size=12,
)


def frames(items: dict[str, tuple[int, set[str]]]) -> tuple[pd.Series, pd.DataFrame]:
    amounts = pd.Series({item: float(amount) for item, (amount, _) in items.items()})
    pairs = [(item, place) for item, (_, places) in items.items() for place in sorted(places)]
    return amounts, pd.DataFrame(pairs, columns=["item", "place"], dtype="str")


@given(ITEMS)
@pytest.mark.parametrize("method", [equal_split, single_country])
def test_parts_and_unattributed_make_the_whole(method, items) -> None:
    amounts, places = frames(items)
    parts = method(amounts, places).groupby("item")["amount"].sum()
    assert (parts - amounts).abs().max() <= 1e-9 * max(amounts.max(), 1)


@given(ITEMS, st.integers(0, 100))
def test_declared_shares_and_the_rest_make_the_whole(items, percent) -> None:
    amounts, places = frames(items)
    some = places.drop_duplicates("item").assign(share=percent / 100)
    out = declared_shares(amounts, places, some)
    parts = out.groupby("item")["amount"].sum()
    assert (parts - amounts).abs().max() <= 1e-9 * max(amounts.max(), 1)
    named = out[out["item"].isin(some["item"]) & (out["place"] != "")]
    assert (named["share"] == percent / 100).all(), "a declared share is never rescaled"


@given(ITEMS, st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_shares_printed_with_two_decimals_and_the_rest_make_the_whole(items, drawn) -> None:
    """Rounding leaves a little over or under; it is not hidden by rescaling."""
    amounts, _ = frames(items)
    total = sum(drawn) or 1
    printed = [round(100 * one / total, 2) / 100 for one in drawn]
    some = pd.DataFrame({"item": amounts.index[0], "place": list("VWXYZ")[: len(printed)]})
    out = declared_shares(amounts, some.iloc[:0], some.assign(share=printed))
    parts = out.groupby("item")["amount"].sum()
    assert (parts - amounts).abs().max() <= 1e-9 * max(amounts.max(), 1)
    assert out.loc[out["place"] != "", "share"].tolist() == printed


@given(ITEMS)
def test_full_count_is_the_most_and_single_country_the_least(items) -> None:
    amounts, places = frames(items)
    by = [
        method(amounts, places).query("place != ''").groupby("place")["amount"].sum()
        for method in (single_country, equal_split, full_count)
    ]
    least, split, most = (one.reindex(list("VWXYZ"), fill_value=0.0) for one in by)
    assert (least <= split * (1 + 1e-12)).all()
    assert (split <= most * (1 + 1e-12)).all()


@pytest.mark.parametrize("shares", [[0.7, 0.7], [1.5, 0.0], [-0.1, 0.5]])
def test_shares_that_cannot_be_are_refused(shares: list[float]) -> None:
    table = pd.DataFrame({"item": "a", "place": ["X", "Y"], "share": shares})
    with pytest.raises(ValueError, match="share"):
        declared_shares(pd.Series({"a": 1.0}), table[["item", "place"]], table)
