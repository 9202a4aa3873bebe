"""Expertise: how many experts lists have, who was asked, and what needs they could meet."""

from __future__ import annotations

import pandas as pd

from evalkit.indicators.dated_rows import (
    ALL,
    EVIDENCE,
    behind,
    evidence,
    known,
    of_lines,
    of_the_world,
    taken,
)
from evalkit.indicators.result import Result, Tables, finish, not_loaded
from evalkit.methods.registers import match
from evalkit.methods.shares import share
from evalkit.model import Indicator, Status


def experts_listed(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Count the experts that lists have, by region and topic.

    Definition
    ----------
    The latest count of each list by the day, summed over lists. `series` is blank for all,
    or region/Africa, topic/waste; regions are those of the lists, which are not the UN
    regional groups. A list that is told by region or country counts by these.

    Missing data
    ------------
    An expert on two lists counts twice: lists hold counts here, never names.

    References
    ----------
    UNEP Global Mercury Partnership, partnership areas and their lists of resource persons.
    """
    rows = _experts(tables, as_of)
    if rows.empty:
        why = "no list of experts of that day is loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"], period=ALL)
    by_region = rows[rows["region"] != ""]
    lines = pd.concat(
        [
            rows.assign(series=""),
            by_region.assign(series="region/" + by_region["region"]),
            rows.assign(series="topic/" + rows["topic"]),
        ],
        ignore_index=True,
    ).assign(period=ALL)
    return of_lines(
        tables, "expertise", lines, rows, as_of=as_of, indicator=indicator, amount="experts"
    )


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of each list's latest year."""
    return rows[rows["year"] == rows.groupby("list")["year"].transform("max")]


def _experts(tables: Tables, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the counts to sum: those of regions and countries, of the whole list else."""
    rows = _latest(known(tables, "expertise", as_of))
    is_whole = (rows["region"] == "") & (rows["country"] == "")
    divided = rows.loc[~is_whole, "list"] + "/" + rows.loc[~is_whole, "topic"]
    return rows[~is_whole | ~(rows["list"] + "/" + rows["topic"]).isin(divided)]


def experts_asked(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of the experts of a list who had been asked for advice.

    Definition
    ----------
    Experts asked, divided by experts listed, over the rows that tell both; `series` is
    blank.

    Missing data
    ------------
    Rows that do not tell how many were asked are left out of both counts.

    References
    ----------
    UNEP Global Mercury Partnership, Waste Management Area: survey of 2014.
    """
    every = _latest(known(tables, "expertise", as_of))
    rows = every[every["requested"].notna() & (every["experts"] > 0)]
    if rows.empty:
        why = "no list that tells how many experts were asked is loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"], period=ALL)
    lines = rows.assign(series="", period=ALL, hit=rows["requested"], of=rows["experts"])
    return _of_shares(tables, {"expertise": lines}, as_of=as_of, indicator=indicator)


def needs_and_experts(tables: Tables, *, as_of: pd.Timestamp, indicator: Indicator) -> Result:
    """Share of needs for which an expert is listed, or of experts whom somebody needs.

    Definition
    ----------
    A need and an expert match when their topics are equal and their regions are, too; a
    blank region is every region. With the argument of=needs the share is that of needs,
    with of=experts that of experts; one less it is needs without experts, and experts
    without needs. `series` is blank, topic/… and region/….

    Missing data
    ------------
    Only needs that were coded and lists that are loaded can match.

    References
    ----------
    Note by the secretariat for COP-5 on article 14, paragraphs 8 and 21.
    """
    items = known(tables, "support_items", as_of, "dated_on")
    needs, experts = items[items["kind"] == "need"], _experts(tables, as_of)
    experts = experts[experts["experts"] > 0]
    if needs.empty or experts.empty:
        why = "no needs, or no list of experts of that day is loaded"
        return not_loaded(indicator, as_of, why, parties=tables["parties"], period=ALL)
    met, wanted = match(needs, experts)
    # Whether something matches rests on the other side as well.
    of_needs = needs.assign(hit=met.astype("int64"), of=1)
    of_experts = experts.assign(hit=experts["experts"].where(wanted, 0), of=experts["experts"])
    chosen, other = ("support_items", of_needs), ("expertise", of_experts)
    if indicator.arguments["of"] == "experts":
        chosen, other = other, chosen
    both = {chosen[0]: _by_topic(chosen[1]), other[0]: other[1]}
    return _of_shares(tables, both, as_of=as_of, indicator=indicator)


def _by_topic(rows: pd.DataFrame) -> pd.DataFrame:
    in_region = rows[rows["region"] != ""]
    parts = [
        rows.assign(series=""),
        rows.assign(series="topic/" + rows["topic"]),
        in_region.assign(series="region/" + in_region["region"]),
    ]
    return pd.concat(parts, ignore_index=True).assign(period=ALL)


def _of_shares(
    tables: Tables, given: dict[str, pd.DataFrame], *, as_of: pd.Timestamp, indicator: Indicator
) -> Result:
    """Return shares of the first table's lines; every value rests on the other's rows, too."""
    (name, lines), *others = given.items()
    by = lines.groupby(["series", "period"])
    out = pd.DataFrame({"n": by["hit"].sum(), "n_due": by["of"].sum()}).astype("Int64")
    beside = [
        rows[EVIDENCE].merge(out.reset_index()[["series", "period"]], how="cross")
        for _, rows in others
    ]
    out = out.join(evidence(pd.concat([lines, *beside]), ["series", "period"]))
    value = share(out["n"].astype("float64"), out["n_due"].astype("float64"))
    out = out.assign(value=value, n_answered=out["n_due"], status=str(Status.OK)).reset_index()
    frame = finish(indicator, as_of, of_the_world(out, tables["parties"]))

    def trace(series: str, entity: str, period: str) -> pd.DataFrame:
        own = behind(tables, name, lines.loc[lines["series"] == series, "origin"])
        rest = [behind(tables, one, rows["origin"]) for one, rows in others]
        return pd.concat([own, *rest], ignore_index=True)

    steps = [taken(tables, one, rows.drop_duplicates("origin")) for one, rows in given.items()]
    return Result(indicator, frame, tuple(steps), trace)
