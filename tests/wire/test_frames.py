"""Frames on a socket: what arrives whole, and everything that a liar may send instead."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import pytest

from autograder.wire.frames import MAX_HEADER, Closed, Deadline, Late, receive, send
from autograder.wire.values import MAX_BYTES, MAX_TENSORS, Malformed

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def frame(header: object, *buffers: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + b"".join(buffers)


def soon(seconds: float = 5) -> Deadline:
    return Deadline(seconds)


def test_a_frame_arrives_as_it_was_sent(pair: Pair) -> None:
    ours, theirs = pair
    send(theirs, {"id": 1, "text": "σ\ud800"}, [b"abc", b"", bytes(1000)])
    assert receive(ours, soon()) == ({"id": 1, "text": "σ\ud800", "sizes": [3, 0, 1000]}, [b"abc", b"", bytes(1000)])
    send(theirs, {"id": 2}, [])
    assert receive(ours, soon()) == ({"id": 2, "sizes": []}, [])


@pytest.mark.parametrize("more", [b"x", frame({"sizes": []}), bytes(10_000)], ids=["a byte", "another frame", "many bytes"])
@pytest.mark.parametrize("buffer", [b"", b"abc", bytes(1000)], ids=len)
def test_more_than_one_frame_at_once_is_malformed(pair: Pair, buffer: bytes, more: bytes) -> None:
    """Nobody has two things to say before the other has spoken; what is read along with a frame would be lost."""
    ours, theirs = pair
    theirs.sendall(frame({"sizes": [len(buffer)]}, buffer) + more)
    with pytest.raises(Malformed, match="longer than it says"):
        receive(ours, soon())


def test_a_frame_larger_than_the_socket_holds_arrives(pair: Pair) -> None:
    ours, theirs = pair
    buffer = bytes(range(256)) * (MAX_BYTES // 256)
    sender = threading.Thread(target=send, args=(theirs, {}, [buffer]))
    sender.start()
    assert receive(ours, soon(20))[1] == [buffer]
    sender.join()


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'"sizes"',
        b"{}",
        b'{"sizes": [], "x": NaN}',
        b'{"sizes": [], "x": -Infinity}',
        b'{"sizes": [], "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"sizes": [], "x": ' + b'{"x":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
        b'{"sizes": [], "x": ' + b"9" * 100_000 + b"}",
        {"sizes": {}},
        {"sizes": None},
        {"sizes": "12"},
        {"sizes": [-1]},
        {"sizes": [1, -1]},
        {"sizes": [True]},
        {"sizes": [1.0]},
        {"sizes": ["1"]},
        {"sizes": [None]},
        {"sizes": [0] * (MAX_TENSORS + 1)},
        {"sizes": [MAX_BYTES + 1]},
        {"sizes": [MAX_BYTES, 1]},
        {"sizes": [2**63, 2**64]},
    ],
    ids=lambda header: str(header)[:30],
)
def test_what_is_no_frame_is_malformed(pair: Pair, header: object) -> None:
    ours, theirs = pair
    theirs.settimeout(5)
    sender = threading.Thread(target=lambda: theirs.sendall(frame(header)))
    sender.start()
    with pytest.raises(Malformed):
        receive(ours, soon())
    sender.join()


def test_a_header_too_long_is_refused_by_its_length_alone(pair: Pair) -> None:
    ours, theirs = pair
    theirs.sendall(struct.pack(">I", MAX_HEADER + 1))
    with pytest.raises(Malformed):
        receive(ours, soon())


def test_what_is_announced_takes_no_memory(pair: Pair) -> None:
    ours, theirs = pair
    theirs.sendall(frame({"sizes": [MAX_BYTES]}, b"a little"))
    tracemalloc.start()
    try:
        with pytest.raises(Late):
            receive(ours, soon(0.1))
        assert tracemalloc.get_traced_memory()[1] < MAX_BYTES // 2
    finally:
        tracemalloc.stop()


WHOLE = frame({"sizes": [4]}, b"abcd")


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_part_of_a_frame_is_late_or_closed(pair: Pair, length: int) -> None:
    ours, theirs = pair
    theirs.sendall(WHOLE[:length])
    with pytest.raises(Late):
        receive(ours, soon(0.01))


@pytest.mark.parametrize("length", [0, 2, 4, 9, len(WHOLE) - 1])
def test_part_of_a_frame_and_the_end_is_closed(pair: Pair, length: int) -> None:
    ours, theirs = pair
    theirs.sendall(WHOLE[:length])
    theirs.close()
    with pytest.raises(Closed):
        receive(ours, soon())


def test_a_trickle_is_late(pair: Pair) -> None:
    ours, theirs = pair
    stop = threading.Event()

    def trickle() -> None:
        with suppress(OSError):
            for byte in frame({"sizes": [MAX_BYTES]}, bytes(1 << 20)):
                theirs.send(bytes([byte]))
                if stop.wait(0.02):
                    return

    sender = threading.Thread(target=trickle)
    sender.start()
    started = time.monotonic()
    with pytest.raises(Late):
        receive(ours, soon(0.2))
    assert time.monotonic() - started < 2
    stop.set()
    sender.join()


def test_a_reader_that_does_not_read_makes_a_sender_late(pair: Pair) -> None:
    with pytest.raises(Late):
        send(pair[0], {}, [bytes(8 << 20)], soon(0.1))


def test_a_reader_that_is_gone_closes_a_sender(pair: Pair) -> None:
    ours, theirs = pair
    theirs.close()
    with pytest.raises(Closed):
        send(ours, {}, [bytes(8 << 20)], soon())


def test_nothing_but_numbers_is_sent(pair: Pair) -> None:
    with pytest.raises(ValueError):
        send(pair[0], {"x": float("nan")}, [])
    with pytest.raises(ValueError):
        send(pair[0], {"x": "x" * MAX_HEADER}, [])
