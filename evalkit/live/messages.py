"""What a page may say to its kernel: that a widget has changed, and nothing else.

A message of the kernel's protocol comes over the websocket as one binary frame: a count, so
many offsets, and the parts between them: channel, header, parent header, metadata, content,
buffers (all numbers are 8 bytes, the smallest byte first). It is taken apart here, checked, and
put together anew, so that the kernel reads what was checked and not another reading of it.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1

PROTOCOL = "v1.kernel.websocket.jupyter.org"
LARGEST = 256 * 1024  # bytes of a message; a choice takes some hundred
TYPES = ("comm_msg", "comm_open", "comm_close", "comm_info_request", "kernel_info_request")
CHANNEL = "shell"
# A page asks with it for the state of its widgets. Any other would make a new object.
TARGET = "jupyter.widget.control"
_FIXED = 5  # channel and four parts that are JSON
_MOST = _FIXED + 16


class Refused(ValueError):
    """The message is none that a page sends."""


def checked(frame: str | bytes) -> bytes:
    """Return the message as it may go to the kernel.

    Parameters
    ----------
    frame : bytes
        A message of the websocket; text is refused.

    Returns
    -------
    bytes
        The same message, put together anew.

    Raises
    ------
    Refused
        It is malformed, or of another kind, channel or target.
    """
    channel, *parts = _parts(frame)
    if channel != CHANNEL.encode():
        raise Refused("channel")
    header, parent, metadata, content = (_object(part) for part in parts[:4])
    if header.get("msg_type") not in TYPES:
        raise Refused(f"type {str(header.get('msg_type'))[:40]}")
    if header["msg_type"] == "comm_open" and content.get("target_name") != TARGET:
        raise Refused("target")
    if "subshell_id" in header:
        raise Refused("subshell")
    packed = [json.dumps(part).encode() for part in (header, parent, metadata, content)]
    return bytes(serialize_msg_to_ws_v1([*packed, *parts[4:]], CHANNEL))


def _parts(frame: str | bytes) -> list[bytes]:
    if not isinstance(frame, bytes) or len(frame) > LARGEST:
        raise Refused("no binary frame, or too large")
    count = _number(frame, 0)
    if not _FIXED < count <= _MOST + 1:
        raise Refused("count of parts")
    offsets = [_number(frame, each) for each in range(1, count + 1)]
    if offsets != sorted(offsets) or offsets[0] < 8 * (count + 1) or offsets[-1] > len(frame):
        raise Refused("offsets")
    return [frame[a:b] for a, b in pairwise(offsets)]


def _number(frame: bytes, place: int) -> int:
    return int.from_bytes(frame[8 * place : 8 * (place + 1)], "little")


def _object(part: bytes) -> dict[str, Any]:
    try:
        found = json.loads(part)
    except (ValueError, RecursionError) as error:
        raise Refused("JSON") from error
    if not isinstance(found, dict):
        raise Refused("JSON")
    return found
