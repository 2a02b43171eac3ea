"""The clean parent answers every order, and an order that fails is the whole of the damage."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import as_a_script
from forks import in_child, workplace

from autograder.confine import shares
from autograder.confine.layers import Policy
from autograder.confine.reaper import descendants, live_processes_of, pick_uid
from autograder.confine.shares import ASIDE
from autograder.student import clean_parent, forks
from autograder.student.clean_parent import send
from autograder.student.forks import Channel, Forks, NotStarted, ParentLost

UNCONFINED = frozenset({"user", "processes", "landlock", "seccomp", "limits", "capabilities", "privileges", "environment"})


class Tracked(Forks):
    """Its channels are closed at the end of a test."""

    channels: list[Channel]

    def channel(self, fresh: bool = False) -> Channel:
        self.channels = [*getattr(self, "channels", []), super().channel(fresh)]
        return self.channels[-1]


@contextmanager
def growing(work: Any) -> Iterator[tuple[Forks, Policy]]:
    """A clean parent whose processes do some work with their wire, without confinement: it is ours."""
    with workplace() as policy:
        with as_a_script():
            made = Tracked(lambda: lambda wire, _: work(wire))
        try:
            yield made, replace(policy, disable=UNCONFINED)
        finally:
            for channel in made.channels:
                channel.close()
            made.close()


def echo(wire: socket.socket) -> None:
    while said := wire.recv(100):
        wire.sendall(said)


def works(channel: Channel, policy: Policy) -> bool:
    pid, wire = channel.fork(policy)
    wire.sendall(b"hello")
    heard = wire.recv(100)
    wire.close()
    channel.end(pid)
    return heard == b"hello"


@pytest.mark.parametrize(
    ("order", "fds"),
    [
        ({"op": "fork", "policy": {"uid": None}}, 1),
        ({"op": "fork"}, 1),
        ({"op": "fork", "policy": "POLICY"}, 0),
        ({"op": "what"}, 0),
        ({}, 0),
        ({"op": "end", "pid": "one"}, 0),
        ({"op": "end", "pid": 0}, 0),
        ({"op": "end", "pid": -1}, 0),
        ({"op": "end", "pid": 1}, 0),
    ],
)
def test_an_order_that_fails_is_answered_and_the_next_is_carried_out(order: dict[str, Any], fds: int) -> None:
    with growing(echo) as (made, policy):
        channel, other = made.channel(), made.channel()
        with socket.socket() as passed:
            send(channel._socket, order, passed.fileno() if fds else None)
            assert b"error" in channel._socket.recv(1 << 16)
        assert works(channel, policy) and works(other, policy)


def test_no_descriptor_of_a_failed_order_is_kept() -> None:
    with growing(echo) as (made, policy):
        channel = made.channel()
        assert works(channel, policy)
        (parent,) = list(descendants(made.pid))
        before = len(os.listdir(f"/proc/{parent}/fd"))
        for _ in range(5):
            with socket.socket() as passed:
                send(channel._socket, {"op": "fork"}, passed.fileno())
                channel._socket.recv(1 << 16)
        assert len(os.listdir(f"/proc/{parent}/fd")) == before


def test_a_grading_process_that_dies_takes_its_students_along_and_nobody_elses() -> None:
    """Before it reads an answer, too."""
    with growing(echo) as (made, policy):
        dead, living = made.channel(), made.channel()
        theirs, wire = dead.fork(policy)
        ours, spared = living.fork(policy)
        send(dead._socket, {"op": "what"})
        dead.close()
        deadline = time.monotonic() + 10
        while Path(f"/proc/{theirs}").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not Path(f"/proc/{theirs}").exists()
        with wire, spared:
            spared.sendall(b"still here")
            assert spared.recv(100) == b"still here" and works(living, policy)
            living.end(ours)


@pytest.mark.parametrize(("patience", "is_patient"), [(0.2, False), (20, True)])
def test_a_fork_that_fails_is_tried_again_for_a_while(patience: float, is_patient: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    original, since = clean_parent.CleanParent.fork, [0.0]

    def fork(self: clean_parent.CleanParent, policy: Policy, wire: int) -> int:
        since[0] = since[0] or time.monotonic()  # in the clean parent's own copy
        if time.monotonic() < since[0] + 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return original(self, policy, wire)

    monkeypatch.setattr(clean_parent.CleanParent, "fork", fork)
    monkeypatch.setattr(forks, "PATIENCE", patience)
    with growing(echo) as (made, policy):
        channel = made.channel()
        if not is_patient:
            with pytest.raises(NotStarted, match="no process could be started"):
                channel.fork(policy)
            time.sleep(1)
        assert works(channel, policy)


def test_who_holds_thousands_of_threads_pays_and_the_others_go_on() -> None:
    """As with a kept uid of root's, whose threads nothing bounds."""

    def bomb(wire: socket.socket) -> None:
        import _thread
        import threading

        threading.stack_size(1 << 15)
        gate = threading.Lock()
        gate.acquire()
        with suppress(Exception):
            while True:
                _thread.start_new_thread(gate.acquire, ())
        wire.sendall(b"full")
        time.sleep(60)

    def either(wire: socket.socket) -> None:
        (bomb if wire.recv(1) == b"b" else echo)(wire)

    def scene() -> list[Any]:
        with growing(either) as (made, policy):
            hog, neighbour = made.channel(), made.channel()
            pid, wire = hog.fork(policy)
            other, spared = neighbour.fork(policy)
            spared.sendall(b"e")
            wire.sendall(b"b")
            heard = wire.recv(100) or b"nothing"
            while heard != b"nothing" and (heard := wire.recv(100) or b"nothing") != b"nothing":
                pass
            status, why = hog.end(pid)
            spared.sendall(b"here")
            return [os.WTERMSIG(status), why, spared.recv(100) == b"here", neighbour.end(other)[1]]

    signal, why, here, other = in_child(scene)
    assert signal == 9 and "threads at once" in why and here and other == ""


