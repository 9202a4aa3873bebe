"""Write the pages of docs/reference, and the words of live pages, made from code and data.

`python tools/make_reference.py` writes them; with `--check` it writes nothing and ends with
1 when a page is not what it would write. The pages depend on nothing but the repository.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from reference_pages.command_line import command_line_page
from reference_pages.errors import errors_page
from reference_pages.indicators import indicators_page
from reference_pages.tables import tables_page

from evalkit.reference import frame

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "reference"
TEMPLATE = ROOT / "dashboards" / "template" / "nbconvert" / "templates" / "evalkit"


def pages() -> dict[Path, str]:
    """Return every page that is made here, by its path."""
    return {
        PAGES / "tables.md": tables_page(),
        PAGES / "indicators.md": indicators_page(),
        PAGES / "command-line.md": command_line_page(),
        PAGES / "errors.md": errors_page(ROOT / "evalkit"),
        TEMPLATE / "texts.html.j2": frame.template(),
        TEMPLATE / "static" / "texts.js": frame.script(),
    }


def stale(made: dict[Path, str]) -> list[Path]:
    """Return the pages on disk that differ from what is made."""
    return [
        path
        for path, content in made.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != content
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(prog="tools/make_reference.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, tell what is stale")
    options = parser.parse_args(arguments)
    made = pages()
    changed = stale(made)
    for path in changed:
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
        sys.stdout.write(f"{'stale' if options.check else 'wrote'} {path.relative_to(ROOT)}\n")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
