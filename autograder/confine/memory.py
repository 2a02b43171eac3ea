"""The memory that students' processes hold beside what they were forked with, where no limit of the system's bounds it.

A limit holds for what one process has for itself: a student may have several, and several students' processes may each be within theirs
and yet be more than a machine has room for at once. So the clean parent looks: often at the processes themselves, now and then at all that
they started. What a process writes over of the memory that it was forked with is not seen.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeVar

from autograder.confine.reaper import live_processes_of

RESIDENT = re.compile(rb"^Rss(?:Anon|Shmem):\s+(\d+) kB$", re.MULTILINE)  # what a process is named stands on a line of its own
SHARED_OUT = re.compile(rb"^Pss_(?:Anon|Shmem):\s+(\d+) kB$", re.MULTILINE)
ASIDE = "others are graded at the same time"  # why one is ended that may hold what it holds, and so is graded later, alone
SLACK = 32 << 20  # bytes that the system's limit may count otherwise than is counted here


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


def excessive(tenants: Collection[T], orphans: bool) -> Iterator[tuple[T, str]]:
    """Who holds too much with all that it started, and what to say of it. `orphans`: there are some, and nobody knows whose."""
    for tenant in tenants:
        most = min(tenant.room or tenant.most, tenant.most)
        alone = held(tenant.pid) - tenant.given
        if alone > most + SLACK:
            yield tenant, ASIDE if most < tenant.most else f"it held {alone >> 20:,} MB"
        elif tenant.uid is not None and (orphans or has_children(tenant.pid)):
            family = list(live_processes_of(tenant.uid))
            if (together := held_together(tenant, family)) > most:
                told = f"its {len(family)} processes held {together >> 20:,} MB together"
                yield tenant, ASIDE if most < tenant.most else told


def held(pid: int) -> int:
    """The bytes in memory that are no file's; 0 where it is gone, or the system does not tell."""
    return _sum(f"/proc/{pid}/status", RESIDENT) or max((_sum(f"{thread}/status", RESIDENT) for thread in _others(pid)), default=0)


def held_together(tenant: Tenant, family: list[int]) -> int:
    """What a student's processes hold beside what they were forked with, what they share counted once.

    Where the system does not tell who shares what, as it does not tell root in most containers, it is what the first holds and by how
    much others hold more: rather too little than too much.
    """
    shares = {pid: share for pid in family if (share := _sum(f"/proc/{pid}/smaps_rollup", SHARED_OUT))}
    if all(pid in shares or not held(pid) for pid in family):
        n = len(shares)
        return sum(shares.values()) - tenant.given * n // (n + 1)  # they share it with whom they were forked from
    own = max(held(tenant.pid), tenant.given)
    return own - tenant.given + sum(max(0, held(pid) - own) for pid in family)


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


def _others(pid: int) -> list[str]:
    """The threads that live on where a process's first has ended: of that one nothing is told any more."""
    try:
        return [f"/proc/{pid}/task/{thread}" for thread in os.listdir(f"/proc/{pid}/task") if int(thread) != pid]
    except OSError:
        return []


def _sum(path: str, pattern: re.Pattern[bytes]) -> int:
    try:
        with open(path, "rb") as file:
            return sum(map(int, pattern.findall(file.read()))) << 10
    except OSError:
        return 0
