"""The registers of article 14: what the founding documents print, rules of rows, templates."""

from __future__ import annotations

import csv
import inspect
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import evalkit
from evalkit import cli, tables, testing
from evalkit.commands import DONE, REFUSED
from evalkit.errors import EvalkitError, Reason
from evalkit.indicators import catalogue
from evalkit.methods.registers import match, stands_for
from evalkit.reference import paths
from evalkit.sources.template import EXAMPLE, register_template, table_named

REGISTERS = ("events", "support_items", "asks", "expertise", "communication")


def facts(name: str) -> pd.DataFrame:
    return pd.read_csv(paths.facts() / f"{name}.csv", dtype=str, keep_default_na=False)


def world(indicator: str, day: str, **where: str) -> pd.Series:
    frame = catalogue.compute(indicator, testing.rich(), as_of=day).frame
    for column, wanted in {"entity": "WLD", "series": "", "period": "all", **where}.items():
        frame = frame[frame[column] == wanted]
    assert len(frame) == 1
    return frame.iloc[0]


# --- what the documents print -------------------------------------------------------------------


def test_the_three_workshops_of_2019_have_all_that_their_page_tells() -> None:
    events = pd.concat([facts("events"), facts("events-documents")]).set_index("event")
    hanoi, paz, osaka = (events.loc[one] for one in ("EV001", "EV002", "EV101"))
    assert (hanoi["started_on"], hanoi["ended_on"]) == ("2019-10-31", "2019-11-01")
    assert hanoi["dates_printed"] == "31 October \u2013 1 November 2019"
    assert hanoi["host"] == "Hanoi University of Natural Resources and Environment"
    assert hanoi["funders"].split("; ") == ["European Union", "China Trust Fund (UNEP)"]
    assert "Global Mercury Partnership on coal" in hanoi["held_with"]
    assert hanoi["documents"] == "report (English only); presentations"
    assert (paz["city"], paz["country"], paz["funders"]) == ("La Paz", "BOL", "European Union")
    assert paz["documents"] == "report (Spanish only)"
    assert (osaka["started_on"], osaka["ended_on"]) == ("2019-05-30", "2019-05-31")
    assert (osaka["city"], osaka["participants"]) == ("Osaka", "41")
    assert len(osaka["organisers"].split("; ")) == 3
    named = facts("event_countries").groupby("event")["country"].agg(set)
    assert named["EV001"] == {"CHN", "IND", "IDN", "MNG", "LKA", "THA", "VNM"}
    assert named["EV002"] == {"BOL", "COL", "ECU", "MEX", "PAN", "PER"}
    assert (events["articles_by"] != "").equals(events["articles"] != "")


def test_the_list_of_resource_persons_adds_up_and_five_were_asked() -> None:
    rows = facts("expertise")
    by_region = rows[rows["region"] != ""].set_index("region")["experts"].astype(int)
    assert by_region.to_dict() == {
        "East Asia": 21, "Oceania": 2, "South and West Asia": 5, "Africa": 4, "America": 3,
        "Europe": 5,
    }  # fmt: skip
    whole = rows[rows["region"] == ""].squeeze()
    assert (by_region.sum(), whole["experts"], whole["requested"]) == (40, "40", "5")


def test_expertise_and_needs_as_the_edition_has_them(edition: evalkit.Edition) -> None:
    def of(indicator: str, series: str = "") -> pd.Series:
        return edition.indicator(indicator).frame(entity="WLD", series=series).iloc[0]

    assert of("experts-listed")["value"] == 40
    assert of("experts-listed", "region/East Asia")["value"] == 21
    assert (of("experts-asked")["n"], of("experts-asked")["n_due"]) == (5, 40)
    assert of("needs-with-experts", "topic/waste")["value"] == 1


def test_the_draft_decision_has_nine_paragraphs_and_is_no_decision() -> None:
    asks = facts("asks")
    draft = asks[asks["kind"] == "draft_decision"]
    assert {one.split()[0] for one in draft["paragraph"]} == {str(n) for n in range(1, 10)}
    assert set(draft["state"]) == {"unknown"}
    verbs = draft.groupby("verb")["paragraph"].agg(lambda rows: {one.split()[0] for one in rows})
    assert verbs.to_dict() == {
        "calls_upon": {"4", "5", "7"},
        "encourages": {"6"},
        "invites": {"8"},
        "requests": {"1", "2", "3", "9"},
    }
    recommended = asks[asks["kind"] == "recommendation"].set_index("ask")["articles"]
    assert recommended.str.split("; ").str[0].tolist() == ["11", "14", "4", "7"]
    assert set(draft["takes_up"]) - {""} == set(recommended.index)


