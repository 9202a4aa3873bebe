"""What many rows rest on, as codes into a small pool: basis and sources joined by numbers.

The same as `result.group_evidence`, for the many rows that answers give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.model import Basis

Codes = npt.NDArray[np.int64]
Ground = tuple[int, frozenset[str]]  # strength of the basis, ids of the sources
ORDER = [str(basis) for basis in Basis]
NOTHING: Ground = (ORDER.index(Basis.REPORTED), frozenset())


@dataclass(frozen=True)
class Evidence:
    """What each of several rows rests on.

    Parameters
    ----------
    codes : array of int
        For each row, its place in the pool.
    pool : sequence of (int, frozenset of str)
        Strength of the basis and sources; the first is `NOTHING`.
    """

    codes: Codes
    pool: Sequence[Ground]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Evidence:
        """Return the evidence of rows that have the columns basis and source."""
        basis, bases = pd.factorize(rows["basis"])
        source, sources = pd.factorize(rows["source"])
        pairs, codes = np.unique(
            np.stack([basis, source], axis=1).reshape(-1, 2), axis=0, return_inverse=True
        )
        split = [frozenset(str(one).split()) for one in sources]
        strength = [ORDER.index(str(one)) for one in bases]
        pool = [NOTHING, *((strength[b], split[s]) for b, s in pairs)]
        return cls(codes.reshape(-1) + 1, pool)

    def at(self, size: int, places: Codes) -> Evidence:
        """Return evidence of `size` rows: mine at their places, nothing at the others.

        A place that is named twice rests on both.
        """
        return self.grouped(places, np.arange(len(places)), size)

    def plus(self, other: Evidence) -> Evidence:
        """Return what each row rests on when it rests on both."""
        pairs, codes = np.unique(
            np.stack([self.codes, other.codes], axis=1), axis=0, return_inverse=True
        )
        pool, places = _pooled(joined([self.pool[a], other.pool[b]]) for a, b in pairs)
        return Evidence(places[codes.reshape(-1)], pool)

    def grouped(self, cell: Codes, row: Codes, size: int) -> Evidence:
        """Return what each of `size` groups rests on, given which rows are in which."""
        pairs = np.unique(np.stack([cell, self.codes[row]], axis=1).reshape(-1, 2), axis=0)
        within: dict[int, list[int]] = {}
        for group, code in pairs.tolist():
            within.setdefault(group, []).append(code)
        alike: dict[tuple[int, ...], list[int]] = {}
        for group, mine in within.items():
            alike.setdefault(tuple(mine), []).append(group)
        pool, places = _pooled(joined([self.pool[code] for code in mine]) for mine in alike)
        codes = np.zeros(size, dtype="int64")
        for place, groups in zip(places, alike.values(), strict=True):
            codes[groups] = place
        return Evidence(codes, pool)

    def columns(self) -> dict[str, npt.NDArray[np.object_]]:
        """Return the columns basis and source of a results table."""
        basis = np.array([ORDER[strength] for strength, _ in self.pool], dtype="object")
        source = np.array([" ".join(sorted(named)) for _, named in self.pool], dtype="object")
        return {"basis": basis[self.codes], "source": source[self.codes]}


def _pooled(grounds: Iterable[Ground]) -> tuple[list[Ground], Codes]:
    """Return a pool without repeats that begins with `NOTHING`, and the place of each ground."""
    known = {NOTHING: 0}
    places = [known.setdefault(ground, len(known)) for ground in grounds]
    return list(known), np.array(places, dtype="int64")


def joined(grounds: Sequence[Ground]) -> Ground:
    """Return the weakest basis and all sources of several.

    Examples
    --------
    >>> strength, sources = joined([(0, frozenset({"a"})), (4, frozenset({"b"}))])
    >>> ORDER[strength], sorted(sources)
    ('memory', ['a', 'b'])
    """
    return max(g[0] for g in grounds), frozenset().union(*(g[1] for g in grounds))
