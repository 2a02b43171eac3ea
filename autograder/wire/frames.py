"""Frames on a socket: a JSON header and raw buffers, both capped, read against a deadline.

4 bytes header length | header (JSON, says the length of each buffer) | the buffers
"""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from typing import Any

from autograder.wire.values import MAX_BYTES, MAX_TENSORS, Malformed

NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)  # older macOS lacks it; Python ignores the signal anyway
MAX_HEADER = 2 << 20


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """The deadline passed before the whole frame was there."""


def send(sock: socket.socket, header: dict[str, Any], buffers: list[bytes], deadline: float | None = None) -> None:
    """Write one frame. Raises Closed or, past `deadline` (time.monotonic), Late."""
    text = json.dumps(header | {"sizes": [len(b) for b in buffers]}, allow_nan=False).encode()
    if len(text) > MAX_HEADER:
        raise ValueError("header too long")
    _write(sock, b"".join((struct.pack(">I", len(text)), text, *buffers)), deadline)


def receive(sock: socket.socket, deadline: float | None = None) -> tuple[dict[str, Any], list[bytearray]]:
    """Read one frame. Raises Closed, Late, or Malformed for anything that isn't one."""
    (length,) = struct.unpack(">I", _read(sock, 4, deadline))
    if length > MAX_HEADER:
        raise Malformed("a header is too long")
    try:
        header = json.loads(bytes(_read(sock, length, deadline)), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Malformed("a header is not JSON") from None
    sizes = header.get("sizes") if type(header) is dict else None
    if type(sizes) is not list or len(sizes) > MAX_TENSORS or not all(type(n) is int and n >= 0 for n in sizes):
        raise Malformed("a header does not say its buffers' sizes")
    if sum(sizes) > MAX_BYTES:
        raise Malformed("the buffers are too big")
    return header, [_read(sock, size, deadline) for size in sizes]


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _write(sock: socket.socket, data: bytes, deadline: float | None) -> None:
    view = memoryview(data)
    while view:
        try:
            sent = sock.send(view[: 1 << 20], socket.MSG_DONTWAIT | NO_SIGNAL)
        except BlockingIOError:
            _wait(sock, select.POLLOUT, deadline)
            continue
        except OSError:
            raise Closed from None
        view = view[sent:]
        _refuse_late(deadline)


def _read(sock: socket.socket, size: int, deadline: float | None) -> bytearray:
    """Exactly `size` bytes. Memory grows with what arrives, not with what was announced."""
    data = bytearray()
    while len(data) < size:
        try:
            chunk = sock.recv(min(size - len(data), 1 << 20), socket.MSG_DONTWAIT)
        except BlockingIOError:
            _wait(sock, select.POLLIN, deadline)
            continue
        except OSError:
            raise Closed from None
        if not chunk:
            raise Closed
        data += chunk
        _refuse_late(deadline)
    return data


def _wait(sock: socket.socket, event: int, deadline: float | None) -> None:
    poll = select.poll()
    poll.register(sock, event)
    remaining = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
    if not poll.poll(remaining):
        raise Late


def _refuse_late(deadline: float | None) -> None:
    """Who never stops sending, or takes a byte at a time, must not get around the deadline."""
    if deadline is not None and time.monotonic() > deadline:
        raise Late
