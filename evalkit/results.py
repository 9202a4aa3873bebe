"""The results table: its columns, what a row may say, writing and reading it.

One row is one value, or the reason why there is none, of one indicator for one entity and
period as it stood on one day. Views and notebooks need nothing else.

`low` and `high` are blank where the value is exact; `low` filled and `high` blank means
"at least"; both filled is an interval. Shares are fractions from 0 to 1.
"""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.errors import EvalkitError, Reason, UnknownNameError
from evalkit.model import Basis, Status
from evalkit.order import places

if TYPE_CHECKING:
    import pandas as pd

DTYPES: dict[str, str] = {
    "indicator": "str",  # local id
    "series": "str",  # which of several series of the indicator; blank for the only one
    "entity": "str",  # ISO3, group or area
    "period": "str",  # cycle, year, replenishment, due day; blank for a state on a day
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "unit": "str",
    "n": "Int64",  # that count
    "n_answered": "Int64",  # that gave an answer, or have an amount
    "n_due": "Int64",  # that owed one
    "status": "str",
    "basis": "str",
    "as_of": "datetime64[s]",
    "source": "str",  # ids of the table `sources`, separated by blanks
}
COLUMNS = tuple(DTYPES)
LISTED = 12  # so many values a message lists before it names the nearest only
KEY = ("indicator", "series", "entity", "period", "as_of")

# Series of a share beside that of the Parties due, which is the blank one.
ANSWERED, WILSON, CHANGE, PANEL, ITEMS = (
    "answered",
    "answered-wilson",
    "change",
    "change-panel",
    "items",
)
_SHARES = {
    ANSWERED: "share-answered",
    WILSON: "share-answered",
    CHANGE: "points",
    PANEL: "points-panel",
    ITEMS: "share-items",
}


