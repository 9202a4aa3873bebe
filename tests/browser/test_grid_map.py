"""The map of a grid as a delegate meets it: switched on, drawn without the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import xarray as xr

import evalkit
from evalkit import testing
from evalkit.reference import paths
from evalkit.serve import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, new_port: Callable[[], int]
) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("grid-map")
    data = testing.write_data(home / "data", testing.minimal())
    tonnes = np.zeros((18, 36))
    tonnes[9, 17] = 2.0  # of Ghana
    about = {"units": "Tonnes", "long_name": "TOTALS", "substance": "Hg", "year": "2015"}
    axes = {"lat": np.arange(-85.0, 90, 10), "lon": np.arange(-175.0, 180, 10)}
    grid = home / "v8.1_FT2022_TOX_Hg_2015_TOTALS_emi.nc"
    values = xr.DataArray(tonnes, axes, list(axes), attrs=about)
    values.to_dataset(name="emissions").to_netcdf(grid)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.CACHE, str(home / "cache"))
        evalkit.build([grid], home / "editions" / "current", data=data)
    with Server(home / "editions", port=new_port()) as served:
        served.wait_ready()
        yield served


def test_cells_of_a_grid_are_drawn_when_they_are_chosen(server: Server, new_visit) -> None:
    visit = new_visit(viewport={"width": 390, "height": 844})
    page = visit.open(server.page("emissions"))
    page.get_by_label("The map shows", exact=True).select_option(label="Cells of a grid")
    page.wait_for_selector(".heatmaplayer image")
    page.wait_for_function("() => location.search.includes('drawn=cells')")
    said = page.inner_text("body")
    assert "Mercury emitted to air, by cell, in grams per square kilometre: EDGAR, grid" in said
    assert "All cells together hold 2.0 t" in said
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.assert_no_outside_request()
    assert visit.errors == []
