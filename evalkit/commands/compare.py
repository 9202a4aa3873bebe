"""evalkit compare: say what differs between two lists of projects, or a list and activities."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from evalkit.commands import DONE, Commands, say

if TYPE_CHECKING:
    from evalkit.editions.comparing import Vintages
    from evalkit.editions.comparing_activities import Activities


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("compare", help="say what differs between two project lists")
    command.add_argument("old", metavar="OLD", help="the older export, as CSV or workbook")
    command.add_argument("new", metavar="NEW", help="the newer export, or activities (IATI)")
    command.add_argument("--as-of", help="day of an export that is compared with activities")
    command.add_argument("--json", action="store_true", help="print plain data")
    command.set_defaults(command=_compare)


def _compare(options: argparse.Namespace) -> int:
    """Print the comparison; a difference is no failure."""
    found = _compared(options.old, options.new, options.as_of or "")
    plain = json.dumps(found.as_dict(), ensure_ascii=False, indent=1)
    say(plain if options.json else "\n".join(found.lines()))
    return DONE


def _compared(old: str, new: str, as_of: str) -> Vintages | Activities:
    from evalkit.editions.comparing import compare_vintages, is_activities
    from evalkit.editions.comparing_activities import compare_activities

    if is_activities(new):
        return compare_activities(old, new, as_of)
    return compare_activities(new, old, as_of) if is_activities(old) else compare_vintages(old, new)
