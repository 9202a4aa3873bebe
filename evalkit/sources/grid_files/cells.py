"""The cells of a grid as maps show them: larger ones, of the widest band that there is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from evalkit.methods.grids import cell_areas
from evalkit.sources.grid_files.parts import Sums
from evalkit.sources.grid_files.reading import TOTAL

GRAMS, SQUARE_METRES = 1e3, 1e6  # of a kg, of a square kilometre


def cells(sums: Sums, whole: tuple[str, ...], shown: str) -> pd.DataFrame:
    """Return kg of each larger cell that holds something.

    Of the categories the total is kept where there is one, of the species too: a map shows
    these, and a hundred bands of cells would be no small table.

    Returns
    -------
    DataFrame with columns category, species, year, latitude, longitude, height, width, kg,
        g_per_km2, origin. A cell without a row holds nothing: a grid that lacks a number is
        refused. A band that holds nothing anywhere has one row, with 0 kg.
    """
    height, width = sums.coarse.step
    longitudes = sums.coarse.longitudes
    longitudes = np.where(longitudes >= 180, longitudes - 360, longitudes)
    density = GRAMS * SQUARE_METRES / cell_areas(sums.coarse)
    found = []
    for category, species, rows in _widest(sums, whole):
        kg = sums.cells[rows].sum(axis=0)
        for number, year in enumerate(sums.years):
            down, along = np.nonzero(kg[number])
            if not len(down):
                down, along = np.array([0]), np.array([0])
            held = kg[number][down, along]
            told = {
                "category": category,
                "species": species,
                "year": year,
                "latitude": sums.coarse.latitudes[down],
                "longitude": longitudes[along],
                "height": height,
                "width": width,
                "kg": held,
                "g_per_km2": held * density[down],
                "origin": f"{shown}#{sums.named(rows)}/cells:{number + 1}",
            }
            found.append(pd.DataFrame(told))
    return pd.concat(found, ignore_index=True)


def _widest(sums: Sums, whole: tuple[str, ...]) -> Iterator[tuple[str, str, list[int]]]:
    """Yield the bands of the total category and species, or of each where there is no total."""
    bands = list(sums.bands(whole))
    if any(category == TOTAL for category, _, _ in bands):
        bands = [one for one in bands if one[0] == TOTAL]
    totals = {category for category, species, _ in bands if species == TOTAL}
    for category, species, rows in bands:
        if species == TOTAL or category not in totals:
            yield category, species, rows
