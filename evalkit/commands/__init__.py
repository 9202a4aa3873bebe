"""The commands of the command line: one module is one command.

Each module has `add(commands)`, which declares the command's arguments and sets `command` to
the function that carries it out. That function gets the options and returns the exit code.
Heavy imports stand inside it, so that `evalkit --help` stays quick.
"""

from __future__ import annotations

import argparse
import sys
from typing import TextIO

DONE, REFUSED, WRONG_USE = 0, 1, 2

Commands = argparse._SubParsersAction  # the type that argparse gives no public name


def say(line: str, stream: TextIO | None = None) -> None:
    """Write a line to the standard output, or to another stream."""
    (stream or sys.stdout).write(line + "\n")
