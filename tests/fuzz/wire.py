"""Frames that an honest process never sends: each is a value, or Malformed, Closed or Late; never anything else, and never much memory."""

from __future__ import annotations

import json
import random
import resource
import socket
import struct
import time
from typing import Any

import torch

from autograder.remote.lender import Lender, Usage
from autograder.wire.faults import Crashed
from autograder.wire.frames import Closed, Deadline, Late, receive
from autograder.wire.values import Malformed, decode, encode

MOST_MEMORY = 256 << 20  # bytes that the fuzzing process may grow by
ODD = [None, True, -1, 0, 1, 2**63, -(2**64), 1.5, 1e308, "", "x", "float32", "tensor", "é\ud800", [], [[]], {}, {"k": "tuple"}]


def honest(draw: random.Random) -> tuple[dict[str, Any], list[bytes]]:
    """A reply, or a request for what was lent."""
    tensors = [
        torch.randn(draw.randrange(4), draw.randrange(4), dtype=draw.choice([torch.float32, torch.float64])) for _ in range(2)
    ]
    value = draw.choice(
        [tensors[0], tuple(tensors), {"loss": 1.5, "kl": tensors[0]}, ((tensors[0], tensors[1]), {}), 3, "text", None]
    )
    buffers: list[bytes] = []
    tree = encode(value, buffers)
    header = {"id": 1, "value": tree, "changed": ["mu"], "rng_after": (0.5).hex()}
    if draw.random() < 0.3:
        header = {"lent": draw.choice(["call", "vjp"]), "name": "gaussian_kl", "seed": 5, "graph": True, "number": 1, "value": tree}
    return header, buffers


def mutated(draw: random.Random, tree: Any) -> Any:
    """The same tree with something in it changed, doubled, lost or nested."""
    if draw.random() < 0.15:
        return draw.choice([*ODD, [tree] * draw.randrange(3), {"k": "tuple", "v": [tree]}])
    if isinstance(tree, dict):
        return {(key if draw.random() > 0.03 else "?"): mutated(draw, item) for key, item in tree.items() if draw.random() > 0.03}
    if isinstance(tree, list):
        return [mutated(draw, item) for item in tree for _ in range(draw.choice([1] * 20 + [0, 2]))]
    return tree


def frame(draw: random.Random) -> bytes:
    header, buffers = honest(draw)
    header = header | {"sizes": [len(buffer) for buffer in buffers]}
    text = json.dumps(mutated(draw, header) if draw.random() < 0.8 else header).encode()
    data = bytearray(struct.pack(">I", len(text)) + text + b"".join(buffers))
    for _ in range(draw.choice([0, 0, 1, 3])):
        if data:
            data[draw.randrange(len(data))] = draw.randrange(256)
    return bytes(data[: draw.randrange(len(data) + 1)] if draw.random() < 0.1 else data)


def one(data: bytes, lender: Lender) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        theirs.send(data)
        theirs.shutdown(socket.SHUT_WR)
        try:
            header, buffers = receive(ours, Deadline(5))
            if "lent" in header:
                lender.begin(Usage(4, 4, 100, 100))
                lender.answer(header, buffers)
            else:
                decode(header.get("value"), buffers)
        except (Malformed, Closed, Late, Crashed):
            return


def run(seconds: float, seed: int) -> int:
    """How many frames were read; raises what one of them made the reader raise, with the seed that makes it again."""
    from autograder.checks import assignment as assignments

    lender = Lender({"gaussian_kl": assignments.load().lendable["gaussian_kl"]})
    until, cases = time.monotonic() + seconds, 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while time.monotonic() < until:
        data = frame(random.Random(f"{seed}/{cases}"))
        try:
            one(data, lender)
        except Exception as error:
            raise AssertionError(f"wire: seed {seed}, case {cases}: {type(error).__name__} from {data[:300]!r}") from error
        cases += 1
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10
    assert grown < MOST_MEMORY, f"wire: seed {seed}: {grown >> 20} MB more after {cases} cases"
    return cases
