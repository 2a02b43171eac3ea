"""What can go wrong in a student's code, each with its status and a sentence for the student.

    StudentError              the student's own code or answer
    ├── NotAttempted            the stub is still there, or the value is still `...`
    ├── Missing                 no such name after the notebook ran
    ├── Crashed                 their code raised, or its process died
    ├── TimedOut                their code did not answer in time
    └── OutOfMemory             their code asked for more memory than there is

Anything else raised while a check runs is *our* fault: `grader_error`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

Status = Literal["passed", "failed", "not_attempted", "crashed", "timed_out", "out_of_memory", "missing", "grader_error"]


# Control characters, marks that turn the direction of a line, and others that nobody sees.
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
PLAIN_NAME = re.compile(r"[\w.()-][\w .()-]*", re.ASCII)


def one_line(text: str, limit: int) -> str:
    """A student's words on one line, where they cannot pass for lines of the report."""
    return UNSAFE.sub("\ufffd", " ".join(text[:limit].split()))


def theirs(name: str, limit: int = 60) -> str:
    """A name that a student chose, for a sentence of ours: in quotation marks, unless it could be nothing but a name."""
    line = one_line(name, limit)
    return line if PLAIN_NAME.fullmatch(name) and len(name) <= limit else f"“{line.replace('”', '’')}”"


@dataclass(frozen=True)
class Raised:
    """An exception of the student's code, as their process tells of it."""

    type: str
    text: str = ""
    place: str = ""  # the function it was raised in, or "<module>"; empty where it was not code of the notebook
    line: str = ""

    def __str__(self) -> str:
        where = "line of its cell" if self.place == "<module>" else f"in {self.place}"
        line = f": `{self.line}`" if self.line else ""
        return f"your code raised {self.type}{': ' + self.text if self.text else ''}{f' ({where}{line})' if self.place else ''}"


class StudentError(Exception):
    """Something went wrong in the student's code; the message is for the student.

    `computed`: the message may hold what their code computed, and a hidden check's inputs among it.
    """

    status: ClassVar[Status] = "crashed"

    def __init__(self, message: str = "", *, computed: bool = False, raised: Raised | None = None) -> None:
        super().__init__(message or str(raised or ""))
        self.computed = computed or raised is not None
        self.raised = raised


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
