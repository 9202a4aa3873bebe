"""evalkit run: run notebooks."""

from __future__ import annotations

import argparse

from evalkit.commands import DONE, REFUSED, Commands, say


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("run", help="run notebooks with papermill")
    command.add_argument(
        "notebooks",
        nargs="*",
        metavar="NOTEBOOK",
        help="names or paths; all notebooks of the project when left out",
    )
    command.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE")
    command.add_argument("--edition", default="current", help="name or path of the edition")
    command.add_argument("--out", help="folder of the executed notebooks")
    command.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    from evalkit.editions.store import load
    from evalkit.runs.execute import run

    record = run(
        load(options.edition), options.notebooks, dict(_pairs(options.parameter)), out=options.out
    )
    for entry in record.entries:
        say(str(entry))
    return DONE if record.succeeded else REFUSED


def _pairs(given: list[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (pair.partition("=") for pair in given)]
