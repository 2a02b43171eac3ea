"""What no student's process may take from all the others, where no limit of the system's bounds it: threads, room on the disk, memory.

Nothing bounds the threads of root's processes (whose uid is kept where Python lies closed to others), nor the number of files. A limit
of memory holds for what one process has for itself: a student may have several, and several students' processes may each be within
theirs and yet be more than a machine has room for at once. So the clean parent looks several times a second, and often at the memory of
the processes themselves. That others did without for a moment costs them a moment: what they need is tried again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from autograder.confine.reaper import live_processes_of

MOST_THREADS = 512  # Linux has room for some 32,000 tasks; torch, held to one thread, and plots need a handful
FULL = 0.05  # a disk with less room than this part of it, and…
LITTLE_ROOM, FEW_FILES = 512 << 20, 5_000  # …than this many bytes or new files
MUCH_ROOM, MANY_FILES = 16 << 20, 2_000  # who holds less has not filled it
COUNTED = 20_000  # files
RESIDENT = re.compile(rb"^Rss(?:Anon|Shmem):\s+(\d+) kB$", re.MULTILINE)  # what a process is named stands on a line of its own
SHARED_OUT = re.compile(rb"^Pss_(?:Anon|Shmem):\s+(\d+) kB$", re.MULTILINE)
OWN = re.compile(rb"^Private_Dirty:\s+(\d+) kB$", re.MULTILINE)
ASIDE = "others are graded at the same time"  # why one is ended that may hold what it holds, and so is graded later, alone
SLACK = 32 << 20  # bytes that the system's limit may count otherwise than is counted here


@dataclass
class Holder:
    """A student's process and its folder."""

    pid: int
    workdir: Path


T = TypeVar("T", bound=Holder)


def greedy(holders: Collection[T]) -> Iterator[tuple[T, str]]:
    """Who holds too much, and what to say of it."""
    for holder in holders:
        if (threads := threads_of(holder.pid)) > MOST_THREADS:
            yield holder, f"it held {threads:,} threads at once"
    if any(is_full(holder.workdir) for holder in holders):
        size, files, most = max(((*held(holder.workdir), holder) for holder in holders), key=lambda found: found[:2])
        if size > MUCH_ROOM or files > MANY_FILES:
            yield most, f"it filled the disk, holding {size / 2**20:,.0f} MB in {files:,} files"


def threads_of(pid: int) -> int:
    try:
        return os.stat(f"/proc/{pid}/task").st_nlink - 2  # each is a folder in it, and so a link to it
    except OSError:
        return 0


def is_full(folder: Path) -> bool:
    """Whether a disk is about to have no room for others."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    little = min(LITTLE_ROOM / disk.f_frsize, FULL * disk.f_blocks)
    few = min(FEW_FILES, FULL * disk.f_files)  # some file systems have no such number, and say 0
    return disk.f_bavail < little or disk.f_favail < few


def held(folder: Path) -> tuple[int, int]:
    """The bytes and the number of files in a folder, as far as they were counted."""
    size = files = 0
    for entry in islice(_entries(folder), COUNTED):
        with suppress(OSError):
            size += entry.stat(follow_symlinks=False).st_blocks * 512
        files += 1
    return size, files


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    waiting = [os.fspath(folder)]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                yield entry
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)


# --- memory -----------------------------------------------------------------------------------------------------------


@dataclass
class Tenant:
    """A student's process, and what it may hold beside what it was forked with. What it writes over of that is seen in a family alone."""

    pid: int
    uid: int | None  # of its own; who has none cannot fork
    given: int  # bytes that it held when it was forked
    most: int  # bytes beside, for it and all that it starts
    room: int  # bytes for all who are graded at the same time; 0 for who need not mind others


S = TypeVar("S", bound=Tenant)


def crowding(tenants: Collection[S]) -> S | None:
    """Who holds most, where those who have one room hold more than that together."""
    sharing = {tenant.pid: max(0, resident(tenant.pid) - tenant.given) for tenant in tenants if tenant.room}
    if not sharing:
        return None
    biggest = max((tenant for tenant in tenants if tenant.room), key=lambda tenant: sharing[tenant.pid])
    return biggest if sum(sharing.values()) > biggest.room else None


def excessive(tenants: Collection[S], orphans: bool) -> Iterator[tuple[S, str]]:
    """Who holds too much with all that it started, and what to say of it. `orphans`: there are some, and nobody knows whose."""
    for tenant in tenants:
        most = min(tenant.room or tenant.most, tenant.most)
        alone = resident(tenant.pid) - tenant.given
        if alone > most + SLACK:
            yield tenant, ASIDE if most < tenant.most else f"it held {alone >> 20:,} MB"
        elif tenant.uid is not None and (orphans or has_children(tenant.pid)):
            family = list(live_processes_of(tenant.uid))
            if (together := resident_together(tenant, family)) > most:
                told = f"its {len(family)} processes held {together >> 20:,} MB together"
                yield tenant, ASIDE if most < tenant.most else told


def resident(pid: int) -> int:
    """The bytes in memory that are no file's; 0 where it is gone, or the system does not tell."""
    return _sum(f"/proc/{pid}/status", RESIDENT) or max((_sum(f"{thread}/status", RESIDENT) for thread in _others(pid)), default=0)


def resident_together(tenant: Tenant, family: list[int]) -> int:
    """What a student's processes hold beside what they were forked with, what they share counted once.

    Where the system does not tell who shares what, as it does not tell root in most containers, it is what the first holds and by how
    much others hold more: rather too little than too much.
    """
    maps = {pid: path for pid in family if _sum(path := f"/proc/{pid}/smaps_rollup", SHARED_OUT)}
    if all(pid in maps or not resident(pid) for pid in family):
        n, own, parts = len(maps), *(sum(_sum(path, what) for path in maps.values()) for what in (OWN, SHARED_OUT))
        return max(own, parts - tenant.given * n // (n + 1))  # which they share at least with whom they were forked from
    own = max(resident(tenant.pid), tenant.given)
    return own - tenant.given + sum(max(0, resident(pid) - own) for pid in family)


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
