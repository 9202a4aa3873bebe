"""Activities in versions 1.04 and 2.03: percentages, regions, money as published."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit import tables
from evalkit.errors import Reason
from evalkit.methods.allocation import declared_shares, equal_split
from evalkit.sources.loaded import Loaded

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
