"""The made report, made once."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.forms.made import report


@pytest.fixture(scope="session")
def made() -> pd.DataFrame:
    return report()
