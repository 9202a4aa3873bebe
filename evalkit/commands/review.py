"""evalkit review: put what filled-in forms say before a person."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from evalkit.commands import DONE, REFUSED, Commands, say
from evalkit.errors import EvalkitError


def add(commands: Commands) -> None:
    """Declare the command and its arguments."""
    command = commands.add_parser("review", help="put what filled-in forms say before a person")
    command.add_argument("forms", nargs="+", metavar="FORM", help="Word or PDF files")
    command.add_argument("--out", required=True, help="the review sheet, .xlsx or .csv")
    command.add_argument("--threshold", type=float, default=0.9, help="mark readings below it")
    command.add_argument(
        "--accept-above",
        type=float,
        help="fill in yes for readings at or above it; nothing is filled in when left out",
    )
    command.set_defaults(command=_review)


def _review(options: argparse.Namespace) -> int:
    from pathlib import Path

    from evalkit.forms.review import write_review

    read, refused = [], 0
    for file in options.forms:
        try:
            read.append(_read_form(file))
        except EvalkitError as error:
            refused += 1
            say(f"evalkit: {error}", sys.stderr)
    if not read:
        return REFUSED
    out = Path(options.out)
    write_review(read, out, threshold=options.threshold, accept_above=options.accept_above)
    for form in read:
        low = int((form.readings["confidence"] < options.threshold).sum())
        say(f"{form.name}: {len(form.readings)} readings, {low} below {options.threshold}")
    say(f"{out}: fill in received_on, confirmed and confirmed_by, then check it")
    return REFUSED if refused else DONE


def _read_form(file: str) -> Any:
    """Return what was read from a form, as the review sheet takes it."""
    from pathlib import Path

    from evalkit.errors import FileRefusedError, Reason
    from evalkit.fingerprint import sha256
    from evalkit.forms.review import ReadForm
    from evalkit.sources.check import check

    loaded = check(file)
    readings = loaded.readings
    if readings is None:
        raise FileRefusedError(
            f"{file} is no filled-in form: its rows need no review.",
            reason=Reason.WRONG_USE,
            where=file,
            remedy="Run evalkit check on it.",
        )
    head = readings.iloc[0] if len(readings) else {"party": "", "cycle": "", "basis": "reported"}
    told = "; ".join(loaded.notes)
    about = (head["party"], head["cycle"], head["basis"])
    return ReadForm(Path(file).name, sha256(Path(file)), *about, readings, told)
