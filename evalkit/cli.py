"""The command line: build · check · compare · explain · run · serve.

Exit codes: 0 done, 1 something was refused or failed, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from evalkit import __version__, cli_compare
from evalkit.errors import EvalkitError

DONE, REFUSED, WRONG_USE = 0, 1, 2


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
            _say(json.dumps({"error": error.as_dict()}, ensure_ascii=False, indent=1))
        else:
            _say(f"evalkit: {error}", sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130


def _say(line: str, stream: TextIO | None = None) -> None:
    (stream or sys.stdout).write(line + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evalkit", description="Evaluation workbench of the Minamata Convention on Mercury."
    )
    parser.add_argument("--version", action="version", version=f"evalkit {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_build(commands)
    _add_check(commands)
    cli_compare.add(commands)
    _add_explain(commands)
    _add_run(commands)
    _add_serve(commands)
    return parser


Commands = argparse._SubParsersAction  # the type that argparse gives no public name


def _add_build(commands: Commands) -> None:
    command = commands.add_parser("build", help="build an edition from the data and serve it")
    command.add_argument("inputs", nargs="*", help="further files or folders of files")
    command.add_argument("--out", help="name of the edition, as editions/cop7")
    command.add_argument("--as-of", help="day of the edition, as 2026-10-01")
    command.set_defaults(command=_build)


def _add_check(commands: Commands) -> None:
    command = commands.add_parser("check", help="say what a file is and what is wrong with it")
    command.add_argument("files", nargs="+", metavar="FILE")
    command.add_argument("--json", action="store_true", help="print plain data")
    command.set_defaults(command=_check)


def _add_explain(commands: Commands) -> None:
    command = commands.add_parser("explain", help="follow a number to its evidence")
    command.add_argument("indicator", metavar="ID", help="local id, as reporting-rate")
    command.add_argument(
        "--party",
        "--entity",
        dest="entity",
        default="WLD",
        help="ISO3, name, group or area; the world when left out",
    )
    command.add_argument("--as-of", help="the day; the edition's own when left out")
    command.add_argument("--period", help="cycle, year or replenishment")
    command.add_argument("--series", help="which series, as equal-split")
    command.add_argument("--edition", default="current", help="name or path of the edition")
    command.add_argument("--json", action="store_true", help="print plain data")
    command.set_defaults(command=_explain)


def _add_run(commands: Commands) -> None:
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


def _add_serve(commands: Commands) -> None:
    command = commands.add_parser("serve", help="build, run the notebooks, serve the dashboards")
    command.add_argument("--port", type=int, default=8866)
    command.set_defaults(command=_serve)


def _build(options: argparse.Namespace) -> int:
    from evalkit.editions.build import build

    edition = build(
        options.inputs, options.out, options.as_of, progress=lambda what: _say(what, sys.stderr)
    )
    _say(f"{edition.name} in {edition.path.parent}")
    return DONE


def _check(options: argparse.Namespace) -> int:
    reports = [_checked(file) for file in options.files]
    if options.json:
        _say(json.dumps([plain for plain, _ in reports], ensure_ascii=False, indent=1))
    else:
        _say("\n".join(line for _, lines in reports for line in lines))
    return REFUSED if any(plain["set_apart"] or "error" in plain for plain, _ in reports) else DONE


def _checked(file: str) -> tuple[dict[str, Any], list[str]]:
    """Return what one file is, as plain data and as lines; a refused file is told like others."""
    from evalkit.sources.check import check

    try:
        one = check(file)
    except EvalkitError as error:
        return {"file": file, "set_apart": [], "error": error.as_dict()}, [f"evalkit: {error}"]
    held = ", ".join(f"{name} ({len(rows)} rows)" for name, rows in one.tables.items())
    lines = [f"{one.file}: form {one.source}; {held or 'no table'}"]
    lines.append("  " + ", ".join(f"{name} {count}" for name, count in one.control.items()))
    lines += [f"  {name.replace('_', ' ')}: {total:,}" for name, total in one.totals.items()]
    lines += [f"  note: {note}" for note in one.notes]
    lines += [f"  {failure}. {failure.remedy}" for failure in one.failures]
    return _plain(one), lines


def _plain(one: Any) -> dict[str, object]:
    return {
        "file": one.file,
        "form": one.source,
        "tables": {name: len(rows) for name, rows in one.tables.items()},
        "control": one.control,
        "totals": one.totals,
        "notes": list(one.notes),
        "set_apart": [failure.as_dict() for failure in one.failures],
    }


def _explain(options: argparse.Namespace) -> int:
    from evalkit.editions.store import load

    found = (
        load(options.edition)
        .indicator(options.indicator)
        .explain(
            entity=options.entity, as_of=options.as_of, period=options.period, series=options.series
        )
    )
    _say(json.dumps(found.as_dict(), ensure_ascii=False, indent=1) if options.json else str(found))
    return DONE


def _run(options: argparse.Namespace) -> int:
    from evalkit.editions.store import load
    from evalkit.runs.execute import run

    record = run(
        load(options.edition), options.notebooks, dict(_pairs(options.parameter)), out=options.out
    )
    for entry in record.entries:
        _say(str(entry))
    return DONE if record.succeeded else REFUSED


def _pairs(given: list[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (pair.partition("=") for pair in given)]


def _serve(options: argparse.Namespace) -> int:
    from evalkit.start import start

    return start(options.port, _say)


if __name__ == "__main__":
    sys.exit(main())
