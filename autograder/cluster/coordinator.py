"""One submission after another to whichever worker is free, and again, alone, where its worker was lost.

Of Dask this asks what it does surely: to run a function on a worker that is named. Which submission goes where, and what its loss means,
is decided here. So the cluster's own settings don't matter: nothing can be stolen from a worker, or lie in a queue behind a submission
that kills it; nobody is suspected but those who were at a worker when it died; nothing is merged, as no two keys are alike.
"""

from __future__ import annotations

import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.cluster import task
from autograder.cluster.parcel import packed
from autograder.cluster.reply import Unbelieved, believed
from autograder.cluster.workers import Terms, Worker
from autograder.course.terminal import Results, Stopped
from autograder.intake.graded import HandedIn
from autograder.run.grade import Report
from autograder.run.results import sure
from autograder.run.session import TWICE, Session

LOOK = 0.5  # seconds between two looks at who is there
PATIENCE = 600.0  # seconds without any worker, or without the scheduler
CONNECTION = 30.0
GONE = "The worker {address} at which it was graded was lost."


@dataclass
class Errand:
    """A submission at a worker."""

    place: int
    worker: Worker
    future: Any
    until: float


class Coordinator:
    """Has a class graded by the workers of a Dask cluster."""

    def __init__(self, client: Any, session: Session, assignment: str, terms: Terms, patience: float = PATIENCE) -> None:
        """`assignment`: where a worker finds it, beside its own program if the path is relative."""
        self._client, self._session, self._assignment, self._terms = client, session, assignment, terms
        self._patience, self._run = patience, uuid.uuid4().hex
        self._workers: dict[str, Worker] = {}
        self._errands: list[Errand] = []
        self._lost: dict[int, str] = {}  # why it was, the first time
        self._bell = threading.Event()
        self._asked, self._met = 0, time.monotonic()

    def results(self, handed_in: list[HandedIn]) -> Iterator[tuple[int, Results]]:
        """The results as they are ready, each with its submission's place, each once. Raises Stopped."""
        waiting, again, settled = deque(range(len(handed_in))), deque[int](), set[int]()
        while len(settled) < len(handed_in):
            self._look()
            while waiting and (worker := self._free()):
                self._send(waiting.popleft(), worker, handed_in)
            if again and not waiting and not self._errands and (worker := self._free()):
                self._send(again.popleft(), worker, handed_in)  # alone: nobody else pays
            self._bell.wait(LOOK)
            self._bell.clear()
            for errand, found in self._heard():
                place = errand.place
                if found is None:  # by nobody's fault
                    (again if place in self._lost else waiting).appendleft(place)
                elif isinstance(found, str) and place not in self._lost:
                    self._lost[place] = found
                    again.append(place)
                elif place not in settled:
                    settled.add(place)
                    yield place, given_up(handed_in[place].path, found) if isinstance(found, str) else found

    # --- the workers --------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """See who came and who went. Raises Stopped where there has been nobody for long."""
        now = time.monotonic()
        try:
            threads: dict[str, int] = self._client.sync(self._client.scheduler.ncores, callback_timeout=CONNECTION)
        except Exception:  # whatever Dask's layers make of a connection that is lost
            if now - self._met > self._patience or self._client.status == "closed":
                raise Stopped(f"The scheduler does not answer any more. {_later()}") from None
            return
        self._workers = {address: self._workers.get(address) or self._greeted(address, threads[address]) for address in threads}
        for worker in self._workers.values():
            if worker.greeting and worker.greeting.done():
                self._terms.settle(worker, lambda said: print(f"WARNING: {said}.", file=sys.stderr))
                if worker.refused:
                    print(f"The worker {worker.address} is not used: {worker.refused}", file=sys.stderr)
        if any(worker.lanes for worker in self._workers.values()):
            self._met = now
        elif self._workers and all(worker.refused for worker in self._workers.values()):
            raise Stopped(f"None of the workers can be used, for what is said above. {_later()}")
        elif now - self._met > self._patience:
            raise Stopped(f"There has been no worker for {self._patience:.0f} s. Start some. {_later()}")

    def _greeted(self, address: str, threads: int) -> Worker:
        greeting = self._submit(address, task.greet, self._assignment, self._terms.grader)
        return Worker(address, threads, greeting)

    def _free(self) -> Worker | None:
        """The worker that has the most to spare."""
        most = max(self._workers.values(), key=lambda worker: worker.free, default=None)
        return most if most and most.free > 0 else None

    # --- the submissions ----------------------------------------------------------------------------------------------

    def _send(self, place: int, worker: Worker, handed_in: list[HandedIn]) -> None:
        seconds = self._session.longest + 60
        future = self._submit(worker.address, task.grade, self._assignment, *packed(handed_in[place].path), seconds)
        worker.busy += 1
        self._errands.append(Errand(place, worker, future, time.monotonic() + seconds + task.LIVED))

    def _submit(self, address: str, function: Callable[..., bytes], *arguments: object) -> Any:
        self._asked += 1
        future = self._client.submit(
            function,
            *arguments,
            key=f"autograder-{self._run}-{self._asked}",
            pure=False,
            workers=[address],
            allow_other_workers=False,
            retries=0,
        )
        future.add_done_callback(lambda _: self._bell.set())
        return future

    def _heard(self) -> Iterator[tuple[Errand, Results | str | None]]:
        """What came of errands: results, why there are none, or nothing where only the connection was lost."""
        for errand in list(self._errands):
            gone = self._workers.get(errand.worker.address) is not errand.worker
            if errand.future.done() or gone or time.monotonic() > errand.until:
                found = self._outcome(errand, gone)
                self._errands.remove(errand)
                errand.worker.busy -= 1
                errand.future.cancel()  # the scheduler forgets it: it is not ours to run it elsewhere
                yield errand, found

    def _outcome(self, errand: Errand, gone: bool) -> Results | str | None:
        status = errand.future.status
        if status == "finished":
            try:
                return believed(errand.future.result(timeout=CONNECTION / 6 if gone else CONNECTION), self._session.assignment)
            except Unbelieved as error:
                return f"At the worker {errand.worker.address}: {error}"
            except Exception as error:  # it lay at a worker that is no more
                return f"{GONE.format(address=errand.worker.address)} ({type(error).__name__})"
        if status == "error":
            raised = errand.future.exception()
            return f"At the worker {errand.worker.address}: {type(raised).__name__}: {str(raised)[:2000]}"
        if gone:
            return GONE.format(address=errand.worker.address)
        return None if status in ("cancelled", "lost") else "Grading it did not come to an end."


def given_up(path: Path, reason: str) -> Results:
    return sure(Report(path.name, broken=TWICE.format(name=path.name, reason=reason)))


def _later() -> str:
    return "What was graded is written: run the same command again, and it goes on from there."
