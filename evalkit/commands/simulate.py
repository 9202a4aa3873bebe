"""evalkit simulate: write invented reports."""

from __future__ import annotations

import argparse

from evalkit.commands import DONE, Commands, say


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("simulate", help="write invented reports, with what is planted")
    command.add_argument("--seed", type=int, default=1, help="the same seed gives the same files")
    command.add_argument("--cycles", type=int, default=4, help="how many reporting cycles")
    command.add_argument("--out", required=True, metavar="FOLDER", help="folder of the files")
    command.set_defaults(command=_simulate)


def _simulate(options: argparse.Namespace) -> int:
    from evalkit.simulate import simulate
    from evalkit.simulate.write import write

    made = simulate(options.seed, options.cycles)
    for path in write(made, options.out):
        say(str(path))
    return DONE
