"""Publishers' own inventory files through the mapping to Annex D and to sectors."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from evalkit import tables
from evalkit.editions.gaps import unmapped
from evalkit.indicators import catalogue
from evalkit.indicators.prepared import Prepared, prepared
from evalkit.reference.entities import groups
from evalkit.reference.rows import rows as reference
from evalkit.sources.check import check
from evalkit.testing import parties, tidy_tables

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / os.environ.get("EVALKIT_REALDATA", "../shared/data") / "emissions"
FILES = (
    "clrtap/CLRTAP_NFR14_Hg_extract.csv",
    "eprtr/EPRTR_air_Hg_extract.tsv",
    "history/SSP1-26_sector_1510_2300.csv",
)
DAY = "2026-06-30"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real files: there is no {FOLDER}"),
]


@pytest.fixture(scope="module")
def real() -> Prepared:
    found = [check(FOLDER / name).tables["emissions"] for name in FILES]
    mapping = {
        name: [{**row, "source": "invented"} for row in reference(f"{name}.csv")]
        for name in ("annex_d", "sectors")
    }
    made = tidy_tables(parties=parties("AUT|||", "BGR|||", "GRC|||"), **mapping)
    made["emissions"] = tables.tidy("emissions", pd.concat(found, ignore_index=True))
    return prepared(made)


def test_every_category_of_the_files_is_mapped(real: Prepared) -> None:
    assert unmapped(dict(real)).empty


def test_the_stack_of_sectors_is_the_national_total_of_every_country_and_year(
    real: Prepared,
) -> None:
    frame = catalogue.compute("emissions-by-sector", real, as_of=DAY).frame
    of_clrtap = frame["series"].str.startswith("clrtap/") & (frame["status"] == "ok")
    rows = frame[of_clrtap & ~frame["series"].str.endswith("/memo")]
    rows = rows[~rows["entity"].isin(groups())]
    stack = rows.groupby(["entity", "period"])["value"].sum()
    given = real["emissions"]
    told = given[(given["inventory"] == "clrtap") & (given["category"] == "national-total")]
    total = told.assign(period=told["year"].astype("str")).set_index(["entity", "period"])["kg"]
    assert len(total) == 330
    pd.testing.assert_series_equal(stack, total.sort_index(), check_names=False, rtol=1e-12)


def test_bounds_hold_in_every_country_and_year(real: Prepared) -> None:
    frame = catalogue.compute("annex-d-share", real, as_of=DAY).frame
    rows = frame[(frame["status"] == "ok") & frame["series"].str.startswith("clrtap/")]
    wide = rows[~rows["entity"].isin(groups())].pivot(
        index=["entity", "period"], columns="series", values="value"
    )
    both = wide.dropna(subset=["clrtap/lower", "clrtap/upper"])
    assert len(wide) == wide["clrtap/upper"].notna().sum() == 330
    assert len(both) == 218, "others have no category that lies inside Annex D"
    assert (both["clrtap/lower"] <= both["clrtap/upper"]).all()
    assert (wide.max(axis=1) <= 1 + 1e-12).all()
