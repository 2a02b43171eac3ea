"""What two submissions graded on one machine can tell each other: `python -m tests.benchmarks.channels` measures the widest of the known ways.

A message of random bits is sent from one confined student process and read in another, of another submission, through whatever
both may read. Printed is what arrived a second, and how much of it was right. Nothing of ours is in a student's process that
could be sent; this is about what students could tell each other, and only where they are graded on one machine.
"""

from __future__ import annotations

import time

from autograder.checks.assignment import Limits
from autograder.remote.host import RemoteHost
from autograder.run.session import Session
from autograder.submissions.cells import Cell

LIMITS = Limits(call_seconds=30, cell_seconds=30, submission_seconds=120)
COMMON = r"""
import ctypes, os, random, time
libc = ctypes.CDLL(None, use_errno=True)
class iovec(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
room = ctypes.create_string_buffer(1)
vector = iovec(ctypes.cast(room, ctypes.c_void_p), 1)
def bits(n): return [random.Random(5).getrandbits(n) >> i & 1 for i in range(n)]
def cached(path):
    file = os.open(path, os.O_RDONLY)
    try:
        return libc.preadv2(file, ctypes.byref(vector), 1, ctypes.c_long(0), 8) == 1  # RWF_NOWAIT
    finally:
        os.close(file)
def sources():
    found = []
    for folder, _, names in os.walk(os.path.dirname(torch.__file__)):
        found += [os.path.join(folder, name) for name in sorted(names) if name.endswith(".h")]
    return sorted(found)
"""
PAGES = (
    r"""
def send(n):
    for path, bit in zip(sources()[:n], bits(n)):
        file = os.open(path, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        if bit: os.read(file, 1)
        os.close(file)
""",
    r"""
def receive(n):
    return sum(cached(path) == bool(bit) for path, bit in zip(sources()[:n], bits(n))) / n
""",
)


def measure(session: Session, way: tuple[str, str], n: int) -> tuple[float, float]:
    """Bits a second, and the share of them that arrived right (a half is nothing)."""
    workplaces = [session.workplace(LIMITS) for _ in way]
    deadline = time.monotonic() + LIMITS.submission_seconds
    hosts = [
        RemoteHost(place, session.assignment, (Cell(1, "import torch\n" + COMMON + code),), deadline)
        for place, code in zip(workplaces, way, strict=True)
    ]
    try:
        for host in hosts:
            host.begin(1)
        send, receive = hosts[0].get("send"), hosts[1].get("receive")
        started = time.perf_counter()
        send(n)
        right = receive(n)
        return n / (time.perf_counter() - started), float(right)
    finally:
        for host, place in zip(hosts, workplaces, strict=True):
            host.close()
            place.channel.close()


def main() -> None:
    with Session() as session:
        rate, right = measure(session, PAGES, 1000)
        print(f"which library files lie in memory: {rate:,.0f} bits a second, {right:.1%} of them right")


if __name__ == "__main__":
    main()
