"""Categories of inventories as Annex D and sectors, sums with intervals, inventories compared."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from evalkit import testing
from evalkit.editions.gaps import unmapped
from evalkit.indicators import catalogue
from evalkit.indicators.prepared import Prepared, prepared
from evalkit.methods.coverage import bounds
from evalkit.methods.side_by_side import change_from, emitted_since, spearman
from evalkit.methods.sums import drawn_sums, sum_interval
from evalkit.reference.rows import rows as reference
from evalkit.testing import Row, parties, tidy_tables
from evalkit.testing_rows import areas, emissions, rows

DAY = "2026-06-30"
# Global Mercury Assessment 2018, emissions of 2015 in tonnes, as printed
GMA_2018 = {
    "ASGM": (838, 675, 1000),
    "BIO": (51.9, 44.3, 62.1),
    "CEM": (233, 117, 782),
    "CREM": (3.77, 3.51, 4.02),
    "CSP": (15.1, 12.2, 18.3),
    "NFMP": (228, 154, 338),
    "NFMP-AU": (84.5, 72.3, 97.4),
    "NFMP-HG": (13.8, 7.9, 19.7),
    "OR": (14.4, 11.5, 17.2),
    "PISP": (29.8, 19.1, 76.0),
    "SSP": (10.1, 7.65, 18.1),
    "SC-DR-coal": (55.8, 36.7, 69.4),
    "SC-DR-gas": (0.165, 0.13, 0.22),
    "SC-DR-oil": (2.70, 2.33, 3.21),
    "SC-IND-coal": (126, 106, 146),
    "SC-IND-gas": (0.123, 0.10, 0.15),
    "SC-IND-oil": (1.40, 1.18, 1.69),
    "SC-PP-coal": (292, 255, 346),
    "SC-PP-gas": (0.349, 0.285, 0.435),
    "SC-PP-oil": (2.45, 2.17, 2.84),
    "VCM": (58.2, 28.0, 88.8),
    "WASOTH": (147, 120, 223),
    "WI": (15.0, 8.9, 32.3),
}


def tables_of(*lines: str, scheme: str, states: str = "CHE GHA MLI") -> Prepared:
    """Amounts to air in categories of a real scheme, with the project's own mapping."""
    mapping = {
        name: [{**row, "source": "invented"} for row in reference(f"{name}.csv")]
        for name in ("annex_d", "sectors")
    }
    people = parties(*(f"{one}|2013-10-10|2016-01-01|2017-08-16" for one in states.split()))
    given: list[Row] = emissions(*lines, scheme=scheme)
    return prepared(tidy_tables(parties=people, emissions=given, areas=areas(), **mapping))


def values(tables: Prepared, indicator: str, entity: str = "WLD") -> dict[str, float]:
    frame = catalogue.compute(indicator, tables, as_of=DAY).frame
    rows = frame[(frame["entity"] == entity) & (frame["status"] == "ok")]
    return {
        series.partition("/")[2]: value
        for series, value in zip(rows["series"], rows["value"], strict=True)
    }


@pytest.fixture(scope="module")
def assessment() -> Prepared:
    lines = (
        f"gma|WLD|2015|{code}|total|{1000 * kg}|{1000 * low}|{1000 * high}"
        for code, (kg, low, high) in GMA_2018.items()
    )
    return tables_of(*lines, scheme="GMA2018")


# --- bounds ---------------------------------------------------------------------------------------


def test_the_upper_bound_of_annex_d_in_2015_is_978_tonnes(assessment: Prepared) -> None:
    """Coal in power plants and industry, non-ferrous metals, gold, waste and cement: 44 %."""
    found = values(assessment, "annex-d-by-source")
    assert found["annex-d/upper"] == pytest.approx(978_500)
    assert found["annex-d/lower"] == pytest.approx(624_500), "without industry's coal and metals"
    assert round(values(assessment, "annex-d-share")["upper"], 2) == 0.44


def test_each_point_source_says_what_bound_it_is(assessment: Prepared) -> None:
    found = values(assessment, "annex-d-by-source")
    assert found["coal-power-plants/exact"] == 292_000
    assert found["waste-incineration/exact"] == 15_000
    assert found["coal-industrial-boilers/upper"] == 126_000
    assert "coal-industrial-boilers/lower" not in found, "nothing of it is known for sure"
    assert found["cement-clinker/lower"] == 233_000, "coal burnt in kilns is elsewhere"
    assert found["cement-clinker/upper"] == 359_000
    assert found["nonferrous-smelting/lower"] == 84_500
    assert found["nonferrous-smelting/upper"] == 312_500


