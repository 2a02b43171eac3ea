"""Memory that no limit of the system's bounds: of several processes together. Real processes, which hold what they say."""

from __future__ import annotations

import ctypes
import mmap
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.confine import shares
from autograder.confine.reaper import kill_everything_of, live_processes_of, pick_uid
from autograder.confine.shares import ASIDE, Tenant, crowding, excessive, has_children, resident, resident_together

MB = 1 << 20
BESIDE = 6 * MB  # what a fork of Python may come to hold, whatever it does

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a process a uid of its own")


@contextmanager
def forked(work: Callable[[], object], uid: int | None = None, most: int = 1000, room: int = 0) -> Iterator[Tenant]:
    """A process that has done its work and waits."""
    said, say = os.pipe()
    given = resident(os.getpid())
    if (pid := os.fork()) == 0:
        try:
            if uid is not None:
                os.setuid(uid)
            kept = work()
            os.write(say, b"x")
            time.sleep(60 + (kept is None))
        finally:
            os._exit(1)
    os.close(say)
    try:
        assert os.read(said, 1) == b"x", "it died before it had done its work"
        yield Tenant(pid, uid, given, most * MB, room * MB)
    finally:
        os.close(said)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        if uid is not None:
            kill_everything_of(uid)


def holding(size: int) -> Callable[[], mmap.mmap]:
    """So many MB that nobody held before: what is asked of the heap may lie in what the parent has freed."""

    def work() -> mmap.mmap:
        pages = mmap.mmap(-1, size * MB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for _ in range(size):
            pages.write(b"x" * MB)
        return pages

    return work


def forking(times: int, size: int, first: int = 0) -> Callable[[], object]:
    """Some processes more, each of which holds so many MB, beside what the first holds and they share."""

    def work() -> object:
        kept = [holding(max(1, first))()]
        said, say = os.pipe()
        for _ in range(times):
            if os.fork() == 0:
                kept.append(holding(size)())
                os.write(say, b"x")
                time.sleep(600)
                os._exit(0)
        for _ in range(times):
            os.read(said, 1)
        return kept

    return work


def test_what_a_process_holds_beside_what_it_was_forked_with_is_seen() -> None:
    with forked(holding(80)) as one:
        assert one.given > 10 * MB
        assert 80 * MB <= resident(one.pid) - one.given + MB < 80 * MB + BESIDE
    assert resident(one.pid) == 0, "it is gone"


def test_the_biggest_is_found_where_all_together_hold_more_than_their_room() -> None:
    with forked(holding(30)) as small, forked(holding(60)) as big:

        def found(*rooms: int) -> Tenant | None:
            for one, room in zip((small, big), rooms, strict=True):
                one.room = room * MB
            return crowding([small, big])

        assert found(80, 80) is big and found(110, 110) is None
        assert found(0, 0) is None, "who need not mind others"
        assert found(80, 0) is None and found(0, 80) is None
        assert found(0, 50) is big, "the graders of others hold memory, too"
        assert crowding(list[Tenant]()) is None


@as_root
@pytest.mark.parametrize("room", [0, 80])
def test_processes_that_are_each_within_the_limit_are_found_to_hold_too_much_together(room: int) -> None:
    with forked(forking(4, 50), pick_uid(), most=100, room=room) as one:
        ((found, why),) = excessive([one], orphans=False)
        assert found is one and (why == ASIDE if room else re.fullmatch(r"its 5 processes held [12]\d\d MB together", why))
        assert not list(excessive([replace(one, most=300 * MB, room=0)], orphans=False))


@as_root
def test_what_processes_share_is_counted_once() -> None:
    with forked(forking(4, 1, first=50), pick_uid(), most=100) as one:
        assert resident(one.pid) - one.given > 45 * MB
        assert not list(excessive([one], orphans=False))
        assert resident_together(one, [one.pid]) < resident(one.pid)


@as_root
def test_orphans_are_found_by_their_uid() -> None:
    def leaving() -> object:
        if (child := os.fork()) == 0:
            said, say = os.pipe()
            if os.fork() == 0:
                kept = holding(250)()
                os.write(say, b"x")
                time.sleep(60 + (kept is None))
            os.read(said, 1)
            os._exit(0)
        return os.waitpid(child, 0)

    with forked(leaving, pick_uid(), most=100) as one:
        assert not has_children(one.pid)
        assert not list(excessive([one], orphans=False)), "nobody is looked for who is not there"
        ((found, why),) = excessive([one], orphans=True)
        assert found is one and "2 processes" in why


@as_root
def test_where_nobody_tells_what_is_shared_nobody_is_blamed_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in most containers. What is forked after data was loaded shares it."""
    monkeypatch.setattr(shares, "SHARED_OUT", re.compile(b"nothing"))
    with forked(forking(4, 1, first=80), pick_uid(), most=120) as one:
        assert not list(excessive([one], orphans=False))
    with forked(forking(4, 60, first=1), pick_uid(), most=120) as one:
        assert [found for found, _ in excessive([one], orphans=False)] == [one]


def test_what_one_process_may_share_is_no_way_around_its_limit() -> None:
    """RLIMIT_DATA does not count it."""

    def sharing() -> mmap.mmap:
        pages = mmap.mmap(-1, 150 * MB)
        for _ in range(150):
            pages.write(b"x" * MB)
        return pages

    with forked(sharing, most=100) as one:
        ((found, why),) = excessive([one], orphans=False)
        assert found is one and re.fullmatch(r"it held 15\d MB", why)
        assert [why for _, why in excessive([replace(one, most=200 * MB, room=100 * MB)], orphans=False)] == [ASIDE]
        assert not list(excessive([replace(one, most=200 * MB, room=300 * MB)], orphans=False))


@as_root
def test_a_room_of_many_is_no_more_than_one_may_hold() -> None:
    """Or whether a student is ended would depend on how many are graded at the same time."""
    with forked(forking(4, 50), pick_uid(), most=100, room=500) as one:
        ((_, why),) = excessive([one], orphans=False)
        assert why.startswith("its 5 processes held")


def test_a_process_whose_first_thread_has_ended_is_seen() -> None:
    def leaving() -> object:
        said, say = os.pipe()

        def hold() -> None:
            kept = holding(80)()
            os.write(say, b"x")
            time.sleep(60 + len(kept) % 2)

        threading.Thread(target=hold).start()
        os.read(said, 1)
        return said

    exit_thread = ctypes.CDLL(None).syscall
    said, say = os.pipe()
    given = resident(os.getpid())
    if (pid := os.fork()) == 0:
        leaving()
        os.write(say, b"x")
        exit_thread(60, 0)  # of this thread alone
    assert os.read(said, 1) == b"x"
    try:
        deadline = time.monotonic() + 5
        while "State:\tZ" not in Path(f"/proc/{pid}/status").read_text() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert resident(pid) - given > 70 * MB and pid in live_processes_of(os.getuid())
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(said)
        os.close(say)
    assert resident(pid) == 0
