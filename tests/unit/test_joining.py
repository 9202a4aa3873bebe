"""What several files say of the same: confirmed, refused, and the depositary first."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from evalkit.editions import inputs as files
from evalkit.editions import joining, owed
from evalkit.errors import Reason, TableError
from evalkit.indicators import catalogue
from evalkit.indicators.silent import reports_owed

UNSD = "United Nations Statistics Division"
ROWS = [("ALB", "8", "100"), ("ARG", "32", "66.67")]


def sdg(folder: Path, *rows: tuple[str, str], day: str, name: str = "sdg") -> Path:
    """An answer of the SDG service: M49 number and value of each area, for 2020."""
    path = folder / f"{name}-{day}.json"
    data = [
        {
            "series": "SG_HAZ_CMRMNMT",
            "geoAreaCode": code,
            "geoAreaName": "",
            "timePeriodStart": 2020,
            "value": value,
        }
        for code, value in rows
    ]
    path.write_text(json.dumps({"data": data}), "utf-8")
    return path


def status(folder: Path, parties: pd.DataFrame, name: str = "status-2026-11-01.xml") -> Path:
    """A status list with the days of `parties`; a day that was not found is one of 2020."""

    def printed(day: object) -> str:
        return f"{day:%d %b %Y}" if pd.notna(day) else ""

    rows = "".join(
        f"<Row><Entry>{row.name_}</Entry><Entry>{printed(row.signed_on)}</Entry>"
        f"<Entry>{printed(row.deposited_on)}</Entry></Row>"
        for row in _dated(parties).itertuples()
        if pd.notna(row.signed_on) or pd.notna(row.deposited_on)
    )
    head = "<Entry>Participant</Entry><Entry>Signature</Entry><Entry>Ratification</Entry>"
    path = folder / name
    path.write_text(
        "<MTDSG><Treaty><Name>Minamata Convention on Mercury</Name><Participants><Table><TGroup>"
        f"<Thead><Row>{head}</Row></Thead><Tbody><Rows>{rows}</Rows></Tbody>"
        "</TGroup></Table></Participants></Treaty></MTDSG>",
        "utf-8",
    )
    return path


def _dated(parties: pd.DataFrame) -> pd.DataFrame:
    lost = parties["deposited_on"].isna() & parties["listed_on"].notna()
    days = parties["deposited_on"].where(~lost, pd.Timestamp("2020-02-03"))
    return parties.assign(deposited_on=days).rename(columns={"name": "name_"})


def read(*extra: Path) -> tuple[dict[str, pd.DataFrame], dict[str, dict[str, int]]]:
    gathered = files.gather(extra)
    joined = joining.read(gathered, files.latest_day(gathered))
    return joined.tables, {name: one.control for name, one in joined.loaded.items()}


@pytest.fixture(scope="module")
def own() -> dict[str, pd.DataFrame]:
    """The project's tables without a further file."""
    return read()[0]


