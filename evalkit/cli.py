"""The command line; one module of `commands` is one command.

Exit codes: 0 done, 1 something was refused or failed, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from evalkit import __version__
from evalkit.commands import (
    REFUSED,
    build,
    check,
    compare,
    diff,
    explain,
    publish,
    review,
    run,
    say,
    serve,
    simulate,
    template,
)
from evalkit.errors import EvalkitError

COMMANDS = (
    build,
    check,
    compare,
    diff,
    explain,
    publish,
    review,
    run,
    serve,
    simulate,
    template,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``evalkit``; those of the process when left out.

    Returns
    -------
    int
        0 done, 1 refused or failed, 2 wrong use.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except EvalkitError as error:
        if getattr(options, "json", False):
            say(json.dumps({"error": error.as_dict()}, ensure_ascii=False, indent=1))
        else:
            say(f"evalkit: {error}", sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evalkit", description="Evaluation workbench of the Minamata Convention on Mercury."
    )
    parser.add_argument("--version", action="version", version=f"evalkit {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
