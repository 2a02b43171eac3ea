"""The end of what students' processes leave behind."""

import ctypes
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from forks import in_child, needs_root

from autograder.confine import reaper
from autograder.confine.reaper import become_subreaper, kill_descendants, kill_everything_of, pick_uid


def is_alive(pid: int) -> bool:
    return reaper._is_alive(pid, reap=False)


def start(work: Callable[[], Any]) -> int:
    if (pid := os.fork()) == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def daemon(said: int) -> None:
    """Tells its pid and lives on for a minute: its parent is dead, its session its own."""

    def grandchild() -> None:
        os.setsid()
        os.write(said, f"{os.getpid()}\n".encode())
        time.sleep(60)

    start(lambda: start(grandchild))


def in_grader(scene: Callable[[int, int], Any]) -> Any:
    """Play a scene in a process of its own, with a pipe for the pids; whatever it forgets to kill goes with it."""

    def play() -> Any:
        become_subreaper()
        try:
            return scene(*os.pipe())
        finally:
            kill_descendants(os.getpid())

    return in_child(play)


@pytest.fixture(params=["what the system has", "nothing", "a setpriv that fails"])
def killer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what everything of a uid is killed."""
    if request.param != "what the system has":
        monkeypatch.setattr(reaper, "SETPRIV", "/bin/false" if "fails" in request.param else None)


@needs_root
def test_a_picked_uid_is_nobodys() -> None:
    uid = pick_uid()
    assert uid >= 60_000 and not any(reaper.live_processes_of(uid)) and uid != pick_uid()


@needs_root
@pytest.mark.usefixtures("killer")
def test_a_daemon_of_a_uid_dies_with_everything_of_it() -> None:
    uid = pick_uid()

    def student(said: int) -> None:
        os.setresuid(uid, uid, uid)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        daemon(said)
        time.sleep(60)

    def scene(heard: int, said: int) -> list[bool]:
        direct, stranger = start(lambda: student(said)), start(lambda: time.sleep(60))
        orphan = int(os.read(heard, 20))
        before = [is_alive(direct), is_alive(orphan)]
        kill_everything_of(uid)
        return [*before, is_alive(direct), is_alive(orphan), is_alive(stranger)]

    assert in_grader(scene) == [True, True, False, False, True]


@needs_root
@pytest.mark.usefixtures("killer")
def test_a_bomb_that_forks_all_the_time_ends_too() -> None:
    uid = pick_uid()

    def bomb(said: int) -> None:
        os.setresuid(uid, uid, uid)
        os.write(said, b"1")
        for _ in range(5_000):  # always one process, always another pid
            if os.fork():
                os._exit(0)

    def scene(heard: int, said: int) -> list[int]:
        start(lambda: bomb(said))
        os.read(heard, 20)
        kill_everything_of(uid)
        return [pid for _ in range(20) for pid in reaper.live_processes_of(uid)]

    assert in_grader(scene) == []


@pytest.mark.parametrize("uid", [0, 65, os.getuid()])
def test_a_uid_of_the_systems_or_ones_own_is_never_killed(uid: int) -> None:
    with pytest.raises(ValueError, match="refusing"):
        kill_everything_of(uid)


def test_orphans_die_with_the_descendants_and_a_spared_child_lives() -> None:
    def scene(heard: int, said: int) -> list[bool]:
        start(lambda: daemon(said))
        spared = start(lambda: time.sleep(60))
        orphan = int(os.read(heard, 20))
        before = is_alive(orphan)
        kill_descendants(os.getpid(), spare=[spared])
        return [before, is_alive(orphan), os.path.exists(f"/proc/{orphan}"), is_alive(spared)]

    assert in_grader(scene) == [True, False, False, True]


def test_a_killed_process_leaves_its_status_to_the_caller() -> None:
    def scene(heard: int, said: int) -> int:
        child = start(lambda: (start(lambda: time.sleep(60)), time.sleep(60)))
        kill_descendants(child)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert in_grader(scene) == -signal.SIGKILL


def test_a_name_that_is_no_text_hides_nobody() -> None:
    def scene(out: int, said: int) -> bool:
        def child() -> None:
            ctypes.CDLL(None).prctl(15, b"\xff\xfe", 0, 0, 0)
            os.write(said, b"ready")
            time.sleep(60)

        pid = start(child)
        os.read(out, 5)
        kill_descendants(os.getpid())
        return is_alive(pid)

    assert in_grader(scene) is False
