"""Regular grids over the globe: which way they lie, and how large their cells are.

Publishers store the same grid in four ways: from south to north or from north to south, with
longitudes from -180 or from 0. A mask laid over values of another way gives numbers that look
right and are wrong, so every grid is understood from its coordinates, and refused otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EARTH_RADIUS = 6_371_000.0  # metres; of a sphere with the Earth's area
REGULAR = 1e-3  # how far a step may differ from the mean, in steps: coordinates are often float32
SECONDS_IN_A_DAY = 86_400.0


@dataclass(frozen=True)
class Grid:
    """A regular grid of cells, by the coordinates of their centres as the file has them.

    Parameters
    ----------
    latitudes, longitudes : array of float
        Centres of rows and columns, degrees, in the order of the file.
    """

    latitudes: Floats
    longitudes: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.latitudes), len(self.longitudes)

    @property
    def step(self) -> tuple[float, float]:
        """Height and width of a cell in degrees, both positive."""
        return _step(self.latitudes), _step(self.longitudes)

    @property
    def rows_from_north(self) -> Ints:
        """Rows of the file in the order from north to south."""
        return np.argsort(-self.latitudes, kind="stable")

    @property
    def columns_from_west(self) -> Ints:
        """Columns of the file in the order of longitudes from -180."""
        return np.argsort(_wrapped(self.longitudes), kind="stable")

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north edge in degrees."""
        height, width = self.step
        west = float(_wrapped(self.longitudes).min()) - width / 2
        south = float(self.latitudes.min()) - height / 2
        rows, columns = self.shape
        edges = west, south, west + columns * width, south + rows * height
        # A hair's breadth beside the true edge changes the shares of every cell it cuts.
        return tuple(round(edge, 9) for edge in edges)  # type: ignore[return-value]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Grid)
            and self.shape == other.shape
            and _close(self.latitudes, other.latitudes, self.step[0])
            and _close(self.longitudes, other.longitudes, self.step[1])
        )

    __hash__ = None  # type: ignore[assignment]


def grid(latitudes: npt.ArrayLike, longitudes: npt.ArrayLike) -> Grid:
    """Return the grid of cell centres, or refuse coordinates that are none.

    Parameters
    ----------
    latitudes, longitudes : array-like of numbers
        Centres in degrees; latitudes in either direction, longitudes from -180 or from 0.

    Returns
    -------
    Grid

    Raises
    ------
    ValueError
        Coordinates are missing, not regular, outside the globe, or those of corners: a grid
        that begins at -90 or ends at 90 has rows whose centres would be at the pole.

    Examples
    --------
    >>> grid([-45, 45], [45, 135, 225, 315]).bounds
    (-180.0, -90.0, 180.0, 90.0)
    >>> grid([-90, 0], [-180, -90, 0, 90])
    Traceback (most recent call last):
    ...
    ValueError: latitudes from -90 to 0 are those of corners, not of centres: shift them by 45
    """
    found = Grid(_axis("latitudes", latitudes), _axis("longitudes", longitudes))
    height, width = found.step
    for name, values, size, limits in (
        ("latitudes", found.latitudes, height, (-90.0, 90.0)),
        ("longitudes", found.longitudes, width, (-180.0, 360.0)),
    ):
        _refuse_corners(name, values, size, limits)
    if len(found.longitudes) * width > 360 * (1 + REGULAR):
        raise ValueError(f"longitudes span {len(found.longitudes) * width:g} degrees, over 360")
    if not _is_regular(np.sort(_wrapped(found.longitudes))):
        raise ValueError("longitudes cross the edge at 180 degrees in the middle of a region")
    return found


def cell_areas(of: Grid) -> Floats:
    """Return the area of the cells of each row, in square metres, on a sphere.

    Parameters
    ----------
    of : Grid
        The grid.

    Returns
    -------
    array of float, one for each row in the order of the file
        Width times the difference of the sines of the edges, times the radius squared.

    Examples
    --------
    >>> whole = grid([-45, 45], [45, 135, 225, 315])
    >>> bool(np.isclose(4 * cell_areas(whole).sum(), 4 * np.pi * EARTH_RADIUS**2))
    True
    """
    height, width = of.step
    north = np.sin(np.radians(np.minimum(of.latitudes + height / 2, 90.0)))
    south = np.sin(np.radians(np.maximum(of.latitudes - height / 2, -90.0)))
    return np.asarray(EARTH_RADIUS**2 * np.radians(width) * (north - south))


