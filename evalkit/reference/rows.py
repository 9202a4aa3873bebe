"""Rows of the project's own small CSV files, read once."""

from __future__ import annotations

import csv
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from evalkit.reference import paths

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of data/reference/`name`, in the order of the file.

    Parameters
    ----------
    name : str
        File name, as ``groups.csv``.

    Returns
    -------
    tuple of read-only mappings
        One for each row; a blank cell is the empty string.

    Examples
    --------
    >>> rows("groups.csv")[0]["entity"]
    'WLD'
    """
    with paths.reference(name).open(encoding="utf-8", newline="") as file:
        return tuple(MappingProxyType(row) for row in csv.DictReader(file))


def by(name: str, column: str) -> dict[str, Mapping[str, str]]:
    """Return the rows of data/reference/`name` by the value of `column`."""
    return {row[column]: row for row in rows(name)}
