"""A worker's grader: a session of this program beside the Dask worker, started once and asked many times.

    Dask worker ──a socket──▶ the house ──forks──▶ a process for each line
    (many threads)             (a session: torch, the tests, the clean parent)

The worker has threads, and may have no children that outlive a task, so it never forks: it starts this program anew, which has neither
trouble, and hands it a line for each submission that is graded at the same time. Whatever ends the worker ends the house; what a
submission ends is the process at its line, and the next gets another.
"""

from __future__ import annotations

import json
import os
import platform
import select
import shutil
import signal
import socket
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import numpy
import torch

from autograder.cluster.parcel import Parcel, unpacked
from autograder.confine.layers import applied, weakness
from autograder.confine.reaper import die_with_parent, fork
from autograder.confine.workspace import clear, make_folder
from autograder.course.records import grader
from autograder.remote.process import Workplace
from autograder.run.crew import be_worker
from autograder.run.results import sure
from autograder.run.session import Session

IDLE = 300.0  # seconds without a submission, after which a process is not kept for the next
LOOK = 0.5


@dataclass
class Guest:
    """A process that grades, one submission after another."""

    pid: int
    folder: Path


def main(session: Session, control: int, worker: int) -> int:
    """Grade for whoever comes to the door, until it is closed, nobody has been there for long, or nothing can be graded here any more."""
    die_with_parent(worker)
    with socket.socket(fileno=control) as door:
        door.send(json.dumps(introduced(session)).encode())
        guests: list[Guest] = []
        until = time.monotonic() + IDLE
        while time.monotonic() < until and session.forks.alive():
            if select.select([door], [], [], LOOK)[0]:
                order, passed, *_ = socket.recv_fds(door, 1, 1)
                if not order:
                    break
                for line in passed:
                    guests += _let_in(session, line, door)
            guests = [guest for guest in guests if not _gone(guest)]
            until = time.monotonic() + IDLE if guests else until
    for guest in guests:
        with suppress(ProcessLookupError):
            os.kill(guest.pid, signal.SIGKILL)
        os.waitpid(guest.pid, 0)
    return 0


def introduced(session: Session) -> dict[str, Any]:
    """Of which program and assignment this grader is, and how it confines."""
    root, layers = session.assignment.root, session.layers()
    session.required = applied(layers)  # of every process, not of the first alone
    secrets = [path for path in (root, root.parent / "reference") if path.exists()]
    exposed = weakness(layers, secrets) if session.assignment.has_hidden_tests else ""
    return {"grader": grader(session.assignment), "libraries": libraries(), "exposed": exposed}


def libraries() -> str:
    """Of the libraries that a number may depend on, which versions these are."""
    python = ".".join(platform.python_version_tuple()[:2])
    return f"Python {python}, torch {torch.__version__}, numpy {numpy.__version__}"


def _let_in(session: Session, line: int, door: socket.socket) -> list[Guest]:
    """A process for what comes on this line; none if there is no room for one, which the closed line tells."""
    main = os.getpid()
    with Connection(line) as asking:
        try:
            workplace = session.workplace()
        except OSError:
            return []
        try:
            if (pid := fork()) == 0:
                be_worker(main, [])
                door.close()
                _serve(session, workplace, asking)
        except OSError:
            clear(workplace.folder)
            return []
        finally:
            workplace.channel.close()
    return [Guest(pid, workplace.folder)]


def _serve(session: Session, workplace: Workplace, asking: Connection) -> NoReturn:
    """The life of a process that grades. What it has read for one submission, the next need not wait for."""
    try:
        while asking.poll(IDLE):
            kind, name, count = json.loads(asking.recv_bytes())
            parcel = Parcel(kind, bytes.fromhex(name), tuple((asking.recv_bytes(), asking.recv_bytes()) for _ in range(count)))
            signal.alarm(int(session.longest))
            asking.send_bytes(json.dumps(_graded(session, workplace, parcel)).encode())
            signal.alarm(0)
    except EOFError:
        os._exit(0)
    except Exception:
        traceback.print_exc()  # in the worker's own output; who asked finds the line closed
    finally:
        os._exit(0)


def _graded(session: Session, workplace: Workplace, parcel: Parcel) -> dict[str, Any]:
    folder = make_folder(workplace.folder, "handed-in-")
    try:
        return sure(session.grade(unpacked(parcel, folder), workplace))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _gone(guest: Guest) -> bool:
    found, _ = os.waitpid(guest.pid, os.WNOHANG)
    if found:
        clear(guest.folder)
    return bool(found)
