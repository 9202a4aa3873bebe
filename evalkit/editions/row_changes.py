"""Which cells of the tidy tables differ between two editions, whatever line they stand on."""

from __future__ import annotations

import pandas as pd

from evalkit import tables
from evalkit.editions.store import Edition

ROWS = (
    "table",
    "key",
    "what",
    "column",
    "before",
    "after",
    "origin_old",
    "origin_new",
    "correction",
)
CORRECTED = " corrected by "
_VINTAGES = {"project_vintages": "projects", "project_vintage_places": "project_places"}


def row_changes(old: Edition, new: Edition) -> pd.DataFrame:
    """Return the cells of all tidy tables that differ.

    Parameters
    ----------
    old, new : Edition
        Rows are matched by the key of their table.

    Returns
    -------
    DataFrame with the columns `ROWS`, all text
        A row that only one edition has is one line with a blank column; else one line for each
        cell that differs. `correction` names the declared file that either edition corrected
        the row by, where the other did not.
    """
    held = {*old.manifest["tables"], *new.manifest["tables"]}
    names = [name for name in tables.catalogue() if name in held]
    differ = [name for name in names if _checksum(old, name) != _checksum(new, name)]
    parts = [_of_table(name, _table(old, name), _table(new, name)) for name in differ]
    filled = [part for part in parts if len(part)]
    blank = pd.DataFrame({column: [] for column in ROWS}, dtype="str")
    return _without_turns(pd.concat(filled, ignore_index=True)) if filled else blank


def keys(name: str, frame: pd.DataFrame) -> pd.Series:
    """Return the key of each row of a tidy table as one text, its parts parted by blanks."""
    parts = [_text(frame[column]) for column in tables.catalogue()[name].key]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + " " + part
    return joined


def _without_turns(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out rows of lists of projects that only the day turned to or from an earlier list.

    Which list counts depends on the day: the others are kept as vintages, row by row.
    """
    one = rows.assign(of=rows["table"].replace(_VINTAGES), origin=rows["origin_old"])
    one["origin"] = one["origin"].where(one["origin"] != "", one["origin_new"])
    whole = one["what"].isin(["added", "gone"]) & one["of"].isin(list(_VINTAGES.values()))
    sides = one[whole].groupby(["of", "origin"])["what"].transform("nunique")
    turned = sides.index[sides > 1]
    return rows.drop(index=turned).reset_index(drop=True)


def _checksum(edition: Edition, name: str) -> str:
    return str(edition.manifest["tables"].get(name, {}).get("sha256", ""))


def _table(edition: Edition, name: str) -> pd.DataFrame:
    return edition.table(name) if name in edition.manifest["tables"] else tables.empty(name)


def _text(column: pd.Series) -> pd.Series:
    """Return cells as they are written in a table: days as days, missing ones blank."""
    if column.dtype.kind == "M":
        return column.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    return column.astype("str").where(column.notna(), "").astype("str")


def _of_table(name: str, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    before, after = _texts(name, old), _texts(name, new)
    both = before.index.intersection(after.index)
    one, other = before.loc[both], after.loc[both]
    parts = [_changed(one, other, column) for column in before.columns if column != "origin"]
    gone, added = before.index.difference(after.index), after.index.difference(before.index)
    parts += [_whole(before.loc[gone], "gone"), _whole(after.loc[added], "added")]
    found = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    return found.assign(table=name, correction=_corrections(found))[list(ROWS)]


def _texts(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table as texts by the key of its rows; the list of sources has no origin."""
    told = {column: _text(frame[column]) for column in frame.columns}
    return pd.DataFrame({"origin": "", **told}, index=frame.index).set_axis(keys(name, frame))


def _changed(before: pd.DataFrame, after: pd.DataFrame, column: str) -> pd.DataFrame:
    differs = (before[column] != after[column]).to_numpy()
    one, other = before[differs], after[differs]
    return pd.DataFrame(
        {
            "key": one.index.astype("str"),
            "what": "changed",
            "column": column,
            "before": one[column].to_numpy(),
            "after": other[column].to_numpy(),
            "origin_old": one["origin"].to_numpy(),
            "origin_new": other["origin"].to_numpy(),
        },
        dtype="str",
    )


def _whole(rows: pd.DataFrame, what: str) -> pd.DataFrame:
    side = "origin_old" if what == "gone" else "origin_new"
    blank = {name: "" for name in ("column", "before", "after", "origin_old", "origin_new")}
    frame = pd.DataFrame({"key": rows.index.astype("str"), "what": what, **blank}, dtype="str")
    return frame.assign(**{side: rows["origin"].to_numpy()})


def _corrections(rows: pd.DataFrame) -> pd.Series:
    """Return the file of corrections that one edition took and the other did not."""
    old, new = (
        rows[side].str.partition(CORRECTED)[2].astype("str")
        for side in ("origin_old", "origin_new")
    )
    return new.where(new != "", old).where(old != new, "")
