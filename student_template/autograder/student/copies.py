"""Copies of a student's process that its code made by a raw fork, and that go on as if they were it.

Such a copy holds the wire, and would answer the grader's questions beside the process that was asked. It ends where it would; the
process tells, instead of what the cell came to, what happened.
"""

from __future__ import annotations

import os
import select
from contextlib import suppress

from autograder.wire.faults import Crashed

PATIENCE = 300  # milliseconds that copies are given to come to the end of a cell at which their parent is
FORKED = "your code made a copy of its own process (os.fork), and a second process went on running the notebook: start none, or end it in the cell"
getpid, leave = os.getpid, os._exit


class Copies:
    def __init__(self) -> None:
        self._pid = getpid()
        self._heard, self._said = os.pipe()

    def end_here(self, request: int) -> None:
        """Called at the end of each request: a copy says that it came so far, and is gone."""
        if getpid() != self._pid:
            with suppress(OSError):  # the student may have closed it
                os.write(self._said, request.to_bytes(8, "big"))
            leave(0)

    def refuse(self, request: int, patience: int = 0) -> None:
        """Raises Crashed if a copy came to the end of this request, or does within so many milliseconds."""
        try:
            while select.select([self._heard], [], [], (patience if _has_children() else 0) / 1000)[0]:
                if int.from_bytes(os.read(self._heard, 8), "big") == request:
                    raise Crashed(FORKED)
        except (OSError, ValueError):  # the student closed it
            return


def _has_children() -> bool:
    if not hasattr(os, "waitid"):  # macOS: a copy that comes late ends all the same, unheard
        return False
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
