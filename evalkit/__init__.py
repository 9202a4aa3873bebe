"""evalkit: the evaluation workbench of the Minamata Convention on Mercury.

>>> import evalkit
>>> edition = evalkit.load()          # doctest: +SKIP
>>> edition.table("projects")         # doctest: +SKIP
>>> evalkit.check("projects.csv")     # doctest: +SKIP

Names are imported when first used; importing the package changes nothing and costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from evalkit.editions.build import build
    from evalkit.editions.store import Edition, load
    from evalkit.errors import EvalkitError
    from evalkit.sources.check import check

_PUBLIC = {
    "Edition": "evalkit.editions.store",
    "EvalkitError": "evalkit.errors",
    "build": "evalkit.editions.build",
    "check": "evalkit.sources.check",
    "load": "evalkit.editions.store",
}

__all__ = ["Edition", "EvalkitError", "__version__", "build", "check", "load"]


def __getattr__(name: str) -> object:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
