"""The worked examples of data/reference/examples.csv: each is computed."""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit.indicators import catalogue
from evalkit.methods.progress import progress
from evalkit.methods.shares import bounds, share, wilson
from evalkit.methods.side_by_side import change_from, largest_to_smallest
from evalkit.reference.rows import rows

EXAMPLES = rows("examples.csv")


def computed(given: dict[str, str]) -> float:
    number = {
        name: float(value) for name, value in given.items() if name not in ("gives", "amounts")
    }
    n, answered, due = (number.get(name, 0.0) for name in ("n", "n_answered", "n_due"))
    match given["gives"]:
        case "due":
            return float(share(n, due))
        case "answered":
            return float(share(n, answered))
        case "high":
            return float(bounds(n, answered, due)[1])
        case "wilson_low":
            return float(wilson(n, answered)[0])
        case "change":
            later = share(number["n_later"], number["n_answered_later"])
            return float(later - share(n, answered))
        case "sum":
            return sum(float(one) for one in given["amounts"].split("+"))
        case "since" | "ratio":
            return beside(number["base"], number["now"], given["gives"])
        case _:
            return float(progress(number["base"], number["now"], number["target"]))


def beside(base: float, now: float, gives: str) -> float:
    """Change from one year to another, or one inventory over another."""
    rows = pd.DataFrame({"year": [2000, 2015], "kg": [base, now], "entity": "USA"})
    if gives == "since":
        return float(change_from(rows.assign(inventory="x", version="1"), 2000).iloc[1])
    return float(largest_to_smallest(rows, ["entity"])["ratio"].iloc[0])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda row: row["inputs"])
def test_an_example_is_what_the_method_gives(example) -> None:
    given = dict(part.split("=", 1) for part in example["arguments"].split("|"))
    assert computed(given) == pytest.approx(float(example["result"]), rel=1e-9)
    assert example["method"] in catalogue.METHODS
