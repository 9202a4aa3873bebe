"""Run a tool, show little of what it says, keep its last lines for when it fails.

Standard library only, and syntax that Python 3.6 can parse: see bootstrap.py.
"""

import collections
import re
import subprocess
from typing import Deque, List, Mapping, Optional, Sequence, Tuple

LINES_KEPT = 15
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Stop(Exception):
    """The work can't go on.

    Parameters
    ----------
    message
        One sentence that says what is wrong and what to do.
    lines
        The last lines of the tool that failed, shown below the sentence.
    code
        Exit code: 1 something failed, 2 wrong use.
    """

    def __init__(self, message: str, lines: Sequence[str] = (), code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.lines = list(lines)
        self.code = code


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def stream(
    command: Sequence[str],
    env: Optional[Mapping[str, str]] = None,
    cwd: Optional[str] = None,
    show: Sequence[str] = (),
) -> Tuple[int, List[str]]:
    """Run a command; print the lines that begin with one of ``show``, return the last ones.

    Returns
    -------
    tuple
        The exit code (127 where the program is missing) and the last lines it wrote.
    """
    try:
        process = subprocess.Popen(
            list(command),
            env=None if env is None else dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            errors="replace",
        )
    except OSError as error:
        return 127, [str(error)]
    last: Deque[str] = collections.deque(maxlen=LINES_KEPT)
    with process:
        for line in process.stdout or ():
            text = COLOUR.sub("", line).rstrip()
            if text:
                last.append(text)
            if show and text.strip().startswith(tuple(show)):
                say("  " + text.strip())
    return process.returncode, list(last)
