"""evalkit explain: follow a number to its evidence."""

from __future__ import annotations

import argparse
import json

from evalkit.commands import DONE, Commands, say


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("explain", help="follow a number to its evidence")
    command.add_argument("indicator", metavar="ID", help="local id, as reporting-rate")
    command.add_argument(
        "--party",
        "--entity",
        dest="entity",
        default="WLD",
        help="ISO3, name, group or area; the world when left out",
    )
    command.add_argument("--as-of", help="the day; the edition's own when left out")
    command.add_argument("--period", help="cycle, year or replenishment")
    command.add_argument("--series", help="which series, as equal-split")
    command.add_argument("--edition", default="current", help="name or path of the edition")
    command.add_argument("--json", action="store_true", help="print plain data")
    command.set_defaults(command=_explain)


def _explain(options: argparse.Namespace) -> int:
    from evalkit.editions.store import load

    found = (
        load(options.edition)
        .indicator(options.indicator)
        .explain(
            entity=options.entity, as_of=options.as_of, period=options.period, series=options.series
        )
    )
    say(json.dumps(found.as_dict(), ensure_ascii=False, indent=1) if options.json else str(found))
    return DONE