def test_a_lost_clean_parent_is_said(session: Any) -> None:
    with growing(echo) as (made, policy):
        channel = made.channel()
        assert works(channel, policy)
        for pid in descendants(made.pid):
            os.kill(pid, 9)
        with pytest.raises(ParentLost):
            channel.fork(policy)
        assert channel.lost and works(made.channel(fresh=True), policy)


# --- what nobody may take from the others -------------------------------------------------------------------------------


def test_the_one_who_fills_a_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "is_full", lambda folder: True)
    holders = [shares.Holder(0, tmp_path / name) for name in ("modest", "greedy", "many")]
    for holder in holders:
        holder.workdir.mkdir()
        (holder.workdir / "file").write_bytes(b"x" * 5000)
    assert list(shares.greedy(holders)) == []
    (holders[1].workdir / "deep").mkdir()
    (holders[1].workdir / "deep" / "big").write_bytes(b"x" * (shares.MUCH_ROOM + 1))
    ((found, why),) = shares.greedy(holders)
    assert found is holders[1] and "filled the disk" in why
    monkeypatch.setattr(shares, "is_full", lambda folder: False)
    assert list(shares.greedy(holders)) == []


def filling(wire: socket.socket) -> None:
    """Hold as many megabytes as is said."""
    kept = []
    while said := wire.recv(100):
        kept.append(b"x" * (int(said) << 20))
        wire.sendall(b"held")


def test_who_fills_the_room_that_several_have_is_ended_and_the_other_is_not_until_it_does_so_too() -> None:
    with growing(filling) as (made, policy):
        one, other = made.channel(), made.channel()
        room = 50 << 20
        big, wire = one.fork(policy, room)
        small, spared = other.fork(policy, room)
        with wire, spared:
            for line, megabytes in ((spared, b"10"), (wire, b"20")):
                line.sendall(megabytes)
                assert line.recv(100) == b"held"
            wire.sendall(b"60")
            while wire.recv(100):  # until it is ended
                pass
            spared.sendall(b"1")
            assert spared.recv(100) == b"held"
            spared.sendall(b"60")  # before anybody has asked why the first is gone
            while spared.recv(100):
                pass
            assert one.end(big)[1] == other.end(small)[1] == ASIDE


def test_who_has_no_others_to_mind_may_hold_what_the_limits_allow() -> None:
    with growing(filling) as (made, policy):
        channel = made.channel()
        pid, wire = channel.fork(policy)
        with wire:
            wire.sendall(b"100")
            assert wire.recv(100) == b"held"
            time.sleep(3 * clean_parent.WATCH)
            wire.sendall(b"1")
            assert wire.recv(100) == b"held" and channel.end(pid)[1] == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a process a uid of its own")
def test_a_student_whose_processes_hold_too_much_together_loses_them_all() -> None:
    """Each of them holds the wire: were one left, the grading process would wait for it."""
    uid = pick_uid()

    def forking(wire: socket.socket) -> None:
        os.setuid(uid)
        for _ in range(4):
            if os.fork() == 0:
                kept = b"x" * (60 << 20)
                time.sleep(600 + len(kept) % 2)
        wire.recv(100)

    with growing(forking) as (made, policy):
        channel = made.channel()
        pid, wire = channel.fork(replace(policy, uid=uid, memory_bytes=100 << 20))
        with wire:
            assert wire.recv(100) == b"", "it was ended"
        _, why = channel.end(pid)
        assert re.match(r"its 5 processes held \d\d\d MB", why) and not list(live_processes_of(uid))