def test_both_intervals_of_a_sum_are_told(assessment: Prepared) -> None:
    frame = catalogue.compute("annex-d-by-source", assessment, as_of=DAY).frame
    rows = frame[frame["entity"] == "WLD"].set_index("series")
    together = rows.loc["gma/annex-d/upper"]
    assert together["low"] == pytest.approx(1000 * (255 + 106 + 154 + 72.3 + 8.9 + 117))
    assert together["high"] == pytest.approx(1000 * (346 + 146 + 338 + 97.4 + 32.3 + 782))
    apart = rows.loc["gma/annex-d/upper/independent"]
    assert together["low"] < apart["low"] < apart["value"] < apart["high"] < together["high"]
    assert apart["value"] == together["value"]
    assert "gma/coal-power-plants/exact/independent" not in rows.index, "no sum"


def test_the_shares_of_sectors_make_one(assessment: Prepared) -> None:
    found = values(assessment, "emissions-sector-share")
    assert sum(found.values()) == pytest.approx(1)
    assert round(100 * found["gold-mining"], 1) == 37.7
    assert round(100 * found["coal"], 1) == 21.3


def test_a_category_that_is_not_mapped_leaves_no_upper_bound() -> None:
    tables = tables_of("gma|WLD|2015|WI|total|15||", "gma|WLD|2015|NEW|total|4||", scheme="GMA2018")
    assert values(tables, "annex-d-by-source") == {
        "annex-d/lower": 15,
        "waste-incineration/lower": 15,
    }
    assert values(tables, "emissions-by-sector") == {"unmapped": 4, "waste": 15}
    told = unmapped(dict(tables))
    assert told[["found", "compared"]].to_numpy().tolist() == [["NEW", "GMA2018"]]
    steps = catalogue.compute("annex-d-by-source", tables, as_of=DAY).steps
    assert any("NEW (GMA2018)" in step.reason for step in steps)


def test_a_register_of_facilities_gives_no_upper_bound() -> None:
    """What lies under the threshold is nowhere in it."""
    tables = tables_of(
        "eprtr|CHE|2015|3(c)(i)|total|7||", "eprtr|CHE|2015|1(c)|total|9||", scheme="E-PRTR"
    )
    found = values(tables, "annex-d-by-source", "CHE")
    assert found["cement-clinker/lower"] == 7
    assert found["coal-power-plants/overlap"] == 9
    assert found["annex-d/overlap"] == 16
    assert not [name for name in found if name.endswith(("/upper", "/exact"))]


def test_kilns_in_the_fuels_of_minerals_count_for_cement() -> None:
    """A Party may report kilns of cement in 1A2f and none in 2A1, and burn waste in 1A1a."""
    tables = tables_of(
        "clrtap|CHE|2019|1A1a|total|302.187||",
        "clrtap|CHE|2019|1A2f|total|62.926||",
        "clrtap|CHE|2019|5C1a|total|41.887||",
        "clrtap|CHE|2019|1A3di(i)|total|5||",
        "clrtap|CHE|2019|national-total|total|407||",
        scheme="NFR14",
    )
    found = values(tables, "annex-d-by-source", "CHE")
    assert found["cement-clinker/upper"] == 62.926
    assert found["waste-incineration/lower"] == 41.887
    assert found["waste-incineration/upper"] == pytest.approx(302.187 + 41.887)
    assert values(tables, "annex-d-share", "CHE")["upper"] == pytest.approx(407 / 407)
    assert values(tables, "emissions-by-sector", "CHE")["memo"] == 5
    assert "memo" not in values(tables, "emissions-sector-share", "CHE")


def test_a_group_that_is_not_whole_has_no_upper_bound() -> None:
    lines = [f"a|{one}|2015|WI|total|2||" for one in ("GHA", "MLI")]
    whole = tables_of(*lines, scheme="GMA2018")
    assert values(whole, "annex-d-by-source", "AFRICA")["annex-d/exact"] == 4
    part = tables_of(lines[0], scheme="GMA2018")
    assert values(part, "annex-d-by-source", "AFRICA") == {
        "annex-d/lower": 2,
        "waste-incineration/lower": 2,
    }
    frame = catalogue.compute("emissions-by-sector", part, as_of=DAY).frame
    row = frame[(frame["entity"] == "AFRICA") & (frame["status"] == "ok")].iloc[0]
    assert (row["value"], row["n_answered"], row["n_due"]) == (2, 1, 2)


def test_an_organisation_keeps_no_group_from_being_whole() -> None:
    """The European Union is among the Parties of a group; its soil is that of its members."""
    tables = tables_of("a|CHE|2015|WI|total|2||", scheme="GMA2018", states="CHE EUE")
    assert values(tables, "annex-d-by-source", "WEOG")["annex-d/exact"] == 2


