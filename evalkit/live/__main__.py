"""`python -m evalkit.live`: what `evalkit.serve` starts."""

from __future__ import annotations

import sys


def become_server() -> None:
    """Become the server that the command line describes."""
    # jsonschema would use it to check international addresses; nothing here has one, and
    # building its grammar takes as long as the rest of the start.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from evalkit.live.app import main

    main(sys.argv[1:])


if __name__ == "__main__":
    become_server()
