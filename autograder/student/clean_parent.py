"""The clean parent: a process that has imported what students need and read nothing worth stealing; it forks students' processes.

It takes orders on Unix sockets (one channel per grading process), and is the parent of every student process, so it alone kills and
reaps them and no pid is ever mistaken for another. An order that fails is answered so, and is the whole of the damage.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import select
import signal
import socket
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from autograder.confine.layers import Policy, confine, python_folders
from autograder.confine.reaper import LINUX, become_subreaper, die_with_parent, kill_descendants, kill_everything_of
from autograder.confine.shares import ASIDE, Holder, Tenant, children_of, crowding, excessive, greedy, resident

MAX_ORDER = 1 << 16
WATCH = 0.2  # seconds between two looks at what students' processes hold
QUICK = 0.01  # where they have but one room for their memory: it fills at a gigabyte a second
NO_ROOM = (errno.EAGAIN, errno.ENOMEM)
Serve = Callable[[socket.socket, dict[str, str]], None]


@dataclass
class Child(Holder, Tenant):
    channel: int = 0  # by which it was ordered
    why: str = ""  # we ended it before it was asked for


def live(control: socket.socket, prepare: Callable[[], Serve]) -> NoReturn:
    """Prepare, then answer orders until the control socket closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if LINUX:
        become_subreaper()
    serve = prepare()
    python_folders()  # asked once, for all children
    gc.freeze()  # keep the collector from touching, and so copying, the pages that children share
    CleanParent(control, serve).answer_all()


@dataclass
class CleanParent:
    control: socket.socket
    serve: Serve
    channels: dict[int, socket.socket] = field(default_factory=dict)
    children: dict[int, Child] = field(default_factory=dict)
    next_look: float = 0.0

    def answer_all(self) -> NoReturn:
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        while True:
            for fd, _ in poll.poll(self.pause()):
                if fd != self.control.fileno():
                    if not self.answer(fd):
                        poll.unregister(fd)
                        self.hang_up(fd)
                elif channel := self.accepted():
                    self.channels[channel.fileno()] = channel
                    poll.register(channel, select.POLLIN)
            with suppress(Exception):  # another time
                self.watch()

    def accepted(self) -> socket.socket | None:
        """A new channel; None where it got lost on its way. Ends the process once nobody can order any more."""
        try:
            order, passed, *_ = socket.recv_fds(self.control, MAX_ORDER, 1)
        except OSError:
            return None
        if not order:
            for fd in list(self.channels):
                self.hang_up(fd)
            os._exit(0)
        return socket.socket(fileno=passed[0]) if passed else None

    def answer(self, fd: int) -> bool:
        """Carry out one order; False when the channel is closed, or of no use."""
        passed: list[int] = []
        try:
            order, passed, *_ = socket.recv_fds(self.channels[fd], MAX_ORDER, 1)
            if not order:
                return False
            reply = self.carry_out(json.loads(order), passed, fd)
        except Exception as error:  # whatever it is, other submissions are still to be graded
            full = isinstance(error, OSError) and error.errno in NO_ROOM
            reply = {"error": traceback.format_exc()[-4000:], "full": full}
        for unused in passed:
            os.close(unused)
        try:
            send(self.channels[fd], reply)
        except OSError:  # the grading process died meanwhile
            return False
        return True

    def carry_out(self, order: dict[str, Any], passed: list[int], fd: int) -> dict[str, Any]:
        if order["op"] == "fork":
            policy = _policy(order["policy"])
            (wire,) = passed
            given = resident(os.getpid())
            pid = self.fork(policy, wire)
            self.children[pid] = Child(
                pid=pid,
                uid=policy.uid,
                given=given,
                most=policy.memory_bytes,
                room=order["room"],
                workdir=policy.workdir,
                channel=fd,
            )
            return {"pid": pid}
        child = self.children.pop(order["pid"])  # none but our own are killed
        return {"status": self.end(child.pid, child.uid), "why": child.why}

    def fork(self, policy: Policy, wire: int) -> int:
        """A confined student's process, which serves until its wire is closed."""
        parent = os.getpid()
        if pid := os.fork():
            return pid
        try:
            os.setsid()
            if LINUX:
                die_with_parent(parent)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            report = confine(policy, (wire,))
            self.serve(socket.socket(fileno=wire), report)
        except BaseException:  # whatever it was, a student process never returns into the clean parent's code
            os._exit(70)
        os._exit(0)

    def end(self, pid: int, uid: int | None) -> int:
        """Kill one student process and whatever it left behind."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        try:
            _, status = os.waitpid(pid, 0)
        except ChildProcessError:
            status = 0
        if uid is not None:
            kill_everything_of(uid)
        if LINUX:
            kill_descendants(os.getpid(), spare=self.children)  # orphans were handed to us: none may live on
        return status

    def hang_up(self, fd: int) -> None:
        """A grading process is done, or dead: its students' processes go with it."""
        self.channels.pop(fd).close()
        for pid in [pid for pid, child in self.children.items() if child.channel == fd]:
            child = self.children.pop(pid)
            with suppress(Exception):  # what can be done for the others is done
                self.end(pid, child.uid)

    def pause(self) -> float | None:
        """Milliseconds until the next look, if there is anything to look at."""
        if not self.children:
            return None
        return 1000 * (QUICK if any(child.room for child in self.children.values()) else WATCH)

    def watch(self) -> None:
        """End who holds so much that others cannot start; the grading process finds it dead, and asks why."""
        children = [child for child in self.children.values() if not child.why]
        ended = [child for child in self.children.values() if child.why]
        if any(resident(child.pid) for child in ended):
            return  # its room is not free yet
        if biggest := crowding(children):
            _end(biggest, ASIDE)
        elif (now := time.monotonic()) >= self.next_look:
            self.next_look = now + WATCH
            filling = [] if ended else greedy(children)  # what fills a disk stays there until the grading process has asked why
            for child, why in (*filling, *excessive(children, self.has_orphans())):
                _end(child, why)

    def has_orphans(self) -> bool:
        own = os.getpid()
        try:
            return not children_of(own, own) <= self.children.keys()
        except OSError:
            return True


def _end(child: Child, why: str) -> None:
    child.why = why
    os.kill(child.pid, signal.SIGKILL)
    if child.uid is not None:  # what it started may hold the wire open, and the grading process would wait
        kill_everything_of(child.uid)


def _policy(order: dict[str, Any]) -> Policy:
    paths = {"workdir": Path(order["workdir"]), "readable": tuple(map(Path, order["readable"]))}
    return Policy(**order | paths | {"disable": frozenset(order["disable"])})


def send(sock: socket.socket, order: dict[str, Any], fd: int | None = None) -> None:
    socket.send_fds(sock, [json.dumps(order).encode()], [] if fd is None else [fd])
