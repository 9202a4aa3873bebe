"""evalkit template: write a workbook to be filled in, for a national report or any table."""

from __future__ import annotations

import argparse
from pathlib import Path

from evalkit.commands import DONE, Commands, say

REPORTS = "reports"
ASSESSMENT = "initial-assessment"


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("template", help="write a workbook to be filled in")
    command.add_argument(
        "what",
        metavar="WHAT",
        help="reports: a national report; initial-assessment: the mercury inventory of one; "
        "or the name of a table, as events or support-items",
    )
    command.add_argument("--cycle", help="reports only: reporting cycle, as 2025-full")
    command.add_argument(
        "--language",
        help="reports only: en, fr or es, en when left out; the gists of questions stay in English",
    )
    command.add_argument(
        "--party",
        help="reports and initial-assessment only: ISO3 or name of the Party that it is for",
    )
    command.add_argument("--out", required=True, metavar="FILE.xlsx", help="the file to write")
    command.set_defaults(command=_template, misused=command.error)


def _template(options: argparse.Namespace) -> int:
    forms = {REPORTS: _report, ASSESSMENT: _assessment}
    return forms.get(options.what, _table)(options)


def _assessment(options: argparse.Namespace) -> int:
    from evalkit.sources.inventories.assessment_template import write_template

    _refuse(options, "cycle", "language")
    path = write_template(Path(options.out), options.party)
    say(f"{path}: the inventory of an initial assessment, not filled in")
    return DONE


def _report(options: argparse.Namespace) -> int:
    from evalkit.sources.report_template import write_template

    if not options.cycle:
        options.misused("a report needs its reporting cycle, as: --cycle 2025-full")
    path = write_template(
        options.out,
        cycle=options.cycle,
        language=options.language or "en",
        party=options.party,
    )
    say(f"{path}: a report of {options.cycle}, not filled in")
    return DONE


def _table(options: argparse.Namespace) -> int:
    from evalkit.sources.template import register_template, table_named

    _refuse(options, "cycle", "language", "party")
    path = register_template(table_named(options.what), Path(options.out))
    say(f"{path}: the table {options.what}, not filled in")
    return DONE


def _refuse(options: argparse.Namespace, *names: str) -> None:
    """Refuse options that belong to reports alone."""
    given = [name for name in names if getattr(options, name)]
    if given:
        told = "" if options.what == ASSESSMENT else "the table "
        options.misused(f"--{given[0]} belongs to reports, not to {told}{options.what}")
