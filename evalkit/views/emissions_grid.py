"""The cells of a grid as a map: a class for each range, zero apart, outlines on top."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.model import Status
from evalkit.reference import outlines
from evalkit.reference.texts import text
from evalkit.views import numbers, theme
from evalkit.views.classes import Class, classes
from evalkit.views.table import NUMERIC, html_table
from evalkit.views.world_map import colourscale

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from evalkit.editions.store import Edition

CELLS = "grid_cells"
TOTAL = "total"
LARGEST = 20  # cells that the table beside the map names
HEIGHT = 600
NOTHING = "#fbf5e1"  # of the hue of zero on other maps, paler: it covers the seas
BAND = ["inventory", "version", "category", "species"]
TAKEN = [*BAND, "year", "latitude", "longitude", "height", "width", "kg", "g_per_km2"]
_FONT = {"family": theme.FONT, "color": theme.INK, "size": 13}


def held(edition: Edition) -> bool:
    """Tell whether an edition has cells of a grid."""
    return bool(edition.manifest["tables"].get(CELLS, {}).get("rows", 0))


def bands(edition: Edition) -> pd.DataFrame:
    """Return the bands that an edition has cells of.

    Returns
    -------
    DataFrame with columns inventory, version, category, species, year, series
        `series` names the inventory as results of `gridded-emissions` do, with its version
        where there are several; category and species stand in it where they are not total.
    """
    found = edition.rows(CELLS, [*BAND, "year"]).drop_duplicates()
    versions = found.groupby("inventory")["version"].transform("nunique")
    name = found["inventory"].where(versions == 1, found["inventory"] + "@" + found["version"])
    for column in ("category", "species"):
        name = name.where(found[column] == TOTAL, name + "/" + found[column])
    order = ["series", "year"]
    return found.assign(series=name).sort_values(order, kind="stable").reset_index(drop=True)


def cells(edition: Edition, band: pd.Series) -> pd.DataFrame:
    """Return the cells of a band that hold something, from north to south."""
    where = {name: str(band[name]) for name in BAND}
    rows = edition.rows(CELLS, None, **where)
    rows = rows[rows["year"] == band["year"]]
    order = rows.sort_values(["latitude", "longitude"], ascending=[False, True], kind="stable")
    return order.reset_index(drop=True)


def cell_classes(rows: pd.DataFrame, language: str = "en") -> list[Class]:
    """Return the classes of amounts by area, zero first: most cells hold nothing.

    Parameters
    ----------
    rows : DataFrame
        From `cells`.
    language : str
        Language of the labels.
    """
    values = pd.concat([pd.Series([0.0]), rows["g_per_km2"]], ignore_index=True)
    told = pd.DataFrame({"value": values, "status": str(Status.OK)})
    zero, *rest = classes(told, "", "g/km2", language)
    return [replace(zero, colour=NOTHING), *rest]


def grid_map(
    rows: pd.DataFrame, found: list[Class], *, title: str, note: str, language: str = "en"
) -> go.Figure:
    """Draw the cells of a band under the outlines of States, on axes of degrees.

    Parameters
    ----------
    rows : DataFrame
        From `cells`: one band. A cell that is not there holds zero, and is drawn as such.
    found : list of Class
        From `cell_classes`.
    title, note, language : str
        As for `evalkit.views.world_map.world_map`.

    Returns
    -------
    Figure
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_trace(_heat(rows, found, language))
    figure.add_trace(_line(*outlines.lines(), theme.INK, 0.6))
    figure.add_trace(_line(*outlines.hatching(), theme.MUTED, 0.8))
    small = outlines.markers()
    ring = {"size": 7, "symbol": "circle-open", "color": theme.INK, "line": {"width": 0.8}}
    places = [m.longitude for m in small], [m.latitude for m in small]
    figure.add_trace(_points(*places, ring))
    for one in found:
        square = {"size": 13, "symbol": "square", "color": one.colour}
        square["line"] = {"color": theme.EDGE, "width": 1}
        figure.add_trace(_points([None], [None], square, name=one.label, showlegend=True))
    figure.update_layout(_cell_layout(language))
    boundaries = text("map.un_note", language)
    theme.caption(figure, title, note, boundaries, drawn=False, height=HEIGHT, language=language)
    return figure


