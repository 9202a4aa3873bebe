"""What importing brings in: this decides how many delegates one laptop can serve."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys
{line}
print(json.dumps(sorted(sys.modules)))
"""


def brought_in(line: str) -> set[str]:
    """The modules that a fresh interpreter holds after a line."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(line=line)],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def test_importing_the_package_brings_in_next_to_nothing() -> None:
    found = brought_in("import evalkit")
    heavy = {"plotly", "scipy", "geopandas", "pandas", "numpy", "pandera", "papermill", "shapely"}
    assert not heavy & found
    assert {name for name in found if name.startswith("evalkit")} == {"evalkit"}


@pytest.mark.parametrize(
    ("line", "never"),
    [
        (
            "from evalkit.views import overview, party, reporting, scorecard",
            {
                "evalkit.indicators",
                "evalkit.methods",
                "evalkit.sources",
                "geopandas",
                "nbclient",
                "pandera",
                "papermill",
                "scipy",
                "shapely",
                "sklearn",
                "statsmodels",
            },
        ),
        ("import evalkit; evalkit.load", {"pandas", "pandera", "plotly", "evalkit.indicators"}),
        ("import evalkit.cli", {"pandas", "plotly", "papermill", "voila"}),
        ("import evalkit.indicators.catalogue", {"plotly", "papermill", "pandera", "ipywidgets"}),
        ("import evalkit; evalkit.build", {"plotly", "papermill", "ipywidgets", "voila"}),
    ],
)
def test_a_part_does_not_bring_in_what_it_has_no_use_for(line: str, never: set[str]) -> None:
    found = brought_in(line)
    assert "evalkit" in found
    assert not never & found


def test_the_check_would_see_what_is_brought_in() -> None:
    assert {"pandas", "evalkit.indicators"} <= brought_in("import evalkit.indicators.catalogue")
