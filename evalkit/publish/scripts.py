"""Data as scripts: a page opened from a file may not fetch, but it may load a script."""

from __future__ import annotations

import json
from typing import Any


def plain(thing: Any) -> str:
    """Return data as JSON, as short as it gets; equal data gives equal text."""
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def take(name: str, thing: Any) -> str:
    r"""Return a script that hands data to the page under a name.

    Examples
    --------
    >>> take("search", [1])
    'evalkit.take("search",[1]);\n'
    """
    # Line separators end a line of a script in old readers, though not of JSON.
    body = plain(thing).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"evalkit.take({json.dumps(name)},{body});\n"
