"""Two editions compared: which results differ, how far, and what lies behind it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit import results
from evalkit.editions.causes import NOISE, Causes, Side, at_least, first, followed
from evalkit.editions.row_changes import row_changes
from evalkit.editions.store import Edition
from evalkit.indicators import catalogue
from evalkit.views.changes import KEY, Changes

Bools = npt.NDArray[np.bool_]
TOLD = ("value", "low", "high", "n", "n_answered", "n_due", "status", "basis", "source")
FOLLOWED = 400  # results that are followed to their rows; the world and groups come first


def difference(old: Edition, new: Edition, follow: int = FOLLOWED) -> Changes:
    """Compare two editions, each on its own day.

    Parameters
    ----------
    old, new : Edition
        The older and the newer one.
    follow : int
        How many results are followed to the rows behind them, the world and groups first. Of
        all others it is told which tables that they need differ, and `traced` is False.

    Returns
    -------
    Changes
        Differences smaller than what adding in another order makes are none. Rows of the
        newer edition are traced with the methods as they are now; where the older edition had
        another version of a method, that is a cause.
    """
    values, unchanged = _values(old, new)
    rows, methods = row_changes(old, new), _methods(old, new)
    sides = Side.of(old), Side.of(new)
    values, because = _with_causes(values, Causes(*sides, rows, set(methods["indicator"])), follow)
    return Changes(
        old=old.name,
        new=new.name,
        old_day=old.as_of,
        new_day=new.as_of,
        simulated=old.simulated or new.simulated,
        values=values,
        rows=rows,
        because=because,
        methods=methods,
        inputs=_inputs(old, new),
        unchanged=unchanged,
    )


def _own(edition: Edition, names: list[str]) -> pd.DataFrame:
    """Return the results of some indicators on an edition's own day."""
    held = [edition.results_of(name) for name in names if name in edition.manifest["results"]]
    rows = pd.concat(held or [results.conform(pd.DataFrame(columns=list(results.COLUMNS)))])
    return rows[rows["as_of"] == edition.as_of]


def _alike(old: Edition, new: Edition) -> list[str]:
    """Return the indicators whose results are the same to the byte."""
    before, after = old.manifest["results"], new.manifest["results"]
    return [
        name
        for name in before
        if old.as_of == new.as_of and before[name]["sha256"] == after.get(name, {}).get("sha256")
    ]


def _values(old: Edition, new: Edition) -> tuple[pd.DataFrame, int]:
    """Return the results that differ, and how many do not."""
    columns = [*KEY, "unit", *TOLD]
    alike = _alike(old, new)
    names = sorted({*old.manifest["results"], *new.manifest["results"]} - {*alike})
    one, other = (_own(edition, names)[columns] for edition in (old, new))
    both = one.merge(other, on=list(KEY), how="outer", suffixes=("_old", "_new"), indicator="side")
    unit = both["unit_new"].fillna(both["unit_old"])
    both = both.assign(unit=unit, kind=_kinds(both)).drop(columns=["unit_old", "unit_new", "side"])
    differ = both[both["kind"] != ""]
    moved = differ.assign(moved=_moved(differ)).reset_index(drop=True)
    return moved, len(both) - len(differ) + len(_own(new, alike))


def _kinds(both: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return what differs first of all; blank where nothing does."""
    side = both["side"].to_numpy("object")
    choices = {
        "new": side == "right_only",
        "gone": side == "left_only",
        "status": _words(both, "status"),
        "value": _numbers(both, "value"),
        "bounds": _numbers(both, "low") | _numbers(both, "high"),
        "counts": _numbers(both, "n") | _numbers(both, "n_answered") | _numbers(both, "n_due"),
        "evidence": _words(both, "basis") | _words(both, "source"),
    }
    return np.select(list(choices.values()), list(choices), "").astype("object")


def _words(both: pd.DataFrame, name: str) -> Bools:
    return (both[f"{name}_old"].fillna("") != both[f"{name}_new"].fillna("")).to_numpy()


def _numbers(both: pd.DataFrame, name: str) -> Bools:
    one, other = (
        both[f"{name}_{side}"].to_numpy("float64", na_value=np.nan) for side in ("old", "new")
    )
    near = np.isclose(one, other, rtol=NOISE, atol=0.0, equal_nan=True)
    return np.asarray(~near, dtype="bool")


def _moved(values: pd.DataFrame) -> pd.Series:
    """Return how far values moved: shares in points, all else as a part of the larger value."""
    one, other = values["value_old"], values["value_new"]
    larger = np.maximum(one.abs(), other.abs())
    whole = values["unit"].isin(["share", "progress"])
    return (other - one) / larger.where(~whole & (larger > 0), 1.0)


def _methods(old: Edition, new: Edition) -> pd.DataFrame:
    """Return the indicators whose method has another version."""
    before, after = (
        {
            name: str(told.get("method_version", ""))
            for name, told in one.manifest["results"].items()
        }
        for one in (old, new)
    )
    both = [name for name in before if name in after and before[name] != after[name]]
    return pd.DataFrame(
        {
            "indicator": both,
            "before": [before[name] for name in both],
            "after": [after[name] for name in both],
        },
        dtype="str",
    )


def _inputs(old: Edition, new: Edition) -> pd.DataFrame:
    """Return the files that only one edition took, or took with other content."""
    before, after = (
        {item["file"]: (item["sha256"], item["form"]) for item in one.manifest["inputs"]}
        for one in (old, new)
    )
    rows = [(name, "gone", before[name][1]) for name in before if name not in after]
    rows += [(name, "added", after[name][1]) for name in after if name not in before]
    rows += [
        (name, "changed", after[name][1])
        for name in before
        if name in after and before[name][0] != after[name][0]
    ]
    return pd.DataFrame(sorted(rows), columns=["file", "what", "form"], dtype="str")


def _with_causes(
    values: pd.DataFrame, causes: Causes, follow: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the values with their causes, and which cells lie behind which."""
    needs = {name: set(one.tables) for name, one in catalogue.indicators().items()}
    told = pd.Series(at_least(values.itertuples(), causes, needs), values.index, dtype="str")
    traced = pd.Series(data=False, index=values.index, dtype="bool")
    known = values[values["indicator"].isin(list(needs))]
    pairs: list[tuple[int, int]] = []
    for place, names, cells in followed(causes, first(known, follow)):
        told[place], traced[place] = " ".join(names), True
        pairs += [(place, cell) for cell in cells]
    because = pd.DataFrame(pairs, columns=["value", "row"], dtype="int64")
    return values.assign(causes=told, traced=traced), because
