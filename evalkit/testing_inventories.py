"""Rows of inventories beside each other, and the mapping of their categories, for tests."""

from __future__ import annotations

from evalkit.testing_rows import Row, Rows, emissions, rows

STATES = ("CHE", "DOM", "GHA", "KIR", "PER")


def mapped(*lines: str) -> Rows:
    """Return rows of `annex_d` and `sectors`: category, point source, coverage, rest, sector."""
    same = {"scheme": "invented", "confidence": "high", "reason": "x", "basis": "inferred"}
    found = rows("category point_source coverage rest_in sector", *lines, **same)
    first = {str(row["category"]): row for row in reversed(found)}
    left_out = ("point_source", "rest_in")
    return {
        "annex_d": [{k: v for k, v in row.items() if k != "sector"} for row in found],
        "sectors": [
            {k: v for k, v in row.items() if k not in left_out} | {"coverage": "exact"}
            for row in first.values()
        ],
    }


MAPPED = mapped(
    "cement|cement-clinker|subset|stationary-combustion-coal|cement",
    "gold-mining|none|none||gold-mining",
    "artisanal-small-scale-gold-mining|none|none||gold-mining",
    "nonferrous-metals|nonferrous-smelting|superset||nonferrous-metals",
    "stationary-combustion-coal|coal-power-plants|superset||coal",
    "stationary-combustion-coal|cement-clinker|overlap|cement|coal",
    "waste-incineration|waste-incineration|exact||waste",
)


def side_by_side(*kg: float) -> list[Row]:
    """Return an inventory of estimates, what the same States reported, and a history."""
    estimates = [
        f"zeta|{one}|2015|total|total|{a + 1}||" for one, a in zip(STATES, kg, strict=True)
    ]
    before = [
        f"zeta|{one}|2010|total|total|{2 * a + 3}||" for one, a in zip(STATES, kg, strict=True)
    ]
    told = [
        f"clrtap|{one}|2015|total|total|{a + 2 + at}||"
        for at, (one, a) in enumerate(zip(STATES, reversed(kg), strict=True))
    ]
    history = [
        f"mercury-history|WLD|{year}|cement|total|{a}||"
        for year, a in zip((1850, 1860, 1870), kg, strict=False)
    ]
    return emissions(*estimates, *before, *told, *history)
