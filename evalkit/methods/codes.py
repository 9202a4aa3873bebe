"""Answers that hold one or several codes, separated by bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd


def has_code(cells: npt.ArrayLike, codes: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Tell which cells have at least one of some codes.

    Parameters
    ----------
    cells : array-like of str
        Codes, several separated by bars; blank for none.
    codes : iterable of str
        What is looked for.

    Returns
    -------
    array of bool
        In the shape of `cells`; a blank cell has no code.

    Examples
    --------
    >>> has_code(["yes", "exports|no", ""], ["no"]).tolist()
    [False, True, False]
    """
    wanted = set(codes)
    return _of_distinct(cells, lambda cell: bool(wanted & set(cell.split("|"))))


def has_several(cells: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell which cells have more than one code.

    Examples
    --------
    >>> has_several(["yes", "exports|no", ""]).tolist()
    [False, True, False]
    """
    return _of_distinct(cells, lambda cell: "|" in cell)


def _of_distinct(cells: npt.ArrayLike, test: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    """Ask the question once for each distinct cell: there are few, whatever the rows."""
    given = np.asarray(cells, dtype="object")
    places, distinct = pd.factorize(given.ravel())
    found = np.array([test(str(cell)) for cell in distinct], dtype="bool")
    out: npt.NDArray[np.bool_] = found[places].reshape(given.shape)
    return out
