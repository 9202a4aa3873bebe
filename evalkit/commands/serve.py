"""evalkit serve: build, run and serve."""

from __future__ import annotations

import argparse
from pathlib import Path

from evalkit.commands import Commands, say


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("serve", help="build, run the notebooks, serve the dashboards")
    command.add_argument("--port", type=int, default=8866)
    command.add_argument(
        "--visitors", type=_count, help="pages open at once; as many as memory and cores carry"
    )
    command.add_argument(
        "--pool", type=_count, help="processes kept ready for each dashboard; by the cores"
    )
    command.add_argument(
        "--offline", type=Path, help="folder made by evalkit publish, served as /offline/"
    )
    command.add_argument(
        "--listen", default="127.0.0.1", help="address to listen on, as 0.0.0.0 in a container"
    )
    command.set_defaults(command=_serve)


def _count(said: str) -> int:
    if not said.isdecimal():
        raise argparse.ArgumentTypeError(f"{said!r} is not a number of 0 or more")
    return int(said)


def _serve(options: argparse.Namespace) -> int:
    from evalkit.live import capacity
    from evalkit.reference import paths
    from evalkit.serve import Settings
    from evalkit.start import start

    memory, cores = capacity.memory(), capacity.cores()
    pool = options.pool
    if pool is None:
        pool = capacity.pool(memory, cores, len(list(paths.dashboards().glob("*.ipynb"))))
    settings = Settings(options.visitors or 0, pool, options.offline, options.listen)
    return start(options.port, say, settings)