def _heat(rows: pd.DataFrame, found: list[Class], language: str) -> go.Heatmap:
    """Draw every cell of the globe by its class; what it holds is told where it is pointed at."""
    import plotly.graph_objects as go

    height, width = float(rows["height"].iloc[0]), float(rows["width"].iloc[0])
    count, across = round(180 / height), round(360 / width)
    place = [[0] * across for _ in range(count)]
    nothing = text("number.zero", language)
    said = [[nothing] * across for _ in range(count)]
    for row in rows.itertuples():
        down = round((row.latitude + 90) / height - 0.5)
        along = round((row.longitude + 180) / width - 0.5)
        hits = (i for i, one in enumerate(found) if one.holds(row.g_per_km2, Status.OK))
        place[down][along] = next(hits)
        if row.kg:
            said[down][along] = _amount(row, language)
    last = len(found) - 1
    return go.Heatmap(
        x=[round(-180 + (i + 0.5) * width, 6) for i in range(across)],
        y=[round(-90 + (i + 0.5) * height, 6) for i in range(count)],
        z=place,
        zmin=-0.5,
        zmax=last + 0.5,
        colorscale=colourscale([one.colour for one in found]),
        showscale=False,
        text=said,
        hovertemplate=text("emissions.cell_at", language, latitude="%{y}", longitude="%{x}")
        + "<br>%{text}<extra></extra>",
    )


def _amount(row: Any, language: str) -> str:
    density = numbers.value(row.g_per_km2, "g/km2", language)
    kg = numbers.value(row.kg, "kg", language)
    return text("emissions.cell_amount", language, density=density, amount=kg)


def _line(x: list[float | None], y: list[float | None], colour: str, width: float) -> go.Scatter:
    import plotly.graph_objects as go

    line = {"color": colour, "width": width}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)


def _points(
    x: list[Any], y: list[Any], marker: dict[str, Any], *, name: str = "", showlegend: bool = False
) -> go.Scatter:
    import plotly.graph_objects as go

    return go.Scatter(
        x=x, y=y, mode="markers", marker=marker, name=name, showlegend=showlegend, hoverinfo="skip"
    )


def _cell_layout(language: str) -> dict[str, Any]:
    axis = {"visible": False, "constrain": "domain"}
    return {
        "font": _FONT,
        "margin": {"l": 8, "r": 14, "t": 4, "b": 56},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "xaxis": {**axis, "range": [-180, 180]},
        "yaxis": {**axis, "range": [-90, 90], "scaleanchor": "x"},
        "legend": {
            **theme.LEGEND_BELOW,
            "title": {"text": text("emissions.cell_unit", language), "side": "top"},
        },
        "dragmode": "pan",
        "meta": {"fit": {"ratio": 0.5, "extra": 130, "most": HEIGHT}},
    }


def cells_table(rows: pd.DataFrame, caption: str, language: str = "en") -> str:
    """Return the cells that hold most, as a table: where they lie, amount, amount by area.

    Parameters
    ----------
    rows : DataFrame
        From `cells`.
    caption, language : str
        What the table holds; language of its words.
    """
    names = ("latitude", "longitude", "cell_kg", "cell_density")
    headings = [(text(f"emissions.column.{name}", language), NUMERIC) for name in names]
    largest = rows.nlargest(LARGEST, "kg", keep="first")
    told = [
        (
            numbers.plain(row.latitude, "g", language),
            numbers.plain(row.longitude, "g", language),
            numbers.value(row.kg, "kg", language),
            numbers.value(row.g_per_km2, "g/km2", language),
        )
        for row in largest.itertuples()
    ]
    return html_table(headings, told, caption)