@pytest.mark.parametrize(
    ("channel", "measure", "year", "value", "qualifier"),
    [
        ("website", "users", "2020", "63000", "exact"),
        ("website", "visits", "2020", "103000", "exact"),
        ("website", "page_views", "2020", "236000", "exact"),
        ("website", "stories", "2020", "52", "exact"),
        ("social_media", "posts", "2020", "145", "exact"),
        ("social_media", "posts", "2019", "91", "exact"),
        ("social_media", "followers", "2020", "3062", "exact"),
        ("social_media", "followers", "2019", "2600", "exact"),
        ("minamata_online", "sessions", "2020", "13", "exact"),
        ("minamata_online", "hours", "2020", "23", "more_than"),
        ("minamata_online", "participants", "2020", "1700", "more_than"),
        ("minamata_online", "panellists", "2020", "50", "about"),
    ],
)
def test_figures_of_the_progress_report(
    channel: str, measure: str, year: str, value: str, qualifier: str
) -> None:
    rows = facts("communication")
    same = (rows["channel"] == channel) & (rows["measure"] == measure) & (rows["year"] == year)
    found = rows[same].squeeze()
    assert (found["value"], found["qualifier"]) == (value, qualifier)


def test_a_season_of_13_sessions_counts_13_however_many_are_rows(edition: evalkit.Edition) -> None:
    events = edition.table("events")
    season = events[(events["event"] == "EV130") | (events["part_of"] == "EV130")]
    flags = season["series"] == "Y"
    weights = stands_for(season["event"], season["part_of"], flags, season["sessions"])
    assert len(season) == 5
    assert weights.sum() == 13


# --- indicators by hand ---------------------------------------------------------------------------


def test_events_count_once_and_by_article_and_funder() -> None:
    # EV1, EV2, EV7 and a season of four, one of which is a row; EV5 is later, EV6 undated.
    assert world("events-held", "2020-12-31")["value"] == 7
    assert world("events-held", "2020-12-31", period="2019")["value"] == 2
    assert world("events-held", "2020-12-31", series="article/4")["value"] == 2
    assert world("events-held", "2020-12-31", series="article/11")["value"] == 2
    assert world("events-held", "2020-12-31", series="funder/Fund")["value"] == 2
    assert world("events-held", "2020-06-30")["value"] == 4  # the season is not over


def test_a_state_has_at_least_the_events_that_name_it() -> None:
    ghana = world("events-held", "2020-12-31", entity="GHA")
    assert (ghana["value"], ghana["low"], ghana["high"]) == (2, 2, 7)
    silent = world("events-held", "2020-12-31", entity="CHE")
    assert silent["status"] == "not_loaded", "not named is not zero"


def test_parties_reached_by_group() -> None:
    least = world("parties-reached", "2020-12-31", entity="LDC")
    islands = world("parties-reached", "2020-12-31", entity="SIDS")
    assert (least["n"], least["n_due"]) == (2, 2)  # Kiribati and Tuvalu
    assert (islands["n"], islands["n_due"]) == (2, 3)
    assert world("parties-reached", "2020-12-31", entity="CEE")["status"] == "not_loaded"


def test_people_are_not_counted_twice_and_almost_is_no_number() -> None:
    found = world("event-participants", "2020-12-31")
    # 40, and more than 100 of the season with its session; "almost 160" is left out.
    assert (found["value"], found["low"], found["n"], found["n_answered"]) == (140, 140, 2, 3)
    sexes = world("event-sex-counts", "2020-12-31")
    assert (sexes["n"], sexes["n_answered"], sexes["n_due"]) == (1, 4, 5)


def test_a_state_of_an_ask_counts_from_the_day_it_was_told() -> None:
    assert world("asks", "2020-12-31", series="decision-state/done")["value"] == 1
    assert world("asks", "2020-12-31", series="decision-state/unknown")["value"] == 1
    assert world("asks", "2021-12-31", series="decision-state/open")["value"] == 1
    assert world("asks", "2020-12-31", series="draft_decision", period="COP-4")["value"] == 1


