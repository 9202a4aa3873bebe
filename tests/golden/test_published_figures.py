"""The figures that others published, through the indicators of a built edition."""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit.editions.store import Edition
from evalkit.model import Basis


def one(edition: Edition, indicator: str, **where: str) -> pd.Series:
    """The only row of an indicator at a place."""
    rows = edition.indicator(indicator).frame(**where)
    assert len(rows) == 1, f"{len(rows)} rows of {indicator} for {where}"
    return rows.iloc[0]


# --- membership -------------------------------------------------------------------------------


def test_128_signatories(edition: Edition) -> None:
    row = one(edition, "signatories", entity="WLD")
    assert (row["status"], row["value"], row["n"]) == ("ok", 128, 128)
    assert pd.isna(row["low"])
    assert pd.isna(row["high"])
    before = one(edition, "signatories", entity="WLD", as_of="2013-10-10")
    assert 0 < before["value"] < 128, "the figure does not depend on the day"


@pytest.mark.parametrize(
    ("day", "parties"),
    [("2017-08-16", 52), ("2018-01-01", 83), ("2019-12-31", 114), ("2020-12-31", 123)],
)
def test_parties_in_force(edition: Edition, day: str, parties: int) -> None:
    row = one(edition, "parties-in-force", entity="WLD", as_of=day)
    assert (row["status"], row["value"], row["n"]) == ("ok", parties, parties)
    assert pd.isna(row["low"]), "the count is exact on this day"
    regions = edition.indicator("parties-in-force").frame(as_of=day)
    regions = regions[regions["entity"].isin(["AFRICA", "ASIA-PACIFIC", "CEE", "GRULAC", "WEOG"])]
    assert regions["value"].sum() == parties, "every Party is in one region"


def test_no_party_is_bound_the_day_before_entry_into_force(edition: Edition) -> None:
    assert one(edition, "parties-in-force", entity="WLD", as_of="2017-08-15")["value"] == 0


def test_published_totals_of_parties(edition: Edition) -> None:
    """Every total with a day, a month or a year: the count of that day, or of a day in it."""
    published = edition.table("published")
    total = published["indicator"].isin(["parties-deposited", "parties-in-force", "signatories"])
    rows = published[total & (published["entity"] == "WLD") & (published["precision"] == "day")]
    wrong = []
    for row in rows.itertuples():
        day = f"{row.as_of:%Y-%m-%d}"
        found = one(edition, row.indicator, entity="WLD", as_of=day)
        low = found["value"] if pd.isna(found["low"]) else found["low"]
        at_least = pd.notna(found["low"]) and pd.isna(found["high"])
        high = found["value"] if pd.isna(found["high"]) else found["high"]
        if not (low <= row.value and (at_least or row.value <= high)):
            wrong.append(f"{row.indicator} {day}: published {row.value:g}, found {low:g}-{high:g}")
    assert not wrong
    assert len(rows[rows["indicator"] == "parties-deposited"]) > 40


def test_published_totals_are_met_exactly_while_the_list_is_complete(edition: Edition) -> None:
    """Up to the end of 2020 no Party's day is missing, so no bounds may help the test above."""
    published = edition.table("published")
    rows = published[
        (published["indicator"] == "parties-deposited")
        & (published["entity"] == "WLD")
        & (published["precision"] == "day")
        & (published["as_of"] <= "2020-12-31")
    ]
    days = [f"{day:%Y-%m-%d}" for day in rows["as_of"]]
    found = [one(edition, "parties-deposited", entity="WLD", as_of=day) for day in days]
    assert [row["value"] for row in found] == rows["value"].tolist()
    assert all(pd.isna(row["low"]) and pd.isna(row["high"]) for row in found)
    assert len(found) > 30


def test_after_march_2024_the_count_is_a_lower_bound(edition: Edition) -> None:
    row = one(edition, "parties-deposited", entity="WLD", as_of="2025-10-27")
    assert row["value"] == row["low"] <= 153
    assert pd.isna(row["high"])


# --- reporting --------------------------------------------------------------------------------


def test_first_short_reports_as_of_the_progress_report(edition: Edition) -> None:
    where = {"entity": "WLD", "period": "2019-short", "as_of": "2020-10-02"}
    row = one(edition, "reporting-rate", **where)
    assert row["status"] == "ok"
    assert (row["n"], row["n_answered"], row["n_due"]) == (91, 91, 114)
    assert round(100 * row["value"], 1) == 79.8
    weakest = Basis.weakest([row["basis"], "inferred"])
    assert row["basis"] == weakest, "114 is not printed in the report, so it is no stronger"
    assert "progress-report-2020" in row["source"]


