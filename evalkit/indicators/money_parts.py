"""Grants cut into parts: by theme, by type, by agency, and from fund to theme."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.indicators.finance import ALL
from evalkit.indicators.mercury_alone import without_other_chemicals
from evalkit.indicators.portfolio import Portfolio, behind, portfolio
from evalkit.indicators.result import (
    Result,
    Tables,
    everybody,
    finish,
    group_evidence,
    memberships,
    not_loaded,
)
from evalkit.methods.allocation import equal_split
from evalkit.model import Indicator, Status, Step
from evalkit.reference.entities import UNATTRIBUTED, WORLD

CUTS = ("theme", "type", "agency", "flow")
NOT_TOLD, OTHER, SEVERAL = "not-told", "other", "; "
KEY = ["series", "entity", "period"]


def money_parts(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Sum an amount of projects by theme, type and agency, and by fund and theme.

    Definition
    ----------
    The projects and the equal split of `project_money`, cut four times. `series` is
    theme/<theme>, type/<type>, agency/<agencies> or flow/<fund>/<theme>; of each cut the parts
    make the whole. A theme is that of the rules; where it is other and the title names topics,
    it is these. A project of several agencies or topics is on a line of all of them together,
    since nothing tells how they share it. `period` is "all" or a replenishment in which a part
    occurs. Entity UNATTRIBUTED holds what no country is credited with.

    Missing data
    ------------
    As `project_money`: a blank amount counts in `n_due` and not in `n_answered`, zero is a
    value, and a part without any amount is `not_reported`.

    References
    ----------
    Minamata Convention on Mercury, article 13. GEF project database export.
    """
    parties, amount = tables["parties"], indicator.arguments["amount"]
    facility = indicator.arguments["facility"]
    if indicator.arguments.get("other_chemicals") == "out":
        tables, _ = without_other_chemicals(tables, facility, as_of)
    known = portfolio(tables, facility, as_of)
    if known.single.empty:
        why = "no list of projects of that day or an earlier one is loaded"
        return not_loaded(indicator, as_of, why, parties=parties, period=ALL, series="theme/other")
    cuts = _cuts(known.single)
    lines = _lines(known, memberships(parties), amount).merge(cuts, on="item")
    summed = _sums(lines)
    rests = group_evidence(known.single.assign(of=ALL), ["of"]).loc[ALL]
    whole = {"basis": rests["basis"], "source": rests["source"]}
    frame = _with_zeros(summed, [*everybody(parties), UNATTRIBUTED], whole)
    steps = (
        Step("Take projects on mercury, no programmes", known.read, len(known.single)),
        Step("Cut them by theme, type, agency, fund and theme", len(known.single), len(cuts)),
    )

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        same = (lines[KEY] == [series, entity, period]).all(axis=1)
        items = lines.loc[same, "item"]
        rows = known.single[known.single["project"].isin(items)]
        places = known.places[known.places["project"].isin(items)]
        return behind(rows, places.iloc[:0] if entity == WORLD else places)

    return Result(indicator, finish(indicator, as_of, frame), steps, trace)


def _cuts(projects: pd.DataFrame) -> pd.DataFrame:
    """Return item and series of every cut: four rows for each project."""
    fund = projects["fund"].where(projects["fund"] != "", NOT_TOLD)
    topics = projects["topics"].str.replace("|", SEVERAL)
    told = (projects["theme"] == OTHER) & (topics != "")
    theme = topics.where(told, projects["theme"])
    named = {
        "theme": theme,
        "type": projects["type"],
        "agency": projects["agencies"].map(_together),
        "flow": fund + "/" + theme,
    }
    parts = [
        pd.DataFrame({"item": projects["project"], "series": f"{cut}/" + named[cut]})
        for cut in CUTS
    ]
    return pd.concat(parts, ignore_index=True)


def _together(agencies: str) -> str:
    """Return agencies in one order, since published lists name the same ones in several.

    Examples
    --------
    >>> _together("UNIDO; UNDP") == _together("UNDP; UNIDO")
    True
    """
    return SEVERAL.join(sorted({one for one in agencies.split(SEVERAL) if one})) or NOT_TOLD


def _lines(known: Portfolio, inside: pd.DataFrame, amount: str) -> pd.DataFrame:
    """Return item, entity, period, amount and evidence of what each project gives to whom."""
    projects = known.single
    amounts = projects.set_index("project")[amount]
    places = known.countries
    split = equal_split(amounts, places[places["item"].isin(amounts.index)])
    split["place"] = split["place"].replace("", UNATTRIBUTED)
    groups = split.merge(inside[inside["entity"] != WORLD], left_on="place", right_on="iso3")
    own = split.assign(entity=split["place"])
    world = pd.DataFrame({"item": amounts.index, "entity": WORLD, "amount": amounts.to_numpy()})
    columns = ["item", "entity", "amount"]
    lines = pd.concat([own[columns], groups[columns], world], ignore_index=True)
    about = projects[["project", "basis", "source"]]
    named = known.places[known.places["project"].isin(amounts.index)]
    rests = pd.concat([about, named[["project", "basis", "source"]]])
    with_places = group_evidence(rests, ["project"]).reindex(lines["item"]).set_axis(lines.index)
    alone = about.set_index("project").reindex(lines["item"]).set_axis(lines.index)
    lines = lines.join(with_places.where(lines["entity"] != WORLD, alone))
    replenished = projects.loc[projects["period"] != "", ["project", "period"]]
    periods = pd.concat([projects[["project"]].assign(period=ALL), replenished])
    return lines.merge(periods.rename(columns={"project": "item"}), on="item")


def _sums(lines: pd.DataFrame) -> pd.DataFrame:
    grouped = lines.groupby(KEY)
    out = pd.DataFrame({"value": grouped["amount"].sum(min_count=1)})
    out["n_due"] = grouped["item"].nunique()
    counted = lines[lines["amount"].notna()].groupby(KEY)["item"].nunique()
    out["n_answered"] = counted.reindex(out.index).fillna(0).astype("int64")
    out["n"] = out["n_answered"]
    out["status"] = np.where(out["value"].notna(), str(Status.OK), str(Status.NOT_REPORTED))
    return out.join(group_evidence(lines, KEY)).reset_index()


def _with_zeros(
    summed: pd.DataFrame, entities: list[str], whole: dict[str, object]
) -> pd.DataFrame:
    """Add a zero, which rests on the whole list, for whoever has nothing of a part."""
    parts = summed[["series", "period"]].drop_duplicates()
    grid = parts.merge(pd.DataFrame({"entity": entities}), how="cross")
    have = pd.MultiIndex.from_frame(summed[KEY])
    rest = grid[~pd.MultiIndex.from_frame(grid[KEY]).isin(have)]
    nothing = {"value": 0.0, "n": 0, "n_answered": 0, "n_due": 0, "status": str(Status.OK)}
    return pd.concat([summed, rest.assign(**nothing, **whole)], ignore_index=True)
