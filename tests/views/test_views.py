"""Views say what the results say: nothing is hidden, nothing invented, text stays text."""

from __future__ import annotations

import html
import io
import itertools
import math

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit import results
from evalkit.model import Status
from evalkit.reference import entities, outlines
from evalkit.views import choice as choices
from evalkit.views import downloads, numbers, sentences, theme
from evalkit.views.bars import bars
from evalkit.views.choice import Choice
from evalkit.views.classes import MOST, breaks, classes
from evalkit.views.emissions_lines import amounts
from evalkit.views.lines import over_days
from evalkit.views.overview import Overview
from evalkit.views.party_panel import PartyData, party_panel
from evalkit.views.table import html_table, results_table
from evalkit.views.world_map import world_map

# Shares beside that of the Parties due: a single Party has no value in them.
GROUPS_ONLY = ("answered", "answered-wilson", "items", "change", "change-panel")


def rows_for_every_state(value_of, *, indicator="gef-grants", unit="USD"):
    """Results of all States; `value_of` gives a number, or a status for no value."""
    records = []
    for i, entity in enumerate(entities.states()):
        got = value_of(i)
        status, value = (got, math.nan) if isinstance(got, Status) else (Status.OK, got)
        records.append({"entity": entity, "value": value, "status": str(status)})
    return results.conform(
        pd.DataFrame(records).assign(
            indicator=indicator, unit=unit, basis="reported", as_of="2023-10-24", source="x"
        )
    )


@given(lowest=st.floats(1e-3, 1e9, allow_subnormal=False), factor=st.floats(1, 1e9))
def test_breaks_span_all_values_in_few_ranges(lowest, factor):
    highest = lowest * factor
    limits = breaks(lowest, highest)
    assert limits == sorted(set(limits))
    assert limits[-1] >= highest
    assert 1 <= len(limits) - 1 <= MOST


@given(st.lists(st.one_of(st.just(0.0), st.floats(0.01, 1e8)), min_size=1, max_size=30))
def test_every_value_falls_into_exactly_one_class(values):
    rows = rows_for_every_state(lambda i: values[i % len(values)])
    found = classes(rows, "gef-grants", "USD", "en")
    for row in rows.itertuples():
        assert sum(one.holds(row.value, row.status) for one in found) == 1


def test_each_status_is_a_class_of_its_own_with_its_own_colour():
    every = itertools.cycle([10.0, *(s for s in Status if s is not Status.OK)])
    rows = rows_for_every_state(lambda _: next(every))
    found = classes(rows, "gef-grants", "USD", "en")
    assert {one.status for one in found if one.status} == set(Status) - {Status.OK}
    assert len({one.colour for one in found}) == len(found)


def test_map_draws_every_outline_once_and_no_foreign_value():
    rows = rows_for_every_state(lambda i: float(i % 7) * 1e6)
    found = classes(rows, "gef-grants", "USD", "en")
    figure = world_map(rows, found, title="t", note="n")
    drawn, _, points = figure.data[:3]
    place = dict(zip(drawn.locations, drawn.z, strict=True))
    assert sorted(place) == sorted(outlines.ids())
    nobody = len(found) + 1
    assert all(place[x] == nobody for x in outlines.disputed())
    by_entity = rows.set_index("entity")
    for entity in set(place) & set(entities.states()):
        row = by_entity.loc[entity]
        assert found[int(place[entity])].holds(row["value"], row["status"])
    assert {"TUV", "NRU", "SMR"} <= set(points.customdata)


def test_states_outside_the_chosen_group_are_called_so_and_not_nobodys():
    rows = rows_for_every_state(lambda _: 5e6)
    inside = choices.of_states(rows, "LDC")
    found = classes(inside, "gef-grants", "USD", "en")
    figure = world_map(inside, found, title="t", note="n")
    drawn = figure.data[0]
    said = dict(zip(drawn.locations, drawn.text, strict=True))
    assert "Outside the group chosen" in said["FRA"]
    assert "US$ 5.0 million" in said["SEN"]
    assert "No Party's own area" in said["GRL"]
    place = dict(zip(drawn.locations, drawn.z, strict=True))
    assert len({place["FRA"], place["SEN"], place["GRL"]}) == 3
    assert "Outside the group chosen" in [trace.name for trace in figure.data]


