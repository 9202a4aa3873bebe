"""A publisher's grid while it is read: what its variables are, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from evalkit.errors import Failure, Reason
from evalkit.sources.documents import Document
from evalkit.sources.loaded import Loaded

if TYPE_CHECKING:
    import xarray

CALENDAR = 0.0  # days of a year: 365, or 366 in a leap year
SPECIES = ("Hg0", "Hg2", "HgP")  # together they are total mercury
AXES = {"latitude": "lat", "longitude": "lon"}
TOTAL = "total"
KEEP = "Take the file from the publisher again, and keep its name."


@dataclass(frozen=True)
class Publisher:
    """What holds for all grids of one publisher.

    Parameters
    ----------
    form : str
        Name of the form, as `evalkit check` tells it.
    inventory : str
        The inventory. It is another than that of the publisher's tables, since sums of a grid
        over outlines are no rows of a table.
    scheme : str
        Whose categories.
    days : float
        Days of the year that its fluxes are to be multiplied with; `CALENDAR` for 365 or 366.
    about : mapping
        publisher, title, address, licence and note of the source.
    whole : tuple of str
        Categories that together are all there are; empty where nobody says so.
    """

    form: str
    inventory: str
    scheme: str
    days: float
    about: Mapping[str, str]
    whole: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layer:
    """A variable of a grid: which category and species it holds."""

    variable: str
    category: str
    species: str


@dataclass(frozen=True)
class Stated:
    """A total that the publisher states, in kg, and by how much a sum may differ from it."""

    kg: float
    slack: float


@dataclass
class GridReading:
    """A grid while it is read.

    Parameters
    ----------
    document : Document
        The file.
    publisher : Publisher
        Whose it is.
    version : str
        Version of the inventory.
    failures : list of Failure
        What is wrong with it; one of them is enough to refuse the whole file.
    """

    document: Document
    publisher: Publisher
    version: str = "1"
    failures: list[Failure] = field(default_factory=list)

    def fail(self, reason: Reason, what: str, remedy: str, cell: str = "") -> None:
        """Record what is wrong with the file, or with one of its variables."""
        self.failures.append(Failure(reason, what, self.document.shown, None, cell, remedy))

    def refused(self) -> Loaded:
        """Return the file as one of which nothing is taken."""
        control = {"read": 1, "taken": 0, "set_apart": 1}
        shown, failures = self.document.shown, tuple(self.failures)
        return Loaded(self.publisher.form, shown, {}, failures, control)

    def bands(self, names: tuple[str, ...], year: int | None = None) -> xarray.DataArray | None:
        """Return variables as one array by variable, year, lat and lon; None if they are none.

        Parameters
        ----------
        names : tuple of str
            The variables.
        year : int, optional
            The year of variables that have no axis of time.
        """
        content = self.document.grid[list(names)]
        content = content.rename({old: new for old, new in AXES.items() if old in content.dims})
        # A band is a piece before anything is put together: what is not asked for is not read.
        pieces = {str(one): -1 if one in AXES.values() else 1 for one in content.dims}
        found = content.chunk(pieces).to_dataarray("variable")
        if "time" in found.dims:
            found = self._by_year(found)
        elif "year" not in found.dims and year is not None:
            found = found.expand_dims(year=[year])
        if {*found.dims} != {"variable", "year", "lat", "lon"}:
            told = ", ".join(str(one) for one in found.dims if one != "variable")
            self.fail(
                Reason.NOT_A_TABLE,
                f"The variables have the dimensions {told}, and not year, lat and lon",
                KEEP,
            )
            return None
        years = found["year"].to_numpy()
        if len(set(years.tolist())) < len(years):
            what = "Several bands are of one year: grids by month are not read"
            self.fail(Reason.DUPLICATE_KEY, what, "Load the grids by year.", "time")
            return None
        return found.transpose("variable", "year", "lat", "lon")

    def _by_year(self, found: xarray.DataArray) -> xarray.DataArray:
        time = found["time"]
        plain = np.issubdtype(time.dtype, np.datetime64)
        years = time.dt.year if plain or time.dtype == "O" else time
        return found.assign_coords(time=years.astype("int64").to_numpy()).rename(time="year")

    def same(self, told: Mapping[str, str], what: str) -> str:
        """Return what several places say of the same thing; that they differ is recorded.

        Parameters
        ----------
        told : mapping of str to str
            What each place says; blank where it says nothing.
        what : str
            What they speak of.
        """
        said = {place: one for place, one in told.items() if one}
        if len(set(said.values())) > 1:
            parts = ", ".join(f"{place} says {one}" for place, one in said.items())
            self.fail(Reason.CONTRADICTION, f"The {what} is not clear: {parts}", KEEP)
        if not said:
            self.fail(Reason.MISSING_VALUE, f"The file does not say its {what}", KEEP)
        return next(iter(said.values()), "")
