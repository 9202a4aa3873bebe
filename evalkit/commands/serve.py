"""evalkit serve: build, run and serve."""

from __future__ import annotations

import argparse

from evalkit.commands import Commands, say


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("serve", help="build, run the notebooks, serve the dashboards")
    command.add_argument("--port", type=int, default=8866)
    command.set_defaults(command=_serve)


def _serve(options: argparse.Namespace) -> int:
    from evalkit.start import start

    return start(options.port, say)
