"""What differs between two editions, as plain tables: what a page of changes is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

KINDS = ("value", "bounds", "counts", "status", "new", "gone", "evidence")
CAUSES = ("correction", "row", "method", "time", "denominator", "other")
KEY = ("indicator", "series", "entity", "period")


@dataclass(frozen=True)
class Changes:
    """What differs between an older and a newer edition, each on its own day.

    Parameters
    ----------
    old, new : str
        Names of the two editions.
    old_day, new_day : str
        Their days.
    simulated : bool
        Whether reports in either are invented.
    values : DataFrame
        One row for each result that differs: the columns of `KEY`, unit, kind (a member of
        `KINDS`), and value, low, high, n, n_answered, n_due, status, basis, source of both
        editions (value_old, value_new, ...), moved (the distance: of shares in points, of all
        else as a part of the larger value; missing where a side has no value), causes (members
        of `CAUSES` with blanks between) and traced (whether causes were followed to rows).
    rows : DataFrame
        One row for each cell of a tidy table that differs: table, key, what (added, gone,
        changed), column, before, after, origin_old, origin_new, correction.
    because : DataFrame with columns value, row
        Which rows of `rows` lie behind which row of `values`, by their index.
    methods : DataFrame with columns indicator, before, after
        Indicators whose method has another version.
    inputs : DataFrame with columns file, what, form
        Files of one edition that the other has not, or has with other content.
    unchanged : int
        Results that are the same.
    """

    old: str
    new: str
    old_day: str
    new_day: str
    simulated: bool
    values: pd.DataFrame
    rows: pd.DataFrame
    because: pd.DataFrame
    methods: pd.DataFrame
    inputs: pd.DataFrame
    unchanged: int

    @property
    def moved(self) -> bool:
        """Whether anything of the results differs."""
        return bool(len(self.values))

    @property
    def parties(self) -> tuple[str, ...]:
        """The States whose own results differ, sorted."""
        from evalkit.reference.entities import states

        return tuple(sorted(set(self.values["entity"]) & set(states())))

    def by_kind(self) -> dict[str, int]:
        """Return how many results differ in each kind, in the order of `KINDS`."""
        found = self.values["kind"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in KINDS}

    def by_cause(self) -> dict[str, int]:
        """Return how many results each cause lies behind, in the order of `CAUSES`."""
        split = self.values["causes"].str.split().explode()
        found = split.value_counts()
        return {cause: int(found.get(cause, 0)) for cause in CAUSES}

    def rows_behind(self, value: int) -> pd.DataFrame:
        """Return the cells that differ behind a row of `values`, by its index."""
        mine = self.because.loc[self.because["value"] == value, "row"]
        return self.rows.loc[mine]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data, for `--json` output: nothing missing is left as NaN."""
        tables = {
            name: _records(getattr(self, name))
            for name in ("values", "rows", "because", "methods", "inputs")
        }
        return {
            "old": {"edition": self.old, "as_of": self.old_day},
            "new": {"edition": self.new, "as_of": self.new_day},
            "simulated": self.simulated,
            "unchanged": self.unchanged,
            "kinds": self.by_kind(),
            "causes": self.by_cause(),
            "parties": list(self.parties),
            **tables,
        }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype("object").where(frame.notna(), None)
    return [dict(record) for record in plain.to_dict("records")]
