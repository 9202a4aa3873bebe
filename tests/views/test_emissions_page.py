"""The page on emissions: bounds drawn as bounds, inventories side by side, no year borrowed."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from evalkit.errors import EvalkitError
from evalkit.model import Status
from evalkit.views.emissions import Emissions
from evalkit.views.emissions_figures import SYMBOLS, annex_d_bounds, part_title, point_sources
from evalkit.views.inventories import in_year, latest

FIGURE = "application/vnd.plotly.v1+json"


@pytest.fixture(scope="module")
def real(edition):
    return Emissions(edition)


@pytest.fixture(scope="module")
def small(small_edition):
    return small_edition("answered")


def figure_of(page: Emissions, name: str) -> dict:
    (output,) = page.outputs[name].outputs
    return output["data"][FIGURE]


def marks(figure: dict) -> list[tuple[str, str, float]]:
    """Symbol, label and tonnes of every mark of a figure of bounds."""
    return [
        (trace["marker"]["symbol"], label.replace("<br>", " "), value)
        for trace in figure["data"]
        if "markers" in trace["mode"]
        for label, value in zip(trace["y"], trace["x"], strict=True)
    ]


def test_a_bound_is_drawn_as_the_bound_that_the_results_call_it(real, edition):
    rows = edition.results_of("annex-d-by-source")
    rows = rows[(rows["entity"] == "WLD") & (rows["status"] == Status.OK)]
    rows = rows[rows["series"].str.startswith("gma-2018/") & (rows["period"] == "2015")]
    told = set()
    for row in rows.itertuples():
        _, source, bound, *more = row.series.split("/")
        if not more:
            told.add((SYMBOLS[bound], part_title(source), round(row.value / 1000, 9)))
    drawn = {(symbol, label, round(value, 9)) for symbol, label, value in
             marks(figure_of(real, "annex-d"))}  # fmt: skip
    assert drawn == told
    assert ("triangle-left", "Coal-fired power plants", 473.777) in drawn
    assert ("triangle-right", "Cement clinker", 233.168) in drawn
    assert ("circle", "Waste incineration", 14.944) in drawn


def test_no_bound_is_told_as_an_amount(real):
    said = re.sub(r"<[^>]+>", " ", real.under["annex-d"].value)
    assert "at most 473.8 t" in said
    assert "at least 233.2 t" in said
    assert "Annex D in the total of this inventory: at least 11.2 %, at most 47.2 %." in said
    assert "not an adopted correspondence" in said
    texts = [
        one
        for trace in figure_of(real, "annex-d")["data"]
        if "text" in trace["mode"]
        for one in trace["text"]
    ]
    assert {one[0] for one in texts if "14.9" not in one} == {"≤", "≥"}


def test_both_bounds_of_a_source_are_joined_and_a_lonely_one_is_not():
    rows = pd.DataFrame(
        {
            "series": ["i/cement-clinker/upper", "i/cement-clinker/lower", "i/annex-d/upper",
                       "i/annex-d/upper/independent", "i"],
            "value": [3000.0, 1000.0, 5000.0, 5000.0, float("nan")],
            "low": [float("nan")] * 2 + [4000.0] * 2 + [float("nan")],
            "high": [float("nan")] * 2 + [7000.0] * 2 + [float("nan")],
        }
    )  # fmt: skip
    found = point_sources(rows)
    assert found["series"].tolist() == [
        "i/cement-clinker/lower",
        "i/cement-clinker/upper",
        "i/annex-d/upper",
    ]
    drawn = annex_d_bounds(found, title="t", note="n")
    lines = [trace for trace in drawn.data if trace.mode == "lines"]
    assert [list(one.x) for one in lines] == [[1.0, 3.0]]
    upper = next(trace for trace in drawn.data if trace.marker.symbol == "triangle-left")
    assert list(upper.error_x.array) == [0, 2.0]
    assert list(upper.error_x.arrayminus) == [0, 1.0]


def test_inventories_stand_side_by_side_and_no_year_is_borrowed(real):
    rows = real.now("emissions-to-air")
    now = in_year(rows, "WLD", "2015").set_index("series")
    assert now.at["gma-2018", "value"] == 2_223_594
    assert now.at["clrtap", "status"] == Status.NOT_ESTIMATED
    before = in_year(rows, "WLD", "2010").set_index("series")
    assert before.at["gma-2018", "status"] == Status.NOT_ESTIMATED
    assert pd.isna(before.at["gma-2018", "value"])
    austria = latest(rows, "AUT").set_index("series")
    assert austria.at["clrtap", "period"] == "2019"
    assert austria.at["clrtap", "value"] == pytest.approx(986.372, abs=1e-3)
    assert austria.at["gma-2018", "status"] == Status.NOT_ESTIMATED


def test_a_stack_of_sectors_is_the_total_of_its_inventory(real):
    drawn = figure_of(real, "sectors")["data"]
    label = "Global Mercury<br>Assessment 2018,<br>2015"
    own = {
        trace["name"]: value
        for trace in drawn
        for of, value in zip(trace["y"], trace["x"], strict=True)
        if of == label
    }
    assert sum(own.values()) == pytest.approx(2223.594)
    assert own["Artisanal and small-scale gold mining"] == pytest.approx(837.658)
    assert "History" not in str([trace["y"] for trace in drawn])  # a section of its own


def test_change_is_each_inventorys_own_and_named_after_its_first_year(edition):
    page = Emissions(edition, "party=AUT")
    drawn = {trace["name"]: trace["y"] for trace in figure_of(page, "change")["data"]}
    own = drawn["National totals under the air convention (CLRTAP): since 1990"]
    assert own[0] == 0
    assert own[-1] == pytest.approx(986.372 / 2164.481 - 1, abs=1e-5)
    assert all(": since " in name for name in drawn)
    world = [trace["name"] for trace in figure_of(Emissions(edition), "change")["data"]]
    assert not [name for name in world if "as first published" in name]  # a method for each year
    trend = [trace["name"] for trace in figure_of(page, "trend")["data"]]
    assert "National totals under the air convention (CLRTAP)" in trend


def test_what_is_not_there_says_so(real):
    assert "Not estimated by this inventory" in real.under["compared"].value
    assert "No grid of emissions is loaded" in real.under["grids"].value
    assert real.choosers["drawn"].layout.display == "none", "there are no cells to choose"
    assert "persons by country and year" in real.htmls["missing"].value
    assert "Mercury emitted by the point sources of Annex D" not in real.htmls["missing"].value


def test_pairs_and_history_of_small_data_are_shown(small):
    page = Emissions(small, "party=GHA")
    said = re.sub(r"<[^>]+>", " ", page.under["agreement"].value)
    ratio = small.results_of("inventories-against-reports")
    mine = ratio[(ratio["entity"] == "GHA") & (ratio["status"] == Status.OK)]
    assert mine["value"].round(2).astype("str").tolist() == ["0.57"]
    assert "zeta / National totals under the air convention (CLRTAP)" in said
    assert "0.57" in said
    drawn = figure_of(page, "legacy")["data"][0]
    assert [year for year, value in zip(drawn["x"], drawn["y"], strict=True) if value is not None
            and value == value] == [1850, 1860, 1870]  # fmt: skip


def test_a_section_or_choice_that_is_not_there_is_refused(real, edition):
    with pytest.raises(EvalkitError, match="no section 'sector'"):
        real.display("sector")
    with pytest.raises(EvalkitError, match="can't be chosen for year") as caught:
        Emissions(edition, "year=1812").head()
    assert "2015" in caught.value.remedy