def seconds_in_a_year(days: float) -> float:
    """Return the seconds of a year of so many days, as the publisher counts them.

    365.25 or 365 moves a total by 0.07 %, so it is never assumed.

    Examples
    --------
    >>> seconds_in_a_year(365.25)
    31557600.0
    """
    if not 360 <= days <= 366:
        raise ValueError(f"a year has 360 to 366 days in an inventory, not {days:g}")
    return days * SECONDS_IN_A_DAY


def require_same(one: Grid, other: Grid, what: str) -> None:
    """Refuse to lay one grid over another that lies another way or has other cells.

    Raises
    ------
    ValueError
        The grids differ; says how.
    """
    if one == other:
        return
    if one.shape != other.shape:
        raise ValueError(f"{what}: the grids have {one.shape} and {other.shape} cells")
    ways = []
    if (one.latitudes[0] < one.latitudes[-1]) != (other.latitudes[0] < other.latitudes[-1]):
        ways.append("one runs from south to north, the other from north to south")
    if (one.longitudes.max() > 180) != (other.longitudes.max() > 180):
        ways.append("one has longitudes from 0, the other from -180")
    told = " and ".join(ways) or "their centres differ"
    raise ValueError(f"{what}: {told}: bring them to the same order first")


def reordered(values: npt.NDArray[Any], one: Grid, other: Grid) -> npt.NDArray[Any]:
    """Return values of one grid in the order in which another stores the same cells.

    Parameters
    ----------
    values : array, last dimensions rows and columns of `one`
        Values for each cell.
    one, other : Grid
        Grids of the same cells.

    Returns
    -------
    array
        The same values, rows and columns in the order of `other`.

    Raises
    ------
    ValueError
        The grids do not have the same cells.

    Examples
    --------
    >>> north_up = grid([45, -45], [-135, -45, 45, 135])
    >>> south_up = grid([-45, 45], [45, 135, 225, 315])
    >>> reordered(np.array([[1, 2, 3, 4], [5, 6, 7, 8]]), north_up, south_up).tolist()
    [[7, 8, 5, 6], [3, 4, 1, 2]]
    """
    centres = [(np.sort(g.latitudes), np.sort(_wrapped(g.longitudes))) for g in (one, other)]
    same = all(
        len(a) == len(b) and _close(a, b, step)
        for a, b, step in zip(*centres, one.step, strict=True)
    )
    if not same or values.shape[-2:] != one.shape:
        raise ValueError("the grids do not have the same cells: regridding is not done here")
    rows = one.rows_from_north[np.argsort(other.rows_from_north)]
    columns = one.columns_from_west[np.argsort(other.columns_from_west)]
    return values[..., rows, :][..., columns]


def _axis(name: str, values: npt.ArrayLike) -> Floats:
    given = np.asarray(values)
    axis = given.astype("float64")
    if given.dtype == np.float32:
        axis = np.round(axis, 4)  # 32 bits hold no more; the same grid has to give the same shares
    if axis.ndim != 1 or len(axis) < 2 or not np.isfinite(axis).all():
        raise ValueError(f"{name} must be at least two numbers in a row, none missing")
    if not _is_regular(axis):
        raise ValueError(f"{name} are not equally spaced")
    return axis


def _step(axis: Floats) -> float:
    return float(abs(axis[-1] - axis[0]) / (len(axis) - 1))


def _is_regular(axis: Floats) -> bool:
    steps = np.diff(axis)
    mean = (axis[-1] - axis[0]) / (len(axis) - 1)
    return bool(mean != 0 and (np.abs(steps - mean) <= REGULAR * abs(mean)).all())


def _wrapped(longitudes: Floats) -> Floats:
    return np.where(longitudes >= 180, longitudes - 360, longitudes)


def _close(one: Floats, other: Floats, step: float) -> bool:
    return bool(np.allclose(one, other, rtol=0, atol=REGULAR * step))


def _refuse_corners(name: str, values: Floats, size: float, limits: tuple[float, float]) -> None:
    low, high = values.min(), values.max()
    slack = size * REGULAR
    if low < limits[0] - slack or high > limits[1] + slack:
        raise ValueError(f"{name} from {low:g} to {high:g} lie outside the globe")
    at_edge = abs(low - limits[0]) <= slack or abs(high - limits[1]) <= slack
    at_zero = name == "longitudes" and abs(low) <= slack and high > 180
    if at_edge or at_zero:
        raise ValueError(
            f"{name} from {low:g} to {high:g} are those of corners, not of centres: "
            f"shift them by {size / 2:g}"
        )