def test_a_state_without_value_is_never_drawn_in_the_colour_of_one():
    rows = rows_for_every_state(lambda i: Status.NOT_LOADED if i % 2 else 5e6)
    found = classes(rows, "gef-grants", "USD", "en")
    figure = world_map(rows, found, title="t", note="n")
    place = dict(zip(figure.data[0].locations, figure.data[0].z, strict=True))
    silent = set(rows.loc[rows["status"] == Status.NOT_LOADED, "entity"]) & set(place)
    assert silent
    assert {found[int(place[entity])].status for entity in silent} == {Status.NOT_LOADED}


def test_every_map_carries_the_note_on_boundaries():
    rows = rows_for_every_state(lambda _: 1e6)
    figure = world_map(rows, classes(rows, "gef-grants", "USD", "en"), title="t", note="n")
    told = " ".join(a.text.replace("<br>", " ") for a in figure.layout.annotations)
    assert "do not imply official endorsement or acceptance by the United Nations" in told


def test_bars_write_the_reason_where_there_is_no_value():
    rows = results.conform(
        pd.DataFrame(
            {
                "indicator": "reporting-rate",
                "unit": "share",
                "entity": ["WLD", "AFRICA"],
                "value": [91 / 114, math.nan],
                "n": [91, None],
                "n_answered": [91, None],
                "n_due": [114, 30],
                "status": ["ok", "not_loaded"],
                "basis": "inferred",
                "as_of": "2020-10-02",
            }
        )
    )
    figure = bars(rows, title="t", note="n")
    said = dict(zip(figure.data[0].y, figure.data[0].text, strict=True))
    assert said["World"] == "79.8 % (91 of 114)"
    assert said["African States"] == "No file loaded that tells"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (math.nan, math.nan, "149"),
        (149.0, math.nan, "at least 149"),
        (143.0, 151.0, "149 (143 to 151)"),
    ],
)
def test_bounds_are_said_in_words(low, high, said):
    assert numbers.bounded(149.0, low, high, "Parties") == said


def test_text_of_a_file_is_escaped_in_tables():
    table = html_table([("a", "text")], [("<script>alert(1)</script>",)], "c<b>")
    assert "<script>" not in table
    assert "&lt;script&gt;" in table
    assert "c&lt;b&gt;" in table


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_download_holds_no_formula(cell):
    frame = pd.DataFrame({"title": [cell, "plain"], "value": [-3.5, 2.0]})
    book = openpyxl.load_workbook(io.BytesIO(downloads.as_xlsx(frame, [("note", cell)])))
    held = book["data"]["A2"].value.replace("\n", "\r")  # XML has one kind of line end
    assert held == f"'{cell}"
    assert book["data"]["A2"].data_type == "s"
    assert book["data"]["B2"].value == -3.5
    assert book["about"]["B1"].value.startswith("'")
    text = downloads.as_csv(frame, []).decode("utf-8-sig")
    assert pd.read_csv(io.StringIO(text))["title"].tolist()[0].startswith("'")


def test_a_download_gives_the_same_rows_back(edition):
    rows = edition.indicator("gef-grants").frame(period="all", series="equal-split")
    text = downloads.as_csv(rows, [("title", "two\nlines")]).decode("utf-8-sig")
    back = pd.read_csv(io.StringIO(text), comment="#", keep_default_na=False)
    assert back["value"].tolist() == pytest.approx(rows["value"].tolist())
    assert back["entity"].tolist() == rows["entity"].tolist()


def test_three_counts_are_said():
    row = pd.Series({"unit": "share", "series": "", "n": 91, "n_answered": 91, "n_due": 114})
    assert sentences.counts(row) == "Owed by 114, answered by 91, counted 91."


def test_a_basis_weaker_than_reported_is_said():
    rows = pd.DataFrame({"basis": ["reported", "memory"]})
    assert "memory" in sentences.basis_note(rows)
    assert sentences.basis_note(pd.DataFrame({"basis": ["reported"]})) == ""


