"""From a number back to its evidence: value, counts, status, method, rows, source lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit import results
from evalkit.errors import Reason, UnknownNameError
from evalkit.indicators import catalogue
from evalkit.model import Indicator, Step
from evalkit.reference import names
from evalkit.reference.entities import states, titles
from evalkit.reference.texts import text

if TYPE_CHECKING:
    from evalkit.editions.store import Edition

COUNTS = ("n", "n_answered", "n_due")
SHOWN = 20  # rows that the text prints of each table; `as_dict` has all


@dataclass(frozen=True)
class Explanation:
    """A result with everything behind it."""

    indicator: Indicator
    rows: pd.DataFrame
    steps: tuple[Step, ...]
    evidence: pd.DataFrame
    sources: pd.DataFrame

    def as_dict(self) -> dict[str, object]:
        """Return plain data, for `--json` output: nothing missing is left as NaN."""
        return {
            "indicator": self.indicator.id,
            "title": text(self.indicator.title_key),
            "definition": text(self.indicator.definition_key),
            "method": self.indicator.method,
            "method_version": self.indicator.method_version,
            "references": self.indicator.references,
            "standing": self.indicator.standing,
            "results": _records(self.rows),
            "steps": [
                {"what": s.what, "rows_in": s.rows_in, "rows_out": s.rows_out, "reason": s.reason}
                for s in self.steps
            ],
            "evidence": _records(self.evidence),
            "sources": _records(self.sources),
        }

    def __str__(self) -> str:
        parts = [
            f"{text(self.indicator.title_key)} ({self.indicator.id})",
            text(self.indicator.definition_key),
            "",
            *[_sentence(row) for row in self.rows.itertuples()],
            "",
            f"Method: {self.indicator.method}, version {self.indicator.method_version}. "
            f"{self.indicator.references}.",
            *[_step(step) for step in self.steps],
            "",
            f"Rows behind it: {len(self.evidence)}",
            *_evidence_lines(self.evidence),
            "",
            "Sources:",
            *[_source(row) for row in self.sources.itertuples()],
        ]
        return "\n".join(parts)


def explain(
    edition: Edition,
    indicator: str,
    *,
    entity: str = "WLD",
    as_of: str | None = None,
    period: str | None = None,
    series: str | None = None,
) -> Explanation:
    """Explain an indicator's value for an entity, as it stood on a day.

    Parameters
    ----------
    edition : Edition
        Whose tables are used.
    indicator : str
        Local id.
    entity : str
        ISO3, group or area; a name of a country is understood as well.
    as_of : str, optional
        The day; the edition's own when left out.
    period, series : str, optional
        Which of several values; all of the entity when left out.

    Returns
    -------
    Explanation
        Printed, it is a text; `as_dict` gives plain data.

    Raises
    ------
    UnknownNameError
        The indicator or the entity is not known, or it has no such period or series.
    """
    known = entity if entity in titles() else names.resolve(entity).entity
    result = catalogue.compute(indicator, edition.tables, as_of=edition.day(as_of))
    rows = result.frame[result.frame["entity"] == known]
    if rows.empty:
        raise UnknownNameError(
            f"{indicator} says nothing of {titles().get(known, known)} ({known}) on that day.",
            reason=Reason.UNKNOWN_PARAMETER,
            remedy="Choose a State, a group, or WLD.",
        )
    for column, wanted in (("period", period), ("series", series)):
        if wanted is not None:
            rows = results.only(rows, column, wanted)
    traces = [result.trace(row.series, row.entity, row.period) for row in rows.itertuples()]
    filled = [trace for trace in traces if len(trace)]
    evidence = pd.concat(filled, ignore_index=True) if filled else _nothing()
    evidence = evidence.drop_duplicates(["table", "origin"]).reset_index(drop=True)
    return Explanation(
        result.indicator,
        rows.reset_index(drop=True),
        _steps_of(result.steps, rows),
        evidence,
        _sources(edition, rows, evidence),
    )


def _steps_of(steps: tuple[Step, ...], rows: pd.DataFrame) -> tuple[Step, ...]:
    """Return the steps that led to these rows: those of all, and those of their own."""
    named = {*rows["series"], *rows["period"]}
    return tuple(step for step in steps if not step.of or named & set(step.of))


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({"table": [], "origin": [], "source": []}, dtype="str")


def _sources(edition: Edition, rows: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    used = {part for value in rows["source"] for part in value.split()}
    if "source" in evidence:
        used |= set(evidence["source"].dropna())
    listed = edition.tables["sources"]
    return listed[listed["source"].isin(used)].reset_index(drop=True)


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    plain = frame.copy()
    for column in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[column]):
            plain[column] = plain[column].dt.strftime("%Y-%m-%d")
    plain = plain.astype("object").where(plain.notna(), None)
    return [dict(record) for record in plain.to_dict("records")]


def _number(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _sentence(row: Any) -> str:
    place = titles().get(row.entity, row.entity)
    about = " ".join(part for part in (row.series, row.period) if part)
    head = f"{place}{', ' + about if about else ''}, as of {row.as_of:%Y-%m-%d}: "
    counts = ", ".join(
        f"{name} {getattr(row, name)}" for name in COUNTS if pd.notna(getattr(row, name))
    )
    status = text(f"status.{row.status}")
    if row.status == "ok":
        bounds, unit = _bounds(row), results.measure(row.unit, row.series)
        status = f"{_number(row.value)} {text(f'unit.{unit}')}{bounds}"
        if row.unit == "Parties" and row.entity in states():
            status = text(f"indicator.{row.indicator}.yes")
    tail = f"; {counts}" if counts else ""
    return f"{head}{status}{tail}; basis: {text(f'basis.{row.basis}')}"


def _bounds(row: Any) -> str:
    low, high = row.low, row.high
    if pd.isna(low) and pd.isna(high):
        return ""
    return " (at least)" if pd.isna(high) else f" ({_number(low)} to {_number(high)})"


def _step(step: Step) -> str:
    reason = f": {step.reason}" if step.reason else ""
    return f"  - {step.what} ({step.rows_in} to {step.rows_out} rows){reason}"


def _evidence_lines(evidence: pd.DataFrame) -> list[str]:
    lines = []
    for table, rows in evidence.groupby("table", sort=False):
        lines += [f"  {table}: {len(rows)} rows"]
        lines += [f"    {_evidence_line(row)}" for _, row in rows.head(SHOWN).iterrows()]
        if len(rows) > SHOWN:
            lines.append(f"    and {len(rows) - SHOWN} more (--json gives all)")
    return lines


def _evidence_line(row: pd.Series) -> str:
    told = []
    for name, value in row.items():
        if name in ("table", "origin", "basis", "note") or pd.isna(value) or value == "":
            continue
        told.append(f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value))
    shown = " | ".join(told)[:160]
    # Text from files: what would move a terminal's cursor or turn its text is left out.
    return f"{row['origin']}  {''.join(c if c.isprintable() else ' ' for c in shown)}"


def _source(row: Any) -> str:
    day = f", as of {row.as_of:%Y-%m-%d}" if pd.notna(row.as_of) else ""
    return f"  {row.source}: {row.publisher}, {row.title}{day}. {row.address}"
