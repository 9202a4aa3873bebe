"""Where the whole of a grid lies: States, territories, areas in dispute, coasts, the sea."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.methods.grids import Grid
from evalkit.reference import entities, outlines
from evalkit.sources.grid_files.reading import SPECIES, TOTAL, Layer

Floats = npt.NDArray[np.float64]
LAND = ("states", "territories", "disputed")


@dataclass(frozen=True)
class Sums:
    """Kg of each variable, year and outline, and of the whole grid.

    Parameters
    ----------
    layers : tuple of Layer
        The variables.
    years : list of int
        The years, in the order of the file.
    outlines : tuple of str
        Ids of the outlines.
    rest : tuple of str
        The parts of a grid beside them: coast, sea and overlap.
    parts : array by variable, year and outline
        Kg inside each outline, and in each part beside them.
    whole : array by variable and year
        Kg of the grid, summed without regard to outlines.
    cells : array by variable, year, row and column
        Kg of the larger cells that are kept for maps.
    coarse : Grid
        The larger cells.
    """

    layers: tuple[Layer, ...]
    years: list[int]
    outlines: tuple[str, ...]
    rest: tuple[str, ...]
    parts: Floats
    whole: Floats
    cells: Floats
    coarse: Grid

    def of(self, part: str) -> Floats:
        """Return kg by variable and year of an outline, or of one of the others."""
        return np.asarray(self.parts[..., (*self.outlines, *self.rest).index(part)])

    def added(self, whole: tuple[str, ...]) -> Iterator[tuple[str, str, str, Floats, Floats]]:
        """Yield each category and species, totals too, with its variables, parts and whole.

        Parameters
        ----------
        whole : tuple of str
            Categories that together are all there are.
        """
        for category, species, rows in self.bands(whole):
            added = self.parts[rows].sum(axis=0), self.whole[rows].sum(axis=0)
            yield category, species, self.named(rows), *added

    def named(self, rows: list[int]) -> str:
        """Return the names of some variables, as origins have them."""
        return "+".join(self.layers[i].variable for i in rows)

    def bands(self, whole: tuple[str, ...]) -> Iterator[tuple[str, str, list[int]]]:
        """Yield each category and species, totals too, with the variables that make it."""
        given = {(one.category, one.species): i for i, one in enumerate(self.layers)}
        categories = list(dict.fromkeys(category for category, _ in given))
        sets = {category: [category] for category in categories}
        if whole and set(categories) == set(whole):
            sets[TOTAL] = categories
        for category, members in sets.items():
            for species in (TOTAL, *SPECIES):
                wanted = self._species(given, members[0], species)
                rows = [given.get((m, s), -1) for m in members for s in wanted]
                if rows and min(rows) >= 0:
                    yield category, species, rows

    @staticmethod
    def _species(given: dict[tuple[str, str], int], category: str, species: str) -> Sequence[str]:
        """Return of which species one is the sum: itself, or all three where none is total."""
        if species != TOTAL or (category, TOTAL) in given:
            return (species,)
        return SPECIES


def kinds(ids: Sequence[str]) -> npt.NDArray[np.str_]:
    """Return of each outline whether it is of a State, of a territory, or in dispute."""
    states, disputed = set(entities.states()), set(outlines.disputed())
    return np.array(
        [
            "disputed" if one in disputed else "states" if one in states else "territories"
            for one in ids
        ]
    )


def emissions(sums: Sums, whole: tuple[str, ...], of: Grid, shown: str) -> pd.DataFrame:
    """Return kg of each State, of each territory that has an entity, and of the world.

    Returns
    -------
    DataFrame with columns category, species, entity, year, kg, note, origin
        Areas in dispute have no row: `accounts` has them.
    """
    ids = sums.outlines
    known = entities.titles()
    kept = [
        i
        for i, (one, kind) in enumerate(zip(ids, kinds(ids), strict=True))
        if one in known and kind != "disputed"
    ]
    named = [ids[i] for i in kept] + [entities.WORLD]
    height, width = of.step
    note = f"summed over cells of {height:g} by {width:g} degrees, those on an edge divided by area"
    found = []
    for category, species, variables, parts, wholes in sums.added(whole):
        for number, year in enumerate(sums.years):
            told = {
                "category": category,
                "species": species,
                "entity": named,
                "year": year,
                "kg": np.append(parts[number, kept], wholes[number]),
                "note": note,
                "origin": [f"{shown}#{variables}/{one}:{number + 1}" for one in named],
            }
            found.append(pd.DataFrame(told))
    return pd.concat(found, ignore_index=True)


def accounts(sums: Sums, whole: tuple[str, ...], shown: str) -> pd.DataFrame:
    """Return where the whole of each grid lies.

    Returns
    -------
    DataFrame with columns category, species, year, part, area, kg, origin
        Parts are whole, states, territories, disputed (a row for each area), coast, sea and
        overlap. The whole is the sum of the others, less the overlap.
    """
    ids = sums.outlines
    kind = kinds(ids)
    found = []
    for category, species, variables, parts, wholes in sums.added(whole):
        for number, year in enumerate(sums.years):
            kg = parts[number]
            inside = kg[: len(ids)]
            rows = [("whole", "", wholes[number])]
            rows += [(name, "", inside[kind == name].sum()) for name in LAND[:2]]
            rows += [("disputed", ids[i], inside[i]) for i in np.flatnonzero(kind == LAND[2])]
            rows += [(name, "", one) for name, one in zip(sums.rest, kg[len(ids) :], strict=True)]
            frame = pd.DataFrame(rows, columns=["part", "area", "kg"])
            place = frame["area"].where(frame["area"] != "", frame["part"])
            origin = f"{shown}#{variables}/" + place + f":{number + 1}"
            told = {"category": category, "species": species, "year": year, "origin": origin}
            found.append(frame.assign(**told))
    return pd.concat(found, ignore_index=True)


def notes(account: pd.DataFrame) -> tuple[str, ...]:
    """Return the account of total mercury in words, or of the species that there are.

    Returns
    -------
    tuple of str
        A sentence for each category and year.
    """
    told = account
    if TOTAL in set(account["species"]):
        told = account[account["species"] == TOTAL]
    by = ["category", "species", "year"]
    kg = told.pivot_table(index=by, columns="part", values="kg", aggfunc="sum", sort=True)
    return tuple(
        f"{', '.join(one for one in (str(year), category, species) if one != TOTAL)}: "
        f"{row['whole'] / 1000:,.3f} Mg; States "
        f"{row['states'] / 1000:,.3f}, territories {row['territories'] / 1000:,.3f}, areas in "
        f"dispute {row['disputed'] / 1000:,.3f}, coasts {row['coast'] / 1000:,.3f}, sea "
        f"{row['sea'] / 1000:,.3f}"
        for (category, species, year), row in kg.iterrows()
    )
