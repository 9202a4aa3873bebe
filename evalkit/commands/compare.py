"""evalkit compare: say what differs between two exports of the GEF project database."""

from __future__ import annotations

import argparse
import json

from evalkit.commands import DONE, Commands, say


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("compare", help="say what differs between two project lists")
    command.add_argument("old", metavar="OLD", help="the older export")
    command.add_argument("new", metavar="NEW", help="the newer export")
    command.add_argument("--json", action="store_true", help="print plain data")
    command.set_defaults(command=_compare)


def _compare(options: argparse.Namespace) -> int:
    """Print the comparison; a difference is no failure."""
    from evalkit.editions.comparing import compare_vintages

    found = compare_vintages(options.old, options.new)
    plain = json.dumps(found.as_dict(), ensure_ascii=False, indent=1)
    say(plain if options.json else "\n".join(found.lines()))
    return DONE