def conform(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` as a results table, or refuse it.

    Parameters
    ----------
    frame : DataFrame
        Has the columns of `COLUMNS` or fewer; absent ones are added as missing.

    Returns
    -------
    DataFrame
        Columns and dtypes as declared, sorted by `KEY`, no index, no object cells.

    Raises
    ------
    EvalkitError
        A row contradicts itself: a value without status ok, ok without a value, bounds that
        do not hold the value, counts out of order, an unknown status or basis, a key twice.

    Examples
    --------
    >>> import pandas as pd
    >>> conform(pd.DataFrame({"indicator": ["x"], "entity": ["WLD"], "value": [1.0],
    ...     "status": ["ok"], "basis": ["reported"], "as_of": ["2020-01-01"]})).shape
    (1, 15)
    """
    import pandas as pd

    columns = {}
    for name, dtype in DTYPES.items():
        if name in frame.columns:
            values = frame[name]
            values = values.fillna("") if dtype == "str" else values
            columns[name] = values if values.dtype == dtype else values.astype(dtype)
        else:
            blank: object = "" if dtype == "str" else None
            columns[name] = pd.Series([blank] * len(frame), index=frame.index, dtype=dtype)
    out = pd.DataFrame(columns, columns=list(COLUMNS))
    place = places(out, KEY)
    _refuse_contradictions(out, pd.Series(place).duplicated(keep=False).to_numpy())
    return out.iloc[place.argsort(kind="stable")].reset_index(drop=True)


def _refuse_contradictions(frame: pd.DataFrame, again: Any) -> None:
    value, low, high = (frame[name].to_numpy() for name in ("value", "low", "high"))
    n, answered, due = (
        frame[name].to_numpy("float64", na_value=float("nan"))
        for name in ("n", "n_answered", "n_due")
    )
    ok = (frame["status"] == Status.OK).to_numpy()
    has = frame["value"].notna().to_numpy()
    problems = {
        "an unknown status": ~_among(frame["status"], Status),
        "an unknown basis": ~_among(frame["basis"], Basis),
        "status ok without a value": ok & ~has,
        "a value although the status is not ok": ~ok & has,
        "a value outside its bounds": (low > value) | (high < value),
        "more that answered than owed an answer": answered > due,
        "more that count than answered": n > answered,
        "the same key twice": again,
    }
    for what, wrong in problems.items():
        if wrong.any():
            row = frame.iloc[int(wrong.argmax())]
            key = ", ".join(f"{name} {row[name]}" for name in KEY if str(row[name]))
            raise EvalkitError(
                f"{int(wrong.sum())} results have {what}, the first: {key}.",
                reason=Reason.CONTRADICTION,
                where="results",
                remedy="Correct the indicator's function.",
            )


def _among(column: pd.Series, allowed: type[StrEnum]) -> Any:
    """Tell which cells are allowed; of a column in which all are, that is seen at once."""
    names = {str(one) for one in allowed}
    return (column.notna() if set(column.unique()) <= names else column.isin(names)).to_numpy()


def only(rows: pd.DataFrame, column: str, wanted: str) -> pd.DataFrame:
    """Return the rows of one entity, period or series, or refuse what is not there.

    Parameters
    ----------
    rows : DataFrame
        A results table.
    column : str
        entity, period or series.
    wanted : str
        The value that rows must have in it.

    Returns
    -------
    DataFrame
        At least one row.

    Raises
    ------
    UnknownNameError
        No row has it; the message lists the nearest and some of what there is.

    Examples
    --------
    >>> import pandas as pd
    >>> only(pd.DataFrame({"period": ["2015", "2010"]}), "period", "2015").shape
    (1, 1)
    """
    chosen = rows[rows[column] == wanted]
    if len(chosen):
        return chosen
    there = sorted(value or '""' for value in rows[column].unique())
    near = there if len(there) <= LISTED else get_close_matches(wanted, there) or there[:LISTED]
    raise UnknownNameError(
        f"There is no {column} {wanted!r} among these results.",
        reason=Reason.UNKNOWN_PARAMETER,
        remedy=f"Choose one of: {', '.join(near)}.",
    )


def measure(unit: str, series: str) -> str:
    """Return what a value is a measure of: its unit, or for some series of a share, of whom.

    Parameters
    ----------
    unit, series : str
        Of a result.

    Returns
    -------
    str
        The unit; for a share ``share-answered``, ``share-items`` (of the questions put to
        all), ``points`` and ``points-panel`` (a difference of two shares).

    Examples
    --------
    >>> measure("share", ""), measure("share", "answered"), measure("kg", "change")
    ('share', 'share-answered', 'kg')
    """
    return _SHARES.get(series, unit) if unit == "share" else unit


def whole(unit: str, series: str) -> str:
    """Name the count that `n` is counted of.

    Parameters
    ----------
    unit, series : str
        Of a result.

    Returns
    -------
    str
        ``n_due``, or ``n_answered`` where the value is of those that answered alone.

    Examples
    --------
    >>> whole("share", ""), whole("share", "answered-wilson"), whole("progress", "")
    ('n_due', 'n_answered', 'n_answered')
    """
    of_all = measure(unit, series) == unit and unit != "progress"
    return "n_due" if of_all else "n_answered"


def write(frame: pd.DataFrame, folder: Path) -> list[Path]:
    """Write a results table as one CSV for each indicator.

    Parameters
    ----------
    frame : DataFrame
        A results table (`conform`).
    folder : Path
        Created when absent.

    Returns
    -------
    list of Path
        The files written; equal frames give equal bytes.
    """
    from evalkit import csvfile

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for indicator, rows in frame.groupby("indicator", sort=True):
        path = folder / f"{indicator}.csv"
        csvfile.write(rows, path)
        written.append(path)
    return written


def read(folder: Path, indicator: str | None = None) -> pd.DataFrame:
    """Read the results of an edition, all or of one indicator.

    Parameters
    ----------
    folder : Path
        Folder that `write` filled.
    indicator : str, optional
        Local id; all when left out.

    Returns
    -------
    DataFrame
        The results table, sorted as written.

    Raises
    ------
    EvalkitError
        There are no results of that indicator.
    """
    import pandas as pd

    named = sorted(folder.glob("*.csv"), key=lambda path: path.stem)
    names = named if indicator is None else [folder / f"{indicator}.csv"]
    if indicator is not None and not names[0].is_file():
        known = ", ".join(path.stem for path in sorted(folder.glob("*.csv")))
        raise EvalkitError(
            f"The edition has no results of the indicator {indicator!r}.",
            reason=Reason.UNKNOWN_INDICATOR,
            where=folder.parent.name,
            remedy=f"Choose one of: {known}.",
        )
    text = {name: "str" for name, dtype in DTYPES.items() if dtype == "str"}
    counts = {name: "Int64" for name, dtype in DTYPES.items() if dtype == "Int64"}
    frames = [
        pd.read_csv(
            path,
            dtype={**text, **counts},
            keep_default_na=False,
            na_values={name: [""] for name in COLUMNS if name not in text},
            parse_dates=["as_of"],
            date_format="%Y-%m-%d",
        )
        for path in names
    ]
    if not frames:
        return conform(pd.DataFrame({name: [] for name in COLUMNS}))
    return pd.concat(frames, ignore_index=True).astype(DTYPES)
