"""The page on money: it says what the results say, and never more than they can."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest

from evalkit import results
from evalkit.errors import EvalkitError, RunError
from evalkit.reference import entities
from evalkit.reference.texts import catalogue
from evalkit.runs.parameters import checked
from evalkit.views import support_figures as figures
from evalkit.views import support_rows as found
from evalkit.views import support_tables as tables
from evalkit.views.report import Report
from evalkit.views.support import DRAWN, Support
from evalkit.views.support_report import SupportReport

# What a list of commitments cannot tell, and what standing side by side does not show.
NOT_SAID = re.compile(
    r"disburs|\bpaid\b|\bspent (?:on|by|for)\b|\beffects?\b|impact|\bcaus(?:e|ed|es|al)\b|"
    r"led to|leads to|result(?:s|ed) in|thanks to|owing to|due to|because|therefore|achiev|"
    r"correlat",
    re.IGNORECASE,
)
WHOLE = 401_016_305.0  # GEF grants for mercury without programmes, list of 24 October 2023


QUERIES = (
    "",
    "attribution=full-count&group=SIDS",
    "chemicals=out&period=2022",
    "party=SEN&period=GEF-7&attribution=guess&lang=xx",
)


@pytest.fixture(scope="module")
def page_of(edition) -> Callable[[str], Support]:
    """Pages by their address, each made once; no test may change one."""
    return cache(lambda query: Support(edition, query))


@pytest.fixture(scope="module")
def shown(page_of) -> Support:
    return page_of("")


@pytest.fixture(scope="module")
def grants(edition) -> pd.DataFrame:
    return edition.results_of("gef-grants")


def said(page: Support, *names: str) -> str:
    """The words of some parts of a page, without markup and without the files it holds."""
    parts = [page.htmls[name].value for name in names or page.htmls]
    plain = re.sub(r'href="data:[^"]*"', "", " ".join(parts))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def drawn(page: Support, name: str) -> dict:
    (given,) = page.outputs[name].outputs
    return given["data"]["application/vnd.plotly.v1+json"]


def value(rows: pd.DataFrame, series: str, entity: str, period: str = "all") -> float:
    row = found.cell(rows, series, entity, period)
    assert row is not None
    return float(row["value"])


# --- the way of counting --------------------------------------------------------------------------


def test_the_ranking_depends_on_the_way_of_counting(shown, grants):
    names = {
        way: [
            entities.titles()[one]
            for one in found.ranking(found.of_series(grants, way, "all"), "WLD")["entity"].head(4)
        ]
        for way in ("full-count", "equal-split")
    }
    assert names["full-count"] == ["China", "Senegal", "Uganda", "Togo"]
    assert names["equal-split"] == ["China", "Mexico", "Philippines", "Suriname"]
    rows = re.findall(r"<tr><th scope=\"row\">(\d+)</th>(.*?)</tr>", shown.htmls["ranking"].value)
    cells = [re.findall(r">([^<]*)</td>", row) for _, row in rows[:4]]
    assert [row[0] for row in cells] == names["equal-split"]
    assert [row[2] for row in cells] == names["full-count"]
    assert cells[1][4] == "▲ up 17, from place 19"


def test_both_maps_are_drawn_in_the_same_classes_and_differ(shown):
    first, second = (drawn(shown, name)["data"][0] for name in ("map", "other"))
    assert first["colorscale"] == second["colorscale"]
    places = dict(zip(first["locations"], zip(first["z"], second["z"], strict=True), strict=True))
    assert places["CHN"][0] == places["CHN"][1]
    assert places["SEN"][0] != places["SEN"][1]


def test_moves_say_how_far_and_ties_share_a_place():
    one = pd.DataFrame({"entity": ["GHA", "PER", "TGO"], "value": [9.0, 5.0, 5.0]})
    rows = one.assign(status="ok")
    ranked = found.ranking(rows, "WLD")
    assert ranked["place"].tolist() == [1, 2, 2]
    other = found.ranking(rows.assign(value=[1.0, 5.0, 0.0]), "WLD")
    both = found.beside(ranked, other).set_index("entity")
    assert both.loc["PER", "moves"] == 1
    assert both.loc["GHA", "moves"] == -1
    assert pd.isna(both.loc["TGO", "moves"])
    assert tables.move(both.loc["GHA"]) == "▼ down 1, from place 1"


@pytest.mark.parametrize("way", ["equal-split", "single-country"])
def test_parts_and_what_is_on_no_country_make_the_whole(shown, grants, way):
    for period in grants["period"].unique():
        sums = found.whole(found.of_series(grants, way, period))
        assert sums is not None
        assert sums.adds_up
    assert "US$ 391,636,029 on countries + US$ 9,380,276 on no" in said(shown, "headline")
    assert "= US$ 401,016,305, the whole." in said(shown, "headline")


def test_the_full_count_is_never_called_a_sum(page_of):
    line = said(page_of(QUERIES[1]), "headline")
    assert "Not a sum" in line
    assert "US$ 995,151,187" in line
    assert "2.5 times the US$ 401,016,305" in line


def test_declared_shares_can_be_chosen_where_they_were_computed(grants):
    assert found.attributions(grants)[:3] == list(found.ATTRIBUTIONS)
    some = grants[grants["series"] == "equal-split"]
    more = pd.concat([some, some.assign(series="declared-shares")])
    assert found.attributions(more) == ["equal-split", "declared-shares"]
    assert tables.attribution_title("declared-shares") == "Divided as declared"


def test_other_chemicals_are_in_or_out_everywhere(shown, page_of, edition):
    alone = page_of(QUERIES[2])
    assert "US$ 401.0 million" in said(shown, "headline")
    for name in ("map", "years", "periods", "themes", "agencies", "types", "groups", "flows"):
        assert "mercury alone" in said(alone, f"{name}-a")
        assert drawn(alone, name)["data"] != drawn(shown, name)["data"]
    rows = edition.results_of("gef-grants-mercury-alone")
    whole = value(rows, "equal-split", "WLD")
    assert whole == value(edition.results_of("gef-grants"), "mercury-alone", "WLD") < WHOLE
    part = f"US$ {(WHOLE - whole) / 1e6:,.1f} million of this is of projects whose title names"
    assert part in said(shown, "headline")
    assert sum(drawn(alone, "years")["data"][0]["y"]) * 1e6 == pytest.approx(whole)


# --- the money from every side --------------------------------------------------------------------


@pytest.mark.parametrize("alone", ["", "-mercury-alone"])
@pytest.mark.parametrize("cut", ["theme", "type", "agency", "flow"])
def test_the_parts_of_a_cut_make_the_whole(edition, cut, alone):
    whole = edition.results_of(f"gef-grants{alone}")
    rows = edition.results_of(f"gef-grants-parts{alone}")
    rows = rows[rows["series"].str.startswith(f"{cut}/")]
    for entity in ("WLD", "AFRICA", "SIDS", "SEN", "UNATTRIBUTED"):
        for period in ("all", "GEF-6"):
            parts = rows[(rows["entity"] == entity) & (rows["period"] == period)]
            assert parts["value"].sum() == pytest.approx(
                value(whole, "equal-split", entity, period), rel=1e-12, abs=1e-6
            )


def test_themes_and_types_are_those_of_the_published_list(edition):
    rows = edition.results_of("gef-grants-parts")
    world = rows[(rows["entity"] == "WLD") & (rows["period"] == "all")].set_index("series")
    expected = {
        "theme/initial_assessment": (26_724_968, 73),
        "theme/action_plan": (19_500_000, 29),
        "theme/initial_assessment_and_action_plan": (6_600_000, 9),
        "theme/gold_mining": (127_523_770, 30),
        "type/enabling_activity": (52_824_968, 111),
    }
    for series, (amount, projects) in expected.items():
        assert (world.loc[series, "value"], world.loc[series, "n_due"]) == (amount, projects)
    kinds = [one for one in world.index if one.startswith("theme/") and one not in expected]
    assert world.loc[kinds, "value"].sum() == 220_667_567
    assert world.loc[kinds, "n_due"].sum() == 38


def test_figures_draw_what_the_results_say(shown, grants):
    years = drawn(shown, "years")["data"][0]
    of_year = dict(zip(years["x"], years["y"], strict=True))
    assert of_year["2022"] * 1e6 == value(grants, "equal-split", "WLD", "2022")
    assert of_year["no year"] * 1e6 == value(grants, "equal-split", "WLD", "no-year")
    assert sum(of_year.values()) * 1e6 == pytest.approx(WHOLE)
    assert of_year["2005"] == 0  # a year without projects stays on the axis
    groups = drawn(shown, "groups")["data"][0]
    africa, asia = groups["x"][:2]
    expected = value(grants, "equal-split", "ASIA-PACIFIC") / value(grants, "equal-split", "AFRICA")
    assert asia / africa == pytest.approx(expected)
    assert groups["text"][0] == "US$ 135.1 million"


def test_flows_are_all_the_money_in_figure_and_table(shown, edition):
    rows = found.flows(edition.results_of("gef-grants-parts"), "all")
    assert rows["value"].sum() == pytest.approx(WHOLE)
    (sankey,) = drawn(shown, "flows")["data"]
    half = len(set(rows["theme"]))
    assert sum(sankey["link"]["value"]) == pytest.approx(2 * WHOLE)
    assert half > len(sankey["node"]["label"]) - 8, "small themes are drawn together"
    table = tables.flows(rows, "")
    assert table.count("<tr>") == len(rows) + 1
    assert "Of US$ 401.0 million: African States US$ 135.1 million" in said(shown, "flows-b")


def test_a_year_is_no_replenishment_and_parts_say_of_when_they_are(page_of):
    page = page_of(QUERIES[2])
    assert "2022" in said(page, "map-a")
    assert "All years" in said(page, "themes-a")
    assert "GEF-7" in said(page_of(QUERIES[3]), "themes-a")


def test_agencies_that_share_a_project_are_on_one_line_of_their_own():
    joint = "agency/United Nations Development Programme; The World Bank"
    assert figures.part_title(joint) == "UNDP, The World Bank together"


def test_programmes_stand_apart_and_their_money_is_told_twice_nowhere(shown):
    told = said(shown, "programmes-b")
    assert "Without them the world has US$ 401.0 million, with them US$ 508.0 million." in told
    assert "74,318,526 71,614,776 2,703,750 15 of 16" in told
    assert "32,620,000 45,262,294 -12,642,294 8 of 8" in told


# --- what never adds ------------------------------------------------------------------------------


def test_envelope_pledge_commitment_and_projects_are_apart_each_with_its_day(shown, edition):
    (bars, words) = drawn(shown, "envelopes")["data"]
    heads = [one for one in words["text"] if one.startswith("<b>")]
    assert [one.split(":")[0].split(",")[0].strip("<b>") for one in heads] == [
        "Envelope", "Pledge", "Approved", "Committed", "Projects",
    ]  # fmt: skip
    rows = edition.results_of("gef-envelope")
    world = rows[rows["entity"] == "WLD"]
    assert len(bars["x"]) == len(world)
    assert "GEF-7 · 3 February 2021" in words["text"]
    assert "US$ 206.0 million" in bars["text"]
    assert "US$ 206.4 million" in bars["text"]  # the projects of GEF-7 are another thing
    assert "no two of them are added" in said(shown, "envelopes-b")
    assert sum(world["value"].dropna()) not in bars["x"]


def test_the_ratio_is_a_sum_over_a_sum_with_enabling_activities_apart(shown, edition):
    (bars, words) = drawn(shown, "ratio")["data"]
    rows = edition.results_of("gef-cofinancing-ratio")
    assert bars["text"][0] == f"US$ {value(rows, 'full-and-medium', 'WLD'):.2f}"
    assert bars["text"][-1] == f"US$ {value(rows, 'enabling-activities', 'WLD'):.2f}"
    apart = words["text"].index("<b>Apart: co-financing is optional</b>")
    assert words["text"][apart + 1] == "Enabling activities · 54 of 111 publish both"
    assert apart + 2 == len(words["text"])


# --- need beside support --------------------------------------------------------------------------


def test_duties_fallen_due_are_those_of_the_clock(edition):
    rows = edition.results_of("obligations")
    due = found.fallen_due(rows, edition.as_of)
    for group in ("WLD", "AFRICA", "LDC"):
        inside = [one for one in entities.members(group) if one in due.index]
        assert due[group] == due[inside].sum()


def test_no_value_beside_support_says_why(edition, page_of):
    page = page_of(QUERIES[3])
    row = re.search(r"<th scope=\"row\">Senegal</th>(.*?)</tr>", page.htmls["need-b"].value)
    assert row is not None
    support, due, emitted, plan = re.findall(r">([^<]*)</td>", row[1])
    amount = value(edition.results_of("gef-grants"), "equal-split", "SEN")
    assert support == f"US$ {amount / 1e6:,.1f} million"
    assert int(due) > 0
    assert emitted == catalogue("en")["status.not_estimated"]
    assert plan == catalogue("en")["status.not_loaded"]


@pytest.mark.parametrize("query", QUERIES)
def test_the_page_claims_no_more_than_it_can(edition, page_of, query):
    told = said(page_of(query))
    titles = set(edition.table("projects")["title"])
    assert [one for one in NOT_SAID.findall(told) if not any(one in t for t in titles)] == []
    assert "does not say that one follows from the other" in told
    assert "committed at approval" in told
    words = [text for key, text in catalogue("en").items()
             if key.startswith(("support.", "meaning.", "attribution."))]  # fmt: skip
    assert [one for one in words if NOT_SAID.search(one)] == []


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES[:3])
def test_the_address_brings_back_what_was_seen(page_of, query):
    again = html.unescape(page_of(query).htmls["address"].value)
    assert set(query.split("&")) - {""} <= set(again.lstrip("?").split("&"))


def test_an_address_that_names_what_there_is_not_falls_back(page_of):
    page = page_of(QUERIES[3])
    assert (page.chosen("attribution"), page.language) == ("equal-split", "en")
    assert (page.chosen("party"), page.chosen("period")) == ("SEN", "GEF-7")


def test_every_section_has_title_source_and_files(shown):
    for name in (*DRAWN, "map", "other"):
        assert "as of" in said(shown, f"{name}-a")
        below = shown.htmls[f"{name}-b"].value
        assert "Source: " in below
        assert below.count('download="') == 2
        assert "<table>" in below, "every figure has its table"
    assert "speaks of 24 October 2023" in said(shown, "listed")


def test_a_choice_draws_what_depends_on_it_and_nothing_else(edition):
    page = Support(edition)
    before = {name: page.outputs[name].outputs for name in ("flows", "map", "years")}
    envelopes = page.htmls["envelopes-b"].value
    page.choosers["party"].value = "MEX"
    assert page.outputs["flows"].outputs is before["flows"]
    assert page.outputs["map"].outputs is before["map"]
    assert page.outputs["years"].outputs is not before["years"]
    assert page.htmls["envelopes-b"].value is envelopes
    assert "Mexico: US$ 20.5 million" in said(page, "headline")


def test_hostile_data_are_shown_as_text(small_edition):
    page = Support(small_edition("hostile"), "party=COG")
    for part in page.htmls.values():
        assert "<script" not in part.value.lower()
        assert "could not be shown" not in part.value
    assert "committed at approval" in said(page) or "No file" in said(page)


def test_notebooks_speak_of_a_group_or_of_one_party(edition):
    told = {
        entity: str(Report(edition, **{kind: entity}).head().data)
        for kind, entity in (("group", "SIDS"), ("party", "SEN"))
    }
    assert "Small island developing States" in told["SIDS"]
    assert "Senegal" in told["SEN"]
    declared = {"group": "WLD", "party": ""}
    assert checked("finance", declared, {"party": ""})["party"] == ""
    assert checked("finance", declared, {"party": "SEN"})["party"] == "SEN"
    with pytest.raises(RunError, match="a Party"):
        checked("finance", declared, {"party": "Senegal"})


def test_a_notebook_refuses_a_day_that_is_not_computed(edition):
    with pytest.raises(EvalkitError, match="not computed for 2019-01-01") as caught:
        SupportReport(edition, as_of="2019-01-01")
    assert edition.as_of in str(caught.value)


def test_nothing_loaded_is_said_and_not_drawn_as_zero():
    empty = results.conform(
        pd.DataFrame(
            [
                {"indicator": "gef-grants", "series": "equal-split", "entity": one,
                 "period": "all", "unit": "USD", "status": "not_loaded", "basis": "missing",
                 "as_of": "2026-10-01"}
                for one in ("WLD", "GHA")
            ]
        )
    )  # fmt: skip
    assert found.whole(empty) is None
    assert len(found.ranking(empty, "WLD")) == 0
    assert found.attributions(empty) == ["equal-split"]
