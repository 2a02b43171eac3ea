"""What a student's uid left on the machine once its processes are dead: files in folders open to all, System V objects.

With Landlock and seccomp there is nothing to find. Without them, this is what keeps one student from leaving word for the next.
Folders open to all other than the usual ones are not searched.
"""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

OPEN_TO_ALL = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock")
IPC_RMID = 0

_libc = ctypes.CDLL(None, use_errno=True)
SYSTEM_V: dict[str, tuple[str, Callable[[int], int]]] = {  # what its table in /proc calls an object's number, and how to end it
    "shm": ("shmid", lambda number: _libc.shmctl(number, IPC_RMID, None)),
    "sem": ("semid", lambda number: _libc.semctl(number, 0, IPC_RMID)),
    "msg": ("msqid", lambda number: _libc.msgctl(number, IPC_RMID, None)),
}


def leftovers(uid: int) -> Iterator[Path]:
    """The files and folders of a uid that lie directly in a folder open to all."""
    for folder in {*OPEN_TO_ALL, tempfile.gettempdir()}:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    if entry.stat(follow_symlinks=False).st_uid == uid:
                        yield Path(entry.path)


def system_v_objects() -> Iterator[tuple[str, int, set[int]]]:
    """Shared memory, semaphores and message queues, which no folder shows: the kind, the number, and whose it is."""
    for kind, (key, _) in SYSTEM_V.items():
        with suppress(OSError):
            names, *rows = (line.split() for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines())
            for row in rows:
                found = dict(zip(names, map(int, row), strict=True))
                yield kind, found[key], {found["uid"], found["cuid"]}


def remove_system_v_objects(uid: int) -> None:
    """They outlive their processes."""
    for kind, number, owners in system_v_objects():
        if uid in owners:
            _, remove = SYSTEM_V[kind]
            remove(number)
