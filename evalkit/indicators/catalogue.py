"""The catalogue of indicators: rows of data, each naming the function that computes it."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache

import pandas as pd

from evalkit.errors import Reason, UnknownNameError
from evalkit.indicators import (
    annex_d,
    answer_share,
    answer_sum,
    capacity,
    compared,
    emissions,
    events,
    expertise,
    finance,
    funds,
    gridded,
    legacy,
    membership,
    mercury_alone,
    money,
    money_parts,
    obligations,
    obligations_met,
    participants,
    per_unit,
    published,
    reach,
    registers,
    reporting,
    sectors,
    target,
    timeliness,
    unloaded,
)
from evalkit.indicators.prepared import prepared
from evalkit.indicators.result import Result, Tables, without_values
from evalkit.model import Indicator
from evalkit.reference.days import OPENED_FOR_SIGNATURE, iso_day
from evalkit.reference.rows import rows

METHODS: dict[str, Callable[..., Result]] = {
    "count_by_day": membership.count_by_day,
    "reporting_rate": reporting.reporting_rate,
    "published_share": published.published_share,
    "obligation_clock": obligations.obligation_clock,
    "project_money": finance.project_money,
    "cofinancing_ratio": money.cofinancing_ratio,
    "programme_money": money.programme_money,
    "money_series": money.money_series,
    "mercury_alone_money": mercury_alone.mercury_alone_money,
    "money_parts": money_parts.money_parts,
    "fund_contributions": funds.fund_contributions,
    "inventory_amounts": emissions.inventory_amounts,
    "grid_account": gridded.grid_account,
    "answer_share": answer_share.answer_share,
    "answer_sum": answer_sum.answer_sum,
    "target_progress": target.target_progress,
    "timeliness": timeliness.timeliness,
    "report_completeness": timeliness.report_completeness,
    "register_count": registers.register_count,
    "register_share": registers.register_share,
    "obligations_met": obligations_met.obligations_met,
    "not_loaded": unloaded.nothing_loaded,
    "events_held": events.events_held,
    "parties_reached": reach.parties_reached,
    "event_participants": participants.event_participants,
    "event_sex_counts": participants.event_sex_counts,
    "support_items": capacity.support_items,
    "asks": capacity.asks,
    "communication": capacity.communication,
    "experts_listed": expertise.experts_listed,
    "experts_asked": expertise.experts_asked,
    "needs_and_experts": expertise.needs_and_experts,
    "annex_d_amounts": annex_d.annex_d_amounts,
    "annex_d_share": annex_d.annex_d_share,
    "sector_amounts": sectors.sector_amounts,
    "inventory_change": compared.inventory_change,
    "inventories_ratio": compared.inventories_ratio,
    "inventories_ranks": compared.inventories_ranks,
    "against_reports": compared.against_reports,
    "amount_per": per_unit.amount_per,
    "emitted_in_all": legacy.emitted_in_all,
}


@cache
def indicators() -> dict[str, Indicator]:
    """Return all indicators by local id, in the order of data/reference/indicators.csv.

    Examples
    --------
    >>> indicators()["parties-in-force"].article
    '31'
    """
    return {row["id"]: _indicator(dict(row)) for row in rows("indicators.csv")}


def _indicator(row: dict[str, str]) -> Indicator:
    pairs = [part.split("=", 1) for part in row["arguments"].split("|") if part]
    fields = {name: value for name, value in row.items() if name not in ("arguments", "tables")}
    fields.pop("days")
    return Indicator(
        **fields,
        arguments=dict(pairs),
        tables=tuple(row["tables"].split("|")),
    )


def for_every_day(name: str) -> bool:
    """Tell whether an edition computes the indicator for all its days."""
    return computed_on(name) == "all"


def computed_on(name: str) -> str:
    """Return the days that an edition computes the indicator for.

    Returns
    -------
    str
        `all` its days; `deadlines` of reports among them, and its own; `edition`, its own only.
    """
    return next(row["days"] for row in rows("indicators.csv") if row["id"] == name)


def get(name: str) -> Indicator:
    """Return the indicator of a local id.

    Raises
    ------
    UnknownNameError
        There is none; the message lists the nearest.

    Examples
    --------
    >>> get("reporting-rates")
    Traceback (most recent call last):
    ...
    evalkit.errors.UnknownNameError: 'reporting-rates' is no indicator. ...reporting-rate...
    """
    known = indicators()
    if name in known:
        return known[name]
    near = get_close_matches(name, list(known), n=3) or list(known)
    raise UnknownNameError(
        f"{name!r} is no indicator.",
        reason=Reason.UNKNOWN_INDICATOR,
        remedy=f"Choose one of: {', '.join(near)}.",
    )


def compute(name: str, tables: Tables, *, as_of: str | pd.Timestamp) -> Result:
    """Compute an indicator as it stood on a day.

    Parameters
    ----------
    name : str
        Local id, as ``reporting-rate``.
    tables : mapping of str to DataFrame
        The tidy tables that the indicator names; not changed. Where many indicators are
        computed of the same tables, `evalkit.indicators.prepared.prepared` makes what they share
        once.
    as_of : str or Timestamp
        The day. Before the Convention was open for signature nothing applies.

    Returns
    -------
    Result
        Rows, steps and the way back to the rows of the tables.

    Raises
    ------
    UnknownNameError
        There is no such indicator.
    EvalkitError
        `as_of` is no day.
    """
    indicator = get(name)
    day = pd.Timestamp(iso_day(as_of)).as_unit("s")
    needed = prepared(tables).only(indicator.tables)
    result = METHODS[indicator.method](needed, as_of=day, indicator=indicator)
    return result if day >= pd.Timestamp(OPENED_FOR_SIGNATURE) else without_values(result)
