"""Working processes: each does one item at a time, and whatever ends one of them costs the item that it was at, at most.

An item that its worker died of, for want of memory perhaps that a neighbour had taken, is tried once more when all others are done: in
a fresh process, alone. It is never tried in this one, for whose death everybody would pay. So is one whose student's processes fill what
all of them have together: what a student may hold is more than there need be for each of those who are graded at the same time.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Generic, NoReturn, TypeVar

from autograder.confine.libc import trim_memory
from autograder.confine.reaper import die_with_parent, fork
from autograder.confine.workspace import clear
from autograder.remote.process import PutAside, Workplace

SPARED = "500"  # where memory runs out, students' processes (1000) go first, then workers, then we (0)
LOOK = 0.5  # seconds between two looks at who is still there

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Lost:
    """No result of an item, and why."""

    reason: str
    again: bool = True  # whether it may go better in another process
    aside: bool = False  # nothing went wrong: it needs to be alone


@dataclass
class Worker:
    pid: int
    line: Connection
    folder: Path  # of its students
    item: int = -1  # at which it works
    until: float = 0.0
    status: int | None = None  # how it ended


class Crew(Generic[T, R]):
    """`work` on items, a few at a time, each worker in a workplace of its own."""

    def __init__(
        self,
        work: Callable[[T, Workplace], R],
        items: list[T],
        workplace: Callable[[], Workplace],
        seconds: float,
        share: int = 0,
    ) -> None:
        """An item that takes longer than `seconds` is given up: whatever limit it should have met did not hold.

        `share`: so many bytes a worker are the room that students' processes have together; with 0 nobody is put aside for them.
        """
        self._work, self._items, self._workplace, self._seconds, self._share = work, items, workplace, seconds, share
        self._workers: list[Worker] = []
        self._lost: set[int] = set()  # items of which a worker died
        self._later: list[int] = []  # items for the end, one at a time

    def results(self, jobs: int) -> Iterator[tuple[int, R | Lost]]:
        """The results as they are ready, each with its item's place."""
        try:
            yield from self._all(range(len(self._items)), jobs)
            while self._later:
                self._dismiss(*self._workers)
                self._later.remove(place := min(self._later))
                yield from self._all([place], 1)
        finally:
            self._dismiss(*self._workers)

    def _all(self, places: Iterable[int], jobs: int) -> Iterator[tuple[int, R | Lost]]:
        waiting = deque(places)
        while waiting or self._busy():
            yield from self._settled(self._handed_out(waiting, jobs))
            yield from self._settled((worker.item, self._received(worker)) for worker in self._heard())

    def _settled(self, results: Iterable[tuple[int, R | Lost]]) -> Iterator[tuple[int, R | Lost]]:
        """Those results that are final; what needs to be alone, or is lost for the first time, is for the end."""
        for place, result in results:
            if isinstance(result, Lost) and (result.aside or (result.again and place not in self._lost)):
                self._lost |= set() if result.aside else {place}
                self._later.append(place)
            else:
                yield place, result

    def _busy(self) -> list[Worker]:
        return [worker for worker in self._workers if worker.item >= 0]

    # --- the workers --------------------------------------------------------------------------------------------------

    def _handed_out(self, waiting: deque[int], jobs: int) -> Iterator[tuple[int, Lost]]:
        """Give everybody something to do; yields what could not be given to anybody."""
        while waiting and len(self._busy()) < jobs:
            idle = [worker for worker in self._workers if worker.item < 0]
            place = waiting.popleft()
            try:
                worker = idle[0] if idle else self._hired(jobs)
                worker.line.send(place)
            except OSError as error:
                self._dismiss(*idle)
                yield place, Lost(f"No process could be started to grade it: {error}")
            else:
                worker.item, worker.until = place, time.monotonic() + self._seconds

    def _hired(self, jobs: int) -> Worker:
        """A new worker. Raises OSError."""
        workplace = self._workplace()
        workplace.room = jobs * self._share if jobs > 1 else 0
        ours, theirs = Pipe()
        main = os.getpid()
        with theirs:
            try:
                if (pid := fork()) == 0:
                    be_worker(main, [ours, *(worker.line for worker in self._workers)])
                    self._serve(theirs, workplace)
            except OSError:
                ours.close()
                clear(workplace.folder)
                raise
            finally:
                workplace.channel.close()  # the worker's alone: should it die, the clean parent knows at once
        worker = Worker(pid, ours, workplace.folder)
        self._workers.append(worker)
        return worker

    def _serve(self, line: Connection, workplace: Workplace) -> NoReturn:
        """A worker's life."""
        try:
            while True:
                place: int = line.recv()
                try:
                    result: R | Lost = self._work(self._items[place], workplace)
                except PutAside:
                    result = Lost("It holds more memory than there is beside others.", aside=True)
                except Exception:
                    result = Lost(traceback.format_exc(), again=False)
                line.send(result)
                trim_memory()  # or a worker would grow with the largest thing that it ever held, and never shrink
        except EOFError:
            os._exit(0)
        finally:
            os._exit(1)

    def _heard(self) -> list[Worker]:
        """The workers who have an answer, or are dead."""
        busy = self._busy()
        ready = wait([worker.line for worker in busy], LOOK)
        for worker in busy:
            if time.monotonic() > worker.until:
                _kill(worker.pid)
            found, status = os.waitpid(worker.pid, os.WNOHANG)
            worker.status = status if found else None
        return [worker for worker in busy if worker.line in ready or worker.status is not None]

    def _received(self, worker: Worker) -> R | Lost:
        try:
            if worker.status is not None and not worker.line.poll():
                raise EOFError
            result: R | Lost = worker.line.recv()
        except Exception as error:  # it is dead, or we cannot read what it says
            late = time.monotonic() > worker.until
            self._dismiss(worker)
            died = isinstance(error, EOFError | OSError)
            return Lost(_end_of(worker.status, late, self._seconds) if died else traceback.format_exc(), again=not late)
        worker.item = -1
        return result

    def _dismiss(self, *workers: Worker) -> None:
        """End workers, and whatever they left."""
        for worker in workers:
            self._workers.remove(worker)
            if worker.status is None:
                _kill(worker.pid)
                _, worker.status = os.waitpid(worker.pid, 0)
            worker.line.close()
            clear(worker.folder)


def be_worker(main: int, lines: list[Connection]) -> None:
    """In a fork: come and go with the main process, and keep nothing of other workers'."""
    die_with_parent(main)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in lines:
        line.close()
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(SPARED)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _end_of(status: int | None, late: bool, seconds: float) -> str:
    if late:
        return f"Grading it did not come to an end within {seconds:.0f} s."
    if status is not None and os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        why = ": most often that is memory running out" if number == signal.SIGKILL else ""
        return f"The process that graded it was killed by signal {number}{why}."
    return f"The process that graded it ended (wait status {status})."
