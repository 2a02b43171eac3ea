"""What a student's uid left on the machine once its processes are dead: files in folders open to all, System V objects.

With Landlock and seccomp there is nothing to find. Without them, this is what keeps one student from leaving word for the next.
Folders open to all other than the usual ones are not searched.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from autograder.confine.libc import libc

OPEN_TO_ALL = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock")
IPC_RMID = 0
PATIENCE = 5  # seconds until a student's folder should be removed

SYSTEM_V: dict[str, tuple[str, Callable[[int], int]]] = {  # what its table in /proc calls an object's number, and how to end it
    "shm": ("shmid", lambda number: libc.shmctl(number, IPC_RMID, None)),
    "sem": ("semid", lambda number: libc.semctl(number, 0, IPC_RMID)),
    "msg": ("msqid", lambda number: libc.msgctl(number, IPC_RMID, None)),
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
            _, end = SYSTEM_V[kind]
            end(number)


def remove(path: Path) -> None:
    """Remove a student's folder or file. What holds a million files, or is nested too deep for Python, goes on being removed behind us."""
    with suppress(OSError):
        if path.is_symlink() or not path.is_dir():  # a link in the folder's place would lead chmod astray
            path.unlink()
        else:
            path.rmdir()  # most leave nothing behind
        return
    # A student with our uid may have closed it.
    command = 'chmod -R u+rwx -- "$0" 2>/dev/null; rm -rf -- "$0" 2>/dev/null'
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            removing = os.posix_spawn("/bin/sh", ["sh", "-c", command, str(path)], os.environ)
            break
        except OSError:  # no room for another process: whoever holds it is about to be ended
            if time.monotonic() > deadline:
                return  # it goes with the run's own folder
            time.sleep(0.05)
    while os.waitpid(removing, os.WNOHANG) == (0, 0) and time.monotonic() < deadline:
        time.sleep(0.002)