def test_every_choice_of_every_indicator_gives_one_row_for_each_state(edition):
    for name in edition.manifest["results"]:
        rows = edition.results_of(name)
        day = choices.days(rows)[0]
        for series in choices.series(rows):
            for period in choices.periods(rows, series, day)[:4]:
                chosen = Choice(name, series, period, day)
                mine = choices.rows_of(rows, chosen)
                states = choices.of_states(mine, "WLD")
                if series in GROUPS_ONLY:
                    assert states.empty, chosen
                    assert mine["entity"].isin(entities.groups()).any(), chosen
                else:
                    assert sorted(states["entity"]) == sorted(entities.states()), chosen
                titled = sentences.title(chosen)
                assert "{" not in titled
                assert day[:4] in titled


def test_table_has_a_row_for_each_state(edition):
    rows = edition.indicator("parties-in-force").frame(as_of="2020-12-31")
    states = choices.of_states(rows, "WLD")
    table = results_table(states, "Parties in force")
    assert table.count("<tr>") == len(entities.states()) + 1
    assert table.count("Party, Convention in force") == 123


def panel(edition, iso3, as_of):
    tables = {name: edition.table(name) for name in ("parties", "projects", "project_places")}
    found = {name: edition.results_of(name) for name in ("obligations", "emissions-to-air")}
    return party_panel(PartyData(tables, found), iso3, as_of)


def test_party_panel_tells_membership_clock_projects_and_emissions(edition):
    told = panel(edition, "USA", edition.as_of)
    assert "6 November 2013" in told
    assert "16 August 2020" in told  # facility information: entry into force + 3 years
    assert "127.7 t (2000)" in told
    assert "42.7 t (2015)" in told
    assert "GEF GOLD+ in Ghana" in panel(edition, "GHA", edition.as_of)


def test_party_panel_of_an_undated_party_says_what_is_not_known(edition):
    told = panel(edition, "COD", edition.as_of)
    assert "not found" in told
    assert "Basis: not found" in told


def test_party_panel_of_a_state_that_is_not_bound(edition):
    assert "nothing was owed" in panel(edition, "AUS", "2020-12-31")


def test_a_line_breaks_at_a_year_without_value_and_years_stand_at_their_distance(edition):
    rows = edition.indicator("emissions-to-air").frame(series="streets-2019", entity="S19-USA")
    figure = amounts(rows[rows["status"] == "ok"], title="t", note="n")
    line = dict(zip(figure.data[0].x, figure.data[0].y, strict=True))
    assert line[2000] == pytest.approx(127.7)
    assert line[2015] == pytest.approx(42.7)
    assert all(math.isnan(line[year]) for year in range(2001, 2010))
    assert figure.data[0].connectgaps is False


def test_days_of_an_edition_are_points_and_no_line_between_them(edition):
    rows = edition.results_of("signatories")
    figure = over_days(rows[rows["entity"] == "WLD"], title="t", note="n")
    assert figure.data[0].mode == "markers"


def test_a_choice_that_fails_shows_a_card_and_the_page_goes_on(edition, monkeypatch):
    overview = Overview(edition)
    monkeypatch.setattr(overview, "draw", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        overview.choosers["group"].value = "LDC"
    assert "could not be shown" in overview.htmls["headline"].value
    monkeypatch.undo()
    overview.choosers["group"].value = "SIDS"
    assert "Small island developing States" in overview.htmls["headline"].value


def test_the_address_is_escaped_and_brings_the_same_choice_back(edition):
    first = Overview(edition, "indicator=gef-grants&series=full-count&period=GEF-7&party=PER")
    address = html.unescape(first.htmls["address"].value)
    assert "&amp;" in first.htmls["address"].value
    assert Overview(edition, address).choice == first.choice


def test_what_is_no_range_of_values_has_colours_that_can_be_told_apart():
    named = {str(status): colour for status, colour in theme.STATUS_COLOURS.items()}
    named |= {"zero": theme.ZERO, "outside": theme.OUTSIDE, "nobody": theme.NO_STATE}
    named |= {f"step {i}": colour for i, colour in enumerate(theme.SEQUENCE)}
    near = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(named.items(), 2)
        if math.dist(bytes.fromhex(a[1:]), bytes.fromhex(b[1:])) < 20
    ]
    assert near == []
