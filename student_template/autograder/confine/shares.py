"""What no student's process may take from all the others: threads and room on the disk, where no limit of the system's bounds them.

Nothing bounds the threads of root's processes (whose uid is kept where Python lies closed to others), nor the number of files. So the
clean parent looks several times a second. That others did without for a moment costs them a moment: what they need is tried again.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

MOST_THREADS = 512  # Linux has room for some 32,000 tasks; torch, held to one thread, and plots need a handful
FULL = 0.05  # a disk with less room than this part of it, and…
LITTLE_ROOM, FEW_FILES = 512 << 20, 5_000  # …than this many bytes or new files
MUCH_ROOM, MANY_FILES = 16 << 20, 2_000  # who holds less has not filled it
COUNTED = 20_000  # files


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
