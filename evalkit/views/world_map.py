"""The world map: one class for each range of values and each status without a value.

A map never draws another year's value. Outlines are the UN's; areas in dispute and
territories are drawn apart and belong to nobody's class.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.reference import entities, outlines
from evalkit.reference.texts import text
from evalkit.views import theme
from evalkit.views.classes import Class
from evalkit.views.map_data import class_index, hover, map_data

if TYPE_CHECKING:
    import plotly.graph_objects as go

# plotly asks for base geometry of its own even when given outlines, and draws nothing when
# that fails; an empty topology, handed over as data, keeps it from asking. plotly appends a
# file name to the address, which the trailing # turns into a fragment.
_LAYERS = ("coastlines", "countries", "lakes", "land", "ocean", "rivers", "subunits")
_EMPTY = {
    "type": "Topology",
    "arcs": [],
    "objects": {name: {"type": "GeometryCollection", "geometries": []} for name in _LAYERS},
}
_ENCODED = base64.b64encode(json.dumps(_EMPTY).encode()).decode()
CONFIG = {
    "topojsonURL": f"data:application/json;base64,{_ENCODED}#",
    "displaylogo": False,
    # Pictures are saved by the page's own buttons, which add title, source and notes.
    "modeBarButtonsToRemove": ["toImage", "select2d", "lasso2d"],
}
HEIGHT = 600
_BARE: ContextVar[bool] = ContextVar("bare", default=False)


@contextmanager
def without_outlines() -> Iterator[None]:
    """Draw maps without their outlines, where a page is recorded whose own map has them."""
    token = _BARE.set(True)
    try:
        yield
    finally:
        _BARE.reset(token)


def world_map(
    rows: pd.DataFrame,
    classes: list[Class],
    *,
    title: str,
    note: str,
    titled: bool = True,
    language: str = "en",
) -> go.Figure:
    """Draw results of single States on a world map.

    Parameters
    ----------
    rows : DataFrame
        A results table, one row for each State; a column `said`, where there is one, holds the
        words that a State shows when it is pointed at, as HTML.
    classes : list of Class
        From `evalkit.views.classes.classes`.
    title : str
        What is shown, with the day.
    note : str
        Source and as-of line.
    titled : bool
        Draw title, source and the note on boundaries inside the figure. Where the page has
        them as text around it, they are kept in the figure's `meta` for the picture that a
        reader takes away.
    language : str
        Language of labels.

    Returns
    -------
    Figure
        Draw it with the configuration `CONFIG`. `layout.meta["map"]` is what
        `evalkit.views.map_data.map_data` gives of the same rows.
    """
    import plotly.graph_objects as go

    shown = rows.assign(
        place=[math.nan if i is None else float(i) for i in class_index(rows, classes)],
        hover=[_hover(r, language) for r in rows.itertuples()],
    )
    figure = go.Figure()
    figure.add_trace(_outlines(shown, classes, language))
    if not _BARE.get():
        figure.add_trace(_hatching())
    figure.add_trace(_points(shown, classes))
    for one in classes:
        figure.add_trace(_legend_entry(one.label, one.colour))
    if set(entities.states()) - set(rows["entity"]):
        figure.add_trace(_legend_entry(text("map.outside", language), theme.OUTSIDE))
    figure.add_trace(_legend_entry(text("map.no_state", language), theme.NO_STATE))
    figure.update_layout(_layout())
    # The same as plain data, for pages that draw maps without plotly.
    data = map_data(rows, classes, title=title, notes=[note], language=language)
    figure.update_layout(meta={**figure.layout.meta, "map": data})
    boundaries = text("map.un_note", language)
    theme.caption(figure, title, note, boundaries, drawn=titled, height=HEIGHT,
                  language=language)  # fmt: skip
    return figure


def _hover(row: Any, language: str) -> str:
    return "<br>".join([f"<b>{entities.titles(language)[row.entity]}</b>", *hover(row, language)])


def _outlines(shown: pd.DataFrame, classes: list[Class], language: str) -> go.Choropleth:
    """Draw all outlines as one trace: States by class or as outside, all else as nobody's."""
    import plotly.graph_objects as go

    outside, nobody = float(len(classes)), float(len(classes) + 1)
    drawn = shown[shown["entity"].isin(outlines.ids())].set_index("entity")
    places, labels = [], []
    for one in outlines.ids():
        if one in drawn.index:
            places.append(float(drawn.at[one, "place"]))
            labels.append(str(drawn.at[one, "hover"]))
        elif one in entities.states():
            places.append(outside)
            labels.append(
                f"<b>{entities.states(language)[one]}</b><br>{text('map.outside', language)}"
            )
        else:
            places.append(nobody)
            labels.append(text("map.no_state", language))
    return go.Choropleth(
        geojson=None if _BARE.get() else outlines.world(),
        featureidkey="id",
        locationmode="geojson-id",
        locations=list(outlines.ids()),
        z=places,
        zmin=-0.5,
        zmax=nobody + 0.5,
        colorscale=colourscale([*(one.colour for one in classes), theme.OUTSIDE, theme.NO_STATE]),
        showscale=False,
        text=labels,
        hovertemplate="%{text}<extra></extra>",
        marker={"line": {"color": theme.EDGE, "width": 0.4}},
        showlegend=False,
    )


