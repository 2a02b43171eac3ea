"""The code with which a submission answers a question: for an instructor who wants to see a failure, and to find what is alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from autograder.intake.graded import HandedIn
from autograder.run.session import Session
from autograder.submissions.handed_in import Refused

KEPT = 200  # submissions whose code is remembered, of however many there are


class Examples:
    """Read again from what was handed in, as the grader reads it: in a child, as text."""

    def __init__(self, session: Session, handed_in: Iterable[HandedIn]) -> None:
        self._session = session
        self._paths = {one.name: one.path for one in handed_in}
        self._cells_of = lru_cache(KEPT)(self._read)

    def __call__(self, name: str, question: str) -> str:
        """The cells in which the answers are given a value; nothing where there are none."""
        answers = "|".join(self._session.assignment.questions[question].answers)
        given = re.compile(rf"^\s*(?:(?:async\s+)?def\s+(?:{answers})\b|(?:{answers})\s*[=:,])", re.MULTILINE)
        return "\n\n".join(cell for cell in self._cells_of(name) if given.search(cell))

    def _read(self, name: str) -> tuple[str, ...]:
        assignment = self._session.assignment
        names = tuple(answer for question in assignment.questions.values() for answer in question.answers)
        with suppress(Refused, OSError):
            read = self._session.readers.read(self._paths[name], assignment.slug, assignment.version, names)
            return tuple(cell.source for cell in read.cells)
        return ()
