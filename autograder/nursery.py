"""The clean parent: a process that has imported torch and has never read a hidden test, from which student processes are forked.

It is forked before the grader reads anything worth stealing, takes orders on Unix sockets (one channel per grading process), and is
the parent of every student process, so it alone kills and reaps them and no pid is ever mistaken for another.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.confinement import Policy, confine
from autograder.reaper import become_subreaper, die_with_parent, kill_descendants, kill_everything_of

MAX_ORDER = 1 << 16
LINUX = sys.platform == "linux"
Serve = Callable[[socket.socket, dict[str, str]], None]


class NurseryLost(Exception):
    """The clean parent is gone: nothing more can be graded in this run."""


class StillAlive(Exception):
    """What a student started could not be ended: nothing that this submission's grade depends on can be trusted."""


class Nursery:
    """The grader's handle on the clean parent."""

    def __init__(self, prepare: Callable[[], Serve]) -> None:
        """Fork the clean parent now. It prepares itself; then each student process runs `serve(socket, confinement report)`."""
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                ours.close()
                _run(theirs, prepare)
            except Exception:
                traceback.print_exc()  # the grader will report that the clean parent is gone
            finally:
                os._exit(1)
        theirs.close()
        self._control = ours

    def channel(self) -> Channel:
        """A line of one's own to the nursery, for one grading process."""
        ours, theirs = socket.socketpair()
        _send(self._control, {"op": "channel"}, theirs.fileno())
        theirs.close()
        return Channel(ours)

    def close(self) -> None:
        """End the nursery and every student process that is left."""
        self._control.close()
        os.waitpid(self.pid, 0)


class Channel:
    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def fork(self, policy: Policy) -> tuple[int, socket.socket]:
        """A new student process, confined by `policy`, and our end of its wire."""
        ours, theirs = socket.socketpair()
        order = asdict(policy) | {
            "workdir": str(policy.workdir),
            "readable": [str(path) for path in policy.readable],
            "disable": sorted(policy.disable),
        }
        reply = self._ask({"op": "fork", "policy": order}, theirs.fileno())
        theirs.close()
        return int(reply["pid"]), ours

    def end(self, pid: int, uid: int | None) -> int:
        """Kill a student process and everything it started; returns its wait status."""
        reply = self._ask({"op": "end", "pid": pid, "uid": uid})
        if "error" in reply:
            raise StillAlive(reply["error"])
        return int(reply["status"])

    def close(self) -> None:
        self._socket.close()

    def _ask(self, order: dict[str, Any], fd: int | None = None) -> dict[str, Any]:
        try:
            _send(self._socket, order, fd)
            reply = self._socket.recv(MAX_ORDER)
        except OSError:
            reply = b""
        if not reply:
            raise NurseryLost("the clean parent process ended")
        return dict(json.loads(reply))


def _send(sock: socket.socket, order: dict[str, Any], fd: int | None = None) -> None:
    socket.send_fds(sock, [json.dumps(order).encode()], [] if fd is None else [fd])


def _run(control: socket.socket, prepare: Callable[[], Serve]) -> None:
    """The clean parent's life: keep nothing but the control socket, then answer orders until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if LINUX:
        die_with_parent()
        become_subreaper()
    _close_everything_but(control.fileno())
    serve = prepare()
    gc.freeze()  # keep the collector from touching, and so copying, the pages that children share
    channels = {control.fileno(): control}
    children: set[int] = set()
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while True:
        for fd, _ in poll.poll():
            order, passed, *_ = socket.recv_fds(channels[fd], MAX_ORDER, 1)
            if not order:
                if fd == control.fileno():
                    _end_all(children)
                    os._exit(0)
                poll.unregister(fd)
                channels.pop(fd).close()
                continue
            asked = json.loads(order)
            if asked["op"] == "channel":
                channel = socket.socket(fileno=passed[0])
                channels[channel.fileno()] = channel
                poll.register(channel, select.POLLIN)
            elif asked["op"] == "fork":
                pid = _fork(asked["policy"], passed[0], serve)
                children.add(pid)
                _send(channels[fd], {"pid": pid})
            elif asked["op"] == "end":
                children.discard(asked["pid"])
                _send(channels[fd], _ended(asked["pid"], asked["uid"], children))


def _fork(order: dict[str, Any], wire: int, serve: Serve) -> int:
    pid = os.fork()
    if pid:
        os.close(wire)
        return pid
    try:
        os.setsid()
        if LINUX:
            die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        policy = Policy(
            **order
            | {
                "workdir": Path(order["workdir"]),
                "readable": tuple(map(Path, order["readable"])),
                "disable": frozenset(order["disable"]),
            }
        )
        report = confine(policy, (wire,))
        serve(socket.socket(fileno=wire), report)
    except BaseException:  # whatever it was, a student process never returns into the nursery's code
        os._exit(70)
    os._exit(0)


def _ended(pid: int, uid: int | None, others: set[int]) -> dict[str, Any]:
    """The answer to an order to end a process: whatever goes wrong, other submissions are still to be graded."""
    try:
        return {"status": _end(pid, uid, others)}
    except Exception:
        return {"error": traceback.format_exc()[-4000:]}


def _end(pid: int, uid: int | None, others: set[int]) -> int:
    """Kill one student process and whatever it left behind; `others` are the living processes of other students."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    try:
        _, status = os.waitpid(pid, 0)
    except ChildProcessError:
        status = 0
    if uid is not None:
        kill_everything_of(uid)
    if LINUX:
        kill_descendants(os.getpid(), spare=others)  # orphans were handed to the nursery: none may live on
    return status


def _end_all(children: set[int]) -> None:
    for pid in children:
        _end(pid, None, children)


def _close_everything_but(fd: int) -> None:
    os.closerange(3, fd)
    os.closerange(fd + 1, os.sysconf("SC_OPEN_MAX"))