def test_a_sum_of_exact_and_more_lies_between_its_bounds() -> None:
    given = pd.DataFrame(
        {
            "of": ["x", "x", "y", "y"],
            "coverage": ["exact", "superset", "subset", "overlap"],
            "closed": [True, True, False, False],
            "kg": [1.0, 2.0, 4.0, 8.0],
        }
    )
    found = bounds(given, ["of"]).groupby(["of", "bound"])["kg"].sum().to_dict()
    assert found == {
        ("x", "lower"): 1,
        ("x", "upper"): 3,
        ("y", "lower"): 4,
        ("y", "overlap"): 12,
    }


# --- the mapping ----------------------------------------------------------------------------------


def test_the_mapping_speaks_of_the_same_categories_twice() -> None:
    annex, sectors = reference("annex_d.csv"), reference("sectors.csv")
    pairs = {(row["scheme"], row["category"]) for row in annex}
    assert pairs == {(row["scheme"], row["category"]) for row in sectors}
    assert len(sectors) == len(pairs), "one sector for a category"
    keys = [(row["scheme"], row["category"], row["point_source"]) for row in annex]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys)
    for row in annex:
        assert (row["point_source"] == "none") == (row["coverage"] == "none"), row
        other = (row["scheme"], row["rest_in"], row["point_source"])
        assert not row["rest_in"] or other in set(keys), row


def test_every_category_of_the_facts_is_mapped() -> None:
    known = {(row["scheme"], row["category"]) for row in reference("annex_d.csv")}
    used = {(row["scheme"], row["category"]) for row in reference("categories.csv")}
    totals = {pair for pair in used if pair[1] in ("total", "national-total")}
    assert used - totals <= known


# --- sums with intervals --------------------------------------------------------------------------


def spread(below: float, above: float) -> tuple[float, float]:
    """Mean beyond the median, and variance, of two half normals joined at the median."""
    end = 1.959963984540054
    under, over = below / end, above / end
    return (over - under) / math.sqrt(2 * math.pi), (over**2 + under**2) / 2 - (
        over - under
    ) ** 2 / (2 * math.pi)


def test_independent_amounts_add_their_variances() -> None:
    kg = np.array([100.0, 200.0, 300.0])
    below, above = np.array([20.0, 60.0, 30.0]), np.array([40.0, 90.0, 120.0])
    sums = drawn_sums(kg, kg - below, kg + above, rank_correlation=0)
    parts = [spread(one, other) for one, other in zip(below, above, strict=True)]
    mean, variance = kg.sum() + sum(p[0] for p in parts), sum(p[1] for p in parts)
    assert sums.mean() == pytest.approx(mean, abs=4 * math.sqrt(variance / 10_000))
    assert sums.var() == pytest.approx(variance, rel=0.05)


@pytest.mark.parametrize("rank", [0.25, 0.6])
def test_a_rank_correlation_is_that_of_the_draws(rank: float) -> None:
    """Two equal amounts with even intervals: Var = 2 s² (1 + r), r = 2 sin(pi rank / 6)."""
    kg, half = np.array([1000.0, 1000.0]), 100.0
    sums = drawn_sums(kg, kg - half, kg + half, rank_correlation=rank)
    joint = 2 * math.sin(math.pi * rank / 6)
    assert sums.var() == pytest.approx(2 * (half / 1.95996) ** 2 * (1 + joint), rel=0.05)


def test_amounts_that_move_together_add_their_quantiles() -> None:
    kg, low, high = (np.array(one) for one in ([50.0, 70.0], [30.0, 65.0], [90.0, 71.0]))
    assert sum_interval(kg, low, high, rank_correlation=1) == (95.0, 161.0)
    drawn = np.quantile(drawn_sums(kg, low, high, rank_correlation=1), [0.025, 0.5, 0.975])
    assert drawn == pytest.approx([95, 120, 161], rel=0.01)


def test_draws_are_the_same_each_time_and_refuse_what_they_can_not_draw() -> None:
    kg, low, high = (np.array(one) for one in ([50.0, 70.0], [30.0, 65.0], [90.0, 71.0]))
    first, again = (sum_interval(kg, low, high, rank_correlation=0) for _ in range(2))
    assert first == again != sum_interval(kg, low, high, rank_correlation=0, seed=1)
    with pytest.raises(ValueError, match=r"from 0 to 1, not -0\.5"):
        sum_interval(kg, low, high, rank_correlation=-0.5)
    with pytest.raises(ValueError, match="leave that amount out"):
        sum_interval(kg, high, low, rank_correlation=0)


# --- side by side ---------------------------------------------------------------------------------


