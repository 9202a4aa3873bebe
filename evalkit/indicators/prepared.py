"""Tables of one build with what several indicators need of them, made once.

A `Prepared` belongs to whoever made it: nothing is kept in the module, so no edition can see
what was made for another, and tables that are changed later are never answered from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

import pandas as pd

Made = TypeVar("Made")


class Prepared(Mapping[str, pd.DataFrame]):
    """Tidy tables by name, and a shelf for what is made of them.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tidy tables; not to be changed while this is in use.
    shelf : dict, optional
        What was made already of the same tables.

    Examples
    --------
    >>> ready = Prepared({"parties": pd.DataFrame({"iso3": ["GHA"]})})
    >>> ready.once("count", lambda: len(ready["parties"])), len(ready.only(["parties"]))
    (1, 1)
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], shelf: dict[Hashable, object] | None = None
    ) -> None:
        self._tables = dict(tables)
        self._shelf: dict[Hashable, object] = {} if shelf is None else shelf

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def only(self, names: Iterable[str]) -> Prepared:
        """Return the tables of these names, with the same shelf."""
        return Prepared({name: self._tables[name] for name in names}, self._shelf)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` gives, made at the first call for `key` only."""
        if key not in self._shelf:
            self._shelf[key] = make()
        return self._shelf[key]  # type: ignore[return-value]


def prepared(tables: Mapping[str, pd.DataFrame]) -> Prepared:
    """Return tables as `Prepared`; those that are already stay as they are."""
    return tables if isinstance(tables, Prepared) else Prepared(tables)
