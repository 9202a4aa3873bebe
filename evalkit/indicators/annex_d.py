"""Categories of inventories as point sources of Annex D: bounds, with the mapping behind them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from evalkit.indicators.inventories import TOTALS, silent
from evalkit.indicators.inventory_lines import (
    KEY,
    PLACE,
    blank,
    evidence,
    lines_of,
    summed,
    totals,
    with_groups,
)
from evalkit.indicators.mapped import CATEGORY, spelled_out
from evalkit.indicators.prepared import prepared
from evalkit.indicators.result import Result, Tables, Trace, finish, not_loaded, with_table
from evalkit.methods.coverage import CLOSED, bounds, of_union
from evalkit.methods.sums import sum_interval
from evalkit.model import Indicator, Status, Step

ALL = "annex-d"  # the point sources together
NONE = "none"
INDEPENDENT = "independent"
SOURCE = [*PLACE, "point_source"]


def annex_d_amounts(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Amounts of each point source of Annex D in each inventory, as bounds where they are bounds.

    Definition
    ----------
    The categories that the table `annex_d` maps to the point source, added up. `series` is
    inventory/point source/bound, with the point source ``annex-d`` for all of them together, in
    which a category counts once. Bound: ``exact``; ``lower``, the categories inside the source;
    ``upper``, all categories that hold any of it; ``overlap``, all of them where some of the
    source may lie elsewhere, which bounds nothing. A bound is one of what the inventory counts.
    low and high add the ends of the categories' intervals (rank correlation 1); the series
    that ends in ``/independent`` has the interval of 10,000 draws with rank correlation 0.
    The true one lies between the two.

    Missing data
    ------------
    Where an inventory gives an amount for a category that is not mapped, nothing is exact or
    an upper bound; nor a source of which it says that a category is not estimated, secret or
    counted elsewhere. A group whose States are not all in the inventory has lower bounds and
    overlaps only; n_answered of its n_due States are in the sum. States and groups that an
    inventory says nothing of are `not_estimated`, without a period.

    References
    ----------
    Minamata Convention on Mercury, article 8 and Annex D.
    """
    found = _parts(tables, indicator.arguments["medium"], as_of)
    if found is None:
        return _nothing(tables, as_of, indicator)
    lines, parts = found
    named = parts.assign(series=parts["whole"] + "/" + parts["point_source"] + "/" + parts["bound"])
    sums = summed(named)
    drawn = _independent(named, sums)
    rows = pd.concat([sums, drawn], ignore_index=True)
    empty = blank(rows, tables["parties"])
    frame = finish(indicator, as_of, pd.concat([rows, empty], ignore_index=True))
    steps = (*_steps(lines, tables, parts, sums), _drawing(drawn))
    return Result(indicator, frame, steps, _trace(tables, named))


