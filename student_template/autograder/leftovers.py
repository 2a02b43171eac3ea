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


def remove_system_v_objects(uid: int) -> None:
    """Shared memory, semaphores and message queues: they outlive their processes, and the file system does not show them."""
    for kind, (key, remove) in SYSTEM_V.items():
        with suppress(OSError), open(f"/proc/sysvipc/{kind}") as table:
            names = table.readline().split()
            for line in table:
                row = dict(zip(names, line.split(), strict=True))
                if uid in (int(row["uid"]), int(row["cuid"])):
                    remove(int(row[key]))