def test_a_file_that_restates_the_same_is_confirmed_and_taken_once(
    own: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    """66.67 for Argentina in 2020 is in data/facts from the copy of 17 May 2020."""
    tables, control = read(sdg(tmp_path, ("32", "66.67"), ("516", "33.33"), day="2020-05-17"))
    assert control["incoming/sdg-2020-05-17.json"]["confirmed"] == 1
    assert len(tables["published"]) == len(own["published"]) + 1
    values = tables["published"].query("indicator == 'sdg-12-4-1' and entity == 'ARG'")
    assert values["source"].tolist() == ["unsd-sdg-2020"]


def test_another_value_of_the_same_publisher_and_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        read(sdg(tmp_path, ("32", "33.33"), day="2020-05-17"))
    assert caught.value.reason is Reason.CONTRADICTION
    assert "incoming/sdg-2020-05-17.json#/data/0" in str(caught.value)
    assert "data/facts/published.csv:" in str(caught.value)


def test_another_day_is_another_statement(own: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    tables, control = read(sdg(tmp_path, ("32", "33.33"), day="2024-05-17"))
    assert "confirmed" not in control["incoming/sdg-2024-05-17.json"]
    assert len(tables["published"]) == len(own["published"]) + 1


def test_two_lists_that_overlap_are_joined_and_contradictions_refused(tmp_path: Path) -> None:
    heading = "Country,Cycle,Received on\n"
    one, two, three = (tmp_path / f"{name}.csv" for name in ("one", "three", "two"))
    one.write_text(heading + "Peru,2021-full,2021-12-01\n", "utf-8")
    two.write_text(heading + "Peru,2021-full,2021-12-01\nGhana,2021-full,2021-12-02\n", "utf-8")
    tables, control = read(one, two)
    assert tables["submissions"]["party"].tolist() == ["GHA", "PER"]
    assert control["incoming/three.csv"]["confirmed"] == 1
    three.write_text(heading + "Peru,2021-full,2021-12-31\n", "utf-8")
    with pytest.raises(TableError) as caught:
        read(one, three)
    assert caught.value.reason is Reason.DUPLICATE_KEY
    assert "incoming/one.csv, line 2" in str(caught.value)
    assert "incoming/two.csv, line 2" in str(caught.value)


def test_the_same_list_twice_is_one_list(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(
            "Country,Cycle,Received on\nPeru,2021-full,2021-12-01\n", "utf-8"
        )
    tables, control = read(tmp_path / "a.csv", tmp_path / "b.csv")
    assert len(tables["submissions"]) == 1
    assert control["incoming/b.csv"]["confirmed"] == 1


def test_the_depositary_s_days_take_precedence_and_say_what_stood_there(
    own: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    right = own["parties"].copy()
    jamaica = right["iso3"] == "JAM"
    before = right.loc[jamaica, "deposited_on"].item()
    right.loc[jamaica, "deposited_on"] = pd.Timestamp("2017-06-19")
    belize = right["iso3"] == "BLZ"
    assert right.loc[belize, "deposited_on"].isna().all(), "its day was not found"
    right.loc[belize, "deposited_on"] = pd.Timestamp("2023-10-27")
    tables, _ = read(status(tmp_path, right))
    parties = tables["parties"].set_index("iso3")
    row = parties.loc["JAM"]
    assert row["deposited_on"] == pd.Timestamp("2017-06-19")
    assert row["in_force_on"] == pd.Timestamp("2017-09-17"), "90 days later"
    assert row["basis"] == "reported"
    assert row["origin"].startswith("incoming/status-2026-11-01.xml#/MTDSG/Treaty")
    assert f"deposited_on {before:%Y-%m-%d}" in row["note"]
    assert "data/reference/parties.csv:" in row["note"]
    assert pd.isna(parties.loc["BLZ", "listed_on"])
    assert row["region"] == "GRULAC", "what the depositary does not state stays"
    (complete,) = tables["completeness"].query("table == 'parties'").to_dict("records")
    assert complete["complete_to"] == pd.Timestamp("2026-11-01")
    assert complete["basis"] == "derived"


def test_a_whole_list_of_the_depositary_makes_the_count_exact(
    own: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    tables, _ = read(status(tmp_path, own["parties"]))
    day = pd.Timestamp("2026-11-01").as_unit("s")
    bare = tables | {"published": own["published"][:0]}
    frame = catalogue.compute("parties-deposited", bare, as_of=day).frame
    world = frame[frame["entity"] == "WLD"].iloc[0]
    assert world["value"] == _dated(own["parties"])["deposited_on"].notna().sum() == 149
    assert pd.isna(world["low"])
    assert frame.loc[frame["entity"] == "AGO", "status"].tolist() == ["not_party"]


def test_a_list_without_a_known_party_is_refused(
    own: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    some = own["parties"][own["parties"]["iso3"] != "GHA"]
    with pytest.raises(TableError) as caught:
        read(status(tmp_path, some))
    assert caught.value.reason is Reason.CONTRADICTION
    assert "GHA is a Party since" in str(caught.value)
    assert "data/reference/parties.csv" in str(caught.value)


def test_who_owed_a_report_and_is_silent(own: dict[str, pd.DataFrame]) -> None:
    """123 Parties owed the first full report; a State that owed none is told apart."""
    sent = pd.DataFrame(
        {
            "party": ["PER", "GHA", "AGO"],
            "cycle": "2021-full",
            "submitted_on": pd.to_datetime(["2021-12-01", "2022-03-01", "2021-12-01"]),
        }
    )
    found = reports_owed(own | {"submissions": sent}, pd.Timestamp("2021-12-31"))
    full = found[found["cycle"] == "2021-full"].set_index("party")["state"]
    assert full.value_counts().to_dict() == {"silent": 122, "received": 1, "not_owed": 1}
    assert (full["PER"], full["GHA"], full["AGO"]) == ("received", "silent", "not_owed")
    assert "2025-full" not in set(found["cycle"]), "who owes it was not decided on that day"
    (told,) = owed.findings(sent)
    assert told.startswith("2021-full: 2 of 123 Parties that owed a report; silent 121: ")
    assert told.endswith("reported without owing it 1: AGO")
