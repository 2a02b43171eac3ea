"""The workers of a cluster as they come and go: who may grade, how many at a time, and why another may not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.checks.assignment import Limits

ROOM = 0.95  # of its memory, beyond which Dask's nanny ends a worker
HOUSE, GRADER = 500, 200  # megabytes: the grader that stands beside a worker, and its part in each submission
INSTALL = (
    "Give every worker the coordinator's program and assignment (the same checkout, in the same environment), and start it again"
)


@dataclass
class Worker:
    """One of Dask's workers, by its address."""

    address: str
    threads: int
    greeting: Any = None  # the future of what it says of itself; nothing once that is known
    lanes: int = 0  # submissions at a time
    busy: int = 0
    refused: str = ""

    @property
    def free(self) -> int:
        return self.lanes - self.busy


@dataclass(frozen=True)
class Terms:
    """On which a worker may grade."""

    grader: str
    libraries: str
    limits: Limits

    def settle(self, worker: Worker, warn: Callable[[str], None]) -> None:
        """Read the greeting of a worker that has answered: it gets lanes, or is refused."""
        future, worker.greeting = worker.greeting, None
        if future.status == "error":
            error = future.exception()
            worker.refused = f"it cannot run this program ({type(error).__name__}: {error}). {INSTALL}."
        elif future.status == "finished":
            self._judge(worker, future.result(), warn)
        else:
            worker.refused = "it was gone before it had answered."

    def _judge(self, worker: Worker, reply: object, warn: Callable[[str], None]) -> None:
        try:
            said = dict(json.loads(reply if isinstance(reply, bytes) else b""))
        except (ValueError, TypeError):
            said = {"lost": "what it says of itself cannot be read"}
        if "lost" in said:
            worker.refused = f"no grader could be started there: {str(said['lost'])[:500]}."
        elif said.get("grader") != self.grader:
            worker.refused = f"its program or assignment is of another version than here. {INSTALL}."
        elif said.get("libraries") != self.libraries:
            worker.refused = f"expected {self.libraries}, as here; it has {str(said.get('libraries'))[:100]}. {INSTALL}."
        else:
            worker.lanes = self.lanes(worker.threads, said.get("memory"))
            if not worker.lanes:
                worker.refused = (
                    f"Dask lets it have {said['memory'] >> 20} MB, and one submission may take {self._needed(1):.0f}. "
                    "Start it with a larger --memory-limit, or lower memory_mb in assignment.toml."
                )
            elif said.get("exposed"):
                warn(f"at {worker.address} students' code can read hidden tests or write results: {str(said['exposed'])[:500]}")

    def lanes(self, threads: int, memory: object) -> int:
        """How many submissions at a time: one a thread, as far as students' limits lie below the worker's."""
        if not isinstance(memory, int) or memory <= 0:
            return max(1, threads)
        return max((n for n in range(threads + 1) if n == 0 or self._needed(n) <= ROOM * memory / (1 << 20)), default=0)

    def _needed(self, lanes: int) -> float:
        return HOUSE + lanes * (self.limits.memory_mb + GRADER)
