"""Who owed which report, who sent it by a day, and whose answers are loaded.

One row for each State and each cycle whose membership is decided, in a fixed order, so that
an answer's state is an array over these rows and a group is a sum over some of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.indicators.answer_index import answer_index
from evalkit.indicators.evidence import Evidence
from evalkit.indicators.membership import COUNTED, UNKNOWN
from evalkit.indicators.prepared import Prepared
from evalkit.indicators.published import latest
from evalkit.indicators.reporting import is_partial, owed_report, received_by, rests_on_invented
from evalkit.indicators.result import memberships
from evalkit.model import Status
from evalkit.reference.entities import groups

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Owed:
    """Reports owed as of a day.

    Parameters
    ----------
    frame : DataFrame
        Columns cycle, iso3, counted, unknown, received, loaded, version, is_due, partial:
        one row for each cycle decided and State.
    cycles : DataFrame
        The cycles decided by the day, in the order of `frame`.
    known_due : array of bool
        For each cycle and group, whether it is known how many owed the report.
    member_row, member_cell : arrays of int
        Which row of `frame` counts in which cycle and group.
    evidence : Evidence
        What each row rests on: dates, the cycle, the report.
    """

    frame: pd.DataFrame
    cycles: pd.DataFrame
    known_due: Bools
    member_row: Ints
    member_cell: Ints
    evidence: Evidence

    @property
    def cells(self) -> int:
        """How many pairs of cycle and group there are."""
        return len(self.cycles) * len(groups())

    def count(self, counts: Bools) -> Ints:
        """Return for each cycle and group how many of its rows count."""
        inside = self.member_cell[counts[self.member_row]]
        return np.bincount(inside, minlength=self.cells).astype("int64")

    def total(self, amounts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return for each cycle and group the sum of its rows' amounts; NaN adds nothing."""
        weights = np.nan_to_num(amounts)[self.member_row]
        found = np.bincount(self.member_cell, weights=weights, minlength=self.cells)
        return found.astype("float64")

    def places(self, reports: pd.DataFrame) -> Ints:
        """Return the row of each report that counts: received, owed or not; else -1."""
        key = pd.MultiIndex.from_frame(self.frame[["cycle", "iso3"]])
        found = key.get_indexer(pd.MultiIndex.from_frame(reports[["cycle", "party"]]))
        taken = self.frame["received"].to_numpy()
        return np.where((found >= 0) & taken[found], found, -1) if len(taken) else found

    def silent(self) -> npt.NDArray[np.object_]:
        """Return for each row the status of a Party whose answer is not known."""
        frame = self.frame
        choices = [
            frame["unknown"],
            ~frame["counted"],
            frame["received"] & frame["loaded"],
            ~frame["is_due"],
            frame["received"] | frame["partial"],
        ]
        names = (
            Status.NOT_LOADED,
            Status.NOT_PARTY,
            Status.NOT_ANSWERED,
            Status.NOT_DUE,
            Status.NOT_LOADED,
        )
        status = np.select(choices, [str(one) for one in names], str(Status.NOT_REPORTED))
        return status.astype("object")


def owed(tables: Prepared, as_of: pd.Timestamp) -> Owed:
    """Return who owed which report as of a day, made once for the tables of a build."""
    return tables.once(("owed", as_of), lambda: _owed(tables, as_of))


def _owed(tables: Prepared, as_of: pd.Timestamp) -> Owed:
    cycles = tables["cycles"].sort_values(["due_on", "cycle"], kind="stable")
    cycles = cycles[cycles["membership_on"] <= as_of].reset_index(drop=True)
    parts, known = [], []
    for cycle in cycles.itertuples():
        frame, known_due = _of_cycle(tables, cycle, as_of)
        parts.append(frame)
        known.append(known_due)
    columns = ["cycle", "iso3", "basis", "source", "counted", "unknown", "received"]
    columns += ["is_due", "partial"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    flags = {name: "bool" for name in ("counted", "unknown", "received", "is_due", "partial")}
    frame = _with_answers(tables, frame.astype(flags), cycles)
    row, cell = _members(tables, len(cycles))
    flat = np.concatenate(known) if known else np.empty(0, dtype="bool")
    evidence = Evidence.of(frame)
    return Owed(frame, cycles, flat, row, cell, evidence)


def _of_cycle(tables: Prepared, cycle: Any, as_of: pd.Timestamp) -> tuple[pd.DataFrame, Bools]:
    """Return a row for each State, and for each group whether all that owed it are known."""
    received = received_by(tables, cycle.cycle, as_of)
    found = owed_report(tables, cycle, received)
    listed = (tables["submissions"]["cycle"] == cycle.cycle).any()  # any report of the cycle
    invented = rests_on_invented(tables)
    told = None if invented else latest(tables, "reporting-rate", cycle.cycle, as_of)
    frame = found.frame.reset_index(drop=True)
    unknown = frame["standing"] == UNKNOWN
    doubt = memberships(frame[unknown & frame["listed_on"].notna()])["entity"]
    known = ~np.array([found.open_ended or one in set(doubt) for one in groups()])
    out = frame[["iso3", "basis", "source"]].assign(
        cycle=cycle.cycle,
        counted=frame["standing"] == COUNTED,
        unknown=unknown,
        received=frame["iso3"].isin(received["party"]),
        is_due=as_of >= cycle.due_on,
        partial=is_partial(received, told) or not listed,
    )
    return out, known


def _with_answers(tables: Prepared, frame: pd.DataFrame, cycles: pd.DataFrame) -> pd.DataFrame:
    """Add whether a report's answers are loaded, and the form that it was made with."""
    reports = answer_index(tables).reports.rename(columns={"party": "iso3"})
    reports = reports.assign(loaded=True)
    both = frame.merge(reports, on=["cycle", "iso3"], how="left")
    come = both["received"]  # a report that comes later says nothing yet of its form
    both = both.assign(format_version=both["format_version"].where(come))
    usual = both["cycle"].map(cycles.set_index("cycle")["format_version"])
    version = both["format_version"].fillna(usual).fillna("")
    loaded = both["loaded"].notna()
    return frame.assign(loaded=loaded.to_numpy(), version=version.astype("str").to_numpy())


def _members(tables: Prepared, count: int) -> tuple[Ints, Ints]:
    parties = tables["parties"]
    place = pd.Series(np.arange(len(parties)), index=parties["iso3"])
    order = {group: i for i, group in enumerate(groups())}
    inside = memberships(parties)
    state = inside["iso3"].map(place).to_numpy(dtype="int64")
    group = inside["entity"].map(order).to_numpy(dtype="int64")
    cycle = np.repeat(np.arange(count), len(inside))
    row = np.tile(state, count) + cycle * len(parties)
    return row, np.tile(group, count) + cycle * len(order)
