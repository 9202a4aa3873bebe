"""Rows of one file that say the same thing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import Reason

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.sources.convert import Findings


def refuse_repeats(frame: pd.DataFrame, key: list[str], findings: Findings) -> None:
    """Record a failure for each row whose key stands already further up in the file.

    Rows whose key could not be read are passed over: they are refused for that.
    """
    unread = {(failure.line, failure.cell) for failure in findings.failures if failure.cell in key}
    places = findings.lines[frame.index]
    if unread:
        frame = frame[~places.isin({line for line, _ in unread})]
    again = frame.duplicated(key, keep="first")
    if not again.any():
        return
    alike = frame.loc[frame.duplicated(key, keep=False), key]
    told = alike.astype("str").agg(lambda cells: ", ".join(filter(None, cells)), axis=1)
    same = alike.groupby(key, dropna=False, sort=False).ngroup()
    first = places[alike.index].groupby(same).transform("first")
    for index in frame.index[again]:
        where = f"at {first[index]}" if isinstance(first[index], str) else f"on line {first[index]}"
        findings.at(
            index,
            "",
            Reason.DUPLICATE_KEY,
            f"{' and '.join(key)} {told[index]!r} stand already {where}",
            "Remove one of the two.",
        )
