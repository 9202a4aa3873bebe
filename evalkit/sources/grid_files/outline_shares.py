"""Cell shares of the outlines of States, computed once for each grid and kept on disk."""

from __future__ import annotations

import hashlib
import os
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from evalkit.fingerprint import sha256
from evalkit.methods.cell_coverage import cell_shares, of_arrays
from evalkit.methods.cell_shares import CellShares, key
from evalkit.methods.grids import Grid
from evalkit.reference import outlines, paths

FOLDER = "cell-shares"
FORMAT = "1"  # raised when the same outlines would give other shares, or the file another layout
_ARRAYS = ("data", "indices", "indptr")


@cache
def version() -> str:
    """Return what tells the outlines and the way of computing shares from others."""
    from importlib.metadata import version as installed

    file = paths.reference("boundaries/world.geojson")
    return f"{FORMAT} {sha256(file)} exactextract {installed('exactextract')}"


def outline_shares(of: Grid) -> CellShares:
    """Return the cell shares of all outlines on a grid, from disk where they are kept.

    Parameters
    ----------
    of : Grid
        The cells.

    Returns
    -------
    CellShares
        Outlines of States, territories and areas in dispute, by their ids. A kept file that
        is damaged, or of other outlines, is made again; where nothing can be written, shares
        are computed each time.
    """
    path = paths.scratch() / FOLDER / f"{key(of, version())}.npz"
    kept = _read(path, of)
    if kept is not None:
        return kept
    from shapely.geometry import shape

    features = outlines.world()["features"]
    ids = [feature["id"] for feature in features]
    shapes = [shape(feature["geometry"]) for feature in features]
    made = cell_shares(shapes, of, ids=ids, version=version())
    _keep(path, made)
    return made


def _read(path: Path, of: Grid) -> CellShares | None:
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            held = {name: file[name] for name in (*_ARRAYS, "outlines", "digest")}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if str(held["digest"]) != _digest(held):
        return None
    arrays = (held[name] for name in _ARRAYS)
    return of_arrays(of, tuple(map(str, held["outlines"])), *arrays, version=version())


def _keep(path: Path, made: CellShares) -> None:
    """Write shares beside their place and move them there, so that no half of them is read."""
    held = {name: getattr(made.matrix, name) for name in _ARRAYS}
    held["outlines"] = np.array(made.outlines)
    fresh = path.with_name(f".{path.stem}.{os.getpid()}.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(fresh, digest=np.array(_digest(held)), **held)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _digest(held: dict[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for name in (*_ARRAYS, "outlines"):
        digest.update(np.ascontiguousarray(held[name]).tobytes())
    return digest.hexdigest()