def test_the_day_before_its_publication_the_rate_is_not_loaded(edition: Edition) -> None:
    where = {"entity": "WLD", "period": "2019-short", "as_of": "2020-10-01"}
    row = one(edition, "reporting-rate", **where)
    assert row["status"] == "not_loaded"
    assert row["n_due"] == 114, "who owed a report is known without the reports"


def test_focal_points_as_of_the_progress_report(edition: Edition) -> None:
    row = one(edition, "focal-points", entity="WLD", as_of="2020-11-27")
    assert (row["n"], row["n_due"]) == (113, 125)
    assert round(100 * row["value"], 1) == 90.4
    assert (row["status"], row["basis"], row["period"]) == ("ok", "inferred", "2020-11-27")
    deposited = one(edition, "parties-deposited", entity="WLD", as_of="2020-11-27")
    assert deposited["value"] == row["n_due"], "the 125 are those that had deposited"


def test_first_full_reports(edition: Edition) -> None:
    where = {"entity": "WLD", "period": "2021-full", "as_of": "2023-02-28"}
    row = one(edition, "reporting-rate", **where)
    assert (row["status"], row["n"], row["n_due"]) == ("ok", 113, 123)
    assert round(100 * row["value"], 1) == 91.9


def test_first_full_reports_before_their_deadline_are_not_due(edition: Edition) -> None:
    where = {"entity": "WLD", "period": "2021-full", "as_of": "2021-12-01"}
    row = one(edition, "reporting-rate", **where)
    assert (row["status"], row["n"], row["n_due"]) == ("not_due", 8, 123)


def test_a_percentage_without_counts_has_the_bounds_of_its_rounding(edition: Edition) -> None:
    where = {"entity": "WLD", "period": "2021-full", "as_of": "2022-09-15"}
    row = one(edition, "reporting-rate", **where)
    assert row["value"] == pytest.approx(0.88)
    assert (row["low"], row["high"]) == (pytest.approx(0.875), pytest.approx(0.885))
    assert pd.isna(row["n"])
    assert row["high"] >= 108 / 123, "the count that would fit is inside"
    assert row["low"] <= 108 / 123


def test_who_owed_the_first_short_report_is_the_same_for_clock_and_rate(edition: Edition) -> None:
    where = {"entity": "WLD", "as_of": "2025-12-31"}
    clock = one(edition, "obligations", series="report-2019-short", **where)
    assert (clock["n_due"], clock["value"]) == (114, 114)


# --- money ------------------------------------------------------------------------------------


def money(edition: Edition, series: str, entity: str, period: str = "all") -> pd.Series:
    return one(edition, "gef-grants", series=series, entity=entity, period=period)


def test_gef_mercury_with_programmes(edition: Edition) -> None:
    row = money(edition, "with-programmes", "WLD")
    assert (row["n_due"], row["value"]) == (181, 507_954_831)


@pytest.mark.parametrize("series", ["equal-split", "full-count"])
def test_gef_mercury_without_programmes(edition: Edition, series: str) -> None:
    row = money(edition, series, "WLD")
    assert (row["n_due"], row["value"]) == (179, 401_016_305)


def of_countries(edition: Edition, series: str, period: str = "all") -> pd.DataFrame:
    rows = edition.indicator("gef-grants").frame(series=series, period=period)
    groups = ("WLD", "AFRICA", "ASIA-PACIFIC", "CEE", "GRULAC", "WEOG", "LDC", "SIDS")
    return rows[~rows["entity"].isin([*groups, "UNATTRIBUTED"])]


def test_full_count_over_countries(edition: Edition) -> None:
    rows = of_countries(edition, "full-count")
    assert rows["value"].sum() == 995_151_187
    assert (rows["n_due"] > 0).sum() == 125


def test_equal_split_and_what_no_country_gets_make_the_whole(edition: Edition) -> None:
    parts = of_countries(edition, "equal-split")["value"].sum()
    nowhere = money(edition, "equal-split", "UNATTRIBUTED")
    assert parts == pytest.approx(391_636_029, abs=0.5)
    assert (nowhere["value"], nowhere["n_due"]) == (9_380_276, 3)
    assert parts + nowhere["value"] == pytest.approx(401_016_305, abs=0.01)


