"""Frames on a socket: a JSON header and raw buffers, both capped, read against a deadline.

4 bytes header length | header (JSON, says the length of each buffer) | the buffers
"""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from autograder.wire.values import MAX_BYTES, MAX_TENSORS, Malformed


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


ENCODER, DECODER = json.JSONEncoder(allow_nan=False), json.JSONDecoder(parse_constant=_refuse)
NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)  # older macOS lacks it; Python ignores the signal anyway
PREFIX = 4  # bytes that say how long the header is
MAX_HEADER = 2 << 20
AT_ONCE = 1 << 16  # bytes that are taken at once, though the frame may be shorter


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """The deadline passed before the whole frame was there."""


@dataclass
class Deadline:
    """So many seconds from now, put off by as long as whoever is waited for could not run: a busy machine is nobody's fault."""

    seconds: float
    kept_waiting: Callable[[], float] = lambda: 0.0  # seconds so far; asked only when the time is up
    most: float = 0.0  # seconds by which it is put off at most

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.seconds

    def left(self) -> float:
        """Seconds; none or less when it has passed."""
        left = self._end - time.monotonic()
        return left if left > 0 else left + min(self.kept_waiting(), self.most)


def send(sock: socket.socket, header: dict[str, Any], buffers: list[bytes], deadline: Deadline | None = None) -> None:
    """Write one frame. Raises Closed or, past `deadline`, Late."""
    text = ENCODER.encode(header | {"sizes": [len(b) for b in buffers]}).encode()
    if len(text) > MAX_HEADER:
        raise ValueError("header too long")
    _write(sock, b"".join((len(text).to_bytes(PREFIX, "big"), text, *buffers)), deadline)


def receive(sock: socket.socket, deadline: Deadline | None = None) -> tuple[dict[str, Any], list[bytearray]]:
    """Read one frame. Raises Closed, Late, or Malformed for anything that isn't one."""
    frame = _filled(bytearray(), sock, PREFIX, deadline)
    end = PREFIX + int.from_bytes(frame[:PREFIX], "big")
    if end > PREFIX + MAX_HEADER:
        raise Malformed("a header is too long")
    try:
        header = DECODER.decode(_filled(frame, sock, end, deadline)[PREFIX:end].decode())
    except (ValueError, RecursionError):
        raise Malformed("a header is not JSON") from None
    sizes = header.get("sizes") if type(header) is dict else None
    if type(sizes) is not list or len(sizes) > MAX_TENSORS or not all(type(n) is int and n >= 0 for n in sizes):
        raise Malformed("a header does not say its buffers' sizes")
    if sum(sizes) > MAX_BYTES:
        raise Malformed("the buffers are too big")
    together = _filled(frame[end:], sock, sum(sizes), deadline)
    if len(together) > sum(sizes):
        raise Malformed("a frame is longer than it says")
    return header, _parted(together, sizes)


def _parted(together: bytearray, sizes: list[int]) -> list[bytearray]:
    if len(sizes) == 1:
        return [together]
    ends = list(accumulate(sizes))
    return [together[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def _write(sock: socket.socket, data: bytes, deadline: Deadline | None) -> None:
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


def _filled(data: bytearray, sock: socket.socket, size: int, deadline: Deadline | None) -> bytearray:
    """`data` with what arrives, until there are `size` bytes or more. Memory grows with what arrives, not with what was announced.

    What has arrived is taken in one go, be it more than that: requests and answers alternate, and nobody has to say two things at once.
    """
    while len(data) < size:
        try:
            chunk = sock.recv(max(AT_ONCE, min(size - len(data), 1 << 20)), socket.MSG_DONTWAIT)
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


def _wait(sock: socket.socket, event: int, deadline: Deadline | None) -> None:
    poll = select.poll()
    poll.register(sock, event)
    while not poll.poll(None if deadline is None else max(0.0, deadline.left()) * 1000):
        _refuse_late(deadline)


def _refuse_late(deadline: Deadline | None) -> None:
    """Who never stops sending, or takes a byte at a time, must not get around the deadline."""
    if deadline is not None and deadline.left() <= 0:
        raise Late
