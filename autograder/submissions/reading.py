"""A submission is read in a throw-away child, under limits of time and memory, which hands back cells and nothing else.

Whatever a file does to its reader, it does to that child. None of a student's code runs there; it ends with its answer. The children
are forked by a small process that has imported no torch, if it was made in time: that is twenty times as quick.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from autograder.confine.reaper import close_everything_but, die_with_parent, fork
from autograder.submissions import cells as submissions
from autograder.submissions.cells import Cell, Submission
from autograder.submissions.handed_in import Refused

CPU_SECONDS = 10
WALL_SECONDS = 60  # a neighbour's load is no fault of the submission's
MEMORY = 320 << 20  # bytes on top of what the grader has: three times the longest notebook, and half of it
MAX_ANSWER = 4 << 20  # bytes: all code with each character escaped, and the notes
TOO_MUCH = (
    "The submission is too large or too tangled to be read as a notebook. "
    "Clear its outputs (Edit → Clear All Outputs), save it, and submit the notebook alone."
)


class Readers:
    """The process that forks a reader for each submission. Whoever holds this may ask, workers forked later too."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._asking, answering = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
        )
        main = os.getpid()
        with warnings.catch_warnings(action="ignore"):  # of threads, from Python 3.12 on: there are none that it needs
            self.pid = os.fork()
        if self.pid == 0:
            close_everything_but(answering.fileno())
            _serve(answering, main)
        answering.close()

    def read(self, path: Path, slug: str, version: str, answers: tuple[str, ...]) -> Submission:
        """The submission at `path`, as `submission.read` gives it. Raises Refused, and OSError where no reader can be started."""
        request = json.dumps([os.fsdecode(Path(path).absolute()), slug, version, answers]).encode()
        answer = self._ask(request)
        if not answer and self._is_gone():  # somebody killed it: another, in its place
            self.close()
            self._start()
            answer = self._ask(request)
        try:
            told = dict(json.loads(answer))
        except ValueError:
            raise Refused(TOO_MUCH) from None
        if "broken" in told:
            raise OSError(told["broken"])
        if "refused" in told:
            raise Refused(told["refused"])
        cells = tuple(Cell(number, source) for number, source in told["cells"])
        return Submission(told["name"], cells, tuple(told["notes"]))

    def _is_gone(self) -> bool:
        """Whether the process that forks readers is; a reader that gave no answer may have died of what it read, or with it."""
        poll = select.poll()
        poll.register(self._asking, 0)
        return any(event & select.POLLHUP for _, event in poll.poll(0))

    def _ask(self, request: bytes) -> bytes:
        ours, theirs = os.pipe()
        try:
            try:
                socket.send_fds(self._asking, [request], [theirs])
            except ConnectionError:
                return b""
            finally:
                os.close(theirs)
            return _whole(ours, time.monotonic() + WALL_SECONDS + 5)
        finally:
            os.close(ours)

    def close(self) -> None:
        self._asking.close()
        with suppress(ChildProcessError):  # a worker is not its parent
            os.waitpid(self.pid, 0)


def _serve(asked: socket.socket, main: int) -> NoReturn:
    """Fork a reader for each request, until nobody is left who could ask."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a reader but for its answer
        die_with_parent(main)
        server = os.getpid()
        while True:
            request, passed, *_ = socket.recv_fds(asked, 1 << 16, 1)
            if not request:
                break
            try:
                if fork() == 0:
                    asked.close()  # or it would seem that the server lives on
                    die_with_parent(server)
                    _read(json.loads(request), passed[0])
            except OSError as error:
                os.write(passed[0], json.dumps({"broken": f"no reader could be started: {error}"}).encode())
            os.close(passed[0])
    finally:
        os._exit(0)


def _read(request: list[Any], pipe: int) -> NoReturn:
    """A reader's life. Whatever happens, what is not a whole answer is none."""
    gc.disable()
    try:
        _limit()
        path, slug, version, answers = request
        try:
            found = submissions.read(Path(path), slug, version, tuple(answers))
            told = {"name": found.name, "notes": found.notes, "cells": [(cell.number, cell.source) for cell in found.cells]}
        except Refused as refusal:
            told = {"refused": str(refusal)}
        with open(pipe, "wb") as file:
            file.write(json.dumps(told).encode())
    finally:
        os._exit(0)


def _limit() -> None:
    """Done in the reader, before it reads a byte."""
    signal.alarm(WALL_SECONDS)
    if sys.platform == "linux":
        page = resource.getpagesize()
        mapped, _, _, _, _, data, _ = (int(pages) * page for pages in Path("/proc/self/statm").read_text().split())
        for kind, used in ((resource.RLIMIT_DATA, data), (resource.RLIMIT_AS, mapped)):
            _, hard = resource.getrlimit(kind)
            wanted = used + MEMORY
            resource.setrlimit(kind, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard),) * 2)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _whole(pipe: int, deadline: float) -> bytes:
    """All that comes until the reader ends; nothing if that is too late or too much."""
    found = bytearray()
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while (left := deadline - time.monotonic()) > 0 and poll.poll(left * 1000):
        chunk = os.read(pipe, 1 << 20)
        if not chunk:
            return bytes(found)
        found += chunk
        if len(found) > MAX_ANSWER:
            break
    return b""
