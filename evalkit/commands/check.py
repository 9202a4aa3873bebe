"""evalkit check: say what a file is."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

from evalkit.commands import DONE, REFUSED, Commands, say
from evalkit.errors import EvalkitError


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("check", help="say what a file is and what is wrong with it")
    command.add_argument("files", nargs="+", metavar="FILE")
    command.add_argument(
        "--report", metavar="FOLDER", help="write a page and a table on the quality of the files"
    )
    command.add_argument("--as-of", help="day the files stand for, where they do not say it")
    command.add_argument("--json", action="store_true", help="print plain data")
    command.set_defaults(command=_check)


def _check(options: argparse.Namespace) -> int:
    reports = [_checked(file, options.as_of or "") for file in options.files]
    if options.report:
        _report(options)
    if options.json:
        say(json.dumps([plain for plain, _ in reports], ensure_ascii=False, indent=1))
    else:
        say("\n".join(line for _, lines in reports for line in lines))
    return REFUSED if any(plain["set_apart"] or "error" in plain for plain, _ in reports) else DONE


def _report(options: argparse.Namespace) -> None:
    from pathlib import Path

    from evalkit.editions.quality import of_files
    from evalkit.views.quality_page import write

    for path in write(of_files(options.files, options.as_of or ""), Path(options.report)):
        say(str(path), sys.stderr)


def _checked(file: str, as_of: str) -> tuple[dict[str, Any], list[str]]:
    """Return what one file is, as plain data and as lines; a refused file is told like others."""
    from evalkit.editions import owed
    from evalkit.sources.check import check

    try:
        one = check(file, as_of=as_of)
        told = owed.findings(one.tables["submissions"]) if "submissions" in one.tables else []
    except EvalkitError as error:
        return {"file": file, "set_apart": [], "error": error.as_dict()}, [f"evalkit: {error}"]
    held = ", ".join(f"{name} ({len(rows)} rows)" for name, rows in one.tables.items())
    lines = [f"{one.file}: form {one.source}; {held or 'no table'}"]
    lines.append("  " + ", ".join(f"{name} {count}" for name, count in one.control.items()))
    lines += [f"  {name.replace('_', ' ')}: {total:,}" for name, total in one.totals.items()]
    one = replace(one, notes=(*one.notes, *told))
    lines += [f"  {note}" for note in one.notes]
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