@pytest.mark.parametrize(("period", "million"), [("GEF-6", 138.1), ("GEF-7", 206.4)])
def test_replenishment_periods(edition: Edition, period: str, million: float) -> None:
    whole = money(edition, "equal-split", "WLD", period)["value"]
    assert round(whole / 1e6, 1) == million
    parts = of_countries(edition, "equal-split", period)["value"].sum()
    nowhere = money(edition, "equal-split", "UNATTRIBUTED", period)["value"]
    assert parts + nowhere == pytest.approx(whole, abs=0.01)


def test_periods_and_years_each_make_the_whole(edition: Edition) -> None:
    rows = edition.indicator("gef-grants").frame(series="equal-split", entity="WLD")
    by = rows.set_index("period")["value"]
    replenishments = by[by.index.str.startswith("GEF-")].sum()
    years = by[by.index.str.fullmatch(r"\d{4}|no-year")].sum()
    assert replenishments == years == by["all"] == 401_016_305


# --- emissions --------------------------------------------------------------------------------


def test_streets_2015_equals_its_regions(edition: Edition) -> None:
    rows = edition.indicator("emissions-to-air").frame(series="streets-2019", period="2015")
    world = rows.loc[rows["entity"] == "WLD", "value"].item()
    regions = rows[rows["entity"].str.startswith("S19-")]
    assert world / 1000 == pytest.approx(2389.8, abs=0.05)
    assert len(regions) == 17
    assert regions["value"].sum() / 1000 == pytest.approx(world / 1000, abs=0.2 + 1e-9)


@pytest.mark.parametrize("entity", ["USA", "S19-USA"])
def test_streets_united_states(edition: Edition, entity: str) -> None:
    """The region is one State, so that State shows it as well."""
    rows = edition.indicator("emissions-to-air").frame(series="streets-2019", entity=entity)
    by = rows.set_index("period")["value"] / 1000
    assert round(by["2000"], 1) == 127.7
    assert round(by["2015"], 1) == 42.7


def test_a_state_inside_a_region_is_not_estimated(edition: Edition) -> None:
    where = {"series": "streets-2019", "entity": "GHA", "period": "2015"}
    row = one(edition, "emissions-to-air", **where)
    assert row["status"] == "not_estimated"
    assert pd.isna(row["value"])


def test_the_sectors_of_the_global_assessment_make_its_world(edition: Edition) -> None:
    rows = edition.indicator("emissions-to-air").frame(entity="WLD", period="2015")
    world = rows.loc[rows["series"] == "gma-2018", "value"].item()
    sectors = rows[rows["series"].str.startswith("gma-2018/")]
    assert len(sectors) == 13
    assert sectors["value"].sum() == pytest.approx(world)


def test_dental_amalgam_measures_are_about_half(edition) -> None:
    """28 Parties had taken no measure and 29 one, of 113 reports: "about 50 %" had taken two."""
    frame = edition.indicator("dental-amalgam-measures").frame(entity="WLD", period="2021-full")
    rows = frame.set_index("series")
    told, due = rows.loc["answered"], rows.loc[""]
    assert (told["n"], told["n_answered"], told["n_due"]) == (56, 113, 123)
    assert round(100 * told["value"], 1) == 49.6
    assert (told["low"], told["high"]) == (56 / 123, 66 / 123)
    assert (due["value"], due["low"], due["high"]) == (56 / 123, 56 / 123, 66 / 123)
    assert set(rows["basis"]) == {"memory"}, "inferred, and some days of deposit are from memory"
    one = edition.indicator("dental-amalgam-measures").frame(entity="GHA", period="2021-full")
    assert one["status"].tolist() == ["not_loaded"]


def test_coal_and_small_scale_gold_in_the_global_assessment(edition: Edition) -> None:
    """GMA 2018, emissions of 2015: coal 21.3 %, artisanal and small-scale gold mining 37.7 %."""
    rows = edition.indicator("emissions-sector-share").frame(entity="WLD", period="2015")
    by = rows.set_index("series")["value"]
    assert round(100 * by["gma-2018/coal"], 1) == 21.3
    assert round(100 * by["gma-2018/gold-mining"], 1) == 37.7


def test_the_united_states_since_2000_in_one_inventory(edition: Edition) -> None:
    """127.7 Mg in 2000, 42.7 in 2015 (Streets and others 2019)."""
    rows = edition.indicator("emissions-change").frame(entity="USA", period="2015")
    value = rows.set_index("series").loc["streets-2019/since-2000", "value"]
    assert value == pytest.approx(42.7 / 127.7 - 1, abs=5e-4)
