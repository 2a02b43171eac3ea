"""Hints in the student's notebook: each opens for its own slip, none for anything else, and none can be read in the file."""

from __future__ import annotations

import warnings

import pytest
import torch

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Question
from autograder.checks.check import PUBLIC_SEED
from autograder.checks.judge import judge
from autograder.hints.answers import Entry
from autograder.hosts.fingerprints import History, locked_hints
from autograder.hosts.in_process import LocalHost

ASSIGNMENT = assignments.load()
FUNCTIONS = [q for q in ASSIGNMENT.questions.values() if any(callable(e.answer) for e in ASSIGNMENT.wrong_answers(q))]


@pytest.fixture(scope="module", params=FUNCTIONS, ids=lambda question: question.id)
def locked(request: pytest.FixtureRequest) -> tuple[Question, dict[str, str]]:
    torch.set_num_threads(1)
    return request.param, locked_hints(ASSIGNMENT, request.param)


def opened(question: Question, entry: Entry, hints: dict[str, str]) -> tuple[bool, set[str]]:
    """Whether an answer fails a public check, and the hints that the failed ones open."""
    namespace = ASSIGNMENT.reference()
    exec(entry.source, namespace)
    host, history = LocalHost(namespace, ASSIGNMENT.scenarios), History()
    found, failed = set(), False
    for check in question.checks:
        if check.hidden:
            continue
        with warnings.catch_warnings(action="ignore"):
            [outcome] = judge([check], host, PUBLIC_SEED, question.needs)
        history.add(check, host.recorder.calls)
        if outcome.status == "failed":
            failed = True
            found |= {history.hint(name, hints) for name in question.answers}
    return failed, found - {""}


def test_a_wrong_answer_opens_its_own_hint_and_no_other(locked: tuple[Question, dict[str, str]]) -> None:
    question, hints = locked
    tried = [(entry, *opened(question, entry, hints)) for entry in ASSIGNMENT.wrong_answers(question) if callable(entry.answer)]
    failing = [(entry, found) for entry, failed, found in tried if failed]
    assert len(failing) >= 2 and all(found <= {entry.hint} for entry, found in failing)
    assert sum(bool(found) for _, found in failing) >= 0.8 * len(failing)


def test_a_right_answer_opens_nothing(locked: tuple[Question, dict[str, str]]) -> None:
    question, hints = locked
    for entry in ASSIGNMENT.right_answers(question):
        if callable(entry.answer):
            assert opened(question, entry, hints) == (False, set())


def test_no_hint_can_be_read_in_the_file(locked: tuple[Question, dict[str, str]]) -> None:
    question, hints = locked
    told = [entry.hint for entry in ASSIGNMENT.wrong_answers(question)]
    assert hints
    assert not [hint for hint in told for text in hints.values() if hint[:12] in text]
