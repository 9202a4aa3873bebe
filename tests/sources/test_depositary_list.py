"""The depositary's status list: its layout, marks, footnotes, totals, and hostile twins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import evalkit
from evalkit import tables
from evalkit.errors import FileRefusedError, Reason
from evalkit.sources.loaded import Loaded

NAME = "XXVII-17.xml"
HEAD = ("Participant", "Signature", "Acceptance(A), Ratification, Approval(AA), Accession(a)")
STATUS = """<?xml version="1.0" encoding="utf-8"?>
<MTDSG><Treaty><Name>{treaty}</Name><Status>Signatories: {signed}. Parties: {bound}</Status>
<Participants><Table><TGroup><Thead><Row>{head}</Row></Thead>
<Tbody><Rows>{rows}</Rows></Tbody></TGroup></Table></Participants></Treaty></MTDSG>
"""
AFG = ("Afghanistan", "", "\t 2 May 2017 a")
DNK = ("Denmark &lt;superscript&gt;1&lt;/superscript&gt;", "10 Oct 2013", "18 May 2017 ")
NLD = ("Netherlands (Kingdom of the) 2, 3", "10 Oct 2013", "18 May 2017 A")
FRA = ("France<superscript>4</superscript>", "10 Oct 2013", "15 Jun 2017")
JPN = ("Japan", "10 Oct 2013", " 2 Feb 2016 A")
AGO = ("Angola", "11 Oct 2013", "")
ENTITY = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"


def checked(folder: Path, content: str | bytes) -> Loaded:
    path = folder / NAME
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return evalkit.check(path, shown=NAME)


def status(
    *rows: tuple[str, str, str],
    treaty: str = "Minamata Convention on Mercury",
    totals: tuple[int, int] | None = None,
) -> str:
    """A status list: name, signature and instrument of each row; totals counted or given."""
    signed, bound = totals or (sum(bool(r[1]) for r in rows), sum(bool(r[2]) for r in rows))
    body = "".join(
        "<Row>" + "".join(f"<Entry>{cell}</Entry>" for cell in row) + "</Row>" for row in rows
    )
    head = "".join(f"<Entry>{cell}</Entry>" for cell in HEAD)
    return STATUS.format(treaty=treaty, signed=signed, bound=bound, head=head, rows=body)


def test_each_mark_and_footnote_is_read(tmp_path: Path) -> None:
    loaded = checked(tmp_path, status(AFG, DNK, NLD, FRA, AGO))
    assert loaded.source == "untc-status"
    assert loaded.failures == ()
    frame = tables.check("depositary", loaded.tables["depositary"]).set_index("party")
    told = {row.Index: tuple(map(str, row[1:])) for row in _as_text(frame).itertuples()}
    assert told == {
        "AFG": ("", "2017-05-02", "2017-08-16", "accession"),
        "AGO": ("2013-10-11", "", "", ""),
        "DNK": ("2013-10-10", "2017-05-18", "2017-08-16", "ratification"),
        "FRA": ("2013-10-10", "2017-06-15", "2017-09-13", "ratification"),
        "NLD": ("2013-10-10", "2017-05-18", "2017-08-16", "acceptance"),
    }
    assert frame.loc["AFG", "origin"].endswith("Tbody/Rows/Row[1]")


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    days = ["signed_on", "deposited_on", "in_force_on"]
    text = frame[days].apply(lambda column: column.dt.strftime("%Y-%m-%d").fillna(""))
    return text.assign(instrument=frame["instrument"])


def test_entry_into_force_is_90_days_after_the_deposit_and_not_before_the_convention_s(
    tmp_path: Path,
) -> None:
    """The fiftieth deposit was on 18 May 2017; 90 days later is 16 August 2017."""
    rows = [("Japan", "", f"{day} 2017") for day in ("2 Feb", "18 May", "19 May")]
    names = ("Japan", "Denmark", "Peru")
    rows = [(name, *row[1:]) for name, row in zip(names, rows, strict=True)]
    frame = checked(tmp_path, status(*rows)).tables["depositary"].set_index("party")
    days = [f"{day:%Y-%m-%d}" for day in frame.loc[["JPN", "DNK", "PER"], "in_force_on"]]
    assert days == ["2017-08-16", "2017-08-16", "2017-08-17"]


def test_counts_and_differences_are_told(tmp_path: Path) -> None:
    rows = (AFG, JPN, ("Jamaica", "10 Oct 2013", "19 Jun 2017"))
    told = checked(tmp_path, status(*rows)).notes
    assert told[0] == "signatories 2, Parties 3"
    assert "JAM 2017-07-19 here 2017-06-19" in " ".join(told)
    assert "are not here: ALB" in told[-1]


def test_a_list_that_is_cut_off_contradicts_its_totals(tmp_path: Path) -> None:
    loaded = checked(tmp_path, status(AFG, DNK, totals=(128, 148)))
    assert [failure.reason for failure in loaded.failures] == [Reason.CONTRADICTION] * 2
    assert "148 Parties and lists 2" in loaded.failures[1].what


@pytest.mark.parametrize(
    ("row", "reason", "said"),
    [
        (("Jamaika", "", "19 Jul 2017"), Reason.UNKNOWN_NAME, "Jamaika"),
        (("Peru", "", "19 Jul 2017 d"), Reason.NOT_ALLOWED, "'d'"),
        (("Peru", "", ""), Reason.MISSING_VALUE, "neither"),
        (("Peru", "10.11.2013", "21 Jan 2016"), Reason.NOT_A_DAY, "two days"),
        (("Peru", "10 Oct 2013", "31 Jun 2017"), Reason.NOT_A_DAY, "no day"),
        (("Afghanistan 5", "", "3 May 2017 a"), Reason.DUPLICATE_KEY, "already at"),
    ],
)
def test_a_bad_row_is_set_apart_with_its_element(
    row: tuple[str, str, str], reason: Reason, said: str, tmp_path: Path
) -> None:
    loaded = checked(tmp_path, status(AFG, row))
    failure = loaded.failures[0]
    assert failure.reason is reason
    assert said in failure.what
    assert "Rows/Row[2]" in failure.where
    assert loaded.tables["depositary"]["party"].tolist() == ["AFG"]


def test_another_treaty_is_refused(tmp_path: Path) -> None:
    (failure,) = checked(tmp_path, status(AFG, treaty="Basel Convention")).failures
    assert failure.reason is Reason.NOT_ALLOWED
    assert "chapter XXVII, treaty 17" in failure.remedy


def test_a_list_without_rows_is_refused(tmp_path: Path) -> None:
    assert checked(tmp_path, status()).failures[0].reason is Reason.NOT_A_TABLE


@pytest.mark.parametrize(
    "content",
    [
        status(AFG)[:-80],
        status(AFG).replace("<MTDSG>", f"{ENTITY}<MTDSG>").replace("Afghan", "&b;"),
        status(AFG).replace("<MTDSG>", f"{OUTSIDE}<MTDSG>").replace("Afghan", "&a;"),
        status(("C\xf4te d'Ivoire", "10 Oct 2013", "")).encode("latin-1"),
        "<other><list/></other>",
    ],
    ids=["broken off", "entities", "outside", "latin-1", "other XML"],
)
def test_what_can_t_be_read_safely_is_refused(content: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError) as caught:
        checked(tmp_path, content)
    assert caught.value.remedy


def test_any_change_of_a_list_is_read_or_refused(any_change: Callable[[str, bytes], None]) -> None:
    any_change(NAME, status(AFG, DNK, NLD, JPN).encode())
