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


# --- shared/domain/finance.md, section 1.5: the titles on mercury, 24 October 2023 ----------------

BY_KIND = {  # rows, grants, co-financing, countries named
    "initial_assessment": (73, 26_724_968, 9_424_097, 110),
    "action_plan": (29, 19_500_000, 1_441_750, 38),
    "initial_assessment_and_action_plan": (9, 6_600_000, 60_000, 9),
    "gold_mining": (30, 127_523_770, 560_340_396, 30),
    "other": (38, 220_667_567, 1_560_114_358, 49),
    "programme": (2, 106_938_526, 477_498_281, 23),
}


def test_grants_and_cofinancing_by_what_they_are_for(edition: Edition) -> None:
    projects = edition.table("projects").query("facility == 'gef'")
    places = edition.table("project_places")
    named = places[places["place_kind"].isin(["country", "territory"])]
    found = {}
    for theme, rows in projects.groupby("theme"):
        countries = named.loc[named["project"].isin(rows["project"]), "place"].nunique()
        sums = (rows["grant_usd"].sum(), rows["cofinancing_usd"].sum())
        found[theme] = (len(rows), *sums, countries)
    assert found == BY_KIND
    assert projects["type"].value_counts().to_dict() == {
        "enabling_activity": 111, "full_size": 48, "medium_size": 20, "programme": 2
    }  # fmt: skip
    statuses = projects["status"].value_counts()
    assert (statuses["completed"], statuses["approved"]) == (79, 92)


def test_the_indicator_cuts_grants_by_theme_and_type_in_each_replenishment(
    edition: Edition,
) -> None:
    rows = edition.indicator("gef-grants-parts").frame(entity="WLD")
    by = rows.set_index(["series", "period"])["value"]
    for theme in ("initial_assessment", "action_plan", "gold_mining"):
        assert by[f"theme/{theme}", "all"] == BY_KIND[theme][1]
    enabling = ("initial_assessment", "action_plan", "initial_assessment_and_action_plan")
    assert by["type/enabling_activity", "all"] == sum(BY_KIND[one][1] for one in enabling)
    for cut in ("theme/", "type/"):
        parts = rows[rows["series"].str.startswith(cut)].groupby("period")["value"].sum()
        assert parts["all"] == 401_016_305
        assert {period: round(parts[period] / 1e6, 1) for period in ("GEF-6", "GEF-7")} == {
            "GEF-6": 138.1, "GEF-7": 206.4
        }  # fmt: skip


def test_grants_by_replenishment_and_by_approval_year(edition: Edition) -> None:
    rows = edition.indicator("gef-grants").frame(entity="WLD", series="equal-split")
    by = rows.set_index("period")
    shown = {period: (round(by.at[period, "value"] / 1e6, 1), by.at[period, "n_due"]) for period in
             ("GEF-2", "GEF-3", "GEF-5", "GEF-6", "GEF-7", "GEF-8", "no-year")}  # fmt: skip
    assert shown == {
        "GEF-2": (6.8, 1), "GEF-3": (10.3, 1), "GEF-5": (28.3, 33), "GEF-6": (138.1, 85),
        "GEF-7": (206.4, 56), "GEF-8": (11.0, 3), "no-year": (39.6, 9),
    }  # fmt: skip
    years = {2002: 6.8, 2007: 10.3, 2011: 1.0, 2012: 5.5, 2013: 4.0, 2014: 18.8, 2015: 9.8,
             2016: 32.0, 2017: 21.2, 2018: 51.4, 2019: 24.4, 2020: 21.4, 2021: 18.8, 2022: 110.5,
             2023: 25.7}  # fmt: skip
    assert {year: round(by.at[str(year), "value"] / 1e6, 1) for year in years} == years


def test_project_4799_is_half_of_ecuador_and_half_of_peru(edition: Edition) -> None:
    """As AidData's activity declares it; the list names both countries and agrees."""
    grants = edition.indicator("gef-grants")
    rows = grants.frame(period="2012").set_index(["series", "entity"])
    for place in ("ECU", "PER"):
        declared, even = rows.loc["declared-shares", place], rows.loc["equal-split", place]
        assert declared["value"] == even["value"]
        assert "iati-aiddata-gef-2017-02-16" in declared["source"]
        assert "iati-aiddata-gef-2017-02-16" not in even["source"]
        told = grants.explain(series="declared-shares", entity=place, period="2012")
        assert any("percentages of an activity file" in step.what for step in told.steps)
        shares = told.evidence[told.evidence["table"] == "activity_places"]
        assert shares.set_index("place")["percentage"].to_dict() == {"ECU": 50, "PER": 50}
    without = edition.table("projects").set_index("project").at["gef-4799", "grant_usd"]
    assert without == 999_900
    before = grants.frame(as_of="2017-02-15", entity="WLD")
    assert "declared-shares" not in set(before["series"])


def test_parts_and_what_is_not_attributed_make_the_whole_as_declared(edition: Edition) -> None:
    rows = edition.indicator("gef-grants").frame(series="declared-shares", period="all")
    by = rows.set_index("entity")["value"]
    assert by.drop(list(entities.groups())).sum() == pytest.approx(by["WLD"], rel=1e-12)
    assert by["WLD"] == 401_016_305


def test_the_activity_and_the_list_differ_in_status_alone(edition: Edition) -> None:
    """It was under implementation in 2017, and was completed by 2023."""
    (table,) = (edition.path / "quality").glob("*.csv")
    told = pd.read_csv(table, comment="#", encoding="utf-8-sig")
    found = told[told["kind"].str.startswith("activity")]
    assert found[["kind", "severity", "found", "compared"]].to_numpy().tolist() == [
        ["activity_status", "doubt", "Implementation (2017-02-16)", "completed (2023-10-24)"]
    ]
    assert "gef-4799" in found["what"].item()
