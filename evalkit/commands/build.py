"""evalkit build: build an edition."""

from __future__ import annotations

import argparse
import sys

from evalkit.commands import DONE, Commands, say


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("build", help="build an edition from the data and serve it")
    command.add_argument("inputs", nargs="*", help="further files or folders of files")
    command.add_argument("--out", help="name of the edition, as editions/cop7")
    command.add_argument("--as-of", help="day of the edition, as 2026-10-01")
    command.add_argument(
        "--set-apart", action="store_true", help="leave bad rows of files out, and list them"
    )
    command.set_defaults(command=_build)


def _build(options: argparse.Namespace) -> int:
    from evalkit.editions.build import build

    edition = build(
        options.inputs,
        options.out,
        options.as_of,
        set_apart=options.set_apart,
        progress=lambda what: say(what, sys.stderr),
    )
    say(f"{edition.name} in {edition.path.parent}")
    if count := edition.manifest["set_apart"]:
        say(f"{count} failures set apart: see {edition.path / 'quality'}", sys.stderr)
    return DONE
