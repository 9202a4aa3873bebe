"""Activities in versions 1.04 and 2.03: percentages, regions, money as published."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit import tables, testing
from evalkit.cli import main
from evalkit.editions import joining
from evalkit.editions.comparing_activities import Activities, compare_activities
from evalkit.editions.inputs import gather
from evalkit.errors import Reason
from evalkit.indicators import catalogue
from evalkit.methods.allocation import declared_shares, equal_split
from evalkit.reference import entities
from evalkit.sources.loaded import Loaded
from evalkit.testing_registers import activities

REAL = Path(__file__).parents[2] / os.environ.get("EVALKIT_REALDATA", "../shared/data")
OLD = """<iati-activities generated-datetime="2017-02-16T10:36:49" version="1.04">
<iati-activity default-currency="USD"><reporting-org ref="US-1">A</reporting-org>
<iati-identifier>US-1-7</iati-identifier><title>Mercury &amp; gold</title>
<activity-status>Implementation</activity-status>
<transaction><value currency="EUR" value-date="2012-01-01">999.5</value>
<transaction-type code="C"/><transaction-date iso-date="2012-01-01"/></transaction>
{places}</iati-activity></iati-activities>"""
NEW = """<iati-activities generated-datetime="2020-05-01T00:00:00Z" version="2.03">
<iati-activity default-currency="USD">
<iati-identifier>XI-BRIDGE-6385676864-4799</iati-identifier>
<reporting-org ref="XI-BRIDGE-6385676864"><narrative>GEF</narrative></reporting-org>
<title><narrative>Mercury</narrative></title><activity-status code="2"/>
<recipient-country code="EC" percentage="40"/><recipient-country code="PE"/>
<recipient-region code="380" vocabulary="1" percentage="20"/>
<transaction><transaction-type code="2"/><transaction-date iso-date="2020-03-01"/>
<value value-date="2020-03-01">-10</value></transaction>
</iati-activity></iati-activities>"""
DAY = pd.Timestamp("2020-05-01")
HALVES = (
    '<recipient-country code="EC" percentage="50.00"/>'
    '<recipient-country code="PE" percentage="50.00"/>'
)


def read(folder: Path, text: str) -> Loaded:
    path = folder / "activities.xml"
    path.write_text(text, encoding="utf-8")
    return evalkit.check(path)


def test_version_1_is_read_as_published(tmp_path: Path) -> None:
    loaded = read(tmp_path, OLD.format(places=HALVES))
    assert (loaded.source, loaded.failures) == ("iati", ())
    (activity,) = loaded.tables["activities"].to_dict("records")
    assert (activity["title"], activity["standard"]) == ("Mercury & gold", "1.04")
    assert (activity["status"], activity["project"]) == ("Implementation", "")
    (paid,) = loaded.tables["activity_transactions"].to_dict("records")
    assert (paid["amount"], paid["currency"], paid["type"]) == (999.5, "EUR", "C")
    places = loaded.tables["activity_places"]
    assert dict(zip(places["place"], places["percentage"], strict=True)) == {"ECU": 50, "PER": 50}
    for name, frame in loaded.tables.items():
        tables.check(name, frame)


def test_version_2_has_regions_and_the_number_of_the_project(tmp_path: Path) -> None:
    loaded = read(tmp_path, NEW)
    assert loaded.failures == ()
    (activity,) = loaded.tables["activities"].to_dict("records")
    assert (activity["project"], activity["title"], activity["status"]) == (
        "gef-4799",
        "Mercury",
        "2",
    )
    assert activity["note"] == "percentages make 60, not 100; none is rescaled"
    assert loaded.notes == ("percentages do not make 100 in 1 activities",)
    places = loaded.tables["activity_places"].set_index("place")
    assert pd.isna(places.at["PER", "percentage"]), "what is not published stays blank"
    assert places.at["380", "vocabulary"] == "1"
    (paid,) = loaded.tables["activity_transactions"].to_dict("records")
    assert (paid["amount"], paid["currency"]) == (-10, "USD")


@pytest.mark.parametrize(
    ("places", "reason", "found"),
    [
        ('<recipient-country code="ZZ"/>', Reason.UNKNOWN_NAME, "'ZZ'"),
        ('<recipient-country code="EC" percentage="half"/>', Reason.NOT_A_NUMBER, "'half'"),
    ],
)
def test_an_activity_that_cannot_be_taken_is_set_apart(
    places: str, reason: Reason, found: str, tmp_path: Path
) -> None:
    loaded = read(tmp_path, OLD.format(places=places))
    (failure,) = loaded.failures
    assert (failure.reason, failure.line) == (reason, 1)
    assert found in failure.what
    assert failure.remedy
    assert loaded.control == {"read": 1, "taken": 0, "set_apart": 1}


def test_a_file_is_a_source_of_its_own_with_its_day(tmp_path: Path) -> None:
    loaded = read(tmp_path, NEW)
    (source,) = loaded.tables["sources"].to_dict("records")
    assert (source["source"], source["publisher"]) == ("iati-activities-xml", "GEF")
    assert source["as_of"] == loaded.tables["activities"]["as_of"].item() == DAY
    assert len(source["sha256"]) == 64
    undated = NEW.replace(' generated-datetime="2020-05-01T00:00:00Z"', "")
    silent = read(tmp_path, undated)
    assert silent.tables["activities"]["as_of"].isna().all()
    assert any("day" in note for note in silent.notes)
    told = evalkit.check(tmp_path / "activities.xml", as_of="2020-05-01")
    assert told.tables["activities"]["as_of"].item() == DAY
    assert not any("day" in note for note in told.notes)


# --- declared shares ------------------------------------------------------------------------------


def world(*percentages: float | None, as_of: str = "2019-06-30") -> testing.Tables:
    """Return the canonical small data, its one project with an activity in Ghana, Peru, Chad."""
    lines = [
        f"gef-1|{place}|{'' if share is None else share}"
        for place, share in zip(("GHA", "PER", "TCD"), percentages, strict=False)
    ]
    made = testing.tidy_tables(**activities(*lines))
    made["activities"] = made["activities"].assign(as_of=pd.Timestamp(as_of).as_unit("s"))
    return {**testing.minimal(), **{name: made[name] for name in ("activities", "activity_places")}}


def shares(data: testing.Tables, day: str = "2020-12-31") -> dict[str, float]:
    """Return what declared shares give, US$ by place, without zeros; {} without the series."""
    frame = catalogue.compute("gef-grants", data, as_of=day).frame
    rows = frame[(frame["series"] == "declared-shares") & (frame["period"] == "all")]
    rows = rows[~rows["entity"].isin(entities.groups()) & (rows["value"] != 0)]
    return dict(zip(rows["entity"], rows["value"], strict=True))


@pytest.mark.parametrize(
    ("percentages", "found"),
    [
        ((75, 25), {"GHA": 750, "PER": 250}),
        ((60, 30), {"GHA": 600, "PER": 300, "UNATTRIBUTED": 100}),  # the rest is a region's
        ((33.33, 33.33, 33.33), {"GHA": 333.3, "PER": 333.3, "TCD": 333.3, "UNATTRIBUTED": 0.1}),
        ((60, 60), {}),  # more than the whole: not rescaled, not used
        ((-10, 110), {}),
        ((50, None), {}),  # one is not published
    ],
)
def test_shares_are_used_as_declared_or_not_at_all(
    percentages: tuple[float | None, ...], found: dict[str, float]
) -> None:
    assert shares(world(*percentages)) == pytest.approx(found)


def test_shares_of_a_later_day_or_of_none_are_not_known() -> None:
    assert shares(world(75, 25, as_of="2021-01-01")) == {}
    assert shares(world(75, 25, as_of="")) == {}


def test_of_two_activities_of_a_project_the_latest_counts() -> None:
    data = world(75, 25)
    for name in ("activities", "activity_places"):
        other = data[name].assign(activity="other")
        if name == "activities":
            other["as_of"] = pd.Timestamp("2020-01-01").as_unit("s")
        else:
            other["percentage"] = [10.0, 90.0]
        data[name] = pd.concat([data[name], other], ignore_index=True)
    assert shares(data) == {"GHA": 100, "PER": 900}


# --- the same project in both -------------------------------------------------------------------


def both(tmp_path: Path, grant: str, countries: str, places: str, status: str) -> Activities:
    export = tmp_path / "projects-2020-05-01.csv"
    export.write_text(
        "Title,ID,Countries,Type,Agencies,GEF Grant,Cofinancing,Status,Fund Source,GEF Period\n"
        f'Mercury,4799,"{countries}",Full-size Project,UNIDO,"{grant}",5,{status},F,GEF - 5\n',
        encoding="utf-8",
    )
    told = tmp_path / "activities.xml"
    recipients = NEW[NEW.index("<recipient-country") : NEW.index("<transaction>")]
    text = NEW.replace(recipients, places).replace(">-10<", ">1000<")
    told.write_text(text, encoding="utf-8")
    return compare_activities(export, told)


def test_the_same_project_in_both_is_compared(tmp_path: Path) -> None:
    same = both(tmp_path, "1,000", "Ecuador, Peru, Regional", HALVES, "Project Approved")
    assert (same.joined, same.unjoined, len(same.found)) == (1, (), 0)
    other = both(tmp_path, "900", "Ecuador", HALVES, "Completed")
    assert other.found[["kind", "found", "compared"]].to_numpy().tolist() == [
        ["activity_status", "2 (2020-05-01)", "completed (2020-05-01)"],
        ["activity_amount", "1,000 (2020-05-01)", "900 (2020-05-01)"],
        ["activity_shares", "ECU 50.00 %, PER 50.00 % (2020-05-01)", "ECU 100.00 % (2020-05-01)"],
    ]
    assert other.found["origin"].str.endswith("activities.xml#activity 1").all()
    told = "\n".join(other.lines())
    assert "gef-4799 (XI-BRIDGE-6385676864-4799): amount 1,000" in told
    assert json.loads(json.dumps(other.as_dict()))["counts"]["activity_amount"] == 1
    blank = both(tmp_path, "", "Ecuador, Peru", HALVES, "Project Approved")
    assert blank.found["compared"].tolist() == ["blank (2020-05-01)"]


def test_an_activity_of_a_project_that_no_list_has_is_a_difference(tmp_path: Path) -> None:
    found = both(tmp_path, "1,000", "Ecuador, Peru", HALVES, "Project Approved")
    listed = tmp_path / "projects-2020-05-01.csv"
    listed.write_text(listed.read_text("utf-8").replace("4799", "4800"), encoding="utf-8")
    gone = compare_activities(listed, tmp_path / "activities.xml")
    assert (found.joined, gone.joined) == (1, 0)
    assert gone.found[["kind", "found"]].to_numpy().tolist() == [["activity_project", "gef-4799"]]


def test_the_command_compares_a_list_with_activities_in_either_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both(tmp_path, "900", "Ecuador, Peru", HALVES, "Project Approved")
    files = [str(tmp_path / name) for name in ("projects-2020-05-01.csv", "activities.xml")]
    printed = []
    for order in (files, files[::-1]):
        assert main(["compare", *order]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert "amount: 1" in printed[0]


def test_activities_are_built_in_beside_the_list_and_given_twice_count_once(
    tmp_path: Path,
) -> None:
    """One identifier stands in several files of a publisher: for the country, for the project."""
    data = testing.write_data(tmp_path / "data", testing.minimal())
    one = NEW.replace("4799", "1")  # the project of the small data
    for name in ("country.xml", "project.xml"):
        (tmp_path / name).write_text(one, encoding="utf-8")
    files = gather([tmp_path / "country.xml", tmp_path / "project.xml"], data)
    found = joining.read(files, "2020-12-31")
    assert found.tables["activities"]["project"].tolist() == ["gef-1"]
    assert len(found.tables["activity_places"]) == 3
    assert {"iati-country-xml", "iati-project-xml"} <= set(found.tables["sources"]["source"])
    assert found.loaded["incoming/project.xml"].control["confirmed"] == 5


def test_a_file_without_its_version_or_cut_off_is_refused(tmp_path: Path) -> None:
    loaded = read(tmp_path, NEW.replace(' version="2.03"', ""))
    assert [failure.reason for failure in loaded.failures] == [Reason.MISSING_VALUE]
    assert loaded.control == {"read": 1, "taken": 0, "set_apart": 1}
    with pytest.raises(evalkit.EvalkitError, match="XML"):
        read(tmp_path, NEW[:-30])


@pytest.mark.realdata
@pytest.mark.skipif(not (REAL / "iati").is_dir(), reason="set EVALKIT_REALDATA to the files")
def test_project_4799_goes_half_to_ecuador_and_half_to_peru() -> None:
    """Joined with the export by the project's number: its shares, and its amount, agree."""
    loaded = evalkit.check(REAL / "iati" / "iati_sample_mercury_activity.xml")
    places = loaded.tables["activity_places"]
    shares = places.assign(item="gef-4799", share=places["percentage"] / 100)
    assert dict(zip(shares["place"], shares["share"], strict=True)) == {"ECU": 0.5, "PER": 0.5}
    assert loaded.tables["activities"]["project"].tolist() == ["gef-4799"]
    export = evalkit.check(REAL / "gef" / "gef_export_2023-10-24.csv").tables
    row = export["projects"].set_index("project").loc["gef-4799"]
    (amount,) = set(loaded.tables["activity_transactions"]["amount"])
    assert amount == row["grant_usd"] == 999_900
    amounts = pd.Series({"gef-4799": row["grant_usd"]})
    named = export["project_places"].rename(columns={"project": "item"})
    named = named[(named["item"] == "gef-4799") & (named["place_kind"] == "country")]
    declared = declared_shares(amounts, named[["item", "place"]], shares)
    even = equal_split(amounts, named)
    by_place = [frame.groupby("place")["amount"].sum().to_dict() for frame in (declared, even)]
    assert by_place[0] == by_place[1] == {"ECU": 499_950, "PER": 499_950}


@pytest.mark.realdata
@pytest.mark.skipif(not (REAL / "iati").is_dir(), reason="set EVALKIT_REALDATA to the files")
def test_the_whole_release_is_read_fast() -> None:
    start = time.perf_counter()
    loaded = evalkit.check(REAL / "iati" / "iati_aiddata_gef_1.04.xml")
    assert time.perf_counter() - start < 10, "two megabytes; one second where nothing else runs"
    assert loaded.control["read"] == 722
    places = loaded.tables["activity_places"]
    assert places["percentage"].notna().all()
    assert places.groupby("activity").size().max() == 153
