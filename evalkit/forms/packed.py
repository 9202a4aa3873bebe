"""Office files without a clock inside: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

DAY = datetime(2020, 1, 1)  # in place of a clock
_PROPERTIES = "docProps/core.xml"
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def save(made: io.BytesIO, path: Path) -> None:
    """Write a .docx or .xlsx with fixed times in place of those that its writer put in.

    Parameters
    ----------
    made : BytesIO
        The file as its writer made it.
    path : Path
        The file to write.
    """
    stamp = DAY.timetuple()[:6]
    with zipfile.ZipFile(made) as found, zipfile.ZipFile(path, "w") as kept:
        for name in found.namelist():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = found.read(name)
            if name == _PROPERTIES:
                content = _TIME.sub(f"{DAY:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            kept.writestr(entry, content)