def test_versions_and_inventories_are_never_subtracted() -> None:
    rows = pd.DataFrame(
        {
            "inventory": ["gma-2013", "gma-2018"],
            "version": ["2013", "2018"],
            "entity": "WLD",
            "year": [2010, 2015],
            "kg": [1_960_000.0, 2_220_000.0],
        }
    )
    with pytest.raises(ValueError, match="gma-2013 2013, gma-2018 2018 are never subtracted"):
        change_from(rows, 2010)


def test_a_change_stays_within_a_version() -> None:
    tables = prepared(
        tidy_tables(
            parties=parties("USA|||"),
            areas=areas(),
            emissions=[
                *emissions("s|USA|2000|total|total|127.7||", "s|USA|2015|total|total|42.7||"),
                *emissions("s|USA|2015|total|total|50||", version="2"),
            ],
        )
    )
    frame = catalogue.compute("emissions-change", tables, as_of=DAY).frame
    found = frame[frame["status"] == "ok"].set_index(["series", "period"])["value"]
    assert found.to_dict() == {
        ("s@1/since-2000", "2000"): 0,
        ("s@1/since-2000", "2015"): pytest.approx(42.7 / 127.7 - 1),
    }


def test_what_an_inventory_covers_decides_whether_it_is_compared() -> None:
    """Not its name: a register that nobody listed by name is no total either."""
    amounts = ("a|1|10", "a-grid|1|11", "b|1|20", "plants|1|2", "plants|9|3", "past|1|40")
    about = ("a|whole|", "a-grid|whole|a", "plants|facilities|", "past|past|")
    known = {
        "inventories": rows("inventory covers repeats", *about, version="1", title="Invented"),
        "emissions": [
            row
            for inventory, version, kg in (one.split("|") for one in amounts)
            for row in emissions(f"{inventory}|CHE|2015|total|total|{kg}||", version=version)
        ]
        + emissions("a-grid|GHA|2015|total|total|7||", "b|GHA|2015|total|total|14||"),
    }
    people = parties("CHE|2013-10-10|2016-01-01|2017-08-16", "GHA|2013-10-10||")
    tables = prepared(tidy_tables(parties=people, areas=areas(), **known))
    frame = catalogue.compute("inventories-ratio", tables, as_of=DAY).frame
    found = frame[frame["status"] == "ok"].set_index("entity")
    assert (found.at["CHE", "value"], found.at["CHE", "n"]) == (4, 3), "a, b and the past"
    assert (found.at["GHA", "value"], found.at["GHA", "n"]) == (2, 2), "the grid, where a is silent"


def test_ranks_of_equal_amounts_are_shared() -> None:
    one, other = pd.Series([1.0, 2.0, 2.0, 4.0]), pd.Series([10.0, 20.0, 30.0, 40.0])
    assert spearman(one, other) == pytest.approx(0.9486832980505138)
    assert spearman(one, -other) == pytest.approx(-0.9486832980505138)
    assert math.isnan(spearman(one[:3], other[:3])), "too few"
    assert math.isnan(spearman(one * 0, other)), "all equal"


def test_a_steady_emission_adds_up_year_by_year() -> None:
    rows = pd.DataFrame({"of": "x", "year": [2000, 2010, 2011], "kg": 3.0})
    assert emitted_since(rows, ["of"]).tolist() == [0.0, 30.0, 33.0]


def test_inventories_are_held_against_each_other_and_what_parties_reported() -> None:
    tables = prepared(testing.answered())
    ratio = catalogue.compute("inventories-ratio", tables, as_of=DAY).frame.set_index(
        ["entity", "period"]
    )
    # zeta gives 2 and what Switzerland reported is 4; gamma 0.75
    assert ratio.loc[("CHE", "2015"), "value"] == pytest.approx(4 / 0.75)
    assert ratio.loc[("CHE", "2015"), "n"] == 3
    assert ratio.loc[("KIR", "2015"), "status"] == "insufficient", "gamma has nothing there"
    told = catalogue.compute("inventories-against-reports", tables, as_of=DAY).frame
    row = told[(told["series"] == "zeta/clrtap") & (told["entity"] == "CHE")].iloc[0]
    assert row["value"] == 2 / 4
    assert set(told.loc[told["entity"] == "WLD", "status"]) == {"not_applicable"}
    ranks = catalogue.compute("inventories-rank-correlation", tables, as_of=DAY).frame
    row = ranks[(ranks["series"] == "clrtap/zeta") & (ranks["entity"] == "WLD")].iloc[0]
    assert row["n"] == 5
    # ranks 1 5 3 4 2 and 1 3 3 5 3 of the five States
    assert row["value"] == pytest.approx(6 / math.sqrt(10 * 8))
