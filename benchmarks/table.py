"""What was measured, as rows of one Markdown table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

HEADINGS = ("what", "median", "range", "runs", "target", "of target")


@dataclass(frozen=True)
class Measure:
    """One quantity, measured several times.

    Parameters
    ----------
    what : str
        What was measured.
    values : sequence of float
        One for each run, in `unit`.
    unit : str
        s, MiB, or blank for a ratio.
    target : float, optional
        What it should stay below, in `unit`.
    """

    what: str
    values: Sequence[float]
    unit: str = "s"
    target: float | None = None

    @property
    def median(self) -> float:
        """The middle of the values."""
        return median(self.values)

    def row(self) -> tuple[str, ...]:
        """Return the cells of the table."""
        ends = f"{_shown(min(self.values))} to {_shown(max(self.values))}"
        aim = "" if self.target is None else self._with_unit(self.target)
        part = "" if self.target is None else f"{self.median / self.target:.2f}"
        runs = len(self.values)
        return (
            self.what,
            self._with_unit(self.median),
            ends if runs > 1 else "",
            str(runs),
            aim,
            part,
        )

    def _with_unit(self, value: float) -> str:
        return f"{_shown(value)} {self.unit}".strip()


def _shown(value: float) -> str:
    digits = next((d for least, d in ((100, 0), (10, 1), (1, 2)) if abs(value) >= least), 3)
    return f"{value:.{digits}f}"


def markdown(measures: Iterable[Measure], machine: str) -> str:
    """Return the table and, below it, the line that says what it was measured on."""
    lines = [HEADINGS, *(one.row() for one in measures)]
    body = ["| " + " | ".join(cells) + " |" for cells in lines]
    rule = "|---|" + "---:|" * (len(HEADINGS) - 1)
    return "\n".join([body[0], rule, *body[1:], "", machine])
