"""Sums of grids over outlines, against what others do: `python -m benchmarks.zonal`.

All in one run, on the same outlines and the same values. The cube of 53 years by 12 sectors is
written first, compressed as publishers do; its bands are mostly empty, as emissions are.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil
import xarray as xr
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from shapely.geometry import shape

from benchmarks.machine import machine
from benchmarks.table import Measure, markdown
from evalkit.methods.cell_coverage import cell_shares
from evalkit.methods.cell_shares import CellShares
from evalkit.methods.grids import grid
from evalkit.methods.zonal import zonal_sums
from evalkit.reference import outlines

STEP = 0.1
LATITUDES = np.round(np.arange(90 - STEP / 2, -90, -STEP), 6)
LONGITUDES = np.round(np.arange(-180 + STEP / 2, 180, STEP), 6)
YEARS, SECTORS = 53, 12


def seconds(work: Callable[[], Any], runs: int) -> list[float]:
    """Time a piece of work so many times, once before to warm up."""
    work()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return found


SHORT = 0.05  # seconds; what is shorter is timed several times in its turn
AGAIN = 9


def in_turn(works: dict[str, Callable[[], Any]], runs: int) -> dict[str, list[float]]:
    """Time several pieces of work in turn, so that what else the machine does meets all alike."""
    once = {name: seconds(work, 1)[0] for name, work in works.items()}
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            found[name] += seconds(work, AGAIN if once[name] < SHORT else 1)
    return found


def band(seed: int) -> np.ndarray:
    """Return a band of which one cell in five holds something."""
    random = np.random.default_rng(seed)
    values = random.random((len(LATITUDES), len(LONGITUDES)), dtype="float32")
    return np.where(values > 0.8, values, np.float32(0))


def one_band(features: list[dict[str, Any]], shares: CellShares, runs: int) -> list[Measure]:
    """Time one band: the prepared shares, exactextract, rasterstats, a pass over the memory."""
    from affine import Affine
    from rasterstats import zonal_stats

    values = band(1).astype("float64")

    def theirs() -> list[float]:
        raster = NumPyRasterSource(values, xmin=-180, ymin=-90, xmax=180, ymax=90)
        return [one["properties"]["sum"] for one in exact_extract(raster, features, ["sum"])]

    def centres() -> object:
        place = Affine(STEP, 0, -180, 0, -STEP, 90)
        return zonal_stats(features, values, affine=place, stats=["sum"], nodata=-1)

    ours = shares.sums(values)
    worst = float(np.max(np.abs(ours - theirs()) / np.maximum(ours, 1)))
    if worst > 1e-9:
        raise SystemExit(f"the sums differ from exactextract's by {worst:g}")
    works = {"sums": lambda: shares.sums(values), "plain": values.sum}
    works |= {"exact": theirs, "raster": centres}
    took = in_turn(works, runs)
    sums, plain, exact, raster = (took[name] for name in works)
    return [
        Measure("sums of one band, prepared shares", sums),
        Measure("the same, exactextract for each band", exact),
        Measure("the same, rasterstats", raster),
        Measure("one pass over the same memory", plain),
        Measure("share of exactextract's time", [median(sums) / median(exact)], "", 1 / 40),
        Measure("share of rasterstats' time", [median(sums) / median(raster)], "", 1 / 40),
        Measure("times a pass over the memory", [median(sums) / median(plain)], "", 10),
        Measure("largest difference from exactextract, relative", [worst], "", 1e-9),
    ]


def write_cube(path: Path, years: int) -> None:
    """Write the cube, year by year, with four patterns so that writing does not take all day."""
    import netCDF4

    patterns = [band(seed) for seed in range(4)]
    with netCDF4.Dataset(path, "w") as file:
        sizes = {"year": years, "sector": SECTORS, "lat": len(LATITUDES), "lon": len(LONGITUDES)}
        for name, size in sizes.items():
            file.createDimension(name, size)
        for name, values in (("lat", LATITUDES), ("lon", LONGITUDES)):
            file.createVariable(name, "f8", (name,))[:] = values
        chunks = (1, 1, len(LATITUDES) // 4, len(LONGITUDES) // 4)
        made = file.createVariable(
            "emissions", "f4", tuple(sizes), zlib=True, complevel=1, chunksizes=chunks
        )
        for year in range(years):
            for sector in range(SECTORS):
                made[year, sector] = patterns[(year + sector) % 4] * np.float32(1 + year)


def _corner(block: np.ndarray) -> np.ndarray:
    """Return one cell of a block, as a copy: a view would keep the whole block in memory."""
    return block[..., :1, :1].copy()


def whole_cube(shares: CellShares, years: int) -> list[Measure]:
    """Time a cube from its file to sums, against reading it alone; sums must be as expected.

    Year by year and each in turn, so that what else the machine does meets both alike.
    """
    with tempfile.TemporaryDirectory(prefix="evalkit-cube-") as folder:
        path = Path(folder) / "cube.nc"
        sys.stderr.write(f"  writing {years * SECTORS} bands\n")
        write_cube(path, years)
        cube = xr.open_dataset(path, chunks={"year": 1, "sector": 1})["emissions"]
        told: list[xr.DataArray] = []
        through, reading = [], []
        sys.stderr.write("  reading and summing\n")
        for year in range(years):
            one = cube.isel(year=[year])
            works = [
                (through, lambda one=one: told.append(zonal_sums(one, shares).compute())),
                (reading, lambda one=one: one.data.map_blocks(_corner).compute()),
            ]
            for found, work in works if year % 2 else works[::-1]:
                start = time.perf_counter()
                work()
                found.append(time.perf_counter() - start)
        for year, sums in enumerate(told):
            expected = shares.sums(band(year % 4) * np.float32(1 + year))
            if not np.array_equal(sums[0, 0], expected):
                raise SystemExit("the sums of the cube are not those of its bands")
    bands = years * SECTORS
    return [
        Measure(f"a year of {SECTORS} sectors of {years}, file to sums", through),
        Measure("reading the same alone", reading),
        Measure(f"all {bands} bands, file to sums", [sum(through)]),
        Measure("the same, as a multiple of reading", [sum(through) / sum(reading)], "", 1.5),
        Measure("peak memory so far", [peak()], "MiB", 2048),
    ]


def peak() -> float:
    """Return the most memory that this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made_cube(bands: int) -> xr.DataArray:
    """Return a cube whose bands are made when they are asked for: no memory could hold it."""
    import dask.array

    pattern = band(1)

    def one(block_info: dict[Any, Any]) -> np.ndarray:
        number = block_info[None]["chunk-location"][0]
        return (pattern * np.float32(1 + number % 7))[None]

    chunks = ((1,) * bands, (len(LATITUDES),), (len(LONGITUDES),))
    values = dask.array.map_blocks(one, chunks=chunks, dtype="float32", meta=np.empty((0, 0, 0)))
    axes = {"band": np.arange(bands), "lat": LATITUDES, "lon": LONGITUDES}
    return xr.DataArray(values, axes, list(axes))


