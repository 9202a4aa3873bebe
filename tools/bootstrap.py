"""Set up .venv from the lock file, then run one command of the Makefile in it.

Runs before anything is installed, so it uses the standard library alone; and it has to
tell an old Python that it is too old, so its syntax is what Python 3.6 can parse.
"""

import argparse
import errno
import os
import shlex
import shutil
import socket
import subprocess
import sys
from typing import Any, Callable, List, Optional, Sequence

import browser
import webserver
from environment import ROOT, VENV_PYTHON, set_up
from process import Stop, say, stream

MINIMUM = (3, 11)
HOST = "127.0.0.1"
CLEANED = ("dist", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")
COMMANDS = ("serve", "notebooks", "check", "unit", "test", "soak", "bench", "clean")


def new_enough(name: str) -> bool:
    """Whether the program called ``name`` is there and is a Python that will do."""
    if not shutil.which(name):
        return False
    test = f"import sys; sys.exit(sys.version_info < {MINIMUM})"
    return stream([name, "-c", test])[0] == 0


def check_python(
    version: Sequence[Any], command: str, will_do: Callable[[str], bool] = new_enough
) -> None:
    """Refuse a Python that is too old, naming a newer one that this machine has."""
    if tuple(version[:2]) >= MINIMUM:
        return
    names = [f"python3.{minor}" for minor in (13, 12, 11, 14)]
    found = next((name for name in names if will_do(name)), None)
    remedy = f"run `make {command} PYTHON={found or names[0]}`"
    if not found:
        remedy = "install a newer one and " + remedy
    raise Stop(
        "Python {} is too old for evalkit, which needs {} or newer: {}.".format(
            ".".join(str(part) for part in version[:3]), "{}.{}".format(*MINIMUM), remedy
        )
    )


def port_problem(port: int) -> Optional[str]:
    """Say why nothing can listen on the port, or None when it is free.

    Asks for a connection first: on macOS a port that another program holds on all
    addresses can still be bound on one of them.
    """
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex((HOST, port)) == 0:
            return "is in use by another program"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EPERM):
                return "may be used by the administrator only"
            return "is in use by another program"
    return None


def check_port(text: str) -> int:
    """Refuse a port that is no port or not free, naming one that is."""
    if not (text.isdigit() and 1 <= int(text) <= 65535):
        raise Stop(
            f"PORT={text} is not a port: give a number from 1024 to 65535, as in "
            "`make serve PORT=8870`.",
            code=2,
        )
    port = int(text)
    problem = port_problem(port)
    if problem:
        free = next((p for p in range(8870, 8970) if p != port and not port_problem(p)), 8870)
        raise Stop(f"Port {port} {problem}: run `make serve PORT={free}`.")
    return port


def become(arguments: Sequence[str]) -> None:
    """Go on as ``python -m …`` of the environment, so that signals reach it directly."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(VENV_PYTHON, [VENV_PYTHON, "-m", *arguments])


def name_of(step: Sequence[str]) -> str:
    """Name a step by its tool and subcommand, without its options."""
    return " ".join(step[:2]) if step[0] == "ruff" else step[0]


def run_steps(steps: Sequence[Sequence[str]]) -> int:
    """Run every step, also after one failed, and say at the end which failed."""
    failed = []
    for step in steps:
        say("--- " + " ".join(step))
        if subprocess.call([VENV_PYTHON, "-m", *step], cwd=ROOT):
            failed.append(name_of(step))
    if failed:
        sys.stdout.flush()
        sys.stderr.write("Failed: " + ", ".join(failed) + ".\n")
        return 1
    say("All passed: " + ", ".join(map(name_of, steps)) + ".")
    return 0


def steps_of(command: str) -> List[List[str]]:
    """Return the tools that a checking command runs."""
    lint = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]]
    pytest = ["pytest", *shlex.split(os.environ.get("PYTEST_ARGS", ""))]
    return {
        "check": lint,
        "unit": [[*pytest, "-m", "not browser and not slow and not soak"]],
        "test": [*lint, pytest],
        "soak": [["pytest", "-m", "soak"]],
        "bench": [["benchmarks"]],
    }[command]


def clean() -> None:
    """Remove the environment and the caches; editions stay."""
    for name in (".venv", *CLEANED):
        shutil.rmtree(os.path.join(ROOT, name), ignore_errors=True)
    for folder, names, _ in os.walk(ROOT):
        if "__pycache__" in names:
            shutil.rmtree(os.path.join(folder, "__pycache__"), ignore_errors=True)
        names[:] = [name for name in names if not name.startswith((".", "__pycache__"))]


def run(command: str, port: str) -> int:
    """Carry out one command of the Makefile."""
    check_python(sys.version_info, command)
    if command == "clean":
        clean()
        return 0
    if command == "serve":
        arguments = ["evalkit", "serve", "--port", str(check_port(port))]
        set_up(command, dev=False)
        become(arguments)
    if command == "notebooks":
        set_up(command, dev=False)
        become(["jupyterlab", "notebooks"])
    set_up(command, dev=True)
    if command in ("test", "soak", "bench"):
        os.environ[browser.VARIABLE] = browser.find_or_install(VENV_PYTHON)
        say("Browser: " + os.environ[browser.VARIABLE])
    if command in ("test", "bench"):
        os.environ[webserver.VARIABLE] = webserver.find_or_install()
    return run_steps(steps_of(command))


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Read the command line, run the command, turn every expected failure into a sentence."""
    parser = argparse.ArgumentParser(prog="tools/bootstrap.py", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--port", default="8866")
    options = parser.parse_args(argv)
    try:
        return run(options.command, options.port)
    except Stop as stop:
        sys.stdout.flush()
        sys.stderr.write("\n".join([stop.message] + ["  " + line for line in stop.lines]) + "\n")
        return stop.code
    except OSError as error:
        sys.stderr.write(f"Stopped: {error}.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