def _hatching() -> go.Scattergeo:
    import plotly.graph_objects as go

    longitudes, latitudes = outlines.hatching()
    return go.Scattergeo(
        lon=longitudes,
        lat=latitudes,
        mode="lines",
        line={"color": theme.MUTED, "width": 0.8},
        hoverinfo="skip",
        showlegend=False,
    )


def colourscale(colours: list[str]) -> list[list[object]]:
    """Return the colours as a scale of even steps, for places that are numbered from 0."""
    width = 1 / len(colours)
    stops: list[list[object]] = []
    for i, colour in enumerate(colours):
        stops += [[i * width, colour], [min(1.0, (i + 1) * width), colour]]
    return stops


def _points(shown: pd.DataFrame, classes: list[Class]) -> go.Scattergeo:
    import plotly.graph_objects as go

    by_entity = shown.set_index("entity")
    points = [m for m in outlines.markers() if m.entity in by_entity.index]
    places = [by_entity.at[m.entity, "place"] for m in points]
    colours = [
        theme.NO_STATE if math.isnan(place) else classes[int(place)].colour for place in places
    ]
    return go.Scattergeo(
        lon=[m.longitude for m in points],
        lat=[m.latitude for m in points],
        text=[by_entity.at[m.entity, "hover"] for m in points],
        customdata=[m.entity for m in points],
        hovertemplate="%{text}<extra></extra>",
        mode="markers",
        marker={"size": 9, "color": colours, "line": {"color": theme.INK, "width": 0.9}},
        showlegend=False,
    )


def _legend_entry(label: str, colour: str) -> go.Scattergeo:
    import plotly.graph_objects as go

    return go.Scattergeo(
        lon=[None],
        lat=[None],
        mode="markers",
        marker={
            "size": 13,
            "symbol": "square",
            "color": colour,
            "line": {"color": theme.EDGE, "width": 1},
        },
        name=label,
        showlegend=True,
        hoverinfo="skip",
    )


def _layout() -> dict[str, Any]:
    return {
        "font": {"family": theme.FONT, "color": theme.INK, "size": 13},
        "margin": {"l": 8, "r": 14, "t": 4, "b": 56},
        "paper_bgcolor": "#ffffff",
        "geo": {
            "projection": {"type": "equal earth"},
            "visible": False,
            "showframe": False,
            "bgcolor": "#ffffff",
            "lonaxis": {"range": [-180, 180]},
            "lataxis": {"range": [-57, 84]},
        },
        "legend": theme.LEGEND_BELOW,
        "dragmode": "pan",
        "meta": {"fit": {"ratio": 0.46, "extra": 130, "most": HEIGHT}},
    }
