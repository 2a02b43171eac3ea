"""What can happen to a check: one status, one sentence, and whose fault it was.

    StudentError              the student's own code or answer
    ├── NotAttempted            the stub is still there, or the value is still `...`
    ├── Missing                 no such name after the notebook ran
    ├── Crashed                 their code raised, or its process died
    ├── TimedOut                their code did not answer in time
    └── OutOfMemory             their code asked for more memory than there is

Anything else raised while a check runs is *our* fault: `grader_error`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

GRADER_FAILED = (  # run_autograder says the same when not even Python runs
    "The grader itself failed. This is our fault, not yours: your submission is kept, and the staff can grade it again."
)
Status = Literal["passed", "failed", "not_attempted", "crashed", "timed_out", "out_of_memory", "missing", "grader_error"]


class StudentError(Exception):
    """Something went wrong in the student's code; the message is for the student."""

    status: ClassVar[Status] = "crashed"


class NotAttempted(StudentError):
    """The stub is untouched. `question` is the number the stub names, e.g. 5."""

    status = "not_attempted"

    def __init__(self, question: int | None = None) -> None:
        super().__init__("not attempted yet")
        self.question = question


class Missing(StudentError):
    status = "missing"


class Crashed(StudentError):
    status = "crashed"


class TimedOut(StudentError):
    status = "timed_out"


class OutOfMemory(StudentError):
    status = "out_of_memory"


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
