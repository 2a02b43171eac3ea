"""One student process: forked by the clean parent, asked over its wire, ended with all that it started.

Whatever it sends is read as data or not at all, and every way it can fail becomes a StudentError that says how.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.checks.assignment import Limits
from autograder.confine.layers import Policy
from autograder.confine.leftovers import remove
from autograder.confine.processor import kept_waiting
from autograder.confine.reaper import pick_uid
from autograder.confine.shares import ASIDE
from autograder.confine.workspace import clear_leftovers, make_folder
from autograder.remote.lender import Lender
from autograder.student.forks import Channel
from autograder.submissions.reading import Readers
from autograder.wire.faults import Crashed, NotAttempted, OutOfMemory, Raised, StudentError, TimedOut, one_line
from autograder.wire.frames import Closed, Deadline, Late, receive, send
from autograder.wire.values import Malformed

START_SECONDS = 20
PUT_OFF = 7  # a call's time limit holds on a machine that is eight times overloaded
NOTICED = 0.2  # seconds of an exchange from which on it is asked whether the process could run


class Unconfined(Exception):
    """A process lacks layers that another had on this machine: our fault, and no place for a student's code."""


class PutAside(BaseException):
    """It holds so much memory that others have none: within its limit, so that it is graded all the same, but alone.

    Not an Exception: a check takes any of those for a fault of the answer's, or of its own, and goes on.
    """


ERRORS: dict[str, type[StudentError]] = {"crashed": Crashed, "out_of_memory": OutOfMemory}
RAISED = {"type": 60, "text": 300, "place": 60, "line": 120}  # what is told of an exception, in at most so many letters


@dataclass
class Workplace:
    """Where and within what limits student processes run."""

    channel: Channel
    readers: Readers
    public: Path  # the folder of files that students were given: they may read it
    limits: Limits
    disable: frozenset[str] = frozenset()  # layers of confinement switched off, in tests
    required: frozenset[str] = frozenset()  # layers without which none of the student's code may run
    put_off: float = 0.0  # seconds by which a submission may be late at most, if its processes were kept waiting
    folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))  # in which each process gets one of its own
    room: int = 0  # bytes for all students' processes that run at the same time; 0 where there is no other


class Process:
    """One forked, confined student process and our end of its wire."""

    def __init__(self, workplace: Workplace, lender: Lender | None = None) -> None:
        self._channel, self._required = workplace.channel, workplace.required
        self.uid = pick_uid() if sys.platform == "linux" and os.geteuid() == 0 else None
        self.workdir = make_folder(workplace.folder, f"student-{self.uid or os.getuid()}-")
        limits = workplace.limits
        policy = Policy(
            workdir=self.workdir,
            readable=(workplace.public,),
            uid=self.uid,
            memory_bytes=limits.memory_mb << 20,
            cpu_seconds=int(limits.submission_seconds) + 5,
            processes=16,
            file_bytes=64 << 20,
            disable=workplace.disable,
        )
        try:
            self.pid, self._wire = self._channel.fork(policy, workplace.room)
        except BaseException:
            remove(self.workdir)
            raise
        self._next_id = 0
        self.lender = lender
        self.ended = False
        self.kept_waiting = 0.0  # seconds, as far as it was looked at
        self.why = ""  # what it was ended for, if the clean parent did so

    def layers(self) -> dict[str, str]:
        """What it says of its confinement; to be asked before any student's code runs in it."""
        reply, _ = self.exchange({"op": "hello"}, [], START_SECONDS)
        said = reply.get("confinement")
        report = {str(layer): str(outcome) for layer, outcome in said.items()} if type(said) is dict else {}
        if missing := {layer: report.get(layer) for layer in self._required if report.get(layer) != "applied"}:
            self.end()
            raise Unconfined(f"a student process was to be started without {missing}")
        return report

    def exchange(self, header: dict[str, Any], buffers: list[bytes], seconds: float) -> tuple[dict[str, Any], list[bytearray]]:
        """Send a request and wait for its answer. On any fault the process is ended and a StudentError raised."""
        self._next_id += 1
        started = time.monotonic()
        deadline = Deadline(seconds, self._kept_waiting_since, PUT_OFF * seconds)
        try:
            send(self._wire, header | {"id": self._next_id}, buffers, deadline)
            reply, out = receive(self._wire, deadline)
            while "lent" in reply:
                if self.lender is None:
                    raise Malformed("a request that nobody may make")
                send(self._wire, *self.lender.answer(reply, out), deadline)
                reply, out = receive(self._wire, deadline)
            if reply.get("id") != self._next_id or type(reply.get("id")) is not int:
                raise Malformed("an answer to another question")
        except Late:
            self.end()
            raise TimedOut(f"your code was still running after {seconds:.0f} s: is there an endless loop?") from None
        except Closed:
            status = self.end()
            if self.why == ASIDE:
                raise PutAside from None
            raise _how_it_died(status, self.why) from None
        except Malformed as error:
            self.end()
            raise Crashed(f"your code's process sent something that is not an answer: {error}") from None
        except StudentError:
            self.end()
            raise
        finally:
            if time.monotonic() - started > NOTICED:
                self.kept_waiting = max(self.kept_waiting, kept_waiting(self.pid))
        if "error" in reply:
            raise _told(reply)
        reply["call"] = self._next_id
        return reply, out

    def _kept_waiting_since(self) -> float:
        """What was noticed before counts for what came before."""
        return kept_waiting(self.pid) - self.kept_waiting

    def end(self) -> int:
        """Kill the process and all it started, and remove its folder; returns its wait status."""
        if self.ended:
            return 0
        self.ended = True
        self._wire.close()
        status, self.why = self._channel.end(self.pid)
        remove(self.workdir)
        if self.uid is not None:
            clear_leftovers(self.uid)
        return status


def _told(reply: dict[str, Any]) -> StudentError:
    """The StudentError that the student's process reported."""
    status, question, raised = reply.get("error"), reply.get("question"), reply.get("raised")
    if status == "not_attempted":
        return NotAttempted(question if type(question) is int else None)
    if type(raised) is dict:
        return Crashed(raised=Raised(*(_text(raised.get(name), most) for name, most in RAISED.items())))
    make = ERRORS.get(status, Crashed) if type(status) is str else Crashed
    return make(_text(reply.get("message"), 1000) or "your code raised an error", computed=True)


def _text(said: Any, most: int) -> str:
    return one_line(said, most) if type(said) is str else ""


def _how_it_died(status: int, why: str) -> StudentError:
    if why:
        return Crashed(f"your code's process was ended because {why}, and others need some, too")
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return OutOfMemory("your code's process was killed by the system; most often that is memory running out")
        if number == signal.SIGXCPU:
            return TimedOut("your code used up its processor time: is there an endless loop?")
        name = signal.Signals(number).name if number in signal.valid_signals() else str(number)
        return Crashed(f"your code crashed the Python process ({name})")
    return Crashed("your code ended the Python process (exit, quit or os._exit)")
