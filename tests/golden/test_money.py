"""Figures about money that others published, or that were worked out from the real export."""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit.editions.store import Edition
from evalkit.reference import entities


def values(edition: Edition, indicator: str, **where: str) -> dict[tuple[str, str], float]:
    rows = edition.indicator(indicator).frame(entity="WLD", **where)
    keys = zip(rows["series"], rows["period"], strict=True)
    return dict(zip(keys, rows["value"], strict=True))


@pytest.mark.parametrize(
    ("series", "first"),
    [
        ("full-count", ["CHN", "SEN", "UGA", "TGO"]),
        ("equal-split", ["CHN", "MEX", "PHL", "SUR"]),
    ],
)
def test_the_ranking_depends_on_the_method(edition: Edition, series: str, first: list[str]) -> None:
    rows = edition.indicator("gef-grants").frame(series=series, period="all")
    rows = rows[rows["entity"].isin(entities.states())]
    assert rows.nlargest(4, "value")["entity"].tolist() == first


def test_single_country_regional_and_global_make_the_whole(edition: Edition) -> None:
    rows = edition.indicator("gef-grants").frame(series="single-country", period="all")
    by = rows[~rows["entity"].isin(entities.groups())].set_index("entity")["value"]
    assert by.sum() == 401_016_305
    assert by["GLOBAL"] > 9_380_276, "three projects that are only global, and others"
    assert by["REGIONAL"] > 0
    assert by["CHN"] <= 63.5e6 * 1.01


def test_projects_on_other_chemicals_can_be_left_out(edition: Edition) -> None:
    rows = edition.indicator("gef-grants").frame(entity="WLD", period="all")
    by = rows.set_index("series")[["value", "n_due"]]
    projects = edition.table("projects")
    flagged = projects[projects["other_chemicals"] == "Y"]
    left = by.loc["mercury-alone", "value"] + flagged["grant_usd"].sum()
    assert left == by.loc["equal-split", "value"]
    assert by.loc["mercury-alone", "n_due"] == 179 - len(flagged)


def test_cofinancing_for_each_dollar_of_grant(edition: Edition) -> None:
    found = values(edition, "gef-cofinancing-ratio", period="all")
    assert round(found["full-and-medium", "all"], 1) == 6.1
    assert found["enabling-activities", "all"] < 1
    row = edition.indicator("gef-cofinancing-ratio").frame(
        entity="WLD", series="enabling-activities", period="all"
    )
    assert row["n_due"].item() == 111
    assert row["n_due"].item() - row["n"].item() >= 57, "blank co-financing is left out"


def test_programmes_are_not_the_sum_of_their_projects(edition: Edition) -> None:
    found = values(edition, "gef-programmes")
    assert found["programme", "gef-9602"] == 32_620_000
    assert found["children", "gef-9602"] == 45_262_294
    assert found["difference", "gef-9602"] == 32_620_000 - 45_262_294
    assert found["programme", "gef-10569"] == 74_318_526
    assert found["children", "gef-10569"] == 71_614_776
    row = edition.indicator("gef-programmes").frame(
        entity="WLD", series="children", period="gef-10569"
    )
    assert (row["n"].item(), row["n_due"].item()) == (15, 16), "one grant is blank"
    assert row["basis"].item() == "inferred", "no column links child and programme"


def test_the_financial_mechanism_at_the_end_of_2020(edition: Edition) -> None:
    """Progress Report 2020: 206 million for 2018-2022, 112 million approved so far."""
    on = {"as_of": "2021-02-28"}
    found = values(edition, "gef-envelope", **on)
    assert found["allocated", "GEF-7"] == 206_000_000
    assert found["approved", "GEF-7"] == 112_000_000
    assert values(edition, "sip-contributed", **on)["", ""] == 5_600_000
    rows = edition.indicator("sip-approved").frame(entity="WLD", series="sip-1-and-2", **on)
    row = rows.iloc[0]
    assert (row["n"], row["value"], row["low"]) == (15, 3_000_000, 3_000_000)
    assert pd.isna(row["high"]), "over 3 million: no upper end was published"


def test_projects_of_the_programme_by_round(edition: Edition) -> None:
    rows = edition.indicator("sip-approved").frame(entity="WLD")
    by = rows.set_index("series")
    counts = by["n"]
    assert counts[["sip-1", "sip-2", "sip-3", "sip-4"]].tolist() == [5, 10, 9, 10]
    assert by.loc["sip-3", "status"] == "not_reported", "the total of the round was not found"
    listed = edition.table("projects").query("facility == 'sip'")["period"].value_counts()
    assert listed.sort_index().tolist() == [5, 10, 9, 10]


def test_envelope_pledge_commitment_and_projects_stay_four_series(edition: Edition) -> None:
    found = values(edition, "gef-envelope")
    gef8 = {series: value for (series, period), value in found.items() if period == "GEF-8"}
    assert gef8["pledged"] == 265_000_000
    assert gef8["committed"] == 174_000_000
    assert round(gef8["projects"] / 1e6, 1) == 11.0
    assert round(found["projects", "GEF-7"] / 1e6, 1) == 206.4, "not the 206 of the envelope"
    assert not {"all", "total"} & {series for series, _ in found}


def test_the_trust_funds_in_2020(edition: Edition) -> None:
    found = values(edition, "trust-fund-contributions", as_of="2021-02-03")
    assert found == {
        ("general/received", "2020"): 2_819_717,
        ("special/received", "2020"): 1_335_961,
        ("specific/received_and_pledged", "2020"): 1_963_879,
    }
    rows = edition.indicator("trust-fund-contributions").frame(entity="GHA")
    assert set(rows["status"]) == {"not_loaded"}, "only sums were published"
    before = edition.indicator("trust-fund-contributions").frame(as_of="2020-12-30")
    assert set(before["status"]) == {"not_loaded"}