def larger_than_memory(shares: CellShares, gibibytes: float) -> list[Measure]:
    """Sum a cube that this machine could not hold in one call, and a quarter of it."""
    size = len(LATITUDES) * len(LONGITUDES) * 4 / 2**30
    bands = int(gibibytes / size) + 1
    took = {}
    for count in (bands // 4, bands):
        sys.stderr.write(f"  {count} bands that are made as they are asked for\n")
        start = time.perf_counter()
        told = zonal_sums(made_cube(count), shares).compute()
        took[count] = time.perf_counter() - start
        np.testing.assert_allclose(told[7::7], np.broadcast_to(told[0], told[7::7].shape))
    growth = took[bands] / bands / (took[bands // 4] / (bands // 4))
    return [
        Measure(
            f"a cube of {bands} bands, {bands * size:.1f} GiB, summed in one call", [took[bands]]
        ),
        Measure("four times the bands, time for each band", [growth], "", 1.1),
        Measure("peak memory of the whole run", [peak()], "MiB", 2048),
    ]


def zonal(years: int = YEARS, runs: int = 7, gibibytes: float | None = None) -> list[Measure]:
    """Measure one band against what others need, a cube from its files, and one beyond memory."""
    features = [
        {"type": "Feature", "properties": {}, "geometry": one["geometry"]}
        for one in outlines.world()["features"]
    ]
    shapes = [shape(one["geometry"]) for one in features]
    ids = [f"{number}" for number in range(len(shapes))]
    start = time.perf_counter()
    shares = cell_shares(shapes, grid(LATITUDES, LONGITUDES), ids=ids)
    found = [Measure("cell shares, computed once", [time.perf_counter() - start])]
    found += one_band(features, shares, runs)
    found += whole_cube(shares, years)
    return found + larger_than_memory(shares, gibibytes or psutil.virtual_memory().total / 2**30)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=YEARS)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--gibibytes", type=float, help="of the cube larger than memory")
    chosen = parser.parse_args()
    found = zonal(chosen.years, chosen.runs, chosen.gibibytes)
    sys.stdout.write(markdown(found, machine()) + "\n")


if __name__ == "__main__":
    main()
