"""Answers of the UN's SDG data service for indicator 12.4.1, as JSON and as a table."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import evalkit
from evalkit import tables
from evalkit.errors import FileRefusedError, Reason
from evalkit.sources.loaded import Loaded

REAL = Path(__file__).resolve().parents[2] / os.environ.get("EVALKIT_REALDATA", "../shared/data")
NAME = "sdg-2026-10-01.json"
TABLE = "Goal,SeriesCode,GeoAreaCode,GeoAreaName,TimePeriod,Value,[Nature],[Units]"
Y2020 = {"year": "[2020]", "value": "66.67", "Nature": "C", "Units": "PERCENT"}


def checked(folder: Path, name: str, content: Any) -> Loaded:
    """Write a file, text or bytes as they are and anything else as JSON, and check it."""
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return evalkit.check(path, shown=name)


def lines(*rows: str) -> str:
    return "\n".join([*rows, ""])


def sdg(*rows: tuple[str, str, list[dict[str, str]]], series: str = "SG_HAZ_CMRMNMT") -> Any:
    """An answer of the pivot: number, name and values of each area."""
    return {
        "totalPages": 1,
        "data": [
            {
                "indicator": "12.4.1",
                "series": series,
                "geoAreaCode": code,
                "geoAreaName": name,
                "units": "PERCENT",
                "years": json.dumps(values),
            }
            for code, name, values in rows
        ],
    }


def values(loaded: Loaded) -> dict[tuple[str, str], float]:
    assert loaded.failures == ()
    frame = tables.check("published", loaded.tables["published"])
    assert set(frame["indicator"]) == {"sdg-12-4-1"}
    assert set(frame["unit"]) == {"percent"}
    return dict(
        zip(zip(frame["entity"], frame["period"], strict=True), frame["value"], strict=True)
    )


def test_the_years_are_json_inside_a_text(tmp_path: Path) -> None:
    later = {"year": "[2025]", "value": "100", "Nature": "E"}
    answer = sdg(("4", "Afghanistan", [Y2020, later]), ("1", "World", [Y2020]))
    loaded = checked(tmp_path, NAME, answer)
    assert values(loaded) == {
        ("AFG", "2020"): 66.67,
        ("AFG", "2025"): 100,
        ("WLD", "2020"): 66.67,
    }
    frame = loaded.tables["published"]
    assert set(frame["as_of"]) == {pd.Timestamp("2026-10-01")}
    assert frame["basis"].tolist() == ["reported", "estimated", "reported"]
    assert frame["origin"].tolist()[0] == f"{NAME}#/data/0"


def test_no_value_other_series_and_groups_are_counted_and_never_zero(tmp_path: Path) -> None:
    answer = sdg(
        ("516", "Namibia", [{"year": "[2020]", "value": ""}, {"year": "[2021]", "value": "0"}]),
        ("199", "Least Developed Countries (LDCs)", [Y2020]),
        ("5", "South America", [Y2020]),
    )
    answer["data"] += sdg(("516", "Namibia", [Y2020]), series="EN_HAZ_PCAP")["data"]
    loaded = checked(tmp_path, NAME, answer)
    assert values(loaded) == {("NAM", "2021"): 0, ("M49-005", "2020"): 66.67}
    assert loaded.control == {"read": 5, "taken": 2, "set_apart": 0, "passed_over": 3}
    told = " ".join(loaded.notes)
    assert "1 values of another series: EN_HAZ_PCAP" in told
    assert "1 values without a value: Namibia" in told
    assert "Least Developed Countries" in told


def test_pages_together_and_one_of_several(tmp_path: Path) -> None:
    pages = [sdg(("4", "Afghanistan", [Y2020])), sdg(("8", "Albania", [Y2020]))]
    assert set(values(checked(tmp_path, NAME, pages))) == {("AFG", "2020"), ("ALB", "2020")}
    one = {**pages[0], "totalPages": 2, "pageNumber": 1}
    assert "page 1 of 2" in checked(tmp_path, NAME, one).notes[0]


def test_the_plain_answer_and_the_table_say_the_same(tmp_path: Path) -> None:
    row = {
        "series": "SG_HAZ_CMRMNMT",
        "geoAreaCode": "516",
        "geoAreaName": "Namibia",
        "timePeriodStart": 2020.0,
        "value": "33.33",
        "attributes": {"Nature": "C", "Units": "PERCENT"},
    }
    text = f"{TABLE}\n12,SG_HAZ_CMRMNMT,516,Namibia,2020,33.33,C,PERCENT\n"
    plain = checked(tmp_path, NAME, {"data": [row]})
    table = checked(tmp_path, "sdg-2026-10-01.csv", text)
    assert values(plain) == values(table) == {("NAM", "2020"): 33.33}
    assert table.tables["published"]["origin"].tolist() == ["sdg-2026-10-01.csv:2"]


def test_a_download_without_a_day_is_refused(tmp_path: Path) -> None:
    (failure,) = checked(tmp_path, "sdg.json", sdg(("4", "Afghanistan", [Y2020]))).failures
    assert failure.reason is Reason.MISSING_VALUE
    assert "sdg-12-4-1-2026-10-01.json" in failure.remedy


@pytest.mark.parametrize(
    ("code", "name", "value", "reason", "said"),
    [
        ("288", "Peru", Y2020, Reason.CONTRADICTION, "288 is not Peru"),
        ("4", "Afghanistan", {**Y2020, "value": "130"}, Reason.NOT_ALLOWED, "0 to 100"),
        ("4", "Afghanistan", {**Y2020, "value": ">95"}, Reason.NOT_A_NUMBER, "'>95'"),
        ("4", "Afghanistan", {**Y2020, "Units": "KG"}, Reason.NOT_ALLOWED, "'KG'"),
        ("4", "Afghanistan", {**Y2020, "year": "[x]"}, Reason.NOT_A_DAY, "no year"),
        ("PER U", "Atlantis", Y2020, Reason.UNKNOWN_NAME, "Atlantis"),
    ],
)
def test_a_bad_value_is_set_apart_with_its_pointer(
    code: str, name: str, value: dict[str, str], reason: Reason, said: str, tmp_path: Path
) -> None:
    loaded = checked(tmp_path, NAME, sdg(("8", "Albania", [Y2020]), (code, name, [value])))
    (failure,) = loaded.failures
    assert failure.reason is reason
    assert said in failure.what
    assert failure.where.startswith(f"{NAME}, at /data/1")
    assert loaded.tables["published"]["entity"].tolist() == ["ALB"]


def test_the_same_area_and_year_twice_is_set_apart(tmp_path: Path) -> None:
    loaded = checked(tmp_path, NAME, sdg(*[("4", "Afghanistan", [Y2020])] * 2))
    assert [one.reason for one in loaded.failures] == [Reason.DUPLICATE_KEY]


@pytest.mark.parametrize("years", ["[{", "{}", "[1]"])
def test_years_that_break_off_are_named(years: str, tmp_path: Path) -> None:
    answer = sdg(("4", "Afghanistan", [Y2020]))
    answer["data"][0]["years"] = years
    (failure,) = checked(tmp_path, NAME, answer).failures
    assert (failure.reason, failure.cell) == (Reason.NOT_A_TABLE, "/data/0")


def test_only_another_series_is_refused(tmp_path: Path) -> None:
    answer = sdg(("4", "Afghanistan", [Y2020]), series="EN_HAZ_PCAP")
    (failure,) = checked(tmp_path, NAME, answer).failures
    assert failure.reason is Reason.EMPTY_FILE
    assert "SG_HAZ_CMRMNMT" in failure.what


@pytest.mark.parametrize("content", ['{"data": [{"series": "SG', "<html><body>502</body></html>"])
def test_a_broken_download_is_refused(content: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError):
        checked(tmp_path, NAME, content)


def test_any_change_of_an_answer_is_read_or_refused(
    any_change: Callable[[str, bytes], None],
) -> None:
    answer = sdg(("4", "Afghanistan", [Y2020]), ("516", "Namibia", [Y2020]), ("1", "World", []))
    any_change(NAME, json.dumps(answer).encode())


def test_any_change_of_the_table_is_read_or_refused(
    any_change: Callable[[str, bytes], None],
) -> None:
    row = "12,SG_HAZ_CMRMNMT,516,Namibia,2020,33.33,C,PERCENT\n"
    any_change("sdg-2026-10-01.csv", f"{TABLE}\n{row}".encode())


@pytest.mark.realdata
@pytest.mark.skipif(not (REAL / "unsdg").is_dir(), reason="no files of others: EVALKIT_REALDATA")
def test_every_number_and_name_of_the_real_series_is_known(tmp_path: Path) -> None:
    with (REAL / "unsdg" / "sdg_12_4_1_minamata.csv").open(encoding="utf-8") as file:
        real = [row for row in csv.DictReader(file) if "open-numbers" in row["source"]]
    answer = sdg(
        *(
            (row["m49"], row["area_name"], [{"year": "[2020]", "value": row["value_percent"]}])
            for row in real
        )
    )
    found = values(checked(tmp_path, NAME, answer))
    assert len(found) == len(real) > 100
    for row in real:
        if row["iso3"]:
            assert found[row["iso3"], "2020"] == float(row["value_percent"])
