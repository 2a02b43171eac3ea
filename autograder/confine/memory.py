"""The memory that students' processes hold beside what they were forked with, where no limit of the system's bounds it.

A limit holds for one process: a student may have several, and several students' processes may each be within theirs and yet be more
than a machine has room for at once. So the clean parent looks: often at the processes themselves, now and then at all that they started.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from autograder.confine.reaper import live_processes_of

RESIDENT = re.compile(rb"^Rss(?:Anon|Shmem):\s+(\d+) kB$", re.MULTILINE)  # what a process is named stands on a line of its own
ASIDE = "others are graded at the same time"  # why one is ended that may hold what it holds, and so is graded later, alone
SHARED_OUT = re.compile(rb"^Pss_(?:Anon|Shmem):\s+(\d+) kB$", re.MULTILINE)


@dataclass
class Tenant:
    """A student's process, and what it may hold."""

    pid: int
    uid: int | None  # of its own; who has none cannot fork
    given: int  # bytes that it held when it was forked
    most: int  # bytes beside, for it and all that it starts
    room: int  # bytes for all who are graded at the same time; 0 for who need not mind others


T = TypeVar("T", bound=Tenant)


def crowding(tenants: Collection[T]) -> T | None:
    """Who holds most, where those who have one room hold more than that together."""
    sharing = {tenant.pid: max(0, held(tenant.pid) - tenant.given) for tenant in tenants if tenant.room}
    if not sharing:
        return None
    biggest = max((tenant for tenant in tenants if tenant.room), key=lambda tenant: sharing[tenant.pid])
    return biggest if sum(sharing.values()) > biggest.room else None


def families(tenants: Collection[T], orphans: bool) -> Iterator[tuple[T, str]]:
    """Who holds too much with all that it started, and what to say of it. `orphans`: there are some, and nobody knows whose."""
    for tenant in tenants:
        if tenant.uid is None or not (orphans or has_children(tenant.pid)):
            continue
        family, most = list(live_processes_of(tenant.uid)), tenant.room or tenant.most
        if sum(max(0, held(pid) - tenant.given) for pid in family) > most:  # pages that they share are counted for each
            n = len(family)
            together = held_together(family) - tenant.given * n // (
                n + 1
            )  # their part of it, shared with whom they were forked from
            if together > most:
                yield tenant, ASIDE if tenant.room else f"its {n} processes held {together >> 20:,} MB together"


def held(pid: int) -> int:
    """The bytes in memory that are no file's; 0 where it is gone, or the system does not tell."""
    return _sum(f"/proc/{pid}/status", RESIDENT)


def held_together(pids: Iterable[int]) -> int:
    """The same of several, what they share counted once; each for itself where the system does not tell who shares."""
    return sum(_sum(f"/proc/{pid}/smaps_rollup", SHARED_OUT) or held(pid) for pid in pids)


def has_children(pid: int) -> bool:
    """Whether a process has, or may have, children."""
    try:
        return any(children_of(pid, int(thread)) for thread in os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return os.path.exists(f"/proc/{pid}")  # the kernel was built without such lists


def children_of(pid: int, thread: int) -> set[int]:
    """What one of its threads has forked, or taken in. Raises OSError where the system does not tell."""
    with open(f"/proc/{pid}/task/{thread}/children") as file:
        return set(map(int, file.read().split()))


def _sum(path: str, pattern: re.Pattern[bytes]) -> int:
    try:
        with open(path, "rb") as file:
            return sum(map(int, pattern.findall(file.read()))) << 10
    except OSError:
        return 0
