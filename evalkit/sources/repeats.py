"""Rows of one file that say the same thing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import Reason

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.sources.convert import Findings


def refuse_repeats(frame: pd.DataFrame, key: list[str], findings: Findings) -> None:
    """Record a failure for each row whose key stands already on an earlier line.

    Rows whose key could not be read are passed over: they are refused for that.
    """
    unread = {(failure.line, failure.cell) for failure in findings.failures if failure.cell in key}
    lines = findings.lines[frame.index]
    if unread:
        frame = frame[~lines.isin({line for line, _ in unread})]
    again = frame.duplicated(key, keep="first")
    if not again.any():
        return
    alike = frame[frame.duplicated(key, keep=False)]
    shown = alike[key].astype("str").agg(", ".join, axis=1)
    first = lines[alike.index].groupby(shown).transform("first")
    for index in frame.index[again]:
        findings.at(
            index,
            "",
            Reason.DUPLICATE_KEY,
            f"{' and '.join(key)} {shown[index]!r} stand already on line {first[index]}",
            "Remove one of the two rows.",
        )
