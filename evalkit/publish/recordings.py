"""The recorded pages of an edition: its dashboards run once for each language."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evalkit.editions.store import Edition
from evalkit.errors import Reason, RunError
from evalkit.publish.plan import Plan
from evalkit.reference import paths
from evalkit.runs.execute import run
from evalkit.views.recording import MIME


def record(
    edition: Edition,
    language: str,
    held: Plan,
    *,
    folder: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Path:
    """Run every dashboard in its second life and return the folder of what they gave.

    Parameters
    ----------
    edition : Edition
        What they show.
    language : str
        Language of the pages.
    held : Plan
        What the folder is to hold.
    folder : Path, optional
        Where executed notebooks lie; unchanged ones are not run again. A place among what can
        be made again when left out.
    progress : callable
        Told of each finished dashboard.

    Raises
    ------
    RunError
        A dashboard failed; the message names it and what it said.
    """
    home = folder or paths.scratch() / "published" / edition.name / language
    made = run(
        edition,
        [paths.dashboards() / f"{name}.ipynb" for name in held.dashboards],
        {
            "language": language,
            "parties": ",".join(held.parties),
            "indicators": ",".join(held.indicators),
        },
        out=home,
        done=lambda entry, _: progress(f"{language}: {entry}"),
    )
    failed = [str(entry) for entry in made.entries if entry.state == "failed"]
    if failed:
        raise RunError(
            f"{len(failed)} dashboards can't be recorded: {'; '.join(failed)}",
            reason=Reason.PAGE_FAILED,
            where=str(home),
            remedy="Open the executed notebook there: it shows the cell that failed.",
        )
    return home


def page_of(folder: Path, name: str) -> dict[str, Any]:
    """Return the recorded page that an executed dashboard holds.

    Raises
    ------
    RunError
        It holds none.
    """
    notebook = json.loads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if MIME in output.get("data", {}):
                return dict(output["data"][MIME])
    raise RunError(
        f"The dashboard {name} gave no recorded page.",
        reason=Reason.PAGE_FAILED,
        where=str(folder),
        remedy="Let its last cell show living(...) with the parameter language.",
    )
