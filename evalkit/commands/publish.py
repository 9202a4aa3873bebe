"""evalkit publish: the offline folder."""

from __future__ import annotations

import argparse
import sys
import time

from evalkit.commands import DONE, Commands, say


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser(
        "publish", help="write an edition as a folder of pages that opens anywhere"
    )
    command.add_argument("edition", nargs="?", default="current", metavar="EDITION",
                         help="name or path; the edition served when left out")  # fmt: skip
    command.add_argument("--out", required=True, metavar="FOLDER", help="the folder")
    command.add_argument("--languages", default="", metavar="CODES",
                         help="as en,fr; all that have texts when left out")  # fmt: skip
    command.add_argument("--parties", default="", metavar="CODES",
                         help="Parties that get a page, as GHA,PER; all when left out")  # fmt: skip
    command.add_argument("--indicators", default="", metavar="IDS",
                         help="those with a sheet and files; all when left out")  # fmt: skip
    command.add_argument("--dashboards", default="", metavar="NAMES",
                         help="those with a page, as emissions; all when left out")  # fmt: skip
    command.add_argument("--since", default="", metavar="EDITION",
                         help="an earlier one: a page tells what changed")  # fmt: skip
    command.add_argument("--zip", action="store_true", help="write the folder as one zip, too")
    command.set_defaults(command=_publish)


def _publish(options: argparse.Namespace) -> int:
    from evalkit.editions.difference import difference
    from evalkit.editions.store import load
    from evalkit.publish.folder import publish
    from evalkit.publish.plan import plan

    started = time.monotonic()
    edition = load(options.edition)
    held = plan(
        edition,
        _codes(options.languages),
        _codes(options.parties),
        _codes(options.indicators),
        _codes(options.dashboards),
        difference(load(options.since), edition) if options.since else None,
    )
    made = publish(
        edition,
        options.out,
        held,
        archive=options.zip,
        progress=lambda what: say(f"{time.monotonic() - started:6.0f} s  {what}", sys.stderr),
    )
    say(f"{made.pages} pages, {made.size / 1e6:,.0f} MB in {made.folder}")
    if made.archive:
        say(f"{made.archive.stat().st_size / 1e6:,.1f} MB in {made.archive}")
    return DONE


def _codes(given: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in given.split(",") if one.strip())
