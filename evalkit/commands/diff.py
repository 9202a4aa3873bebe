"""evalkit diff: say what moved between two editions, and why."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from evalkit.commands import DONE, Commands, say

MOVED = 3  # exit code: something differs; 1 and 2 say that the command itself failed


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("diff", help="say what moved between two editions, and why")
    command.add_argument("old", metavar="OLD", help="name or path of the older edition")
    command.add_argument("new", metavar="NEW", help="name or path of the newer edition")
    command.add_argument("--json", action="store_true", help="print plain data")
    command.add_argument("--table", type=Path, help="write the results that differ, as CSV")
    command.add_argument("--page", type=Path, help="write a page, as HTML")
    command.add_argument("--language", default="en", help="language of the page; English else")
    command.add_argument(
        "--follow", type=int, default=400, help="results followed to their rows, 400 when left out"
    )
    command.set_defaults(command=_diff)


def _diff(options: argparse.Namespace) -> int:
    """Print what differs; the exit code is 0 where nothing does, and 3 where something does."""
    from evalkit.editions.difference import difference
    from evalkit.editions.store import load
    from evalkit.views import changes_page

    found = difference(load(options.old), load(options.new), options.follow)
    if options.table:
        options.table.write_bytes(changes_page.table(found, options.language))
    if options.page:
        page = changes_page.page(found, load(options.new), options.language)
        options.page.write_text(page, encoding="utf-8", newline="\n")
    plain = json.dumps(found.as_dict(), ensure_ascii=False, indent=1)
    say(plain if options.json else "\n".join(changes_page.as_lines(found, options.language)))
    return MOVED if found.moved else DONE
