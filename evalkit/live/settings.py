"""What an operator may choose for the server; light, since every command line reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Settings:
    """What an operator may choose.

    Parameters
    ----------
    visitors : int
        Pages that may be open at once; 0: as many as memory and cores carry.
    pool : int
        Kernels that wait for a reader of each dashboard, its page begun (see `query_string`).
    offline : Path, optional
        Folder of `evalkit publish`, served as /offline/ and named to visitors beyond the limit.
    listen : str
        Address to listen on; any other than 127.0.0.1 is seen by others.
    """

    visitors: int = 0
    pool: int = 0
    offline: Path | None = None
    listen: str = HOST
