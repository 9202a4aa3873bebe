"""A port that nobody listens on."""

from __future__ import annotations

import socket

from evalkit.serve import HOST


def free_port() -> int:
    """Return a port of this computer that is free now."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])
