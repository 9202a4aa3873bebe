"""From the variables of a grid to tidy tables: what every publisher's grid goes through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit import tables
from evalkit.errors import Reason
from evalkit.fingerprint import sha256
from evalkit.methods.grids import Grid, grid
from evalkit.sources.grid_files.amounts import AMOUNTS, FLUXES, globe, kilograms
from evalkit.sources.grid_files.cells import cells
from evalkit.sources.grid_files.parts import Sums, accounts, emissions, notes
from evalkit.sources.grid_files.reading import KEEP, GridReading, Layer, Stated
from evalkit.sources.loaded import Loaded
from evalkit.sources.source_rows import source_id

if TYPE_CHECKING:
    import xarray

LINE_RULE = (
    "after # the variable, after / the outline or cells, after : the place of its year, from 1"
)
SHIPS = "ship"  # in the name of a category: its amounts are meant to lie at sea
ON_LAND = 0.75  # of other amounts at least so much lies in cells that an outline touches


def finish(
    reading: GridReading,
    values: xarray.DataArray | None,
    layers: Sequence[Layer],
    unit: str,
    total: Stated | None = None,
) -> Loaded:
    """Return the amounts of a grid by State as tidy tables, or the file refused.

    Parameters
    ----------
    reading : GridReading
        The file, and what is wrong with it so far.
    values : DataArray by variable, year, lat and lon, or None
        What the file holds.
    layers : sequence of Layer
        The category and species of each variable.
    unit : str
        Unit of the values; one that is not known refuses the file.
    total : Stated, optional
        What the publisher says that all cells of a variable add up to.

    Returns
    -------
    Loaded
        Tables `emissions` (each State and territory with an outline, and the world),
        `grid_accounts` (where the whole of each grid lies) and `grid_cells` (larger cells, for
        maps); basis estimated.
    """
    if unit not in FLUXES and unit not in AMOUNTS:
        known = ", ".join((FLUXES[0], *AMOUNTS))
        remedy = f"Units that are known: {known}. Ask the publisher which this is."
        reading.fail(Reason.NOT_ALLOWED, f"The unit {unit!r} is not known", remedy, "units")
    of = None if values is None else _globe(reading, values)
    if values is None or of is None or reading.failures:
        return reading.refused()
    sums = _sums(reading, kilograms(values, unit, of, reading.publisher.days), of, layers)
    if sums is None:
        return reading.refused()
    _compare(reading, sums, total)
    _look_at_sea(reading, sums)
    return reading.refused() if reading.failures else _loaded(reading, sums, of, total)


def _globe(reading: GridReading, values: xarray.DataArray) -> Grid | None:
    try:
        return globe(values)
    except ValueError as error:
        remedy = "Load the publisher's own grid of the globe, with the centres of its cells."
        reading.fail(Reason.NOT_ALLOWED, f"The grid can't be used: {error}", remedy)
        return None


def _sums(
    reading: GridReading, kg: xarray.DataArray, of: Grid, layers: Sequence[Layer]
) -> Sums | None:
    """Return the sums over outlines; each band is read once for all of them."""
    import xarray as xr

    from evalkit.methods.cell_shares import REST
    from evalkit.methods.coarse_cells import cells_together, coarsened
    from evalkit.methods.zonal import zonal_sums
    from evalkit.sources.grid_files.outline_shares import outline_shares

    full = outline_shares(of).with_rest()
    larger = coarsened(kg, cells_together(of))
    coarse = grid(larger["lat"].to_numpy(), larger["lon"].to_numpy())
    wanted = {
        "parts": zonal_sums(kg, full),
        "whole": kg.sum(["lat", "lon"], skipna=False),
        "least": kg.min(["lat", "lon"], skipna=False),
        "cells": larger.rename(lat="row", lon="column").drop_vars(["row", "column"]),
    }
    try:
        found = xr.Dataset(wanted).compute()
    except ValueError as error:
        reading.fail(Reason.MISSING_VALUE, str(error).capitalize(), KEEP)
        return None
    except (OSError, RuntimeError) as error:
        raise reading.document.refusal(f"can't be read to its end: {error}") from error
    if float(found["least"].min()) < 0:
        reading.fail(
            Reason.NEGATIVE,
            "A cell holds less than nothing",
            "Ask the publisher what it means; nothing of the file is taken.",
        )
    return Sums(
        layers=tuple(layers),
        years=[int(year) for year in found["year"].to_numpy()],
        outlines=full.outlines[: -len(REST)],
        rest=REST,
        parts=found["parts"].to_numpy(),
        whole=found["whole"].to_numpy(),
        cells=found["cells"].transpose("variable", "year", "row", "column").to_numpy(),
        coarse=coarse,
    )


def _compare(reading: GridReading, sums: Sums, total: Stated | None) -> None:
    """Compare what cells add up to with what the publisher says of them."""
    if total is None:
        return
    for layer, wholes in zip(sums.layers, sums.whole, strict=True):
        for whole in wholes:
            if abs(whole - total.kg) > total.slack:
                reading.fail(
                    Reason.CONTRADICTION,
                    f"The cells add up to {whole:,.0f} kg, and the publisher's total is "
                    f"{total.kg:,.0f} kg, to within {total.slack:,.0f} kg",
                    "Ask the publisher which is right; nothing of the file is taken.",
                    layer.variable,
                )


def _look_at_sea(reading: GridReading, sums: Sums) -> None:
    """Refuse amounts most of which lie far from land: such a grid is turned or shifted."""
    meant = [SHIPS not in layer.category.casefold() for layer in sums.layers]
    whole = float(sums.whole[meant].sum())
    sea = float(sums.of("sea")[meant].sum())
    if whole > 0 and 1 - sea / whole < ON_LAND:
        reading.fail(
            Reason.CONTRADICTION,
            f"{sea / whole:.0%} of the amounts lie at sea: the grid is upside down, or its "
            "longitudes begin elsewhere than they say",
            KEEP,
        )


def _loaded(reading: GridReading, sums: Sums, of: Grid, total: Stated | None) -> Loaded:
    publisher, shown = reading.publisher, reading.document.shown
    source = source_id(publisher.form, reading.document.path.stem)
    common = {
        "inventory": publisher.inventory,
        "version": reading.version,
        "scheme": publisher.scheme,
        "medium": "air",
        "source": source,
        "basis": "estimated",  # the inventory is an estimate, and a sum of it is none the less
    }
    about = {
        "source": source,
        "sha256": sha256(reading.document.path),
        "file": reading.document.path.name,
        "line_rule": LINE_RULE,
    }
    frames = {
        "emissions": emissions(sums, publisher.whole, of, shown).assign(**common),
        "grid_accounts": accounts(sums, publisher.whole, shown).assign(**common),
        "grid_cells": cells(sums, publisher.whole, shown).assign(**common),
        "sources": pd.DataFrame([{**publisher.about, **about}]),
    }
    read = sum(len(frames[name]) for name in ("emissions", "grid_accounts", "grid_cells"))
    control = {"read": read, "taken": read, "set_apart": 0, "bands": int(np.size(sums.whole))}
    said = () if total else ("The file states no total that its cells could be compared with.",)
    told = (*notes(frames["grid_accounts"]), *said)
    tidied = {name: tables.tidy(name, frame) for name, frame in frames.items()}
    return Loaded(publisher.form, shown, tidied, (), control, told)
