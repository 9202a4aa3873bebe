"""The command `evalkit compare OLD NEW`: two exports of the GEF project database."""

from __future__ import annotations

import argparse
import json
import sys


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser of the command line."""
    command = commands.add_parser("compare", help="say what differs between two project lists")
    command.add_argument("old", metavar="OLD", help="the older export")
    command.add_argument("new", metavar="NEW", help="the newer export")
    command.add_argument("--json", action="store_true", help="print plain data")
    command.set_defaults(command=compare)


def compare(options: argparse.Namespace) -> int:
    """Print the comparison.

    Returns
    -------
    int
        0; a difference is no failure.

    Raises
    ------
    FileRefusedError
        A file can't be read, or is no export.
    """
    from evalkit.editions.comparing import compare_vintages

    found = compare_vintages(options.old, options.new)
    plain = json.dumps(found.as_dict(), ensure_ascii=False, indent=1)
    sys.stdout.write((plain if options.json else "\n".join(found.lines())) + "\n")
    return 0
