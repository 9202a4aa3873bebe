"""Sheets of the Convention's registers: which one, days, years, several topics."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit import tables
from evalkit.errors import Reason
from evalkit.sources.loaded import Loaded
from evalkit.sources.registers import REGISTERS

TEMPLATE = "register,party,topic,activities,dated_on,expires_on,note"


def checked(folder: Path, name: str, *rows: str) -> Loaded:
    path = folder / name
    path.write_bytes("\n".join([*rows, ""]).encode())
    return evalkit.check(path, shown=name)


def entries(loaded: Loaded) -> pd.DataFrame:
    assert loaded.failures == ()
    assert loaded.source == "register"
    return tables.check("registrations", loaded.tables["registrations"])


def test_the_registers_are_those_of_the_table() -> None:
    assert set(REGISTERS) == set(tables.catalogue()["registrations"].column("register").choices)


@pytest.mark.parametrize("register", REGISTERS)
def test_the_template_takes_every_register(register: str, tmp_path: Path) -> None:
    loaded = checked(
        tmp_path, "any.csv", TEMPLATE, f"{register},NA,batteries,import,2021-05-01,2025-12-31,x"
    )
    row = entries(loaded).iloc[0]
    assert (row["register"], row["party"], row["topic"]) == (register, "NAM", "batteries")
    assert (row["dated_on"], row["expires_on"]) == (
        pd.Timestamp("2021-05-01"),
        pd.Timestamp("2025-12-31"),
    )


@pytest.mark.parametrize(
    ("name", "heading", "register"),
    [
        ("asgm-notifications.csv", "Country,Date of notification", "asgm_notification"),
        ("national_action_plans.csv", "Party,Date", "action_plan"),
        ("action-plan-reviews.csv", "Party,Date", "action_plan_review"),
        ("nap review 2024.csv", "Party,Date", "action_plan_review"),
        ("list.csv", "Party,National focal points", "focal_point"),
        ("general-notifications-of-consent.csv", "Party,Date", "consent"),
        ("minamata-initial-assessments.csv", "Party,Submission date", "initial_assessment"),
        ("implementation plans.csv", "Party,Date", "implementation_plan"),
    ],
)
def test_name_or_heading_tells_the_register(
    name: str, heading: str, register: str, tmp_path: Path
) -> None:
    row = entries(checked(tmp_path, name, heading, "Peru,2021-05-01")).iloc[0]
    assert (row["register"], row["party"]) == (register, "PER")
    assert row["topic"], "what the entry is about comes from the register"


def test_a_sheet_that_may_be_two_registers_is_refused(tmp_path: Path) -> None:
    loaded = checked(tmp_path, "exemptions and focal points.csv", "Party,Date", "Peru,2021-05-01")
    (failure,) = loaded.failures
    assert failure.reason is Reason.CONTRADICTION
    assert "exemption, focal_point" in failure.what
    assert "column register" in failure.remedy


def test_several_topics_in_a_cell_and_a_year_of_expiry(tmp_path: Path) -> None:
    loaded = checked(
        tmp_path,
        "exemptions.csv",
        "Party,Category,Activities,Expiry",
        "Ghana,clinical thermometers; batteries,import,2025",
        "Peru,lamps,import,31/12/2025",
    )
    found = entries(loaded)
    assert found["party"].tolist() == ["GHA", "GHA", "PER"]
    assert found["topic"].tolist() == ["batteries", "clinical thermometers", "lamps"]
    assert found["expires_year"].fillna(0).tolist() == [2025, 2025, 0]
    assert found["expires_on"].notna().tolist() == [False, False, True]
    assert found["expires_on"].iloc[2] == pd.Timestamp("2025-12-31")
    assert found["origin"].tolist() == ["exemptions.csv:2", "exemptions.csv:2", "exemptions.csv:3"]
    assert loaded.control == {"read": 3, "taken": 3, "set_apart": 0}


def test_every_review_of_a_plan_is_an_entry(tmp_path: Path) -> None:
    rows = ("Party,Date", "Peru,2021-05-01", "Peru,2024-05-01")
    assert len(entries(checked(tmp_path, "nap-reviews.csv", *rows))) == 2


def test_persons_are_not_read(tmp_path: Path) -> None:
    loaded = checked(
        tmp_path, "focal-points.csv", "Party,Name,E-mail", "Peru,Somebody,somebody@example.invalid"
    )
    assert "omebody" not in entries(loaded).to_csv()


@pytest.mark.parametrize(
    ("row", "reason", "cell"),
    [
        ("Peru,x,import,03/04/2025", Reason.NOT_A_DAY, "Expiry"),
        ("Peru,x,import,until 2025", Reason.NOT_A_DAY, "Expiry"),
        ("Peru,,import,2025", Reason.MISSING_VALUE, "Category"),
        ("Korea,x,import,2025", Reason.UNKNOWN_NAME, "Party"),
        ("Ghana,batteries,import,2026", Reason.DUPLICATE_KEY, ""),
    ],
)
def test_a_bad_row_is_set_apart(row: str, reason: Reason, cell: str, tmp_path: Path) -> None:
    loaded = checked(
        tmp_path,
        "exemptions.csv",
        "\ufeffParty,Category,Activities,Expiry",
        "Ghana,batteries,import,2025",
        row,
    )
    (failure,) = loaded.failures
    assert (failure.reason, failure.line, failure.cell) == (reason, 3, cell)
    assert loaded.tables["registrations"]["party"].tolist() == ["GHA"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nonsense,Peru,x,,2020-01-01,,", Reason.NOT_ALLOWED),
        ("consent,Peru,,,2020-01-01,2019-01-01,", Reason.CONTRADICTION),
        ("exemption,Peru,x,,2012-01-01,,", Reason.TOO_EARLY),
    ],
)
def test_a_row_that_contradicts_itself_is_set_apart(
    row: str, reason: Reason, tmp_path: Path
) -> None:
    assert [one.reason for one in checked(tmp_path, "any.csv", TEMPLATE, row).failures] == [reason]


def test_any_change_of_a_register_is_read_or_refused(
    any_change: Callable[[str, bytes], None],
) -> None:
    rows = "exemption,NA,batteries;lamps,import,2021-05-01,2025,x\nconsent,Peru,,,1 May 2021,,\n"
    any_change("any.csv", f"{TEMPLATE}\n{rows}".encode())
