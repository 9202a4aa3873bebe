"""evalkit template: write a workbook to be filled in."""

from __future__ import annotations

import argparse

from evalkit.commands import DONE, Commands, say


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("template", help="write a workbook to be filled in")
    command.add_argument("what", choices=("reports",), help="reports: a national report")
    command.add_argument("--cycle", required=True, help="reporting cycle, as 2025-full")
    command.add_argument(
        "--language", default="en", help="en, fr or es; the gists of questions stay in English"
    )
    command.add_argument("--party", help="ISO3 or name of the Party that it is for")
    command.add_argument("--out", required=True, metavar="FILE.xlsx", help="the file to write")
    command.set_defaults(command=_template)


def _template(options: argparse.Namespace) -> int:
    from evalkit.sources.report_template import write_template

    path = write_template(
        options.out, cycle=options.cycle, language=options.language, party=options.party
    )
    say(f"{path}: a report of {options.cycle}, not filled in")
    return DONE
