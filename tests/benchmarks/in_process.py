"""Answers judged in this process, without the boundary: thousands of them in minutes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import suppress

from autograder.checks.assignment import Assignment, Question
from autograder.checks.judge import judge
from autograder.checks.outcomes import Outcome
from autograder.hosts.in_process import LocalHost


def outcomes(assignment: Assignment, question: Question, target: str, cell: str, seed: int) -> Iterator[Outcome]:
    """What becomes of each check of `question`, one by one, where `cell` is all that defines `target` in a solved notebook."""
    namespace = assignment.reference()
    del namespace[target]
    with warnings.catch_warnings(action="ignore"):  # a wrong answer may well provoke one
        with suppress(Exception):  # a cell that raises defines nothing
            exec(compile(cell, "<cell>", "exec"), namespace)
        host = LocalHost(namespace, assignment.scenarios)
        for check in question.checks:
            yield from judge([check], host, seed)
