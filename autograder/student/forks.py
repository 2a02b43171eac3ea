"""The grader's handle on the clean parent, from which student processes are forked: one that has read nothing worth stealing.

    the grader ─▶ the seed ─▶ the clean parent ─▶ students' processes
    (reads tests)   (torch)      (IPython, the lesson)

The seed is forked before the grader reads a test, and never given a student's work: should the clean parent be killed, another grows
from it. It alone outlives the grader, whatever ends that: it ends every process of the run, removes the run's folder, and is gone.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from autograder.confine.layers import Policy
from autograder.confine.reaper import LINUX, become_subreaper, close_everything_but, die_with_parent, fork, kill_descendants
from autograder.confine.workspace import clear
from autograder.student import clean_parent
from autograder.student.clean_parent import MAX_ORDER, Serve, send

PATIENCE = 10.0  # seconds that the machine is given to have room for a process


class ParentLost(Exception):
    """The clean parent is gone: nothing more can be graded on this channel."""


class SeedLost(Exception):
    """The seed is gone: nothing more can be graded in this run."""


class NotStarted(Exception):
    """This machine has no room for another process: nobody's fault who is graded."""


class StillAlive(Exception):
    """What a student started could not be ended: nothing that this submission's grade depends on can be trusted."""


class Forks:
    def __init__(self, prepare: Callable[[], Serve], folder: Path | None = None) -> None:
        """Fork the seed now. Each clean parent prepares itself; then each student process runs `serve(socket, confinement report)`.

        `folder` is the run's, removed once all its processes are dead.
        """
        ours, theirs = socket.socketpair()
        self.pid = fork()
        if self.pid == 0:
            try:
                ours.close()
                Seed(theirs, prepare, folder).live()
            except Exception:
                traceback.print_exc()  # the grader will report that the clean parent is gone
            finally:
                os._exit(1)
        theirs.close()
        self._control, self._ended = ours, False

    def alive(self) -> bool:
        """Whether the seed is: without it no student's process can be started. To be asked by its parent."""
        if not self._ended:
            self._ended = os.waitpid(self.pid, os.WNOHANG) != (0, 0)
        return not self._ended

    def channel(self, fresh: bool = False) -> Channel:
        """A line of one's own to a clean parent, for one grading process; with `fresh`, to a new one, the earlier having ended."""
        ours, theirs = socket.socketpair()
        with theirs, suppress(OSError):  # if there is no seed any more, whoever uses the channel will be told
            send(self._control, {"op": "channel", "fresh": fresh}, theirs.fileno())
        return Channel(ours)

    def close(self) -> None:
        """End the clean parent and every student process that is left."""
        self._control.close()
        if not self._ended:
            os.waitpid(self.pid, 0)


class Channel:
    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self.lost = False  # whether the clean parent was found to be gone
        self._patience = PATIENCE

    def fork(self, policy: Policy, room: int = 0) -> tuple[int, socket.socket]:
        """A new student process, confined by `policy`, and our end of its wire. Raises NotStarted when there is no room for one.

        `room`: the bytes that it and all others which have one may hold together, or the biggest of them is ended.
        """
        ours, theirs = socket.socketpair()
        order = asdict(policy) | {
            "workdir": str(policy.workdir),
            "readable": [str(path) for path in policy.readable],
            "disable": sorted(policy.disable),
        }
        with theirs:
            try:
                return self._started({"op": "fork", "policy": order, "room": room}, theirs), ours
            except BaseException:
                ours.close()
                raise

    def _started(self, order: dict[str, Any], wire: socket.socket) -> int:
        deadline = time.monotonic() + self._patience
        while "pid" not in (reply := self._ask(order, wire.fileno())):
            if not reply.get("full") or time.monotonic() > deadline:
                self._patience = 0  # a machine that is full of others' tasks is not waited for at every check
                raise NotStarted(f"no process could be started for this submission: {reply.get('error')}")
            time.sleep(0.1)  # whoever holds so many threads is about to be ended
        self._patience = PATIENCE
        return int(reply["pid"])

    def end(self, pid: int) -> tuple[int, str]:
        """Kill a student process and everything it started; returns its wait status, and why the clean parent had ended it, if so."""
        reply = self._ask({"op": "end", "pid": pid})
        if "error" in reply:
            raise StillAlive(reply["error"])
        return int(reply["status"]), str(reply["why"])

    def close(self) -> None:
        self._socket.close()

    def _ask(self, order: dict[str, Any], fd: int | None = None) -> dict[str, Any]:
        try:
            send(self._socket, order, fd)
            reply = self._socket.recv(MAX_ORDER)
        except OSError:
            reply = b""
        if not reply:
            self.lost = True
            raise ParentLost("the clean parent process ended")
        return dict(json.loads(reply))


@dataclass
class Seed:
    """What the seed does: hand each new channel on to the clean parent, growing one where there is none."""

    control: socket.socket
    prepare: Callable[[], Serve]
    folder: Path | None
    parents: dict[int, socket.socket] = field(default_factory=dict)  # the clean parents by pid, the newest last

    def live(self) -> NoReturn:
        os.setsid()  # what the terminal sends to the grader, Ctrl-C or its end, is not for us
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if LINUX:
            become_subreaper()
        close_everything_but(self.control.fileno())
        gc.freeze()  # keep the collector from touching, and so copying, the pages that we share
        self.grow()  # at once: it prepares itself while the grader reads its tests
        while True:
            passed: list[int] = []
            try:
                order, passed, *_ = socket.recv_fds(self.control, MAX_ORDER, 1)
                if not order:
                    self.end()
                for fd in passed:
                    self.hand_on(fd, fresh=json.loads(order)["fresh"])
            except Exception:  # whoever asked finds the channel closed
                traceback.print_exc()
            for fd in passed:
                os.close(fd)

    def grow(self) -> int:
        """Fork a clean parent; returns its pid."""
        ours, theirs = socket.socketpair()
        seed = os.getpid()
        if (pid := fork()) == 0:
            try:
                die_with_parent(seed)
                close_everything_but(theirs.fileno())
                clean_parent.live(theirs, self.prepare)
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(1)
        theirs.close()
        self.parents[pid] = ours
        return pid

    def hand_on(self, channel: int, fresh: bool) -> None:
        self.bury()
        newest = self.grow() if fresh or not self.parents else list(self.parents)[-1]
        send(self.parents[newest], {"op": "channel"}, channel)

    def bury(self) -> None:
        """Forget the clean parents that are dead, and end what students had running below them."""
        dead = [pid for pid in self.parents if os.waitpid(pid, os.WNOHANG) != (0, 0)]
        for pid in dead:
            self.parents.pop(pid).close()
        if dead and LINUX:
            kill_descendants(os.getpid(), spare=self.parents)

    def end(self) -> NoReturn:
        """The grader is gone, in order or not, and nothing of the run outlives it."""
        for control in self.parents.values():
            control.close()  # a clean parent ends its students, and itself
        with suppress(Exception):
            for pid in self.parents:
                os.waitpid(pid, 0)
        with suppress(Exception):
            if LINUX:
                kill_descendants(os.getpid())
        with suppress(Exception):
            if self.folder:
                clear(self.folder)
        os._exit(0)
