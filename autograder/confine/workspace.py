"""The folder in which a run keeps whatever it must put on a disk, and what becomes of it once the run is dead.

    TMPDIR/autograder-<pid>-…/          locked for as long as a process of the run's own lives
        public/                           what students were given
        worker-…/                         a grading process's
            student-<uid>-…/                a student process's working directory

Students' folders tell under which uids processes may be left, so that another run can end them. A lock, unlike a pid, cannot be mistaken
for another's, and holds across the containers that share a folder.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from autograder.confine.leftovers import leftovers, remove, remove_system_v_objects
from autograder.confine.reaper import LAST_SYSTEM_UID, kill_everything_of

RUN = "autograder-"
STUDENT = re.compile(r"student-(\d+)-")
PATIENCE = 5.0  # seconds that a full disk is given: whoever filled it is about to be ended
FULL = (errno.ENOSPC, errno.EDQUOT)

_waited_for: set[Path] = set()  # in vain: not again until there is room


class Workspace:
    """A run's folder. Raises OSError where none can be made."""

    def __init__(self) -> None:
        sweep()
        while True:
            self.folder = Path(tempfile.mkdtemp(prefix=f"{RUN}{os.getpid()}-"))
            self._lock = _locked(self.folder)
            if self._lock is not None and self.folder.exists():  # else a run that just started took it for a dead one's
                break
        os.chmod(self.folder, 0o711)  # students' processes have their folders in it, and may pass

    def close(self) -> None:
        clear(self.folder)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def make_folder(parent: Path, prefix: str, mode: int = 0o700) -> Path:
    """A new folder, waited for while the disk is full. Raises OSError."""
    deadline = time.monotonic() + (0 if parent in _waited_for else PATIENCE)
    while True:
        try:
            folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
        except OSError as error:
            if error.errno not in FULL:
                raise
            if time.monotonic() >= deadline:
                _waited_for.add(parent)
                raise
            time.sleep(0.1)
        else:
            _waited_for.discard(parent)
            os.chmod(folder, mode)
            return folder


def sweep() -> None:
    """Remove what dead runs of this user's left: their processes, their folders."""
    for folder in _runs():
        if (lock := _locked(folder)) is not None:
            try:
                clear(folder)
            finally:
                os.close(lock)


def clear(folder: Path) -> None:
    """End all that runs under the uids of students whose folders lie in a run's or a worker's, and remove everything."""
    if os.geteuid() == 0:
        for uid in _uids(folder) - _uids_of_others(folder):
            with suppress(OSError, ValueError):  # what can be done for the others is done
                kill_everything_of(uid)
                clear_leftovers(uid)
    remove(folder)


def clear_leftovers(uid: int) -> None:
    """Remove what a student's uid left outside its folder."""
    for path in leftovers(uid):
        remove(path)
    remove_system_v_objects(uid)


def _runs() -> Iterator[Path]:
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            with suppress(OSError):  # gone meanwhile
                mine = entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
                if entry.name.startswith(RUN) and mine:
                    yield Path(entry.path)


def _locked(folder: Path) -> int | None:
    """A descriptor that holds the lock of a run's folder; None if another holds it, or the folder is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _uids(folder: Path) -> set[int]:
    """The uids of students whose folders lie in a run's, or in a worker's."""
    found = {int(match[1]) for path in (*folder.glob("*"), *folder.glob("*/*")) if (match := STUDENT.match(path.name))}
    return {uid for uid in found if uid > LAST_SYSTEM_UID}


def _uids_of_others(folder: Path) -> set[int]:
    """Where uids are few, two runs may have picked the same: a living one's students are not to be touched."""
    uids: set[int] = set()
    for run in _runs():
        if run not in (folder, *folder.parents):
            uids |= _uids(run)
    return uids
