"""The worked examples of data/reference/examples.csv: each is computed."""

from __future__ import annotations

import pytest

from evalkit.indicators import catalogue
from evalkit.methods.progress import progress
from evalkit.methods.shares import bounds, share, wilson
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
        case _:
            return float(progress(number["base"], number["now"], number["target"]))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda row: row["inputs"])
def test_an_example_is_what_the_method_gives(example) -> None:
    given = dict(part.split("=", 1) for part in example["arguments"].split("|"))
    assert computed(given) == pytest.approx(float(example["result"]), rel=1e-9)
    assert example["method"] in catalogue.METHODS
