"""What became of a check: one status, one sentence, and whose fault it was."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.wire.faults import Status

GRADER_FAILED = (  # run_autograder says the same when not even Python runs
    "The grader itself failed. This is our fault, not yours: your submission is kept, and the staff can grade it again."
)
MARKS: dict[Status, str] = {
    "passed": "PASS",
    "failed": "FAIL",
    "not_attempted": "NOT ATTEMPTED",
    "crashed": "CRASHED",
    "timed_out": "TIMED OUT",
    "out_of_memory": "OUT OF MEMORY",
    "missing": "MISSING",
    "grader_error": "GRADER ERROR",
}


@dataclass(frozen=True)
class Outcome:
    """The verdict on one check of one question.

    `message` is what the student may read; `staff` is for instructors only (a traceback of ours, say).
    """

    question: str
    check: str
    title: str
    points: float
    hidden: bool
    status: Status
    message: str = ""
    hint: str = ""
    staff: str = ""
    stand_ins: tuple[str, ...] = ()

    @property
    def earned(self) -> float:
        return self.points if self.status == "passed" else 0.0
