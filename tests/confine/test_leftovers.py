"""What an unconfined student's uid leaves behind is found and removed, and nobody else's."""

import ctypes
import os
from pathlib import Path

import pytest
from forks import UID, in_child, needs_root

from autograder.confine.leftovers import leftovers, remove, remove_system_v_objects
from autograder.proof.arena.start import become

IPC_PRIVATE, IPC_CREAT = 0, 0o1000
libc = ctypes.CDLL(None, use_errno=True)


def leave(*paths: Path) -> None:
    """As the student's uid: a file, a link, a folder closed to its owner, full of more."""
    become(UID)
    for folder in paths:
        folder.mkdir()
        (folder / "deep" / "down").mkdir(parents=True)
        (folder / "deep" / "word").write_text("for the next student")
        (folder / "deep").chmod(0)
        folder.with_name(f"{folder.name}-link").symlink_to(f"/tmp/ours-{UID}")
        folder.with_name(f"{folder.name}-file").touch()


@needs_root
def test_files_in_folders_open_to_all_are_found_and_removed() -> None:
    places = [Path(folder) / f"left-{UID}" for folder in ("/tmp", "/var/tmp", "/dev/shm") if os.path.isdir(folder)]
    in_child(lambda: leave(*places))
    ours = Path(f"/tmp/ours-{UID}")
    ours.touch(mode=0o400)
    try:
        found = set(leftovers(UID))
        assert found == {path.with_name(path.name + end) for path in places for end in ("", "-link", "-file")}
        for path in found:
            remove(path)
        assert not set(leftovers(UID)) and ours.stat().st_mode & 0o777 == 0o400
    finally:
        ours.unlink()


def system_v(kind: str, column: str) -> set[int]:
    """Read on its own: what is tested reads it, too."""
    rows = [line.split() for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()]
    return {int(row[rows[0].index(column)]) for row in rows[1:] if str(UID) in row}


@needs_root
def test_system_v_objects_are_removed() -> None:
    if not os.path.exists("/proc/sysvipc/shm"):
        pytest.skip("this kernel has none")

    def make() -> list[int]:
        become(UID)
        return [
            libc.shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0o666),
            libc.semget(IPC_PRIVATE, 1, IPC_CREAT | 0o666),
            libc.msgget(IPC_PRIVATE, IPC_CREAT | 0o666),
        ]

    columns = {"shm": "shmid", "sem": "semid", "msg": "msqid"}
    made = in_child(make)
    assert [system_v(kind, column) for kind, column in columns.items()] == [{number} for number in made]
    remove_system_v_objects(UID)
    assert not any(system_v(kind, column) for kind, column in columns.items())