def test_needs_meet_experts_of_their_topic_and_region() -> None:
    needs = world("needs-with-experts", "2020-12-31")
    assert (needs["n"], needs["n_due"]) == (3, 5)  # none for products, none in Europe
    experts = world("experts-with-needs", "2020-12-31")
    assert (experts["n"], experts["n_due"]) == (10, 15)
    empty = pd.DataFrame({"topic": [], "region": [], "experts": []}, dtype="str")
    assert [len(side) for side in match(empty, empty)] == [0, 0]


# --- rules of rows ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "column", "told"),
    [
        ("events", "event,title,kind,started_on,ended_on\nA,A,workshop,2023-02-02,2023-02-01",
         "ended_on", "before started_on"),
        ("events", "event,title,kind,started_on,year\nA,A,workshop,2023-02-02,2023",
         "year", "beside a day"),
        ("events", "event,title,kind,part_of\nA,A,workshop,A", "part_of", "the event itself"),
        ("events", "event,title,kind,sessions\nA,A,workshop,3", "sessions", "no series"),
        ("events", "event,title,kind,participants,women,men\nA,A,workshop,40,30,20",
         "women", "more than participants"),
        ("events", "event,title,kind,articles\nA,A,workshop,4", "articles_by", "blank"),
        ("events", "event,title,kind,articles,articles_by\nA,A,workshop,four,document",
         "articles", "no list of articles"),
        ("expertise", "list,region,topic,experts,requested,year\nL,Asia,waste,3,4,2020",
         "requested", "more than experts"),
        ("expertise", "list,region,topic,experts,year,note\nL,Asia,waste,3,2020,a@b.org",
         "note", "address of a person"),
        ("asks", "ask,kind,document,paragraph,verb,addressee,gist,state\n"
         "A,decision,D,1,requests,parties,g,done", "state_source", "blank"),
    ],
)  # fmt: skip
def test_cells_that_do_not_fit_one_another_set_a_row_apart(
    tmp_path: Path, name: str, text: str, column: str, told: str
) -> None:
    heading, row = text.split("\n")
    file = tmp_path / f"{name}.csv"
    file.write_text(f"{heading},source,basis\n{row},x,reported\n", encoding="utf-8")
    found = evalkit.check(file)
    mine = [one for one in found.failures if one.cell == column]
    assert [one.reason for one in mine] == [Reason.CONTRADICTION]
    assert told in mine[0].what
    assert mine[0].remedy
    assert found.control["set_apart"] == 1


# --- templates ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", tables.catalogue())
def test_every_table_has_a_workbook_that_is_read_as_the_table(tmp_path: Path, name: str) -> None:
    """Fill a row beneath the example, save the sheet, and only that row is read."""
    path = register_template(table_named(name.replace("_", "-")), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    head, sample = ([cell.value for cell in row] for row in sheet.iter_rows(max_row=2))
    assert head == [one for one in tables.catalogue()[name].names if one != "origin"]
    assert all(cell.comment for cell in sheet[1])
    assert sample[0].startswith(EXAMPLE)
    filled = [str(sample[0]).removeprefix(f"{EXAMPLE} ").split(",")[0], *sample[1:]]
    saved = tmp_path / f"{name}.csv"
    with saved.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, sample, filled])
    found = evalkit.check(saved)
    assert list(found.tables) in ([name], [])
    assert found.control["examples"] == 1
    assert found.control["read"] == 1


@pytest.mark.parametrize("name", REGISTERS)
def test_a_cell_with_choices_has_a_drop_down(tmp_path: Path, name: str) -> None:
    path = register_template(table_named(name), tmp_path / "a.xlsx")
    rules = openpyxl.load_workbook(path).worksheets[0].data_validations.dataValidation
    chosen = [one for one in tables.catalogue()[name].columns if one.choices]
    assert len(rules) >= len(chosen)
    assert all(len(rule.formula1) <= 255 for rule in rules)


def test_a_workbook_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "events.xlsx"
    assert cli.main(["template", "events", "--out", str(path)]) == DONE
    before = path.read_bytes()
    assert cli.main(["template", "events", "--out", str(path)]) == REFUSED
    assert "Choose another name" in capsys.readouterr().err
    assert path.read_bytes() == before
    with pytest.raises(EvalkitError, match="support-items"):
        table_named("nonsense")


def test_no_register_has_a_place_for_a_name_of_an_expert() -> None:
    columns = {one.name for one in tables.catalogue()["expertise"].columns}
    assert not columns & {"name", "person", "mail", "contact", "organisation"}
    assert "names" in inspect.getdoc(catalogue.METHODS["experts_listed"])
