"""The counts that stand beside a share are those that the share is made of, wherever it shows."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from evalkit import testing
from evalkit.editions.store import Edition
from evalkit.indicators import catalogue
from evalkit.model import Status
from evalkit.reference import entities
from evalkit.results import ANSWERED, CHANGE, ITEMS, PANEL, WILSON
from evalkit.views import sentences
from evalkit.views.bars import bars
from evalkit.views.choice import Choice
from evalkit.views.table import counts_text, value_text

DAY = "2026-12-31"
SHARES = ("waste-measures", "dental-amalgam-measures", "reports-on-time", "complete-reports")


@pytest.fixture(scope="module")
def shares() -> pd.DataFrame:
    """All values of groups, of indicators with every series; 2021 and 2025 are full cycles."""
    tables = testing.answered()
    found = pd.concat([catalogue.compute(one, tables, as_of=DAY).frame for one in SHARES])
    found = found[found["entity"].isin(entities.groups()) & (found["status"] == Status.OK)]
    assert {"", ANSWERED, WILSON, CHANGE, PANEL, ITEMS} <= set(found["series"])
    return found.reset_index(drop=True)


def drawn(rows: pd.DataFrame) -> list[str]:
    return list(bars(rows, title="t", note="n").data[0].text)


@pytest.mark.parametrize("series", ["", ANSWERED, WILSON])
def test_the_counts_beside_a_share_give_that_share(shares: pd.DataFrame, series: str) -> None:
    rows = shares[shares["series"] == series]
    silent = rows["n_answered"] < rows["n_due"]
    assert silent.any(), "both denominators are the same everywhere: nothing is told apart"
    for row, bar in zip(rows.itertuples(), drawn(rows), strict=True):
        n, of = map(int, counts_text(row).split(" of "))
        assert n / of == row.value
        assert bar == f"{value_text(row)} ({n} of {of})"


@pytest.mark.parametrize(
    ("series", "whom", "measure"),
    [
        ("", "of the Parties that owed it", "share of Parties due"),
        (ANSWERED, "of the Parties that answered", "share of Parties that answered"),
        (WILSON, "of the Parties that answered", "share of Parties that answered"),
        (ITEMS, "of the questions put to all", "share of the questions"),
        (CHANGE, "since the cycle before, in the share", "difference of shares"),
        (PANEL, "among the Parties that answered in both", "answered in both"),
    ],
)
def test_a_sentence_and_an_explanation_say_of_whom_a_share_is(
    shares: pd.DataFrame, series: str, whom: str, measure: str, reports_edition: Edition
) -> None:
    told = (shares["series"] == series) & (shares["entity"] == "WLD")
    row = shares[told & (shares["status"] == "ok")].iloc[-1]
    chosen = Choice(row["indicator"], series, row["period"], DAY)
    said = sentences.headline(row, chosen)
    assert whom in said
    assert ("percentage points" in said) == (series in (CHANGE, PANEL))
    told = reports_edition.indicator(row["indicator"])
    period = "2025-full" if series in (CHANGE, PANEL) else "2021-full"
    assert measure in str(told.explain(series=series, period=period)).splitlines()[3]


def test_a_change_is_in_points_of_the_shares_of_its_two_cycles(shares: pd.DataFrame) -> None:
    world = shares[(shares["entity"] == "WLD") & (shares["indicator"] == "reports-on-time")]
    told = world[world["series"] == ANSWERED].set_index("period")
    for row in world[world["series"] == CHANGE].itertuples():
        kind = row.period.split("-")[1]
        later, earlier = (
            told.loc[row.period],
            told.loc[{"short": "2019-short", "full": "2021-full"}[kind]],
        )
        points = 100 * (later["n"] / later["n_answered"] - earlier["n"] / earlier["n_answered"])
        assert value_text(row).startswith(f"{points:+.1f} percentage points")


def test_of_a_panel_the_size_is_said_and_not_who_owed(shares: pd.DataFrame) -> None:
    rows = shares[(shares["series"] == PANEL) & (shares["n_answered"] < shares["n_due"])]
    assert len(rows)
    for row, bar in zip(rows.itertuples(), drawn(rows), strict=True):
        assert bar.endswith(f"({row.n} of {row.n_answered})")
        said = sentences.counts(pd.Series(row._asdict()))
        assert re.search(rf"in both cycles by {row.n_answered}, of which {row.n} count", said)


def test_bars_of_changes_have_room_on_both_sides(shares: pd.DataFrame) -> None:
    rows = shares[shares["series"] == CHANGE]
    assert rows["value"].min() < 0
    low, high = bars(rows, title="t", note="n").layout.xaxis.range
    assert low < rows["value"].min()
    assert high > max(rows["value"].max(), 0)
