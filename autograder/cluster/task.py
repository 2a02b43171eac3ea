"""What Dask runs on a worker: two functions, called by name with plain bytes, that ask the grader which stands beside the worker.

Nothing of the grader is imported here, and nothing is forked: the worker has threads. Both answer in JSON, whatever happens.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections import deque
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path

from autograder import REPO

LIVED = 300.0  # seconds in which a grader has started, on a disk that many share
BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from autograder.cluster.task import enter; enter(*sys.argv[2:])"
ORDER = 1 << 16  # bytes
STDERR = 2


class Gone(Exception):
    """There is no grader any more."""


class House:
    """The grader beside this worker; see `house`."""

    def __init__(self, assignment: Path) -> None:
        """Start it, and wait until it is ready. Raises Gone."""
        self._door, theirs = socket.socketpair()
        self._lock = threading.Lock()
        self._idle: deque[Connection] = deque()
        command = [sys.executable, "-P", "-c", BOOT, str(REPO), str(theirs.fileno()), str(os.getpid()), str(assignment)]
        started = threading.Event()

        def keep() -> None:  # a thread that lives as long as the worker: with the one that started it the grader dies
            try:
                process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdout=STDERR, start_new_session=True)
            finally:
                theirs.close()
                started.set()
            process.wait()

        threading.Thread(target=keep, daemon=True, name="keeps the grader").start()
        started.wait()
        self._door.settimeout(LIVED)
        try:
            self.said = self._door.recv(ORDER)
        except OSError:
            self.said = b""
        if not self.said:
            raise Gone("the grader did not start; the worker's own output says why")

    def grade(self, kind: str, name: bytes, files: tuple[tuple[bytes, bytes], ...], seconds: float) -> bytes:
        """The results of a submission as JSON. Raises Gone where the grader is, and EOFError where the submission's process is."""
        line = self._line()
        try:
            line.send_bytes(json.dumps([kind, name.hex(), len(files)]).encode())
            for part in chain.from_iterable(files):
                line.send_bytes(part)
            if not line.poll(seconds):
                raise EOFError(f"grading it did not come to an end within {seconds:.0f} s")
            found = line.recv_bytes()
        except BaseException:
            line.close()
            raise
        self._idle.append(line)
        return found

    def _line(self) -> Connection:
        """One to a process that has nothing to do. Raises Gone."""
        while self._idle:
            line = self._idle.pop()
            if not line.poll():
                return line
            line.close()  # it has left
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                socket.send_fds(self._door, [b"g"], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise Gone(str(error)) from None
        return Connection(ours.detach())

    def leave(self) -> None:
        self._door.close()
        while self._idle:
            self._idle.pop().close()


_houses: dict[str, House] = {}
_starting = threading.Lock()


def greet(assignment: str, grader: str) -> bytes:
    """Who grades here, as JSON; started afresh where it is not the grader that was expected, for it may be of an earlier day."""
    try:
        house = _house(assignment)
        if json.loads(house.said).get("grader") != grader:
            house = _house(assignment, instead_of=house)
        return json.dumps(json.loads(house.said) | {"memory": _memory()}).encode()
    except Exception as error:
        return json.dumps({"lost": str(error)}).encode()


def grade(assignment: str, kind: str, name: bytes, files: tuple[tuple[bytes, bytes], ...], seconds: float) -> bytes:
    """The results of one submission as JSON, or `{"lost": why}`."""
    try:
        house = _house(assignment)
        try:
            return house.grade(kind, name, files, seconds)
        except Gone:  # it left, having had nothing to do
            return _house(assignment, instead_of=house).grade(kind, name, files, seconds)
    except Exception as error:  # one that could not be sent would be waited for in vain
        why = str(error) or "the process that graded it ended without a word: most often that is memory running out"
        return json.dumps({"lost": why}).encode()


def enter(door: str, worker: str, assignment: str) -> None:
    """In the new process: become the grader."""
    from autograder.run.launch import relaunch

    os.environ["AUTOGRADER_ASSIGNMENT"] = assignment
    relaunch("autograder.cluster.house:main", control=int(door), worker=int(worker))


def _house(assignment: str, instead_of: House | None = None) -> House:
    """The one for this assignment, whose path is relative where the assignment lies beside the program."""
    with _starting:
        if assignment not in _houses or _houses[assignment] is instead_of:
            root = Path(REPO / assignment)
            if not (root / "assignment.toml").is_file():
                raise Gone(f"there is no assignment.toml in {root}")
            if instead_of:
                instead_of.leave()
            _houses[assignment] = House(root)
        return _houses[assignment]


def _memory() -> int:
    """The bytes that Dask lets this worker have; 0 where it sets no limit."""
    from distributed import get_worker

    return int(get_worker().memory_manager.memory_limit or 0)
