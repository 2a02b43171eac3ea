"""A worker's grader: a session of this program beside the Dask worker, started once and asked many times.

    Dask worker ──a socket──▶ the house ──forks──▶ one process for each submission
    (many threads)             (a session: torch, the tests, the clean parent)

The worker has threads, and is a child that may have none of its own, so it never forks: it starts this program anew, which has neither,
and hands it a line for each submission. Whatever ends the worker ends the house; whatever a submission ends is the process that graded it.
"""

from __future__ import annotations

import json
import os
import platform
import select
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

IDLE = 600.0  # seconds without a submission, after which nobody is thought to come any more
LOOK = 0.5


@dataclass
class Guest:
    """A process that grades one submission."""

    pid: int
    folder: Path


def main(session: Session, control: int, worker: int) -> int:
    """Grade what comes on the control socket, until it is closed or nothing has come for long."""
    die_with_parent(worker)
    with socket.socket(fileno=control) as door:
        door.send(json.dumps(introduced(session)).encode())
        guests: list[Guest] = []
        until = time.monotonic() + IDLE
        while time.monotonic() < until:
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
    """A process for the submission that comes on this line; none if there is no room for one, which the closed line tells."""
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
                _grade(session, workplace, asking)
        except OSError:
            clear(workplace.folder)
            return []
        finally:
            workplace.channel.close()
    return [Guest(pid, workplace.folder)]


def _grade(session: Session, workplace: Workplace, asking: Connection) -> NoReturn:
    """The life of a submission's process. It ends without an answer only if something ended it."""
    try:
        signal.alarm(int(session.longest))
        kind, name, count = json.loads(asking.recv_bytes())
        files = tuple((asking.recv_bytes(), asking.recv_bytes()) for _ in range(count))
        parcel = Parcel(kind, bytes.fromhex(name), files)
        path = unpacked(parcel, make_folder(workplace.folder, "handed-in-"))
        asking.send_bytes(json.dumps(sure(session.grade(path, workplace))).encode())
    except Exception:
        traceback.print_exc()  # in the worker's own output; who asked finds the line closed
    finally:
        os._exit(0)


def _gone(guest: Guest) -> bool:
    found, _ = os.waitpid(guest.pid, os.WNOHANG)
    if found:
        clear(guest.folder)
    return bool(found)
