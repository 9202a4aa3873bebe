"""Lists of reports received: three shapes of InforMEA and simple sheets."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import evalkit
from evalkit import tables, testing
from evalkit.errors import FileRefusedError, Reason
from evalkit.sources.cycles import cycle_of
from evalkit.sources.loaded import Loaded

REAL = Path(__file__).resolve().parents[2] / os.environ.get("EVALKIT_REALDATA", "../shared/data")
AnyChange = Callable[[str, bytes], None]
REPORT = {
    "id": "uuid-1",
    "treaty": "minamata",
    "country": "CHE",
    "submission": "/Date(1640908800000)/",
    "url": "https://example.invalid/1",
    "title": {"results": [{"Id": "1-en", "language": "en", "value": "First full national report"}]},
}


def checked(folder: Path, name: str, content: Any) -> Loaded:
    """Write a file, text or bytes as they are and anything else as JSON, and check it."""
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return evalkit.check(path, shown=name)


def lines(*rows: str) -> str:
    return "\n".join([*rows, ""])


def odata(*changes: dict[str, Any]) -> dict[str, Any]:
    """An answer of the first shape, a report for each change of REPORT."""
    return {"d": {"results": [{**REPORT, **change} for change in changes]}}


def reports(loaded: Loaded) -> list[tuple[str, str, str]]:
    assert loaded.failures == ()
    frame = tables.check("submissions", loaded.tables["submissions"])
    days = frame["submitted_on"].dt.strftime("%Y-%m-%d")
    return list(zip(frame["party"], frame["cycle"], days, strict=True))


def only(loaded: Loaded) -> tuple[Reason, str, str]:
    (failure,) = loaded.failures
    assert failure.remedy
    return failure.reason, failure.what, failure.where


@pytest.mark.parametrize(
    "answer",
    [
        odata({}),
        [{**REPORT, "title": [{"language": "fr", "value": "x"}, *REPORT["title"]["results"]]}],
        {"value": [{**REPORT, "submission": "2021-12-31", "title": "First full national report"}]},
        [{name: [{"value": one}] for name, one in {**REPORT, "title": "2021 full report"}.items()}],
    ],
    ids=["v1 nested", "v3 plain arrays", "plain text", "Drupal"],
)
def test_each_shape_gives_the_same_report(answer: object, tmp_path: Path) -> None:
    loaded = checked(tmp_path, "reports.json", answer)
    assert loaded.source == "informea-reports"
    assert reports(loaded) == [("CHE", "2021-full", "2021-12-31")]
    row = loaded.tables["submissions"].iloc[0]
    assert row["basis"] == "derived", "the cycle is told from the title"
    (source,) = loaded.tables["sources"].to_dict("records")
    assert (row["source"], source["publisher"]) == (source["source"], "InforMEA")


@pytest.mark.parametrize(
    ("country", "iso3"),
    [("SEN", "SEN"), ("FM", "FSM"), ("at", "AUT"), ("NA", "NAM"), ("na", "NAM"), ("EU", "EUE")],
)
def test_a_country_is_a_code_of_two_or_three_letters_in_any_case(
    country: str, iso3: str, tmp_path: Path
) -> None:
    found = reports(checked(tmp_path, "reports.json", odata({"country": country})))
    assert [party for party, *_ in found] == [iso3]


def test_another_treaty_is_set_apart_once_with_its_count(tmp_path: Path) -> None:
    other = {"treaty": "cites", "title": None, "country": "??"}
    loaded = checked(tmp_path, "reports.json", odata({}, other, {**other, "id": "3"}))
    reason, what, where = only(loaded)
    assert reason is Reason.NOT_ALLOWED
    assert "'cites' in 2 entries" in what
    assert where == "reports.json, at /d/results/1/treaty"
    assert "data/reference/treaties.csv" in loaded.failures[0].remedy
    assert loaded.control == {"read": 3, "taken": 1, "set_apart": 2}


def test_a_title_that_was_not_asked_for_says_what_to_ask(tmp_path: Path) -> None:
    deferred = {"title": {"__deferred": {"uri": "https://example.invalid/title"}}}
    loaded = checked(tmp_path, "reports.json", odata(deferred))
    assert only(loaded)[0] is Reason.MISSING_VALUE
    assert "$expand=title" in loaded.failures[0].remedy


def test_an_answer_that_goes_on_says_so(tmp_path: Path) -> None:
    page = odata({})
    page["d"]["__next"] = "https://example.invalid/next"
    assert "another page" in checked(tmp_path, "reports.json", page).notes[0]


@pytest.mark.parametrize(
    ("change", "reason", "field", "said"),
    [
        ({"country": "Zaire-Congo"}, Reason.UNKNOWN_NAME, "country", "Zaire-Congo"),
        ({"country": "XQ"}, Reason.UNKNOWN_NAME, "country", "'XQ'"),
        ({"submission": "03/04/2021"}, Reason.NOT_A_DAY, "submission", "may be two days"),
        ({"submission": None}, Reason.MISSING_VALUE, "submission", "is blank"),
        ({"submission": "/Date(99999999999999999)/"}, Reason.NOT_A_DAY, "submission", "no day"),
        ({"submission": "2016-01-01"}, Reason.CONTRADICTION, "submission", "before the period"),
        ({"title": "National report 2021"}, Reason.NOT_ALLOWED, "title", "which one cycle"),
        ({"title": "First full report 2025"}, Reason.NOT_ALLOWED, "title", "which one cycle"),
    ],
)
def test_a_bad_report_is_set_apart_with_its_pointer(
    change: dict[str, object], reason: Reason, field: str, said: str, tmp_path: Path
) -> None:
    loaded = checked(tmp_path, "reports.json", odata({"country": "PER"}, {"id": "2", **change}))
    found, what, where = only(loaded)
    assert (found, where) == (reason, f"reports.json, at /d/results/1/{field}")
    assert said in what
    assert loaded.tables["submissions"]["party"].tolist() == ["PER"]


def test_a_report_listed_twice_says_where_it_stands_already(tmp_path: Path) -> None:
    loaded = checked(tmp_path, "reports.json", odata({}, {"country": "ch"}))
    reason, what, where = only(loaded)
    assert reason is Reason.DUPLICATE_KEY
    assert "CHE, 2021-full" in what
    assert "already at /d/results/0" in what
    assert where == "reports.json, at /d/results/1"


@pytest.mark.parametrize("answer", [[], {"d": {"results": []}}, {"value": []}])
def test_an_empty_list_says_so(answer: object, tmp_path: Path) -> None:
    assert only(checked(tmp_path, "reports.json", answer))[0] is Reason.EMPTY_FILE


@pytest.mark.parametrize(
    "content",
    [
        "<!doctype html><html><body>Log in</body></html>",
        '{"d": {"results": [{"treaty": "minamata", "coun',
        '{"d": {"results": [{"treaty": "minamata", "country": "C\xf4te"}]}}'.encode("latin-1"),
        "[" * 100_000,
        '{"something": "else"}',
    ],
    ids=["web page", "broken off", "latin-1", "too deep", "other JSON"],
)
def test_what_is_no_list_is_refused(content: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError) as caught:
        checked(tmp_path, "reports.json", content)
    assert caught.value.remedy
    assert "reports.json" in str(caught.value)


def test_a_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbf" + json.dumps(odata({})).encode()
    assert reports(checked(tmp_path, "reports.json", raw)) == [("CHE", "2021-full", "2021-12-31")]


@pytest.mark.realdata
@pytest.mark.skipif(
    not (REAL / "reporting").is_dir(), reason="no files of others: set EVALKIT_REALDATA"
)
def test_the_file_in_the_real_shape_is_read_and_its_treaty_is_not_taken_for_ours() -> None:
    loaded = evalkit.check(REAL / "reporting" / "informea_countryreports_synthetic.json")
    assert "'TREATY-ID' in 1 entries" in only(loaded)[1]


# --- simple sheets ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("party,cycle,submitted_on", "Namibia,2021-full,2021-12-31"),
        ("Country,Report,Date of submission,Link", "NA,First full,31 Dec 2021,x"),
        ("State;Reporting cycle;Received on", "NAM;2021;31/12/2021"),
        ("ISO3,Reporting period,Date received", 'nam,2017-2020,"December 31, 2021"'),
    ],
)
def test_headings_and_days_of_several_kinds(heading: str, row: str, tmp_path: Path) -> None:
    loaded = checked(tmp_path, "any.csv", "\ufeff" + lines(heading, row))
    assert loaded.source == "reports-list"
    assert reports(loaded) == [("NAM", "2021-full", "2021-12-31")]
    assert loaded.tables["submissions"]["origin"].tolist() == ["any.csv:2"]
    assert loaded.tables["submissions"]["basis"].tolist() == ["reported"]


def test_a_bad_row_names_line_and_heading(tmp_path: Path) -> None:
    loaded = checked(
        tmp_path,
        "any.csv",
        lines(
            "Country,Cycle,Received on",
            "Peru,2021-full,2021-12-01",
            "Congo,2021-full,03/04/2022",
            "Korea,2021-full,2021-12-01",
            "Chile,short,2021-12-01",
            "PER,First full,2021-12-02",
        ),
    )
    told = [(one.reason, one.line, one.cell) for one in loaded.failures]
    assert told == [
        (Reason.NOT_A_DAY, 3, "Received on"),
        (Reason.UNKNOWN_NAME, 4, "Country"),
        (Reason.NOT_ALLOWED, 5, "Cycle"),
        (Reason.DUPLICATE_KEY, 6, ""),
    ]
    assert loaded.control == {"read": 5, "taken": 1, "set_apart": 4}


def test_a_row_of_another_length_refuses_the_list(tmp_path: Path) -> None:
    text = lines("Country,Cycle,Received on", "Korea, Republic of,2021-full,2021-12-01")
    assert only(checked(tmp_path, "any.csv", text))[0] is Reason.NOT_A_TABLE


@pytest.mark.parametrize(
    ("title", "cycle"),
    [
        ("2021-full", "2021-full"),
        ("2021 full national report", "2021-full"),
        ("Full national report (2017-2020)", "2021-full"),
        ("1st short national report", "2019-short"),
        ("Second short report, 2021\u20132022", "2023-short"),
        ("SECOND FULL NATIONAL REPORT", "2025-full"),
        ("", ""),
        ("National report", ""),
        ("Short report", ""),
        ("Second report", ""),
        ("National report 2021", ""),
        ("Full report 2020", ""),
        ("First short report 2021-2022", ""),
        ("First full and short report", ""),
        ("Ninth full report", ""),
        ("Full report 2017-2020 and 2021-2024", ""),
    ],
)
def test_a_cycle_is_told_only_where_it_can_be_one(title: str, cycle: str) -> None:
    assert cycle_of(title) == cycle


def test_a_loaded_list_makes_the_reporting_rate_count_each_party(tmp_path: Path) -> None:
    folder = testing.write_data(tmp_path / "data", testing.minimal())
    sheet = tmp_path / "reports.csv"
    sheet.write_text(lines("Country,Report,Received on", "Peru,First short,1 Mar 2020"), "utf-8")
    built = evalkit.build([sheet], out=tmp_path / "editions" / "one", data=folder)
    rate = built.indicator("reporting-rate").frame(as_of="2020-03-01", period="2019-short")
    peru = rate[rate["entity"] == "PER"].iloc[0]
    assert (peru["status"], peru["value"]) == ("ok", 1.0)
    assert rate.loc[rate["entity"] == "WLD", ["n", "n_due"]].to_numpy().tolist() == [[2, 2]]
    before = built.indicator("reporting-rate").frame(as_of="2020-02-29", period="2019-short")
    assert before.loc[before["entity"] == "PER", "status"].item() == "not_reported"
    assert pd.Series(built.table("sources")["source"]).str.startswith("reports-list-").sum() == 1


def test_any_change_of_an_answer_is_read_or_refused(any_change: AnyChange) -> None:
    raw = json.dumps(odata({}, {"id": "2", "country": "NA"}, {"id": "3", "country": "at"})).encode()
    any_change("reports.json", raw)


def test_any_change_of_a_sheet_is_read_or_refused(any_change: AnyChange) -> None:
    rows = ("Country,Report,Received on", "Peru,2021-full,2021-12-01", "NA,First full,31 Dec 2021")
    any_change("any.csv", lines(*rows).encode())
