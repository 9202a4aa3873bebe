"""Opening the archive of an office file without trusting it.

Sizes are limited before anything is unpacked and again while it is; every part is read whole,
with its checksum. What goes on to a reader is a copy of the wanted parts alone: no macro, no
outside reference, no picture.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.parsers import expat

from evalkit.errors import FileRefusedError, Reason

if TYPE_CHECKING:
    from pathlib import Path

UNPACKED = 512 * 1024 * 1024  # bytes of all parts together
RATIO, RATIO_FROM = 200, 16 * 1024 * 1024  # unpacked to packed, of a part of so many bytes
MEMBERS = 5_000
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TWO_BYTES = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_DAMAGED = "The file is damaged or was not made by an office program: save or send it again."


def refusal(shown: str, why: str, remedy: str = _DAMAGED) -> FileRefusedError:
    """Return the error that refuses an office file."""
    return FileRefusedError(
        f"{shown} {why}.", reason=Reason.NOT_A_TABLE, where=shown, remedy=remedy
    )


def parts(path: Path, shown: str, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return the wanted parts of an office file, unpacked.

    Parameters
    ----------
    path : Path
        The file.
    shown : str
        Its name in messages.
    wanted : callable
        Tells by the name of a part whether it is read.

    Returns
    -------
    dict of str to bytes
        XML without declared entities.

    Raises
    ------
    FileRefusedError
        It is locked or damaged, unpacks to too much, or declares entities.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_too_much(members, shown)
            found = {}
            for member in members:
                if wanted(member.filename):
                    # Never more than announced: zipfile stops there and compares the checksum.
                    found[member.filename] = archive.read(member)
                    _refuse_entities(found[member.filename], member.filename, shown)
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise refusal(shown, f"can't be unpacked: {error or type(error).__name__}") from error
    except (ValueError, RuntimeError) as error:
        raise refusal(shown, f"can't be unpacked: {error}") from error


def _refuse_too_much(members: list[zipfile.ZipInfo], shown: str) -> None:
    names = [member.filename for member in members]
    if len(names) > MEMBERS or len(set(names)) < len(names):
        raise refusal(shown, "is an archive with parts too many or of the same name")
    if any(member.flag_bits & 1 for member in members):
        raise refusal(shown, "is locked with a password", "Save it without a password.")
    if sum(member.file_size for member in members) > UNPACKED:
        raise refusal(
            shown,
            f"unpacks to more than {UNPACKED // 1024**2} MiB",
            "Send the table alone, as CSV or Parquet where it is that large.",
        )
    for member in members:
        if member.file_size > max(RATIO_FROM, RATIO * member.compress_size):
            raise refusal(
                shown, f"is packed more than {RATIO} times, as no office program packs a table"
            )


def _refuse_entities(content: bytes, name: str, shown: str) -> None:
    if not name.endswith((".xml", ".rels")):
        return
    if content.startswith(_TWO_BYTES) or _DECLARED.search(content):
        raise refusal(shown, f"declares entities or another encoding in {name}")
    try:
        # A reader of workbooks may pass over what breaks off; a row would be lost in silence.
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        raise refusal(shown, f"can't be read: {name} breaks off: {error}") from error


def copied(found: dict[str, bytes]) -> io.BytesIO:
    """Return an archive of some parts, not packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer
