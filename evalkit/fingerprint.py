"""Checksums of files and of the package's own code: what tells whether anything changed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def sha256(path: Path) -> str:
    """Return the checksum of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def code(*parts: str) -> str:
    """Return a checksum of modules of this package, by their content.

    Parameters
    ----------
    *parts : str
        Subpackages or modules, as ``indicators`` or ``results.py``; all when left out.

    Returns
    -------
    str
        Changes when any of their lines changes, and with nothing else.
    """
    roots = [_PACKAGE / part for part in parts] or [_PACKAGE]
    files = sorted(
        path for root in roots for path in ([root] if root.is_file() else root.rglob("*.py"))
    )
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()} {sha256(path)}\n".encode())
    return digest.hexdigest()
