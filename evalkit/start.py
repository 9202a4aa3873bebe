"""`evalkit serve`: build the edition, run the notebooks, serve the dashboards."""

from __future__ import annotations

from collections.abc import Callable

from tqdm import tqdm

from evalkit.editions.build import build
from evalkit.editions.store import Edition
from evalkit.runs.execute import run
from evalkit.runs.record import Entry
from evalkit.serve import Settings, check_port, serve

Say = Callable[[str], None]
LOADED = ("parties", "projects", "emissions", "published", "sources")


def start(port: int, say: Say, settings: Settings | None = None) -> int:
    """Build, run and serve; return when the server is stopped.

    Parameters
    ----------
    port : int
        Port on 127.0.0.1.
    say : callable
        Prints a line.
    settings : Settings, optional
        Limits, pool and folder of the server.

    Returns
    -------
    int
        Exit code of the server.

    Raises
    ------
    EvalkitError
        The port is busy, the data are refused, or the server does not start.
    """
    check_port(port)
    edition = build(progress=lambda what: say(f"  {what}"))
    _run_notebooks(edition, say)
    home = edition.path.parent
    return serve(
        home, port=port, ready=lambda address: _ready(address, edition, say), settings=settings
    )


def _run_notebooks(edition: Edition, say: Say) -> None:
    with tqdm(desc="notebooks", unit="notebook", leave=False) as bar:

        def done(entry: Entry, total: int) -> None:
            bar.total = total
            bar.set_postfix_str(entry.notebook)
            bar.update()

        record = run(edition, done=done)
    for entry in record.entries:
        if entry.state == "failed":
            say(f"  {entry}; kept in {record.folder / entry.output}")


def _ready(address: str, edition: Edition, say: Say) -> None:
    rows = edition.manifest["tables"]
    inputs = edition.manifest["inputs"]
    say("")
    say(f"Dashboards: {address}")
    for line in summary(edition, rows, len(inputs)):
        say(f"  {line}")
    say("Stop with Ctrl-C.")


def summary(edition: Edition, rows: dict[str, dict[str, int]], files: int) -> list[str]:
    """Return the five lines that say what an edition holds."""
    counts = {name: rows[name]["rows"] for name in LOADED}
    results = sum(part["rows"] for part in edition.manifest["results"].values())
    return [
        f"edition {edition.name}, as of {edition.as_of}, from {files} files",
        f"{counts['parties']} States and organisations, {counts['published']} published figures",
        f"{counts['projects']} projects, {counts['emissions']} amounts of inventories",
        f"{results} results of {len(edition.manifest['results'])} indicators",
        f"{counts['sources']} sources; every row says its source and basis",
    ]
