"""The code with which one submission answers one question, for an instructor who wants to see a failure that no hint explained."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

from autograder.course.graded import HandedIn
from autograder.run.session import Session
from autograder.submissions.handed_in import Refused

MOST = 6000  # letters


class Examples:
    """Read again from what was handed in, as the grader reads it: in a child, as text."""

    def __init__(self, session: Session, handed_in: Iterable[HandedIn]) -> None:
        self._session = session
        self._paths = {one.name: one.path for one in handed_in}

    def __call__(self, name: str, question: str) -> str:
        """The cells in which the answers are given a value; nothing where there are none."""
        assignment = self._session.assignment
        answers = assignment.questions[question].answers
        given = re.compile(rf"^\s*(?:async\s+)?(?:def\s+(?:{'|'.join(answers)})\b|(?:{'|'.join(answers)})\s*[=:,])", re.MULTILINE)
        names = tuple(answer for each in assignment.questions.values() for answer in each.answers)
        with suppress(Refused, OSError, KeyError):
            submission = self._session.readers.read(self._paths[name], assignment.slug, assignment.version, names)
            return "\n\n".join(cell.source for cell in submission.cells if given.search(cell.source))[:MOST]
        return ""