def annex_d_share(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of an inventory's total that its categories of Annex D make, as bounds.

    Definition
    ----------
    The amounts of ``annex-d`` (`annex_d_amounts`), divided by the total of the same inventory,
    place and year: its own total, or the sum of all its categories but memo items. `series`
    is inventory/bound. The share of an upper bound is an upper bound.

    Missing data
    ------------
    `insufficient` where the total is zero; else as in `annex_d_amounts`.

    References
    ----------
    Minamata Convention on Mercury, article 8 and Annex D.
    """
    found = _parts(tables, indicator.arguments["medium"], as_of)
    if found is None:
        return _nothing(tables, as_of, indicator)
    lines, parts = found
    union = parts[parts["point_source"] == ALL]
    named = union.assign(series=union["whole"] + "/" + union["bound"])
    of_total = _totals_behind(
        named, totals(with_groups(lines, tables["parties"]), tables["sectors"])
    )
    sums = summed(named).set_index(KEY)
    whole = of_total.groupby(KEY)["kg"].sum()
    ratio = (sums["value"] / whole).where(whole > 0)
    both = pd.concat([named, of_total], ignore_index=True)
    sums = sums.drop(columns=["basis", "source"]).join(evidence(both, KEY))
    status = ratio.notna().map({True: str(Status.OK), False: str(Status.INSUFFICIENT)})
    rows = sums.assign(value=ratio, low=float("nan"), high=float("nan"), status=status)
    rows = rows.reset_index()
    empty = blank(rows, tables["parties"])
    frame = finish(indicator, as_of, pd.concat([rows, empty], ignore_index=True))
    step = Step("Divide by the total of the inventory", len(of_total), len(rows))
    return Result(
        indicator, frame, (*_steps(lines, tables, parts, rows), step), _trace(tables, both)
    )


def _nothing(tables: Tables, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    why = "no inventory with categories that are mapped to Annex D is loaded"
    return not_loaded(indicator, as_of, why, parties=tables["parties"])


def _parts(
    tables: Tables, medium: str, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return all lines, and the rows that make each bound of each point source."""
    key = ("bounds of Annex D", medium, as_of)
    return prepared(tables).once(key, lambda: _made(tables, medium, as_of))


def _made(
    tables: Tables, medium: str, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    lines = lines_of(tables, medium, as_of)
    mapping = tables["annex_d"]
    mapping = mapping.assign(map_row=mapping.index).rename(
        columns={"basis": "map_basis", "source": "map_source", "origin": "map_origin"}
    )
    mapping = spelled_out(mapping, lines)
    grouped = with_groups(lines[lines["sectoral"]], tables["parties"])
    merged = grouped.merge(mapping, on=CATEGORY, how="left")
    unmapped = merged["point_source"].isna() & (merged["kg"] > 0)
    merged["open"] = unmapped.groupby([merged[name] for name in PLACE]).transform("any")
    mapped = merged[merged["point_source"].notna() & (merged["point_source"] != NONE)]
    if mapped.empty:
        return None
    some = mapped["n_due"].isna() | (mapped["n_answered"] == mapped["n_due"])
    closed = mapped["coverage"].isin(CLOSED) | (mapped["rest_in"] != "")
    held_back = pd.MultiIndex.from_frame(mapped[SOURCE]).isin(_held_back(tables, lines, medium))
    mapped = mapped.assign(closed=closed & some & ~mapped["open"] & ~held_back)
    union = of_union(mapped, [*PLACE, "row"]).assign(point_source=ALL)
    both = pd.concat([mapped, union], ignore_index=True)
    return lines, bounds(both, SOURCE)


def _held_back(tables: Tables, lines: pd.DataFrame, medium: str) -> pd.MultiIndex:
    """Return the point sources of which a category is known to be left out of an inventory.

    It is not estimated, secret, or counted elsewhere, so what is there bounds nothing from above.
    """
    gaps = silent(tables["emission_gaps"], lines, medium)
    gaps = gaps[(gaps["status"] != Status.NOT_APPLICABLE) & ~gaps["category"].isin(TOTALS)]
    mapped = with_groups(gaps, tables["parties"]).merge(tables["annex_d"], on=CATEGORY)
    return pd.MultiIndex.from_frame(mapped.loc[mapped["point_source"] != NONE, SOURCE])


def _totals_behind(named: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of totals once for each series of their inventory, place and year."""
    wanted = named[["series", *PLACE]].drop_duplicates()
    return wanted.merge(whole, on=PLACE)


def _independent(named: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """Return sums of several intervals once more, with the interval of independent amounts."""
    held = named[(named["low"] <= named["kg"]) & (named["kg"] <= named["high"])]
    rows = sums[sums["low"].notna() & sums["high"].notna()].set_index(KEY)
    ordered = held.sort_values([*KEY, *CATEGORY, "row"], kind="stable")
    ends = {key: _drawn(part) for key, part in ordered.groupby(KEY) if key in rows.index}
    ends = {key: pair for key, pair in ends.items() if pair}
    drawn = pd.DataFrame(list(ends.values()), columns=["low", "high"], dtype="float64")
    drawn.index = pd.MultiIndex.from_tuples(list(ends), names=KEY) if ends else rows.index[:0]
    out = rows.drop(columns=["low", "high"]).join(drawn, how="inner").reset_index()
    return out.assign(series=out["series"] + f"/{INDEPENDENT}")


def _drawn(part: pd.DataFrame) -> tuple[float, float] | None:
    if len(part) < 2:
        return None
    kg, low, high = (part[name].to_numpy() for name in ("kg", "low", "high"))
    return sum_interval(kg, low, high, rank_correlation=0)


def _steps(
    lines: pd.DataFrame, tables: Tables, parts: pd.DataFrame, sums: pd.DataFrame
) -> Iterator[Step]:
    categories = lines[lines["sectoral"]]
    yield Step("Take the amounts by category", len(lines), len(categories))
    mapping = spelled_out(tables["annex_d"], categories)
    known = pd.MultiIndex.from_frame(mapping[CATEGORY])
    pairs = categories[CATEGORY].drop_duplicates()
    strange = pairs[~pd.MultiIndex.from_frame(pairs).isin(known)].sort_values(CATEGORY)
    told = ", ".join(f"{one.category} ({one.scheme})" for one in strange.itertuples())
    yield Step("Map the categories to Annex D", len(pairs), len(pairs) - len(strange), told)
    yield Step("Add up what makes each bound", len(parts), len(sums))


def _drawing(drawn: pd.DataFrame) -> Step:
    return Step(
        "Draw sums of categories that have an interval",
        len(drawn),
        len(drawn),
        "rank correlation 0 here, 1 where the ends are added",
    )


def _trace(tables: Tables, named: pd.DataFrame) -> Trace:
    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        same = (named["entity"] == entity) & (named["period"] == period)
        hit = named[same & (named["series"] == series.removesuffix(f"/{INDEPENDENT}"))]
        amounts = tables["emissions"].loc[hit["row"].drop_duplicates()]
        mapped = tables["annex_d"].loc[hit["map_row"].dropna().drop_duplicates().astype("int64")]
        return pd.concat(
            [with_table("emissions", amounts), with_table("annex_d", mapped)], ignore_index=True
        )

    return trace
