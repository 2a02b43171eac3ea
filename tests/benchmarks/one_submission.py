"""Where the time of one submission goes, warm: `python -m tests.benchmarks.one_submission`, down to the floor.

The reference notebook is graded several times by one process. What crosses the boundary is timed from the grader's side, so that an
answer's time is what its process took, and the way there and back. The floor is what the same checks and the same answers cost
together in one process, with no boundary between them.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from autograder import REPO
from autograder.checks.judge import judge
from autograder.hosts.in_process import LocalHost
from autograder.remote.process import Process
from autograder.run.session import Session
from autograder.submissions.reading import Readers

NOTEBOOK = REPO / "reference" / "vae.ipynb"
ROUNDS = 10
STEPS = {  # by what the grader asks of a student's process
    "cell": "its cells",
    "call": "answers",
    "scenario": "answers",
    "get": "answers",
    "vjp": "gradients",
}


class Clock:
    """Milliseconds and times, by what they were spent on."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.times: dict[str, int] = defaultdict(int)

    def timed(self, function: Callable[..., Any], what: str = "") -> Callable[..., Any]:
        def watched(*args: Any) -> Any:
            step = what or STEPS.get(args[1]["op"], "its process: forked, confined, ended")
            started = time.perf_counter()
            try:
                return function(*args)
            finally:
                self.spent[step] += 1000 * (time.perf_counter() - started)
                self.times[step] += 1

        return watched


def main() -> int:
    with Session() as session:
        workplace, clock = session.workplace(), Clock()
        session.grade(NOTEBOOK, workplace)  # what is done once is done
        Readers.read = clock.timed(Readers.read, "the file read")  # type: ignore[method-assign]
        Process.exchange = clock.timed(Process.exchange)  # type: ignore[method-assign]
        for name in ("__init__", "end"):
            setattr(Process, name, clock.timed(getattr(Process, name), "its process: forked, confined, ended"))
        started = time.perf_counter()
        for _ in range(ROUNDS):
            session.grade(NOTEBOOK, workplace)
        whole = 1000 * (time.perf_counter() - started) / ROUNDS
        floor = 1000 * in_one_process(session)
    clock.spent["our checks"] = ROUNDS * whole - sum(clock.spent.values())
    print(f"one submission, warm, by one job: {whole:.0f} ms")
    for step, spent in sorted(clock.spent.items(), key=lambda found: -found[1]):
        times = f"in {clock.times[step] / ROUNDS:.0f}" if clock.times[step] > 4 * ROUNDS else ""
        print(f"  {step:<40}{spent / ROUNDS:>6.0f} ms{spent / ROUNDS / whole:>6.0%}  {times}")
    print(f"the floor, checks and answers in one process: {floor:.0f} ms, {floor / whole:.0%} of it")
    return 0


def in_one_process(session: Session) -> float:
    """Seconds for every check of the reference's answers, with nothing in between."""
    assignment = session.assignment
    answers, spent = assignment.reference(), []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        host = LocalHost(answers, assignment.scenarios)
        for question in assignment.questions.values():
            judge(question.checks, host, 1, question.needs)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


if __name__ == "__main__":
    sys.exit(main())
